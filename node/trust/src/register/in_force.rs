//! A register in force: who is in, and how far it can be relied on.

use std::collections::HashMap;
use std::sync::Arc;

use polder_model::{PartnerId, Timestamp};
use serde::{Deserialize, Serialize};

use super::rules::{Rules, index};
use super::{DocumentType, Member, Members, RegisterError, Root, Signed};
use crate::keys::SpkiPin;

/// Freshness lost for longer than this: no personal data leaves.
const STALE_SECONDS: i64 = 7 * 86_400;

/// The file of one document, in the bytes that came. Clones share them.
pub type File = Arc<[u8]>;

/// What a node adopted before: a later register may only be newer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// How far a register can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Root, members and freshness are in date.
    Current,
    /// Freshness ran out within the last seven days: warn.
    Stale,
    /// No personal data leaves: freshness ran out longer ago, members or root expired, the root does not vouch for the members, or a
    /// contradiction is open.
    NoDisclosure,
}

/// A register in force.
#[derive(Clone, Debug)]
pub struct Register {
    root: Root,
    members: Members,
    fresh_until: Timestamp,
    vouched: bool,
    pub(super) contradicted: bool,
    adopted: Adopted,
    by_partner: HashMap<PartnerId, usize>,
    by_pin: HashMap<SpkiPin, usize>,
    pub(super) roots: Vec<File>,
    pub(super) members_file: File,
    pub(super) fresh_file: Option<File>,
}

/// What a register is made of.
pub(super) struct Made {
    pub root: Root,
    pub roots: Vec<File>,
    pub members: Members,
    pub members_signed: Signed,
    pub members_file: File,
    pub fresh_file: Option<File>,
    pub contradicted: bool,
}

impl Register {
    /// Puts documents together that were checked before. Whether the newest root vouches for them is noted, not required.
    pub(super) fn make(made: Made) -> Result<Self, RegisterError> {
        let Made { root, roots, members, members_signed, members_file, fresh_file, contradicted } = made;
        let (by_partner, by_pin) = index(&members)?;
        let vouched = members.epoch == root.members_epoch && members_signed.reaches(DocumentType::Members, &root.registrars);
        let fresh = fresh_file.as_ref().and_then(|file| Signed::parse(file).ok());
        let fresh = fresh.and_then(|signed| Rules::default().fresh(&root, &signed).ok());
        let fresh_until = fresh.map_or(Timestamp::from_micros(0), |fresh| fresh.expires);
        let adopted = Adopted { root: root.version, epoch: members.epoch, version: members.version, sha256: members_signed.sha256() };
        Ok(Self { root, members, fresh_until, vouched, contradicted, adopted, by_partner, by_pin, roots, members_file, fresh_file })
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

    /// The list of members in force, as a document.
    #[must_use]
    pub fn members_document(&self) -> &Members {
        &self.members
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

    /// Whether a member has that TLS key, at whatever time.
    pub(super) fn holds_pin(&self, pin: &SpkiPin) -> bool {
        self.by_pin.contains_key(pin)
    }

    /// What is in force, to be remembered.
    #[must_use]
    pub fn adopted(&self) -> &Adopted {
        &self.adopted
    }

    /// Until when freshness was last heard. 1970 where the root in force does not vouch for it.
    #[must_use]
    pub fn fresh_until(&self) -> Timestamp {
        self.fresh_until
    }

    /// The files of every root, in order.
    #[must_use]
    pub fn root_files(&self) -> &[File] {
        &self.roots
    }

    /// The file of the members in force.
    #[must_use]
    pub fn members_file(&self) -> &File {
        &self.members_file
    }

    /// The file of the newest freshness. Where members came without, it is about earlier ones.
    #[must_use]
    pub fn fresh_file(&self) -> Option<&File> {
        self.fresh_file.as_ref()
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

    /// Whether a contradiction is open: two documents, both signed by enough keys, of which one at most is honest.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.contradicted
    }

    /// How far it can be relied on now.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let expired = self.root.expires <= now || self.members.expires <= now;
        if self.contradicted || !self.vouched || expired || self.fresh_until.plus_seconds(STALE_SECONDS) <= now {
            Standing::NoDisclosure
        } else if self.fresh_until <= now {
            Standing::Stale
        } else {
            Standing::Current
        }
    }
}

/// Nothing that was adopted is gone back on.
pub(super) fn check_newer(found: &Adopted, adopted: &Adopted) -> Result<(), RegisterError> {
    if found.root < adopted.root || (found.epoch, found.version) < (adopted.epoch, adopted.version) {
        return Err(RegisterError::Rollback);
    }
    if (found.epoch, found.version) == (adopted.epoch, adopted.version) && found.sha256 != adopted.sha256 {
        let (known, found_hash) = (adopted.sha256.clone(), found.sha256.clone());
        return Err(RegisterError::Equivocation { epoch: found.epoch, version: found.version, known, found: found_hash });
    }
    Ok(())
}
