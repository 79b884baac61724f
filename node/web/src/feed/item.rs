//! Something that happened, as it is told.

use polder_model::event::EventType;
use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::events::{FeedRow, Happened};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Cursor;

/// Something that happened. It names things by key and number, and says nothing of what is in them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Item {
    /// By which it is known again, and the cursor of what comes after it.
    pub id: String,
    pub change: u64,
    pub r#type: EventType,
    pub at: Timestamp,
    #[serde(flatten)]
    about: About,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum About {
    Offer { kind: Kind, key: OfferKey, version: u64, deleted: bool },
    Application { number: u64, vacancy: OfferKey },
    Erasure { number: u64 },
    Search(Map<String, Value>),
}

impl Item {
    pub(crate) fn of(row: &FeedRow) -> Self {
        let about = match &row.is {
            Happened::Offer { kind, key, version, deleted } => {
                About::Offer { kind: *kind, key: key.clone(), version: *version, deleted: *deleted }
            }
            Happened::Event { subject, vacancy: Some(vacancy), .. } => {
                About::Application { number: number(subject), vacancy: vacancy.clone() }
            }
            Happened::Event { is: EventType::SearchMatched, subject, .. } => {
                About::Search(serde_json::from_str(subject).unwrap_or_default())
            }
            Happened::Event { subject, .. } => About::Erasure { number: number(subject) },
        };
        Self { id: Cursor::of(row).write(), change: row.change, r#type: row.event_type(), at: row.at, about }
    }
}

/// The store writes nothing else.
fn number(subject: &str) -> u64 {
    subject.parse().unwrap_or_default()
}
