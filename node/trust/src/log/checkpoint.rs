//! Checkpoints (C2SP `tlog-checkpoint`), what their log signs, and what witnesses cosign (C2SP `tlog-cosignature`, `cosignature/v1`).

use std::fmt;
use std::str::FromStr;

use polder_model::{PartnerId, Timestamp};

use super::hash::Hash;
use super::note::{self, MOST_SIGNATURES, NoteError, SignatureLine, SignatureType, WrongSignature};
use crate::keys::{PublicKey, SigningKey};

/// Whose log it is: `REGION/PARTNER`, such as `flevoland/kvk:12345678`. It is the name of the key that signs checkpoints too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    region: String,
    partner: PartnerId,
}

impl Origin {
    /// The log of a partner of a region; `None` where that is no name of a region (1–40 of `a–z 0–9 -`, first a letter).
    #[must_use]
    pub fn new(region: &str, partner: PartnerId) -> Option<Self> {
        let is_region = region.len() <= 40
            && region.starts_with(|c: char| c.is_ascii_lowercase())
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        is_region.then(|| Self { region: region.to_owned(), partner })
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The partner whose log it is.
    #[must_use]
    pub fn partner(&self) -> &PartnerId {
        &self.partner
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.region, self.partner)
    }
}

impl FromStr for Origin {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (region, partner) = text.split_once('/').ok_or(NoteError::Checkpoint)?;
        let partner = partner.parse().map_err(|_| NoteError::Checkpoint)?;
        Self::new(region, partner).ok_or(NoteError::Checkpoint)
    }
}

/// What a log says of itself: so many leaves, and the root over them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    /// Whose log.
    pub origin: Origin,
    /// How many leaves, at most [`MOST_LEAVES`](super::MOST_LEAVES).
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The text that is signed: three lines, each ended by a newline.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or(NoteError::Checkpoint);
        let (origin, size, root, end) = (line()?, line()?, line()?, line()?);
        if !end.is_empty() || lines.next().is_some() {
            return Err(NoteError::Checkpoint);
        }
        let size = note::read_size(size).ok_or(NoteError::Checkpoint)?;
        let root: Hash = root.parse().map_err(|_| NoteError::Checkpoint)?;
        if size == 0 && root != Hash::EMPTY {
            return Err(NoteError::Checkpoint);
        }
        Ok(Self { origin: origin.parse()?, size, root })
    }
}

impl Checkpoint {
    /// Signed by the log.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> SignedCheckpoint {
        let signature = key.sign(self.to_string().as_bytes());
        let line = SignatureLine::new(self.origin.to_string(), SignatureType::Text, &key.public(), &signature);
        SignedCheckpoint { checkpoint: self, signatures: vec![line] }
    }

    /// What a witness says of it; only [`ToCosign`](super::ToCosign) lets it.
    pub(super) fn cosign(&self, witness: &PartnerId, key: &SigningKey, now: Timestamp) -> SignatureLine {
        let seconds = now.seconds().unsigned_abs();
        let signature = [&seconds.to_be_bytes()[..], &key.sign(&self.cosigned(seconds))].concat();
        SignatureLine::new(witness.to_string(), SignatureType::Cosignature, &key.public(), &signature)
    }

    /// What a witness signs.
    fn cosigned(&self, seconds: u64) -> Vec<u8> {
        format!("cosignature/v1\ntime {seconds}\n{self}").into_bytes()
    }

    /// When that key says that it saw this; `None` where it does not say so.
    fn cosigned_at(&self, key: &PublicKey, signature: &[u8]) -> Option<Timestamp> {
        let (seconds, signature) = signature.split_first_chunk()?;
        let seconds = u64::from_be_bytes(*seconds);
        let at = Timestamp::from_micros(i64::try_from(seconds).ok()?.checked_mul(1_000_000)?);
        let is_instant = at.seconds().unsigned_abs() == seconds;
        (is_instant && key.verifies(&self.cosigned(seconds), signature)).then_some(at)
    }
}

/// A checkpoint with signatures. Its text is the note, byte for byte as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    signatures: Vec<SignatureLine>,
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl SignedCheckpoint {
    /// Reads a signed note. That says nothing of who signed it.
    ///
    /// # Errors
    /// When it is too large, or not of its form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let (text, signatures) = note::parse(bytes)?;
        Ok(Self { checkpoint: text.parse()?, signatures })
    }

    /// What is signed.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// All signatures, those of unknown keys too.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Whether its log signed it, with one of these keys.
    ///
    /// # Errors
    /// When a line under one of them does not hold.
    pub fn is_signed(&self, keys: &[PublicKey]) -> Result<bool, WrongSignature> {
        let text = self.checkpoint.to_string();
        let verdict = |key: &PublicKey, signature: &[u8]| key.verifies(text.as_bytes(), signature).then_some(());
        Ok(judge(&self.signatures, &self.checkpoint.origin.to_string(), SignatureType::Text, keys, verdict)?.is_some())
    }

    /// When that witness last cosigned it with one of these keys; `None` where it did not.
    ///
    /// # Errors
    /// When a line under one of them does not hold.
    pub fn cosigned(&self, witness: &PartnerId, keys: &[PublicKey]) -> Result<Option<Timestamp>, WrongSignature> {
        self.cosigned_in(&self.signatures, witness, keys)
    }

    fn cosigned_in(&self, lines: &[SignatureLine], witness: &PartnerId, keys: &[PublicKey]) -> Result<Option<Timestamp>, WrongSignature> {
        let verdict = |key: &PublicKey, signature: &[u8]| self.checkpoint.cosigned_at(key, signature);
        judge(lines, witness.as_str(), SignatureType::Cosignature, keys, verdict)
    }

    /// Adds what that witness replied: its lines under these keys, in the place of earlier ones of the same key. All other lines of the reply are left out.
    /// When it cosigned; `None` where the reply has no such line.
    ///
    /// # Errors
    /// When the reply is not of its form, when what it says does not hold (then nothing is added), or when there are too many signatures.
    pub fn add_reply(&mut self, reply: &[u8], witness: &PartnerId, keys: &[PublicKey]) -> Result<Option<Timestamp>, ReplyError> {
        let lines = SignatureLine::parse_all(note::read_text(reply)?)?;
        let at = self.cosigned_in(&lines, witness, keys)?;
        let is_theirs = |line: &SignatureLine| keys.iter().any(|key| line.of(witness.as_str(), SignatureType::Cosignature, key).is_some());
        let mut signatures = self.signatures.clone();
        for line in lines.into_iter().filter(is_theirs) {
            signatures.retain(|known| !known.is_by_same(&line));
            signatures.push(line);
        }
        if signatures.len() > MOST_SIGNATURES {
            return Err(NoteError::TooMany.into());
        }
        self.signatures = signatures;
        Ok(at)
    }
}

/// Why the reply of a witness is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// It is not of its form.
    #[error(transparent)]
    Form(#[from] NoteError),
    /// It does not hold.
    #[error(transparent)]
    Wrong(#[from] WrongSignature),
}

/// What the lines under that name and one of these keys say; the highest where they are several.
fn judge<T: Ord>(
    lines: &[SignatureLine],
    name: &str,
    kind: SignatureType,
    keys: &[PublicKey],
    verdict: impl Fn(&PublicKey, &[u8]) -> Option<T>,
) -> Result<Option<T>, WrongSignature> {
    let mut found = None;
    for line in lines {
        for key in keys {
            if let Some(signature) = line.of(name, kind, key) {
                found = found.max(Some(verdict(key, signature).ok_or(WrongSignature)?));
            }
        }
    }
    Ok(found)
}
