//! For which organisations the offers are published that were stored before that was noted.

use polder_model::{Kind, OfferKey};

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row::{self, Cells, OFFER};
use crate::types::StoredOffer;

/// What stands in the place of an organisation that nobody has looked at yet.
const UNKNOWN: &str = "?";
/// A setting that is there once there are no such offers any more.
const KNOWN: &str = "organisations-known";

impl Store {
    /// For which organisation an offer is or was published; `None` where it was never there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organisation_of(&self, kind: Kind, key: &OfferKey) -> Result<Option<String>, StoreError> {
        let sql = "SELECT organisation FROM offers WHERE kind = $1 AND key = $2";
        let rows = self.readers.read(sql, &[kind.as_str().into(), key.as_str().into()]).await?;
        rows.first().map(|row| row.text(0).map(ToOwned::to_owned)).transpose()
    }

    /// Some offers of which it is not known yet for which organisation they are published; none, once it is of all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers_of_unknown(&self, limit: u32) -> Result<Vec<StoredOffer>, StoreError> {
        if self.setting(KNOWN).await?.is_some() {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT {OFFER} FROM offers WHERE organisation = $1 AND NOT deleted ORDER BY kind, key LIMIT $2");
        let found = self.readers.read(sql, &[UNKNOWN.into(), i64::from(limit).into()]).await?;
        if found.is_empty() {
            self.set_setting(KNOWN, "").await?;
        }
        found.iter().map(row::offer).collect()
    }

    /// Notes for which organisations offers are published of which that was not known.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_organisations(&self, found: Vec<(Kind, OfferKey, String)>) -> Result<(), StoreError> {
        self.people(Note(found)).await
    }
}

struct Note(Vec<(Kind, OfferKey, String)>);

impl Work for Note {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE offers SET organisation = $1 WHERE kind = $2 AND key = $3 AND organisation = $4";
        for (kind, key, organisation) in &self.0 {
            desk.transaction.run(sql, &[organisation.into(), kind.as_str().into(), key.as_str().into(), UNKNOWN.into()]).await?;
        }
        Ok(())
    }
}
