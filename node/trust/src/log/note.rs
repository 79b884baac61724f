//! Signed notes (C2SP `signed-note`): a text, an empty line, and lines of signatures. What they share, whatever the text says.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::keys::PublicKey;

/// Largest note, in bytes.
pub const LARGEST_NOTE: usize = 64 * 1024;
/// Most signatures of a note.
pub const MOST_SIGNATURES: usize = 64;
/// Before the name of the key: an em dash and a space.
const DASH: &str = "\u{2014} ";
const ID: usize = 4;

/// Why a note is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is too large.
    #[error("a signed checkpoint has at most 64 KiB")]
    TooLarge,
    /// It has too many signatures.
    #[error("a signed checkpoint has at most 64 signatures")]
    TooMany,
    /// It is no note.
    #[error(
        "a signed checkpoint is UTF-8 without control characters: three lines, an empty line, and then lines of signatures, each ended by a newline"
    )]
    Form,
    /// A signature is not of its form.
    #[error(
        "a signature is a line of an em dash, a space, a name without spaces and plus signs, a space, and base64 of a key id (4 bytes) and a signature"
    )]
    Signature,
    /// The text is no checkpoint.
    #[error(
        "a checkpoint is three lines: REGION/PARTNER, the number of leaves (decimal, at most 2^63 - 1, without leading zeros), and the root in base64, which for no leaves is the hash of nothing"
    )]
    Checkpoint,
}

/// A signature under the name and id of a known key does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature under the name of a known key does not hold")]
pub struct WrongSignature;

/// What a key signs in a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureType {
    /// The text: Ed25519 of `signed-note`.
    Text = 0x01,
    /// That a witness saw it, and when: `cosignature/v1` of `tlog-cosignature`.
    Cosignature = 0x04,
}

/// A line of a note: who signed, and the signature. Its text has no newline at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    /// The key id and the signature.
    bytes: Vec<u8>,
}

/// The id of a key under a name.
fn key_id(name: &str, kind: SignatureType, key: &PublicKey) -> [u8; ID] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', kind as u8]).chain_update(key.as_bytes()).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

impl SignatureLine {
    pub(super) fn new(name: String, kind: SignatureType, key: &PublicKey, signature: &[u8]) -> Self {
        let bytes = [&key_id(&name, kind, key)[..], signature].concat();
        Self { name, bytes }
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature, if it stands under the name and id of that key.
    pub(super) fn of(&self, name: &str, kind: SignatureType, key: &PublicKey) -> Option<&[u8]> {
        let signature = self.bytes.strip_prefix(&key_id(name, kind, key))?;
        (self.name == name).then_some(signature)
    }

    /// Whether both stand under one name and id.
    pub(super) fn is_by_same(&self, other: &Self) -> bool {
        self.name == other.name && self.bytes.get(..ID) == other.bytes.get(..ID)
    }

    /// Reads a line, without its newline.
    ///
    /// # Errors
    /// When it is not of its form.
    pub(super) fn parse(line: &str) -> Result<Self, NoteError> {
        let (name, base64) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Signature)?;
        let bytes = STANDARD.decode(base64).map_err(|_| NoteError::Signature)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') || bytes.len() <= ID {
            return Err(NoteError::Signature);
        }
        Ok(Self { name: name.to_owned(), bytes })
    }

    /// Reads lines, each ended by a newline.
    ///
    /// # Errors
    /// When one is not of its form, or there are none or too many.
    pub(super) fn parse_all(text: &str) -> Result<Vec<Self>, NoteError> {
        let lines = text.strip_suffix('\n').ok_or(NoteError::Form)?;
        if lines.split('\n').count() > MOST_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        lines.split('\n').map(Self::parse).collect()
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(&self.bytes))
    }
}

/// The text of bytes that a note may consist of.
///
/// # Errors
/// When they are too many, not UTF-8, or have control characters.
pub(super) fn read_text(bytes: &[u8]) -> Result<&str, NoteError> {
    if bytes.len() > LARGEST_NOTE {
        return Err(NoteError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NoteError::Form)?;
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::Form);
    }
    Ok(text)
}

/// A number without leading zeros, at most [`MOST_LEAVES`](super::MOST_LEAVES).
pub(super) fn read_size(text: &str) -> Option<u64> {
    let is_only_form = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    let size = text.parse().ok().filter(|_| is_only_form)?;
    (size <= super::MOST_LEAVES).then_some(size)
}

/// Cuts a note into its text, with its last newline, and its signatures.
///
/// # Errors
/// When it is not of its form.
pub(super) fn parse(bytes: &[u8]) -> Result<(&str, Vec<SignatureLine>), NoteError> {
    let note = read_text(bytes)?;
    let end = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
    let (text, signatures) = note.split_at(end);
    Ok((text, SignatureLine::parse_all(&signatures[1..])?))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    /// A verifier key: `NAME+ID+BASE64`, where the first byte is the type.
    fn read(verifier: &str) -> (String, String, u8, PublicKey) {
        let mut fields = verifier.splitn(3, '+');
        let mut field = || fields.next().expect("three fields").to_owned();
        let (name, id, bytes) = (field(), field(), field());
        let bytes = STANDARD.decode(bytes).expect("base64");
        let key = URL_SAFE_NO_PAD.encode(&bytes[1..]).parse().expect("a key");
        (name, id, bytes[0], key)
    }

    #[test]
    fn key_ids_are_those_of_others() {
        for verifier in [
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
            "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        ] {
            let (name, id, kind, key) = read(verifier);
            let kinds = [SignatureType::Text, SignatureType::Cosignature];
            let kind = kinds.into_iter().find(|known| *known as u8 == kind).expect("a known type");
            assert_eq!(hex::encode(key_id(&name, kind, &key)), id, "{verifier}");
        }
    }

    #[test]
    fn the_note_of_another_implementation_holds() {
        let (name, _, _, key) = read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let line = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        let note = format!("{text}\n{line}\n");
        let (read, signatures) = parse(note.as_bytes()).expect("a note");
        assert_eq!((read, signatures.len(), signatures[0].to_string().as_str()), (text, 1, line));
        let signature = signatures[0].of(&name, SignatureType::Text, &key).expect("by that key");
        assert!(key.verifies(text.as_bytes(), signature));
        assert_eq!(signatures[0].of(&name, SignatureType::Cosignature, &key), None);
    }

    #[test]
    fn the_text_ends_at_the_last_empty_line() {
        let (text, signatures) = parse("a\n\nb\n\n\u{2014} n AAAAAAE=\n".as_bytes()).expect("a note");
        assert_eq!((text, signatures.len()), ("a\n\nb\n", 1));
    }

    #[test]
    fn sizes_have_one_form() {
        for (text, size) in [("0", 0), ("1", 1), ("10", 10), ("9223372036854775807", super::super::MOST_LEAVES)] {
            assert_eq!(read_size(text), Some(size));
        }
        for text in ["", "00", "01", "+1", "-0", " 1", "1 ", "1_0", "\u{ff11}", "0x1", "9223372036854775808", "18446744073709551616"] {
            assert_eq!(read_size(text), None, "{text}");
        }
    }
}
