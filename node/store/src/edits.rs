//! What staff did to the partner's own offers, beside the changes themselves: by which way, what the offer was called, and which members became others.

use polder_model::{Kind, OfferKey};

use crate::error::StoreError;
use crate::open::Store;
use crate::people::{Desk, Work};
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, fill, list};

/// Most rows that are read at once.
const MOST: u32 = 5_000;

/// What staff did to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The kind.
    pub kind: Kind,
    /// The key.
    pub key: OfferKey,
    /// The version that came of it.
    pub version: u64,
    /// By which way: `form`, `list` or `delete`.
    pub way: String,
    /// What it is called then; of one that was deleted, what it was called.
    pub title: String,
    /// The members of the offer that became others; none where that is not known.
    pub members: Vec<String>,
}

impl Store {
    /// Notes what staff did to offers, once that is stored.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_edits(&self, edits: Vec<Edit>) -> Result<(), StoreError> {
        self.people(Note(edits)).await
    }

    /// What staff did to these offers of a kind, the highest versions first; at most some thousands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn edits_of(&self, kind: Kind, keys: &[OfferKey]) -> Result<Vec<Edit>, StoreError> {
        let mut values = vec![kind.as_str().into()];
        fill(&mut values, keys.iter().map(OfferKey::as_str));
        let sql = format!(
            "SELECT key, version, way, title, members FROM offer_edits WHERE kind = $1 AND key IN {} ORDER BY version DESC LIMIT {MOST}",
            list(2, keys.len())
        );
        self.readers.read(sql, &values).await?.iter().map(|row| edit(kind, row)).collect()
    }
}

fn edit(kind: Kind, row: &Row) -> Result<Edit, StoreError> {
    let members = row.text(4)?.split(' ').filter(|member| !member.is_empty()).map(str::to_owned).collect();
    let (way, title) = (row.text(2)?.to_owned(), row.text(3)?.to_owned());
    Ok(Edit { kind, key: row::key(row, 0)?, version: row::counter(row, 1)?, way, title, members })
}

struct Note(Vec<Edit>);

impl Work for Note {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO offer_edits (kind, key, version, way, title, members) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (kind, key, version) DO NOTHING";
        for Edit { kind, key, version, way, title, members } in &self.0 {
            let members = members.join(" ");
            let version = rows::number(*version)?;
            let values = [kind.as_str().into(), key.as_str().into(), version.into(), way.into(), title.into(), (&members).into()];
            desk.transaction.run(sql, &values).await?;
        }
        Ok(())
    }
}
