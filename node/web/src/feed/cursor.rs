//! A place in the feed.

use polder_model::problem::ProblemType;
use polder_store::events::{FeedRow, Happened};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// The number of something that happened, and what it was: in a database that was restored from a backup of before, its number may be given to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    change: u64,
    digest: [u8; 8],
}

impl Cursor {
    /// Before the first change: what `next` is where there is none yet. No other digest goes with the number 0.
    pub(crate) const START: Self = Self { change: 0, digest: [0; 8] };

    pub(crate) fn of(row: &FeedRow) -> Self {
        let mut digest = [0; 8];
        match &row.is {
            Happened::Offer { kind, key, version, deleted } => {
                let hash = Sha256::digest(format!("{} {kind} {key} {version} {deleted} {}", row.change, row.at.micros()));
                digest.copy_from_slice(&hash[..8]);
            }
            // Drawn at random: whoever may not hear of it learns nothing by it.
            Happened::Event { word, .. } => {
                // The store writes 16 digits.
                let _ = hex::decode_to_slice(word, &mut digest);
            }
        }
        Self { change: row.change, digest }
    }

    /// The number.
    pub(crate) fn change(self) -> u64 {
        self.change
    }

    pub(crate) fn write(self) -> String {
        format!("{}-{}", self.change, hex::encode(self.digest))
    }

    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        let read = text.split_once('-').and_then(|(change, digest)| {
            let mut bytes = [0; 8];
            hex::decode_to_slice(digest, &mut bytes).ok()?;
            // Written in its one form.
            let read = Self { change: change.parse().ok()?, digest: bytes };
            (read.write() == text && (read.change > 0 || read == Self::START)).then_some(read)
        });
        let detail = "a cursor is what `next` of the page before or of an export, or `id` of an event says; to begin with the first change, leave it out";
        read.ok_or_else(|| Refusal::new(ProblemType::InvalidRequest, detail))
    }
}
