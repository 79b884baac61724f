//! Offers that are made up: valid ones, with odd texts in them.

use polder_model::{Kind, offer};
use polder_random::Random;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 14] = [
    "Monteur windturbines",
    "=HYPERLINK(\"http://x\")",
    "'t Harde; 'aanhaling'",
    "'=1+1",
    "''",
    "-5 graden | of \\ meer",
    "a < b & c > d &amp; <b>niet vet</b>",
    "één regel\nnog een; \"citaat\"\n\nnieuwe alinea",
    "  begint met spaties en  dubbele",
    "@iedereen, +31 320",
    "tab\tteken",
    "日本語 😀 e\u{301}",
    "1,5 of 2.5",
    "</script><!-- x -->",
];

/// A text that is tidy, of at least two characters.
fn text(random: &mut Random) -> String {
    let parts: Vec<&str> = (0..=random.below(3)).map(|_| *random.pick(&TEXTS)).collect();
    parts.join(if random.chance(50) { " " } else { "\n" }).trim().to_owned()
}

fn line(random: &mut Random) -> String {
    let words = text(random).split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(90).collect::<String>().trim().to_owned()
}

fn date(random: &mut Random) -> String {
    format!("20{}-{:02}-{:02}", 27 + random.below(70), 1 + random.below(12), 1 + random.below(28))
}

fn label(random: &mut Random) -> Option<Value> {
    let mut label = Map::new();
    for language in ["nl", "en"] {
        if random.chance(60) {
            label.insert(language.to_owned(), line(random).into());
        }
    }
    (!label.is_empty()).then_some(Value::Object(label))
}

/// Leaves out each optional member of an object now and then.
fn some(random: &mut Random, mut object: Value, percent: usize, required: &[&str]) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.retain(|name, value| required.contains(&name.as_str()) || !value.is_null() && random.chance(percent));
    }
    object
}

fn skills(random: &mut Random, importance: bool) -> Value {
    let count = random.below(4);
    let skill = |random: &mut Random, at: usize| {
        let uris =
            ["http://data.europa.eu/esco/skill/", "https://linkeddata.competentnl.nl/id/humancapability/", "https://skills.example/"];
        let word = importance.then(|| *random.pick(&["essential", "important", "optional"]));
        let skill =
            json!({"uri": format!("{}{at}", random.pick(&uris)), "label": label(random), "level": 1 + random.below(5), "importance": word});
        some(random, skill, 60, &["uri"])
    };
    (0..count).map(|at| skill(random, at)).collect()
}

fn occupations(random: &mut Random) -> Value {
    let occupation = |random: &mut Random, at: usize| {
        let uris = [
            ("esco", "http://data.europa.eu/esco/occupation/"),
            ("competentnl", "https://linkeddata.competentnl.nl/uwv/id/occupation/"),
            ("isco08", "http://data.europa.eu/esco/isco/C721"),
        ];
        let (scheme, uri) = random.pick(&uris);
        let occupation = json!({"scheme": scheme, "uri": format!("{uri}{at}"), "label": label(random)});
        some(random, occupation, 60, &["scheme", "uri"])
    };
    (0..random.below(4)).map(|at| occupation(random, at)).collect()
}

fn range(random: &mut Random, most: usize) -> (usize, usize) {
    let one = random.below(most + 1);
    (one, one + random.below(most + 1 - one))
}

fn location(random: &mut Random, remote: bool) -> Value {
    let share = *random.pick(&[0, 30, 100]);
    let location = json!({"postcode": random.pick(&["8225", "8225XX", "8225 XX"]), "municipality": "GM0995", "place": line(random),
        "remoteShare": remote.then_some(share)});
    let required: &[&str] = if remote && share == 100 { &["remoteShare"] } else { &["postcode"] };
    let mut location = some(random, location, 60, required);
    if random.chance(50) {
        location["latitude"] = json!(52.502);
        location["longitude"] = json!(5.45);
    }
    location
}

fn application(random: &mut Random) -> Value {
    let application = json!({"url": "https://werk.example/a?b=c&d", "email": "werk@voorbeeld.example", "telephone": "+31 320 000001", "instructions": text(random)});
    some(random, application, 60, &["url"])
}

/// Lists and objects without anything in them are left out: formats have none.
fn without_empty(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.retain(|_, value| {
            !matches!(value, Value::Array(list) if list.is_empty()) && !matches!(value, Value::Object(members) if members.is_empty())
        });
    }
    document
}

/// A vacancy that passes every check.
pub fn vacancy(random: &mut Random) -> Value {
    let (hours, pay) = (range(random, 80), range(random, 5_000));
    let employer =
        json!({"name": random.pick(&["Voorbeeld B.V.", "'t Oude Land", "A & B <C>"]), "kvk": "90000001", "sector": "D", "sbi": "35111"});
    let contracts: Vec<Value> = random
        .some(&["permanent", "fixed-term", "secondment", "internship", "freelance", "volunteer", "on-call"], 4)
        .into_iter()
        .map(|form| if random.chance(30) { json!({"form": form, "recognisedTrainingCompany": "LB-1"}) } else { json!({"form": form}) })
        .collect();
    let languages: Vec<Value> =
        random.some(&["nl", "en", "pl"], 3).into_iter().map(|language| json!({"language": language, "level": "B1"})).collect();
    let salary = json!({"min": pay.0, "max": pay.1, "currency": "EUR", "period": random.pick(&["hour", "day", "week", "month", "year"])});
    let document = json!({
        "title": line(random), "description": text(random), "language": random.pick(&["nl", "en", "de"]),
        "employer": some(random, employer, 60, &["name"]),
        "occupations": occupations(random), "skills": skills(random, true),
        "minimumEducation": random.pick(&polder_model::code::LEVELS), "hours": {"min": hours.0, "max": hours.1},
        "workingTimes": {"flexible": random.chance(50), "dayParts": if random.chance(50) { json!(["mon-morning"]) } else { json!(["sat-night", "sun-evening"]) }},
        "season": {"fromWeek": 40, "toWeek": 12}, "contracts": contracts, "welcomesSharing": random.chance(50),
        "salary": some(random, salary, 70, &["period", "currency", "max"]),
        "location": location(random, true), "startDate": date(random), "closingDate": date(random), "positions": 1 + random.below(1000),
        "languages": languages, "licences": random.some(&["B", "B+", "CE"], 3), "application": application(random),
        "terms": random.pick(&[json!({"recipients": "everyone", "purposes": ["find-work"]}), json!({"until": "2098-12-31"})]),
    });
    let document = without_empty(some(random, document, 70, &["title", "description", "employer"]));
    offer::parse(Kind::Vacancy, document.to_string().as_bytes()).unwrap_or_else(|findings| panic!("{findings:?} in {document}"));
    document
}

fn edition(random: &mut Random, at: usize) -> Value {
    let start = date(random);
    let edition = json!({"key": format!("uitvoering-{at}"), "startDate": start, "location": location(random, false), "mode": random.pick(&["on-site", "online", "blended"]),
        "seats": random.below(10_001), "language": random.pick(&["nl", "en"])});
    some(random, edition, 70, &["mode"])
}

/// A training that passes every check.
pub fn training(random: &mut Random) -> Value {
    let hours = range(random, 80);
    let provider =
        json!({"name": random.pick(&["Voorbeeldcollege", "A & B <C>", "=School"]), "kvk": "90000004", "institutionCode": "99ZZ"});
    let price = json!({"amount": random.below(100_000_001), "currency": "EUR", "note": text(random)});
    let leads: Vec<Value> =
        (0..random.below(3)).map(|at| json!({"title": line(random), "level": 40, "code": format!("9000{at}")})).collect();
    let mut editions: Vec<Value> = (0..random.below(4)).map(|at| edition(random, at)).collect();
    editions.sort_by(|one, other| one["startDate"].as_str().cmp(&other["startDate"].as_str()));
    editions.dedup();
    let mut taught = skills(random, false);
    taught.as_array_mut().into_iter().flatten().for_each(|skill| drop(skill.as_object_mut().map(|skill| skill.remove("importance"))));
    let mut required = skills(random, false);
    required.as_array_mut().into_iter().flatten().for_each(|skill| drop(skill.as_object_mut().map(|skill| skill.remove("importance"))));
    let document = json!({
        "title": line(random), "description": text(random), "language": random.pick(&["nl", "en", "de"]),
        "provider": some(random, provider, 60, &["name"]), "skillsTaught": taught, "skillsRequired": required, "occupations": occupations(random),
        "sectors": random.some(&["A", "C", "Q"], 3), "level": random.pick(&polder_model::code::LEVELS),
        "credential": random.pick(&["none", "certificate", "microcredential", "mbo-certificate", "mbo-diploma", "associate-degree", "bachelor", "master"]),
        "programmeCodes": random.some(&[json!({"scheme": "crebo", "code": "90001"}), json!({"scheme": "croho", "code": "1"}), json!({"scheme": "rio", "code": "100A001"}), json!({"scheme": "keuzedeel", "code": "K1"})], 4),
        "routes": random.some(&["bol", "bbl", "full-time", "part-time", "dual", "self-paced"], 2), "hoursPerWeek": {"min": hours.0, "max": hours.1},
        "studyLoad": {"value": 1 + random.below(20_000), "unit": random.pick(&["hours", "sbu", "ects"])}, "durationWeeks": 1 + random.below(520),
        "price": some(random, price, 50, &["amount", "currency"]), "funding": random.some(&["slim", "employer", "none"], 3), "editions": editions,
        "leadsTo": leads, "closingDate": date(random), "enrolment": application(random),
        "terms": random.pick(&[json!({"recipients": "everyone"}), json!({"until": "2098-12-31"})]),
    });
    let document = without_empty(some(random, document, 70, &["title", "description", "provider"]));
    offer::parse(Kind::Training, document.to_string().as_bytes()).unwrap_or_else(|findings| panic!("{findings:?} in {document}"));
    document
}
