//! What is said of a vacancy or a training that fits, and why it does: the same for the page and for its script.

use std::collections::HashMap;
use std::sync::Arc;

use polder_consent::{Field, FieldSet};
use polder_exchange::people::Language;
use polder_model::answer::{Missing, QueryResult, ResultHit};
use polder_model::code::Relation;
use polder_model::rank::points;
use polder_model::reason::{Ground, Reason};
use polder_model::reference::Reference;
use polder_model::{CodeUri, Kind, OfferKey, PartnerId, Postcode4, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use super::beside::Beside;
use super::lacks::lacks;
use crate::pages::bounded::{cut, escaped, within};
use crate::pages::facts::{Fact, Teller};
use crate::pages::filled::Of;
use crate::pages::find::either;
use crate::pages::map::Map as DrawnMap;
use crate::pages::money::money;
use crate::pages::{Pages, Said, Words, said_date};

/// Characters of what is said of a price, at a glance.
const NOTE: usize = 80;

/// How much of a page there is for what one offer says.
#[derive(Clone, Copy)]
pub(super) enum Room {
    /// On a page with all of them.
    Page,
    /// In a list that a script fills in: more than the longest text that people write, with all else that is said of one.
    Whole,
}

impl Room {
    /// In bytes.
    const fn bytes(self) -> usize {
        match self {
            Self::Page => 2 * 1024,
            Self::Whole => 20 * 1024,
        }
    }
}

/// Vacancies to which a worker applies, and since when.
pub(super) type Applied = HashMap<(PartnerId, OfferKey), Timestamp>;

/// What the words need to know besides.
pub(super) struct Speaker<'s> {
    pub pages: &'s Pages,
    pub words: &'s Words,
    pub reference: Arc<Reference>,
    pub language: Language,
    pub kind: Kind,
    /// Whether words are sought, in the place of occupations and skills.
    pub by_words: bool,
    /// How the worker travels.
    pub mode: &'s str,
    /// What the worker says of themselves, and what of it is asked.
    pub profile: &'s Map<String, Value>,
    pub asked: FieldSet,
    pub applied: &'s Applied,
}

/// What was found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    pub rows: Vec<Row>,
    pub map: DrawnMap,
    pub summary: String,
    /// Who did not answer, and why.
    pub missing: Vec<String>,
    /// That there is more; empty where there is not.
    pub more: String,
}

/// An offer that fits.
#[derive(Serialize)]
pub(super) struct Row {
    /// Whose it is, and which of theirs.
    #[serde(skip)]
    pub of: Of,
    title: String,
    /// The employer or the school.
    by: String,
    place: String,
    /// The letter of its place on the map; empty where it is not on it.
    letter: String,
    /// By which the map leads here; empty where it leads to another at the same place.
    anchor: String,
    /// The partner, where it is another one.
    through: String,
    chips: Vec<String>,
    /// Why it fits.
    why: Vec<String>,
    /// What to look out for.
    but: Vec<String>,
    /// What nobody looked at; empty where that is nothing.
    unseen: String,
    text: String,
    /// What it says, each with its name.
    facts: Vec<Fact>,
    /// How to apply or to enrol, besides from here or by a link.
    ways: Vec<Fact>,
    /// Where it leads to: a host that the register names for its partner.
    link: Option<String>,
    /// The host that it would lead to, where the register does not name it for its partner: it is said, and leads nowhere.
    host: Option<String>,
    /// The vacancy, where one can apply to it from here.
    apply: Option<Apply>,
    /// That the worker applied to it; empty where they did not.
    applied: String,
}

#[derive(Serialize)]
struct Apply {
    partner: PartnerId,
    key: String,
}

impl Found {
    pub(super) fn of(speaker: &Speaker<'_>, result: QueryResult, room: Room) -> Self {
        let QueryResult { hits, answered, missing, more, .. } = result;
        let count = i64::try_from(answered.len() + missing.len()).unwrap_or(i64::MAX);
        let (kind, none) = (speaker.kind.as_str(), hits.is_empty());
        let summary = if none {
            let asked = speaker.say("find-asked-of", &[("count", Said::Number(count))]);
            let by = match speaker.kind {
                _ if speaker.by_words => "-words",
                Kind::Training if speaker.asked.contains(Field::OccupationsWanted) => "-wanted",
                _ => "",
            };
            format!("{asked} {}", speaker.say(&format!("find-nothing-{kind}{by}"), &[]))
        } else {
            speaker.say(&format!("find-lead-{kind}"), &[("count", Said::Number(count))])
        };
        let (rows, map) = speaker.rows(hits, room);
        Self {
            rows,
            map,
            summary,
            missing: missing.iter().map(|partner| speaker.missing(partner)).collect(),
            more: if more { speaker.say("find-more-there-are", &[]) } else { String::new() },
        }
    }
}

impl Speaker<'_> {
    pub(super) fn say(&self, name: &str, given: &[(&str, Said<'_>)]) -> String {
        self.words.text(name, given)
    }

    fn money(&self, cents: u64) -> String {
        money(self.language, cents)
    }

    pub(super) fn missing(&self, partner: &Missing) -> String {
        let name = if partner.name.is_empty() { partner.partner.as_str() } else { &partner.name };
        format!("{name} {}", self.say(&format!("missing-{}", partner.reason.as_str()), &[]))
    }

    fn teller(&self) -> Teller<'_> {
        Teller { words: self.words, reference: &self.reference, language: self.language }
    }

    /// The rows of a list of hits, and the map with a dot for each of them.
    pub(super) fn rows(&self, hits: Vec<ResultHit>, room: Room) -> (Vec<Row>, DrawnMap) {
        let all: Vec<(Option<Postcode4>, Row)> = hits.into_iter().filter_map(|hit| self.row(hit, room)).collect();
        let (places, mut rows): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let map = self.map().with_dots(&self.reference, &places);
        for (row, pin) in rows.iter_mut().zip(map.pins()) {
            (row.letter, row.anchor) = (pin.letter.clone(), pin.anchor.clone());
        }
        (rows, map)
    }

    /// The region, with as far as the worker would travel where that was asked.
    fn map(&self) -> DrawnMap {
        let map = self.pages.map();
        let minutes = self.profile.get("commute").and_then(|commute| u16::try_from(commute["maxMinutes"].as_u64()?).ok());
        let from = self.profile.get("postcode").and_then(|from| Postcode4::from_postcode(from.as_str()?).ok());
        match (minutes, from, self.mode.parse()) {
            (Some(minutes), Some(from), Ok(mode)) if self.asked.contains(Field::Commute) => {
                map.with_commute(&self.reference, from, mode, minutes)
            }
            _ => map,
        }
    }

    fn row(&self, hit: ResultHit, room: Room) -> Option<(Option<Postcode4>, Row)> {
        let ResultHit { partner, partner_name, link, reasons, document, key, .. } = hit;
        let whole: Value = serde_json::from_str(document.get()).ok()?;
        let document = whole.as_object()?;
        let text = |document: &Map<String, Value>, name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let url = ["application", "enrolment"].into_iter().find_map(|way| Some(document.get(way)?["url"].as_str()?.to_owned()));
        let (link, host) = match link {
            Some(link) if link.of_partner => (url, None),
            Some(link) => (None, Some(self.say("find-host", &[("host", Said::Text(link.host.as_str()))]))),
            None => (None, None),
        };
        let by = ["employer", "provider"].into_iter().find_map(|who| document.get(who)?["name"].as_str()).unwrap_or_default().to_owned();
        let vacancy = document.contains_key("employer") && self.pages.node().may_apply_at(&partner);
        let applied = self.applied.get(&(partner.clone(), key.clone())).map(|at| self.language.day(*at));
        let applied = applied.map(|day| self.say("find-applied", &[("day", Said::Text(&day))])).unwrap_or_default();
        let (teller, room) = (self.teller(), room.bytes());
        let Beside { fits, but, unseen } = Beside::of(teller, self.kind, (self.profile, self.asked), &whole);
        let but: Vec<String> = lacks(teller, self.kind, self.profile, &reasons, &whole).into_iter().chain(but).collect();
        let (facts, ways) = (teller.facts(self.kind, &whole, room / 2), teller.ways(&whole, room / 4));
        let left = room.saturating_sub(escaped(&facts) + escaped(&ways) + escaped(&but));
        let reached = reasons.iter().find_map(|reason| match reason.ground {
            Ground::Travel { postcode, .. } => postcode,
            _ => None,
        });
        let row = Row {
            of: (partner.clone(), key.clone()),
            title: text(document, "title"),
            place: place(teller, document, reached).unwrap_or_default(),
            letter: String::new(),
            anchor: String::new(),
            through: if by == partner_name { String::new() } else { self.say("find-through", &[("name", Said::Text(&partner_name))]) },
            chips: self.chips(document).into_iter().chain(self.fresh(&reasons)).collect(),
            why: self.why(&reasons, document).into_iter().chain(fits).collect(),
            but,
            unseen,
            text: within(&text(document, "description"), left),
            facts,
            ways,
            link,
            host,
            apply: (vacancy && applied.is_empty()).then(|| Apply { partner, key: key.to_string() }),
            applied,
            by,
        };
        Some((reached.or_else(|| postcode(teller, document)), row))
    }

    /// What is read at a glance: hours, contract, pay, price and dates.
    fn chips(&self, document: &Map<String, Value>) -> Vec<String> {
        let mut chips = Vec::new();
        if let Some(hours) = document.get("hours").or_else(|| document.get("hoursPerWeek")) {
            let (least, most) = (hours["min"].as_i64().unwrap_or_default(), hours["max"].as_i64().unwrap_or_default());
            let range = if least == most {
                self.say("range-one", &[("value", Said::Number(least))])
            } else {
                self.say("range", &[("least", Said::Number(least)), ("most", Said::Number(most))])
            };
            chips.push(format!("{} {range}", self.say("find-hours", &[])));
        }
        let forms = document.get("contracts").and_then(Value::as_array).into_iter().flatten();
        let forms: Vec<String> = forms.filter_map(|one| Some(self.say(&format!("contract-{}", one["form"].as_str()?), &[]))).collect();
        if !forms.is_empty() {
            chips.push(forms.join(", "));
        }
        chips.extend(document.get("salary").and_then(|salary| self.salary(salary)));
        if let Some(cents) = document.get("price").and_then(|price| price["amount"].as_u64()) {
            let price = if cents == 0 { self.say("find-free", &[]) } else { self.money(cents) };
            let note = document["price"]["note"].as_str().map(|note| cut(note, NOTE));
            chips.push(match &note {
                Some(note) => self.say("find-price-noted", &[("price", Said::Text(&price)), ("note", Said::Text(note))]),
                None => self.say("find-price", &[("price", Said::Text(&price))]),
            });
        }
        if let Some(weeks) = document.get("durationWeeks").and_then(Value::as_i64) {
            chips.push(self.say("fact-week-count", &[("count", Said::Number(weeks))]));
        }
        let closes = if self.kind == Kind::Training { "find-closes-training" } else { "find-closes-vacancy" };
        for (member, said) in [("startDate", "find-start"), ("closingDate", closes)] {
            if let Some(date) = document.get(member).and_then(Value::as_str).and_then(|date| said_date(self.language, date).ok()) {
                chips.push(format!("{} {date}", self.say(said, &[])));
            }
        }
        chips
    }

    fn salary(&self, salary: &Value) -> Option<String> {
        let period = self.say(&format!("per-{}", salary["period"].as_str()?), &[]);
        let amount = match (salary["min"].as_u64(), salary["max"].as_u64()) {
            (Some(least), Some(most)) => format!("{} – {}", self.money(least), self.money(most)),
            (Some(least), None) => self.money(least),
            (None, Some(most)) => format!("{} {}", self.say("offer-at-most", &[]), self.money(most)),
            (None, None) => return None,
        };
        Some(format!("{amount} {period}"))
    }

    /// Why it fits, in the order in which people read it.
    fn why(&self, reasons: &[Reason], document: &Map<String, Value>) -> Vec<String> {
        let skill = |uri: &CodeUri| {
            let known = self.reference.skill(uri).map(|skill| either(self.language, &skill.label_nl, &skill.label_en).to_owned());
            known.or_else(|| own_label(document, uri))
        };
        let occupation = |uri: &CodeUri| {
            let known = self.reference.occupation(uri).map(|one| either(self.language, &one.label_nl, &one.label_en).to_owned());
            known.or_else(|| own_label(document, uri))
        };
        let (mut occupations, mut alike, mut skills, mut near, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for reason in reasons {
            match &reason.ground {
                Ground::Skill { matched, relation: Relation::Exact, .. } => skills.extend(skill(matched)),
                Ground::Skill { matched, .. } => near.extend(skill(matched)),
                // One of the same ISCO code is worth less than the one that is wanted.
                Ground::Occupation { matched } if u64::from(reason.points) < points::OCCUPATION => alike.extend(occupation(matched)),
                Ground::Occupation { matched } => occupations.extend(occupation(matched)),
                // No words are asked for a profile.
                Ground::Text { .. } => {}
                Ground::Travel { remote: true, .. } => others.push(self.say(&format!("why-remote-{}", self.kind.as_str()), &[])),
                Ground::Travel { minutes, metres, .. } => others.extend(self.travel(*minutes, *metres)),
                Ground::Hours { .. } => others.push(self.say("why-hours", &[])),
                // It is said at a glance.
                Ground::Freshness { .. } => {}
            }
        }
        let named = [("occupations", occupations), ("alike", alike), ("skills", skills), ("near", near)]
            .into_iter()
            .filter(|(_, names)| !names.is_empty());
        let mut why: Vec<String> = named
            .map(|(what, names)| format!("{} {}", self.say(&format!("why-{what}-{}", self.kind.as_str()), &[]), names.join(", ")))
            .collect();
        why.append(&mut others);
        why
    }

    /// How new it is.
    fn fresh(&self, reasons: &[Reason]) -> Option<String> {
        let days = reasons.iter().find_map(|reason| match reason.ground {
            Ground::Freshness { days } => Some(i64::from(days)),
            _ => None,
        })?;
        Some(self.say("why-days", &[("days", Said::Number(days))]))
    }

    fn travel(&self, minutes: Option<u16>, metres: Option<u32>) -> Option<String> {
        let far = match (minutes, metres) {
            (Some(minutes), _) => self.say("why-minutes", &[("minutes", Said::Number(i64::from(minutes)))]),
            (None, Some(metres)) => self.say("why-kilometres", &[("kilometres", Said::Number(i64::from(metres.div_ceil(1_000))))]),
            (None, None) => return None,
        };
        Some(format!("{far} {}", self.say(&format!("mode-{}", self.mode), &[])))
    }
}

/// Where an offer says that one works or learns.
fn locations(document: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let editions = document.get("editions").and_then(Value::as_array).into_iter().flatten();
    document.get("location").into_iter().chain(editions.filter_map(|edition| edition.get("location")))
}

/// The name of the place: the one that is within reach, where distance was asked; or else what the offer says first.
fn place(teller: Teller<'_>, document: &Map<String, Value>, reached: Option<Postcode4>) -> Option<String> {
    let reached = reached.and_then(|postcode| teller.reference.place(postcode)).map(|place| place.name.clone());
    reached.or_else(|| locations(document).find_map(|location| teller.place(location)))
}

/// Where that is on the map.
fn postcode(teller: Teller<'_>, document: &Map<String, Value>) -> Option<Postcode4> {
    locations(document).find_map(|location| teller.postcode(location))
}

/// What the offer itself calls a code that this node does not know.
fn own_label(document: &Map<String, Value>, uri: &CodeUri) -> Option<String> {
    let lists = ["skills", "skillsTaught", "occupations"].into_iter().filter_map(|list| document.get(list)?.as_array());
    let item = lists.flatten().find(|item| item["uri"].as_str() == Some(uri.as_str()))?;
    Some(item["label"]["nl"].as_str()?.to_owned())
}
