//! Preconditions (RFC 9110, section 13).

use http::HeaderMap;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use polder_model::problem::ProblemType;
use polder_store::{ETag, Precondition};

use super::negotiate::only;
use crate::refusal::Refusal;

/// Most tags that are read.
const MOST_TAGS: usize = 20;

/// What must hold before an offer is changed.
pub(crate) fn of_change(headers: &HeaderMap) -> Result<Precondition, Refusal> {
    match (only(headers, &IF_MATCH)?, only(headers, &IF_NONE_MATCH)?) {
        (None, None) => Ok(Precondition::None),
        (Some("*"), None) => Ok(Precondition::Exists),
        (Some(list), None) => Ok(Precondition::Matches(tags(list)?)),
        (None, Some("*")) => Ok(Precondition::Absent),
        (None, Some(_)) => Err(refused("If-None-Match takes * here: change only what is not there yet")),
        (Some(_), Some(_)) => Err(refused("send If-Match or If-None-Match, not both")),
    }
}

/// Whether the caller has this version already.
pub(crate) fn has(headers: &HeaderMap, present: &ETag) -> Result<bool, Refusal> {
    match only(headers, &IF_NONE_MATCH)? {
        None => Ok(false),
        Some("*") => Ok(true),
        Some(list) => Ok(tags(list)?.contains(present)),
    }
}

fn tags(list: &str) -> Result<Vec<ETag>, Refusal> {
    let tags: Result<Vec<ETag>, _> = list.split(',').map(str::parse).collect();
    match tags {
        Ok(tags) if tags.len() <= MOST_TAGS => Ok(tags),
        Ok(_) => Err(refused("at most 20 entity tags")),
        Err(what) => Err(refused(what)),
    }
}

fn refused(detail: &str) -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, detail)
}
