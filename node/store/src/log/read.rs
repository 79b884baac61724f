//! Reading what proofs are made of, and what is remembered of other logs.

use std::collections::BTreeMap;

use polder_model::Timestamp;
use sqlx::AssertSqlSafe;

use super::types::{KeptHead, Tile, Witnessed};
use crate::engine::{Readers, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::read::MOST_ROWS;
use crate::reader::Reader;
use crate::row::{self, Cells};
use crate::rows::number;

/// Tiles of one statement: a proof needs two of each level at most.
const TILES: usize = 16;
/// Leaves of one statement.
const LEAVES: usize = 64;

impl Reader {
    /// The bytes of leaves, from that number on, in order; at most `limit`, at most [`MOST_ROWS`].
    ///
    /// # Errors
    /// When the database cannot be read, or a number is missing.
    pub async fn leaves(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT seq, entry FROM leaves WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let most = i64::from(limit.min(MOST_ROWS));
        either!(&self.readers, Readers, |pool| {
            let rows = sqlx::query(sql).bind(number(from)?).bind(most).fetch_all(pool).await?;
            (from..).zip(&rows).map(|(seq, found)| leaf(found, seq)).collect()
        })
    }
}

impl Store {
    /// How many leaves the log has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_size(&self) -> Result<u64, StoreError> {
        let sql = "SELECT leaves FROM counter WHERE id = 1";
        either!(&self.readers, Readers, |pool| row::counter(&sqlx::query(sql).fetch_one(pool).await?, 0))
    }

    /// As [`Reader::leaves`].
    ///
    /// # Errors
    /// When the database cannot be read, or a number is missing.
    pub async fn leaves(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.reader().leaves(from, limit).await
    }

    /// The bytes of those of these leaves that are there, by their numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn leaves_numbered(&self, seqs: &[u64]) -> Result<BTreeMap<u64, Vec<u8>>, StoreError> {
        let mut found = BTreeMap::new();
        for some in seqs.chunks(LEAVES) {
            let sql = format!("SELECT seq, entry FROM leaves WHERE seq IN ({})", numbered(some.len(), 1, |n| format!("${n}"), ","));
            either!(&self.readers, Readers, |pool| {
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for seq in some {
                    query = query.bind(number(*seq)?);
                }
                for row in &query.fetch_all(pool).await? {
                    found.insert(row::counter(row, 0)?, row.bytes(1)?.to_vec());
                }
            });
        }
        Ok(found)
    }

    /// Those of these tiles (level, number) that are there, in any order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_tiles(&self, places: &[(u8, u64)]) -> Result<Vec<Tile>, StoreError> {
        let mut found = Vec::with_capacity(places.len());
        for some in places.chunks(TILES) {
            let these = numbered(some.len(), 2, |n| format!("(level = ${n} AND number = ${})", n + 1), " OR ");
            let sql = format!("SELECT level, number, hashes FROM log_tiles WHERE {these}");
            either!(&self.readers, Readers, |pool| {
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for (level, place) in some {
                    query = query.bind(i64::from(*level)).bind(number(*place)?);
                }
                for row in &query.fetch_all(pool).await? {
                    found.push(tile(row)?);
                }
            });
        }
        Ok(found)
    }

    /// What this node last cosigned of a log; `None` where it never did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn witnessed(&self, origin: &str) -> Result<Option<Witnessed>, StoreError> {
        let sql = "SELECT size, root, at, note FROM witnessed WHERE origin = $1";
        either!(&self.readers, Readers, |pool| sqlx::query(sql)
            .bind(origin)
            .fetch_optional(pool)
            .await?
            .as_ref()
            .map(witnessed)
            .transpose())
    }
}

/// So many pieces of SQL, each with so many numbered values; `piece` is given the number of its first.
fn numbered(count: usize, values: usize, piece: impl Fn(usize) -> String, between: &str) -> String {
    (0..count).map(|at| piece(at * values + 1)).collect::<Vec<_>>().join(between)
}

/// The bytes of a leaf, which has that number.
fn leaf(found: &impl Cells, seq: u64) -> Result<Vec<u8>, StoreError> {
    if row::counter(found, 0)? != seq {
        return Err(StoreError::Damaged("a leaf of the log is missing"));
    }
    Ok(found.bytes(1)?.to_vec())
}

fn tile(found: &impl Cells) -> Result<Tile, StoreError> {
    let level = u8::try_from(found.integer(0)?).map_err(|_| StoreError::Damaged("a tile of no level"))?;
    Ok(Tile { level, number: row::counter(found, 1)?, hashes: found.bytes(2)?.to_vec() })
}

fn witnessed(found: &impl Cells) -> Result<Witnessed, StoreError> {
    let root = found.bytes(1)?.try_into().map_err(|_| StoreError::Damaged("a root that is no hash"))?;
    let head = KeptHead { size: row::counter(found, 0)?, root };
    Ok(Witnessed { head, at: Timestamp::from_micros(found.integer(2)?), note: found.text(3)?.to_owned() })
}
