//! What two nodes say to each other when a consent has ended: a tombstone, and its acknowledgement. Both travel as signed evidence.

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;
use crate::id::{DisclosureId, Handle, TombstoneId};
use crate::record::Epoch;
use crate::retained::Retained;

/// Most disclosures that one tombstone names.
pub const MOST_NAMED: usize = 200;

/// A recipient is told to erase. It carries no reason, and nothing of the person but the recipient's own handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tombstone {
    /// Its id.
    pub id: TombstoneId,
    /// Who gave the copies.
    pub iss: PartnerId,
    /// Who is to erase them.
    pub aud: PartnerId,
    /// The person, as the recipient knows them.
    pub handle: Handle,
    /// For what they were given.
    pub purpose: Purpose,
    /// Copies of this epoch and before are meant.
    pub epoch: Epoch,
    /// The fields to erase; left out: everything.
    #[serde(default, skip_serializing_if = "FieldSet::is_nothing")]
    pub fields: FieldSet,
    /// The disclosures that are meant, where the consent stays and what was given is corrected; left out: all of the epoch and before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<DisclosureId>,
    /// When the consent ended, or the profile was corrected.
    pub iat: Timestamp,
    /// Its number at the node that sends it.
    pub seq: u64,
}

/// A recipient says that it has erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acknowledgement {
    /// The tombstone.
    pub tombstone: TombstoneId,
    /// Who erased.
    pub iss: PartnerId,
    /// Whose tombstone it was.
    pub aud: PartnerId,
    /// When the last copy was erased.
    pub erased_at: Timestamp,
    /// How many systems of the recipient had a copy.
    pub copies: u64,
    /// What is kept because a law demands it.
    pub retained: Vec<Retained>,
    /// When the last backup that holds a copy is gone, at the latest.
    pub backups_gone_by: Timestamp,
}
