//! A line of a stream, as the script of the desk reads it.

use bytes::Bytes;
use polder_model::Postcode4;
use polder_model::answer::{ResultHit, StreamLine};
use polder_model::query::Query;
use serde::Serialize;

use super::exchange::Nationwide;
use super::reasons::Speaker;
use super::shown::{self, Row, Shown};
use crate::pages::filled::{Change, Filled, Of};
use crate::pages::map::Map;

/// A line: with words, and without a code.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Told {
    /// Somebody answered, or did not; and after how many milliseconds, by which is measured how soon it is on screen.
    Partner {
        text: String,
        missing: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// What changed in the list so far.
    Rows(Change),
    /// The end: what came of it.
    Done {
        #[serde(flatten)]
        change: Change,
        summary: String,
        asked: String,
        missing: Vec<String>,
        answered: Vec<String>,
        anywhere: bool,
    },
    /// The end, where there is no result.
    Failed { text: String },
    /// What the national exchange has; before the end or after it.
    Exchange(Nationwide),
}

impl Told {
    /// What is told of a line to whom has been told so much; nothing where that is nothing new.
    pub(super) fn of(
        speaker: &Speaker<'_>,
        filled: &mut Filled,
        map: Map,
        (query, from, asked): (&Query, Option<Postcode4>, &str),
        line: &StreamLine,
    ) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match line {
            StreamLine::Answered(partner) => {
                Self::Partner { text: shown::answered(speaker, partner), missing: false, ms: Some(partner.ms) }
            }
            StreamLine::Missing(partner) => Self::Partner { text: shown::missing(speaker, partner), missing: true, ms: None },
            StreamLine::Hits { hits } => {
                let mut rows = shown::rows(speaker, query.kind, hits, false);
                let drawn = shown::on_the_map(speaker, map, hits, &mut rows).drawn(speaker.words);
                let change = filled.change(&of_hits(hits, rows), &drawn)?;
                if change.is_nothing() {
                    return Ok(None);
                }
                Self::Rows(change)
            }
            StreamLine::Result(result) => {
                let Shown { rows, map, summary, missing, answered, anywhere, .. } =
                    shown::result(speaker, shown::map(map, speaker, query, from), result);
                let change = filled.change(&of_hits(&result.hits, rows), &map.drawn(speaker.words))?;
                Self::Done { change, summary, asked: asked.to_owned(), missing, answered, anywhere }
            }
            StreamLine::Incomplete { .. } => Self::Failed { text: speaker.say("search-failed", &[]) },
        }))
    }

    pub(super) fn bytes(&self) -> Result<Bytes, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes.into())
    }
}

/// Each row with what it is of.
fn of_hits(hits: &[ResultHit], rows: Vec<Row>) -> Vec<(Of, Row)> {
    hits.iter().map(|hit| (hit.partner.clone(), hit.key.clone())).zip(rows).collect()
}
