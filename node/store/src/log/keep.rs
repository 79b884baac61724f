//! Writing what stands beside the leaves: checkpoints and tiles, cosignatures, heads of other logs.

use polder_model::Timestamp;

use super::types::{KeptCheckpoint, KeptHead, Tile, Witnessed};
use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::rows::number;
use crate::writer::Job;

/// How long checkpoints before the last that enough witnesses cosigned are kept, in seconds.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// What is to be written.
pub(crate) enum Ask {
    /// A new checkpoint, and the tiles that grew with it.
    Checkpoint(KeptCheckpoint, Vec<Tile>),
    /// A checkpoint with more cosignatures, where its note still is the one given first.
    Cosigned(String, KeptCheckpoint),
    /// What is cosigned of a log, where what is remembered of it still is the head given first.
    Witness(String, Option<KeptHead>, Witnessed),
}

impl Store {
    /// Keeps a checkpoint, with the tiles that it needs; one of that size that is there already stays. Whether it is new. It is on disk when this
    /// returns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_checkpoint(&self, checkpoint: KeptCheckpoint, tiles: Vec<Tile>) -> Result<bool, StoreError> {
        self.writer.run(|reply| Job::Log { ask: Ask::Checkpoint(checkpoint, tiles), reply }).await
    }

    /// Keeps a checkpoint with other signatures, where the note of that size is still `before`. Whether it was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replace_checkpoint(&self, before: &str, checkpoint: KeptCheckpoint) -> Result<bool, StoreError> {
        let before = before.to_owned();
        self.writer.run(|reply| Job::Log { ask: Ask::Cosigned(before, checkpoint), reply }).await
    }

    /// Remembers what is to be cosigned of a log, where what was remembered of it is still `before` (`None`: nothing). Whether it was; only then it
    /// may be cosigned. It is on disk when this returns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn witness(&self, origin: &str, before: Option<KeptHead>, now: Witnessed) -> Result<bool, StoreError> {
        let origin = origin.to_owned();
        self.writer.run(|reply| Job::Log { ask: Ask::Witness(origin, before, now), reply }).await
    }
}

pub(crate) async fn carry_out(transaction: &mut Transaction<'_>, ask: &Ask) -> Result<bool, StoreError> {
    match ask {
        Ask::Checkpoint(checkpoint, tiles) => {
            for tile in tiles {
                grow(transaction, tile).await?;
            }
            prune(transaction, checkpoint.at).await?;
            insert(transaction, checkpoint).await
        }
        Ask::Cosigned(before, checkpoint) => replace(transaction, before, checkpoint).await,
        Ask::Witness(origin, None, now) => first(transaction, origin, now).await,
        Ask::Witness(origin, Some(before), now) => next(transaction, origin, before, now).await,
    }
}

/// A tile that is there and has more hashes stays: another replica was sooner.
async fn grow(transaction: &mut Transaction<'_>, tile: &Tile) -> Result<(), StoreError> {
    let sql = "INSERT INTO log_tiles (level, number, hashes) VALUES ($1, $2, $3) ON CONFLICT (level, number)
        DO UPDATE SET hashes = excluded.hashes WHERE length(log_tiles.hashes) < length(excluded.hashes)";
    let place = number(tile.number)?;
    either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(i64::from(tile.level)).bind(place).bind(tile.hashes.as_slice());
        query.execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}

async fn prune(transaction: &mut Transaction<'_>, now: Timestamp) -> Result<(), StoreError> {
    let sql = "DELETE FROM checkpoints WHERE at < $1 AND size < (SELECT max(size) FROM checkpoints WHERE cosigned_at > 0)";
    let before = now.plus_seconds(-KEPT_SECONDS).micros();
    either!(transaction, Transaction, |transaction| sqlx::query(sql).bind(before).execute(&mut **transaction).await.map(drop))?;
    Ok(())
}

async fn insert(transaction: &mut Transaction<'_>, checkpoint: &KeptCheckpoint) -> Result<bool, StoreError> {
    let sql = "INSERT INTO checkpoints (size, at, note, cosigned_at) VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING";
    let size = number(checkpoint.size)?;
    let rows = either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(size).bind(checkpoint.at.micros()).bind(&checkpoint.note).bind(cosigned_at(checkpoint));
        query.execute(&mut **transaction).await?.rows_affected()
    });
    Ok(rows == 1)
}

async fn replace(transaction: &mut Transaction<'_>, before: &str, checkpoint: &KeptCheckpoint) -> Result<bool, StoreError> {
    let sql = "UPDATE checkpoints SET note = $1, cosigned_at = $2 WHERE size = $3 AND note = $4";
    let size = number(checkpoint.size)?;
    let rows = either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(&checkpoint.note).bind(cosigned_at(checkpoint)).bind(size).bind(before);
        query.execute(&mut **transaction).await?.rows_affected()
    });
    Ok(rows == 1)
}

fn cosigned_at(checkpoint: &KeptCheckpoint) -> i64 {
    checkpoint.cosigned_at.map_or(0, Timestamp::micros)
}

async fn first(transaction: &mut Transaction<'_>, origin: &str, now: &Witnessed) -> Result<bool, StoreError> {
    let sql = "INSERT INTO witnessed (origin, size, root, at, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (origin) DO NOTHING";
    let size = number(now.head.size)?;
    let rows = either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(origin).bind(size).bind(now.head.root.as_slice()).bind(now.at.micros()).bind(&now.note);
        query.execute(&mut **transaction).await?.rows_affected()
    });
    Ok(rows == 1)
}

async fn next(transaction: &mut Transaction<'_>, origin: &str, before: &KeptHead, now: &Witnessed) -> Result<bool, StoreError> {
    let sql = "UPDATE witnessed SET size = $1, root = $2, at = $3, note = $4 WHERE origin = $5 AND size = $6 AND root = $7";
    let (size, old) = (number(now.head.size)?, number(before.size)?);
    let rows = either!(transaction, Transaction, |transaction| {
        let query = sqlx::query(sql).bind(size).bind(now.head.root.as_slice()).bind(now.at.micros()).bind(&now.note);
        query.bind(origin).bind(old).bind(before.root.as_slice()).execute(&mut **transaction).await?.rows_affected()
    });
    Ok(rows == 1)
}
