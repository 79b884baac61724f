//! Consent, disclosure and withdrawal: who may see what of a worker. Pure.
//!
//! What stands here so far is the lock, without a key: a [`DisclosureToken`] is the only thing from which the exchange can build a
//! personal answer, and nothing makes one. Until the engine that re-checks consent and writes the disclosure ledger is here, no
//! answer about a person can leave a node: it would not compile.
//!
//! ```compile_fail
//! let forged = polder_consent::DisclosureToken { _sealed: () };
//! ```

/// Proof that a transaction re-checked the consent of every person in an answer and wrote the ledger rows.
///
/// It can be neither built, copied nor read from outside this crate.
#[derive(Debug)]
pub struct DisclosureToken {
    _sealed: (),
}
