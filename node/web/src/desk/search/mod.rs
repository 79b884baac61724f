//! Asking the federation. The page works without a script: it comes when the result is there. With the script of the desk the same form is answered as a
//! stream, and the page fills in as partners answer.

mod address;
mod asks;
mod draft;
mod more;
mod reasons;
pub(super) mod saved;
mod shown;

use std::collections::HashSet;

use axum::body::Body;
use axum::extract::{Query as Parameters, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use http::header::{CONTENT_LOCATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use polder_exchange::traces::{Origin, Part, Span};
use polder_exchange::{For, OPERATOR};
use polder_model::answer::StreamLine;
use polder_model::query::Query;
use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, USUAL_DEADLINE_MS};
use polder_model::{Kind, Postcode4, Timestamp};
use serde::{Deserialize, Serialize};

use super::vacancies::{self, Own, ToPick};
use crate::pages::find::{self, Coded};
use crate::pages::map::{Drawn, Map};
use crate::pages::{As, Desk, Fields, PageError, Pages, Said, Sent, Staff, on_to};
use crate::questions::Question;
use crate::refusal::Refusal;
use draft::{Draft, LIMITS};
use more::More;
use reasons::Speaker;
use shown::{Row, Shown};

/// Nearest names that are shown for one that nobody knows.
const NEAREST: usize = 3;
/// Most results of a question.
const LARGEST_LIMIT: usize = LIMITS[2] as usize;

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
    /// The vacancy for which people are sought.
    about: Option<String>,
    /// A question that was asked, as its address has it.
    asked: Option<String>,
}

#[derive(Serialize)]
struct Page {
    draft: Draft,
    limits: &'static [u16],
    /// The own vacancy for which people are sought; where none is picked, those to pick from.
    about: Option<Own>,
    to_pick: ToPick,
    /// Whether the criteria are those of the vacancy, just taken over.
    taken_over: bool,
    /// Whether there is no other vacancy to pick.
    only: bool,
    /// What was looked for, and found.
    skills: Option<Vec<Coded>>,
    occupations: Option<Vec<Coded>>,
    wrong: Vec<Wrong>,
    /// Whether it was to be saved, and not to be asked.
    saving: bool,
    result: Option<Shown>,
    /// What was asked, in words.
    asked: String,
    /// Whether more is asked than is asked most: that part of the form is open then.
    more: bool,
    /// The map before there is a result.
    map: Map,
    deadline: u32,
    /// The name under which it is to be saved, as it was typed.
    save_as: String,
    /// The saved search that was opened.
    opened: Option<Opened>,
    /// Tags of what is new in it and stands on a later part of the result.
    new: String,
}

/// A saved search that was opened.
#[derive(Serialize)]
struct Opened {
    name: String,
    /// How much of the result is new.
    new: i64,
    /// Since when.
    since: Timestamp,
}

/// What is wrong, and with which part of the form.
#[derive(Serialize)]
struct Wrong {
    part: &'static str,
    text: String,
}

/// The parts of the form, by the members of a request that they write.
const PARTS: [&str; 11] = ["travel", "minutes", "hours", "text", "about", "skills", "occupations", "purpose", "level", "start", "licences"];

/// The form, empty; where people are sought, with what the vacancy asks for which they are.
pub(super) async fn begin(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, PageError> {
    if let Some(fields) = asked.asked.and_then(|sealed| address::form(&staff.known.token, &sealed)) {
        return answer(&pages, &staff, &fields).await;
    }
    let kind = asked.kind.and_then(|kind| kind.parse().ok()).unwrap_or(Kind::Vacancy);
    let about = asked.about.unwrap_or_default();
    let mut page = page(&pages, Draft { about: about.clone(), ..Draft::new(kind) }).await?;
    if kind.is_personal() && about.is_empty() && !page.to_pick.more && page.to_pick.some.len() == 1 {
        (page.about, page.only) = (page.to_pick.some.pop(), true);
    }
    let picked = match &page.about {
        Some(own) => vacancies::one(&pages, own.key.as_str()).await?,
        None => None,
    };
    if let Some((own, vacancy)) = picked {
        page.draft.about = own.key.to_string();
        page.draft.take_over(&vacancy, &pages.node().reference(), staff.visit.language);
        page.taken_over = true;
    } else if !about.is_empty() {
        page.wrong = wrongs(&pages, &staff, &page.draft, vec!["about"]);
    }
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    show(&pages, &staff, status, page)
}

/// What the form sends: something to look for by name, or the whole question. A question leads to its address: going back to it loses nothing.
pub(super) async fn ask(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Desk>) -> Result<Response, PageError> {
    match address::address(&staff.known.token, &fields) {
        Some(address) if !["skill", "occupation"].contains(&fields.one("do")) => Ok(on_to(&format!("{address}#results"))),
        _ => answer(&pages, &staff, &fields).await,
    }
}

async fn answer(pages: &Pages, staff: &Staff, fields: &Fields) -> Result<Response, PageError> {
    let (reference, language) = (pages.node().reference(), staff.visit.language);
    let mut draft = Draft::read(fields, &reference, language);
    if fields.one("do") == "anywhere" {
        (draft.from, draft.minutes) = (String::new(), String::new());
    }
    let mut page = page(pages, draft).await?;
    match fields.one("do") {
        "skill" => page.skills = Some(find::skills(&reference, language, &page.draft.find_skill)),
        "occupation" => page.occupations = Some(find::occupations(&reference, language, &page.draft.find_occupation)),
        _ => match looked_up(pages, staff, &mut page.draft).await? {
            Ok((question, span)) => {
                let speaker = speaker(pages, staff, &reference, question.query());
                let map = shown::map(pages.map(), &speaker, question.query(), from(&reference, &page.draft));
                let result = pages.questions().whole(question, span).await?;
                let new: HashSet<&str> = fields.one("new").split(' ').take(LARGEST_LIMIT).collect();
                let from = fields.one("row").parse().unwrap_or(0);
                let mut shown = shown::part(&speaker, map, &result, from);
                shown.rows.iter_mut().for_each(|row| row.is_new = new.contains(row.tag.as_str()));
                page.new = fields.one("new").chars().take(LARGEST_LIMIT * 9).collect();
                page.result = Some(shown);
                page.asked = asked(pages, staff, &page.draft);
            }
            Err(wrong) => page.wrong = wrong,
        },
    }
    to_pick_from(pages, staff, &mut page);
    find::leave_out(&mut page.skills, &page.draft.skills);
    find::leave_out(&mut page.occupations, &page.draft.occupations);
    let status = if page.wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    show(pages, staff, status, page)
}

/// The same question, answered line by line.
pub(super) async fn stream(State(pages): State<Pages>, Sent { staff, fields, .. }: Sent<Desk>) -> Result<Response, PageError> {
    let reference = pages.node().reference();
    let mut draft = Draft::read(&fields, &reference, staff.visit.language);
    let from = from(&reference, &draft);
    // The script sends the form as it is then, and the page says what is wrong with it.
    let asked = looked_up(&pages, &staff, &mut draft).await?;
    let (question, span) = asked.map_err(|_| PageError::status(StatusCode::BAD_REQUEST))?;
    let query = std::sync::Arc::clone(question.query());
    let address = address::address(&staff.known.token, &fields).and_then(|address| HeaderValue::try_from(address).ok());
    let asked = self::asked(&pages, &staff, &draft);
    let lines = pages.questions().as_it_comes(question, span).filter_map(move |line| {
        let speaker = speaker(&pages, &staff, &reference, &query);
        let told = Told::of(&speaker, pages.map(), (&query, from, &asked), &line);
        std::future::ready(told.map(|told| told.bytes()))
    });
    let mut response = ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response();
    response.headers_mut().extend(address.map(|address| (CONTENT_LOCATION, address)));
    Ok(response)
}

async fn page(pages: &Pages, draft: Draft) -> Result<Page, PageError> {
    let personal = draft.kind.is_personal();
    let about = if personal { vacancies::one(pages, &draft.about).await?.map(|(own, _)| own) } else { None };
    let to_pick = if personal && about.is_none() { vacancies::open(pages).await? } else { ToPick::default() };
    Ok(Page {
        limits: if personal { &LIMITS[..2] } else { &LIMITS },
        draft,
        about,
        to_pick,
        taken_over: false,
        only: false,
        skills: None,
        occupations: None,
        wrong: Vec::new(),
        saving: false,
        result: None,
        asked: String::new(),
        more: false,
        map: pages.map(),
        deadline: USUAL_DEADLINE_MS,
        save_as: String::new(),
        opened: None,
        new: String::new(),
    })
}

fn show(pages: &Pages, staff: &Staff, status: StatusCode, mut page: Page) -> Result<Response, PageError> {
    page.more = page.draft.more != More::default() || page.wrong.iter().any(|one| ["level", "start", "licences"].contains(&one.part));
    pages.show_as(status, &staff.visit, "desk/search.html", "search", page)
}

/// What was asked, in words; empty where everything was.
fn asked(pages: &Pages, staff: &Staff, draft: &Draft) -> String {
    let language = staff.visit.language;
    let asks = asks::asks(pages.words(language), language, draft);
    if asks.is_empty() { String::new() } else { pages.words(language).text("search-asked", &[("what", Said::Text(&asks.join(" · ")))]) }
}

fn speaker<'s>(pages: &'s Pages, staff: &Staff, reference: &'s Reference, query: &Query) -> Speaker<'s> {
    let language = staff.visit.language;
    Speaker {
        words: pages.words(language),
        reference,
        language,
        home: &pages.node().home().partner,
        mode: query.criteria.travel.as_ref().map(|travel| travel.mode),
        hours: query.criteria.hours,
    }
}

/// Where one travels from, for the map.
fn from(reference: &Reference, draft: &Draft) -> Option<Postcode4> {
    let typed = draft::place(&draft.from);
    typed.parse().ok().or_else(|| reference.place_named(&typed).map(|place| place.postcode))
}

/// Shows what fits a name that was typed, where one of several is to be picked first.
fn to_pick_from(pages: &Pages, staff: &Staff, page: &mut Page) {
    let (reference, language) = (pages.node().reference(), staff.visit.language);
    let is_wrong = |part| page.wrong.iter().any(|one| one.part == part);
    let (skills, occupations) = (is_wrong("skills-pick"), is_wrong("occupations-pick"));
    if skills {
        page.skills = Some(find::skills(&reference, language, &page.draft.find_skill));
    }
    if occupations {
        page.occupations = Some(find::occupations(&reference, language, &page.draft.find_occupation));
    }
}

/// The parts of a form that do not hold, all of them at once, once what was typed and not looked up yet is.
fn not_held(pages: &Pages, staff: &Staff, draft: &mut Draft) -> Vec<&'static str> {
    let reference = pages.node().reference();
    let mut parts = draft.look_up(&reference, staff.visit.language);
    parts.extend(draft.wrong(&reference));
    parts
}

/// The question that a form makes, with what was typed and not looked up yet.
async fn looked_up(pages: &Pages, staff: &Staff, draft: &mut Draft) -> Result<Result<(Question, Span), Vec<Wrong>>, PageError> {
    let parts = not_held(pages, staff, draft);
    if parts.is_empty() { question(pages, staff, draft).await } else { Ok(Err(wrongs(pages, staff, draft, parts))) }
}

/// The question that a form makes, if it may be asked; otherwise what is wrong with it.
async fn question(pages: &Pages, staff: &Staff, draft: &Draft) -> Result<Result<(Question, Span), Vec<Wrong>>, PageError> {
    let request = match draft.request() {
        Ok(request) => request,
        Err(parts) => return Ok(Err(wrongs(pages, staff, draft, parts))),
    };
    pages.may_ask(&staff.known)?;
    let span = pages.node().traces().begin(Part::Query, || Origin::Question, None);
    match span.cover(begun(pages, &request)).await {
        Ok(question) => Ok(Ok((question, span))),
        Err(refusal) => {
            span.ended(refusal.kind());
            said(pages, staff, draft, refusal).map(Err)
        }
    }
}

/// What of the form a refusal is about; the refusal, where it is about none of it.
fn said(pages: &Pages, staff: &Staff, draft: &Draft, refusal: Refusal) -> Result<Vec<Wrong>, PageError> {
    let findings = refusal.problem().findings;
    if findings.is_empty() {
        return Err(refusal.into());
    }
    let named = |pointer: &str| pointer.split('/').nth(1).and_then(|name| PARTS.into_iter().find(|part| *part == name));
    let mut parts: Vec<&'static str> = findings.iter().map(|finding| named(&finding.pointer).unwrap_or("")).collect();
    parts.dedup();
    Ok(wrongs(pages, staff, draft, parts))
}

fn wrongs(pages: &Pages, staff: &Staff, draft: &Draft, parts: Vec<&'static str>) -> Vec<Wrong> {
    parts.into_iter().map(|part| wrong(pages, staff, draft, part)).collect()
}

/// What people see at the desk is noted under the name of whoever runs this node: the feed of erasures knows that name at every node.
fn desk() -> For {
    For::Client(OPERATOR.to_owned())
}

async fn begun(pages: &Pages, request: &QueryRequest) -> Result<Question, Refusal> {
    pages.questions().begin(request, desk()).await
}

fn wrong(pages: &Pages, staff: &Staff, draft: &Draft, part: &'static str) -> Wrong {
    let words = pages.words(staff.visit.language);
    let text = match part {
        "" => words.text("search-wrong", &[]),
        "travel" if !draft.from.is_empty() => {
            let typed = draft::place(&draft.from);
            let reference = pages.node().reference();
            let near = typed.parse().map_or_else(|_| reference.suggest_places(&typed), |postcode| reference.suggest_postcodes(postcode));
            let near = near.into_iter().take(NEAREST).collect::<Vec<_>>().join(", ");
            if near.is_empty() {
                words.text("search-wrong-place", &[])
            } else {
                words.text("search-wrong-place-near", &[("near", Said::Text(&near))])
            }
        }
        part => words.text(&format!("search-wrong-{part}"), &[]),
    };
    Wrong { part, text }
}

/// A line of a stream, as the script of the desk reads it: with words, and without a code.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Told {
    /// Somebody answered, or did not; and after how many milliseconds, by which is measured how soon it is on screen.
    Partner {
        text: String,
        missing: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// The list so far.
    Rows(Box<Rows>),
    /// The end: what came of it.
    Done { rows: Box<Rows>, summary: String, asked: String, missing: Vec<String>, answered: Vec<String>, anywhere: bool },
    /// The end, where there is no result.
    Failed { text: String },
}

#[derive(Serialize)]
struct Rows {
    rows: Vec<Row>,
    #[serde(flatten)]
    drawn: Drawn,
}

impl Told {
    fn of(speaker: &Speaker<'_>, map: Map, (query, from, asked): (&Query, Option<Postcode4>, &str), line: &StreamLine) -> Option<Self> {
        Some(match line {
            StreamLine::Answered(partner) => {
                Self::Partner { text: shown::answered(speaker, partner), missing: false, ms: Some(partner.ms) }
            }
            StreamLine::Missing(partner) => Self::Partner { text: shown::missing(speaker, partner), missing: true, ms: None },
            StreamLine::Hits { hits } => {
                let mut rows = shown::rows(speaker, query.kind, hits, false);
                let drawn = shown::on_the_map(speaker, map, hits, &mut rows).drawn(speaker.words);
                Self::Rows(Box::new(Rows { rows, drawn }))
            }
            StreamLine::Result(result) => {
                let Shown { rows, map, summary, missing, answered, anywhere, .. } =
                    shown::result(speaker, shown::map(map, speaker, query, from), result);
                let rows = Box::new(Rows { rows, drawn: map.drawn(speaker.words) });
                Self::Done { rows, summary, asked: asked.to_owned(), missing, answered, anywhere }
            }
            StreamLine::Incomplete { .. } => Self::Failed { text: speaker.say("search-failed", &[]) },
        })
    }

    fn bytes(&self) -> Result<Bytes, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes.into())
    }
}
