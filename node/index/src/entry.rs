//! What goes into the index and what comes out.

use std::sync::Arc;

use polder_model::answer::Hit;
use polder_model::features::Features;
use polder_model::{Kind, OfferKey, Timestamp};

/// An offer as the index takes it.
#[derive(Clone, Debug)]
pub struct IndexEntry {
    /// The kind.
    pub kind: Kind,
    /// The client's own key.
    pub key: OfferKey,
    /// The version.
    pub version: u64,
    /// When it last changed.
    pub modified: Timestamp,
    /// What ranking sees of it.
    pub features: Arc<Features>,
}

/// A committed change.
#[derive(Clone, Debug)]
pub enum IndexChange {
    /// The offer is there now, in this version.
    Put(Box<IndexEntry>),
    /// The offer is there no more.
    Delete {
        /// The kind.
        kind: Kind,
        /// The client's own key.
        key: OfferKey,
    },
}

impl IndexChange {
    /// Which offer changed.
    #[must_use]
    pub fn offer(&self) -> (Kind, &OfferKey) {
        match self {
            Self::Put(entry) => (entry.kind, &entry.key),
            Self::Delete { kind, key } => (*kind, key),
        }
    }
}

/// The best hits for a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first, at most as many as were asked.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub more: bool,
}
