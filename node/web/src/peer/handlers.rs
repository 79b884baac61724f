//! What peers may call.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use polder_exchange::traces::{Origin, Outcome, Part, Span, coarse};
use polder_model::answer::{DocumentsRequest, LARGEST_ANSWER};
use polder_model::problem::ProblemType;
use polder_model::query::{Query, RANKING, reading_failed};
use serde::Serialize;

use super::PeerApi;
use super::call::{Call, Class, carry_out};
use super::visit::NodeNow;
use crate::refusal::Refusal;
use crate::traces;

pub(super) async fn query(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Question, async |call: Call| {
        let span = begin(&api, Part::Answer, &call);
        let reply = span.cover(answer(&api, &call, &span)).await;
        traces::end(span, reply.map(|reply| (reply.into(), Outcome::done("answered"))))
    })
    .await
}

async fn answer(api: &PeerApi, call: &Call, span: &Span) -> Result<Vec<u8>, Refusal> {
    let query = Query::parse(&call.body).map_err(|findings| Refusal::findings(ProblemType::InvalidRequest, findings))?;
    purpose_is_signed(call, &query)?;
    span.query(&query.id);
    let answer = api.node.answer(&call.from, &Arc::new(query)).await?.into_inner();
    span.say("polder.hits", coarse(answer.hits.len()));
    json(&answer)
}

pub(super) async fn documents(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Ordinary, async |call: Call| {
        let span = begin(&api, Part::GiveDocuments, &call);
        let reply = span.cover(give_documents(&api, &call, &span)).await;
        traces::end(span, reply.map(|reply| (reply.into(), Outcome::done("answered"))))
    })
    .await
}

async fn give_documents(api: &PeerApi, call: &Call, span: &Span) -> Result<Vec<u8>, Refusal> {
    let request: DocumentsRequest =
        serde_json::from_slice(&call.body).map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
    purpose_is_signed(call, &request.query)?;
    span.query(&request.query.id);
    span.say("polder.documents", request.wanted.len());
    let time = Duration::from_millis(u64::from(request.query.deadline_ms.clamp(50, 10_000)));
    let documents = tokio::time::timeout(time, api.node.documents(&call.from, &request)).await;
    let documents = documents.map_err(|_| Refusal::new(ProblemType::Unavailable, "the time of the question is over"))??;
    json(&documents.into_inner())
}

/// Begins what this node does for a partner whose message was verified.
pub(super) fn begin(api: &PeerApi, part: Part, call: &Call) -> Span {
    let from = &call.from.partner;
    let span = api.node.traces().begin(part, || Origin::Partner(from.clone()), call.below.clone());
    span.say("polder.asker", from);
    span
}

pub(super) async fn node(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::Ordinary, async |_| {
        json(&NodeNow {
            partner: api.node.home().partner.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rankings: vec![RANKING.to_owned()],
            register: api.node.announcement().await,
            tables: api.node.reference().tables().to_vec(),
            time: api.node.now(),
        })
        .map(Into::into)
    })
    .await
}

/// The header that the signature covers names the purpose of the query.
pub(super) fn purpose_is_signed(call: &Call, query: &Query) -> Result<(), Refusal> {
    if call.purpose == query.purpose.as_str() {
        return Ok(());
    }
    Err(Refusal::new(ProblemType::InvalidRequest, "the header Polder-Purpose names another purpose than the query"))
}

pub(super) fn json(reply: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    let body = serde_json::to_vec(reply).map_err(|error| Refusal::internal(&error))?;
    if body.len() > LARGEST_ANSWER {
        return Err(Refusal::internal(&format!("a reply to a peer has {} bytes, more than may be sent", body.len())));
    }
    Ok(body)
}
