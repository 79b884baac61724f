//! Questions to the federation, answered whole or as a stream of lines.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, Stream};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use polder_exchange::traces::{Origin, Part, Span};
use polder_exchange::{AskRefused, For};
use polder_model::Finding;
use polder_model::answer::{QueryResult, StreamLine};
use polder_model::problem::ProblemType;
use polder_model::query::Query;
use polder_model::request::{LARGEST_REQUEST, QueryRequest};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::ClientApi;
use super::auth::Caller;
use super::negotiate::{JSON, NDJSON, accepted, sends_json};
use crate::refusal::Refusal;
use crate::{body, traces};

/// Lines of progress that wait for a slow reader; more are left out, the result never.
const WAITING_LINES: usize = 256;

pub(crate) async fn query(api: ClientApi, caller: Caller, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    let span = api.node.traces().begin(Part::Query, || Origin::Question, traces::parent(&headers));
    let question = match span.cover(question(&api, caller.whom(), &headers, body)).await {
        Ok(question) => question,
        Err(refusal) => {
            span.ended(refusal.kind());
            return Err(refusal);
        }
    };
    if question.streamed {
        return Ok(([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines(api, question, span))).into_response());
    }
    let Question { query, whom, notes, permit, .. } = question;
    let result = tokio::select! {
        result = ask(&api, (query, &whom), notes, None, span) => result?,
        () = api.stopping.clone().time_is_up() => return Err(stops()),
    };
    drop(permit);
    Ok(axum::Json(&result).into_response())
}

/// A question that may be asked.
struct Question {
    query: Arc<Query>,
    whom: For,
    notes: Vec<Finding>,
    /// Whether the reply is a stream of lines.
    streamed: bool,
    permit: OwnedSemaphorePermit,
}

async fn question(api: &ClientApi, whom: For, headers: &HeaderMap, body: Body) -> Result<Question, Refusal> {
    sends_json(headers)?;
    let streamed = accepted(headers, &[JSON, NDJSON])? == NDJSON;
    let body = body::read(body, LARGEST_REQUEST).await?;
    let request = QueryRequest::parse(&body).map_err(|findings| Refusal::findings(ProblemType::InvalidRequest, findings))?;
    if request.kind.is_personal() && matches!(whom, For::Worker(_)) {
        return Err(AskRefused::AboutPeople.into());
    }
    let query = Arc::new(api.node.self_contained(&request)?);
    api.node.may_be_asked(&query, &whom).await?;
    let notes = request.notes(&api.node.reference());
    let permit = Arc::clone(&api.questions).try_acquire_owned().map_err(|_| as_many_as_may_be())?;
    Ok(Question { query, whom, notes, streamed, permit })
}

async fn ask(
    api: &ClientApi,
    (query, whom): (Arc<Query>, &For),
    notes: Vec<Finding>,
    progress: Option<mpsc::Sender<StreamLine>>,
    span: Span,
) -> Result<QueryResult, Refusal> {
    let asked = span.cover(api.node.ask_query(query, whom, progress)).await;
    match asked {
        Ok(result) => {
            let result = QueryResult { notes, ..result };
            api.metrics.question(&result);
            span.answered(&result);
            Ok(result)
        }
        Err(refused) => {
            let refusal = Refusal::from(refused);
            span.ended(refusal.kind());
            Err(refusal)
        }
    }
}

fn stops() -> Refusal {
    Refusal::new(ProblemType::Unavailable, "this node stops; ask again")
}

pub(super) fn as_many_as_may_be() -> Refusal {
    Refusal::new(ProblemType::Unavailable, "as many questions as this node takes at once are on their way; try again")
}

/// A question on its way, as a stream. Who stops reading stops the question.
struct Asking {
    progress: mpsc::Receiver<StreamLine>,
    asking: Option<BoxFuture<'static, Result<QueryResult, Refusal>>>,
    stops: BoxFuture<'static, ()>,
    last: Option<StreamLine>,
    _permit: OwnedSemaphorePermit,
}

fn lines(api: ClientApi, question: Question, span: Span) -> impl Stream<Item = Result<Bytes, serde_json::Error>> {
    let Question { query, whom, notes, permit, .. } = question;
    let (sender, progress) = mpsc::channel(WAITING_LINES);
    let stops = Box::pin(api.stopping.clone().time_is_up());
    let asking: BoxFuture<'static, Result<QueryResult, Refusal>> =
        Box::pin(async move { ask(&api, (query, &whom), notes, Some(sender), span).await });
    let asking = Asking { progress, asking: Some(asking), stops, last: None, _permit: permit };
    stream::unfold(asking, |mut asking| async move {
        let line = asking.next().await?;
        Some((bytes(&line), asking))
    })
}

impl Asking {
    /// The next line: progress as it comes, and last the result, or that there is none since the node stops.
    async fn next(&mut self) -> Option<StreamLine> {
        if let Some(asking) = &mut self.asking {
            tokio::select! {
                biased;
                () = &mut self.stops => {
                    self.asking = None;
                    self.last = Some(StreamLine::Incomplete { problem: stops().problem() });
                }
                Some(line) = self.progress.recv() => return Some(line),
                result = asking => {
                    self.asking = None;
                    self.last = Some(match result {
                        Ok(result) => StreamLine::Result(Box::new(result)),
                        Err(refusal) => StreamLine::Incomplete { problem: refusal.problem() },
                    });
                }
            }
        }
        if let Ok(line) = self.progress.try_recv() {
            return Some(line);
        }
        self.last.take()
    }
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
