//! The processing log: a record for each person and action, written in the transaction of what it stands for. Where it cannot be written, what it stands for
//! is not done either.
//!
//! - `seal` hides whom a record is about, under a key of its month;
//! - `write` writes the records of a transaction, in one statement for all of them;
//! - `read` reads them back, for whoever sends them on and for a privacy officer;
//! - `keep` remembers what was sent, and forgets what is old enough.

mod keep;
mod read;
mod seal;
mod write;

pub use keep::Pruned;
pub use read::ProcessingRecord;
pub use seal::{ProcessingKeys, Sealed};
pub(crate) use write::write;
