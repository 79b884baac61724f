//! Applying: a worker sends what they chose to the one partner that published a vacancy (`docs/interfaces.md`, section 10).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::answer::Disclosed;
use crate::name::{OfferKey, PartnerId};
use crate::time::Timestamp;

/// Longest motivation, in characters.
pub const LONGEST_MOTIVATION: usize = 2_000;

/// An application on its way to the partner that published the vacancy; without a copy it asks what became of one that was sent before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    /// A UUID; the same each time that it is sent.
    pub id: String,
    /// The partner whose worker applies.
    pub partner: PartnerId,
    /// The recipient's own vacancy.
    pub vacancy: OfferKey,
    /// When it is sent.
    pub as_of: Timestamp,
    /// What the worker lets be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<ApplicationCopy>,
}

/// What a worker lets be seen with an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationCopy {
    /// What the recipient, and nobody else, knows the worker by.
    pub handle: OfferKey,
    /// The document, byte for byte.
    pub document: Box<RawValue>,
    /// Under what it is given.
    pub disclosure: Disclosed,
}

/// What became of an application, as its recipient says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    /// It came, and can be read.
    Received,
    /// The recipient is done with it.
    Closed,
}

impl ApplicationState {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Closed => "closed",
        }
    }
}

/// A text that is no such state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state of an application is received or closed")]
pub struct NoState;

impl FromStr for ApplicationState {
    type Err = NoState;
    fn from_str(text: &str) -> Result<Self, NoState> {
        [Self::Received, Self::Closed].into_iter().find(|state| state.as_str() == text).ok_or(NoState)
    }
}

/// The reply to an [`Application`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationStanding {
    /// The application.
    pub id: String,
    /// What became of it.
    pub state: ApplicationState,
}
