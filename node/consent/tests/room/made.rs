//! What is made for the tests: profiles, consents and questions, all valid. The same seed makes the same.

use std::sync::Arc;

use polder_consent::purpose::rules;
use polder_consent::{Authentication, Consent, ConsentId, Epoch, Event, Field, FieldSet, GrantId, Notice, What, WorkerId};
use polder_model::query::Query;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_random::Random;
use serde_json::{Map, Value, json};

const DAY: i64 = 86_400;
const WORDS: [&str; 8] = ["monteur", "lasser", "zorg", "kok", "techniek", "chauffeur", "planner", "tuin"];
const CONTRACTS: [&str; 4] = ["permanent", "fixed-term", "seasonal", "on-call"];
const SECTORS: [&str; 4] = ["A", "C", "F", "Q"];
const LEVELS: [u8; 5] = [10, 20, 30, 45, 70];
const PLACES: [&str; 4] = ["8211", "8225", "8232", "1315"];
/// Every member of a skill offer but the terms, with a chance in percent that a profile has it. What it must have comes first.
const MEMBERS: [(&str, usize); 21] = [
    ("title", 100),
    ("skills", 100),
    ("description", 60),
    ("occupationsWanted", 60),
    ("occupationsHeld", 40),
    ("education", 60),
    ("hours", 60),
    ("periodWishes", 30),
    ("workingTimes", 30),
    ("contracts", 60),
    ("employersAtOnce", 30),
    ("availableFrom", 50),
    ("availableUntil", 40),
    ("postcode", 70),
    ("commute", 40),
    ("languages", 40),
    ("licences", 40),
    ("sectors", 60),
    ("interests", 40),
    ("salaryWish", 40),
    ("contact", 70),
];

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

pub(crate) fn recipients() -> Vec<PartnerId> {
    (1..=3).map(|number| format!("kvk:9000000{number}").parse().expect("a partner")).collect()
}

fn words(random: &mut Random, most: usize) -> String {
    let count = 1 + random.below(most);
    (0..count).map(|_| *random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn skill(random: &mut Random) -> String {
    format!("http://data.europa.eu/esco/skill/test-{}", random.below(8))
}

fn occupation(random: &mut Random) -> String {
    format!("http://data.europa.eu/esco/occupation/test-{}", random.below(4))
}

/// Up to so many distinct ones.
fn distinct(random: &mut Random, most: usize, mut one: impl FnMut(&mut Random) -> Value, by: &str) -> Value {
    let mut list: Vec<Value> = Vec::new();
    for _ in 0..random.below(most + 1) {
        let made = one(random);
        let is_same = |known: &Value| if by.is_empty() { *known == made } else { known[by] == made[by] };
        if !list.iter().any(is_same) {
            list.push(made);
        }
    }
    Value::Array(list)
}

fn member(name: &str, random: &mut Random) -> Value {
    match name {
        "title" => json!(words(random, 3)),
        "description" => json!(words(random, 12)),
        "interests" => distinct(random, 3, |random| json!(words(random, 2)), ""),
        "skills" => distinct(random, 5, skill_held, "uri"),
        "occupationsWanted" => distinct(random, 3, |random| json!({"scheme": "esco", "uri": occupation(random)}), "uri"),
        "occupationsHeld" => distinct(random, 3, |random| json!({"scheme": "esco", "uri": occupation(random), "years": 3}), "uri"),
        "education" => json!(random.pick(&LEVELS)),
        "hours" => {
            let min = random.below(30);
            json!({"min": min, "max": min + random.below(11)})
        }
        "periodWishes" => json!([{"from": "2027-06-01", "wish": random.pick(&["more-hours", "study-beside-work"])}]),
        "workingTimes" => json!({"flexible": random.chance(50), "dayParts": [random.pick(&["mon-morning", "tue-evening"])]}),
        "contracts" => json!(random.some(&CONTRACTS, 3)),
        "employersAtOnce" => json!(1 + random.below(5)),
        "availableFrom" => json!(random.pick(&["2026-11-01", "2026-11-15"])),
        "availableUntil" => json!(random.pick(&["2026-11-20", "2027-12-31", "2028-01-31"])),
        "postcode" => json!(random.pick(&PLACES)),
        "commute" => json!({"mode": random.pick(&["car", "bike"]), "maxMinutes": 10 + random.below(50)}),
        "languages" => json!([{"language": "nl", "level": random.pick(&["A2", "B2", "C2"])}]),
        "licences" => json!(random.some(&["B", "BE", "C"], 3)),
        "sectors" => json!(random.some(&SECTORS, 3)),
        "salaryWish" => json!({"min": 200_000 + random.below(9) * 10_000, "period": "month"}),
        _ => contact(random),
    }
}

fn skill_held(random: &mut Random) -> Value {
    let mut held = json!({"uri": skill(random)});
    if random.chance(30) {
        held["label"] = json!({"nl": words(random, 1)});
    }
    if random.chance(30) {
        held["evidence"] =
            json!([{"type": "certificate", "uri": format!("https://bewijs.example/{}", random.below(99))}, {"type": "work"}]);
    }
    held
}

fn contact(random: &mut Random) -> Value {
    let mut contact = Map::new();
    for (name, value) in [("name", "Sanne Voorbeeld"), ("email", "sanne@voorbeeld.example"), ("telephone", "+31 6 00000000")] {
        if random.chance(70) {
            let value = if random.chance(50) { value.to_owned() } else { value.replace("Sanne", "Mila").replace("sanne", "mila") };
            contact.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(contact)
}

/// A profile.
pub(crate) fn profile(random: &mut Random) -> Map<String, Value> {
    let mut profile = Map::new();
    for (name, percent) in MEMBERS {
        if random.chance(percent) {
            profile.insert(name.to_owned(), member(name, random));
        }
    }
    profile
}

/// The same profile with everything made anew that is not in this set: other values, or none, or one where there was none.
pub(crate) fn with_others_changed(profile: &Map<String, Value>, kept: FieldSet, random: &mut Random) -> Map<String, Value> {
    let mut changed = profile.clone();
    let keeps = |pointer: &str| kept.iter().any(|field| field.pointer() == pointer);
    for (name, percent) in MEMBERS {
        if name == "contact" {
            let mut contact = contact(random);
            for part in ["name", "email", "telephone"] {
                if keeps(&format!("/contact/{part}")) {
                    contact.as_object_mut().expect("an object").remove(part);
                    if let Some(own) = profile.get("contact").and_then(|own| own.get(part)) {
                        contact[part] = own.clone();
                    }
                }
            }
            changed.insert(name.to_owned(), contact);
        } else if !keeps(&format!("/{name}")) {
            changed.remove(name);
            if random.chance(percent) {
                changed.insert(name.to_owned(), member(name, random));
            }
        }
    }
    changed
}

/// A consent with its events, and whether anything is authorised by it now: known from how it was made.
pub(crate) fn consent(purpose: Purpose, recipient: &PartnerId, random: &mut Random) -> (Consent, Vec<Event>, bool) {
    use What::{Defer, Give, Invalidate, Refuse, Replace, Request, Revoke, Withdraw};
    let rules = rules(purpose).expect("a purpose for people");
    let lives: [(&[What], bool); 10] = [
        (&[Give], true),
        (&[Request, Give], true),
        (&[Request, Defer, Give], true),
        (&[Give, Withdraw], false),
        (&[Give, Replace], false),
        (&[Give, Revoke], false),
        (&[Give, Invalidate], false),
        (&[Request], false),
        (&[Request, Refuse], false),
        (&[], false),
    ];
    let (life, gives) = if random.chance(70) { lives[random.below(3)] } else { *random.pick(&lives) };
    let is_over = random.chance(10);
    let until = if is_over { now() } else { now().plus_seconds(DAY) };
    let events = life.iter().zip(0..).map(|(what, number)| Event::new(*what, now().plus_seconds((number - 9) * DAY))).collect();
    let fields: FieldSet = rules.allows.iter().filter(|field| rules.needs.contains(*field) || random.chance(50)).collect();
    let consent = Consent {
        id: ConsentId::from_random([1; 16]),
        grant_id: GrantId::from_random([2; 16]),
        worker: WorkerId::from_random([3; 16]),
        controller: "kvk:90000009".parse().expect("a partner"),
        recipient: recipient.clone(),
        purpose,
        epoch: Epoch(1),
        activity: "urn:example:activity:1".to_owned(),
        legal_basis: rules.basis,
        fields: if fields.is_empty() { rules.allows } else { fields },
        lease_seconds: rules.lease_seconds,
        notice: Notice {
            id: "urn:example:notice:1".to_owned(),
            sha256: "00".repeat(32),
            language: "nl".to_owned(),
            channel: "api".to_owned(),
        },
        authentication: Authentication { issuer: "https://example.org".to_owned(), level: String::new(), at: now() },
        assisted_by: None,
        from: until.plus_seconds(-300 * DAY),
        until,
        renews: None,
    };
    (consent, events, gives && !is_over)
}

/// A question of that partner.
pub(crate) fn question(purpose: Purpose, asker: &PartnerId, random: &mut Random) -> Arc<Query> {
    let mut criteria = Map::new();
    let mut maybe = |random: &mut Random, percent, name: &str, made: &dyn Fn(&mut Random) -> Value| {
        if random.chance(percent) {
            let value = made(random);
            criteria.insert(name.to_owned(), value);
        }
    };
    maybe(random, 60, "skills", &|random| distinct(random, 4, |random| json!({"uri": skill(random), "weight": 250}), "uri"));
    maybe(random, 40, "occupations", &|random| distinct(random, 3, |random| json!({"uri": occupation(random), "factor": 100}), "uri"));
    maybe(random, 40, "text", &|random| distinct(random, 2, |random| json!({"term": random.pick(&WORDS), "weight": 60}), "term"));
    let reach = json!([["8211", 3_400, 8], ["8225", 0, 3], ["8232", 21_000, 29]]);
    maybe(
        random,
        30,
        "travel",
        &|random| json!({"mode": "car", "measure": "minutes", "limit": 5 + random.below(30), "reach": reach.clone()}),
    );
    maybe(random, 30, "hours", &|random| json!({"min": random.below(20), "max": 20 + random.below(21)}));
    maybe(random, 30, "level", &|random| json!({"min": *random.pick(&[10, 20, 30])}));
    maybe(random, 30, "contracts", &|random| json!(random.some(&CONTRACTS, 3)));
    maybe(random, 30, "sectors", &|random| json!(random.some(&SECTORS, 3)));
    maybe(random, 20, "start", &|_| json!({"from": "2026-11-10", "until": "2027-01-01"}));
    let about = if purpose == Purpose::MatchVacancy { "vacancy" } else { "training" };
    let query = json!({
        "id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": asker, "kind": "skill-offer", "purpose": purpose, "ranking": "polder-1",
        "asOf": now(), "limit": 50, "deadlineMs": 2_000, "hops": 1, "tieKey": "00112233445566778899aabbccddeeff", "criteria": criteria,
        "about": {"kind": about, "key": "V-1"},
    });
    Arc::new(Query::parse(query.to_string().as_bytes()).unwrap_or_else(|findings| panic!("{findings:?} in {query}")))
}

/// The top-level member in which a field stands, and what stands in it.
pub(crate) fn parts(field: Field) -> (&'static str, Option<&'static str>) {
    let name = &field.pointer()[1..];
    name.split_once('/').map_or((name, None), |(member, part)| (member, Some(part)))
}
