//! A line of a stream, as the script of the portal reads it.

use bytes::Bytes;
use polder_model::answer::StreamLine;
use serde::Serialize;

use super::shown::{Found, Room, Row, Speaker};
use crate::pages::filled::{Change, Filled, Of};

/// A line of the stream, as the script reads it.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Told {
    /// Somebody answered, or did not.
    Partner { text: String, missing: bool },
    /// What changed in the list so far.
    Rows(Change),
    /// The end: what came of it.
    Done {
        #[serde(flatten)]
        change: Change,
        summary: String,
        missing: Vec<String>,
        more: String,
    },
    /// The end, where there is no result.
    Failed { text: String },
}

impl Told {
    /// What is told of a line to whom has been told so much; nothing where that is nothing new.
    pub(super) fn of(speaker: &Speaker<'_>, filled: &mut Filled, line: StreamLine) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match line {
            StreamLine::Answered(partner) => Self::Partner { text: partner.name, missing: false },
            StreamLine::Missing(partner) => Self::Partner { text: speaker.missing(&partner), missing: true },
            StreamLine::Hits { hits } => {
                let (rows, map) = speaker.rows(hits, Room::Page);
                let change = filled.change(&of(rows), &map.drawn(speaker.words))?;
                if change.is_nothing() {
                    return Ok(None);
                }
                Self::Rows(change)
            }
            StreamLine::Result(result) => {
                let Found { rows, map, summary, missing, more } = Found::of(speaker, *result, Room::Whole);
                Self::Done { change: filled.change(&of(rows), &map.drawn(speaker.words))?, summary, missing, more }
            }
            StreamLine::Incomplete { .. } => Self::Failed { text: speaker.say("find-failed", &[]) },
        }))
    }

    pub(super) fn bytes(&self) -> Result<Bytes, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes.into())
    }
}

/// Each row with what it is of.
fn of(rows: Vec<Row>) -> Vec<(Of, Row)> {
    rows.into_iter().map(|row| (row.of.clone(), row)).collect()
}
