//! Bytes with signatures.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::KeySet;
use crate::keys::{KeyId, SigningKey};

/// Largest signed document, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// Most signatures that are looked at.
const MOST_SIGNATURES: usize = 64;

/// The types of signed register documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// Who may change the register.
    Root,
    /// The partners.
    Members,
    /// Which version of the members is the newest.
    Fresh,
}

impl DocumentType {
    /// The word in the signature input.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Members => "members",
            Self::Fresh => "fresh",
        }
    }
}

/// Why a signed document cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedError {
    /// It is too large.
    #[error("a register document has at most 4 MiB and 64 signatures")]
    TooLarge,
    /// It is not of its form.
    #[error("a signed document is {{\"signed\": base64url, \"signatures\": [{{\"keyid\", \"sig\"}}]}}")]
    Form,
}

/// The exact bytes of a document, with signatures over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The exact bytes.
    pub bytes: Vec<u8>,
    /// The signatures.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which key made it.
    pub keyid: KeyId,
    /// Base64url without padding.
    pub sig: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    signed: String,
    signatures: Vec<Signature>,
}

impl Signed {
    /// Bytes that nobody has signed yet.
    #[must_use]
    pub fn unsigned(bytes: Vec<u8>) -> Self {
        Self { bytes, signatures: Vec::new() }
    }

    /// Reads the file form.
    ///
    /// # Errors
    /// When it is too large or not of its form.
    pub fn parse(file: &[u8]) -> Result<Self, SignedError> {
        if file.len() > 2 * LARGEST {
            return Err(SignedError::TooLarge);
        }
        let envelope: Envelope = serde_json::from_slice(file).map_err(|_| SignedError::Form)?;
        let bytes = URL_SAFE_NO_PAD.decode(envelope.signed).map_err(|_| SignedError::Form)?;
        if bytes.len() > LARGEST || envelope.signatures.len() > MOST_SIGNATURES {
            return Err(SignedError::TooLarge);
        }
        Ok(Self { bytes, signatures: envelope.signatures })
    }

    /// The file form.
    #[must_use]
    pub fn to_file(&self) -> String {
        let envelope = Envelope { signed: URL_SAFE_NO_PAD.encode(&self.bytes), signatures: self.signatures.clone() };
        let mut text = serde_json::to_string_pretty(&envelope).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Adds a signature; one by the same key is replaced.
    pub fn sign(&mut self, document: DocumentType, key: &SigningKey) {
        let keyid = key.public().id();
        let sig = URL_SAFE_NO_PAD.encode(key.sign(&input(document, &self.bytes)));
        self.signatures.retain(|signature| signature.keyid != keyid);
        self.signatures.push(Signature { keyid, sig });
    }

    /// How many distinct keys of the set signed these bytes. A key that stands in the set under two ids, or signs twice, counts once.
    #[must_use]
    pub fn signers(&self, document: DocumentType, keys: &KeySet) -> usize {
        let input = input(document, &self.bytes);
        let mut distinct = HashSet::new();
        for signature in self.signatures.iter().take(MOST_SIGNATURES) {
            let Some(key) = keys.keys.get(&signature.keyid) else { continue };
            let Ok(sig) = URL_SAFE_NO_PAD.decode(&signature.sig) else { continue };
            if key.verifies(&input, &sig) {
                distinct.insert(*key);
            }
        }
        distinct.len()
    }

    /// Whether enough distinct keys of the set signed these bytes.
    #[must_use]
    pub fn reaches(&self, document: DocumentType, keys: &KeySet) -> bool {
        keys.threshold > 0 && self.signers(document, keys) >= keys.threshold
    }

    /// SHA-256 of the bytes, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }
}

fn input(document: DocumentType, bytes: &[u8]) -> Vec<u8> {
    let mut input = format!("polder/{}/1", document.as_str()).into_bytes();
    input.push(0);
    input.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    input.extend_from_slice(bytes);
    input
}
