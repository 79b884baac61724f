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
    let server = std::env::var("POLDER_TEST_POSTGRES").expect(
        "POLDER_TEST_POSTGRES is not set: this test needs a PostgreSQL server. Run tests/run, or: tests/postgres cargo test -p polder-federation-tests",
    );
    let name = format!("federation_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("a connection");
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&mut connection).await.expect("a schema");
    format!("{server}&options=-csearch_path%3D{name}").parse().expect("an address")
}
