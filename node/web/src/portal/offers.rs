//! Vacancies and trainings that fit a worker's profile, from the whole federation: who is asked gets no name, and of the profile what a search needs alone. With
//! a script the page fills in as partners answer; without one it comes when the result is there.

mod beside;
mod lacks;
mod shown;
mod told;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use polder_consent::{Field, FieldSet};
use polder_exchange::people::For;
use polder_exchange::traces::{Origin, Part, Span};
use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, USUAL_DEADLINE_MS};
use polder_model::{CodeUri, Kind, Postcode4};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::share::profile;
use crate::pages::filled::Filled;
use crate::pages::{PageError, Pages, Worker, on_to};
use crate::questions;
use shown::{Applied, Found, Room, Speaker};
use told::Told;

/// Offers on the page.
const SHOWN: u16 = 10;
/// Pages of them: no question gives more.
const PARTS: u16 = 10;
/// Skills of a profile that are asked: so many one question takes.
const MOST_SKILLS: usize = 50;
/// Words that one question takes.
const MOST_WORDS: usize = 16;
/// Characters of them.
const LONGEST_TEXT: usize = 100;
/// Wishes that leave offers out, and without which one can look too.
const WISHES: [Field; 6] = [Field::Commute, Field::Hours, Field::Contracts, Field::Education, Field::Languages, Field::Licences];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    kind: Kind,
    /// What of the profile is in the question.
    asked: FieldSet,
    /// Those of it that leave offers out.
    wishes: FieldSet,
    /// The wish that was left out this time.
    without: Option<Field>,
    /// The words that are sought, in the place of occupations and skills; empty: none are.
    text: String,
    /// Whether the profile says where from, and the place is not known here.
    place_unknown: bool,
    deadline: u32,
    /// Which ten of them.
    part: u16,
    /// Whether more than these can be shown.
    goes_on: bool,
    /// The map before anything is found.
    map: crate::pages::map::Map,
    /// What was found; nothing before it was asked.
    found: Option<Found>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Whether the page is to come when the result is there.
    whole: Option<String>,
    /// A wish that is to be left out this time, by its field.
    without: Option<String>,
    /// Words that are sought, in the place of occupations and skills.
    text: Option<String>,
    /// Which ten are to be shown, from 1.
    part: Option<u16>,
}

/// Vacancies that fit.
pub(super) async fn work(pages: State<Pages>, worker: Worker, asked: Query<Asked>) -> Result<Response, PageError> {
    find(pages, worker, asked, Kind::Vacancy).await
}

/// Trainings that fit.
pub(super) async fn training(pages: State<Pages>, worker: Worker, asked: Query<Asked>) -> Result<Response, PageError> {
    find(pages, worker, asked, Kind::Training).await
}

async fn find(State(pages): State<Pages>, worker: Worker, Query(asked): Query<Asked>, kind: Kind) -> Result<Response, PageError> {
    let Some(members) = profile(&pages, &worker).await? else { return Ok(on_to("/portal/profile?told=first")) };
    let without = wish(asked.without.as_deref().unwrap_or_default());
    let part = asked.part.unwrap_or(1).clamp(1, PARTS);
    let text = words(asked.text.as_deref().unwrap_or_default());
    let mut question = Question::without(kind, &members, without, &text, &pages.node().reference());
    question.request.insert("limit".to_owned(), json!(SHOWN * part));
    let (fields, place_unknown) = (question.fields, question.place_unknown);
    let wishes = fields.and(FieldSet::of(&WISHES));
    let (map, deadline) = (pages.map(), USUAL_DEADLINE_MS);
    let goes_on = part < PARTS;
    let mut page = Page { kind, asked: fields, wishes, without, text, place_unknown, deadline, part, goes_on, map, found: None };
    if asked.whole.is_some() {
        let (asked, span) = begin(&pages, &worker, question).await?;
        let mut result = pages.questions().whole(asked, span).await?;
        let before = usize::from(SHOWN * (part - 1));
        if part > 1 && result.hits.len() <= before {
            // Fewer fit by now.
            let at = if kind == Kind::Vacancy { "work" } else { "training" };
            let words: String = form_urlencoded::byte_serialize(page.text.as_bytes()).collect();
            return Ok(on_to(&format!("/portal/{at}?whole=yes&text={words}")));
        }
        result.hits.drain(..before);
        let applied = applied(&pages, &worker).await?;
        page.found = Some(Found::of(&speaker(&pages, &worker, (kind, &page.text), (&members, fields), &applied), result, Room::Page));
    }
    pages.show(&worker.visit, "portal/offers.html", "work", page)
}

/// The vacancies that fit, line by line.
pub(super) async fn work_stream(pages: State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    stream(pages, worker, headers, body, Kind::Vacancy).await
}

/// The trainings that fit, line by line.
pub(super) async fn training_stream(pages: State<Pages>, worker: Worker, headers: HeaderMap, body: Body) -> Result<Response, PageError> {
    stream(pages, worker, headers, body, Kind::Training).await
}

async fn stream(State(pages): State<Pages>, worker: Worker, headers: HeaderMap, body: Body, kind: Kind) -> Result<Response, PageError> {
    let form = pages.form(&worker.known, &headers, body).await?;
    let members = profile(&pages, &worker).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let text = words(form.one("text"));
    let question = Question::without(kind, &members, wish(form.one("without")), &text, &pages.node().reference());
    let fields = question.fields;
    let (asked, span) = begin(&pages, &worker, question).await?;
    let applied = applied(&pages, &worker).await?;
    let mut filled = Filled::default();
    let lines = pages.questions().as_it_comes(asked, span).filter_map(move |line| {
        let told = Told::of(&speaker(&pages, &worker, (kind, &text), (&members, fields), &applied), &mut filled, line);
        std::future::ready(told.and_then(|told| told.map(|told| told.bytes()).transpose()).transpose())
    });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// The wish that is left out, by its field.
fn wish(name: &str) -> Option<Field> {
    name.parse().ok().filter(|wish| WISHES.contains(wish))
}

/// As many words as one question takes.
fn words(text: &str) -> String {
    let words = text.split_whitespace().take(MOST_WORDS).collect::<Vec<_>>().join(" ");
    words.chars().take(LONGEST_TEXT).collect()
}

/// Asks, where the worker has not asked too much.
async fn begin(pages: &Pages, worker: &Worker, question: Question) -> Result<(questions::Question, Span), PageError> {
    let id = worker.named(pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let request: QueryRequest = serde_json::from_value(Value::Object(question.request)).map_err(PageError::internal)?;
    pages.may_ask(&worker.known)?;
    let span = pages.node().traces().begin(Part::Query, || Origin::Question, None);
    Ok((pages.questions().begin(&request, For::Worker(id)).await?, span))
}

/// To which vacancies they apply already.
async fn applied(pages: &Pages, worker: &Worker) -> Result<Applied, PageError> {
    match worker.id() {
        Some(id) => Ok(pages.node().store().applied_to(id, pages.node().now()).await?),
        None => Ok(Applied::new()),
    }
}

fn speaker<'s>(
    pages: &'s Pages,
    worker: &Worker,
    (kind, text): (Kind, &str),
    (profile, asked): (&'s Map<String, Value>, FieldSet),
    applied: &'s Applied,
) -> Speaker<'s> {
    let language = worker.visit.language;
    let mode = profile.get("commute").and_then(|commute| commute["mode"].as_str()).unwrap_or("car");
    let reference = pages.node().reference();
    Speaker { pages, words: pages.words(language), reference, language, kind, by_words: !text.is_empty(), mode, profile, asked, applied }
}

/// What is asked for a profile.
struct Question {
    request: Map<String, Value>,
    fields: FieldSet,
    place_unknown: bool,
}

impl Question {
    /// The same, without one of its wishes, and for words where there are any: what else would say what the offer is of is left out then.
    fn without(kind: Kind, profile: &Map<String, Value>, wish: Option<Field>, words: &str, reference: &Reference) -> Self {
        let mut rest = profile.clone();
        let left_out = if words.is_empty() { &[][..] } else { &[Field::OccupationsWanted, Field::Skills] };
        for field in left_out.iter().chain(&wish) {
            rest.remove(field.pointer().trim_start_matches('/'));
        }
        let mut question = Self::of(kind, &rest, reference);
        if !words.is_empty() {
            question.request.insert("text".to_owned(), json!(words));
        }
        question
    }

    /// The question that a profile makes: only what decides whether an offer fits, with a postcode of four digits. Its id is another one each time.
    fn of(kind: Kind, profile: &Map<String, Value>, reference: &Reference) -> Self {
        let mut question = Self { request: Map::new(), fields: FieldSet::NONE, place_unknown: false };
        question.request.insert("kind".to_owned(), json!(kind));
        question.request.insert("limit".to_owned(), json!(SHOWN));
        let (held, wanted) = (uris(profile, "skills"), uris(profile, "occupationsWanted"));
        if !wanted.is_empty() {
            question.says("occupations", codes(&wanted), Field::OccupationsWanted);
        }
        match (kind, gap(&held, &wanted, reference)) {
            (Kind::Training, Some(occupation)) => {
                question.says("gap", json!({"occupation": {"uri": occupation}, "skills": codes(&held)}), Field::Skills);
            }
            _ => question.says("skills", codes(&held), Field::Skills),
        }
        question.travel(profile, reference);
        if kind == Kind::Vacancy {
            let asked =
                [("hours", Field::Hours), ("contracts", Field::Contracts), ("licences", Field::Licences), ("languages", Field::Languages)];
            for (name, field) in asked {
                // An empty list would say that there is none.
                if let Some(value) = profile.get(name).filter(|value| value.as_array().is_none_or(|list| !list.is_empty())) {
                    question.says(name, value.clone(), field);
                }
            }
            if let Some(level) = profile.get("education") {
                question.says("level", json!({"max": level}), Field::Education);
            }
        }
        question
    }

    fn says(&mut self, name: &str, value: Value, field: Field) {
        self.request.insert(name.to_owned(), value);
        self.fields = self.fields.or(FieldSet::of(&[field]));
    }

    fn travel(&mut self, profile: &Map<String, Value>, reference: &Reference) {
        let (Some(from), Some(commute)) = (profile.get("postcode").and_then(Value::as_str), profile.get("commute")) else { return };
        let Ok(from) = Postcode4::from_postcode(from) else { return };
        if reference.place(from).is_none() {
            self.place_unknown = true;
            return;
        }
        let Some(limit) = ["maxMinutes", "maxKilometres"].into_iter().find(|limit| commute.get(limit).is_some()) else { return };
        let travel = json!({"from": from, "mode": commute["mode"], limit: commute[limit]});
        self.says("travel", travel, Field::Postcode);
        self.fields = self.fields.or(FieldSet::of(&[Field::Commute]));
    }
}

fn uris(profile: &Map<String, Value>, list: &str) -> Vec<CodeUri> {
    let mut found: Vec<CodeUri> = Vec::new();
    for item in profile.get(list).and_then(Value::as_array).into_iter().flatten() {
        let Some(uri) = item["uri"].as_str().and_then(|uri| uri.parse().ok()) else { continue };
        if found.len() < MOST_SKILLS && !found.contains(&uri) {
            found.push(uri);
        }
    }
    found
}

fn codes(uris: &[CodeUri]) -> Value {
    uris.iter().map(|uri| json!({"uri": uri})).collect()
}

/// The first occupation that is wanted and needs a skill that is not there.
fn gap<'w>(held: &[CodeUri], wanted: &'w [CodeUri], reference: &Reference) -> Option<&'w CodeUri> {
    let lacks = |uri: &&CodeUri| reference.occupation(uri).is_some_and(|needs| needs.skills.iter().any(|(skill, _)| !held.contains(skill)));
    wanted.iter().find(lacks)
}
