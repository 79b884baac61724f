//! What a worker takes along to another node (GDPR art. 20): all that is held of them, and the word of the node that wrote it.

use polder_model::{PartnerId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The schema of the content.
pub const SCHEMA: &str = "urn:polder:schema:export:1.0";
/// Largest content in its canonical form, in bytes: 8 MiB. A node makes none that is longer, and takes in all that are not.
pub const LARGEST: usize = 8 * 1024 * 1024;
/// How long after it was made it is taken in elsewhere, in days.
pub const TAKEN_DAYS: i64 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tag {
    #[serde(rename = "polder-export/2")]
    Tag,
}

/// An export: the content, and evidence of who wrote it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    #[serde(rename = "type")]
    tag: Tag,
    /// JSON of [`SCHEMA`], in whatever order and spelling: its canonical form counts (RFC 8785).
    pub content: Box<RawValue>,
    /// A compact JWS over a [`Seal`].
    pub signature: String,
}

impl Export {
    /// An export.
    #[must_use]
    pub const fn new(content: Box<RawValue>, signature: String) -> Self {
        Self { tag: Tag::Tag, content, signature }
    }
}

/// What the node says of the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Who wrote it.
    pub iss: PartnerId,
    /// When.
    pub iat: Timestamp,
    /// Lower-case hexadecimal SHA-256 of its canonical form.
    pub sha256: String,
}
