//! What is shown of a result: rows with reasons in words, a map, and who did not answer. Bounded, whatever partners send.

use polder_model::answer::{Answered, Missing, QueryResult, ResultHit};
use polder_model::query::{Criteria, Query};
use polder_model::reason::Ground;
use polder_model::{Kind, OfferKey, PartnerId, Postcode4};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::facts::{Fact, about_somebody, facts, fitting_hours, glance, skills_of_somebody};
use super::reasons::{Speaker, Why};
use crate::pages::Said;
use crate::pages::bounded::{cut, fitting, short};
use crate::pages::map::Map;

/// Characters of a text that are shown of each result.
const EXCERPT: usize = 300;
/// Results on a page that no script fills in.
const ON_A_PAGE: usize = 20;
/// Bytes that the page has around what a result says.
const AROUND: usize = 1_100;
/// Characters of a title.
const TITLE: usize = 120;
/// Characters of what somebody can, in the line by which they are recognised.
const CAN: usize = 90;
/// Reasons that are shown of each; the others are counted.
const REASONS: usize = 12;
/// Characters of the name of a partner in a list of many.
const NAME: usize = 50;
/// Partners that are named among those that are missing.
const MISSING: usize = 20;

/// A result as it is shown.
#[derive(Serialize)]
pub(super) struct Shown {
    pub rows: Vec<Row>,
    pub map: Map,
    /// Who answered, and with how much.
    pub answered: Vec<String>,
    /// Who did not, and why.
    pub missing: Vec<String>,
    pub summary: String,
    /// Which part of the result these rows are, where they are not all of it.
    pub part: Option<Part>,
}

/// Some rows of a result.
#[derive(Serialize)]
pub(super) struct Part {
    first: usize,
    last: usize,
    all: usize,
    /// From which row the next part goes on.
    next: Option<usize>,
    /// How many rows that is.
    more: usize,
}

/// One offer.
#[derive(Serialize)]
pub(super) struct Row {
    title: String,
    /// The employer or the school; nobody where a person is shown.
    whom: String,
    partner: String,
    place: String,
    /// What it says, each with its name.
    facts: Vec<Fact>,
    /// How its text begins.
    text: String,
    score: String,
    reasons: Vec<Why>,
    person: Option<Person>,
    /// Whether it is somebody of this node.
    own: bool,
    /// Whether whoever saved this search has not seen it before.
    pub is_new: bool,
    /// By which a form says that it is new.
    #[serde(skip)]
    pub tag: String,
}

/// Somebody who can be asked something.
#[derive(Serialize)]
struct Person {
    partner: PartnerId,
    /// What they are known by here.
    key: OfferKey,
    /// The line by which staff recognises them where they are asked something.
    seen_as: String,
}

/// The result, whole.
pub(super) fn result(speaker: &Speaker<'_>, map: Map, result: &QueryResult) -> Shown {
    shown(speaker, map, result, rows(speaker, result.query.kind, &result.hits), None)
}

/// As much of the result as a page holds, from a row on.
pub(super) fn part(speaker: &Speaker<'_>, map: Map, result: &QueryResult, from: usize) -> Shown {
    let all = result.hits.len();
    let from = if from < all { from } else { 0 };
    let hits = result.hits.get(from..all.min(from + ON_A_PAGE)).unwrap_or_default();
    let mut rows = rows(speaker, result.query.kind, hits);
    rows.truncate(fitting(&rows, AROUND));
    let last = from + rows.len();
    let part = (rows.len() < all).then(|| Part {
        first: from + 1,
        last,
        all,
        next: (last < all).then_some(last),
        more: (all - last).min(ON_A_PAGE),
    });
    shown(speaker, map, result, rows, part)
}

fn shown(speaker: &Speaker<'_>, map: Map, result: &QueryResult, rows: Vec<Row>, part: Option<Part>) -> Shown {
    let from = part.as_ref().map_or(0, |part| part.first - 1);
    let hits = result.hits.get(from..from + rows.len()).unwrap_or_default();
    let mut missing: Vec<String> = result.missing.iter().take(MISSING).map(|partner| missing(speaker, partner)).collect();
    if let Some(more) = result.missing.len().checked_sub(MISSING).filter(|more| *more > 0) {
        missing.push(speaker.say("search-missing-more", &[("count", number(more))]));
    }
    Shown {
        map: map.with_dots(speaker.reference, &places(speaker, hits)),
        answered: result.answered.iter().map(|partner| answered(speaker, partner)).collect(),
        missing,
        summary: summary(speaker, result),
        rows,
        part,
    }
}

fn number(number: usize) -> Said<'static> {
    Said::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A few letters by which a form says which result it means, without saying which it is.
pub(super) fn tag(hit: &ResultHit) -> String {
    let hash = Sha256::new().chain_update(hit.partner.as_str()).chain_update(" ").chain_update(hit.key.as_str()).finalize();
    hex::encode(&hash[..4])
}

fn summary(speaker: &Speaker<'_>, result: &QueryResult) -> String {
    let mut said = speaker.say("search-found", &[("count", number(result.hits.len())), ("partners", number(result.answered.len()))]);
    if !result.query.kind.is_personal() && result.query.criteria == Criteria::default() {
        said = format!("{} {said}", speaker.say("search-all", &[]));
    }
    if result.more {
        said = format!("{said} {}", speaker.say("search-more", &[]));
    }
    said
}

/// The map before anything is found.
pub(super) fn map(map: Map, speaker: &Speaker<'_>, query: &Query, from: Option<Postcode4>) -> Map {
    let travel = query.criteria.travel.as_ref();
    match (travel, from) {
        (Some(travel), Some(from)) => {
            map.with_commute(speaker.reference, from, travel.mode, u16::try_from(travel.limit).unwrap_or(u16::MAX))
        }
        _ => map,
    }
}

/// Who answered.
pub(super) fn answered(speaker: &Speaker<'_>, partner: &Answered) -> String {
    let hits = i64::try_from(partner.hits).unwrap_or(i64::MAX);
    speaker.say("search-answered", &[("partner", Said::Text(&cut(&partner.name, NAME))), ("hits", Said::Number(hits))])
}

/// Who did not, and why.
pub(super) fn missing(speaker: &Speaker<'_>, partner: &Missing) -> String {
    let why = speaker.say(&format!("missing-{}", partner.reason.as_str()), &[]);
    speaker.say("search-missing", &[("partner", Said::Text(&cut(&partner.name, NAME))), ("why", Said::Text(&why))])
}

/// The rows of a list of hits.
pub(super) fn rows(speaker: &Speaker<'_>, kind: Kind, hits: &[ResultHit]) -> Vec<Row> {
    hits.iter().map(|hit| row(speaker, kind, hit)).collect()
}

fn row(speaker: &Speaker<'_>, kind: Kind, hit: &ResultHit) -> Row {
    let document = document(hit);
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let whom = [text("/employer/name"), text("/provider/name")].into_iter().find(|name| !name.is_empty());
    let own = hit.partner == *speaker.home;
    let title = Some(text("/title")).filter(|title| !title.is_empty()).map(|title| cut(&title, TITLE));
    let said = [Some(place_name(speaker, hit, &document)), glance(speaker, kind, &document)];
    let said: Vec<String> = said.into_iter().flatten().filter(|said| !said.is_empty()).map(|said| short(&said)).collect();
    let title = title.or_else(|| about_somebody(speaker, &document)).unwrap_or_else(|| speaker.say("search-untitled", &[]));
    let place = said.join(" · ");
    let person = (kind.is_personal() && !own).then(|| {
        let can = skills_of_somebody(speaker, &document).map(|can| cut(&can, CAN));
        let seen_as = [Some(title.clone()), Some(place.clone()), can].into_iter().flatten().filter(|part| !part.is_empty());
        Person { partner: hit.partner.clone(), key: hit.key.clone(), seen_as: seen_as.collect::<Vec<_>>().join(" · ") }
    });
    Row {
        title,
        whom: whom.map(|whom| short(&whom)).unwrap_or_default(),
        partner: short(&hit.partner_name),
        place,
        facts: facts(speaker, kind, &document),
        text: if kind.is_personal() { person_text(speaker, &document, &text("/description")) } else { excerpt(&text("/description")) },
        score: speaker.grouped(hit.score),
        reasons: reasons(speaker, hit, fitting_hours(speaker, &document)),
        own,
        is_new: false,
        tag: tag(hit),
        person,
    }
}

/// What somebody can, and how their own words begin: by that whoever looks knows them again.
fn person_text(speaker: &Speaker<'_>, document: &Value, description: &str) -> String {
    let can = skills_of_somebody(speaker, document).unwrap_or_default();
    let own = excerpt(description);
    [can, own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Why it matches; beyond the first ones how many reasons more there are, and how many points those give.
fn reasons(speaker: &Speaker<'_>, hit: &ResultHit, hours: Option<(u64, u64)>) -> Vec<Why> {
    let mut said: Vec<Why> = hit.reasons.iter().take(REASONS).map(|reason| speaker.reason(reason, hours)).collect();
    let others = hit.reasons.get(REASONS..).unwrap_or_default();
    if !others.is_empty() {
        let points = others.iter().map(|reason| reason.points).sum();
        said.push(speaker.others(others.len(), points));
    }
    said
}

fn document(hit: &ResultHit) -> Value {
    // What cannot be read shows nothing: it was checked before.
    serde_json::from_str(hit.document.get()).unwrap_or_default()
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        // Not in the middle of a word.
        Some((end, _)) => format!("{} …", text[..end].rsplit_once(char::is_whitespace).map_or(&text[..end], |(whole, _)| whole)),
        None => text.to_owned(),
    }
}

/// Where each is, for the map.
pub(super) fn places(speaker: &Speaker<'_>, hits: &[ResultHit]) -> Vec<Option<Postcode4>> {
    hits.iter().map(|hit| postcode(speaker, hit, &document(hit))).collect()
}

/// Where one works or learns; the place that is within reach, where there are several.
fn postcode(speaker: &Speaker<'_>, hit: &ResultHit, document: &Value) -> Option<Postcode4> {
    let reached = hit.reasons.iter().find_map(|reason| match &reason.ground {
        Ground::Travel { postcode, .. } => *postcode,
        _ => None,
    });
    reached.or_else(|| {
        let editions = document["editions"].as_array().into_iter().flatten().map(|edition| &edition["location"]);
        [&document["location"], document].into_iter().chain(editions).find_map(|location| {
            let coded = location["postcode"].as_str().and_then(|text| Postcode4::from_postcode(text).ok());
            coded.or_else(|| Some(speaker.reference.place_named(location["place"].as_str()?)?.postcode))
        })
    })
}

fn place_name(speaker: &Speaker<'_>, hit: &ResultHit, document: &Value) -> String {
    let said = document["location"]["place"].as_str().map(str::to_owned);
    let known = || speaker.reference.place(postcode(speaker, hit, document)?).map(|place| place.name.clone());
    said.or_else(known).unwrap_or_default()
}
