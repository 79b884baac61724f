//! What can go wrong in the store.

use sqlx::postgres::PgDatabaseError;

/// Why the store did not do what was asked. Nothing was stored then, unless it is [`StoreError::Uncertain`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The offer is not in the expected version.
    #[error("the offer is not in the expected version")]
    PreconditionFailed,
    /// The key is that of an offer of another organisation than those for which the caller acts.
    #[error("this key is taken by an offer of another organisation")]
    AnotherOrganisation(String),
    /// There are as many offers as may be.
    #[error(
        "this node takes {most} offers of its partner and holds as many; this one is new and was not stored. Delete those that are over, or have \
         the operator raise limits.offers"
    )]
    TooMany {
        /// How many may be.
        most: u64,
    },
    /// The disk is full.
    #[error("the disk that holds the database is full; make room and try again")]
    Full,
    /// More is waiting to be written than the queue holds, or the store is closing.
    #[error("the store takes no more at the moment")]
    Busy,
    /// The database was written by another program or another version of this one.
    #[error("the database has schema version {found}; this program knows versions up to {known}")]
    UnknownSchema {
        /// The version found.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The database is read-only.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// The server of the database does not answer, or goes down.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database was lost in the middle of a commit.
    #[error("the database was lost while it stored this; whether it did is not known: {0}")]
    Uncertain(String),
    /// The journal of what ended cannot be written or read: nothing ends that a restored database would not know of.
    #[error("the journal of what ended cannot be used: {0}")]
    Journal(String),
    /// Anything else that the database says; for the log, not for callers.
    #[error("the database failed: {0}")]
    Database(String),
    /// A stored row does not hold what this program writes.
    #[error("a stored row is damaged: {0}")]
    Damaged(&'static str),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let said = error.as_database_error();
        let postgres = said.and_then(|said| said.try_downcast_ref::<PgDatabaseError>());
        let kept = match postgres {
            Some(said) => of_postgres(said.code()),
            None => said.and_then(|said| said.code()).and_then(|code| of_sqlite(code.parse().ok()?)),
        };
        match kept {
            Some(Failure::Full) => Self::Full,
            Some(Failure::ReadOnly) => Self::ReadOnly(error.to_string()),
            Some(Failure::Busy) => Self::Busy,
            Some(Failure::Unreachable) => Self::Unreachable(error.to_string()),
            None if error.to_string().contains("No space left") => Self::Full,
            None if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => Self::Busy,
            None if matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed) => {
                Self::Unreachable(error.to_string())
            }
            None => Self::Database(error.to_string()),
        }
    }
}

/// What both engines can say, each in its own numbers.
enum Failure {
    Full,
    ReadOnly,
    Busy,
    Unreachable,
}

/// `SQLITE_IOERR_SHMSIZE`: the file that connections share does not grow. SQLite calls a full disk that when it opens a database.
const SHARED_FILE_DOES_NOT_GROW: i64 = 4_874;

/// Of SQLite's result codes, without what they add to the primary one, unless that says more.
fn of_sqlite(code: i64) -> Option<Failure> {
    match code & 0xff {
        _ if code == SHARED_FILE_DOES_NOT_GROW => Some(Failure::Full),
        13 => Some(Failure::Full),
        8 => Some(Failure::ReadOnly),
        _ => None,
    }
}

/// Of PostgreSQL's SQLSTATE: `disk_full`; `read_only_sql_transaction`; `lock_not_available`; `too_many_connections`, and a server that starts
/// or stops.
fn of_postgres(code: &str) -> Option<Failure> {
    match code {
        "53100" => Some(Failure::Full),
        "25006" => Some(Failure::ReadOnly),
        "55P03" => Some(Failure::Busy),
        "53300" | "57P01" | "57P02" | "57P03" => Some(Failure::Unreachable),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_open_on_a_full_disk_says_so() {
        assert!(matches!(of_sqlite(SHARED_FILE_DOES_NOT_GROW), Some(Failure::Full)));
        assert!(matches!(of_sqlite(13), Some(Failure::Full)));
        assert!(of_sqlite(10).is_none(), "another fault of the disk is no lack of room");
    }
}
