//! Random offers from small vocabularies, so that ties, duplicates and near misses are common.

use polder_model::{Kind, Timestamp};
use serde_json::{Map, Value, json};

use crate::random::Random;

/// Words that offers and questions share.
pub const WORDS: [&str; 16] = [
    "lasser",
    "monteur",
    "windmolens",
    "onderhoud",
    "zorg",
    "verpleegkundige",
    "planner",
    "Lelystad",
    "nachtdienst",
    "techniek",
    "logistiek",
    "heftruck",
    "elektricien",
    "coördinator",
    "de",
    "24-uurs",
];
/// Places in and around Flevoland.
pub const PLACES: [&str; 10] = ["8302", "8304", "8321", "8232", "8242", "1315", "1353", "8251", "3891", "8011"];
/// Partners that terms can name; the first ones run nodes.
pub const PARTNERS: [&str; 8] = [
    "oin:00000001001000000001",
    "oin:00000001001000000002",
    "oin:00000001001000000003",
    "kvk:10000004",
    "kvk:10000005",
    "kvk:10000006",
    "kvk:10000007",
    "kvk:10000008",
];
/// Contract forms in use here.
pub const CONTRACTS: [&str; 5] = ["permanent", "fixed-term", "secondment", "apprenticeship", "seasonal"];
/// Sectors in use here.
pub const SECTORS: [&str; 4] = ["C", "F", "H", "Q"];
const IMPORTANCES: [&str; 3] = ["essential", "important", "optional"];
const LEVELS: [u8; 5] = [10, 20, 30, 40, 60];

/// The skill with that number, 0–11.
#[must_use]
pub fn skill(number: usize) -> String {
    format!("http://data.europa.eu/esco/skill/test-{number:02}")
}

/// The occupation with that number, 0–4.
#[must_use]
pub fn occupation(number: usize) -> String {
    format!("http://data.europa.eu/esco/occupation/test-{number:02}")
}

/// A valid document of that kind; `now` is the instant at which the federation is asked.
pub fn document(kind: Kind, random: &mut Random, now: Timestamp) -> String {
    let mut offer = Map::new();
    offer.insert("title".to_owned(), json!(sentence(random, 1, 4)));
    offer.insert("description".to_owned(), json!(sentence(random, 1, 30)));
    match kind {
        Kind::Vacancy => vacancy(&mut offer, random, now),
        Kind::Training => training(&mut offer, random, now),
        Kind::SkillOffer => {
            offer.insert("skills".to_owned(), skills(random, false));
        }
    }
    if kind != Kind::SkillOffer && random.chance(20) {
        offer.insert("terms".to_owned(), terms(kind, random, now));
    }
    let value = Value::Object(offer);
    if random.chance(10) { format!("{value:#}") } else { value.to_string() }
}

fn sentence(random: &mut Random, least: usize, most: usize) -> String {
    let count = least + random.below(most - least + 1);
    let words: Vec<&str> = (0..count).map(|_| *random.pick(&WORDS)).collect();
    words.join(if random.chance(80) { " " } else { ", " })
}

fn day(random: &mut Random, now: Timestamp, from: i64, to: i64) -> String {
    let offset = from + i64::try_from(random.below(usize::try_from(to - from + 1).unwrap_or(1))).unwrap_or(0);
    now.plus_seconds(offset * 86_400).date().to_string()
}

fn maybe(offer: &mut Map<String, Value>, random: &mut Random, percent: usize, name: &str, value: impl FnOnce(&mut Random) -> Value) {
    if random.chance(percent) {
        let value = value(random);
        offer.insert(name.to_owned(), value);
    }
}

fn skills(random: &mut Random, importance: bool) -> Value {
    let numbers: Vec<usize> = (0..12).collect();
    let chosen = random.some(&numbers, 6);
    let list = chosen.into_iter().map(|number| {
        let mut skill_offered = json!({"uri": skill(number)});
        if importance && random.chance(80) {
            skill_offered["importance"] = json!(random.pick(&IMPORTANCES));
        }
        if random.chance(30) {
            skill_offered["label"] = json!({"nl": random.pick(&WORDS)});
        }
        skill_offered
    });
    Value::Array(list.collect())
}

fn occupations(random: &mut Random) -> Value {
    let numbers: Vec<usize> = (0..5).collect();
    let chosen = random.some(&numbers, 2);
    Value::Array(chosen.into_iter().map(|number| json!({"scheme": "esco", "uri": occupation(number)})).collect())
}

fn hours(random: &mut Random) -> Value {
    let min = random.below(5) * 8;
    json!({"min": min, "max": min + random.below(3) * 4})
}

fn place(random: &mut Random) -> Value {
    let digits = *random.pick(&PLACES);
    json!(match random.below(3) {
        0 => format!("{digits}AB"),
        1 => format!("{digits} XY"),
        _ => digits.to_owned(),
    })
}

fn vacancy(offer: &mut Map<String, Value>, random: &mut Random, now: Timestamp) {
    let mut employer = json!({"name": "Werkplaats de Proef BV"});
    if random.chance(70) {
        employer["sector"] = json!(random.pick(&SECTORS));
    }
    offer.insert("employer".to_owned(), employer);
    maybe(offer, random, 90, "skills", |random| skills(random, true));
    maybe(offer, random, 60, "occupations", occupations);
    maybe(offer, random, 60, "minimumEducation", |random| json!(random.pick(&LEVELS)));
    maybe(offer, random, 70, "hours", hours);
    maybe(offer, random, 70, "contracts", |random| {
        Value::Array(random.some(&CONTRACTS, 2).into_iter().map(|form| json!({"form": form})).collect())
    });
    maybe(offer, random, 40, "welcomesSharing", |random| json!(random.chance(60)));
    maybe(offer, random, 85, "location", |random| match random.below(6) {
        0 => json!({"remoteShare": 100}),
        1 => json!({"postcode": place(random), "remoteShare": 40}),
        _ => json!({"postcode": place(random)}),
    });
    maybe(
        offer,
        random,
        30,
        "languages",
        |random| json!([{"language": random.pick(&["nl", "en"]), "level": random.pick(&["A2", "B1", "C1"])}]),
    );
    maybe(offer, random, 25, "licences", |random| json!([random.pick(&["B", "C", "T"])]));
    maybe(offer, random, 40, "startDate", |random| json!(day(random, now, -20, 60)));
    maybe(offer, random, 40, "closingDate", |random| json!(day(random, now, -2, 60)));
}

fn training(offer: &mut Map<String, Value>, random: &mut Random, now: Timestamp) {
    offer.insert("provider".to_owned(), json!({"name": "Vakschool de Proef"}));
    maybe(offer, random, 90, "skillsTaught", |random| skills(random, false));
    maybe(offer, random, 40, "occupations", occupations);
    maybe(offer, random, 60, "level", |random| json!(random.pick(&LEVELS)));
    maybe(offer, random, 50, "hoursPerWeek", hours);
    maybe(offer, random, 50, "sectors", |random| json!(random.some(&SECTORS, 2)));
    maybe(offer, random, 70, "editions", |random| {
        let count = 1 + random.below(3);
        let editions = (0..count).map(|_| match random.below(4) {
            0 => json!({"mode": "online", "startDate": day(random, now, -10, 60)}),
            1 => json!({"mode": "on-site", "location": {"postcode": place(random)}}),
            _ => json!({"mode": "on-site", "startDate": day(random, now, -10, 60), "location": {"postcode": place(random)}}),
        });
        let mut distinct: Vec<Value> = editions.collect();
        distinct.sort_by_key(Value::to_string);
        distinct.dedup();
        Value::Array(distinct)
    });
    maybe(offer, random, 30, "closingDate", |random| json!(day(random, now, -2, 60)));
}

fn terms(kind: Kind, random: &mut Random, now: Timestamp) -> Value {
    let mut terms = Map::new();
    maybe(&mut terms, random, 60, "recipients", |random| {
        let named = random.some(&PARTNERS, 4);
        if named.is_empty() { json!("everyone") } else { json!(named) }
    });
    maybe(&mut terms, random, 30, "purposes", |random| {
        let own = if kind == Kind::Vacancy { "find-work" } else { "find-training" };
        json!([if random.chance(70) { own } else { "regional-statistics" }])
    });
    let names: &[&str] = match kind {
        Kind::Vacancy => &["skills", "hours", "location", "occupations", "contracts"],
        Kind::Training => &["skillsTaught", "editions", "level"],
        Kind::SkillOffer => &["hours"],
    };
    maybe(&mut terms, random, 40, "fields", |random| json!(random.some(names, 4)));
    maybe(&mut terms, random, 30, "until", |random| json!(day(random, now, -1, 30)));
    Value::Object(terms)
}
