//! The database: offers, changes, tombstones. One SQL text for SQLite and PostgreSQL.
//!
//! All writing goes through one task (`writer`): it takes what is queued into one transaction, commits once with a full sync, tells `on_commit`,
//! and only then replies. Puts and deletes of one transaction are decided in memory and written in a few statements (`batch`); everything else
//! has a savepoint of its own. When a put returns, the offer is on disk and in the index of this process.
//!
//! On PostgreSQL several replicas of a node share one database (`follow`). They write one after the other, each behind the row of the counter,
//! so that change numbers rise in the order of commits; each reads on from the latest change that it knows.
//!
//! Documents are kept byte for byte. Times are integer microseconds given by the caller; the database's clock is never asked.

mod audience;
mod batch;
pub mod clients;
mod counts;
mod database;
mod edits;
mod engine;
mod error;
pub mod events;
mod export;
mod follow;
pub mod imports;
mod journal;
mod lease;
mod log;
mod marks;
mod messages;
mod migrations;
mod open;
mod organisations;
pub mod people;
mod postgres;
pub mod processing;
mod random;
mod read;
mod reader;
mod remains;
mod row;
mod rows;
mod settings;
#[cfg(test)]
mod silent;
mod size;
mod sqlite;
mod statement;
mod told;
mod types;
pub mod webhooks;
mod write;
mod writer;

pub use counts::Written;
pub use database::{Address, Database};
pub use edits::Edit;
pub use error::StoreError;
pub use export::Exported;
pub use lease::Lease;
pub use log::{KeptCheckpoint, KeptHead, LogState, Tile, Witnessed};
pub use open::Store;
pub use read::MOST_ROWS;
pub use reader::{Reader, Schema};
pub use size::Size;
pub use types::{ActsFor, Change, ChangeRow, Deleted, ETag, OnCommit, Outcome, Precondition, Put, Stored, StoredOffer};
pub use writer::Queued;
