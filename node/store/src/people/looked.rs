//! When this node's clients looked at somebody at another partner, and for which offer: by that staff finds again what they are to erase, since no name is known.

use std::collections::{BTreeMap, BTreeSet};

use polder_consent::FieldSet;
use polder_model::{Kind, OfferKey, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Desk;
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
    /// Its title, as it was when this was to be erased; empty where it was not there any more.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
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

/// Says of each by its title for which offer it was, as long as that is there: it may be called something else, or be gone, when this is read.
pub(super) async fn name_offers<'h>(desk: &mut Desk<'_, '_>, all: impl Iterator<Item = &'h mut Had>) -> Result<(), StoreError> {
    let mut titles: BTreeMap<(Kind, OfferKey), String> = BTreeMap::new();
    for had in all {
        let mut named = BTreeSet::new();
        for mut look in std::mem::take(&mut had.looked) {
            if look.title.is_empty() {
                let offer = (look.kind, look.about.clone());
                look.title = match titles.get(&offer) {
                    Some(title) => title.clone(),
                    None => titles.entry(offer).or_insert(title(desk, look.kind, &look.about).await?).clone(),
                };
            }
            named.insert(look);
        }
        had.looked = named;
    }
    Ok(())
}

/// How an offer is called now; empty where there is none.
async fn title(desk: &mut Desk<'_, '_>, kind: Kind, key: &OfferKey) -> Result<String, StoreError> {
    let sql = "SELECT document FROM offers WHERE kind = $1 AND key = $2 AND NOT deleted";
    let found = desk.transaction.read(sql, &[kind.as_str().into(), key.as_str().into()]).await?;
    let Some(found) = found.first() else { return Ok(String::new()) };
    let document: Value = serde_json::from_slice(found.bytes(0)?).unwrap_or_default();
    Ok(document["title"].as_str().unwrap_or_default().to_owned())
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
