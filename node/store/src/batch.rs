//! The puts and deletes of one transaction, decided in memory: what is there is read once, for all of them; each is then decided in its turn, on
//! what those before it left; and what came of it is written in a few statements with many rows.
//!
//! One that is refused leaves nothing behind. The rows are those that one after the other would have left.

use std::collections::HashMap;
use std::sync::Arc;

use polder_model::features::Features;
use polder_model::{Kind, OfferKey, Timestamp};

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::row::{self, Cells};
use crate::rows::{self, Found, Latest};
use crate::types::{Change, Deleted, ETag, Outcome, Precondition, Stored};
use crate::write::Hashed;

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

/// What an offer comes to by the end of the transaction.
struct Last {
    sha256: String,
    /// Its place among the changes.
    place: usize,
}

/// The exact bytes, and what ranking sees of them where the caller knows it.
type Document = (Arc<[u8]>, Option<Arc<Features>>);

/// The puts and deletes of one transaction.
pub(crate) struct Batch {
    /// The number of the latest change before these.
    counter: u64,
    /// How many offers there are, as decided so far, and how many may be.
    offers: u64,
    most: u64,
    present: HashMap<(Kind, OfferKey), Present>,
    changes: Vec<Change>,
    last: HashMap<(Kind, OfferKey), Last>,
}

impl Batch {
    /// Reads what there is of these offers. `most` offers may be.
    pub(crate) async fn begin(transaction: &mut Transaction<'_>, about: &[(Kind, OfferKey)], most: u64) -> Result<Self, StoreError> {
        let sql = "SELECT change, offers FROM counter WHERE id = 1";
        let (counter, offers) = either!(transaction, Transaction, |transaction| {
            let row = sqlx::query(sql).fetch_one(&mut **transaction).await?;
            (row::counter(&row, 0)?, row::counter(&row, 1)?)
        });
        let mut batch = Self { counter, offers, most, present: HashMap::new(), changes: Vec::new(), last: HashMap::new() };
        for kind in Kind::ALL {
            let keys: Vec<&OfferKey> = about.iter().filter(|(other, _)| *other == kind).map(|(_, key)| key).collect();
            if keys.is_empty() {
                continue;
            }
            for found in rows::read(transaction, kind, &keys).await? {
                either!(&found, Found, |rows| for row in rows {
                    let (key, present) = present_of(row)?;
                    batch.present.insert((kind, key), present);
                });
            }
        }
        Ok(batch)
    }

    /// Decides a put.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] and [`StoreError::TooMany`] alone; nothing is done then.
    pub(crate) fn put(&mut self, Hashed { put, sha256 }: Hashed) -> Result<Stored, StoreError> {
        let name = (put.kind, put.key);
        let before = self.present.get(&name);
        let there = before.and_then(Present::etag);
        if !put.precondition.holds(there.as_ref()) {
            return Err(StoreError::PreconditionFailed);
        }
        if let (Some(before), Some(etag)) = (before, &there)
            && before.sha256 == sha256
        {
            let (version, change, modified_at) = (before.version, before.change, before.modified_at);
            return Ok(Stored { version, change, modified_at, etag: etag.clone(), outcome: Outcome::Unchanged });
        }
        // One that is there may be replaced however many there are.
        if there.is_none() {
            if self.offers >= self.most {
                return Err(StoreError::TooMany { most: self.most });
            }
            self.offers += 1;
        }
        let version = before.map_or(1, |before| before.version + 1);
        let outcome = if there.is_some() { Outcome::Replaced } else { Outcome::Created };
        let etag = ETag::new(version, &sha256);
        let change = self.add(name, version, put.now, sha256, Some((put.document, put.features)));
        Ok(Stored { version, change, modified_at: put.now, etag, outcome })
    }

    /// Decides a delete.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] alone; nothing is done then.
    pub(crate) fn delete(&mut self, kind: Kind, key: OfferKey, precondition: &Precondition, now: Timestamp) -> Result<Deleted, StoreError> {
        let name = (kind, key);
        let before = self.present.get(&name);
        if !precondition.holds(before.and_then(Present::etag).as_ref()) {
            return Err(StoreError::PreconditionFailed);
        }
        match before {
            None => Ok(Deleted::Never),
            Some(before) if before.deleted => Ok(Deleted::Already),
            Some(before) => {
                let version = before.version + 1;
                self.offers = self.offers.saturating_sub(1);
                self.add(name, version, now, String::new(), None);
                Ok(Deleted::Done)
            }
        }
    }

    /// The next change, of an offer; without a document, a tombstone. Its number.
    fn add(&mut self, name: (Kind, OfferKey), version: u64, at: Timestamp, sha256: String, document: Option<Document>) -> u64 {
        let change = self.counter + self.changes.len() as u64 + 1;
        let present = Present { version, change, deleted: document.is_none(), modified_at: at, sha256: sha256.clone() };
        let last = Last { sha256, place: self.changes.len() };
        let (document, features) = document.map_or((None, None), |(document, features)| (Some(document), features));
        self.changes.push(Change { change, kind: name.0, key: name.1.clone(), version, modified_at: at, document, features });
        self.present.insert(name.clone(), present);
        self.last.insert(name, last);
        change
    }

    /// Writes what came of them. The changes, in order.
    pub(crate) async fn write(self, transaction: &mut Transaction<'_>) -> Result<Vec<Change>, StoreError> {
        let Some(latest) = self.changes.last() else { return Ok(self.changes) };
        let latest = rows::number(latest.change)?;
        let mut last: Vec<Last> = self.last.into_values().collect();
        last.sort_unstable_by_key(|last| last.place);
        let offers: Vec<Latest<'_>> = last.iter().map(|last| (&self.changes[last.place], &*last.sha256)).collect();
        rows::write_offers(transaction, &offers).await?;
        rows::write_changes(transaction, &self.changes).await?;
        let (sql, there) = ("UPDATE counter SET change = $1, offers = $2 WHERE id = 1", rows::number(self.offers)?);
        either!(transaction, Transaction, |transaction| {
            sqlx::query(sql).bind(latest).bind(there).execute(&mut **transaction).await.map(drop)
        })?;
        Ok(self.changes)
    }
}

fn present_of(row: &impl Cells) -> Result<(OfferKey, Present), StoreError> {
    let present = Present {
        version: row::counter(row, 1)?,
        change: row::counter(row, 2)?,
        deleted: row.boolean(3)?,
        modified_at: Timestamp::from_micros(row.integer(4)?),
        sha256: row.text(5)?.to_owned(),
    };
    Ok((row::key(row, 0)?, present))
}
