//! What a node's database must hold when the node is closed, read past the node.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

/// What is wrong with it. L1: each disclosure, decision and whatever else is told has one leaf, and each leaf one of them. W2: no disclosure comes after the end of its consent.
///
/// # Panics
/// When it cannot be read.
pub async fn wrong(file: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("a connection");
    let leaves: Vec<i64> = sqlx::query_scalar("SELECT seq FROM leaves ORDER BY seq").fetch_all(&mut connection).await.expect("read");
    let rows = "SELECT leaf FROM disclosures UNION ALL SELECT leaf FROM consent_events UNION ALL SELECT leaf FROM leaf_rows";
    let rows: Vec<i64> = sqlx::query_scalar(rows).fetch_all(&mut connection).await.expect("read");
    let distinct: BTreeSet<i64> = rows.iter().copied().collect();
    if distinct.len() < rows.len() {
        wrong.push("L1: one leaf for two rows".to_owned());
    }
    if distinct.into_iter().collect::<Vec<i64>>() != leaves || leaves.first().is_some_and(|first| *first != 0) {
        wrong.push(format!("L1: {} leaves for {} rows", leaves.len(), rows.len()));
    }
    let late = "SELECT count(*) FROM disclosures JOIN consent_events ON consent_events.consent = disclosures.consent
        WHERE consent_events.what <> 'give' AND consent_events.leaf < disclosures.leaf";
    let late: i64 = sqlx::query_scalar(late).fetch_one(&mut connection).await.expect("read");
    if late > 0 {
        wrong.push(format!("W2: {late} disclosures after the end of their consent"));
    }
    connection.close().await.expect("closed");
    wrong
}
