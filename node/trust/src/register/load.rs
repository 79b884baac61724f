//! Taking a register in: every rule under which documents count.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use polder_model::{PartnerId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{DocumentType, Fresh, KeySet, Member, Members, Root, Signed, SignedError};
use crate::keys::SpkiPin;

/// Most root steps in one run.
const MOST_STEPS: usize = 64;
/// Freshness lost for longer than this: no personal data leaves.
const STALE_SECONDS: i64 = 7 * 86_400;

/// The files of a register, as they came.
#[derive(Clone, Debug)]
pub struct Files {
    /// Every root from the first on, in order.
    pub roots: Vec<Vec<u8>>,
    /// The members.
    pub members: Vec<u8>,
    /// The freshness.
    pub fresh: Vec<u8>,
}

/// What a node adopted before: a later register may only be newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adopted {
    /// The version of the root.
    pub root: u64,
    /// The epoch of the members.
    pub epoch: u64,
    /// The version of the members.
    pub version: u64,
    /// SHA-256 of the members.
    pub sha256: String,
}

/// Why a register is not taken in. The one before stays in force.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// A file is not a signed document.
    #[error("{0}: {1}")]
    Signed(&'static str, SignedError),
    /// A document is not of its form.
    #[error("{0} does not follow its schema")]
    Form(&'static str),
    /// There is no root.
    #[error("there is no root document")]
    NoRoot,
    /// The first root is not the one of the accession letter.
    #[error("the first root has fingerprint {found}, not the one that was given to this node")]
    Fingerprint {
        /// The fingerprint found.
        found: String,
    },
    /// Too many roots.
    #[error("more than 64 root steps")]
    TooManySteps,
    /// A root does not follow on the one before.
    #[error("root {found} follows on root {before}: each root is one version later than the one before")]
    RootSkipped {
        /// The version found.
        found: u64,
        /// The version before it.
        before: u64,
    },
    /// Not enough distinct keys signed.
    #[error("{document}: {found} of the {needed} distinct keys that must sign did")]
    Threshold {
        /// Which document, and under which keys.
        document: &'static str,
        /// How many signed.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// A document has expired.
    #[error("{0} has expired; ask a registrar for a newer one")]
    Expired(&'static str),
    /// A document is of another region.
    #[error("{0} is of another region")]
    Region(&'static str),
    /// An older register than the one in force.
    #[error("this register is older than the one in force")]
    Rollback,
    /// Two different documents with the same version: someone shows different lists to different people. Both are evidence.
    #[error("members epoch {epoch} version {version} exist with hash {known} and with hash {found}: keep both files and tell the stewards")]
    Equivocation {
        /// The epoch.
        epoch: u64,
        /// The version.
        version: u64,
        /// SHA-256 of the one in force.
        known: String,
        /// SHA-256 of the other.
        found: String,
    },
    /// The freshness is about other members.
    #[error("the freshness document is about other members than these")]
    NotFresh,
    /// The members contradict themselves.
    #[error("the members name a partner, a TLS key or a message key twice")]
    Ambiguous,
}

/// How far a register can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Members and freshness are in date.
    Current,
    /// Freshness ran out within the last seven days: warn.
    Stale,
    /// Freshness ran out longer ago, or the members expired: no personal data leaves.
    NoDisclosure,
}

/// A register that holds.
#[derive(Clone, Debug)]
pub struct Register {
    root: Root,
    members: Members,
    fresh_expires: Timestamp,
    adopted: Adopted,
    by_partner: HashMap<PartnerId, usize>,
    by_pin: HashMap<SpkiPin, usize>,
}

fn signed(name: &'static str, file: &[u8]) -> Result<Signed, RegisterError> {
    Signed::parse(file).map_err(|error| RegisterError::Signed(name, error))
}

fn read<T: DeserializeOwned>(name: &'static str, signed: &Signed) -> Result<T, RegisterError> {
    serde_json::from_slice(&signed.bytes).map_err(|_| RegisterError::Form(name))
}

fn threshold(name: &'static str, kind: DocumentType, signed: &Signed, keys: &KeySet) -> Result<(), RegisterError> {
    if signed.reaches(kind, keys) {
        return Ok(());
    }
    Err(RegisterError::Threshold { document: name, found: signed.signers(kind, keys), needed: keys.threshold.max(1) })
}

/// Checks that `next` follows on `before`: one version later, same region, signed under both key sets.
///
/// # Errors
/// Which of these does not hold.
pub fn check_root_step(before: &Root, signed: &Signed) -> Result<Root, RegisterError> {
    let next: Root = read("root", signed)?;
    if next.version != before.version + 1 {
        return Err(RegisterError::RootSkipped { found: next.version, before: before.version });
    }
    if next.region != before.region {
        return Err(RegisterError::Region("root"));
    }
    threshold("root, under the stewards of the root before", DocumentType::Root, signed, &before.stewards)?;
    threshold("root, under its own stewards", DocumentType::Root, signed, &next.stewards)?;
    Ok(next)
}

impl Register {
    /// Takes a register in. `fingerprint` is the SHA-256 of the first root, given out of band; `adopted` what was in force before.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn load(fingerprint: &str, files: &Files, adopted: Option<&Adopted>, now: Timestamp) -> Result<Self, RegisterError> {
        let root = walk_roots(fingerprint, &files.roots)?;
        if root.expires <= now {
            return Err(RegisterError::Expired("root"));
        }
        let members_signed = signed("members", &files.members)?;
        let members: Members = read("members", &members_signed)?;
        threshold("members", DocumentType::Members, &members_signed, &root.registrars)?;
        let found = Adopted { root: root.version, epoch: members.epoch, version: members.version, sha256: members_signed.sha256() };
        check_members(&root, &members)?;
        if let Some(adopted) = adopted {
            check_newer(&found, adopted)?;
        }
        let fresh_signed = signed("fresh", &files.fresh)?;
        let fresh: Fresh = read("fresh", &fresh_signed)?;
        threshold("fresh", DocumentType::Fresh, &fresh_signed, &root.freshness)?;
        if fresh.region != root.region {
            return Err(RegisterError::Region("fresh"));
        }
        if (fresh.epoch, fresh.version, &fresh.sha256) != (found.epoch, found.version, &found.sha256) {
            return Err(RegisterError::NotFresh);
        }
        let (by_partner, by_pin) = index(&members)?;
        Ok(Self { root, members, fresh_expires: fresh.expires, adopted: found, by_partner, by_pin })
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.root.region
    }

    /// The root in force.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Every member, also those who are suspended or expelled.
    #[must_use]
    pub fn members(&self) -> &[Arc<Member>] {
        &self.members.members
    }

    /// A member.
    #[must_use]
    pub fn member(&self, partner: &PartnerId) -> Option<&Arc<Member>> {
        self.by_partner.get(partner).map(|index| &self.members.members[*index])
    }

    /// The member who has that TLS key at that instant, active or not.
    #[must_use]
    pub fn by_pin(&self, pin: &SpkiPin, now: Timestamp) -> Option<&Arc<Member>> {
        let member = &self.members.members[*self.by_pin.get(pin)?];
        member.has_pin(pin, now).then_some(member)
    }

    /// What is in force, to be remembered.
    #[must_use]
    pub fn adopted(&self) -> &Adopted {
        &self.adopted
    }

    /// Checks that this register does not go back on one that was in force before.
    ///
    /// # Errors
    /// [`RegisterError::Rollback`] or [`RegisterError::Equivocation`].
    pub fn follows(&self, adopted: &Adopted) -> Result<(), RegisterError> {
        check_newer(&self.adopted, adopted)
    }

    /// The value of the header `Polder-Register`.
    #[must_use]
    pub fn header_value(&self) -> String {
        let Adopted { epoch, version, sha256, .. } = &self.adopted;
        format!("{};e={epoch};v={version};h={}", self.root.region, sha256.get(..16).unwrap_or(sha256))
    }

    /// How far it can be relied on now.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.members.expires <= now || self.fresh_expires.plus_seconds(STALE_SECONDS) <= now {
            Standing::NoDisclosure
        } else if self.fresh_expires <= now {
            Standing::Stale
        } else {
            Standing::Current
        }
    }
}

fn walk_roots(fingerprint: &str, files: &[Vec<u8>]) -> Result<Root, RegisterError> {
    if files.len() > MOST_STEPS {
        return Err(RegisterError::TooManySteps);
    }
    let first = signed("root", files.first().ok_or(RegisterError::NoRoot)?)?;
    let found = first.sha256();
    if !found.eq_ignore_ascii_case(fingerprint) {
        return Err(RegisterError::Fingerprint { found });
    }
    let mut root: Root = read("root", &first)?;
    threshold("root, under its own stewards", DocumentType::Root, &first, &root.stewards)?;
    for file in &files[1..] {
        root = check_root_step(&root, &signed("root", file)?)?;
    }
    Ok(root)
}

fn check_members(root: &Root, members: &Members) -> Result<(), RegisterError> {
    if members.region != root.region {
        return Err(RegisterError::Region("members"));
    }
    // Only a root raises the epoch: members of another epoch are those of before a recovery, or of nobody.
    if members.epoch == root.members_epoch { Ok(()) } else { Err(RegisterError::Rollback) }
}

/// Nothing that was adopted is gone back on.
fn check_newer(found: &Adopted, adopted: &Adopted) -> Result<(), RegisterError> {
    if found.root < adopted.root || (found.epoch, found.version) < (adopted.epoch, adopted.version) {
        return Err(RegisterError::Rollback);
    }
    if (found.epoch, found.version) == (adopted.epoch, adopted.version) && found.sha256 != adopted.sha256 {
        let (known, found_hash) = (adopted.sha256.clone(), found.sha256.clone());
        return Err(RegisterError::Equivocation { epoch: found.epoch, version: found.version, known, found: found_hash });
    }
    Ok(())
}

type Indexes = (HashMap<PartnerId, usize>, HashMap<SpkiPin, usize>);

/// No partner, TLS key or message key may stand for two members.
fn index(members: &Members) -> Result<Indexes, RegisterError> {
    let (mut by_partner, mut by_pin, mut keys) = (HashMap::new(), HashMap::new(), HashSet::new());
    for (index, member) in members.members.iter().enumerate() {
        if by_partner.insert(member.partner.clone(), index).is_some() {
            return Err(RegisterError::Ambiguous);
        }
        for pin in &member.tls_pins {
            if by_pin.insert(pin.sha256.clone(), index).is_some_and(|other| other != index) {
                return Err(RegisterError::Ambiguous);
            }
        }
        for key in &member.message_keys {
            if key.keyid != key.public_key.id() || !keys.insert(key.public_key) {
                return Err(RegisterError::Ambiguous);
            }
        }
    }
    Ok((by_partner, by_pin))
}
