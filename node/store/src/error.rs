//! What can go wrong in the store.

/// Why the store did not do what was asked. Nothing was stored then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The offer is not in the expected version.
    #[error("the offer is not in the expected version")]
    PreconditionFailed,
    /// The disk is full.
    #[error("the disk that holds the database is full; make room and try again")]
    Full,
    /// More is waiting to be written than the queue holds, or the store is closing.
    #[error("the store takes no more at the moment")]
    Busy,
    /// The database was written by another program or another version of this one.
    #[error("the database has schema version {found}; this program knows versions up to {known}. Use the program that wrote it")]
    UnknownSchema {
        /// The version found.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The database is read-only.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// Anything else that the database says; for the log, not for callers.
    #[error("the database failed: {0}")]
    Database(String),
    /// A stored row does not hold what this program writes.
    #[error("a stored row is damaged: {0}")]
    Damaged(&'static str),
}

const SQLITE_READONLY: i64 = 8;
const SQLITE_FULL: i64 = 13;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<i64>().ok());
        let full = error.to_string().contains("No space left");
        match code.map(|code| code & 0xff) {
            Some(SQLITE_FULL) => Self::Full,
            Some(SQLITE_READONLY) => Self::ReadOnly(error.to_string()),
            _ if full => Self::Full,
            _ => Self::Database(error.to_string()),
        }
    }
}
