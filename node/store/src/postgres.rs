//! PostgreSQL: opening a database, and what only several replicas need. Its pair is `sqlite`.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgPool};

use crate::database::Address;
use crate::error::StoreError;
use crate::migrations;

/// The advisory lock under which one replica at a time brings the schema to the latest version: "polder", as a number.
const MIGRATION_LOCK: i64 = 0x706f_6c64_6572;
/// The channel on which replicas tell each other that something changed.
pub(crate) const CHANNEL: &str = "polder_changes";

/// Two of them may be at an export, which takes as long as its reader does.
const READERS: u32 = 6;
/// How long is waited for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Judges the database and brings its schema to the latest version. How to connect to it.
///
/// # Errors
/// When it cannot be reached or written, or holds tables of another program or of a later version of this one.
pub(crate) async fn prepare(address: &Address) -> Result<PgConnectOptions, StoreError> {
    // Whatever the server's own settings are: a commit is on disk when it returns, nothing waits without end, and a replica that is cut off
    // in the middle of a transaction does not keep the others waiting.
    let session = [
        ("synchronous_commit", "on"),
        ("default_transaction_isolation", "read committed"),
        ("statement_timeout", "60s"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "3"),
        ("client_min_messages", "warning"),
    ];
    let options = address.options()?.options(session).disable_statement_logging();
    let mut connection = connect(&options).await?;
    if version(&mut connection).await? < migrations::KNOWN {
        migrate(&mut connection).await?;
    }
    let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await?;
    if fsync == "off" {
        tracing::warn!("the database server does not sync its disk (fsync = off): what it acknowledges is lost when its machine stops");
    }
    connection.close().await?;
    Ok(options)
}

/// A connection, made within a bounded time.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let connected = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
    Ok(connected.map_err(|_| StoreError::Unreachable("the server does not answer".to_owned()))??)
}

/// The connection that writes. A plan that was made when the tables were small would read all of them for each batch: it is made anew each time.
pub(crate) fn writing(options: &PgConnectOptions) -> PgConnectOptions {
    // The lists of a batch are kept in memory while its rows are made of them.
    options.clone().options([("plan_cache_mode", "force_custom_plan"), ("work_mem", "16MB")])
}

/// Connections that only read. A transaction sees one moment.
pub(crate) fn readers(options: &PgConnectOptions) -> PgPool {
    let reading = [
        ("default_transaction_read_only", "on"),
        ("default_transaction_isolation", "repeatable read"),
        // A list of everything takes as long as its reader does.
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "60s"),
    ];
    pool(READERS).connect_lazy_with(options.clone().options(reading))
}

/// A connection that looks, and changes nothing.
pub(crate) async fn looking(address: &Address) -> Result<PgPool, StoreError> {
    let reading = [("default_transaction_read_only", "on"), ("statement_timeout", "10s"), ("client_min_messages", "warning")];
    let options = address.options()?.options(reading).disable_statement_logging();
    connect(&options).await?.close().await?;
    Ok(pool(1).connect_lazy_with(options))
}

/// A connection or two for small things that wait for no other writer, see `messages`.
pub(crate) fn aside(options: &PgConnectOptions) -> PgPool {
    // A message that is forgotten when the machine of the server stops is a message that its sender's key made anyhow: not worth a sync each.
    pool(2).connect_lazy_with(options.clone().options([("synchronous_commit", "off")]))
}

/// The connection that hears of changes.
pub(crate) fn ears(options: &PgConnectOptions) -> PgPool {
    pool(1).max_lifetime(None).idle_timeout(None).connect_lazy_with(options.clone())
}

fn pool(most: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(most).min_connections(0).acquire_timeout(PATIENCE).idle_timeout(Duration::from_secs(60))
}

/// Waits until no other replica writes. What they committed is seen by every statement after it; a schema that was changed meanwhile is refused.
pub(crate) async fn lock_counter(connection: &mut PgConnection) -> Result<(), StoreError> {
    // Both rows: what was waited for is read as it is after the wait only of rows that are locked.
    let sql = "SELECT polder_schema.version FROM counter, polder_schema WHERE counter.id = 1 FOR UPDATE";
    let version: i64 = sqlx::query_scalar(sql).fetch_one(connection).await?;
    migrations::check(version)
}

/// Tells whoever listens, once this transaction is committed.
pub(crate) async fn announce(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await?;
    Ok(())
}

/// The version of the schema, 0 for an empty database; refuses a database that is not ours or is newer.
pub(crate) async fn version(connection: &mut PgConnection) -> Result<i64, StoreError> {
    // Tables that an extension made are no other program's.
    let tables = "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|table| table == "polder_schema") {
        return Err(StoreError::Database("the database holds tables of another program; it was left as it is".to_owned()));
    }
    let version = sqlx::query_scalar("SELECT version FROM polder_schema").fetch_one(&mut *connection).await?;
    migrations::check(version)?;
    Ok(version)
}

/// Brings the schema to the latest version, whole or not at all.
async fn migrate(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0").execute(&mut *transaction).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_LOCK).execute(&mut *transaction).await?;
    // Another replica may have been first.
    let version = version(&mut transaction).await?;
    if version == 0 {
        let table = "CREATE TABLE polder_schema (version BIGINT NOT NULL); INSERT INTO polder_schema (version) VALUES (0)";
        sqlx::raw_sql(table).execute(&mut *transaction).await?;
    } else {
        // No replica of the version before is in the middle of a transaction.
        lock_counter(&mut transaction).await?;
    }
    for (makes, sql) in migrations::after(version) {
        sqlx::raw_sql(AssertSqlSafe(migrations::for_postgres(sql))).execute(&mut *transaction).await?;
        sqlx::query("UPDATE polder_schema SET version = $1").bind(makes).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
