//! The log at work: what this node did with people's data is signed, cosigned by other partners, and proved; and this node cosigns the logs of
//! others.
//!
//! The rules are in [`polder_trust::log`], the texts in section 11 of the interfaces. Here they get a database, a clock, and peers to ask.
//!
//! - [`Node::tend_log`](crate::Node::tend_log) signs what is new, and has it cosigned.
//! - [`Node::add_checkpoint`](crate::Node::add_checkpoint) is the witness of another log.
//! - [`Node::log_export`](crate::Node::log_export) proves that rows stand in the log.
//! - [`Node::log_view`](crate::Node::log_view) says who has seen it when.
//! - [`Node::log_is_cosigned`](crate::Node::log_is_cosigned) says whether anything personal may leave.

mod desk;
mod evidence;
mod export;
mod gather;
mod grow;
mod hashes;
mod sign;
mod standing;
mod tend;
mod view;
mod witness;

use std::sync::Arc;

use futures::future::BoxFuture;
use polder_store::StoreError;
use polder_trust::register::Member;

use crate::peers::PeerFailure;

pub(crate) use desk::LogDesk;
pub use export::{ExportRefused, LogRow};
pub use sign::Pace;
pub use standing::{LogNotCosigned, LogNow, LogStanding, RED_SECONDS, STOP_SECONDS};
pub use view::{LastSigned, LogView, WitnessSeen};
pub use witness::{WitnessRefused, is_settled, two_histories};

/// How many other partners have to cosign a log, unless that is configured; fewer, where there are fewer.
pub const QUORUM: usize = 2;

/// Carries checkpoints to other nodes.
pub trait LogPeers: Send + Sync {
    /// Has a checkpoint cosigned: the body of `add-checkpoint`.
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>>;
}

/// What a witness replied. Nothing of it is believed before it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WitnessReply {
    /// The lines with its cosignature.
    Cosigned(Vec<u8>),
    /// It does not cosign, and this is the size that it last cosigned.
    Knows(u64),
}

/// Why nothing came of tending the log.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogFailed {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is kept does not fit together: nothing is signed.
    #[error("the log in the database is damaged, and nothing of it is signed: {0}")]
    Damaged(&'static str),
}
