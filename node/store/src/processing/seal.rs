//! Whom a record is about, sealed: AES-256-GCM-SIV under a random key for each month (UTC). Whoever has a record and not the key learns nothing, not even
//! whether two records are about one person. When a month's key is deleted, nobody can open its records any more.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use polder_consent::processing::{SpanId, Subject, TraceId};
use polder_model::Timestamp;

use crate::error::StoreError;
use crate::random;

/// A key of one month.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    pub(super) fn new() -> Result<Self, StoreError> {
        random::bytes().map(Self)
    }

    /// As it is kept: 64 hexadecimal digits.
    pub(super) fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn from_hex(text: &str) -> Result<Self, StoreError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| StoreError::Damaged("a key that is none"))?;
        Ok(Self(key))
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, StoreError> {
        RandomizedNonceKey::new(&AES_256_GCM_SIV, &self.0).map_err(|_| StoreError::Damaged("a key that is none"))
    }

    /// Seals a name for that record alone: month, `.`, and nonce and sealed bytes in hexadecimal digits.
    pub(super) fn seal(&self, month: &str, trace: TraceId, span: SpanId, subject: &Subject) -> Result<String, StoreError> {
        let mut bytes = subject.to_string().into_bytes();
        let nonce = self.cipher()?.seal_in_place_append_tag(Aad::from(bound_to(trace, span)), &mut bytes);
        let nonce = nonce.map_err(|_| StoreError::Database("a name could not be sealed".to_owned()))?;
        Ok(format!("{month}.{}{}", hex::encode(nonce.as_ref()), hex::encode(bytes)))
    }
}

/// A sealed name means nothing in another record.
fn bound_to(trace: TraceId, span: SpanId) -> [u8; 24] {
    let mut bytes = [0; 24];
    bytes[..16].copy_from_slice(&trace.bytes());
    bytes[16..].copy_from_slice(&span.bytes());
    bytes
}

/// The month of an instant, such as `2026-11`.
pub(super) fn month(at: Timestamp) -> String {
    let mut day = at.date().to_string();
    day.truncate(7);
    day
}

/// A name as a record has it.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'s> {
    /// The chain of the record.
    pub trace: TraceId,
    /// The record.
    pub span: SpanId,
    /// The text of the name.
    pub text: &'s str,
}

/// The keys that there are still. They open names: not to be shown.
#[derive(Clone, Debug)]
pub struct ProcessingKeys(pub(super) BTreeMap<String, Key>);

impl ProcessingKeys {
    /// Whom a record is about; `None` where the key of its month is gone, or it is no name of that record.
    #[must_use]
    pub fn open(&self, sealed: Sealed<'_>) -> Option<Subject> {
        let (month, digits) = sealed.text.split_once('.')?;
        let mut bytes = hex::decode(digits).ok()?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let cipher = self.0.get(month)?.cipher().ok()?;
        let opened = cipher.open_in_place(nonce, Aad::from(bound_to(sealed.trace, sealed.span)), rest).ok()?;
        std::str::from_utf8(opened).ok()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use polder_consent::WorkerId;

    use super::*;

    #[test]
    fn a_name_opens_with_its_key_in_its_record_alone() {
        let (key, other) = (Key::new().expect("random"), Key::new().expect("random"));
        let (trace, span) = (TraceId::from_bytes([1; 16]), SpanId::from_bytes([2; 8]));
        let subject = Subject::Worker(WorkerId::from_random([7; 16]));
        let text = key.seal("2026-11", trace, span, &subject).expect("sealed");
        assert!(!text.contains(&subject.to_string()));
        assert_ne!(text, key.seal("2026-11", trace, span, &subject).expect("sealed"), "twice the same person are two texts");
        let keys = |key: &Key| ProcessingKeys(BTreeMap::from([("2026-11".to_owned(), key.clone())]));
        let sealed = Sealed { trace, span, text: &text };
        assert_eq!(keys(&key).open(sealed), Some(subject));
        assert_eq!(keys(&other).open(sealed), None);
        assert_eq!(keys(&key).open(Sealed { span: SpanId::from_bytes([3; 8]), ..sealed }), None);
        assert_eq!(keys(&key).open(Sealed { trace: TraceId::from_bytes([3; 16]), ..sealed }), None);
        for bad in ["", "2026-11", "2026-11.", "2026-11.00", "2026-12.00", &text[..text.len() - 2], &text.replace("2026-11", "2026-10")] {
            assert_eq!(keys(&key).open(Sealed { text: bad, ..sealed }), None, "{bad}");
        }
    }
}
