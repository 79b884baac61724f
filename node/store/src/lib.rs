//! The database: offers, changes, tombstones. One SQL text for every engine.
//!
//! All writing goes through one task (`writer`): it takes what is queued into one transaction, a savepoint each, commits once with a full
//! sync, tells `on_commit`, and only then replies. When a put returns, the offer is on disk and in the index.
//!
//! Documents are kept byte for byte. Times are integer microseconds given by the caller; the database's clock is never asked.

mod error;
mod open;
mod read;
mod row;
mod settings;
mod types;
mod write;
mod writer;

pub use error::StoreError;
pub use open::Store;
pub use read::MOST_ROWS;
pub use types::{Change, ChangeRow, Deleted, ETag, OnCommit, Outcome, Precondition, Put, Stored, StoredOffer};
