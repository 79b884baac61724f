//! What the tests of the store share: a database of its own for each test, on either engine.

pub mod stage;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::{ActsFor, Change, ChangeRow, Database, Deleted, OnCommit, Precondition, Put, Store, StoreError, Stored, StoredOffer};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

/// Where tests/postgres says that its server is.
pub const POSTGRES: &str = "POLDER_TEST_POSTGRES";

/// An engine that the store runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Makes of each function a test for each engine.
#[macro_export]
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)] async fn $test() { super::$test(super::Engine::Sqlite).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)] async fn $test() { super::$test(super::Engine::Postgres).await; })*
        }
    };
}

/// A place for a database that no other test uses.
pub struct Place {
    pub database: Database,
    directory: tempfile::TempDir,
}

/// The server of tests/postgres.
pub fn server() -> String {
    std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set: this test needs a PostgreSQL server. Run tests/run, or: tests/postgres tests/programs")
    })
}

impl Place {
    pub async fn new(engine: Engine) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let database = match engine {
            Engine::Sqlite => directory.path().join("polder.db").into(),
            Engine::Postgres => schema().await.parse().expect("an address"),
        };
        Self { database, directory }
    }

    /// The file of a database of SQLite.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("polder.db")
    }

    /// A connection to a database of PostgreSQL, past the store.
    pub async fn beside(&self) -> PgConnection {
        connect(&self.database.to_string()).await
    }

    pub async fn open(&self, on_commit: OnCommit) -> Store {
        Store::open(self.database.clone(), on_commit).await.expect("a store")
    }
}

/// A new schema of the server; its address.
pub async fn schema() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let server = server();
    let mut connection = connect(&server).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&mut connection).await.expect("a schema");
    connection.close().await.expect("closed");
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options=-csearch_path%3D{name}")
}

pub async fn connect(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().expect("an address");
    PgConnection::connect_with(&options.disable_statement_logging()).await.expect("a connection")
}

pub fn at(seconds: i64) -> Timestamp {
    "2026-11-23T12:00:00Z".parse::<Timestamp>().expect("an instant").plus_seconds(seconds)
}

pub fn key(text: &str) -> OfferKey {
    text.parse().expect("a key")
}

pub fn put(name: &str, document: &str) -> Put {
    put_if(name, document, Precondition::None)
}

pub fn put_if(name: &str, document: &str, precondition: Precondition) -> Put {
    Put {
        kind: Kind::Vacancy,
        key: key(name),
        document: document.as_bytes().into(),
        features: None,
        organisation: "".into(),
        acts_for: ActsFor::Everyone,
        precondition,
        now: at(0),
    }
}

pub fn silent() -> OnCommit {
    Arc::new(|_: &[Change]| {})
}

pub fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::PreconditionFailed))
}

/// A store in a place of its own.
pub struct Fixture {
    pub store: Store,
    pub place: Place,
}

impl Fixture {
    pub async fn new(engine: Engine) -> Self {
        Self::telling(engine, silent()).await
    }

    pub async fn telling(engine: Engine, on_commit: OnCommit) -> Self {
        let place = Place::new(engine).await;
        Self { store: place.open(on_commit).await, place }
    }

    pub async fn put(&self, name: &str, document: &str) -> Stored {
        self.store.put_offer(put(name, document)).await.expect("stored")
    }

    pub async fn offer(&self, name: &str) -> Option<StoredOffer> {
        self.store.offer(Kind::Vacancy, &key(name)).await.expect("read")
    }

    pub async fn delete(&self, name: &str) -> Deleted {
        self.store.delete_offer(Kind::Vacancy, &key(name), Precondition::None, at(1)).await.expect("deleted")
    }

    pub async fn changes(&self) -> Vec<ChangeRow> {
        self.store.changes(0, 1_000).await.expect("read")
    }

    pub async fn keys(&self, after: Option<&str>, limit: u32) -> Vec<String> {
        let after = after.map(key);
        let listed = self.store.list_offers(Kind::Vacancy, after.as_ref(), limit).await.expect("read");
        listed.into_iter().map(|offer| offer.key.to_string()).collect()
    }
}

/// Carries a statement out, past the store.
pub async fn beside(place: &Place, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &place.database {
        Database::Sqlite(path) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("carried out");
            connection.close().await.expect("closed");
        }
        Database::Postgres(_) => {
            let mut connection = place.beside().await;
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("carried out");
            connection.close().await.expect("closed");
        }
    }
}

/// A copy of a database as it is now: a file in that directory, or a schema of its own.
pub async fn copy(place: &Place, directory: &std::path::Path) -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    if let Database::Sqlite(_) = &place.database {
        let file = directory.join(format!("copy-{}.db", NEXT.fetch_add(1, Ordering::Relaxed)));
        beside(place, &format!("VACUUM INTO '{}'", file.display())).await;
        return file.into();
    }
    let copy = schema().await;
    let mut connection = connect(&copy).await;
    let name = |address: &str| address.rsplit("%3D").next().unwrap_or_default().to_owned();
    let (from, to) = (name(&place.database.to_string()), name(&copy));
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = $1")
        .bind(&from)
        .fetch_all(&mut connection)
        .await
        .expect("tables");
    for table in tables {
        let sql =
            format!("CREATE TABLE {to}.{table} (LIKE {from}.{table} INCLUDING ALL); INSERT INTO {to}.{table} SELECT * FROM {from}.{table}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("copied");
    }
    connection.close().await.expect("closed");
    copy.parse().expect("an address")
}
