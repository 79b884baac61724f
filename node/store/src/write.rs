//! What is asked of the writer: offers to put and delete, and settings.

use polder_consent::NewLeaf;
use polder_model::{Kind, OfferKey, Timestamp};
use sha2::{Digest, Sha256};

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::log;
use crate::open::Store;
use crate::types::{ActsFor, Deleted, Precondition, Put, Stored};
use crate::writer::{BATCH, BATCH_BYTES, Job, Queued};

/// A put, with the SHA-256 of its document in hexadecimal digits: the writer has enough to do.
pub(crate) struct Hashed {
    pub put: Put,
    pub sha256: String,
}

impl From<Put> for Hashed {
    fn from(put: Put) -> Self {
        Self { sha256: hex::encode(Sha256::digest(&put.document)), put }
    }
}

impl Store {
    /// Stores an offer; it is on disk, and `on_commit` knows of it, when this returns.
    ///
    /// # Errors
    /// When the precondition does not hold, there are as many offers as may be, or the database cannot; nothing was stored then.
    pub async fn put_offer(&self, put: Put) -> Result<Stored, StoreError> {
        let puts = vec![Hashed::from(put)];
        let mut stored = self.writer.run(|reply| Job::Puts { puts, reply }).await?;
        stored.pop().unwrap_or(Err(StoreError::Busy))
    }

    /// Stores many offers, in their order; an outcome for each, as [`Store::put_offer`] gives it. One that is refused spoils no other.
    ///
    /// They are stored in transactions of at most 1,000 offers or about 4 MiB, one after the other.
    pub async fn put_offers(&self, puts: Vec<Put>) -> Vec<Result<Stored, StoreError>> {
        let mut outcomes = Vec::with_capacity(puts.len());
        let mut puts = puts.into_iter().peekable();
        while puts.peek().is_some() {
            let mut bytes = 0;
            let piece = std::iter::from_fn(|| puts.next_if(|_| bytes < BATCH_BYTES).inspect(|put| bytes += put.document.len()));
            let piece: Vec<Put> = piece.take(BATCH).collect();
            let count = piece.len();
            match self.queue_offers(piece).await.await {
                Ok(stored) => outcomes.extend(stored),
                Err(error) => outcomes.extend((0..count).map(|_| Err(error.clone()))),
            }
        }
        outcomes
    }

    /// Queues some offers, to be stored in one transaction, perhaps with others. They are stored in the order in which they are queued.
    pub async fn queue_offers(&self, puts: Vec<Put>) -> Queued<Vec<Result<Stored, StoreError>>> {
        let puts = puts.into_iter().map(Hashed::from).collect();
        self.writer.queue(|reply| Job::Puts { puts, reply }).await
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
        self.delete_offer_of(kind, key, precondition, ActsFor::Everyone, now).await
    }

    /// The same of an offer of these organisations; one of another is as if it were not there.
    ///
    /// # Errors
    /// When the precondition does not hold or the database cannot; nothing was deleted then.
    pub async fn delete_offer_of(
        &self,
        kind: Kind,
        key: &OfferKey,
        precondition: Precondition,
        acts_for: ActsFor,
        now: Timestamp,
    ) -> Result<Deleted, StoreError> {
        let key = key.clone();
        self.writer.run(|reply| Job::Delete { kind, key, precondition, acts_for, now, reply }).await
    }
}

pub(crate) async fn set(transaction: &mut Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    either!(transaction, Transaction, |transaction| sqlx::query(sql).bind(name).bind(value).execute(&mut **transaction).await.map(drop))?;
    Ok(())
}

/// Sets a setting that still has the value that is expected (`None`: was never set), and appends a leaf of that to the log. Whether it had; else
/// nothing is done.
pub(crate) async fn replace(
    transaction: &mut Transaction<'_>,
    name: &str,
    expected: Option<&str>,
    value: &str,
    leaf: Option<NewLeaf>,
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
    let replaced = rows == 1;
    if let Some(leaf) = leaf.filter(|_| replaced) {
        log::append::append_with_row(transaction, leaf).await?;
    }
    Ok(replaced)
}
