//! The register of partners, signatures on messages, evidence, the log and its witnesses, keys and TLS identities.
//!
//! Pure where it can be: `now` is an argument. Randomness is used where keys and nonces are made, files where keys are kept.
//!
//! A request from a peer passes these checks, in this order:
//!
//! 1. byte and header limits (in the web room);
//! 2. TLS 1.3 with a client certificate whose key the register holds ([`tls`]);
//! 3. the register, at each request: which member has this key, and is it active ([`register::Register::by_pin`]);
//! 4. the policy of the signature: one signature with our tag, every component covered, a short life, a fresh clock ([`message`]);
//! 5. the signature itself, with a key that the register gives to that same member;
//! 6. the digest of the body, while it is read under its cap;
//! 7. the nonce, first seen ([`message::ReplayCache`]); it is kept only now, so that nobody without a key can fill the cache;
//! 8. JSON.

pub mod evidence;
pub mod keys;
pub mod log;
pub mod message;
pub mod register;
pub mod tls;

mod random;

pub use random::{NoRandomness, random};
