//! What is shown of a result: rows with reasons in words, a map, and who did not answer.

use polder_model::answer::{Answered, Missing, QueryResult, ResultHit};
use polder_model::query::Query;
use polder_model::reason::Ground;
use polder_model::{CodeUri, Kind, OfferKey, PartnerId, Postcode4};
use serde::Serialize;
use serde_json::Value;

use super::reasons::{Speaker, Why};
use crate::pages::Said;
use crate::pages::map::Map;

/// Characters of a text that are shown of each result.
const EXCERPT: usize = 300;

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
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

/// Somebody who can be asked something.
#[derive(Serialize)]
struct Person {
    partner: PartnerId,
    key: OfferKey,
}

/// The result, whole.
pub(super) fn result(speaker: &Speaker<'_>, map: Map, result: &QueryResult) -> Shown {
    let kind = result.query.kind;
    let summary = summary(speaker, result);
    Shown {
        rows: rows(speaker, kind, &result.hits),
        map: map.with_dots(speaker.reference, &places(speaker, &result.hits)),
        answered: result.answered.iter().map(|partner| answered(speaker, partner)).collect(),
        missing: result.missing.iter().map(|partner| missing(speaker, partner)).collect(),
        summary,
    }
}

fn summary(speaker: &Speaker<'_>, result: &QueryResult) -> String {
    let count = |number: usize| Said::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let mut said = speaker.say("search-found", &[("count", count(result.hits.len())), ("partners", count(result.answered.len()))]);
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
    speaker.say("search-answered", &[("partner", Said::Text(&partner.name)), ("hits", Said::Number(hits))])
}

/// Who did not, and why.
pub(super) fn missing(speaker: &Speaker<'_>, partner: &Missing) -> String {
    let why = speaker.say(&format!("missing-{}", partner.reason.as_str()), &[]);
    speaker.say("search-missing", &[("partner", Said::Text(&partner.name)), ("why", Said::Text(&why))])
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
    let title = Some(text("/title")).filter(|title| !title.is_empty());
    Row {
        title: title.unwrap_or_else(|| speaker.say("search-untitled", &[])),
        whom: whom.unwrap_or_default(),
        partner: hit.partner_name.clone(),
        place: place_name(speaker, hit, &document),
        facts: facts(speaker, kind, &document),
        text: excerpt(&text("/description")),
        score: speaker.grouped(hit.score),
        reasons: hit.reasons.iter().map(|reason| speaker.reason(reason)).collect(),
        own,
        is_new: false,
        person: (kind.is_personal() && !own).then(|| Person { partner: hit.partner.clone(), key: hit.key.clone() }),
    }
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

/// What an offer says, as far as this node has words for it.
fn facts(speaker: &Speaker<'_>, kind: Kind, document: &Value) -> Vec<Fact> {
    let uris = |pointer: &str| {
        let items = document.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item["uri"].as_str()?.parse::<CodeUri>().ok()).collect::<Vec<_>>()
    };
    let codes = |pointer: &str, prefix: &str| {
        let items = document.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let said: Vec<String> = items
            .filter_map(|item| item.as_str().or_else(|| item["form"].as_str()))
            .map(|code| speaker.say(&format!("{prefix}-{code}"), &[]))
            .collect();
        said.join(", ")
    };
    let join = |names: Vec<String>| names.join(", ");
    let number = |pointer: &str| document.pointer(pointer).and_then(Value::as_i64);
    let hours = |name: &str| Some((number(&format!("/{name}/min"))?, number(&format!("/{name}/max"))?));
    let hours = hours("hours").or_else(|| hours("hoursPerWeek")).map(|(least, most)| match least == most {
        true => speaker.say("range-one", &[("value", Said::Number(least))]),
        false => speaker.say("range", &[("least", Said::Number(least)), ("most", Said::Number(most))]),
    });
    let (skills, member) = match kind {
        Kind::Vacancy => ("fact-skills-vacancy", "/skills"),
        Kind::Training => ("fact-skills-training", "/skillsTaught"),
        Kind::SkillOffer => ("fact-skills-skill-offer", "/skills"),
    };
    let all = [
        (skills, join(uris(member).iter().map(|uri| speaker.skill(uri)).collect())),
        ("fact-wanted", join(uris("/occupationsWanted").iter().map(|uri| speaker.occupation(uri)).collect())),
        ("fact-held", join(uris("/occupationsHeld").iter().map(|uri| speaker.occupation(uri)).collect())),
        ("offer-hours", hours.unwrap_or_default()),
        ("offer-times", codes("/workingTimes/dayParts", "part")),
        ("offer-contracts", codes("/contracts", "contract")),
    ];
    let filled = all.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(label, value)| Fact { label: speaker.say(label, &[]), value }).collect()
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
