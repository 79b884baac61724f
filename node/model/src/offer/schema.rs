//! The schemas, compiled once, and their errors turned into findings.

use std::sync::LazyLock;

use jsonschema::{PatternOptions, Registry, Validator};
use serde_json::Value;

use super::explain::Told;
use crate::finding::{Finding, FindingCode};
use crate::json;
use crate::name::Kind;

/// Most findings about one document.
const MOST_FINDINGS: usize = 50;

/// A schema made ready, its text with the terms in it, and the names of all its members.
struct Judge {
    validator: Validator,
    shape: Value,
    members: Vec<String>,
}

/// The schema that each offer's terms follow.
pub(super) const TERMS_SCHEMA: &str = "urn:polder:schema:terms:1.0";

static OFFERS: LazyLock<[Option<Judge>; 3]> = LazyLock::new(|| Kind::ALL.map(|kind| judge(kind.as_str())));
static QUERY_REQUEST: LazyLock<Option<Judge>> = LazyLock::new(|| judge("query-request"));

fn judge(name: &str) -> Option<Judge> {
    let read = |name| serde_json::from_str::<Value>(polder_schemas::schema(name)?).ok();
    let registry = Registry::new().add(TERMS_SCHEMA, read("terms")?).ok()?.prepare().ok()?;
    // A regular expression of the linear engine cannot be made to backtrack, and nothing is fetched.
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    let schema = read(name)?;
    let validator = options.build(&schema).ok()?;
    let (mut shape, mut members) = (schema, Vec::new());
    if let Some(terms) = shape.pointer_mut("/properties/terms") {
        *terms = read("terms")?;
    }
    member_names(&shape, &mut members);
    Some(Judge { validator, shape, members })
}

fn member_names(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(keywords) => {
            let properties = keywords.get("properties").and_then(Value::as_object);
            names.extend(properties.into_iter().flat_map(|properties| properties.keys().cloned()));
            keywords.values().for_each(|inner| member_names(inner, names));
        }
        Value::Array(list) => list.iter().for_each(|inner| member_names(inner, names)),
        _ => {}
    }
}

/// Everything that the schema of the kind finds wrong.
pub(super) fn findings(kind: Kind, value: &Value) -> Vec<Finding> {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    judged(OFFERS[place].as_ref(), value)
}

/// Whether a pointer names members of the schema only. One that was invented may be anything, and is not repeated.
pub(super) fn knows(kind: Kind, pointer: &str) -> bool {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    OFFERS[place].as_ref().is_some_and(|judge| judge.knows(pointer))
}

/// Says of members that are not known where the first of them stands in the text.
pub(super) fn say_where(kind: Kind, text: &[u8], findings: &mut [Finding]) {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    if let Some(judge) = OFFERS[place].as_ref() {
        say_where_by(judge, text, findings);
    }
}

fn say_where_by(judge: &Judge, text: &[u8], findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.code == FindingCode::UnknownMember) {
        let known = super::explain::members_at(&judge.shape, &finding.pointer);
        if let Some((line, column)) = json::place_of_other(text, &finding.pointer, &known) {
            finding.message += &format!(" (the first at {})", json::place(line, column));
        }
    }
}

impl Judge {
    fn knows(&self, pointer: &str) -> bool {
        let number = |step: &str| (1..=5).contains(&step.len()) && step.bytes().all(|b| b.is_ascii_digit());
        pointer.split('/').skip(1).all(|step| number(step) || self.members.iter().any(|member| member == step))
    }
}

/// Everything that the schema of a query request finds wrong, with where it stands in its text, and every number that is not written as an integer.
pub(crate) fn query_request_findings(value: &Value, text: &[u8]) -> Vec<Finding> {
    let judge = QUERY_REQUEST.as_ref();
    let mut findings = judged(judge, value);
    if let Some(judge) = judge {
        say_where_by(judge, text, &mut findings);
    }
    for fraction in json::fractions(value, &[]) {
        let told = findings.iter().any(|finding| finding.pointer == fraction.pointer);
        if !told && judge.is_some_and(|judge| judge.knows(&fraction.pointer)) {
            findings.push(fraction);
        }
    }
    findings
}

fn judged(judge: Option<&Judge>, value: &Value) -> Vec<Finding> {
    let Some(judge) = judge else {
        return vec![Finding::new("", FindingCode::WrongType, "the schema of this kind cannot be read")];
    };
    if judge.validator.is_valid(value) {
        return Vec::new();
    }
    super::explain::findings(judge.validator.iter_errors(value).take(MOST_FINDINGS).map(|error| Told::of(&error, &judge.shape)))
}
