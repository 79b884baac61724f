//! Looking into a database that another process may be using, without writing to it.

use std::path::Path;

use polder_model::Kind;
use sqlx::AssertSqlSafe;

use crate::database::Database;
use crate::engine::{Readers, either};
use crate::error::StoreError;
use crate::{migrations, postgres, row, sqlite};

/// Connections that only read. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    pub(crate) readers: Readers,
}

/// The versions of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// That of the database; 0 where it is empty.
    pub found: i64,
    /// The latest that this program knows.
    pub known: i64,
}

impl Reader {
    /// Opens a database as it is: nothing is made, changed or locked for others. `None` where there is no file yet.
    ///
    /// # Errors
    /// When it cannot be read or reached, or was written by another program or a later version of this one.
    pub async fn open(database: &Database) -> Result<Option<Self>, StoreError> {
        let readers = match database {
            Database::Sqlite(path) if !path.exists() => return Ok(None),
            Database::Sqlite(path) => Readers::Sqlite(sqlite::looking(path)),
            Database::Postgres(address) => Readers::Postgres(postgres::looking(address).await?),
        };
        let reader = Self { readers };
        reader.schema().await?;
        Ok(Some(reader))
    }

    /// The version of its schema.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let found = match &self.readers {
            Readers::Sqlite(pool) => sqlite::version(&mut *pool.acquire().await?).await?,
            Readers::Postgres(pool) => postgres::version(&mut *pool.acquire().await?).await?,
        };
        Ok(Schema { found, known: migrations::KNOWN })
    }

    /// A setting, if it was ever set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        Ok(either!(&self.readers, Readers, |pool| sqlx::query_scalar(sql).bind(name).fetch_optional(pool).await)?)
    }

    /// The names of settings that begin so. What they begin with has no sign that stands for others in SQL (`%`, `_`).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn settings_named(&self, begin: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT name FROM settings WHERE name LIKE $1 ORDER BY name";
        let pattern = format!("{begin}%");
        Ok(either!(&self.readers, Readers, |pool| sqlx::query_scalar(sql).bind(pattern).fetch_all(pool).await)?)
    }

    /// How many offers there are. The schema must be the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers(&self) -> Result<u64, StoreError> {
        let sql = "SELECT offers FROM counter WHERE id = 1";
        either!(&self.readers, Readers, |pool| row::counter(&sqlx::query(sql).fetch_one(pool).await?, 0))
    }

    /// Whether there is any offer of a kind. The schema must be the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_offers(&self, kind: Kind) -> Result<bool, StoreError> {
        let sql = "SELECT key FROM offers WHERE kind = $1 AND NOT deleted LIMIT 1";
        let found: Option<String> =
            either!(&self.readers, Readers, |pool| sqlx::query_scalar(sql).bind(kind.as_str()).fetch_optional(pool).await)?;
        Ok(found.is_some())
    }

    /// What is damaged, at most eight lines. Reads the whole of a file, so whoever calls bounds the time; of PostgreSQL it asks nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        let Readers::Sqlite(pool) = &self.readers else { return Ok(Vec::new()) };
        let mut said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(8)").fetch_all(pool).await?;
        said.retain(|line| line != "ok");
        Ok(said)
    }

    /// Whether the server of the database syncs its disk (`fsync`). SQLite does, as it is opened here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn syncs(&self) -> Result<bool, StoreError> {
        let Readers::Postgres(pool) = &self.readers else { return Ok(true) };
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(pool).await?;
        Ok(fsync != "off")
    }

    /// Writes a copy of the database as it is at one moment, to a file that is empty or not there; whoever writes to the database goes on.
    ///
    /// # Errors
    /// When it cannot be read or the copy not written; for PostgreSQL, which has `pg_dump`.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let Readers::Sqlite(pool) = &self.readers else {
            return Err(StoreError::Database("a PostgreSQL database is copied by pg_dump".to_owned()));
        };
        let Some(file) = file.to_str() else { return Err(StoreError::Database("the path of the copy is no UTF-8 text".to_owned())) };
        sqlx::query(AssertSqlSafe("VACUUM INTO $1".to_owned())).bind(file).execute(pool).await?;
        Ok(())
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.readers.close().await;
    }
}
