//! From rows to values.

use polder_model::features::Audience;
use polder_model::{Kind, OfferKey, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::audience;
use crate::error::StoreError;
use crate::types::{Change, ChangeRow, ETag, StoredOffer};

/// The columns of an offer, in the order that [`offer`] reads.
pub(crate) const OFFER: &str = "kind, key, version, change, modified_at, sha256, document, organisation";

/// The cells of a row, of either engine, by the number of their column. An error says that the cell is of another type.
pub(crate) trait Cells {
    fn integer(&self, column: usize) -> Result<i64, StoreError>;
    /// `None` where there is none (`NULL`).
    fn maybe_integer(&self, column: usize) -> Result<Option<i64>, StoreError>;
    fn boolean(&self, column: usize) -> Result<bool, StoreError>;
    fn text(&self, column: usize) -> Result<&str, StoreError>;
    fn bytes(&self, column: usize) -> Result<&[u8], StoreError>;
}

macro_rules! cells {
    ($row:ty) => {
        impl Cells for $row {
            fn integer(&self, column: usize) -> Result<i64, StoreError> {
                Ok(self.try_get(column)?)
            }
            fn maybe_integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
                Ok(self.try_get(column)?)
            }
            fn boolean(&self, column: usize) -> Result<bool, StoreError> {
                Ok(self.try_get(column)?)
            }
            fn text(&self, column: usize) -> Result<&str, StoreError> {
                Ok(self.try_get(column)?)
            }
            fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
                Ok(self.try_get(column)?)
            }
        }
    };
}
cells!(SqliteRow);
cells!(PgRow);

pub(crate) fn counter(row: &impl Cells, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.integer(column)?).map_err(|_| StoreError::Damaged("a negative counter"))
}

pub(crate) fn kind(row: &impl Cells, column: usize) -> Result<Kind, StoreError> {
    row.text(column)?.parse().map_err(|_| StoreError::Damaged("an unknown kind"))
}

pub(crate) fn key(row: &impl Cells, column: usize) -> Result<OfferKey, StoreError> {
    row.text(column)?.parse().map_err(|_| StoreError::Damaged("a key that is no key"))
}

pub(crate) fn offer(row: &impl Cells) -> Result<StoredOffer, StoreError> {
    let version = counter(row, 2)?;
    Ok(StoredOffer {
        kind: kind(row, 0)?,
        key: key(row, 1)?,
        version,
        change: counter(row, 3)?,
        modified_at: Timestamp::from_micros(row.integer(4)?),
        etag: ETag::new(version, row.text(5)?),
        document: row.bytes(6)?.to_vec(),
        organisation: row.text(7)?.to_owned(),
    })
}

pub(crate) fn change(row: &impl Cells) -> Result<ChangeRow, StoreError> {
    Ok(ChangeRow {
        change: counter(row, 0)?,
        kind: kind(row, 1)?,
        key: key(row, 2)?,
        version: counter(row, 3)?,
        deleted: row.boolean(4)?,
        at: Timestamp::from_micros(row.integer(5)?),
    })
}

pub(crate) fn followed(row: &impl Cells) -> Result<Change, StoreError> {
    let deleted = row.boolean(4)?;
    Ok(Change {
        change: counter(row, 0)?,
        kind: kind(row, 1)?,
        key: key(row, 2)?,
        version: counter(row, 3)?,
        modified_at: Timestamp::from_micros(row.integer(5)?),
        document: if deleted { None } else { Some(row.bytes(6)?.into()) },
        features: None,
        audience: None,
    })
}

/// A view as the index follows it, of the columns [`VIEW`].
pub(crate) fn followed_view(row: &impl Cells) -> Result<Change, StoreError> {
    let deleted = row.boolean(3)?;
    let audience = Audience {
        recipients: Some(audience::partners(row.text(7)?)?),
        purposes: Some(vec![row.text(6)?.parse().map_err(|_| StoreError::Damaged("an unknown purpose"))?]),
        until: None,
    };
    Ok(Change {
        change: counter(row, 0)?,
        kind: Kind::SkillOffer,
        key: key(row, 1)?,
        version: counter(row, 2)?,
        modified_at: Timestamp::from_micros(row.integer(4)?),
        document: if deleted { None } else { Some(row.bytes(5)?.into()) },
        features: None,
        audience: Some(audience),
    })
}

/// The columns of a view, in the order that [`followed_view`] reads.
pub(crate) const VIEW: &str = "change, id, version, deleted, modified_at, document, purpose, recipients";
