//! The schemas, compiled once, and their errors turned into findings.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind as Error;
use jsonschema::{PatternOptions, Registry, ValidationError, Validator};
use serde_json::Value;

use crate::finding::{Finding, FindingCode};
use crate::name::Kind;

/// Most findings about one document.
const MOST_FINDINGS: usize = 50;

/// A schema made ready, and the names of all its members.
struct Judge {
    validator: Validator,
    members: Vec<String>,
}

static OFFERS: LazyLock<[Option<Judge>; 3]> = LazyLock::new(|| Kind::ALL.map(|kind| judge(kind.as_str())));
static QUERY_REQUEST: LazyLock<Option<Judge>> = LazyLock::new(|| judge("query-request"));

fn judge(name: &str) -> Option<Judge> {
    let read = |name| serde_json::from_str::<Value>(polder_schemas::schema(name)?).ok();
    let registry = Registry::new().add("urn:polder:schema:terms:1.0", read("terms")?).ok()?.prepare().ok()?;
    // A regular expression of the linear engine cannot be made to backtrack, and nothing is fetched.
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    let schema = read(name)?;
    let mut members = Vec::new();
    member_names(&schema, &mut members);
    Some(Judge { validator: options.build(&schema).ok()?, members })
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
    let known = |step: &str| {
        let members = OFFERS[place].as_ref().map(|judge| &judge.members);
        step.len() <= 5 && step.bytes().all(|b| b.is_ascii_digit())
            || TERMS.contains(&step)
            || members.is_some_and(|members| members.iter().any(|member| member == step))
    };
    pointer.split('/').skip(1).all(known)
}

/// Members of the terms, whose schema stands apart.
const TERMS: [&str; 4] = ["recipients", "purposes", "fields", "until"];

/// Everything that the schema of a query request finds wrong.
pub(crate) fn query_request_findings(value: &Value) -> Vec<Finding> {
    judged(QUERY_REQUEST.as_ref(), value)
}

fn judged(judge: Option<&Judge>, value: &Value) -> Vec<Finding> {
    let Some(judge) = judge else {
        return vec![Finding::new("", FindingCode::WrongType, "the schema of this kind cannot be read")];
    };
    if judge.validator.is_valid(value) {
        return Vec::new();
    }
    judge.validator.iter_errors(value).take(MOST_FINDINGS).map(|error| finding(&error, &judge.members)).collect()
}

/// What is wrong, without the value that is wrong.
fn finding(error: &ValidationError<'_>, members: &[String]) -> Finding {
    use FindingCode::{Missing, NotAllowed, OutOfBounds, UnknownMember, WrongType};
    let mut pointer = error.instance_path().to_string();
    let (code, message) = match error.kind() {
        Error::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            pointer = format!("{pointer}/{name}");
            (Missing, "this member must be given".to_owned())
        }
        Error::AdditionalProperties { unexpected } if unexpected.iter().any(|name| super::personal::is_forbidden_member(name)) => {
            (NotAllowed, "there is no member for citizen service numbers, health or other special-category data; leave it out".to_owned())
        }
        Error::AdditionalProperties { unexpected } => {
            let nearest: Vec<&str> = unexpected.iter().take(3).filter_map(|name| nearest(name, members)).collect();
            let hint = if nearest.is_empty() { String::new() } else { format!(", the nearest it has: {}", nearest.join(", ")) };
            (UnknownMember, format!("{} member(s) that the schema does not have{hint}; leave out what is not meant", unexpected.len()))
        }
        Error::Type { kind } => (WrongType, format!("this must be of another type: {}", types(kind))),
        Error::Enum { options } => (OutOfBounds, format!("allowed are {options}")),
        Error::Constant { expected_value } => (OutOfBounds, format!("this must be {expected_value}")),
        Error::Maximum { limit } => (OutOfBounds, format!("at most {limit}")),
        Error::Minimum { limit } => (OutOfBounds, format!("at least {limit}")),
        Error::MaxLength { limit } => (OutOfBounds, format!("at most {limit} characters")),
        Error::MinLength { limit } => (OutOfBounds, format!("at least {limit} character(s)")),
        Error::MaxItems { limit } => (OutOfBounds, format!("at most {limit} entries")),
        Error::MinItems { limit } => (OutOfBounds, format!("at least {limit} entries")),
        Error::UniqueItems => (OutOfBounds, "an entry stands twice".to_owned()),
        Error::Pattern { pattern } => (OutOfBounds, format!("this must have the form {pattern}")),
        Error::Format { format } => (OutOfBounds, format!("this must be a valid {format}")),
        Error::OneOfNotValid { .. } | Error::AnyOf { .. } => (WrongType, "none of the allowed forms fits".to_owned()),
        _ => (OutOfBounds, "this does not follow the schema".to_owned()),
    };
    Finding::new(pointer, code, message)
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(one) => one.to_string(),
        jsonschema::error::TypeKind::Multiple(_) => "one of the types in the schema".to_owned(),
    }
}

/// The member of the schema that a name is most like, if it is much like it. The name itself is not repeated: it may be anything.
fn nearest<'m>(name: &str, members: &'m [String]) -> Option<&'m str> {
    let like = |member: &&String| strsim::jaro_winkler(member, name);
    let best = members.iter().max_by(|a, b| like(a).total_cmp(&like(b)))?;
    (like(&best) > 0.85).then_some(best)
}
