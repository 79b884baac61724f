//! What goes in and what comes out.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use polder_model::features::{Audience, Features};
pub use polder_model::receipt::Outcome;
use polder_model::{Kind, OfferKey, Timestamp};

/// Told of all changes of a commit, in order, before anyone gets a reply.
pub type OnCommit = Arc<dyn Fn(&[Change]) + Send + Sync>;

/// An offer to be stored. It has passed its checks.
#[derive(Clone, Debug)]
pub struct Put {
    /// The kind.
    pub kind: Kind,
    /// The client's own key.
    pub key: OfferKey,
    /// The exact bytes.
    pub document: Arc<[u8]>,
    /// What ranking sees of the document, where the caller has read it already: `on_commit` gets it again. It is not stored.
    pub features: Option<Arc<Features>>,
    /// What must hold.
    pub precondition: Precondition,
    /// For which organisation it is published; empty where that is the partner itself.
    pub organisation: Arc<str>,
    /// For whom whoever puts it acts.
    pub acts_for: ActsFor,
    /// The present instant.
    pub now: Timestamp,
}

/// For which organisations somebody publishes: offers of others are as if they were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ActsFor {
    /// For each.
    #[default]
    Everyone,
    /// For these alone; empty is the partner itself.
    These(Arc<BTreeSet<String>>),
}

impl ActsFor {
    /// Whether an organisation is among them.
    #[must_use]
    pub fn includes(&self, organisation: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::These(these) => these.contains(organisation),
        }
    }
}

/// What must hold of an offer before it is changed (RFC 9110, section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    #[default]
    None,
    /// `If-Match: *`: it is there.
    Exists,
    /// `If-Match` with tags: it is in one of these versions.
    Matches(Vec<ETag>),
    /// `If-None-Match: *`: it is not there.
    Absent,
}

impl Precondition {
    /// Whether it holds of an offer that is there with this tag, or is not there.
    #[must_use]
    pub fn holds(&self, present: Option<&ETag>) -> bool {
        match self {
            Self::None => true,
            Self::Exists => present.is_some(),
            Self::Matches(tags) => present.is_some_and(|present| tags.contains(present)),
            Self::Absent => present.is_none(),
        }
    }
}

/// A strong entity tag: the version and the first 16 hexadecimal digits of the document's SHA-256.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// The tag of a document in a version.
    #[must_use]
    pub fn new(version: u64, sha256: &str) -> Self {
        Self(format!("{version}-{}", sha256.get(..16).unwrap_or(sha256)))
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ETag {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = text.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inner {
            Some(inner) if inner.len() <= 64 && !inner.contains('"') => Ok(Self(inner.to_owned())),
            _ => Err("an entity tag is a quoted text as the ETag header gave it; weak tags do not match"),
        }
    }
}

/// What a put did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The version that is there now.
    pub version: u64,
    /// The change that made it.
    pub change: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// Its tag.
    pub etag: ETag,
    /// What was done.
    pub outcome: Outcome,
}

/// What a delete did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It was there and is there no more.
    Done,
    /// It had been deleted before.
    Already,
    /// It was never there.
    Never,
}

/// An offer as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOffer {
    /// The kind.
    pub kind: Kind,
    /// The client's own key.
    pub key: OfferKey,
    /// The version.
    pub version: u64,
    /// The change that made it.
    pub change: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// Its tag.
    pub etag: ETag,
    /// The exact bytes.
    pub document: Vec<u8>,
    /// For which organisation it is published; empty where that is the partner itself.
    pub organisation: String,
}

/// A committed change, of an offer or of a view of a skill offer, as the index follows it.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number. Changes of offers and changes of views are numbered apart.
    pub change: u64,
    /// The kind of the offer.
    pub kind: Kind,
    /// The offer's key; of a view, its id.
    pub key: OfferKey,
    /// The version after it.
    pub version: u64,
    /// When it was made.
    pub modified_at: Timestamp,
    /// The exact bytes; `None` for a delete.
    pub document: Option<Arc<[u8]>>,
    /// What ranking sees of the document, where whoever put it said so.
    pub features: Option<Arc<Features>>,
    /// Of a view: who may see it, what for, until when. Skill offers themselves, which nobody but the home node may see, have none.
    pub audience: Option<Audience>,
}

/// A change as it is kept: which offer, but not its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its number.
    pub change: u64,
    /// The kind of the offer.
    pub kind: Kind,
    /// The offer's key.
    pub key: OfferKey,
    /// The offer's version after it.
    pub version: u64,
    /// Whether the offer was deleted.
    pub deleted: bool,
    /// When.
    pub at: Timestamp,
}
