//! The two engines. Statements and what is done with them are written once; `either!` stamps a body for each driver.
//!
//! Where the engines truly differ, the pair stands side by side: opening (`sqlite`, `postgres`), and the start of a transaction, here.

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, PgPool, SqlitePool};

use crate::error::StoreError;
use crate::postgres;

/// Stamps a body over both variants of an enum of engines: `either!(&self.readers, Readers, |pool| …)`.
macro_rules! either {
    ($engine:expr, $type:ident, |$of:ident| $body:expr) => {
        match $engine {
            $type::Sqlite($of) => $body,
            $type::Postgres($of) => $body,
        }
    };
}
pub(crate) use either;

/// Connections that only read. A transaction on one of them sees one moment.
#[derive(Clone)]
pub(crate) enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A connection that writes.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A transaction that writes, or a savepoint in one.
pub(crate) enum Transaction<'c> {
    Sqlite(sqlx::Transaction<'c, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'c, sqlx::Postgres>),
}

impl Readers {
    pub(crate) async fn close(&self) {
        either!(self, Readers, |pool| pool.close().await);
    }
}

impl Connection {
    /// Begins a transaction that no other writer is in, of this program or of another replica: change numbers rise in the order of commits.
    pub(crate) async fn transaction(&mut self) -> Result<Transaction<'_>, StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(Transaction::Sqlite(connection.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(connection) => {
                let mut transaction = connection.begin().await?;
                postgres::lock_counter(&mut transaction).await?;
                Ok(Transaction::Postgres(transaction))
            }
        }
    }

    /// Whether the other end is still there.
    pub(crate) async fn is_alive(&mut self) -> bool {
        either!(self, Connection, |connection| connection.ping().await.is_ok())
    }

    pub(crate) async fn close(self) -> Result<(), StoreError> {
        Ok(either!(self, Connection, |connection| connection.close().await)?)
    }
}

impl Transaction<'_> {
    /// A savepoint: what is done in it can be undone alone.
    pub(crate) async fn savepoint(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(match self {
            Self::Sqlite(transaction) => Transaction::Sqlite(transaction.begin().await?),
            Self::Postgres(transaction) => Transaction::Postgres(transaction.begin().await?),
        })
    }

    /// Has the other replicas told, when this is committed, that something changed. SQLite has none.
    pub(crate) async fn announce(&mut self) -> Result<(), StoreError> {
        if let Self::Postgres(transaction) = self {
            postgres::announce(transaction).await?;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
            // A server that is lost before it says so may have committed all the same. What it says itself is certain, unless it goes down.
            Self::Postgres(transaction) => transaction.commit().await.map_err(|error| match StoreError::from(error) {
                StoreError::Unreachable(why) => StoreError::Uncertain(why),
                certain => certain,
            }),
        }
    }
}
