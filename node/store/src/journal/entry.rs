//! What a line of the journal says.

use polder_consent::{DisclosureId, Epoch, Ground, Handle, What, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

/// A consent that ended: of which worker, for what, and for whom, by names that say nothing elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Ended {
    /// Its number in this journal, from 1.
    pub(crate) number: u64,
    pub(crate) worker: WorkerId,
    pub(crate) purpose: Purpose,
    pub(crate) recipient: PartnerId,
    /// What the recipient knows the worker by; `None` where nothing about them ever went there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handle: Option<Handle>,
    /// The epoch that ended.
    pub(crate) epoch: Epoch,
    /// By what; `None`: by the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) what: Option<What>,
    /// Why, where the partner ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ground: Option<Ground>,
    pub(crate) at: Timestamp,
}

/// An application that was stopped alone: the decision for others at the same recipient goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Stopped {
    /// Its number in this journal, in one row with those of the ends.
    pub(crate) number: u64,
    pub(crate) worker: WorkerId,
    pub(crate) recipient: PartnerId,
    /// What the recipient knows the worker by; `None` where nothing about them ever went there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handle: Option<Handle>,
    /// The application, by its id.
    pub(crate) application: String,
    /// The latest epoch of its copies, and which these are.
    pub(crate) epoch: Epoch,
    pub(crate) copies: Vec<DisclosureId>,
    pub(crate) at: Timestamp,
}

/// A worker who was erased: nothing but a name that says nothing elsewhere, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Erased {
    /// Its number in this journal, in one row with those of the ends.
    pub(crate) number: u64,
    pub(crate) worker: WorkerId,
    pub(crate) at: Timestamp,
}

/// What a database that went back has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// A consent ended.
    Ended(Ended),
    /// An application was stopped alone.
    Stopped(Stopped),
    /// A worker was erased.
    Erased(Erased),
}

impl Past {
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Ended(ended) => ended.number,
            Self::Stopped(stopped) => stopped.number,
            Self::Erased(erased) => erased.number,
        }
    }

    pub(super) fn at(&self) -> Timestamp {
        match self {
            Self::Ended(ended) => ended.at,
            Self::Stopped(stopped) => stopped.at,
            Self::Erased(erased) => erased.at,
        }
    }

    pub(super) fn set_number(&mut self, number: u64) {
        match self {
            Self::Ended(ended) => ended.number = number,
            Self::Stopped(stopped) => stopped.number = number,
            Self::Erased(erased) => erased.number = number,
        }
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum Entry {
    /// A consent ended.
    Ended(Ended),
    /// An application was stopped alone.
    Stopped(Stopped),
    /// A worker was erased.
    Erased(Erased),
    /// The database had made so many commits.
    Commits(u64),
}

impl From<Past> for Entry {
    fn from(past: Past) -> Self {
        match past {
            Past::Ended(ended) => Self::Ended(ended),
            Past::Stopped(stopped) => Self::Stopped(stopped),
            Past::Erased(erased) => Self::Erased(erased),
        }
    }
}

impl Entry {
    pub(super) fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}
