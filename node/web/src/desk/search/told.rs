//! A line of a stream, as the script of the desk reads it.

use bytes::Bytes;
use polder_model::Postcode4;
use polder_model::answer::StreamLine;
use polder_model::query::Query;
use serde::Serialize;

use super::exchange::Nationwide;
use super::reasons::Speaker;
use super::shown::{self, Row, Shown};
use crate::pages::map::{Drawn, Map};

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
    /// The list so far.
    Rows(Box<Rows>),
    /// The end: what came of it.
    Done { rows: Box<Rows>, summary: String, asked: String, missing: Vec<String>, answered: Vec<String>, anywhere: bool },
    /// The end, where there is no result.
    Failed { text: String },
    /// What the national exchange has; before the end or after it.
    Exchange(Nationwide),
}

#[derive(Serialize)]
pub(super) struct Rows {
    rows: Vec<Row>,
    #[serde(flatten)]
    drawn: Drawn,
}

impl Told {
    pub(super) fn of(
        speaker: &Speaker<'_>,
        map: Map,
        (query, from, asked): (&Query, Option<Postcode4>, &str),
        line: &StreamLine,
    ) -> Option<Self> {
        Some(match line {
            StreamLine::Answered(partner) => {
                Self::Partner { text: shown::answered(speaker, partner), missing: false, ms: Some(partner.ms) }
            }
            StreamLine::Missing(partner) => Self::Partner { text: shown::missing(speaker, partner), missing: true, ms: None },
            StreamLine::Hits { hits } => {
                let mut rows = shown::rows(speaker, query.kind, hits, false);
                let drawn = shown::on_the_map(speaker, map, hits, &mut rows).drawn(speaker.words);
                Self::Rows(Box::new(Rows { rows, drawn }))
            }
            StreamLine::Result(result) => {
                let Shown { rows, map, summary, missing, answered, anywhere, .. } =
                    shown::result(speaker, shown::map(map, speaker, query, from), result);
                let rows = Box::new(Rows { rows, drawn: map.drawn(speaker.words) });
                Self::Done { rows, summary, asked: asked.to_owned(), missing, answered, anywhere }
            }
            StreamLine::Incomplete { .. } => Self::Failed { text: speaker.say("search-failed", &[]) },
        })
    }

    pub(super) fn bytes(&self) -> Result<Bytes, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes.into())
    }
}
