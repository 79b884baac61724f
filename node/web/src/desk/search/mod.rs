//! Asking the federation. The page works without a script: it comes when the result is there. With the script of the desk the same form is answered as a
//! stream, and the page fills in as partners answer.

mod address;
mod asks;
mod draft;
mod exchange;
mod more;
mod reasons;
pub(super) mod saved;
mod shown;
mod told;

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query as Parameters, State};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use http::header::{CONTENT_LOCATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use polder_exchange::traces::{Origin, Part, Span};
use polder_exchange::{For, OPERATOR};
use polder_model::query::Query;
use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, USUAL_DEADLINE_MS};
use polder_model::{Kind, Postcode4, Timestamp};
use serde::{Deserialize, Serialize};

use super::own::{self, Own, ToPick};
use crate::pages::filled::Filled;
use crate::pages::find::{self, Coded};
use crate::pages::map::Map;
use crate::pages::{As, Desk, Fields, PageError, Pages, Said, Sent, Staff, on_to};
use crate::questions::Question;
use crate::refusal::Refusal;
use draft::{Draft, LIMITS};
use exchange::Nationwide;
use more::More;
use reasons::Speaker;
use shown::Shown;
use told::Told;

/// Nearest names that are shown for one that nobody knows.
const NEAREST: usize = 3;
/// Most results of a question.
const LARGEST_LIMIT: usize = LIMITS[2] as usize;

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
    /// The offer for which people are sought.
    about: Option<String>,
    /// A question that was asked, as its address has it.
    asked: Option<String>,
}

#[derive(Serialize)]
struct Page {
    draft: Draft,
    limits: &'static [u16],
    /// The own offer for which people are sought; where none is picked, those to pick from.
    about: Option<Own>,
    to_pick: ToPick,
    /// Whether the criteria are those of that offer, just taken over.
    taken_over: bool,
    /// Whether there is no other offer to pick.
    only: bool,
    /// What was looked for, and found.
    skills: Option<Vec<Coded>>,
    occupations: Option<Vec<Coded>>,
    wrong: Vec<Wrong>,
    /// Whether it was asked in another session: what was asked is known there alone.
    elsewhere: bool,
    /// Whether it was to be saved, and not to be asked.
    saving: bool,
    result: Option<Shown>,
    /// Whether the national exchange is asked too, and what it has.
    with_exchange: bool,
    exchange: Option<Nationwide>,
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

/// The form, empty; where people are sought, with what goes with the offer for which they are.
pub(super) async fn begin(
    State(pages): State<Pages>,
    As { staff, .. }: As<Desk>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, PageError> {
    let elsewhere = asked.asked.is_some();
    if let Some(fields) = asked.asked.and_then(|sealed| address::form(&staff.known.token, &sealed)) {
        return answer(&pages, &staff, &fields).await;
    }
    let kind = asked.kind.and_then(|kind| kind.parse().ok()).unwrap_or(Kind::Vacancy);
    let about = asked.about.unwrap_or_default();
    let mut page = page(&pages, Draft { about: about.clone(), ..Draft::new(kind) }).await?;
    page.elsewhere = elsewhere;
    if kind.is_personal() && about.is_empty() {
        page.about = page.to_pick.only();
        page.only = page.about.is_some();
    }
    let picked = match &page.about {
        Some(own) => own::one(&pages, &own.about).await?,
        None => None,
    };
    if let Some((own, offer)) = picked {
        page.draft.about = own.about;
        page.draft.take_over(own.kind, &offer, &pages.node().reference(), staff.visit.language);
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
        Some(address) if !["skill", "occupation", "look"].contains(&fields.one("do")) => Ok(on_to(&format!("{address}#results"))),
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
        // It is shown once more, in another language.
        "look" => {}
        _ => match looked_up(pages, staff, &mut page.draft).await? {
            Ok((question, span)) => {
                let (query, from) = (Arc::clone(question.query()), from(&reference, &page.draft));
                let speaker = speaker(pages, staff, &reference, &query);
                let map = shown::map(pages.map(), &speaker, &query, from);
                let first = fields.one("row").parse().unwrap_or(0);
                // It is asked once, not for each part of what partners have.
                let exchange = async { if first == 0 { exchange::ask(pages, Arc::clone(&query), from).await } else { None } };
                let (result, exchange) = tokio::join!(pages.questions().whole(question, span), exchange);
                let result = result?;
                page.exchange = exchange.map(|asked| Nationwide::on_a_page(&speaker, asked));
                let new: HashSet<&str> = fields.one("new").split(' ').take(LARGEST_LIMIT).collect();
                let mut shown = shown::part(&speaker, map, &result, first, page.exchange.is_some());
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
    let query = Arc::clone(question.query());
    let exchange = stream::once(exchange::ask(&pages, Arc::clone(&query), from));
    let (whose, whose_tables, of_exchange) = ((pages.clone(), staff.clone()), Arc::clone(&reference), Arc::clone(&query));
    let nationwide = exchange.filter_map(move |asked| {
        let speaker = speaker(&whose.0, &whose.1, &whose_tables, &of_exchange);
        std::future::ready(asked.map(|asked| Told::Exchange(Nationwide::whole(&speaker, asked)).bytes()))
    });
    let address = address::address(&staff.known.token, &fields).and_then(|address| HeaderValue::try_from(address).ok());
    let asked = self::asked(&pages, &staff, &draft);
    let mut filled = Filled::default();
    let lines = pages.questions().as_it_comes(question, span).filter_map(move |line| {
        let speaker = speaker(&pages, &staff, &reference, &query);
        let told = Told::of(&speaker, &mut filled, pages.map(), (&query, from, &asked), &line);
        std::future::ready(told.and_then(|told| told.map(|told| told.bytes()).transpose()).transpose())
    });
    let lines = stream::select(lines, nationwide);
    let mut response = ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response();
    response.headers_mut().extend(address.map(|address| (CONTENT_LOCATION, address)));
    Ok(response)
}

async fn page(pages: &Pages, draft: Draft) -> Result<Page, PageError> {
    let personal = draft.kind.is_personal();
    let about = if personal { own::one(pages, &draft.about).await?.map(|(own, _)| own) } else { None };
    let to_pick = if personal && about.is_none() { own::open(pages).await? } else { ToPick::default() };
    let with_exchange = draft.kind == Kind::Vacancy && pages.exchange().is_some();
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
        elsewhere: false,
        saving: false,
        result: None,
        with_exchange,
        exchange: None,
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
