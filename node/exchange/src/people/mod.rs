//! People: answers about them, what workers decide, and withdrawals that reach every copy.
//!
//! - `answer` answers a partner's question, from views that the index holds, by way of the transaction that re-checks consent and writes the ledger.
//! - `decide` gives and ends consents for a worker; what is on its way about them has landed, or was cut off, before an end is acknowledged (`flights`).
//! - `requests` asks workers for partners, and says to whoever asked what is in force; `requests_of_workers` shows workers what they are asked.
//! - `erase` ends and erases everything of a worker.
//! - `moves` lets a worker take everything along to another node.
//! - `apply` sends a worker's application to the partner of a vacancy; `applications_received` takes in what comes for this partner's own.
//! - `deliver` brings tombstones to whoever holds a copy, until each is acknowledged.
//! - `access` shows a worker what is held of them here (`held`) and at every partner, who is asked by `gather`.
//! - `recollect` asks each partner what it holds and ended, where this node was restored from a backup.
//! - `fetch` asks partners for tombstones that did not reach this node.
//! - `receive` does the other half, here: it notes what came and for which client, and erases.

mod access;
mod activities;
mod answer;
mod applications_received;
mod apply;
mod contact;
mod day;
mod decide;
mod deliver;
mod erase;
mod fetch;
mod flights;
mod gather;
mod held;
mod moves;
mod notice;
mod overview;
mod processing;
mod receipts;
mod receive;
mod recollect;
mod requests;
mod requests_of_workers;
mod revoke;
mod sweep;

pub use access::{Access, HoldingsState, PartnerHoldings};
pub use activities::{Activities, Activity, Basis, Controller, KeptFor};
pub use applications_received::ApplicationRefused;
pub use apply::{Application, ApplicationSight, ApplyRefused};
pub use contact::ContactRefused;
pub use decide::{DecideRefused, Decision, Withdrawn};
pub(crate) use deliver::Delivery;
pub use deliver::Outstanding;
pub use erase::{Gone, StillThere, StillThereState};
pub(crate) use flights::Flights;
pub use flights::OnItsWay;
pub(crate) use gather::Gathering;
pub use held::{Home, List, NoticeText, Profile, Seen};
pub use moves::{Brought, MovePreview, MoveRefused, Moved, NotAsked, WouldAsk};
pub use notice::{Language, field_name};
pub use overview::{Copies, Sight};
pub(crate) use polder_consent::processing::activity;
pub use polder_store::people::Asked;
pub use receipts::ReceiptFailed;
pub use receive::{Delivered, ReceiveRefused, Told};
pub(crate) use recollect::{Asking, is_awaited};
pub use recollect::{REOPEN_SECONDS, Recollection, RecollectionAsked};
pub use requests::{NewRequest, RequestRefused, RequestStanding, StandingState};
pub use requests_of_workers::RequestSight;
pub(crate) use sweep::Noted;
pub use sweep::PEOPLE_SECONDS;

/// For whom a question is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// A client of this partner, by its name: what it gets of people is noted under it.
    Client(String),
    /// A worker of this partner: they see that it was asked.
    Worker(polder_consent::WorkerId),
}
