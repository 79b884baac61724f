//! Nonces for proofs of possession: a proof that names one of them was made lately, whatever the clock of its client says (RFC 9449, section 8).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use polder_model::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::key::TokenKey;

/// For how long a nonce is given out, in seconds. It is taken until the next one has been given out as long.
const SECONDS: i64 = 60;

/// Nonces that follow from the time and a secret, so that none has to be kept.
pub(super) struct Nonces([u8; 32]);

impl Nonces {
    /// Replicas that share a database take each other's. A node alone takes none from before its start: what was shown then is forgotten.
    pub(super) fn new(key: &TokenKey, shared: bool) -> Self {
        let since = if shared { String::new() } else { uuid::Uuid::new_v4().to_string() };
        Self(key.secret_for(&format!("nonces {since}")))
    }

    /// The one that is given out now.
    pub(super) fn now(&self, now: Timestamp) -> String {
        self.of(now.seconds().div_euclid(SECONDS))
    }

    /// Whether one is taken now.
    pub(super) fn takes(&self, nonce: &str, now: Timestamp) -> bool {
        let period = now.seconds().div_euclid(SECONDS);
        [period, period - 1].into_iter().any(|period| self.of(period).as_bytes().ct_eq(nonce.as_bytes()).into())
    }

    fn of(&self, period: i64) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::new().chain_update(self.0).chain_update(period.to_be_bytes()).finalize()[..18])
    }
}

/// Until when a proof with a nonce that is taken now could be shown again, in seconds since 1970.
pub(super) fn proof_until(now: Timestamp) -> i64 {
    now.seconds() + 2 * SECONDS
}
