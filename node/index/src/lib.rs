//! The in-memory search index over a partner's offers. Rebuilt from the store, never a source of truth.
//!
//! Offers lie in immutable segments, ordered by postcode so that a commute is a few blocks of offers. In each block, the nearest first, the
//! posting lists of what is asked are added up to bounds on the scores; the offers with the highest bounds are then scored exactly. Lists
//! that cannot lift an offer among the best any more are passed over. A change makes a small segment; small segments of like size are
//! merged at once, larger ones by [`Index::compact`]; deleted offers are marked. Readers take a [`Snapshot`] and are never held up.
//!
//! The numbers are those of `polder_model::rank`, by the same arithmetic: a test holds the two against each other.

mod build;
mod columns;
mod compact;
mod entry;
mod file;
mod index;
mod postings;
mod row;
mod search;
mod segment;
mod snapshot;

pub use entry::{Found, IndexChange, IndexEntry};
pub use file::{FileError, LONGEST_HEAD, Stamp};
pub use index::{Index, Rebuild};
pub use search::Kernel;
pub use segment::Bytes;
pub use snapshot::Snapshot;
