//! Vacancies and trainings that fit a worker's profile, from the whole federation: who is asked gets no name, and of the profile what a search needs alone.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use polder_consent::{Field, FieldSet};
use polder_exchange::people::{For, Language};
use polder_exchange::traces::{Origin, Part};
use polder_model::answer::{Missing, QueryResult, ResultHit};
use polder_model::code::Relation;
use polder_model::reason::{Ground, Reason};
use polder_model::reference::Reference;
use polder_model::request::QueryRequest;
use polder_model::{CodeUri, Kind, Postcode4};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::share::profile;
use crate::pages::find::either;
use crate::pages::{PageError, Pages, Worker, on_to};

/// Offers on the page.
const SHOWN: u16 = 10;
/// Skills of a profile that are asked: so many one question takes.
const MOST_SKILLS: usize = 50;
/// Characters of a description that are shown.
const LONGEST_DESCRIPTION: usize = 600;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    kind: Kind,
    /// What of the profile was in the question.
    asked: FieldSet,
    /// Whether the profile says where from, and the place is not known here.
    place_unknown: bool,
    offers: Vec<Shown>,
    /// How many partners answered.
    answered: usize,
    missing: Vec<Missing>,
    more: bool,
}

/// An offer that fits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    partner: String,
    partner_name: String,
    document: Value,
    /// The name of the place, where it is known.
    place: Option<String>,
    /// Where it leads to: a host that the register names for its partner.
    link: Option<String>,
    /// The host that it would lead to, where the register does not name it for its partner: it is said, and leads nowhere.
    host: Option<String>,
    why: Why,
    /// The vacancy's key, where one can apply to it from here.
    apply: Option<String>,
}

/// Why it fits, in the order in which people read it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Why {
    occupations: Vec<String>,
    skills: Vec<String>,
    /// Skills that are near to one that was asked.
    near: Vec<String>,
    travel: Option<Travel>,
    remote: bool,
    /// Whether the hours overlap with those of the profile.
    hours: bool,
    /// Days since it changed.
    days: Option<u32>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Travel {
    minutes: Option<u16>,
    kilometres: Option<u32>,
    mode: String,
}

/// Vacancies that fit.
pub(super) async fn work(pages: State<Pages>, worker: Worker) -> Result<Response, PageError> {
    find(pages, worker, Kind::Vacancy).await
}

/// Trainings that fit.
pub(super) async fn training(pages: State<Pages>, worker: Worker) -> Result<Response, PageError> {
    find(pages, worker, Kind::Training).await
}

async fn find(State(pages): State<Pages>, worker: Worker, kind: Kind) -> Result<Response, PageError> {
    let Some(members) = profile(&pages, &worker).await? else { return Ok(on_to("/portal/profile")) };
    let id = worker.named(&pages).await?.ok_or(PageError::Said(StatusCode::CONFLICT, "problem-no-profile"))?;
    let question = Question::of(kind, &members, &pages.node().reference());
    let request: QueryRequest = serde_json::from_value(Value::Object(question.request)).map_err(PageError::internal)?;
    pages.may_ask(&worker.known)?;
    let span = pages.node().traces().begin(Part::Query, || Origin::Question, None);
    let asked = pages.questions().begin(&request, For::Worker(id)).await?;
    let QueryResult { hits, answered, missing, more, .. } = pages.questions().whole(asked, span).await?;
    let mode = members.get("commute").and_then(|commute| commute["mode"].as_str()).unwrap_or("car");
    let offers = hits.into_iter().filter_map(|hit| Shown::of(&pages, worker.visit.language, mode, hit)).collect();
    let page =
        Page { kind, asked: question.fields, place_unknown: question.place_unknown, offers, answered: answered.len(), missing, more };
    pages.show(&worker.visit, "portal/find.html", "work", page)
}

/// What is asked for a profile.
struct Question {
    request: Map<String, Value>,
    fields: FieldSet,
    place_unknown: bool,
}

impl Question {
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
            for (name, field) in [("hours", Field::Hours), ("contracts", Field::Contracts), ("licences", Field::Licences)] {
                if let Some(value) = profile.get(name) {
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

impl Shown {
    fn of(pages: &Pages, language: Language, mode: &str, hit: ResultHit) -> Option<Self> {
        let ResultHit { partner, partner_name, link, reasons, document, key, .. } = hit;
        let mut document: Map<String, Value> = serde_json::from_str(document.get()).ok()?;
        let reference = pages.node().reference();
        let why = Why::of(&reasons, &document, &reference, language, mode);
        let url = ["application", "enrolment"].into_iter().find_map(|way| Some(document.get(way)?["url"].as_str()?.to_owned()));
        let (link, host) = match link {
            Some(link) if link.of_partner => (url, None),
            Some(link) => (None, Some(link.host.to_string())),
            None => (None, None),
        };
        let place = place(&document, &reasons, &reference);
        if let Some(Value::String(text)) = document.get_mut("description") {
            shorten(text);
        }
        let vacancy = document.contains_key("employer") && pages.node().may_apply_at(&partner);
        let apply = vacancy.then(|| key.to_string());
        document.retain(|name, _| MEMBERS.contains(&name.as_str()));
        Some(Self { partner: partner.to_string(), partner_name, document: Value::Object(document), place, link, host, why, apply })
    }
}

/// What a page says of an offer.
const MEMBERS: [&str; 13] = [
    "title",
    "description",
    "employer",
    "provider",
    "hours",
    "hoursPerWeek",
    "contracts",
    "salary",
    "startDate",
    "closingDate",
    "routes",
    "price",
    "level",
];

fn shorten(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_DESCRIPTION) {
        let end = text[..end].rfind(char::is_whitespace).unwrap_or(end);
        text.truncate(end);
        text.push('…');
    }
}

/// The name of the place: the one that is within reach, where distance was asked; or else what the offer says first.
fn place(document: &Map<String, Value>, reasons: &[Reason], reference: &Reference) -> Option<String> {
    let reached = reasons.iter().find_map(|reason| match reason.ground {
        Ground::Travel { postcode, .. } => postcode,
        _ => None,
    });
    if let Some(place) = reached.and_then(|postcode| reference.place(postcode)) {
        return Some(place.name.clone());
    }
    let location =
        document.get("location").or_else(|| document.get("editions")?.as_array()?.iter().find_map(|edition| edition.get("location")))?;
    let named = location.get("place").and_then(Value::as_str).map(str::to_owned);
    let by_postcode = || {
        let postcode = Postcode4::from_postcode(location.get("postcode")?.as_str()?).ok()?;
        reference.place(postcode).map(|place| place.name.clone())
    };
    named.or_else(by_postcode)
}

impl Why {
    fn of(reasons: &[Reason], document: &Map<String, Value>, reference: &Reference, language: Language, mode: &str) -> Self {
        let skill = |uri: &CodeUri| {
            let known = reference.skill(uri).map(|skill| either(language, &skill.label_nl, &skill.label_en).to_owned());
            known.or_else(|| own_label(document, uri))
        };
        let occupation = |uri: &CodeUri| {
            let known = reference.occupation(uri).map(|one| either(language, &one.label_nl, &one.label_en).to_owned());
            known.or_else(|| own_label(document, uri))
        };
        let mut why = Self::default();
        for reason in reasons {
            match &reason.ground {
                Ground::Skill { matched, relation: Relation::Exact, .. } => why.skills.extend(skill(matched)),
                Ground::Skill { matched, .. } => why.near.extend(skill(matched)),
                Ground::Occupation { matched } => why.occupations.extend(occupation(matched)),
                // No words are asked for a profile.
                Ground::Text { .. } => {}
                Ground::Travel { remote: true, .. } => why.remote = true,
                Ground::Travel { minutes, metres, .. } => {
                    let kilometres = metres.map(|metres| metres.div_ceil(1_000));
                    why.travel = Some(Travel { minutes: *minutes, kilometres, mode: mode.to_owned() });
                }
                Ground::Hours { .. } => why.hours = true,
                Ground::Freshness { days } => why.days = Some(*days),
            }
        }
        why
    }
}

/// What the offer itself calls a code that this node does not know.
fn own_label(document: &Map<String, Value>, uri: &CodeUri) -> Option<String> {
    let lists = ["skills", "skillsTaught", "occupations"].into_iter().filter_map(|list| document.get(list)?.as_array());
    let item = lists.flatten().find(|item| item["uri"].as_str() == Some(uri.as_str()))?;
    Some(item["label"]["nl"].as_str()?.to_owned())
}
