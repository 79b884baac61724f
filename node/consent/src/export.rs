//! What a worker takes along to another node (GDPR art. 20): one text, and the word of the node that wrote it.

use polder_model::{PartnerId, Timestamp};
use serde::{Deserialize, Serialize};

/// The schema of the text.
pub const SCHEMA: &str = "urn:polder:schema:export:1.0";
/// Largest text, in bytes: 8 MiB. A node makes none that is longer, and takes in all that are not.
pub const LARGEST: usize = 8 * 1024 * 1024;
/// How long after it was made it is taken in elsewhere, in days.
pub const TAKEN_DAYS: i64 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tag {
    #[serde(rename = "polder-export/1")]
    Tag,
}

/// An export: the text, and evidence of who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    #[serde(rename = "type")]
    tag: Tag,
    /// JSON of [`SCHEMA`], to the letter.
    pub text: String,
    /// A compact JWS over a [`Seal`].
    pub signature: String,
}

impl Export {
    /// An export.
    #[must_use]
    pub const fn new(text: String, signature: String) -> Self {
        Self { tag: Tag::Tag, text, signature }
    }
}

/// What the node says of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Who wrote it.
    pub iss: PartnerId,
    /// When.
    pub iat: Timestamp,
    /// Lower-case hexadecimal SHA-256 of its bytes.
    pub sha256: String,
}
