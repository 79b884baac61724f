//! The log as whoever looks after the node sees it: its last checkpoint, and who has cosigned it when.

use polder_model::{PartnerId, Timestamp};
use polder_store::{KeptCheckpoint, StoreError};
use polder_trust::log::SignedCheckpoint;
use polder_trust::register::Status;

use super::standing::LogNow;
use crate::node::Node;

/// How the log stands, and who has seen it.
#[derive(Clone, Debug)]
pub struct LogView {
    /// How it stands.
    pub now: LogNow,
    /// What was signed last.
    pub last: Option<LastSigned>,
    /// How many others have to cosign.
    pub quorum: usize,
    /// The other partners that take part; those whose cosignature is the oldest first.
    pub witnesses: Vec<WitnessSeen>,
}

/// A checkpoint of the own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSigned {
    /// How many leaves.
    pub size: u64,
    /// The root over them, in base64.
    pub root: String,
    /// When it was signed.
    pub at: Timestamp,
}

/// A partner that may cosign the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessSeen {
    /// Who.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// When it last cosigned, of what is kept; `None` where it did not.
    pub at: Option<Timestamp>,
    /// How many leaves it cosigned then.
    pub size: u64,
}

impl Node {
    /// How the log stands, and who has seen it.
    ///
    /// # Errors
    /// When the database cannot be read, or a checkpoint in it cannot be.
    pub async fn log_view(&self) -> Result<LogView, StoreError> {
        let reader = self.store().reader();
        let (now, state, at) = (LogNow::read(&reader).await?, reader.log_state().await?, self.now());
        let read = |kept: &KeptCheckpoint| {
            SignedCheckpoint::parse(kept.note.as_bytes()).map_err(|_| StoreError::Damaged("a checkpoint of the log cannot be read"))
        };
        let notes = state.last.iter().chain(&state.cosigned).map(read).collect::<Result<Vec<_>, _>>()?;
        let (register, own) = (self.register(), &self.home().partner);
        let others = register.members().iter().filter(|member| member.partner != *own && member.status == Status::Active);
        let mut witnesses: Vec<WitnessSeen> = others
            .map(|member| {
                let keys = member.keys_at(at);
                let cosigned = |note: &SignedCheckpoint| Some((note.cosigned(&member.partner, &keys).ok()??, note.checkpoint().size));
                let last = notes.iter().filter_map(cosigned).max();
                let size = last.map_or(0, |(_, size)| size);
                WitnessSeen { partner: member.partner.clone(), name: member.name.clone(), at: last.map(|(at, _)| at), size }
            })
            .collect();
        witnesses.sort_by(|a, b| (a.at, &a.partner).cmp(&(b.at, &b.partner)));
        let quorum = self.log().quorum.min(witnesses.len());
        let last = state.last.as_ref().zip(notes.first()).map(|(kept, note)| LastSigned {
            size: kept.size,
            root: note.checkpoint().root.to_string(),
            at: kept.at,
        });
        Ok(LogView { now, last, quorum, witnesses })
    }
}
