//! The log of what was done with people's data: a tree that only grows (RFC 6962), its signed checkpoints (C2SP `tlog-checkpoint`), and the
//! partners who witness that it only grows (C2SP `tlog-witness`). Pure; the texts stand in section 11 of the interfaces.
//!
//! - A node hashes each leaf ([`leaf_hash`]), keeps roots of whole subtrees ([`root`]), and answers with proofs: [`inclusion`] and [`consistency`] name the
//!   [`Span`]s that a proof is made of, [`Span::parts`] what to read for one, [`Span::root`] what comes of it.
//! - It signs a [`Checkpoint`], and sends it to witnesses in a [`Submission`].
//! - A witness decides by [`step()`], and can cosign nothing else.
//! - [`Witnesses`] says whether enough partners cosigned, and as of when.
//! - Whoever has an [`Export`] verifies it alone: [`verify_export`].

mod checkpoint;
mod export;
mod hash;
mod note;
mod proof;
mod quorum;
mod submission;
mod tree;
mod witness;

pub use checkpoint::{Checkpoint, Origin, ReplyError, SignedCheckpoint};
pub use export::{Check, Expected, Export, ExportError, Row, verify_export};
pub use hash::{Hash, NoHash, leaf_hash, node_hash};
pub use note::{LARGEST_NOTE, MOST_SIGNATURES, NoteError, SignatureLine, WrongSignature};
pub use proof::{verify_consistency, verify_inclusion};
pub use quorum::Witnesses;
pub use submission::{MOST_PROOF_LINES, Submission, SubmissionError};
pub use tree::{MOST_LEAVES, Part, Span, consistency, inclusion, root};
pub use witness::{Head, Refused, ToCosign, step};
