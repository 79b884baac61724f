//! What is kept of logs.

use polder_model::Timestamp;

/// Hashes that stand side by side in the tree: of leaves, or of whole subtrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// 0: hashes of leaves. 1: of subtrees of 256 leaves. 2: of 65,536 …, at most 7.
    pub level: u8,
    /// Which: the first hash is that with the number 256 times as large.
    pub number: u64,
    /// The hashes, of 32 bytes each; at most 256.
    pub hashes: Vec<u8>,
}

/// A checkpoint of the own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCheckpoint {
    /// How many leaves.
    pub size: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note, with the cosignatures that came.
    pub note: String,
    /// As of when enough witnesses have cosigned it; `None` where they have not.
    pub cosigned_at: Option<Timestamp>,
}

/// What a witness remembers of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptHead {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: [u8; 32],
}

/// What this node last cosigned of a log of another partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Size and root.
    pub head: KeptHead,
    /// When.
    pub at: Timestamp,
    /// The signed note, as it came.
    pub note: String,
}
