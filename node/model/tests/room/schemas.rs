//! The schemas and the types say the same.
//!
//! The examples stand in `schemas/NAME/examples`; `schemas/tests/discipline.rs` holds them against the schemas alone.

mod mutants;
mod offers;

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{PatternOptions, Registry, Validator};
use polder_model::answer::{Answer, Documents, People, QueryResult};
use polder_model::offer::Offer;
use polder_model::problem::Problem;
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use polder_model::{Finding, Kind, Timestamp};
use serde_json::{Value, json};

/// What [`polder_model::query::reading_failed`] says and no other: the schema let pass what the types refuse.
const TYPED: &str = "(line ";

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
fn people_are_read_and_written() {
    assert_round_trip("people", plainly::<People>);
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
    for (file, bytes) in examples("people", "valid") {
        let answer: People = plainly(&bytes).expect("people");
        for person in answer.people {
            let sum: u32 = person.reasons.iter().map(|reason| reason.points).sum();
            assert_eq!(sum, person.score, "{} {}", file.display(), person.handle);
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
