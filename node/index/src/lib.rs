//! The in-memory search index over a partner's offers. Rebuilt from the store, never a source of truth.
//!
//! Offers lie in immutable segments, ordered by postcode so that a commute is a few runs of offers. A query walks the posting lists of its
//! skills, occupations and words within these runs, adds up points, and scores the offers with the best sums first. Lists, runs and offers
//! that cannot come among the best any more are passed over. A change makes a small segment; segments of like size are merged; deleted
//! offers are marked. Readers take a [`Snapshot`] and are never held up.
//!
//! The numbers are those of `polder_model::rank`, by the same arithmetic: a test holds the two against each other.

mod build;
mod entry;
mod index;
mod record;
mod row;
mod search;
mod segment;
mod snapshot;

pub use entry::{Found, IndexChange, IndexEntry};
pub use index::{Index, Rebuild};
pub use snapshot::Snapshot;
