//! Signed HTTP messages: RFC 9421 and RFC 9530 in one small fixed profile (`docs/interfaces.md`, section 6).
//!
//! What is covered, by which algorithm and for how long is fixed here, not chosen by the message. A message that leaves any of it out, adds a
//! parameter or carries a second signature is refused.

mod base;
mod fields;
mod replay;
mod request;
mod response;

pub use fields::SignatureInput;
pub use replay::{REMEMBERED_SECONDS, ReplayCache, Running};
pub use request::{RequestSigner, VerifiedRequest, sign_request, verify_request};
pub use response::{sign_response, verify_response};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// How far two clocks may differ, in seconds.
pub const SKEW_SECONDS: i64 = 30;
/// The longest life of a signature, in seconds.
pub const LIFE_SECONDS: i64 = 60;

/// Header with what is signed, RFC 9421 §4.1.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Header with the signature, RFC 9421 §4.2.
pub const SIGNATURE: &str = "signature";
/// Header with the digest of the body, RFC 9530.
pub const CONTENT_DIGEST: &str = "content-digest";
/// Header with the sender's register.
pub const POLDER_REGISTER: &str = "polder-register";
/// Header with the purpose of a query, or `none`.
pub const POLDER_PURPOSE: &str = "polder-purpose";

/// Why a signed message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// No signature, or one that does not follow the profile.
    #[error("the signature does not follow the profile: {0}")]
    Profile(&'static str),
    /// The key is not this sender's, or may not be used now.
    #[error("the key is not one that the register gives to the sender")]
    UnknownKey,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// The body is not the one that was signed.
    #[error("the body has another digest")]
    Digest,
    /// Made too long ago, or by a clock that is ahead.
    #[error("the signature's time is not within {SKEW_SECONDS} s of this clock, or it lives too long")]
    Clock,
    /// Made before the node started, which does not know what it saw until then.
    #[error("this node has just started, and the message was signed before: sign it anew in {wait} s")]
    BeforeStart {
        /// After how many seconds a message of the same clock is taken.
        wait: u64,
    },
    /// Seen before.
    #[error("this message was seen before")]
    Replayed,
    /// No place to remember it.
    #[error("too many messages at the moment")]
    Full,
}

/// The value of `content-digest` for a body.
#[must_use]
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}
