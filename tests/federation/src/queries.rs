//! Random questions over the same vocabularies.

use polder_model::query::{Criteria, Query};
use polder_model::{Kind, PartnerId, Timestamp, text};
use serde_json::{Map, Value, json};

use crate::offers::{CONTRACTS, PLACES, SECTORS, WORDS, occupation, skill};
use crate::random::Random;

/// A random query of `asker`, valid by construction; half of them carry text.
///
/// # Panics
/// When a query that should be valid is not: a fault of this generator.
pub fn query(random: &mut Random, asker: &PartnerId, now: Timestamp) -> Query {
    let kind = if random.chance(65) { Kind::Vacancy } else { Kind::Training };
    let criteria: Criteria = serde_json::from_value(criteria(random, now)).expect("criteria of the expected form");
    let query = Query {
        id: format!("{:08x}-0000-4000-8000-{:012x}", random.bits() as u32, random.bits() & 0xffff_ffff_ffff),
        asker: asker.clone(),
        kind,
        purpose: if kind == Kind::Vacancy { polder_model::Purpose::FindWork } else { polder_model::Purpose::FindTraining },
        ranking: polder_model::query::RANKING.to_owned(),
        as_of: now,
        limit: u16::try_from(*random.pick(&[1_usize, 2, 3, 5, 10, 20, 100])).unwrap_or(1),
        deadline_ms: 10_000,
        hops: 1,
        about: None,
        tie_key: criteria.tie_key(kind),
        criteria,
    };
    assert_eq!(query.findings(), Vec::new(), "the generator makes valid queries");
    query
}

fn criteria(random: &mut Random, now: Timestamp) -> Value {
    let mut all = Map::new();
    let mut add = |random: &mut Random, percent: usize, name: &str, value: &dyn Fn(&mut Random) -> Value| {
        if random.chance(percent) {
            all.insert(name.to_owned(), value(random));
        }
    };
    add(random, 60, "skills", &skills);
    add(random, 30, "occupations", &|random| {
        let numbers: Vec<usize> = (0..5).collect();
        let chosen = random.some(&numbers, 3);
        Value::Array(chosen.into_iter().map(|n| json!({"uri": occupation(n), "factor": random.pick(&[100, 80, 50])})).collect())
    });
    add(random, 50, "text", &|random| {
        let words: Vec<&str> = (0..=random.below(4)).map(|_| *random.pick(&WORDS)).collect();
        let stems = text::distinct_stems(&words.join(" "));
        Value::Array(stems.into_iter().map(|term| json!({"term": term, "weight": 1 + random.below(100)})).collect())
    });
    add(random, 50, "travel", &travel);
    add(random, 40, "hours", &|random| {
        let min = random.below(30);
        json!({"min": min, "max": min + random.below(20)})
    });
    add(random, 30, "level", &|random| match random.below(3) {
        0 => json!({"min": 20}),
        1 => json!({"max": random.pick(&[20, 30, 40])}),
        _ => json!({"min": 20, "max": 40}),
    });
    add(random, 25, "contracts", &|random| json!(random.some(&CONTRACTS, 3)));
    add(random, 20, "sectors", &|random| json!(random.some(&SECTORS, 2)));
    add(random, 25, "languages", &|random| json!([{"language": "nl", "level": random.pick(&["A2", "B1", "C2"])}]));
    add(random, 25, "licences", &|random| json!(random.some(&["B", "C"], 2)));
    add(random, 25, "start", &|random| {
        let from = now.plus_seconds(86_400 * i64::try_from(random.below(20)).unwrap_or(0)).date().to_string();
        if random.chance(50) { json!({"from": from}) } else { json!({"until": from}) }
    });
    add(random, 20, "modifiedSince", &|random| json!(now.plus_seconds(-86_400 * i64::try_from(random.below(60)).unwrap_or(0)).to_string()));
    add(random, 15, "sharing", &|_| json!(true));
    Value::Object(all)
}

fn skills(random: &mut Random) -> Value {
    let numbers: Vec<usize> = (0..12).collect();
    let chosen = random.some(&numbers, 5);
    let list = chosen.into_iter().map(|number| {
        let others: Vec<usize> = (0..12).filter(|other| *other != number).collect();
        let related = random.some(&others, 3).into_iter().map(
            |other| json!({"uri": skill(other), "relation": random.pick(&["broader", "narrower"]), "factor": random.pick(&[50, 80, 99])}),
        );
        json!({"uri": skill(number), "related": related.collect::<Vec<_>>(), "weight": 1 + random.below(1_000)})
    });
    Value::Array(list.collect())
}

fn travel(random: &mut Random) -> Value {
    let mut places: Vec<&str> = random.some(&PLACES, 8);
    places.sort_unstable();
    let reach: Vec<Value> = places.into_iter().map(|place| json!([place, random.below(60) * 1_000, random.below(60)])).collect();
    let (measure, limit) = if random.chance(50) { ("minutes", 30) } else { ("metres", 30_000) };
    json!({"mode": "car", "measure": measure, "limit": limit, "reach": reach})
}
