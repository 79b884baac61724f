//! Signing what is new in the log.

use polder_model::Timestamp;
use polder_store::KeptCheckpoint;
use polder_trust::keys::SigningKey;
use polder_trust::log::{Checkpoint, Head, Origin, SignedCheckpoint};

use super::LogFailed;
use super::grow::{Grown, grow};
use crate::node::Node;

/// Most leaves by which one checkpoint is larger than the one before.
const MOST_NEW: u64 = 65_536;
/// The pause between two checkpoints, in seconds.
const PAUSE_SECONDS: i64 = 20;

/// When a checkpoint is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At most every 20 s.
    Ordinary,
    /// As soon as there is news.
    AtOnce,
}

impl Node {
    /// The name of this node's log.
    #[must_use]
    pub fn log_origin(&self) -> Option<Origin> {
        Origin::new(self.register().region(), self.home().partner.clone())
    }

    /// The last checkpoint, if there is one, and whether there are leaves beyond it that are to be signed now.
    pub(super) async fn last_checkpoint(&self, pace: Pace) -> Result<(Option<KeptCheckpoint>, bool), LogFailed> {
        let state = self.store().reader().log_state().await?;
        let size = state.last.as_ref().map_or(0, |last| last.size);
        if size > state.leaves {
            return Err(LogFailed::Damaged("it has fewer leaves than were signed"));
        }
        let rests = state.last.as_ref().is_some_and(|last| self.now() < last.at.plus_seconds(PAUSE_SECONDS) && self.now() >= last.at);
        let due = state.leaves > size && (pace == Pace::AtOnce || !rests);
        Ok((state.last, due))
    }

    /// Signs checkpoints until all leaves that there are now are under one.
    pub(super) async fn sign_news(&self, key: &SigningKey, origin: &Origin) -> Result<(), LogFailed> {
        let until = self.store().log_size().await?;
        loop {
            let state = self.store().reader().log_state().await?;
            let signed = head(state.last.as_ref(), origin)?;
            if signed.size >= until {
                return Ok(());
            }
            let Grown { head, tiles } = grow(self.store(), &signed, until.min(signed.size + MOST_NEW)).await?;
            // A database that goes back takes them from there: what is signed once stays in every later history.
            self.store().keep_leaves_apart(signed.size, head.size).await?;
            let checkpoint = Checkpoint { origin: origin.clone(), size: head.size, root: head.root }.sign(key);
            let kept = KeptCheckpoint { size: head.size, at: self.now(), note: checkpoint.to_string(), cosigned_at: None };
            self.store().keep_checkpoint(kept, tiles).await?;
            tracing::info!(size = head.size, before = signed.size, "a checkpoint of the log is signed");
        }
    }
}

/// Size and root of the last checkpoint, which must be of this log.
fn head(last: Option<&KeptCheckpoint>, origin: &Origin) -> Result<Head, LogFailed> {
    let Some(last) = last else { return Ok(Head::default()) };
    let signed = read(last, origin)?;
    Ok(Head { size: signed.checkpoint().size, root: signed.checkpoint().root })
}

/// A checkpoint that is kept.
pub(super) fn read(kept: &KeptCheckpoint, origin: &Origin) -> Result<SignedCheckpoint, LogFailed> {
    let signed = SignedCheckpoint::parse(kept.note.as_bytes()).map_err(|_| LogFailed::Damaged("a checkpoint cannot be read"))?;
    if signed.checkpoint().origin != *origin || signed.checkpoint().size != kept.size {
        return Err(LogFailed::Damaged("a checkpoint is of another log or size"));
    }
    Ok(signed)
}

/// A checkpoint as it is kept.
pub(super) fn kept(signed: &SignedCheckpoint, at: Timestamp, cosigned_at: Option<Timestamp>) -> KeptCheckpoint {
    KeptCheckpoint { size: signed.checkpoint().size, at, note: signed.to_string(), cosigned_at }
}
