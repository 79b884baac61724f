//! What the writer does for one caller, inside its savepoint.

use std::sync::Arc;

use polder_model::{Kind, OfferKey, Timestamp};
use sha2::{Digest, Sha256};

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::types::{Change, Deleted, ETag, Outcome, Precondition, Put, Stored};
use crate::writer::Job;

impl Store {
    /// Stores an offer; it is on disk, and `on_commit` knows of it, when this returns.
    ///
    /// # Errors
    /// When the precondition does not hold or the database cannot; nothing was stored then.
    pub async fn put_offer(&self, put: Put) -> Result<Stored, StoreError> {
        self.writer.run(|reply| Job::Put { put, reply }).await
    }

    /// Stores many offers, in their order; an outcome for each, as [`Store::put_offer`] gives it. One that is refused spoils no other.
    pub async fn put_offers(&self, puts: Vec<Put>) -> Vec<Result<Stored, StoreError>> {
        futures::future::join_all(puts.into_iter().map(|put| self.put_offer(put))).await
    }

    /// Deletes an offer, leaving a tombstone.
    ///
    /// # Errors
    /// When the precondition does not hold or the database cannot; nothing was deleted then.
    pub async fn delete_offer(
        &self,
        kind: Kind,
        key: &OfferKey,
        precondition: Precondition,
        now: Timestamp,
    ) -> Result<Deleted, StoreError> {
        let key = key.clone();
        self.writer.run(|reply| Job::Delete { kind, key, precondition, now, reply }).await
    }
}

/// The row of an offer that is or was there.
struct Present {
    version: u64,
    change: u64,
    deleted: bool,
    modified_at: Timestamp,
    sha256: String,
}

impl Present {
    fn etag(&self) -> Option<ETag> {
        (!self.deleted).then(|| ETag::new(self.version, &self.sha256))
    }
}

async fn present(transaction: &mut Transaction<'_>, kind: Kind, key: &OfferKey) -> Result<Option<Present>, StoreError> {
    let sql = "SELECT version, change, deleted, modified_at, sha256 FROM offers WHERE kind = $1 AND key = $2";
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(kind.as_str()).bind(key.as_str());
        query.fetch_optional(&mut **transaction).await?.as_ref().map(present_of).transpose()
    })
}

fn present_of(row: &impl Cells) -> Result<Present, StoreError> {
    Ok(Present {
        version: row::counter(row, 0)?,
        change: row::counter(row, 1)?,
        deleted: row.boolean(2)?,
        modified_at: Timestamp::from_micros(row.integer(3)?),
        sha256: row.text(4)?.to_owned(),
    })
}

/// The next change number. It comes from one row in the same transaction, so that numbers rise in the order of commits.
async fn next_change(transaction: &mut Transaction<'_>) -> Result<i64, StoreError> {
    let sql = "UPDATE counter SET change = change + 1 WHERE id = 1 RETURNING change";
    Ok(either!(transaction, Transaction, |transaction| sqlx::query_scalar(sql).fetch_one(&mut **transaction).await)?)
}

pub(crate) async fn put(transaction: &mut Transaction<'_>, put: &Put) -> Result<(Stored, Option<Change>), StoreError> {
    let before = present(transaction, put.kind, &put.key).await?;
    let there = before.as_ref().and_then(Present::etag);
    if !put.precondition.holds(there.as_ref()) {
        return Err(StoreError::PreconditionFailed);
    }
    let sha256 = hex::encode(Sha256::digest(&put.document));
    if let (Some(before), Some(etag)) = (&before, &there)
        && before.sha256 == sha256
    {
        let same = Stored {
            version: before.version,
            change: before.change,
            modified_at: before.modified_at,
            etag: etag.clone(),
            outcome: Outcome::Unchanged,
        };
        return Ok((same, None));
    }
    let version = before.as_ref().map_or(1, |before| before.version + 1);

    let change = write(transaction, (put.kind, &put.key), version, put.now, Some((&sha256, &put.document))).await?;
    let outcome = if there.is_some() { Outcome::Replaced } else { Outcome::Created };
    let stored = Stored { version, change: change.change, modified_at: put.now, etag: ETag::new(version, &sha256), outcome };
    Ok((stored, Some(change)))
}

pub(crate) async fn delete(
    transaction: &mut Transaction<'_>,
    kind: Kind,
    key: &OfferKey,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<(Deleted, Option<Change>), StoreError> {
    let before = present(transaction, kind, key).await?;
    let there = before.as_ref().and_then(Present::etag);
    if !precondition.holds(there.as_ref()) {
        return Err(StoreError::PreconditionFailed);
    }
    match before {
        None => Ok((Deleted::Never, None)),
        Some(before) if before.deleted => Ok((Deleted::Already, None)),
        Some(before) => {
            let change = write(transaction, (kind, key), before.version + 1, now, None).await?;
            Ok((Deleted::Done, Some(change)))
        }
    }
}

/// Writes the offer's row and the change; without a document, a tombstone.
async fn write(
    transaction: &mut Transaction<'_>,
    (kind, key): (Kind, &OfferKey),
    version: u64,
    at: Timestamp,
    document: Option<(&str, &Arc<[u8]>)>,
) -> Result<Change, StoreError> {
    let change = next_change(transaction).await?;
    let number = i64::try_from(version).map_err(|_| StoreError::Damaged("a version beyond all bounds"))?;
    let (sha256, bytes) = document.map_or(("", &[][..]), |(sha256, bytes)| (sha256, &bytes[..]));
    let offer =
        "INSERT INTO offers (kind, key, version, deleted, modified_at, change, sha256, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted, modified_at = excluded.modified_at,
        change = excluded.change, sha256 = excluded.sha256, document = excluded.document";
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(offer).bind(kind.as_str()).bind(key.as_str()).bind(number).bind(document.is_none());
        query.bind(at.micros()).bind(change).bind(sha256).bind(bytes).execute(&mut **transaction).await?;
    });
    let row = "INSERT INTO changes (change, kind, key, version, deleted, at) VALUES ($1, $2, $3, $4, $5, $6)";
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(row).bind(change).bind(kind.as_str()).bind(key.as_str()).bind(number);
        query.bind(document.is_none()).bind(at.micros()).execute(&mut **transaction).await?;
    });
    Ok(Change {
        change: u64::try_from(change).map_err(|_| StoreError::Damaged("a negative counter"))?,
        kind,
        key: key.clone(),
        version,
        modified_at: at,
        document: document.map(|(_, bytes)| Arc::clone(bytes)),
    })
}

pub(crate) async fn set(transaction: &mut Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    either!(transaction, Transaction, |transaction| sqlx::query(sql).bind(name).bind(value).execute(&mut **transaction).await.map(drop))?;
    Ok(())
}

/// Sets a setting that still has the value that is expected (`None`: was never set). Whether it had.
pub(crate) async fn replace(
    transaction: &mut Transaction<'_>,
    name: &str,
    expected: Option<&str>,
    value: &str,
) -> Result<bool, StoreError> {
    let sql = match expected {
        Some(_) => "UPDATE settings SET value = $2 WHERE name = $1 AND value = $3",
        None => "INSERT INTO settings (name, value) SELECT $1, $2 WHERE $3 = '' ON CONFLICT (name) DO NOTHING",
    };
    let expected = expected.unwrap_or_default();
    let rows = either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(name).bind(value).bind(expected);
        query.execute(&mut **transaction).await.map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
