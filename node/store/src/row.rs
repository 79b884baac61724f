//! From rows to values.

use polder_model::{Kind, OfferKey, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::types::{Change, ChangeRow, ETag, StoredOffer};

/// The columns of an offer, in the order that [`offer`] reads.
pub(crate) const OFFER: &str = "kind, key, version, change, modified_at, sha256, document";

pub(crate) fn counter(row: &SqliteRow, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Damaged("a negative counter"))
}

fn kind(row: &SqliteRow, column: usize) -> Result<Kind, StoreError> {
    row.try_get::<&str, _>(column)?.parse().map_err(|_| StoreError::Damaged("an unknown kind"))
}

fn key(row: &SqliteRow, column: usize) -> Result<OfferKey, StoreError> {
    row.try_get::<&str, _>(column)?.parse().map_err(|_| StoreError::Damaged("a key that is no key"))
}

pub(crate) fn offer(row: &SqliteRow) -> Result<StoredOffer, StoreError> {
    let version = counter(row, 2)?;
    Ok(StoredOffer {
        kind: kind(row, 0)?,
        key: key(row, 1)?,
        version,
        change: counter(row, 3)?,
        modified_at: Timestamp::from_micros(row.try_get(4)?),
        etag: ETag::new(version, row.try_get(5)?),
        document: row.try_get(6)?,
    })
}

pub(crate) fn change(row: &SqliteRow) -> Result<ChangeRow, StoreError> {
    Ok(ChangeRow {
        change: counter(row, 0)?,
        kind: kind(row, 1)?,
        key: key(row, 2)?,
        version: counter(row, 3)?,
        deleted: row.try_get(4)?,
        at: Timestamp::from_micros(row.try_get(5)?),
    })
}

pub(crate) fn followed(row: &SqliteRow) -> Result<Change, StoreError> {
    let deleted: bool = row.try_get(4)?;
    let document: Vec<u8> = row.try_get(6)?;
    Ok(Change {
        change: counter(row, 0)?,
        kind: kind(row, 1)?,
        key: key(row, 2)?,
        version: counter(row, 3)?,
        modified_at: Timestamp::from_micros(row.try_get(5)?),
        document: (!deleted).then(|| document.into()),
    })
}
