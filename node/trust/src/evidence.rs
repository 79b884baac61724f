//! Evidence that is kept for years: compact JWS (RFC 7515) with Ed25519 (`EdDSA`, RFC 8037) and the message keys of the register.
//!
//! The header has one form, from the kind of evidence and the key, and is compared as text: nothing in it is followed or chosen. Payload and
//! signature are base64url without padding and without bits to spare, so that the same evidence has one text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_model::Timestamp;
use serde::Serialize;

use crate::keys::{KeyId, PublicKey, SigningKey};
use crate::register::Member;

/// Largest evidence, in bytes of its text: 256 KiB.
pub const LARGEST: usize = 256 * 1024;

/// What is proved. Each has a type (`typ`) of its own, so that none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// A source tells a recipient what to erase.
    Tombstone,
    /// A recipient says what it erased.
    Acknowledgement,
    /// A node says to a worker what was given or ended.
    Receipt,
    /// A node says to a worker that they were erased.
    Erasure,
    /// A node says of a worker's export that it is its own.
    Export,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Tombstone, Self::Acknowledgement, Self::Receipt, Self::Erasure, Self::Export];

    /// Its `typ` (RFC 7515 §4.1.9, without `application/`).
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Tombstone => "polder-tombstone+jws",
            Self::Acknowledgement => "polder-acknowledgement+jws",
            Self::Receipt => "polder-receipt+jws",
            Self::Erasure => "polder-erasure+jws",
            Self::Export => "polder-export+jws",
        }
    }

    /// The header of such evidence under a key, as it is signed. A key id is hexadecimal: nothing in it needs to be escaped.
    fn header(self, key: &KeyId) -> String {
        URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"EdDSA","kid":"{key}","typ":"{}"}}"#, self.typ()))
    }
}

/// Why evidence is neither made nor taken. Carries nothing of what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// It is too large.
    #[error("evidence has at most 256 KiB")]
    TooLarge,
    /// What is to be signed cannot be written as JSON.
    #[error("this cannot be written as JSON")]
    Payload,
    /// It is not three parts of base64url in their one form.
    #[error("this is no JWS in its compact form")]
    Form,
    /// Its header is not the one that this kind of evidence has under one of the keys.
    #[error("the header is not that of this kind of evidence under a key of who is to have signed it")]
    Header,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
}

/// Signs a payload.
///
/// # Errors
/// When it cannot be written as JSON, or would be larger than anyone takes.
pub fn sign(key: &SigningKey, kind: EvidenceKind, payload: &impl Serialize) -> Result<String, EvidenceError> {
    let payload = serde_json::to_vec(payload).map_err(|_| EvidenceError::Payload)?;
    let mut jws = format!("{}.{}", kind.header(&key.public().id()), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(jws.as_bytes()));
    jws.push('.');
    jws.push_str(&signature);
    if jws.len() > LARGEST {
        return Err(EvidenceError::TooLarge);
    }
    Ok(jws)
}

/// Checks that one of these keys signed it as that kind of evidence. The bytes of its payload, as they were signed.
///
/// # Errors
/// The first that does not hold.
pub fn verify(kind: EvidenceKind, jws: &str, keys: &[PublicKey]) -> Result<Vec<u8>, EvidenceError> {
    if jws.len() > LARGEST {
        return Err(EvidenceError::TooLarge);
    }
    let (signed, signature) = jws.rsplit_once('.').ok_or(EvidenceError::Form)?;
    let (header, payload) = signed.split_once('.').ok_or(EvidenceError::Form)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| EvidenceError::Form)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| EvidenceError::Form)?;
    let mut named = keys.iter().filter(|key| header == kind.header(&key.id())).peekable();
    if named.peek().is_none() {
        return Err(EvidenceError::Header);
    }
    if !named.any(|key| key.verifies(signed.as_bytes(), &signature)) {
        return Err(EvidenceError::Signature);
    }
    Ok(payload)
}

/// Checks that a member of the register signed it, with a message key that the register gives it at that instant: when it was signed as far as is
/// known, which for what has just come in is now.
///
/// # Errors
/// The first that does not hold.
pub fn verify_of(kind: EvidenceKind, jws: &str, member: &Member, at: Timestamp) -> Result<Vec<u8>, EvidenceError> {
    verify(kind, jws, &member.keys_at(at))
}
