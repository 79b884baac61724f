//! The examples of the OpenAPI document: those of the schemas, and small ones of what only this interface has.

use polder_formats::job_posting;
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Date, Finding, FindingCode, Kind};
use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::{Content, Ref};

/// A name and a value.
pub(super) type Named = (String, Value);

/// Content of a schema, with examples.
pub(super) fn content(component: &str, examples: Vec<Named>) -> Content {
    let examples = examples.into_iter().map(|(name, value)| (name, example(value)));
    ContentBuilder::new().schema(Some(Ref::from_schema_name(component))).examples_from_iter(examples).build()
}

fn example(value: Value) -> Example {
    ExampleBuilder::new().value(Some(value)).build()
}

/// The valid examples of a schema that are embedded.
pub(super) fn of_schema(schema: &str) -> Vec<Named> {
    let read = |(name, text): (&str, &str)| Some((name.to_owned(), serde_json::from_str(text).ok()?));
    polder_schemas::examples::of(schema).filter_map(read).collect()
}

/// One example of each problem.
pub(super) fn of_problems(types: &[ProblemType]) -> Vec<Named> {
    let value = |kind: ProblemType| match (kind, finding(kind)) {
        (ProblemType::InvalidDocument, _) => of_schema("problem").pop().map(|(_, value)| value),
        (_, Some(finding)) => {
            let detail = format!("{}: {}", finding.pointer, finding.message);
            serde_json::to_value(Problem::new(kind, detail).with_findings(vec![finding])).ok()
        }
        _ => serde_json::to_value(Problem::new(kind, kind.title())).ok(),
    };
    types.iter().filter_map(|kind| Some((kind.name().to_owned(), value(*kind)?))).collect()
}

/// What is found wrong, of problems that name it.
fn finding(kind: ProblemType) -> Option<Finding> {
    let (pointer, code, message) = match kind {
        ProblemType::UnknownCode => ("/skills/0/label", FindingCode::UnknownCode, "no table knows this skill; nearest are: lastechnieken"),
        ProblemType::FieldNotAllowed => {
            let message = "there is no member for citizen service numbers, health or other special-category data; leave it out";
            ("/employer", FindingCode::NotAllowed, message)
        }
        _ => return None,
    };
    Some(Finding::new(pointer, code, message))
}

pub(super) fn receipt() -> Vec<Named> {
    let receipt = |outcome: &str, version: u64, notes: Value| json!({"key": "V-2041", "outcome": outcome, "version": version, "change": 6 + version, "modifiedAt": "2026-11-20T08:00:00Z", "notes": notes});
    let note = json!([{"pointer": "/location/postcode", "code": "unknown-code",
                       "message": "no table knows the postcode 8399; nearest are: 8398 Blesdijke; 8397 De Blesse; 8396 Peperga"}]);
    vec![("created".to_owned(), receipt("created", 1, json!([]))), ("with-a-note".to_owned(), receipt("replaced", 2, note))]
}

/// The first example of a vacancy, as it is written.
pub(super) fn posting() -> Vec<Named> {
    let vacancy = of_schema("vacancy").into_iter().next().map(|(_, value)| value.to_string());
    let day = Date::from_days(20_787);
    let written = vacancy.zip("V-2041".parse().ok()).and_then(|(vacancy, key)| job_posting::write(&key, vacancy.as_bytes(), day, day).ok());
    written.into_iter().map(|written| ("as-job-posting".to_owned(), written.value)).collect()
}

pub(super) fn page(kind: Kind) -> Vec<Named> {
    let offer = of_schema(kind.as_str()).into_iter().next().map(|(_, value)| value);
    let item = json!({"key": "V-2041", "version": 1, "modifiedAt": "2026-11-20T08:00:00Z", "document": offer});
    vec![("with-more-to-come".to_owned(), json!({"items": [item], "next": "Vi0yMDQx"}))]
}

pub(super) fn partners() -> Vec<Named> {
    let table = json!({"name": "skills", "version": "v1.2.0", "sha256": "3f1c".repeat(16)});
    let partner = json!({"partner": "kvk:12345678", "name": "Voorbeeld BV", "roles": ["employer"], "purposes": ["find-work", "find-training"],
                         "status": "active", "region": "flevoland", "home": true, "tables": [table], "otherTables": []});
    let register = json!({"region": "flevoland", "epoch": 1, "version": 3, "standing": "current", "time": "2026-11-23T12:00:00Z"});
    vec![("one-partner".to_owned(), json!({"register": register, "tables": [table], "items": [partner]}))]
}

/// One line of each type.
pub(super) fn lines() -> Vec<Named> {
    let Some((_, result)) = of_schema("result").into_iter().next() else { return Vec::new() };
    let line = |kind: &str, mut members: Value| {
        members["type"] = json!(kind);
        (kind.to_owned(), members)
    };
    vec![
        line("partner", result["answered"][0].clone()),
        line("missing", result["missing"][0].clone()),
        line("hits", json!({"hits": [result["hits"][0]]})),
        line("result", result),
        line("incomplete", json!({"problem": Problem::new(ProblemType::Unavailable, "this node stops; ask again")})),
    ]
}
