//! Replies of other nodes: how large they may be, what proves them, and what a failed call is called in a result.

use http::{HeaderMap, StatusCode};
use polder_exchange::{PeerFailure, Received};
use polder_model::answer::{LARGEST_ANSWER, MissingReason};
use polder_model::problem::{Problem, ProblemType};
use polder_model::query::reading_failed;
use polder_model::text::is_invisible;
use polder_trust::message;
use serde::de::DeserializeOwned;

use super::REGISTER;
use crate::causes::{causes, trouble, with_causes};

/// The largest file of a register: 4 MiB of signed bytes in base64url, with their signatures. Evidence is two of them.
const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// A reply whose signature holds, and what would prove it.
pub(super) struct Reply {
    pub body: Vec<u8>,
    pub evidence: String,
}

/// A failure with a detail for the log.
pub(super) fn failure(reason: MissingReason, detail: impl std::fmt::Display) -> PeerFailure {
    PeerFailure::new(reason, detail.to_string())
}

/// The largest reply of an address, in bytes.
pub(super) fn most(path: &str) -> usize {
    if path.starts_with(REGISTER) { LARGEST_FILE } else { LARGEST_ANSWER }
}

/// The headers by which a reply says that it is signed, cut to a bound.
pub(super) fn as_it_came(headers: &HeaderMap) -> String {
    let shown = [message::CONTENT_DIGEST, message::SIGNATURE_INPUT, message::SIGNATURE].map(|name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none");
        format!("{name}: {}", value.chars().take(300).collect::<String>())
    });
    shown.join("; ")
}

/// Reads what a reply says.
pub(super) fn read_reply<T: DeserializeOwned>(reply: &Reply) -> Result<Received<T>, PeerFailure> {
    let read = serde_json::from_slice(&reply.body);
    // What was read stays out of the log; only where it failed goes in.
    let value = read.map_err(|error| {
        let detail = format!("a reply that is not of its form: {}", reading_failed(&error).message);
        failure(MissingReason::Untrustworthy, detail).with_evidence(&reply.evidence)
    })?;
    Ok(Received { reply: value, evidence: reply.evidence.clone() })
}

/// A call without a reply.
pub(super) fn unreachable(error: &reqwest::Error) -> PeerFailure {
    let reason = if error.is_timeout() { MissingReason::Slow } else { MissingReason::Unreachable };
    failure(reason, with_causes(error)).with_trouble(trouble(error))
}

/// Whether a call waited for a connection that another call was making, and that one could not.
pub(super) fn waited_in_vain(error: &reqwest::Error) -> bool {
    // The library has no type for it.
    error.is_connect() && causes(error).any(|cause| cause.to_string() == "request was canceled")
}

/// A peer's refusal as the result names it. Refusals are not signed in every case; none of them shows an offer.
pub(super) fn refused(status: StatusCode, body: &[u8]) -> PeerFailure {
    let problem = serde_json::from_slice::<Problem>(body).ok();
    let kind = problem.as_ref().and_then(Problem::problem_type);
    let reason = match (kind, status.as_u16()) {
        (Some(ProblemType::ClockSkew), _) => MissingReason::ClockSkew,
        (Some(ProblemType::RankingUnsupported), _) => MissingReason::RankingUnsupported,
        (Some(ProblemType::NotAMember), _) => MissingReason::NotAMember,
        (Some(ProblemType::NoDisclosure), _) => MissingReason::NoDisclosure,
        (Some(ProblemType::BudgetSpent), _) => MissingReason::BudgetSpent,
        (_, 429 | 503) => MissingReason::Overloaded,
        _ => MissingReason::Refused,
    };
    // It goes into the log: nothing in it turns or hides the rest of the line.
    let is_plain = |character: &char| !character.is_control() && !is_invisible(*character);
    let said: String = problem.map(|problem| problem.detail).unwrap_or_default().chars().filter(is_plain).take(200).collect();
    failure(reason, format!("{status}: {said}")).with_problem(kind)
}
