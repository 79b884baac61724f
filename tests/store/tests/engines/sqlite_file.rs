//! What the store promises of a file of SQLite: whose it is, and which it does not touch.

use std::path::Path;
use std::sync::Arc;

use polder_model::Kind;
use polder_store::{Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::{Engine, Fixture, put, silent};

/// The latest version of the schema.
const KNOWN: i64 = 10;

/// Does something to a database file with plain SQLite.
async fn with_sqlite(path: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).disable_statement_logging();
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("done");
    connection.close().await.expect("closed");
}

/// Opens what must not be opened: what was said, and the file before and after.
async fn refusal(path: &Path) -> StoreError {
    let before = std::fs::read(path).expect("a file");
    let error = Store::open(path, silent()).await.err().expect("refused");
    assert!(std::fs::read(path).expect("a file") == before, "a file that is refused is left as it was");
    error
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let fixture = Fixture::new(Engine::Sqlite).await;
    fixture.put("a", "1").await;
    fixture.store.close().await;
    with_sqlite(&fixture.place.file(), "PRAGMA user_version = 11").await;
    let error = refusal(&fixture.place.file()).await;
    assert!(matches!(error, StoreError::UnknownSchema { found: 11, known: KNOWN }), "{error}");
    assert!(error.to_string().contains("schema version 11"), "{error}");
    with_sqlite(&fixture.place.file(), "PRAGMA user_version = -1").await;
    assert!(matches!(refusal(&fixture.place.file()).await, StoreError::UnknownSchema { found: -1, .. }));
    with_sqlite(&fixture.place.file(), "PRAGMA user_version = 10").await;
    let again = Store::open(&fixture.place.file(), silent()).await.expect("a store");
    assert_eq!(again.count_offers(Kind::Vacancy).await.expect("read"), 1);
}

/// Before version 4 nothing said how many offers there are: they are counted once.
#[tokio::test]
async fn offers_of_before_are_counted() {
    const BEFORE: &str = concat!(
        include_str!("../../../../node/store/migrations/1.sql"),
        include_str!("../../../../node/store/migrations/2.sql"),
        include_str!("../../../../node/store/migrations/3.sql"),
        "PRAGMA application_id = 1886151794; PRAGMA user_version = 3;
        INSERT INTO offers VALUES ('vacancy', 'a', 1, false, 0, 1, '', '1'), ('vacancy', 'b', 2, true, 0, 2, '', ''), ('vacancy', 'c', 1, false, 0, 3, '', '1');
        UPDATE counter SET change = 3",
    );
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("polder.db");
    with_sqlite(&path, BEFORE).await;
    let again = Store::open(&path, silent()).await.expect("a store");
    again.take_at_most(3);
    assert!(again.put_offer(put("d", "1")).await.is_ok());
    assert!(matches!(again.put_offer(put("e", "1")).await, Err(StoreError::TooMany { most: 3 })));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, sql) in [
        ("tables", "CREATE TABLE offers (x)"),
        ("versioned", "PRAGMA user_version = 1; CREATE TABLE offers (x)"),
        ("named", "PRAGMA application_id = 1234; CREATE TABLE offers (x)"),
        ("named and empty", "PRAGMA application_id = 1234"),
    ] {
        let path = directory.path().join(name);
        with_sqlite(&path, sql).await;
        let error = refusal(&path).await.to_string();
        assert!(error.contains("another program"), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("garbage");
    std::fs::write(&path, "this is not a database ".repeat(1_000)).expect("written");
    let error = refusal(&path).await.to_string();
    assert!(error.contains("not a database"), "{error}");
    let error = Store::open(&directory.path().join("none/polder.db"), silent()).await.err().expect("refused");
    assert!(matches!(error, StoreError::Database(_)), "{error}");
    std::fs::write(directory.path().join("empty"), b"").expect("written");
    assert!(Store::open(&directory.path().join("empty"), silent()).await.is_ok(), "an empty file is a new database");
}

#[tokio::test]
async fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("polder.db");
    let store = Store::open(&path, Arc::new(|_: &[polder_store::Change]| {})).await.expect("opened");
    store.put_offer(put("a", "1")).await.expect("stored");
    for entry in std::fs::read_dir(directory.path()).expect("files") {
        let entry = entry.expect("a file");
        let mode = entry.metadata().expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}
