//! The register: who is in the federation, with which addresses, keys and purposes.
//!
//! Three signed documents: `root` (who may change the register; keys kept offline), `members` (the partners), `fresh` (which version of the members
//! is the newest). What is signed are bytes: they are kept and passed on as they came. Signature input: `polder/TYPE/1`, a zero byte, the
//! length as 8 bytes big-endian, the bytes.
//!
//! [`Register::load`] takes a whole register in from files. [`step()`] is how a register goes forward from one version to the next, whoever brings the
//! documents: a pure function of what is held ([`Held`]), what is heard ([`News`]) and the instant.

mod documents;
mod error;
mod held;
mod in_force;
mod load;
#[cfg(test)]
mod model;
mod recognised;
mod rules;
mod shared;
mod signed;
mod step;
mod warnings;

pub use documents::{Fresh, KeySet, Member, Members, MessageKey, Recognised, Root, Status, TlsPin};
pub use error::RegisterError;
pub use held::{About, Contradiction, Held, Kept};
pub use in_force::{Adopted, File, Register, Standing};
pub use load::Files;
pub use rules::check_root_step;
pub use shared::SharedRegister;
pub use signed::{DocumentType, LARGEST, Signature, Signed, SignedError};
pub use step::{Effect, News, Piece, step};
pub use warnings::{Expiring, WARNING_DAYS, Warned, expiring};
