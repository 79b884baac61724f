//! What a partner's own systems are told of (`docs/interfaces.md`, section 7): that something happened, and by which key or number it can be read. Never what
//! it says: that is read by the operation that looks whether the reader may.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The closed list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum EventType {
    /// An offer of the partner was put or deleted.
    OfferChanged,
    /// An application came.
    ApplicationReceived,
    /// An application is there no more: it was taken back, or its time is over.
    ApplicationEnded,
    /// Something is to be erased.
    ErasureDue,
    /// A search that was saved found something new.
    SearchMatched,
}

impl EventType {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::OfferChanged, Self::ApplicationReceived, Self::ApplicationEnded, Self::ErasureDue, Self::SearchMatched];

    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OfferChanged => "offer.changed",
            Self::ApplicationReceived => "application.received",
            Self::ApplicationEnded => "application.ended",
            Self::ErasureDue => "erasure.due",
            Self::SearchMatched => "search.matched",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<EventType> for &'static str {
    fn from(event: EventType) -> Self {
        event.as_str()
    }
}

/// A text that is no such type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such event; there are {}", EventType::ALL.map(EventType::as_str).join(", "))]
pub struct NoEventType;

impl FromStr for EventType {
    type Err = NoEventType;

    fn from_str(text: &str) -> Result<Self, NoEventType> {
        Self::ALL.into_iter().find(|event| event.as_str() == text).ok_or(NoEventType)
    }
}

impl TryFrom<String> for EventType {
    type Error = NoEventType;

    fn try_from(text: String) -> Result<Self, NoEventType> {
        text.parse()
    }
}
