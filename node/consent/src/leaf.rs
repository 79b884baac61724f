//! What stands in the log for each event: a leaf without personal data. The row that it speaks for is bound by a salted hash; without the salt the
//! leaf says nothing about it, and when row and salt are erased it still verifies.

use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const MINUTE: i64 = 60_000_000;

/// What a leaf stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeafKind {
    /// A consent was given.
    Grant,
    /// A consent ended, by whomever.
    Withdrawal,
    /// Something left.
    Disclosure,
    /// A version of the register came into force.
    Register,
}

/// A leaf. Its bytes are its compact JSON, in this order of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leaf {
    /// Its number in the log, from 0.
    pub seq: u64,
    /// When, cut off to the minute.
    pub at: Timestamp,
    /// What it stands for.
    pub kind: LeafKind,
    /// Who is concerned beside the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<PartnerId>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Entry of the record of processing activities (GDPR art. 30), with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Lower-case hexadecimal SHA-256 of the salt and then the row.
    pub row: String,
}

/// 32 random bytes, kept beside the row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// From random bytes.
    #[must_use]
    pub const fn from_random(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// As it is kept: 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut salt = [0; 32];
        hex::decode_to_slice(text, &mut salt).ok().map(|()| Self(salt))
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt")
    }
}

/// The bytes of a row, as they are hashed: its compact JSON, members in the order of its type.
#[must_use]
pub fn row_bytes(row: &impl Serialize) -> Vec<u8> {
    // Rows are structs of texts and numbers: writing them cannot fail.
    serde_json::to_vec(row).unwrap_or_default()
}

/// A leaf that is still to get its number in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLeaf {
    /// When. Only the minute stands in the leaf.
    pub at: Timestamp,
    /// What it stands for.
    pub kind: LeafKind,
    /// Who is concerned beside the worker.
    pub recipient: Option<PartnerId>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// Entry of the record of processing activities, with its version.
    pub activity: Option<String>,
    /// Kept beside the row.
    pub salt: Salt,
    /// The bytes of the row: [`row_bytes`].
    pub row: Vec<u8>,
}

impl NewLeaf {
    /// The leaf, under its number.
    #[must_use]
    pub fn numbered(self, seq: u64) -> Leaf {
        let row = commitment(self.salt, &self.row);
        let Self { at, kind, recipient, purpose, activity, .. } = self;
        Leaf { seq, at: minute(at), kind, recipient, purpose, activity, row }
    }
}

/// Cut off to the minute.
#[must_use]
pub fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros() - at.micros().rem_euclid(MINUTE))
}

impl Leaf {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        row_bytes(self)
    }

    /// Whether it speaks for that row.
    #[must_use]
    pub fn is_of(&self, salt: Salt, row: &[u8]) -> bool {
        self.row == commitment(salt, row)
    }
}

fn commitment(salt: Salt, row: &[u8]) -> String {
    hex::encode(Sha256::new().chain_update(salt.0).chain_update(row).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(activity: Option<&str>) -> NewLeaf {
        NewLeaf {
            at: "2026-11-23T12:00:59.999999Z".parse().expect("an instant"),
            kind: LeafKind::Disclosure,
            recipient: "kvk:90000002".parse().ok(),
            purpose: Some(Purpose::MatchVacancy),
            activity: activity.map(str::to_owned),
            salt: Salt::from_random([7; 32]),
            row: b"row".to_vec(),
        }
    }

    #[test]
    fn the_bytes_have_one_order_and_leave_out_what_is_not_there() {
        let row = hex::encode(Sha256::digest([&[7; 32][..], b"row"].concat()));
        let begins = r#"{"seq":2,"at":"2026-11-23T12:00:00Z","kind":"disclosure","recipient":"kvk:90000002","purpose":"match-vacancy","#;
        for (activity, middle) in [(None, ""), (Some("bemiddeling/3"), r#""activity":"bemiddeling/3","#)] {
            let leaf = new(activity).numbered(2);
            let text = format!(r#"{begins}{middle}"row":"{row}"}}"#);
            assert_eq!(String::from_utf8(leaf.bytes()).expect("text"), text);
            assert_eq!(serde_json::from_str::<Leaf>(&text).expect("a leaf"), leaf);
        }
        let register = NewLeaf { kind: LeafKind::Register, recipient: None, purpose: None, ..new(None) }.numbered(0);
        let text = format!(r#"{{"seq":0,"at":"2026-11-23T12:00:00Z","kind":"register","row":"{row}"}}"#);
        assert_eq!(String::from_utf8(register.bytes()).expect("text"), text);
    }

    #[test]
    fn a_leaf_is_of_one_row_and_salt() {
        let leaf = new(None).numbered(0);
        assert!(leaf.is_of(Salt::from_random([7; 32]), b"row"));
        assert!(!leaf.is_of(Salt::from_random([8; 32]), b"row") && !leaf.is_of(Salt::from_random([7; 32]), b"rov"));
    }
}
