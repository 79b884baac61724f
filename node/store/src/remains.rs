//! What was deleted of a worker is overwritten in the file of an SQLite database at once, and stands in the write-ahead file beside it until that is
//! used anew: after an erasure it is emptied. PostgreSQL has its own ways (`docs/privacy/officer.md`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row};

use crate::error::StoreError;
use crate::open::Store;

/// How long it waits for whoever reads; who writes waits for it as long at most.
const WAITS: Duration = Duration::from_millis(200);

/// The write-ahead file of a database, and whether something stands in it that was deleted since.
#[derive(Clone)]
pub(crate) struct Remains {
    options: Option<SqliteConnectOptions>,
    left: Arc<AtomicBool>,
}

impl Remains {
    /// Of an SQLite database; of another, nothing is done.
    pub(crate) fn of(options: Option<&SqliteConnectOptions>) -> Self {
        Self { options: options.map(|options| options.clone().busy_timeout(WAITS)), left: Arc::default() }
    }

    /// Something was deleted that may be about a person.
    pub(crate) fn left(&self) {
        self.left.store(true, Ordering::Release);
    }
}

impl Store {
    /// Empties the write-ahead file where somebody was erased since it was last emptied. Whether nothing is left; otherwise somebody reads just now,
    /// and it is to be called again.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn empty_write_ahead(&self) -> Result<bool, StoreError> {
        let Some(options) = self.remains.options.as_ref().filter(|_| self.remains.left.swap(false, Ordering::AcqRel)) else {
            return Ok(true);
        };
        let emptied = empty(options).await;
        if !matches!(emptied, Ok(true)) {
            self.remains.left();
        }
        emptied
    }
}

async fn empty(options: &SqliteConnectOptions) -> Result<bool, StoreError> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let found = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await;
    connection.close().await?;
    Ok(found?.try_get::<i64, _>(0)? == 0)
}
