//! Imports: what a client learns of the parts and lines that it sent (`docs/interfaces.md`, section 7).

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::name::OfferKey;
use crate::problem::Problem;
use crate::receipt::Outcome;
use crate::time::Timestamp;

/// Largest part, in bytes.
pub const LARGEST_PART: usize = 16 * 1024 * 1024;
/// Most lines of a part.
pub const MOST_LINES: u64 = 25_000;
/// The highest number of a part; the lowest is 1.
pub const MOST_PARTS: u32 = 10_000;

/// What a client sends to open an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// The collection: `vacancies`, `trainings` or `skill-offers`.
    pub collection: String,
}

/// An import, and which of its parts are in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportState {
    /// Its id.
    pub id: String,
    /// The collection that it fills.
    pub collection: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when it is kept.
    pub kept_until: Timestamp,
    /// The parts that are done, by number.
    pub parts: Vec<PartState>,
}

/// An import in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedImport {
    /// Its id.
    pub id: String,
    /// The collection that it fills.
    pub collection: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when it is kept.
    pub kept_until: Timestamp,
    /// How many of its parts are done.
    pub parts: u64,
    /// How many were begun and are not done: they are on their way, or were cut off.
    pub unfinished: u64,
    /// Verdicts in the parts that are done: lines that are not empty.
    pub lines: u64,
    /// New offers.
    pub created: u64,
    /// Offers that replaced other bytes.
    pub replaced: u64,
    /// Offers that were there already.
    pub unchanged: u64,
    /// Lines that were refused.
    pub refused: u64,
}

/// A page of imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    /// The imports, the last one that was opened first.
    pub items: Vec<ListedImport>,
    /// The cursor of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A part that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartState {
    /// Its number.
    pub part: u32,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its verdicts: lines that are not empty.
    pub lines: u64,
    /// New offers.
    pub created: u64,
    /// Offers that replaced other bytes.
    pub replaced: u64,
    /// Offers that were there already.
    pub unchanged: u64,
    /// Lines that were refused.
    pub refused: u64,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineOutcome {
    /// The offer was not there before.
    Created,
    /// It replaced other bytes.
    Replaced,
    /// The same bytes were there already.
    Unchanged,
    /// It was not stored.
    Refused,
}

impl LineOutcome {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => Outcome::Created.as_str(),
            Self::Replaced => Outcome::Replaced.as_str(),
            Self::Unchanged => Outcome::Unchanged.as_str(),
            Self::Refused => "refused",
        }
    }
}

impl From<Outcome> for LineOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Created => Self::Created,
            Outcome::Replaced => Self::Replaced,
            Outcome::Unchanged => Self::Unchanged,
        }
    }
}

/// A field of another format that an offer does not hold as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// The field by its name in the format; empty for the whole record.
    pub field: String,
    /// What became of it, as a code.
    pub code: String,
    /// What became of it. It holds no value of the record.
    pub message: String,
}

/// The verdict of a line: what a receipt says, or why it was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineVerdict {
    /// The part.
    pub part: u32,
    /// The line in it, from 1.
    pub line: u64,
    /// In a part of another format: the number of the record, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// The client's own key, unless the key itself is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<OfferKey>,
    /// What was done.
    pub outcome: LineOutcome,
    /// The version that is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The change that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<u64>,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// What no reference table of the node knows; absent where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<Finding>>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// In a part of another format: what was lost of the record, or is not as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Vec<Mapped>>,
}

/// A page of verdicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictPage {
    /// The verdicts, in the order in which they were made; none where there are no more so far.
    pub items: Vec<LineVerdict>,
    /// The cursor of what comes after them.
    pub next: String,
}
