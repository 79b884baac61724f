//! When this node's clients looked at somebody at another partner, and for which offer: by that staff finds again what they are to erase, since no name is known.

use std::collections::BTreeSet;

use polder_consent::FieldSet;
use polder_model::{Kind, OfferKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::row::Cells;
use crate::statement::Row;

/// That somebody was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Looked {
    /// When.
    pub at: Timestamp,
    /// The key of the offer of this partner for which they were.
    pub about: OfferKey,
    /// What kind of offer that is. Where it is not said it is a vacancy.
    #[serde(default = "vacancy", skip_serializing_if = "is_vacancy")]
    pub kind: Kind,
}

const fn vacancy() -> Kind {
    Kind::Vacancy
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_vacancy(kind: &Kind) -> bool {
    *kind == Kind::Vacancy
}

/// What a client had of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Had {
    /// The fields.
    pub fields: FieldSet,
    /// When, and for what.
    pub looked: BTreeSet<Looked>,
    /// As what they were seen, where that is known.
    pub seen_as: String,
}

impl Had {
    /// And more.
    pub fn add(&mut self, more: Self) {
        self.fields = self.fields.or(more.fields);
        self.looked.extend(more.looked);
        if !more.seen_as.is_empty() {
            self.seen_as = more.seen_as;
        }
        while self.looked.len() > MOST_LOOKED {
            self.looked.pop_first();
        }
    }
}

/// Most times that are named of one erasure; the latest are.
const MOST_LOOKED: usize = 20;

/// When somebody was looked at, as it stands in the database.
pub(super) fn looked(found: &Row, column: usize) -> Result<BTreeSet<Looked>, StoreError> {
    match found.text(column)? {
        "" => Ok(BTreeSet::new()),
        text => serde_json::from_str(text).map_err(|_| StoreError::Damaged("when somebody was looked at cannot be read")),
    }
}

/// The same as it is written; an empty text where it is not known.
pub(super) fn looked_text(looked: &BTreeSet<Looked>) -> Result<String, StoreError> {
    if looked.is_empty() {
        return Ok(String::new());
    }
    serde_json::to_string(looked).map_err(|_| StoreError::Damaged("when somebody was looked at cannot be written"))
}
