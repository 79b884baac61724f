//! What is wrong with a document or request, said so that its sender can mend it.

use serde::{Deserialize, Serialize};

/// One thing that is wrong, and where. Never carries a value from the document: it may be personal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// JSON Pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// The kind of finding, from a closed list.
    pub code: FindingCode,
    /// What is wrong, what is allowed, what to do; in English, without the value found.
    pub message: String,
}

/// The closed list of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// The text is not JSON, or JSON of a kind that is refused (duplicate keys, NUL, nesting, numbers that do not fit).
    NotJson,
    /// A member that is not in the schema.
    UnknownMember,
    /// A compulsory member is missing.
    Missing,
    /// The value has the wrong type.
    WrongType,
    /// The value is outside its bounds, or not of its form.
    OutOfBounds,
    /// Members contradict each other.
    Contradiction,
    /// No table knows this code, place or label.
    UnknownCode,
    /// A link whose host the register does not name for the partner.
    AnotherHost,
    /// An organisation for which the caller does not act.
    AnotherOrganisation,
    /// A last day that is over.
    Over,
    /// A field or text that may carry a citizen service number or special-category data.
    NotAllowed,
}

impl Finding {
    /// Makes a finding.
    pub fn new(pointer: impl Into<String>, code: FindingCode, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }

    /// A finding about a code, place or label that no table knows, with the nearest ones that a table does know, best first.
    pub fn unknown(pointer: impl Into<String>, what: &str, nearest: &[String]) -> Self {
        let hint = if nearest.is_empty() { "none is like it".to_owned() } else { format!("nearest are: {}", nearest.join("; ")) };
        Self::new(pointer, FindingCode::UnknownCode, format!("no table knows {what}; {hint}"))
    }
}
