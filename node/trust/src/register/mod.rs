//! The register: who is in the federation, with which addresses, keys and purposes.
//!
//! Three signed documents: `root` (who may change the register; keys kept offline), `members` (the partners), `fresh` (which version of the members
//! is the newest). What is signed are bytes: they are kept and passed on as they came. Signature input: `polder/TYPE/1`, a zero byte, the
//! length as 8 bytes big-endian, the bytes.

mod documents;
mod load;
mod shared;
mod signed;

pub use documents::{Fresh, KeySet, Member, Members, MessageKey, Recognised, Root, Status, TlsPin};
pub use load::{Adopted, Files, Register, RegisterError, Standing, check_root_step};
pub use shared::SharedRegister;
pub use signed::{DocumentType, Signature, Signed, SignedError};
