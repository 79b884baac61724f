//! Opening and closing a database.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use crate::error::StoreError;
use crate::row;
use crate::types::OnCommit;
use crate::writer::{self, Writer};

/// The schema versions, each with what makes it from the one before. Only added to.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/1.sql")];

/// Marks a database file as ours (`PRAGMA application_id`): "pldr".
const APPLICATION_ID: i64 = 0x706c_6472;

/// Cache of one connection, in KiB: a node idles below 40 MB in all.
const CACHE_KIB: i64 = 2_048;
const READERS: u32 = 3;
const BUSY: Duration = Duration::from_secs(10);

/// A partner's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) readers: SqlitePool,
    pub(crate) writer: Writer,
}

impl Store {
    /// Opens the database at `path`, making it if it is not there. `on_commit` is told of every commit before its callers get their replies.
    ///
    /// # Errors
    /// When the file cannot be used, or was written by another program or a later version of this one.
    pub async fn open(path: &Path, on_commit: OnCommit) -> Result<Self, StoreError> {
        writable(path)?;
        let plain = options(path);
        let mut looking = connect(&plain).await?;
        let looked = version(&mut looking).await;
        looking.close().await?;
        looked?;
        // Write-ahead logging is written into the file, so a file that is not ours is judged before.
        let options = plain.journal_mode(SqliteJournalMode::Wal);
        let mut connection = connect(&options).await?;
        migrate(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .idle_timeout(Duration::from_secs(60))
            .connect_lazy_with(options.clone().create_if_missing(false).pragma("query_only", "on"));
        let told = row::counter(&sqlx::query("SELECT change FROM counter WHERE id = 1").fetch_one(&mut connection).await?, 0)?;
        Ok(Self { readers, writer: writer::start(connection, options, on_commit, told) })
    }

    /// Stores what is queued, then closes the database.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("trusted_schema", "off")
        // What is deleted is overwritten: it may be about a person.
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

/// A connection for writing.
pub(crate) async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    Ok(SqliteConnection::connect_with(options).await?)
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
async fn version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let application: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *connection).await?;
    if application != APPLICATION_ID && !(application == 0 && tables == 0 && version == 0) {
        return Err(StoreError::Database("the file is a database of another program; it was left as it is".to_owned()));
    }
    if version > known || version < 0 {
        return Err(StoreError::UnknownSchema { found: version, known });
    }
    Ok(version)
}

/// Brings the schema to the latest version.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let version = version(connection).await?;
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(usize::try_from(version).unwrap_or(0)) {
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql(*sql).execute(&mut *transaction).await?;
        let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}", step + 1);
        sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    Ok(())
}
