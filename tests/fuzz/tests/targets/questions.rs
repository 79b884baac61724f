//! What clients ask, and what nodes ask and answer each other.

use std::sync::Arc;
use std::time::Duration;

use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target, examples};
use polder_model::answer::{Answer, Documents, DocumentsRequest};
use polder_model::offer;
use polder_model::problem::Problem;
use polder_model::query::Query;
use polder_model::rank::{Plan, score};
use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, expand};
use polder_model::{Kind, PartnerId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::offers::{findings_hold, outcome};

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn partner() -> PartnerId {
    "oin:00000001001234567000".parse().expect("a partner")
}

/// A query that is taken: it comes back as it was, and whatever it asks, scores are in bounds and reasons add up to them.
fn query(query: &Query) -> Result<String, String> {
    let written = serde_json::to_vec(query).map_err(|error| error.to_string())?;
    if Query::parse(&written).as_ref() != Ok(query) {
        return Err(format!("written out and read again it is another query: {}", String::from_utf8_lossy(&written)));
    }
    let plan = Plan::new(Arc::new(query.clone()));
    let mut hits = 0;
    for example in polder_fuzz::examples::of_schemas(&[query.kind.as_str()]) {
        let Ok(parsed) = offer::parse(query.kind, &example) else { continue };
        let Some(scored) = score(&plan, &partner(), &parsed.features(), now()) else { continue };
        let sum: u64 = scored.reasons.iter().map(|reason| u64::from(reason.points)).sum();
        if u64::from(scored.score) != sum || scored.score > 1_000_000 {
            return Err(format!("the score is {}, its reasons add up to {sum}", scored.score));
        }
        hits += 1;
    }
    Ok(format!("taken, {hits} hits"))
}

fn request(input: &[u8]) -> Result<String, String> {
    let request = match QueryRequest::parse(input) {
        Ok(request) => request,
        Err(findings) => return findings_hold(input, &findings).map(|()| outcome(&findings)),
    };
    let written = serde_json::to_vec(&request).map_err(|error| error.to_string())?;
    if QueryRequest::parse(&written).as_ref() != Ok(&request) {
        return Err("written out and read again it is another request".to_owned());
    }
    match expand(&request, Reference::starter(), &partner(), "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now()) {
        Ok(expanded) => query(&expanded).map(|told| format!("asked: {told}")).map_err(|what| format!("the query that it becomes: {what}")),
        Err(findings) if findings.is_empty() => Err("refused without a finding".to_owned()),
        Err(findings) => Ok(format!("not asked: {}", outcome(&findings))),
    }
}

/// What is read by its type alone comes back as it was.
fn typed<T: Serialize + DeserializeOwned>(input: &[u8]) -> Result<&'static str, String> {
    let Ok(read) = serde_json::from_slice::<T>(input) else { return Ok("refused") };
    let written = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_str(&written).map_err(|error| format!("what it is written as is refused: {error}"))?;
    let twice = serde_json::to_string(&again).map_err(|error| error.to_string())?;
    if written == twice { Ok("taken") } else { Err(format!("it is written as {written}, and that as {twice}")) }
}

fn property(input: &[u8]) -> Verdict {
    let asked = match Query::parse(input) {
        Ok(parsed) => query(&parsed),
        Err(findings) => findings_hold(input, &findings).map(|()| outcome(&findings)),
    };
    let told = [
        asked.map_err(|what| format!("query: {what}"))?,
        request(input).map_err(|what| format!("request: {what}"))?,
        typed::<Answer>(input).map_err(|what| format!("answer: {what}"))?.to_owned(),
        typed::<Documents>(input).map_err(|what| format!("documents: {what}"))?.to_owned(),
        typed::<DocumentsRequest>(input).map_err(|what| format!("documents request: {what}"))?.to_owned(),
        typed::<Problem>(input).map_err(|what| format!("problem: {what}"))?.to_owned(),
    ];
    Ok(told.join("; "))
}

#[test]
fn questions() {
    let words = &[
        "kind",
        "purpose",
        "limit",
        "deadlineMs",
        "skills",
        "uri",
        "label",
        "importance",
        "occupations",
        "text",
        "travel",
        "from",
        "mode",
        "maxMinutes",
        "maxKilometres",
        "hours",
        "min",
        "max",
        "level",
        "contracts",
        "sectors",
        "languages",
        "licences",
        "start",
        "until",
        "modifiedSince",
        "sharing",
        "gap",
        "criteria",
        "hops",
        "tieKey",
        "asOf",
        "ranking",
        "reach",
        "measure",
        "related",
        "factor",
        "weight",
        "term",
        "hits",
        "documents",
        "gone",
    ];
    assert_eq!(Kind::Vacancy.as_str(), "vacancy");
    let seeds = examples::of_schemas(&["query", "query-request", "answer", "documents", "problem"]);
    Target { name: "questions", seeds, grammar: Grammar::Json, words, bound: Duration::from_millis(1_000) }.run(property);
}
