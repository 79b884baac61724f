//! What a log sends to a witness: the body of C2SP `add-checkpoint`.

use std::fmt;

use super::checkpoint::SignedCheckpoint;
use super::hash::Hash;
use super::note::{self, NoteError};

/// Most hashes of a proof of consistency.
pub const MOST_PROOF_LINES: usize = 63;

/// Why a submission is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// What stands before the checkpoint.
    #[error("a submission is `old SIZE`, at most 63 lines with a hash in base64, an empty line, and the signed checkpoint")]
    Form,
    /// The checkpoint, or the size of all.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// A checkpoint that is to be cosigned. Its text is the body, byte for byte as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The size that the witness last cosigned; 0 where it cosigned none.
    pub old_size: u64,
    /// That the checkpoint begins with the tree of the old size.
    pub proof: Vec<Hash>,
    /// What is to be cosigned.
    pub checkpoint: SignedCheckpoint,
}

impl Submission {
    /// Reads a body.
    ///
    /// # Errors
    /// When it is too large (64 KiB in all), or not of its form.
    pub fn parse(bytes: &[u8]) -> Result<Self, SubmissionError> {
        let text = note::read_text(bytes)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(SubmissionError::Form)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(note::read_size);
        let old_size = old.ok_or(SubmissionError::Form)?;
        let proof: Vec<Hash> =
            lines.take(MOST_PROOF_LINES + 1).map(str::parse::<Hash>).collect::<Result<_, _>>().map_err(|_| SubmissionError::Form)?;
        if proof.len() > MOST_PROOF_LINES {
            return Err(SubmissionError::Form);
        }
        Ok(Self { old_size, proof, checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())? })
    }
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
