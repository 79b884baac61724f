//! The puts and deletes of one transaction, decided in memory: what is there is read once, for all of them; each is then decided in its turn, on
//! what those before it left; and what came of it is written in a few statements with many rows.
//!
//! One that is refused leaves nothing behind. The rows are those that one after the other would have left.

use std::collections::HashMap;
use std::sync::Arc;

use polder_model::features::Features;
use polder_model::{Kind, OfferKey, Timestamp};
use sqlx::AssertSqlSafe;

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::row::{self, Cells};
use crate::types::{Change, Deleted, ETag, Outcome, Precondition, Stored};
use crate::write::Hashed;

/// Rows of one statement. Fewer are powers of two, so that there are few statements to prepare.
const ROWS: usize = 128;

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
    present: HashMap<(Kind, OfferKey), Present>,
    changes: Vec<Change>,
    last: HashMap<(Kind, OfferKey), Last>,
}

impl Batch {
    /// Reads what there is of these offers.
    pub(crate) async fn begin(transaction: &mut Transaction<'_>, offers: &[(Kind, OfferKey)]) -> Result<Self, StoreError> {
        let sql = "SELECT change FROM counter WHERE id = 1";
        let counter =
            either!(transaction, Transaction, |transaction| { row::counter(&sqlx::query(sql).fetch_one(&mut **transaction).await?, 0)? });
        let mut batch = Self { counter, present: HashMap::new(), changes: Vec::new(), last: HashMap::new() };
        for kind in Kind::ALL {
            let keys: Vec<&OfferKey> = offers.iter().filter(|(other, _)| *other == kind).map(|(_, key)| key).collect();
            for some in keys.chunks(ROWS) {
                batch.read(transaction, kind, some).await?;
            }
        }
        Ok(batch)
    }

    async fn read(&mut self, transaction: &mut Transaction<'_>, kind: Kind, keys: &[&OfferKey]) -> Result<(), StoreError> {
        let Some(last) = keys.last() else { return Ok(()) };
        let slots = keys.len().next_power_of_two();
        let places: Vec<String> = (2..slots + 2).map(|number| format!("${number}")).collect();
        let sql = format!(
            "SELECT key, version, change, deleted, modified_at, sha256 FROM offers WHERE kind = $1 AND key IN ({})",
            places.join(", ")
        );
        either!(transaction, Transaction, |transaction| {
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(kind.as_str());
            // A key that stands there twice is found once.
            for key in keys.iter().chain(std::iter::repeat(last)).take(slots) {
                query = query.bind(key.as_str());
            }
            for found in query.fetch_all(&mut **transaction).await? {
                let (key, present) = present_of(&found)?;
                self.present.insert((kind, key), present);
            }
        });
        Ok(())
    }

    /// Decides a put.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] alone; nothing is done then.
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
        let latest = number(latest.change)?;
        let mut last: Vec<Last> = self.last.into_values().collect();
        last.sort_unstable_by_key(|last| last.place);
        for rows in pieces(&last) {
            write_offers(transaction, rows, &self.changes).await?;
        }
        for rows in pieces(&self.changes) {
            write_changes(transaction, rows).await?;
        }
        let sql = "UPDATE counter SET change = $1 WHERE id = 1";
        either!(transaction, Transaction, |transaction| { sqlx::query(sql).bind(latest).execute(&mut **transaction).await.map(drop) })?;
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

fn number(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("a number beyond all bounds"))
}

/// The rows in pieces of [`ROWS`], and then of smaller and smaller powers of two.
fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let most = rows.len().min(ROWS).checked_ilog2()?;
        let (piece, rest) = rows.split_at(1 << most);
        rows = rest;
        Some(piece)
    })
}

/// `($1, $2), ($3, $4)`: so many rows of so many values.
fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

async fn write_offers(transaction: &mut Transaction<'_>, rows: &[Last], changes: &[Change]) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO offers (kind, key, version, deleted, modified_at, change, sha256, document) VALUES {}
        ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted, modified_at = excluded.modified_at,
        change = excluded.change, sha256 = excluded.sha256, document = excluded.document",
        values(rows.len(), 8)
    );
    either!(transaction, Transaction, |transaction| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for Last { sha256, place } in rows {
            let change = &changes[*place];
            let document = change.document.as_deref();
            query = query.bind(change.kind.as_str()).bind(change.key.as_str()).bind(number(change.version)?).bind(document.is_none());
            query = query.bind(change.modified_at.micros()).bind(number(change.change)?).bind(sha256).bind(document.unwrap_or_default());
        }
        query.execute(&mut **transaction).await?;
    });
    Ok(())
}

async fn write_changes(transaction: &mut Transaction<'_>, rows: &[Change]) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO changes (change, kind, key, version, deleted, at) VALUES {}", values(rows.len(), 6));
    either!(transaction, Transaction, |transaction| {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for change in rows {
            query = query.bind(number(change.change)?).bind(change.kind.as_str()).bind(change.key.as_str());
            query = query.bind(number(change.version)?).bind(change.document.is_none()).bind(change.modified_at.micros());
        }
        query.execute(&mut **transaction).await?;
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_powers_of_two_in_order() {
        for count in [0, 1, 2, 3, 127, 128, 129, 1_000] {
            let rows: Vec<usize> = (0..count).collect();
            let pieces: Vec<&[usize]> = pieces(&rows).collect();
            assert!(pieces.iter().all(|piece| piece.len().is_power_of_two() && piece.len() <= ROWS));
            assert_eq!(pieces.concat(), rows);
            assert!(pieces.len() <= count / ROWS + 7);
        }
    }

    #[test]
    fn values_are_numbered_row_by_row() {
        assert_eq!(values(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
