//! The PostgreSQL server of tests/postgres.

use std::sync::atomic::{AtomicU32, Ordering};

use polder_store::Database;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A database that no other test uses.
///
/// # Panics
/// Without that server.
pub async fn database() -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server();
    let name = format!("federation_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("a connection");
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&mut connection).await.expect("a schema");
    format!("{server}&application_name={name}&options=-csearch_path%3D{name}").parse().expect("an address")
}

/// The processes of the server that work for whoever uses a database: they do nothing until this is dropped. Nobody is told, as where a server hangs.
#[derive(Debug)]
pub struct Hanging(Vec<String>);

impl Hanging {
    /// Has those hang that there are now.
    ///
    /// # Panics
    /// When there are none, or they cannot be told.
    pub async fn of(database: &Database) -> Self {
        let mut connection = PgConnection::connect(&server()).await.expect("a connection");
        let processes = "SELECT pid::text FROM pg_stat_activity WHERE application_name = $1";
        let processes: Vec<String> =
            sqlx::query_scalar(processes).bind(schema(database)).fetch_all(&mut connection).await.expect("numbers");
        assert!(!processes.is_empty(), "someone uses it");
        let hanging = Self(processes);
        hanging.tell("-STOP");
        hanging
    }

    fn tell(&self, signal: &str) {
        let status = std::process::Command::new("kill").arg(signal).args(&self.0).status().expect("kill (Debian package procps)");
        assert!(status.success() || signal == "-CONT", "{signal} {:?}", self.0);
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        self.tell("-CONT");
    }
}

fn schema(database: &Database) -> String {
    database.to_string().rsplit_once("%3D").expect("a schema").1.to_owned()
}

fn server() -> String {
    std::env::var("POLDER_TEST_POSTGRES")
        .expect("POLDER_TEST_POSTGRES is not set: this test needs a PostgreSQL server. Run tests/run, or: tests/postgres tests/programs")
}

/// Fills a database that is empty with all that another one holds at this moment, as `pg_dump` and `psql` do.
///
/// # Panics
/// When it cannot be copied.
pub async fn copy(from: &Database, to: &Database) {
    let (from, to) = (schema(from), schema(to));
    let mut connection = PgConnection::connect(&server()).await.expect("a connection");
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = $1";
    let tables: Vec<String> = sqlx::query_scalar(tables).bind(&from).fetch_all(&mut connection).await.expect("tables");
    assert!(!tables.is_empty());
    let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.expect("a transaction");
    for table in tables {
        let copy =
            format!("CREATE TABLE {to}.{table} (LIKE {from}.{table} INCLUDING ALL); INSERT INTO {to}.{table} SELECT * FROM {from}.{table}");
        sqlx::raw_sql(AssertSqlSafe(copy)).execute(&mut *transaction).await.expect("copied");
    }
    transaction.commit().await.expect("committed");
}
