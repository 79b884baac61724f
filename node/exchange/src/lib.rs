//! The node at work: it publishes, asks and answers. It knows traits, not sockets.
//!
//! - [`Node::publish`], [`Node::publish_many`] and [`Node::delete`] take an offer through its checks, the store and the index.
//! - [`Node::import_part`] does so with the lines of a part of an import, and keeps their verdicts; see [`imports`].
//! - [`Node::answer`] and [`Node::documents`] answer a peer (and this node itself) about its own offers.
//! - [`Node::hear`] and [`Node::catch_up`] take register news in; see [`register_news`].
//! - [`Node::tend_log`] has what was done with people's data witnessed; see [`log`].
//! - [`syncs`] reads the catalogues of schools into trainings.
//! - [`traces`] says how an operator may follow all of that, part by part.
//! - [`Node::ask`] asks every partner through [`Peers`], merges, recomputes what it shows and says who is missing.

pub mod answer;
pub mod ask;
pub mod clock;
pub mod clock_guard;
mod duties;
pub mod events;
pub mod imports;
mod index_feed;
mod index_file;
mod left_out;
pub mod log;
mod node;
mod open_error;
mod organisations;
pub mod peers;
pub mod people;
mod place;
pub mod publish;
pub mod register_news;
mod saved_searches;
mod searches;
pub mod syncs;
pub mod tables;
pub mod traces;

pub use answer::{AnswerRefused, Released};
pub use ask::{AskRefused, Listener, Teller, progress};
pub use clock::{Clock, SystemClock};
pub use clock_guard::{ClockWasSet, SteadyClock};
pub use duties::SWEEP_SECONDS;
pub use index_file::Keeping;
pub use left_out::LeftOut;
pub use log::{LogNow, LogPeers, WitnessReply};
pub use node::{Home, Node, OPERATOR};
pub use open_error::OpenError;
pub use organisations::as_kept as organisation_as_kept;
pub use peers::{PeerFailure, Peers, Received, Trouble};
pub use people::{For, OnItsWay};
pub use place::Place;
pub use publish::{KEY_TAKEN, Publication, PublishRefused, Published};
pub use register_news::{Announcement, CatchUpFailed, Evidence, Heard, RegisterDocument, RegisterPeers};
pub use saved_searches::SAVED_SECONDS;
pub use traces::Traces;
