//! The recipient's side: what it holds of one handle of one source for one purpose.
//!
//! Tombstones are remembered, so that a late copy dies when it arrives; a copy dies by itself when its lease ends.

use polder_model::Timestamp;

use crate::field::FieldSet;
use crate::line::Owed;
use crate::record::Epoch;

/// A copy that a recipient has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Copy {
    /// The epoch under which it is held.
    pub epoch: Epoch,
    /// The fields in it.
    pub fields: FieldSet,
    /// Until when it may be used.
    pub use_until: Timestamp,
}

/// What a recipient knows of one handle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Copies {
    /// The latest epoch for which a tombstone came; 0 before the first. It never falls.
    pub ended: Epoch,
    /// Copies that are in use.
    pub held: Vec<Copy>,
}

/// What a recipient says to a source that was restored from a backup: what it knows of one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Said {
    /// The latest epoch for which a tombstone came; 0 before the first.
    pub ended: Epoch,
    /// The epochs of which it holds copies, its clients' counted. Distinct, rising.
    pub held: Vec<Epoch>,
}

/// What became of copies.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Erased {
    /// How many were erased whole.
    pub whole: usize,
    /// How many lost fields.
    pub partly: usize,
}

impl Copies {
    /// A copy arrives. Whether it may be kept: not when its epoch has ended, and not past its lease.
    pub fn receive(&mut self, copy: Copy, now: Timestamp) -> bool {
        let keeps = copy.epoch > self.ended && now < copy.use_until;
        if keeps {
            self.held.push(copy);
        }
        keeps
    }

    /// A tombstone arrives, perhaps not for the first time.
    pub fn tombstone(&mut self, owed: Owed) -> Erased {
        let mut erased = Erased::default();
        self.ended = self.ended.max(owed.epoch);
        self.held.retain_mut(|copy| {
            if copy.epoch > owed.epoch {
                return true;
            }
            let left = if owed.fields.is_empty() { FieldSet::NONE } else { copy.fields.without(owed.fields) };
            if left.is_empty() {
                erased.whole += 1;
                return false;
            }
            (copy.fields, copy.epoch) = (left, owed.epoch.next());
            erased.partly += 1;
            true
        });
        erased
    }

    /// Time goes on: what is past its lease is erased. How many.
    pub fn lapse(&mut self, now: Timestamp) -> usize {
        let before = self.held.len();
        self.held.retain(|copy| now < copy.use_until);
        before - self.held.len()
    }

    /// What it says to a source that asks.
    #[must_use]
    pub fn said(&self) -> Said {
        let mut held: Vec<Epoch> = self.held.iter().map(|copy| copy.epoch).collect();
        held.sort_unstable();
        held.dedup();
        Said { ended: self.ended, held }
    }
}
