//! Verifying what a worker took along, without any node: what holds of it, and what does not.

use std::fmt;

use polder_consent::leaf::minute;
use polder_consent::{Disclosure, Leaf, LeafKind, Salt};
use polder_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::checkpoint::{Origin, SignedCheckpoint};
use super::hash::{Hash, leaf_hash};
use super::note::WrongSignature;
use super::proof::verify_inclusion;
use super::quorum::{Witnesses, is_past};

/// Largest export, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// Why an export is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It is too large.
    #[error("an export has at most 64 MiB")]
    TooLarge,
    /// It is not of its form.
    #[error("this is no export of a log: line {line}, column {column} is not of its form (interfaces, section 11)")]
    Form {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum ExportTag {
    #[serde(rename = "polder-log-export/1")]
    Tag,
}

/// Rows of one worker, with the proof that they stand in the log of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Export {
    #[serde(rename = "type")]
    tag: ExportTag,
    /// The signed checkpoint, as its note.
    pub checkpoint: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row, its leaf, and the proof that the leaf stands in the tree of the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// The leaf.
    pub leaf: Leaf,
    /// That it stands in the tree.
    pub proof: Vec<Hash>,
    /// The exact text that was hashed. Neither it nor the salt is there after they were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The salt, as 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

impl Export {
    /// Of these rows, under this checkpoint.
    #[must_use]
    pub fn new(checkpoint: &SignedCheckpoint, rows: Vec<Row>) -> Self {
        Self { tag: ExportTag::Tag, checkpoint: checkpoint.to_string(), rows }
    }

    /// Reads an export.
    ///
    /// # Errors
    /// When it is too large, or not of its form. The message carries no value.
    pub fn parse(bytes: &[u8]) -> Result<Self, ExportError> {
        if bytes.len() > LARGEST {
            return Err(ExportError::TooLarge);
        }
        serde_json::from_slice(bytes).map_err(|error| ExportError::Form { line: error.line(), column: error.column() })
    }
}

/// What whoever verifies knows from elsewhere: from the register, not from the export.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The log of the worker's home node.
    pub origin: Origin,
    /// Who may have cosigned it, with the keys of its own partner.
    pub witnesses: Witnesses,
}

/// One thing that was looked at, in words. They carry nothing of what stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whether it holds.
    pub holds: bool,
    /// What was looked at, and what came of it.
    pub words: String,
}

impl Check {
    fn of(holds: bool, good: impl fmt::Display, bad: impl fmt::Display) -> Self {
        Self { holds, words: if holds { good.to_string() } else { bad.to_string() } }
    }
}

/// Looks at everything in an export. It holds as a whole where every check does. That no row was left out of it is nothing that a proof can show.
#[must_use]
pub fn verify_export(export: &Export, expected: &Expected, now: Timestamp) -> Vec<Check> {
    let signed = match SignedCheckpoint::parse(export.checkpoint.as_bytes()) {
        Ok(signed) => signed,
        Err(error) => return vec![Check { holds: false, words: format!("the checkpoint cannot be read: {error}") }],
    };
    let mut checks = vec![is_of_log(&signed, expected), is_signed(&signed, expected)];
    checks.extend(cosigned(&signed, expected, now));
    checks.extend(export.rows.iter().flat_map(|row| row.verify(&signed)));
    checks
}

fn is_of_log(signed: &SignedCheckpoint, expected: &Expected) -> Check {
    let origin = &expected.origin;
    Check::of(
        signed.checkpoint().origin == *origin,
        format_args!("the checkpoint is of the log {origin}"),
        format_args!("the checkpoint is of another log than {origin}"),
    )
}

fn is_signed(signed: &SignedCheckpoint, expected: &Expected) -> Check {
    let (partner, size) = (expected.origin.partner(), signed.checkpoint().size);
    match signed.is_signed(&expected.witnesses.own) {
        Ok(true) => Check { holds: true, words: format!("{partner} signed it: {size} leaves") },
        Ok(false) => Check { holds: false, words: format!("no known key of {partner} signed it") },
        Err(WrongSignature) => {
            Check { holds: false, words: format!("the signature of {partner} does not hold: the checkpoint was changed") }
        }
    }
}

/// What each witness says who says something, and whether they are enough.
fn cosigned(signed: &SignedCheckpoint, expected: &Expected, now: Timestamp) -> Vec<Check> {
    let (mut checks, mut found) = (Vec::new(), 0);
    for (witness, said) in expected.witnesses.say(signed) {
        let Ok(at) = said else {
            checks.push(Check { holds: false, words: format!("the cosignature of {witness} does not hold") });
            continue;
        };
        let is_past = is_past(at, now);
        found += usize::from(is_past);
        checks.push(Check::of(
            is_past,
            format_args!("{witness} cosigned it at {at}"),
            format_args!("{witness} says that it cosigned it at {at}, which is still to come"),
        ));
    }
    let quorum = expected.witnesses.quorum;
    checks.push(Check { holds: found >= quorum, words: format!("{found} other partners cosigned it; {quorum} have to") });
    checks
}

impl Row {
    fn verify(&self, signed: &SignedCheckpoint) -> Vec<Check> {
        let (leaf, checkpoint) = (&self.leaf, signed.checkpoint());
        let seq = leaf.seq;
        let stands = verify_inclusion(&leaf_hash(&leaf.bytes()), seq, checkpoint.size, &self.proof, &checkpoint.root);
        let bad = if seq < checkpoint.size {
            format!("leaf {seq} does not stand in the log: it, its number, its proof or the checkpoint is another")
        } else {
            format!("leaf {seq} does not stand in the log, which has {} leaves at this checkpoint: ask for a later one", checkpoint.size)
        };
        let mut checks = vec![Check::of(stands, format_args!("leaf {seq} stands in the log"), bad)];
        match (&self.row, &self.salt) {
            (None, None) => {
                checks.push(Check { holds: true, words: format!("the row of leaf {seq} is erased; what it was nobody can tell any more") });
            }
            (Some(row), Some(salt)) => checks.extend(self.verify_text(row.as_bytes(), salt)),
            _ => checks.push(Check {
                holds: false,
                words: format!("of leaf {seq} the row or its salt is missing, without which the other proves nothing"),
            }),
        }
        checks
    }

    fn verify_text(&self, row: &[u8], salt: &str) -> Vec<Check> {
        let (leaf, seq) = (&self.leaf, self.leaf.seq);
        let Some(salt) = Salt::from_hex(salt) else {
            return vec![Check { holds: false, words: format!("the salt of leaf {seq} is not 64 hexadecimal digits") }];
        };
        let mut checks = vec![Check::of(
            leaf.is_of(salt, row),
            format_args!("leaf {seq} was made for this row"),
            format_args!("leaf {seq} was not made for this row and salt: one of them was changed"),
        )];
        if leaf.kind == LeafKind::Disclosure {
            let says_the_same = serde_json::from_slice::<Disclosure>(row).is_ok_and(|row_says| {
                let of_row = (minute(row_says.at), Some(row_says.recipient), Some(row_says.purpose));
                of_row == (leaf.at, leaf.recipient.clone(), leaf.purpose)
            });
            checks.push(Check::of(
                says_the_same,
                format_args!("recipient, purpose and minute of leaf {seq} are those of the row"),
                format_args!("recipient, purpose or minute of leaf {seq} are not those of the row"),
            ));
        }
        checks
    }
}
