//! An independent check of results: plain loops written from docs/ranking.md. Uses no other polder crate.

mod compare;
mod filters;
mod offer;
mod points;
mod query;
mod text;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

pub use compare::{Difference, compare_result};
use query::Query;

/// Why the oracle could not say anything.
#[derive(Debug, thiserror::Error)]
pub enum OracleError {
    /// A line of an export is not what it should be.
    #[error("export, line {line}: {what}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The query is not what it should be.
    #[error("query: {0}")]
    Query(String),
    /// The result is not what it should be.
    #[error("result: {0}")]
    Result(String),
    /// A partner answered whose export was not given.
    #[error("{0} answered, but its export was not given")]
    NoExport(String),
}

/// One offer of an export.
#[derive(Clone, Debug)]
pub struct Line {
    /// `vacancy`, `training` or `skill-offer`.
    pub kind: String,
    /// The client's own key.
    pub key: String,
    /// Version of the offer.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// The exact document.
    pub document: Value,
}

/// What an offer gets for a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The sum of the points of the reasons.
    pub score: u64,
    /// The reasons, as the result carries them.
    pub reasons: Vec<Value>,
    /// What others may see of the document.
    pub visible: Value,
}

/// One hit that a complete result has.
#[derive(Clone, Debug)]
pub struct ExpectedHit {
    /// Whose offer it is.
    pub partner: String,
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// Decides between equal scores, lowest first.
    pub tie_hash: u64,
    /// Score, reasons and visible document.
    pub scored: Scored,
}

/// Reads an export: one offer a line.
///
/// # Errors
/// The first line that cannot be read.
pub fn parse_export(text: &str) -> Result<Vec<Line>, OracleError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        kind: String,
        key: String,
        version: u64,
        modified_at: String,
        document: Value,
    }
    let mut lines = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: String| OracleError::Line { line: index + 1, what };
        let row: Row = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let modified_at = instant(&row.modified_at).map_err(wrong)?;
        lines.push(Line { kind: row.kind, key: row.key, version: row.version, modified_at, document: row.document });
    }
    Ok(lines)
}

/// Reads an instant: RFC 3339, UTC, ending in `Z`, at most microseconds.
fn instant(text: &str) -> Result<Timestamp, String> {
    let instant: Timestamp = text.parse().map_err(|error| format!("instant {text:?}: {error}"))?;
    if !text.ends_with('Z') || instant.subsec_nanosecond() % 1_000 != 0 {
        return Err(format!("instant {text:?}: not in UTC with at most microseconds"));
    }
    Ok(instant)
}

/// What an offer of a partner gets for a query; nothing when it is not a hit.
///
/// # Errors
/// The query cannot be read.
pub fn score(query: &Value, partner: &str, line: &Line) -> Result<Option<Scored>, OracleError> {
    Ok(score_parsed(&Query::read(query)?, partner, line))
}

fn score_parsed(query: &Query, partner: &str, line: &Line) -> Option<Scored> {
    if line.kind != query.kind {
        return None;
    }
    let visible = offer::visible(&line.kind, &line.document);
    let mut offer = offer::read(&line.kind, &visible);
    if !filters::eligible(query, partner, &mut offer) || !filters::passes(query, &offer, line.modified_at) {
        return None;
    }
    let (score, reasons) = points::points(query, &offer, line.modified_at)?;
    Some(Scored { score, reasons, visible })
}

/// Every hit of the partners given, in order.
///
/// # Errors
/// The query cannot be read.
pub fn expected(query: &Value, exports: &[(String, Vec<Line>)]) -> Result<Vec<ExpectedHit>, OracleError> {
    let query = Query::read(query)?;
    let mut hits = Vec::new();
    for (partner, lines) in exports {
        for line in lines {
            if let Some(scored) = score_parsed(&query, partner, line) {
                let tie_hash = tie_hash(query.tie_key, partner, &line.key);
                let (partner, key, version, modified_at) = (partner.clone(), line.key.clone(), line.version, line.modified_at);
                hits.push(ExpectedHit { partner, key, version, modified_at, tie_hash, scored });
            }
        }
    }
    hits.sort_by(|one, other| {
        let by_score = other.scored.score.cmp(&one.scored.score);
        let by_tie = by_score.then(one.tie_hash.cmp(&other.tie_hash));
        by_tie.then(one.partner.as_bytes().cmp(other.partner.as_bytes())).then(one.key.as_bytes().cmp(other.key.as_bytes()))
    });
    Ok(hits)
}

fn tie_hash((k0, k1): (u64, u64), partner: &str, key: &str) -> u64 {
    let mut bytes = partner.as_bytes().to_vec();
    bytes.push(0);
    bytes.extend_from_slice(key.as_bytes());
    siphasher::sip::SipHasher24::new_with_keys(k0, k1).hash(&bytes)
}

#[cfg(test)]
mod tests;
