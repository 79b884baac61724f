//! The schemas and the types say the same.
//!
//! The examples stand in `schemas/NAME/examples`; `schemas/tests/discipline.rs` holds them against the schemas alone.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{PatternOptions, Registry, Validator};
use polder_model::answer::{Answer, Documents, QueryResult};
use polder_model::offer::{self, Offer, parse, required_members};
use polder_model::problem::Problem;
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use polder_model::{Finding, FindingCode, Kind, Timestamp};
use serde_json::{Map, Value, json};

/// How [`polder_model::query::reading_failed`] begins: the schema let pass what the types refuse.
const TYPED: &str = "a member is unknown, missing, given twice or not of its form";

fn schema(name: &str) -> Value {
    serde_json::from_str(polder_schemas::schema(name).expect("a known name")).expect("a schema is JSON")
}

fn validator(name: &str) -> Validator {
    let mut registry = Registry::new();
    for (known, _) in polder_schemas::SCHEMAS {
        registry = registry.add(format!("urn:polder:schema:{known}:1.0"), schema(known)).expect("a schema can be registered");
    }
    let registry = registry.prepare().expect("every $ref resolves");
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    options.build(&schema(name)).expect("the schema compiles")
}

/// The examples in a folder: place and bytes. There is at least one.
fn examples(name: &str, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name).join("examples").join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", path.display());
    files.into_iter().map(|file| (file.clone(), fs::read(file).expect("a readable file"))).collect()
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("an example is JSON")
}

fn typed(offer: &Offer) -> Value {
    match offer {
        Offer::Vacancy(offer) => serde_json::to_value(offer),
        Offer::Training(offer) => serde_json::to_value(offer),
        Offer::SkillOffer(offer) => serde_json::to_value(offer),
    }
    .expect("an offer can be written")
}

/// Every text in a document, without the names of its members.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(list) => list.iter().for_each(|inner| texts(inner, found)),
        Value::Object(members) => members.values().for_each(|inner| texts(inner, found)),
        _ => {}
    }
}

/// A finding carries no text of the document. Texts that the schema itself holds (codes of its closed lists) and texts of one or two
/// letters are no news to anyone.
fn assert_nothing_leaks(kind: Kind, document: &Value, findings: &[Finding], what: &str) {
    let known = [polder_schemas::schema(kind.as_str()), polder_schemas::schema("terms")].map(Option::unwrap_or_default).concat();
    let mut values = Vec::new();
    texts(document, &mut values);
    for text in values.into_iter().filter(|text| text.chars().count() > 2 && !known.contains(&format!("\"{text}\""))) {
        for finding in findings {
            assert!(!finding.message.contains(text) && !finding.pointer.contains(text), "{what}: {finding:?} carries {text:?}");
        }
    }
}

#[test]
fn valid_offers_are_read_and_written_unchanged() {
    let (mut all, mut sure) = (0, 0);
    for kind in Kind::ALL {
        for (file, bytes) in examples(kind.as_str(), "valid") {
            let parsed = parse(kind, &bytes).unwrap_or_else(|findings| panic!("{}: {findings:?}", file.display()));
            let value = value(&bytes);
            assert_eq!(typed(&parsed.offer), value, "{}", file.display());
            assert!(offer::read_stored(kind, &bytes).is_ok(), "{}", file.display());
            (all, sure) = (all + 1, sure + usize::from(offer::is_surely_good(kind, &bytes)));
        }
    }
    assert!(sure * 4 >= all * 3, "most offers need no judge: {sure} of {all}");
}

#[test]
fn invalid_offers_are_refused_without_telling_what_they_hold() {
    for kind in Kind::ALL {
        for (file, bytes) in examples(kind.as_str(), "invalid") {
            let what = file.display().to_string();
            let findings = parse(kind, &bytes).expect_err(&what);
            assert!(!findings.is_empty(), "{what}");
            assert!(findings.iter().all(|finding| !finding.message.starts_with(TYPED)), "{what}: the schema lets it pass");
            assert_nothing_leaks(kind, &value(&bytes), &findings, &what);
        }
    }
}

#[test]
fn a_member_for_special_data_is_named_as_such() {
    for (kind, example) in [(Kind::Vacancy, "bsn-member"), (Kind::SkillOffer, "bsn-member"), (Kind::SkillOffer, "birth-date-member")] {
        let (_, bytes) = examples(kind.as_str(), "invalid")
            .into_iter()
            .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == example))
            .expect("that example");
        let findings = parse(kind, &bytes).expect_err("refused");
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [FindingCode::NotAllowed], "{kind} {example}");
    }
}

#[test]
fn rules_of_the_domain_refuse_without_telling_what_they_saw() {
    let nearly_everything = |kind: Kind| {
        let (_, bytes) = examples(kind.as_str(), "valid")
            .into_iter()
            .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == "nearly-everything"))
            .expect("that example");
        value(&bytes)
    };
    // Kind, place, value that the schema lets pass, finding.
    let edits = [
        (Kind::Vacancy, "/hours/min", json!(37), FindingCode::Contradiction),
        (Kind::Vacancy, "/salary/min", json!(99_999_999), FindingCode::Contradiction),
        (Kind::Vacancy, "/description", json!("Mijn nummer is 111.222.333, bel gerust"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/employer/name", json!("Voorbeeld\u{202e} B.V. onzichtbaar"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/employer/name", json!("V\u{43e}orbeeld Windonderhoud"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/terms/fields", json!(["beroepen"]), FindingCode::UnknownCode),
        (Kind::Vacancy, "/location", json!({"place": "Swifterbant"}), FindingCode::Missing),
        (Kind::Training, "/editions/0/endDate", json!("2027-01-31"), FindingCode::Contradiction),
        (Kind::Training, "/hoursPerWeek/max", json!(7), FindingCode::Contradiction),
        (Kind::SkillOffer, "/description", json!("Ik val onder de banenafspraak sinds kort"), FindingCode::NotAllowed),
        (Kind::SkillOffer, "/interests/0", json!("nummer 111222333"), FindingCode::NotAllowed),
        (Kind::SkillOffer, "/availableUntil", json!("2026-11-30"), FindingCode::Contradiction),
        (Kind::SkillOffer, "/periodWishes/0/until", json!("2027-05-31"), FindingCode::Contradiction),
    ];
    for (kind, place, wrong, code) in edits {
        let mut document = nearly_everything(kind);
        *document.pointer_mut(place).expect("that place") = wrong;
        let what = format!("{kind} {place}");
        let findings = parse(kind, document.to_string().as_bytes()).expect_err(&what);
        assert!(findings.iter().any(|finding| finding.code == code), "{what}: {findings:?}");
        assert_nothing_leaks(kind, &document, &findings, &what);
    }
}

#[test]
fn codes_of_occupations_stand_once() {
    let (_, bytes) = examples("skill-offer", "valid")
        .into_iter()
        .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == "nearly-everything"))
        .expect("that example");
    for member in ["occupationsWanted", "occupationsHeld"] {
        let mut document = value(&bytes);
        let mut again = document[member][0].clone();
        // Another label: the schema sees two different entries.
        again["label"] = json!({"nl": "Anders genoemd"});
        document[member].as_array_mut().expect("a list").push(again);
        let findings = parse(Kind::SkillOffer, document.to_string().as_bytes()).expect_err(member);
        let found: Vec<(&str, FindingCode)> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
        assert_eq!(found, [(format!("/{member}").as_str(), FindingCode::Contradiction)]);
    }
}

#[test]
fn an_integer_written_as_a_fraction_is_named_by_its_place() {
    let document =
        br#"{"title":"Lasser","description":"Je last windmolenmasten.","employer":{"name":"Voorbeeld"},"hours":{"min":24.0,"max":3.2e1},
        "location":{"postcode":"8225","latitude":52,"longitude":5.4}}"#;
    let findings = parse(Kind::Vacancy, document).expect_err("refused");
    let found: Vec<(&str, FindingCode)> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
    assert_eq!(found, [("/hours/max", FindingCode::WrongType), ("/hours/min", FindingCode::WrongType)]);
}

#[test]
fn only_latitude_and_longitude_are_numbers_with_a_fraction() {
    fn numbers<'s>(schema: &'s Value, name: &'s str, found: &mut Vec<&'s str>) {
        match schema {
            Value::Object(members) => {
                if schema["type"] == "number" {
                    found.push(name);
                }
                members.iter().for_each(|(inner, schema)| numbers(schema, inner, found));
            }
            Value::Array(list) => list.iter().for_each(|schema| numbers(schema, name, found)),
            _ => {}
        }
    }
    for (name, _) in polder_schemas::SCHEMAS {
        let schema = schema(name);
        let mut found = Vec::new();
        numbers(&schema, "", &mut found);
        assert!(found.iter().all(|member| ["latitude", "longitude"].contains(member)), "{name}: {found:?}");
    }
}

#[test]
fn instants_of_the_schema_are_instants_of_the_type() {
    let schema = schema("answer");
    let validator = jsonschema::options().with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    let validator = validator.build(&schema["properties"]["beganAt"]).expect("it compiles");
    for text in ["2026-11-23T12:00:00Z", "1970-01-01T00:00:00Z", "9998-12-31T23:59:59.999999Z", "2026-11-23T13:00:00.123456789+01:00"] {
        assert!(validator.is_valid(&json!(text)) && text.parse::<Timestamp>().is_ok(), "{text}");
    }
    for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "2026-02-29T12:00:00Z", "2026-11-23T99:99:99Z"] {
        assert!(!validator.is_valid(&json!(text)) && text.parse::<Timestamp>().is_err(), "{text}");
    }
    for text in
        ["2026-11-23T12:00:00-00:00", "2026-11-23T12:00:00", "2026-11-23t12:00:00z", "2026-11-23T12:00:00+24:00", "2026-11-23T12:00Z"]
    {
        assert!(!validator.is_valid(&json!(text)), "{text}");
    }
}

#[test]
fn ids_keys_and_tie_keys_of_the_schemas_are_those_of_the_types() {
    let query = value(&examples("query", "valid")[0].1);
    let refused = |member: &str, wrong: &str| {
        let mut query = query.clone();
        query[member] = json!(wrong);
        Query::parse(query.to_string().as_bytes()).is_err() && !validator("query").is_valid(&query)
    };
    assert!(refused("id", &"-".repeat(36)));
    assert!(refused("id", "6f0b7f1e-6a55-4d4e-9a396a0f5b9c1e77-000"));
    assert!(refused("tieKey", "00112233445566778899AABBCCDDEEFF"));
    for key in [".", "..", "...", ".a", "..a", "a.", "-", "a/b", "", &"x".repeat(100), &"x".repeat(101), &".".repeat(100), &".".repeat(101)]
    {
        let gone = json!({"queryId": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "partner": "kvk:90000001", "documents": [], "gone": [key]});
        assert_eq!(validator("documents").is_valid(&gone), serde_json::from_value::<Documents>(gone.clone()).is_ok(), "{key}");
    }
}

#[test]
fn bounds_of_a_query_are_those_of_its_schema() {
    let (_, bytes) =
        examples("query", "valid").into_iter().find(|(file, _)| file.ends_with("nearly-everything.json")).expect("that example");
    let contracts: Vec<&str> = polder_model::code::Contract::ALL.iter().map(|code| code.as_str()).collect();
    let sectors: Vec<&str> = polder_model::code::Sector::ALL.iter().map(|code| code.as_str()).collect();
    let licences: Vec<&str> = polder_model::code::Licence::ALL.iter().map(|code| code.as_str()).collect();
    let languages = |count: u8| -> Vec<Value> {
        (0..count).map(|n| json!({"language": format!("a{}", char::from(b'a' + n)), "level": "B1"})).collect()
    };
    let agree = |member: &str, list: Value, fits: bool| {
        let mut query = value(&bytes);
        query["criteria"][member] = list;
        assert_eq!(validator("query").is_valid(&query), fits, "{member}: the schema");
        assert_eq!(Query::parse(query.to_string().as_bytes()).is_ok(), fits, "{member}: the type");
    };
    for (member, all) in [("contracts", contracts), ("sectors", sectors), ("licences", licences)] {
        agree(member, json!(all), true);
        let mut twice = all.clone();
        twice.push(all[0]);
        agree(member, json!(twice), false);
        assert_eq!(schema("query")["properties"]["criteria"]["properties"][member]["maxItems"], json!(all.len()), "{member}");
    }
    agree("languages", json!(languages(20)), true);
    agree("languages", json!(languages(21)), false);
}

#[test]
fn required_members_are_those_of_the_schema() {
    for kind in Kind::ALL {
        assert_eq!(schema(kind.as_str())["required"], json!(required_members(kind)), "{kind}");
    }
}

/// Pointers to every value in a document, the whole first.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{pointer}/{index}"), found)),
        Value::Object(members) => members.iter().for_each(|(name, inner)| places(inner, &format!("{pointer}/{name}"), found)),
        _ => {}
    }
}

/// What is put in the place of a value: every other type, and extremes of its own.
fn replacements(value: &Value) -> Vec<Value> {
    let mut others = vec![Value::Null, json!(true), json!(0), json!("x"), json!([]), json!({}), json!([{}]), json!([null])];
    match value {
        Value::Number(number) => {
            others.extend([-1_i64, 1, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991].map(Value::from));
            others.extend([0.5, -0.5, 1e15, -1e15].map(Value::from));
            others.extend(number.as_f64().map(|same| json!(same)));
        }
        Value::String(text) => {
            let wide: String = text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c)).collect();
            others.extend(
                ["", " ", "1969-12-31", "1970-01-01", "2099-12-31", "2100-01-01", "0000-01-01", "2027-02-29", "2028-02-29"]
                    .map(Value::from),
            );
            others.extend(
                [format!("{text} "), format!("{text}\n"), text.repeat(2), text.to_uppercase(), text.to_lowercase(), wide].map(Value::from),
            );
            others
                .extend(["x".repeat(40), "é".repeat(200), "http://a".to_owned(), format!("https://{}", "a".repeat(193))].map(Value::from));
        }
        Value::Array(list) => {
            others.extend(list.first().map(|first| json!([first, first])));
            others.push(Value::Array(list.iter().rev().cloned().collect()));
        }
        Value::Object(_) => others.push(json!({"onbekend": 1})),
        _ => others.push(json!(false)),
    }
    others
}

/// Every document that differs from this one in one place.
fn mutants(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut pointers = Vec::new();
    places(document, "", &mut pointers);
    for pointer in pointers {
        let here = document.pointer(&pointer).expect("a place of the document");
        let mut put = |what: String, new: Value| {
            let mut changed = document.clone();
            *changed.pointer_mut(&pointer).expect("a place of the document") = new;
            found.push((format!("{pointer} {what}"), changed));
        };
        for new in replacements(here) {
            put(format!("becomes {new}"), new);
        }
        match here {
            Value::Object(members) => {
                for name in members.keys() {
                    put(format!("loses {name}"), Value::Object(without(members, name)));
                }
                let mut more = members.clone();
                more.insert("onbekend".to_owned(), json!("waarde"));
                put("gains a member".to_owned(), Value::Object(more));
            }
            Value::Array(list) => {
                for index in 0..list.len() {
                    let mut fewer = list.clone();
                    fewer.remove(index);
                    put(format!("loses entry {index}"), Value::Array(fewer));
                }
            }
            _ => {}
        }
    }
    found
}

fn without(members: &Map<String, Value>, name: &str) -> Map<String, Value> {
    members.iter().filter(|(known, _)| *known != name).map(|(known, inner)| (known.clone(), inner.clone())).collect()
}

#[test]
fn what_the_schema_of_an_offer_lets_pass_the_types_can_hold() {
    let mut disagreements = Vec::new();
    for kind in Kind::ALL {
        let validator = validator(kind.as_str());
        let (mut accepted, mut refused) = (0, 0);
        for (file, bytes) in examples(kind.as_str(), "valid") {
            for (what, mutant) in mutants(&value(&bytes)) {
                let text = mutant.to_string();
                let read = parse(kind, text.as_bytes());
                let findings = read.as_ref().err().map(Vec::as_slice).unwrap_or_default();
                if validator.is_valid(&mutant) {
                    accepted += 1;
                    if findings.iter().any(|finding| finding.message.starts_with(TYPED)) {
                        disagreements.push(format!("{kind} {what}"));
                    }
                    if let Ok(parsed) = read {
                        assert!(offer::read_stored(kind, text.as_bytes()).is_ok(), "{} {what}", file.display());
                        // A whole number may come back as a fraction of 0 (`52` as `52.0` for a latitude): the same number.
                        assert_eq!(as_fractions(&typed(&parsed.offer)), as_fractions(&mutant), "{} {what}", file.display());
                    }
                } else {
                    refused += 1;
                    assert!(!findings.is_empty(), "{} {what}: the schema refuses it", file.display());
                    assert_nothing_leaks(kind, &mutant, findings, &format!("{} {what}", file.display()));
                }
            }
        }
        assert!(accepted > 200 && refused > 2_000, "{kind}: {accepted} mutants accepted, {refused} refused");
    }
    let shown: Vec<&str> = disagreements.iter().take(30).map(String::as_str).collect();
    assert!(shown.is_empty(), "{} times the schema lets pass what the types refuse, such as:\n{}", disagreements.len(), shown.join("\n"));
}

fn as_fractions(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(list) => list.iter().map(as_fractions).collect(),
        Value::Object(members) => Value::Object(members.iter().map(|(name, inner)| (name.clone(), as_fractions(inner))).collect()),
        other => other.clone(),
    }
}

/// Reads every valid example of a schema into a type, and holds what the type writes against the schema.
fn assert_round_trip<T: serde::Serialize>(name: &str, read: impl Fn(&[u8]) -> Result<T, String>) {
    let validator = validator(name);
    for (file, bytes) in examples(name, "valid") {
        let read = read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let written = serde_json::to_value(&read).expect("it can be written");
        let errors: Vec<String> = validator.iter_errors(&written).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

/// Reads a type with serde, without putting the text into the message.
fn plainly<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

#[test]
fn queries_are_read_and_written() {
    assert_round_trip("query", |bytes| Query::parse(bytes).map_err(|findings| format!("{findings:?}")));
}

#[test]
fn query_requests_are_read_and_written() {
    assert_round_trip("query-request", |bytes| QueryRequest::parse(bytes).map_err(|findings| format!("{findings:?}")));
}

#[test]
fn answers_are_read_and_written() {
    assert_round_trip("answer", plainly::<Answer>);
}

#[test]
fn a_reason_has_the_members_of_its_kind_alone() {
    for (file, bytes) in examples("documents", "invalid") {
        let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if ["reason-with-member-of-another-kind", "reason-skill-without-importance", "reason-kind-unknown"].contains(&name.as_str()) {
            assert!(plainly::<Documents>(&bytes).is_err(), "{name}");
        }
    }
    let unknown = br#"{"kind":"hours","points":3,"overlap":3,"onbekend":1}"#;
    assert!(plainly::<polder_model::reason::Reason>(unknown).is_err());
    assert!(plainly::<polder_model::reason::Reason>(br#"{"kind":"hours","points":3,"overlap":3}"#).is_ok());
}

#[test]
fn documents_are_read_and_written() {
    assert_round_trip("documents", plainly::<Documents>);
}

#[test]
fn results_are_read_and_written() {
    assert_round_trip("result", plainly::<QueryResult>);
}

#[test]
fn problems_are_read_and_written() {
    assert_round_trip("problem", plainly::<Problem>);
    for (file, bytes) in examples("problem", "valid") {
        let problem: Problem = plainly(&bytes).expect("a problem");
        let kind = problem.problem_type().unwrap_or_else(|| panic!("{}: an unknown type", file.display()));
        assert_eq!((problem.status, problem.title.as_str()), (kind.status(), kind.title()), "{}", file.display());
    }
}

#[test]
fn the_reasons_in_the_examples_add_up() {
    for (file, bytes) in examples("documents", "valid") {
        let documents: Documents = plainly(&bytes).expect("documents");
        for document in documents.documents {
            let sum: u32 = document.reasons.iter().map(|reason| reason.points).sum();
            assert_eq!(sum, document.score, "{} {}", file.display(), document.key);
        }
    }
    for (file, bytes) in examples("result", "valid") {
        let result: QueryResult = plainly(&bytes).expect("a result");
        for hit in result.hits {
            let sum: u32 = hit.reasons.iter().map(|reason| reason.points).sum();
            assert_eq!(sum, hit.score, "{} {}", file.display(), hit.key);
        }
        assert_eq!(result.complete, result.missing.is_empty(), "{}", file.display());
    }
}
