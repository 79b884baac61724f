//! What became of a record.

use polder_exchange::{Clock, SystemClock};
use polder_model::import::LineVerdict;
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Finding, Kind, offer};

use super::{Note, Record, Refused};
use crate::tables;

/// What became of a record.
pub(crate) struct Verdict {
    /// The line in its file.
    pub line: u64,
    /// The number of the entry, from 1, of an array.
    pub entry: Option<u64>,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its key.
    pub key: Option<String>,
    /// Its document, unless it was refused.
    pub document: Option<String>,
    /// `created`, `replaced`, `unchanged`, `valid` (only checked) or `refused`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub problem: Option<Problem>,
    /// How it was mapped, and what was not.
    pub mapping: Vec<Note>,
    /// What no reference table knows.
    pub notes: Vec<Finding>,
}

impl Verdict {
    /// The verdict of the node.
    pub(super) fn of_node(record: Record, verdict: LineVerdict) -> Self {
        Self::of(record, verdict.outcome.as_str(), verdict.problem, verdict.notes.unwrap_or_default())
    }

    /// The verdict without a node.
    pub(super) fn of_check(record: Record) -> Self {
        match offer::parse(record.kind, record.document.as_bytes()) {
            Ok(parsed) => Self::of(record, "valid", None, parsed.notes(tables::in_use(), SystemClock.now().date())),
            Err(findings) => {
                let problem = Problem::of_findings(ProblemType::InvalidDocument, findings);
                Self::of(record, "refused", Some(problem), Vec::new())
            }
        }
    }

    fn of(record: Record, outcome: &'static str, problem: Option<Problem>, notes: Vec<Finding>) -> Self {
        let Record { line, entry, kind, key, document, mapping } = record;
        let document = Some(document).filter(|_| problem.is_none());
        Self { line, entry, kind: Some(kind), key: Some(key.to_string()), document, outcome, problem, mapping, notes }
    }
}

impl From<Refused> for Verdict {
    fn from(refused: Refused) -> Self {
        let Refused { line, entry, kind, key, problem, mapping } = refused;
        Self { line, entry, kind, key, document: None, outcome: "refused", problem: Some(*problem), mapping, notes: Vec::new() }
    }
}
