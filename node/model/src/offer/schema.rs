//! The schemas, compiled once, and their errors turned into findings.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind as Error;
use jsonschema::{PatternOptions, Registry, ValidationError, Validator};
use serde_json::Value;

use crate::finding::{Finding, FindingCode};
use crate::name::Kind;

/// Most findings about one document.
const MOST_FINDINGS: usize = 50;

static VALIDATORS: LazyLock<[Option<Validator>; 3]> = LazyLock::new(|| Kind::ALL.map(compile));

fn compile(kind: Kind) -> Option<Validator> {
    let read = |name| serde_json::from_str::<Value>(polder_schemas::schema(name)?).ok();
    let registry = Registry::new().add("urn:polder:schema:terms:1.0", read("terms")?).ok()?.prepare().ok()?;
    // A regular expression of the linear engine cannot be made to backtrack, and nothing is fetched.
    let options =
        jsonschema::options().with_registry(&registry).with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    options.build(&read(kind.as_str())?).ok()
}

/// Everything that the schema of the kind finds wrong.
pub(super) fn findings(kind: Kind, value: &Value) -> Vec<Finding> {
    let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    let Some(validator) = &VALIDATORS[place] else {
        return vec![Finding::new("", FindingCode::WrongType, "the schema of this kind cannot be read")];
    };
    if validator.is_valid(value) {
        return Vec::new();
    }
    validator.iter_errors(value).take(MOST_FINDINGS).map(|error| finding(&error)).collect()
}

/// What is wrong, without the value that is wrong.
fn finding(error: &ValidationError<'_>) -> Finding {
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
            (UnknownMember, format!("{} member(s) that the schema does not have; leave them out", unexpected.len()))
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
