//! Taking a register in from files, all at once: for a first start, for `polder register`, and for whoever checks one.

use polder_model::Timestamp;

use super::in_force::{Made, check_newer};
use super::rules::{Rules, signed};
use super::{Adopted, Register, RegisterError, Root};

/// Most root steps in one run.
pub(super) const MOST_STEPS: usize = 64;

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

impl Register {
    /// Takes a register in. `fingerprint` is the SHA-256 of the first root, given out of band; `adopted` what was in force before.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn load(fingerprint: &str, files: &Files, adopted: Option<&Adopted>, now: Timestamp) -> Result<Self, RegisterError> {
        let rules = Rules::default();
        let root = walk_roots(rules, fingerprint, &files.roots)?;
        rules.in_date("root", root.expires, now)?;
        let members_signed = signed("members", &files.members)?;
        let members = rules.members(&root, &members_signed)?;
        let found = Adopted { root: root.version, epoch: members.epoch, version: members.version, sha256: members_signed.sha256() };
        if let Some(adopted) = adopted {
            check_newer(&found, adopted)?;
        }
        let fresh = rules.fresh(&root, &signed("fresh", &files.fresh)?)?;
        // Of earlier members: then these came later without, as an expulsion may. Until when freshness is known stays what it was.
        let earlier = (fresh.epoch, fresh.version) < (found.epoch, found.version);
        if !earlier && (fresh.epoch, fresh.version, &fresh.sha256) != (found.epoch, found.version, &found.sha256) {
            return Err(RegisterError::NotFresh);
        }
        Self::make(Made {
            root,
            roots: files.roots.iter().map(|file| file.as_slice().into()).collect(),
            members,
            members_signed,
            members_file: files.members.as_slice().into(),
            fresh_file: Some(files.fresh.as_slice().into()),
            contradicted: false,
        })
    }
}

impl Register {
    /// Takes a register in that may have expired in part, or whose freshness is missing or about other members: for a node that starts after a long
    /// time, and for those who renew it. Its [`Standing`](super::Standing) says what it is good for.
    ///
    /// # Errors
    /// When the roots do not follow on the fingerprint, or the newest root does not vouch for the members.
    pub fn open(fingerprint: &str, files: &Files) -> Result<Self, RegisterError> {
        let file = |bytes: &Vec<u8>| super::File::from(bytes.as_slice());
        let (roots, members) = (files.roots.iter().map(file).collect(), vec![file(&files.members)]);
        let kept = super::Kept { roots, members, fresh: Some(file(&files.fresh)), contradiction: None };
        let held = super::Held::restore(fingerprint, kept)?;
        Rules::default().members(held.register().root(), &signed("members", &files.members)?)?;
        Ok(Self::clone(held.register()))
    }
}

/// Walks the roots from the first on.
pub(super) fn walk_roots(rules: Rules, fingerprint: &str, files: &[impl AsRef<[u8]>]) -> Result<Root, RegisterError> {
    if files.len() > MOST_STEPS {
        return Err(RegisterError::TooManySteps);
    }
    let first = signed("root", files.first().ok_or(RegisterError::NoRoot)?.as_ref())?;
    let mut root = rules.first_root(fingerprint, &first)?;
    for file in &files[1..] {
        root = rules.root_step(&root, &signed("root", file.as_ref())?)?;
    }
    Ok(root)
}
