//! Which signed messages were taken, for all replicas of a node together.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use polder_model::Timestamp;
use sqlx::PgPool;

use crate::error::StoreError;
use crate::open::Store;

/// How often what has run out is removed, in microseconds.
const SWEEP_MICROS: i64 = 60_000_000;

/// What the replicas of one node remember together.
#[derive(Clone)]
pub(crate) struct Messages {
    pub(crate) pool: PgPool,
    swept: Arc<AtomicI64>,
}

impl Messages {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { pool, swept: Arc::default() }
    }

    async fn first_seen(&self, digest: &str, until: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let swept = self.swept.load(Ordering::Relaxed);
        let due = now.micros().saturating_sub(swept) >= SWEEP_MICROS;
        if due && self.swept.compare_exchange(swept, now.micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            sqlx::query("DELETE FROM messages WHERE until < $1").bind(now.micros()).execute(&self.pool).await?;
        }
        let sql = "INSERT INTO messages (digest, until) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
        let noted = sqlx::query(sql).bind(digest).bind(until.micros()).execute(&self.pool).await?;
        Ok(noted.rows_affected() == 1)
    }
}

impl Store {
    /// Notes a signed message, by the digest of what makes it the only one, so that no replica of this node takes it again before `until`.
    /// Whether it is the first time. A node on SQLite is one process, which remembers in memory: nothing is done then.
    ///
    /// # Errors
    /// When the database cannot be written; the message must be refused then.
    pub async fn first_seen(&self, digest: &str, until: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        match &self.replicas {
            Some(replicas) => replicas.messages.first_seen(digest, until, now).await,
            None => Ok(true),
        }
    }
}
