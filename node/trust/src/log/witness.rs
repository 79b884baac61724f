//! The witness (C2SP `tlog-witness`): a partner who says with its signature that a log of another one has only grown since it last looked.

use polder_model::{PartnerId, Timestamp};

use super::checkpoint::Checkpoint;
use super::hash::Hash;
use super::note::SignatureLine;
use super::proof::verify_consistency;
use super::submission::Submission;
use crate::keys::{PublicKey, SigningKey};

/// What a witness remembers of a log: the checkpoint that it last cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Default for Head {
    /// Of a log of which no checkpoint was cosigned yet.
    fn default() -> Self {
        Self { size: 0, root: Hash::EMPTY }
    }
}

/// Why a witness does not cosign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// None of these keys signed it, or a line under one of them does not hold.
    #[error("no known key of this log signed the checkpoint, or a signature under the name of one does not hold")]
    Unsigned,
    /// As many leaves as the witness knows, under another root: the log has two histories, and both checkpoints are the evidence.
    #[error("this log has another root over {size} leaves than the one that was cosigned: keep both checkpoints and tell the stewards")]
    Forked {
        /// How many leaves.
        size: u64,
        /// The root that was cosigned.
        known: Hash,
    },
    /// The old size is not what the witness last cosigned.
    #[error("this witness last cosigned {size} leaves: send a proof from there")]
    OtherSize {
        /// What it last cosigned.
        size: u64,
    },
    /// The checkpoint has fewer leaves than the old size.
    #[error("the checkpoint has fewer leaves than the old size; a log only grows")]
    Smaller,
    /// The proof does not hold.
    #[error("the proof does not show that the checkpoint begins with the {size} leaves that were cosigned")]
    Proof {
        /// From where a proof is needed.
        size: u64,
    },
}

/// A checkpoint that a witness may cosign. Only [`step`] makes one.
#[derive(Debug)]
#[must_use = "it is cosigned after the new head is kept"]
pub struct ToCosign {
    checkpoint: Checkpoint,
}

impl ToCosign {
    /// The cosignature, as the line that is the reply. The new head has to be kept before.
    pub fn cosign(self, witness: &PartnerId, key: &SigningKey, now: Timestamp) -> SignatureLine {
        self.checkpoint.cosign(witness, key, now)
    }
}

/// Decides on a submission: what to remember of the log from now on, and then what to cosign. `head` is what is remembered of the log of the
/// checkpoint's origin, `keys` are the keys of its partner.
///
/// The caller reads `head`, and keeps the new one, in one transaction, and cosigns after its commit: of two submissions at the same time the second
/// otherwise rolls the first one back.
///
/// # Errors
/// Why it is not cosigned. Nothing is to be remembered then.
pub fn step(head: &Head, submission: &Submission, keys: &[PublicKey]) -> Result<(Head, ToCosign), Refused> {
    let checkpoint = submission.checkpoint.checkpoint();
    if submission.checkpoint.is_signed(keys) != Ok(true) {
        return Err(Refused::Unsigned);
    }
    let (size, root) = (checkpoint.size, checkpoint.root);
    if size == head.size && root != head.root {
        return Err(Refused::Forked { size, known: head.root });
    }
    if submission.old_size != head.size {
        return Err(Refused::OtherSize { size: head.size });
    }
    if size < submission.old_size {
        return Err(Refused::Smaller);
    }
    if !verify_consistency(head.size, &head.root, size, &root, &submission.proof) {
        return Err(Refused::Proof { size: head.size });
    }
    Ok((Head { size, root }, ToCosign { checkpoint: checkpoint.clone() }))
}
