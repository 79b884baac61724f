//! What a client learns of its own offers: the receipt of a put, and a page of a list.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::finding::Finding;
use crate::name::OfferKey;
use crate::time::Timestamp;

/// What a put did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was not there before.
    Created,
    /// It replaced other bytes.
    Replaced,
    /// The same bytes were there already; nothing changed.
    Unchanged,
}

impl Outcome {
    /// The word in documents: `created`, `replaced`, `unchanged`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
        }
    }
}

/// The reply to a put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The client's own key.
    pub key: OfferKey,
    /// What was done.
    pub outcome: Outcome,
    /// The version that is there now.
    pub version: u64,
    /// The change that made it.
    pub change: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// What no reference table of the node knows; at most 21 findings.
    pub notes: Vec<Finding>,
}

/// A page of a list.
#[derive(Debug, Serialize, Deserialize)]
pub struct OfferPage {
    /// The offers, in the order of their keys; at most 100.
    pub items: Vec<ListedOffer>,
    /// The cursor of the page after this one; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An offer in a list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedOffer {
    /// The client's own key.
    pub key: OfferKey,
    /// Its version.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// The exact bytes that were put.
    pub document: Box<RawValue>,
}
