//! What a schema finds wrong, in words for the one who mends it; never with the value that is wrong.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Error};
use serde_json::Value;

use super::forms;
use crate::finding::{Finding, FindingCode};
use crate::repeated;

/// So like must a known word be to be what was meant (Jaro-Winkler, 0–1).
const LIKE: f64 = 0.85;

/// A finding, and whether it is only about the length of a text.
pub(super) struct Told {
    finding: Finding,
    length: bool,
}

/// The findings, without those about the length of a text of which something better is told.
pub(super) fn findings(told: impl Iterator<Item = Told>) -> Vec<Finding> {
    let told: Vec<Told> = told.collect();
    let better = |one: &Told| told.iter().any(|other| !other.length && other.finding.pointer == one.finding.pointer);
    told.iter().filter(|one| !one.length || !better(one)).map(|one| one.finding.clone()).collect()
}

impl Told {
    /// What an error says, in a schema of that shape.
    pub(super) fn of(error: &ValidationError<'_>, shape: &Value) -> Self {
        use FindingCode::{Missing, NotAllowed, OutOfBounds, UnknownMember, WrongType};
        let mut pointer = error.instance_path().to_string();
        let (code, message) = match error.kind() {
            Error::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                pointer = format!("{pointer}/{name}");
                (Missing, "this member must be given".to_owned())
            }
            Error::AdditionalProperties { unexpected } if unexpected.iter().any(|name| super::personal::is_forbidden_member(name)) => (
                NotAllowed,
                "there is no member for citizen service numbers, health or other special-category data; leave it out".to_owned(),
            ),
            Error::AdditionalProperties { unexpected } => (UnknownMember, unknown_members(unexpected, &members_at(shape, &pointer))),
            Error::Type { kind } => (WrongType, format!("this must be of another type: {}", types(kind))),
            Error::Enum { options } => (OutOfBounds, allowed(options, error.instance())),
            Error::Constant { expected_value } => (OutOfBounds, format!("this must be {}", plain(expected_value))),
            Error::Maximum { limit } => (OutOfBounds, format!("at most {limit}")),
            Error::Minimum { limit } => (OutOfBounds, format!("at least {limit}")),
            Error::MaxLength { limit } => (OutOfBounds, format!("at most {limit} characters")),
            Error::MinLength { limit } => (OutOfBounds, format!("at least {limit} character(s)")),
            Error::MaxItems { limit } => (OutOfBounds, format!("at most {limit} entries")),
            Error::MinItems { limit } => (OutOfBounds, format!("at least {limit} entries")),
            Error::UniqueItems => (OutOfBounds, "an entry stands twice".to_owned()),
            Error::Pattern { pattern } => (OutOfBounds, forms::of_pattern(pattern)),
            Error::Format { format } => (OutOfBounds, format!("this must be a valid {format}")),
            Error::OneOfNotValid { .. } | Error::AnyOf { .. } => (WrongType, "none of the allowed forms fits".to_owned()),
            _ => (OutOfBounds, "this does not follow the schema".to_owned()),
        };
        let length = matches!(error.kind(), Error::MaxLength { .. } | Error::MinLength { .. });
        Self { finding: Finding::new(pointer, code, message), length }
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(_) => "one of the types in the schema".to_owned(),
    }
}

/// A word or number of the schema without the marks of JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a closed list allows, with the word that was most likely meant.
fn allowed(options: &Value, given: &Value) -> String {
    let words: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
    allowed_words(&words.iter().map(String::as_str).collect::<Vec<_>>(), given)
}

/// The same, of these words.
pub(crate) fn allowed_words(known: &[&str], given: &Value) -> String {
    let hint = given.as_str().and_then(|given| nearest(given, known)).map(|meant| format!("; the nearest is {meant}"));
    format!("allowed are {}{}", known.join(", "), hint.unwrap_or_default())
}

/// How many members an object does not know, the names of the first of them as far as they may be repeated, and which it has that they are like, or else all that it has.
pub(crate) fn unknown_members(unexpected: &[String], known: &[&str]) -> String {
    let mut meant: Vec<&str> = Vec::new();
    for found in unexpected.iter().filter_map(|name| nearest(name, known)) {
        if meant.len() < 3 && !meant.contains(&found) {
            meant.push(found);
        }
    }
    let hint = match (meant.is_empty(), known.len()) {
        (false, _) => format!(", the nearest it has: {}", meant.join(", ")),
        (true, 1..) => format!("; it has {}", known.join(", ")),
        _ => String::new(),
    };
    let named = repeated::names(unexpected.iter());
    format!("{} member(s) that are not known here{named}{hint}; leave out what is not meant", unexpected.len())
}

/// The word that a text is most like, if it is much like it, whatever its case.
fn nearest<'k>(text: &str, known: &[&'k str]) -> Option<&'k str> {
    let text = text.to_lowercase();
    let like = |word: &str| strsim::jaro_winkler(&word.to_lowercase(), &text);
    let best = known.iter().copied().max_by(|a, b| like(a).total_cmp(&like(b)))?;
    (like(best) > LIKE).then_some(best)
}

/// The members that the object at a pointer may have.
pub(super) fn members_at<'s>(shape: &'s Value, pointer: &str) -> Vec<&'s str> {
    let mut places = vec![shape];
    for step in pointer.split('/').skip(1) {
        let inner = |place: &'s Value| {
            let here = std::iter::once(place).chain(place["oneOf"].as_array().into_iter().flatten());
            here.filter_map(|one| one["properties"].get(step).or_else(|| one.get("items"))).collect::<Vec<_>>()
        };
        places = places.into_iter().flat_map(inner).collect();
    }
    places.iter().filter_map(|place| place["properties"].as_object()).flat_map(|members| members.keys().map(String::as_str)).collect()
}
