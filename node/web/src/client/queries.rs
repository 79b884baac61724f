//! Questions to the federation, answered whole or as a stream of lines.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use polder_exchange::traces::{Origin, Part};
use polder_exchange::{AskRefused, For};
use polder_model::answer::StreamLine;
use polder_model::problem::ProblemType;
use polder_model::request::{LARGEST_REQUEST, QueryRequest};

use super::ClientApi;
use super::auth::{Caller, not_of_yours};
use super::negotiate::{JSON, NDJSON, accepted, sends_json};
use super::scope::Scope;
use crate::questions::Question;
use crate::refusal::Refusal;
use crate::{body, traces};

pub(crate) async fn query(api: ClientApi, caller: Caller, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    let span = api.node.traces().begin(Part::Query, || Origin::Question, traces::parent(&headers));
    let (question, streamed) = match span.cover(question(&api, &caller, &headers, body)).await {
        Ok(question) => question,
        Err(refusal) => {
            span.ended(refusal.kind());
            return Err(refusal);
        }
    };
    if streamed {
        let lines = api.questions.as_it_comes(question, span).map(|line| bytes(&line));
        return Ok(([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines)).into_response());
    }
    Ok(axum::Json(&api.questions.whole(question, span).await?).into_response())
}

/// A question that may be asked, and whether the reply is a stream of lines.
async fn question(api: &ClientApi, caller: &Caller, headers: &HeaderMap, body: Body) -> Result<(Question, bool), Refusal> {
    sends_json(headers)?;
    let streamed = accepted(headers, &[JSON, NDJSON])? == NDJSON;
    let body = body::read(body, LARGEST_REQUEST).await?;
    let request = QueryRequest::parse(&body).map_err(|findings| Refusal::findings(ProblemType::InvalidRequest, findings))?;
    if request.kind.is_personal() && matches!(caller.whom(), For::Worker(_)) {
        return Err(AskRefused::AboutPeople.into());
    }
    if request.kind.is_personal() {
        caller.require(Scope::Match)?;
    }
    if let Some(about) = &request.about
        && !caller.acts_for_offer(api, about.kind, &about.key).await?
    {
        return Err(Refusal::findings(ProblemType::InvalidRequest, vec![not_of_yours("/about/key")]));
    }
    Ok((api.questions.begin(&request, caller.whom()).await?, streamed))
}

/// One line. Documents are passed on byte for byte, except that line ends between their members become spaces.
fn bytes(line: &StreamLine) -> Result<Bytes, serde_json::Error> {
    let mut bytes = serde_json::to_vec(line)?;
    for byte in &mut bytes {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    bytes.push(b'\n');
    Ok(bytes.into())
}
