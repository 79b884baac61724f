//! Consent, disclosure and withdrawal: who may see what of a worker. Pure: no I/O, no clock, no randomness.
//!
//! - [`Consent`] is a record that is written once; what happens to it is in its [`Event`]s, from which [`state`](state::state) follows.
//! - [`views`](view::views) cuts a skill offer down to what consents let be seen.
//! - [`Receipt`] is what a worker gets when a consent is given and when it ends; [`dpv`] writes it in the words of ISO/IEC TS 27560.
//! - [`Disclosure`] is a row of the ledger, [`Leaf`] what stands for it in the log.
//! - [`Processed`](processing::Processed) is a record of the processing log.
//! - [`Line`] is the source's side of a withdrawal that reaches every copy, [`Copies`] the recipient's. [`Flights`] says which answers a withdrawal
//!   waits for, [`Reopening`] what a node that was restored from a backup may do. A model of them all is checked by the tests of this crate.

pub mod copies;
pub mod disclosure;
pub mod dpv;
pub mod erasure;
pub mod export;
mod field;
mod flights;
mod ground;
pub mod holdings;
mod id;
pub mod leaf;
mod line;
#[cfg(test)]
mod model;
mod policy;
pub mod processing;
pub mod purpose;
pub mod receipt;
mod record;
mod reopening;
pub mod request;
pub mod retained;
pub mod state;
mod transaction;
pub mod view;
pub mod withdrawal;

pub use copies::{Copies, Copy, Erased, Said};
pub use disclosure::{Budget, Disclosure, NARROW, Spent};
pub use field::{Field, FieldSet, UnknownField};
pub use flights::{Flights, Waiting};
pub use ground::{Ground, NoGround};
pub use id::{ConsentId, DisclosureId, GrantId, Handle, NoId, ReceiptId, RequestId, TombstoneId, ViewId, WorkerId};
pub use leaf::{Leaf, LeafKind, NewLeaf, Salt};
pub use line::{Line, Owed};
pub use policy::Policy;
pub use purpose::{LegalBasis, Rules, is_offered, rules};
pub use receipt::Receipt;
pub use record::{Authentication, Consent, Epoch, Notice, SCHEMA, Unlawful};
pub use reopening::{Found, LATE_SECONDS, Reopening};
pub use retained::{Retained, RetainedBasis, Statute};
pub use state::{Event, State, What};
pub use transaction::{FscTransaction, NoTransaction};
