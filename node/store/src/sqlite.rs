//! SQLite: opening a file. Its pair is `postgres`.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use crate::error::StoreError;
use crate::migrations;

/// Marks a database file as ours (`PRAGMA application_id`): "pldr".
const APPLICATION_ID: i64 = 0x706c_6472;

/// Cache of one connection, in KiB: a node idles below 40 MB in all.
const CACHE_KIB: i64 = 2_048;
/// Two of them may be at an export, which takes as long as its reader does.
const READERS: u32 = 5;
const BUSY: Duration = Duration::from_secs(10);

/// Makes the file if it is not there, judges it, and brings its schema to the latest version. How to connect to it for writing, and the first who did.
///
/// # Errors
/// When the file cannot be used, or was written by another program or a later version of this one.
pub(crate) async fn prepare(path: &Path) -> Result<(SqliteConnectOptions, SqliteConnection), StoreError> {
    writable(path)?;
    let plain = options(path);
    let mut connection = SqliteConnection::connect_with(&plain).await?;
    let options = plain.journal_mode(SqliteJournalMode::Wal);
    match ready(&mut connection).await {
        Ok(migrations::KNOWN) => Ok((options, connection)),
        // What made the tables leaves its pages in memory, and its log beside the file: both end with its connection.
        Ok(_) => {
            connection.close().await?;
            let connection = SqliteConnection::connect_with(&options).await?;
            Ok((options, connection))
        }
        Err(error) => {
            connection.close().await?;
            Err(error)
        }
    }
}

/// The version that was found; it is the latest from then on.
async fn ready(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    // Write-ahead logging is written into the file, so a file that is not ours is judged before.
    let found = version(connection).await?;
    sqlx::query("PRAGMA journal_mode = WAL").fetch_one(&mut *connection).await?;
    migrate(connection, found).await?;
    Ok(found)
}

/// Connections that only read.
pub(crate) fn readers(options: &SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .idle_timeout(Duration::from_secs(60))
        .connect_lazy_with(options.clone().create_if_missing(false).pragma("query_only", "on"))
}

/// A connection that looks into a file that another process may be writing to.
///
/// Without a write-ahead log nobody has the file open, and it is read as it is: otherwise a reader would leave files beside it that belong to whoever
/// looked.
pub(crate) fn looking(path: &Path) -> SqlitePool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let options = options(path).create_if_missing(false).read_only(true).immutable(!Path::new(&log).exists());
    SqlitePoolOptions::new().max_connections(1).min_connections(0).connect_lazy_with(options)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // Three offers of 2 KB to a page: of 4 KiB, each would take one for itself. A file that is there keeps the size it was made with.
        .page_size(8_192)
        .pragma("trusted_schema", "off")
        // What is deleted is overwritten: it may be about a person.
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

/// A file that cannot be written is refused as such; SQLite would say no more than that it cannot be opened.
/// Makes the file if it is not there, for its owner alone: the files beside it get the same rights.
fn writable(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().append(true).create(true).mode(0o600).open(path) {
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            Err(StoreError::ReadOnly(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// The version of the schema, 0 for an empty database; refuses a database that is not ours or is newer.
pub(crate) async fn version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let application: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *connection).await?;
    if application != APPLICATION_ID && !(application == 0 && tables == 0 && version == 0) {
        return Err(StoreError::Database("the file is a database of another program; it was left as it is".to_owned()));
    }
    migrations::check(version)?;
    Ok(version)
}

/// Brings the schema from that version to the latest.
async fn migrate(connection: &mut SqliteConnection, found: i64) -> Result<(), StoreError> {
    for (makes, sql) in migrations::after(found) {
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql(sql).execute(&mut *transaction).await?;
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {makes}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    Ok(())
}
