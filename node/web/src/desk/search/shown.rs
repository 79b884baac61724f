//! What is shown of a result: rows with reasons in words, a map, and who did not answer. Bounded, whatever partners send.

use polder_model::about::MOST_PEOPLE;
use polder_model::answer::{Answered, Missing, QueryResult, ResultHit};
use polder_model::query::{Criteria, Query};
use polder_model::reason::Ground;
use polder_model::{Kind, OfferKey, PartnerId, Postcode4};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::draft::LIMITS;
use super::reasons::{Speaker, Why};
use crate::pages::Said;
use crate::pages::bounded::{cut, escaped, fitting, fitting_in, short, within};
use crate::pages::facts::Fact;
use crate::pages::map::Map;

/// Bytes of a text that are shown of each result before it is opened.
const EXCERPT: usize = 320;
/// Bytes of a page that a result takes: more than the longest text that people write, with all else that is said of one.
const WHOLE: usize = 20 * 1024;
/// Bytes of a page for what is said of a result in a list of facts.
const FACTS: usize = 6 * 1024;
/// Bytes of a page for how to apply.
const WAYS: usize = 3 * 1024;
/// Results on a page that no script fills in.
const ON_A_PAGE: usize = 20;
/// Bytes that the page has around what a result says.
pub(super) const AROUND: usize = 1_100;
/// Bytes of a page for results of partners, where it has some of the national exchange.
const BESIDE: usize = 18 * 1024;
/// Characters of a title.
const TITLE: usize = 120;
/// Characters of what somebody can, in the line by which they are recognised.
const CAN: usize = 90;
/// Reasons that are seen of each before it is opened.
const CHIPS: usize = 6;
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
    /// Whether nobody was found, and may be where no place is asked: whoever shows no postcode is left out where one is.
    pub anywhere: bool,
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
    /// The letter of its place on the map; empty where it is not on it.
    letter: String,
    /// By which the map leads here; empty where it leads to another at the same place.
    anchor: String,
    /// What it says, each with its name.
    facts: Vec<Fact>,
    /// How its text begins.
    text: String,
    /// Its text, where that is not all of it.
    whole: String,
    /// How to apply or to enrol, besides by a link.
    ways: Vec<Fact>,
    /// Where one applies or enrols: an address of a host that the register names for its partner.
    link: Option<String>,
    /// The host of such an address, where the register does not name it for its partner: it is said, and leads nowhere.
    pub host: String,
    score: String,
    reasons: Vec<Why>,
    /// How many reasons more there are than are seen before it is opened; empty where there are none.
    others: String,
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
    shown(speaker, map, result, rows(speaker, result.query.kind, &result.hits, true), None)
}

/// As much of the result as a page holds, from a row on; less of it where the page has a list of the national exchange as well.
pub(super) fn part(speaker: &Speaker<'_>, map: Map, result: &QueryResult, from: usize, beside_exchange: bool) -> Shown {
    let all = result.hits.len();
    let from = if from < all { from } else { 0 };
    let hits = result.hits.get(from..all.min(from + ON_A_PAGE)).unwrap_or_default();
    let mut rows = rows(speaker, result.query.kind, hits, true);
    rows.truncate(if beside_exchange { fitting_in(BESIDE, &rows, AROUND) } else { fitting(&rows, AROUND) });
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

fn shown(speaker: &Speaker<'_>, map: Map, result: &QueryResult, mut rows: Vec<Row>, part: Option<Part>) -> Shown {
    let from = part.as_ref().map_or(0, |part| part.first - 1);
    let hits = result.hits.get(from..from + rows.len()).unwrap_or_default();
    let mut missing: Vec<String> = result.missing.iter().take(MISSING).map(|partner| missing(speaker, partner)).collect();
    if let Some(more) = result.missing.len().checked_sub(MISSING).filter(|more| *more > 0) {
        missing.push(speaker.say("search-missing-more", &[("count", number(more))]));
    }
    let map = on_the_map(speaker, map, hits, &mut rows);
    Shown {
        map,
        answered: result.answered.iter().map(|partner| answered(speaker, partner)).collect(),
        missing,
        summary: summary(speaker, result),
        anywhere: result.hits.is_empty() && result.query.kind.is_personal() && result.query.criteria.travel.is_some(),
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
        let most = if result.query.kind.is_personal() { MOST_PEOPLE } else { LIMITS[2] };
        let says = if result.query.limit < most { "search-more" } else { "search-more-most" };
        said = format!("{said} {}", speaker.say(says, &[]));
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

/// The rows of a list of hits: of each all that it says, or what is seen of it before the result is final.
pub(super) fn rows(speaker: &Speaker<'_>, kind: Kind, hits: &[ResultHit], whole: bool) -> Vec<Row> {
    hits.iter().map(|hit| row(speaker, kind, hit, whole)).collect()
}

fn row(speaker: &Speaker<'_>, kind: Kind, hit: &ResultHit, whole: bool) -> Row {
    let (document, teller) = (document(hit), speaker.teller());
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let whom = [text("/employer/name"), text("/provider/name")].into_iter().find(|name| !name.is_empty());
    let own = hit.partner == *speaker.home;
    let title = Some(text("/title")).filter(|title| !title.is_empty()).map(|title| cut(&title, TITLE));
    let said = [Some(place_name(speaker, hit, &document)), teller.glance(kind, &document)];
    let said: Vec<String> = said.into_iter().flatten().filter(|said| !said.is_empty()).map(|said| short(&said)).collect();
    let title = title.or_else(|| teller.about_somebody(&document)).unwrap_or_else(|| speaker.say("search-untitled", &[]));
    let place = said.join(" · ");
    let person = (kind.is_personal() && !own).then(|| {
        let can = teller.skills_of_somebody(&document).map(|can| cut(&can, CAN));
        let seen_as = [Some(title.clone()), Some(place.clone()), can].into_iter().flatten().filter(|part| !part.is_empty());
        Person { partner: hit.partner.clone(), key: hit.key.clone(), seen_as: seen_as.collect::<Vec<_>>().join(" · ") }
    });
    let description = text("/description");
    let begins = within(&description, EXCERPT);
    let (link, host) = link(speaker, hit, &document);
    let others = hit.reasons.len().saturating_sub(CHIPS);
    let others = if others == 0 { String::new() } else { speaker.say("reason-others", &[("count", number(others))]) };
    let mut row = Row {
        title,
        whom: whom.map(|whom| short(&whom)).unwrap_or_default(),
        partner: short(&hit.partner_name),
        place,
        letter: String::new(),
        anchor: String::new(),
        facts: teller.facts(kind, &document, FACTS),
        text: if kind.is_personal() { person_text(speaker, &document, &begins) } else { begins.clone() },
        whole: String::new(),
        ways: teller.ways(&document, WAYS),
        link,
        host,
        score: speaker.points(hit.score),
        reasons: reasons(speaker, hit, fitting_hours(speaker, &document)),
        others,
        own,
        is_new: false,
        tag: tag(hit),
        person,
    };
    if whole && begins != description {
        row.whole = within(&description, WHOLE.saturating_sub(escaped(&row)));
    }
    row
}

/// Where one applies or enrols; or else to whose host that would lead.
fn link(speaker: &Speaker<'_>, hit: &ResultHit, document: &Value) -> (Option<String>, String) {
    let url = ["/application/url", "/enrolment/url"].into_iter().find_map(|pointer| document.pointer(pointer)?.as_str());
    match &hit.link {
        Some(link) if link.of_partner => (url.map(str::to_owned), String::new()),
        Some(link) => (None, speaker.say("find-host", &[("host", Said::Text(link.host.as_str()))])),
        None => (None, String::new()),
    }
}

/// The hours that both what is asked and what is offered allow; `None` where one of them does not say.
fn fitting_hours(speaker: &Speaker<'_>, document: &Value) -> Option<(u64, u64)> {
    let (asked, offered) = (speaker.hours?, document.get("hours").or_else(|| document.get("hoursPerWeek"))?);
    let (least, most) = (offered["min"].as_u64()?.max(asked.min.into()), offered["max"].as_u64()?.min(asked.max.into()));
    (least <= most).then_some((least, most))
}

/// What somebody can, and how their own words begin: by that whoever looks knows them again.
fn person_text(speaker: &Speaker<'_>, document: &Value, own: &str) -> String {
    let can = speaker.teller().skills_of_somebody(document).map(|can| within(&can, 3 * EXCERPT)).unwrap_or_default();
    [can.as_str(), own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
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

/// Puts each on the map, and says at which of its dots it is.
pub(super) fn on_the_map(speaker: &Speaker<'_>, map: Map, hits: &[ResultHit], rows: &mut [Row]) -> Map {
    let places: Vec<Option<Postcode4>> = hits.iter().map(|hit| postcode(speaker, hit, &document(hit))).collect();
    let map = map.with_dots(speaker.reference, &places);
    for (row, pin) in rows.iter_mut().zip(map.pins()) {
        (row.letter, row.anchor) = (pin.letter.clone(), pin.anchor.clone());
    }
    map
}

/// Where one works or learns; the place that is within reach, where there are several.
fn postcode(speaker: &Speaker<'_>, hit: &ResultHit, document: &Value) -> Option<Postcode4> {
    let reached = hit.reasons.iter().find_map(|reason| match &reason.ground {
        Ground::Travel { postcode, .. } => *postcode,
        _ => None,
    });
    reached.or_else(|| {
        let editions = document["editions"].as_array().into_iter().flatten().map(|edition| &edition["location"]);
        [&document["location"], document].into_iter().chain(editions).find_map(|location| speaker.teller().postcode(location))
    })
}

fn place_name(speaker: &Speaker<'_>, hit: &ResultHit, document: &Value) -> String {
    let said = document["location"]["place"].as_str().map(str::to_owned);
    let known = || speaker.reference.place(postcode(speaker, hit, document)?).map(|place| place.name.clone());
    said.or_else(known).unwrap_or_default()
}
