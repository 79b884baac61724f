//! What stands in the log for a version of a register that came into force: where partners hold different ones, their logs show it.

use polder_consent::leaf::row_bytes;
use polder_consent::{LeafKind, NewLeaf, Salt};
use polder_model::Timestamp;
use polder_trust::keys::random;
use polder_trust::register::Register;
use serde::{Deserialize, Serialize};

use crate::open_error::OpenError;

/// The row. What a leaf of the log is made of is its compact JSON, in this order of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterRow {
    /// The region.
    pub region: String,
    /// The version of the root.
    pub root: u64,
    /// The epoch of the members.
    pub epoch: u64,
    /// The version of the members.
    pub version: u64,
    /// SHA-256 of the members.
    pub sha256: String,
    /// When it came into force here.
    pub at: Timestamp,
}

/// The leaf of what is in force.
///
/// # Errors
/// When there is no randomness for its salt.
pub(super) fn of(register: &Register, now: Timestamp) -> Result<NewLeaf, OpenError> {
    let (region, adopted) = (register.region().to_owned(), register.adopted().clone());
    let row = RegisterRow { region, root: adopted.root, epoch: adopted.epoch, version: adopted.version, sha256: adopted.sha256, at: now };
    let salt = Salt::from_random(random().map_err(|_| OpenError::NoRandomness)?);
    let (kind, row) = (LeafKind::Register, row_bytes(&row));
    Ok(NewLeaf { at: now, kind, recipient: None, purpose: None, activity: None, salt, row })
}
