//! The rules under which a single document counts, given what is held already. Reading and checking, no state.

use std::collections::{HashMap, HashSet};

use polder_model::{PartnerId, Timestamp};
use serde::de::DeserializeOwned;

use super::{DocumentType, Fresh, KeySet, Members, RegisterError, Root, Signed};
use crate::keys::SpkiPin;

/// The parts of the protocol, by name: the test of the model takes each of them away and sees an invariant fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rule {
    /// Enough keys sign.
    Threshold,
    /// A root is signed under the keys of the root before.
    KeysBefore,
    /// A root is exactly one version later.
    RootStep,
    /// (epoch, version) rises.
    Later,
    /// Members name the version before.
    Previous,
    /// What has expired counts for nothing.
    Expiry,
    /// Only a root raises the epoch.
    Epoch,
    /// Two documents for one version are a contradiction.
    Contradiction,
    /// Nothing changes while a contradiction is open.
    Stopped,
    /// A document is of this region.
    Region,
    /// Freshness is about the very members.
    VeryMembers,
}

/// Which parts of the protocol hold: all of them, but in a test of the model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    #[cfg(test)]
    without: Option<Rule>,
}

impl Rules {
    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "in tests, one rule can be taken away")]
    pub(crate) const fn hold(self, _: Rule) -> bool {
        true
    }

    #[cfg(test)]
    pub(crate) fn hold(self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// All but that one.
    #[cfg(test)]
    pub(crate) fn without(rule: Option<Rule>) -> Self {
        Self { without: rule }
    }
}

/// Reads the envelope of a file.
pub(super) fn signed(name: &'static str, file: &[u8]) -> Result<Signed, RegisterError> {
    Signed::parse(file).map_err(|error| RegisterError::Signed(name, error))
}

/// Reads the document in an envelope.
pub(super) fn read<T: DeserializeOwned>(name: &'static str, signed: &Signed) -> Result<T, RegisterError> {
    serde_json::from_slice(&signed.bytes).map_err(|_| RegisterError::Form(name))
}

fn threshold(name: &'static str, kind: DocumentType, signed: &Signed, keys: &KeySet) -> Result<(), RegisterError> {
    if signed.reaches(kind, keys) {
        return Ok(());
    }
    Err(RegisterError::Threshold { document: name, found: signed.signers(kind, keys), needed: keys.threshold.max(1) })
}

impl Rules {
    /// A first root: the one that the fingerprint names, signed by its own stewards.
    pub(super) fn first_root(self, fingerprint: &str, signed: &Signed) -> Result<Root, RegisterError> {
        let found = signed.sha256();
        if !found.eq_ignore_ascii_case(fingerprint) {
            return Err(RegisterError::Fingerprint { found });
        }
        let root: Root = read("root", signed)?;
        threshold("root, under its own stewards", DocumentType::Root, signed, &root.stewards)?;
        Ok(root)
    }

    /// A root that follows on `before`: one version later, same region, signed under both key sets.
    pub(super) fn root_step(self, before: &Root, signed: &Signed) -> Result<Root, RegisterError> {
        let next: Root = read("root", signed)?;
        if self.hold(Rule::RootStep) && Some(next.version) != before.version.checked_add(1) {
            return Err(RegisterError::RootSkipped { found: next.version, before: before.version });
        }
        self.root_signed(before, &next, signed)?;
        // An epoch that went back would bring lists back into force that a recovery put out of it.
        if self.hold(Rule::Epoch) && next.members_epoch < before.members_epoch {
            return Err(RegisterError::Rollback);
        }
        Ok(next)
    }

    /// Region and signatures of a root that follows on `before`.
    pub(super) fn root_signed(self, before: &Root, next: &Root, signed: &Signed) -> Result<(), RegisterError> {
        if self.hold(Rule::Region) && next.region != before.region {
            return Err(RegisterError::Region("root"));
        }
        if self.hold(Rule::KeysBefore) {
            threshold("root, under the stewards of the root before", DocumentType::Root, signed, &before.stewards)?;
        }
        threshold("root, under its own stewards", DocumentType::Root, signed, &next.stewards)
    }

    /// Members that this root lets count: region, epoch and signatures. Whether they are later than others, and in date, is asked elsewhere.
    pub(super) fn members(self, root: &Root, signed: &Signed) -> Result<Members, RegisterError> {
        let members: Members = read("members", signed)?;
        if self.hold(Rule::Threshold) {
            threshold("members", DocumentType::Members, signed, &root.registrars)?;
        }
        if self.hold(Rule::Region) && members.region != root.region {
            return Err(RegisterError::Region("members"));
        }
        // Only a root raises the epoch: members of another epoch are those of before a recovery, or of nobody.
        if self.hold(Rule::Epoch) && members.epoch != root.members_epoch {
            return Err(RegisterError::Rollback);
        }
        Ok(members)
    }

    /// Freshness that this root lets count.
    pub(super) fn fresh(self, root: &Root, signed: &Signed) -> Result<Fresh, RegisterError> {
        let fresh: Fresh = read("fresh", signed)?;
        threshold("fresh", DocumentType::Fresh, signed, &root.freshness)?;
        if self.hold(Rule::Region) && fresh.region != root.region {
            return Err(RegisterError::Region("fresh"));
        }
        Ok(fresh)
    }

    /// Whether something is still in date.
    pub(super) fn in_date(self, name: &'static str, expires: Timestamp, now: Timestamp) -> Result<(), RegisterError> {
        if self.hold(Rule::Expiry) && expires <= now { Err(RegisterError::Expired(name)) } else { Ok(()) }
    }
}

/// Checks that `next` follows on `before`: one version later, same region, signed under both key sets.
///
/// # Errors
/// Which of these does not hold.
pub fn check_root_step(before: &Root, signed: &Signed) -> Result<Root, RegisterError> {
    Rules::default().root_step(before, signed)
}

/// Where each partner and each TLS key stands in the list of members.
pub(super) type Indexes = (HashMap<PartnerId, usize>, HashMap<SpkiPin, usize>);

/// No partner, TLS key or message key may stand for two members.
pub(super) fn index(members: &Members) -> Result<Indexes, RegisterError> {
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
