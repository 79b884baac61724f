//! Marks: words by which a file beside the database is known to be made from it.
//!
//! A mark is written by the one writer, behind everything that was committed before. Whoever finds it, in this database or in a copy of it
//! that was made later, knows that all of that is there. A database that was restored from a backup of before holds no such word, and never
//! will: words are random and used once.

use polder_model::Timestamp;

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::open::Store;
use crate::writer::Job;

/// Marks that are kept, the latest. What an older one stood for is of no use any more.
const KEPT: i64 = 1_000;
/// Marks stand among the settings, under this and the word.
const NAME: &str = "mark ";

impl Store {
    /// Writes a mark; it is on disk when this returns. The word is a random one that was never used before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn mark(&self, word: &str, now: Timestamp) -> Result<(), StoreError> {
        let word = word.to_owned();
        self.writer.run(|reply| Job::Mark { word, now, reply }).await
    }

    /// Whether the database holds that mark.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_marked(&self, word: &str) -> Result<bool, StoreError> {
        Ok(self.setting(&format!("{NAME}{word}")).await?.is_some())
    }
}

pub(crate) async fn add(transaction: &mut Transaction<'_>, word: &str, now: Timestamp) -> Result<(), StoreError> {
    let insert = "INSERT INTO settings (name, value) VALUES ($1, $2)";
    // Times of one length, so that their order is that of their texts.
    let at = format!("{:020}", now.micros().max(0));
    either!(transaction, Transaction, |transaction| {
        sqlx::query(insert).bind(format!("{NAME}{word}")).bind(at).execute(&mut **transaction).await.map(drop)
    })?;
    let prune = "DELETE FROM settings WHERE name LIKE $1 AND name NOT IN
        (SELECT name FROM settings WHERE name LIKE $1 ORDER BY value DESC, name LIMIT $2)";
    either!(transaction, Transaction, |transaction| {
        sqlx::query(prune).bind(format!("{NAME}%")).bind(KEPT).execute(&mut **transaction).await.map(drop)
    })?;
    Ok(())
}
