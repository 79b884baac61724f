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
        if (fresh.epoch, fresh.version, &fresh.sha256) != (found.epoch, found.version, &found.sha256) {
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
