//! The versions of the schema. One text for both engines.

use crate::error::StoreError;

/// What makes each version from the one before. Only added to.
const STEPS: [&str; 10] = [
    include_str!("../migrations/1.sql"),
    include_str!("../migrations/2.sql"),
    include_str!("../migrations/3.sql"),
    include_str!("../migrations/4.sql"),
    include_str!("../migrations/5.sql"),
    include_str!("../migrations/6.sql"),
    include_str!("../migrations/7.sql"),
    include_str!("../migrations/8.sql"),
    include_str!("../migrations/9.sql"),
    include_str!("../migrations/10.sql"),
];

/// The latest version that this program knows.
pub(crate) const KNOWN: i64 = STEPS.len() as i64;

/// Refuses a version that this program does not know.
pub(crate) fn check(found: i64) -> Result<(), StoreError> {
    if (0..=KNOWN).contains(&found) { Ok(()) } else { Err(StoreError::UnknownSchema { found, known: KNOWN }) }
}

/// The steps that are missing after that version, each with the version it makes.
pub(crate) fn after(version: i64) -> impl Iterator<Item = (i64, &'static str)> {
    (1..).zip(STEPS).filter(move |(makes, _)| *makes > version)
}

/// A step as PostgreSQL takes it: bytes have another name there, and texts are in the order of their bytes whatever the database's language is.
pub(crate) fn for_postgres(sql: &str) -> String {
    sql.replace("BLOB", "BYTEA").replace("TEXT", "TEXT COLLATE \"C\"")
}
