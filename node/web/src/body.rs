//! Bodies: read within bounds of bytes and time, counted, and sent while what they took up is held.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use polder_exchange::imports::{PartRefused, Spool, Spooled};
use polder_model::problem::ProblemType;
use polder_model::{Finding, FindingCode};
use serde::Deserialize;
use tokio::time::Instant;

use crate::quota::Caller;
use crate::refusal::Refusal;

/// Time for a whole body to come in, if it is small.
const BODY_TIME: Duration = Duration::from_secs(20);
/// Bytes a second for which a large body gets more time than that.
const RATE_OF_LARGE: f64 = 64.0 * 1024.0;
/// Time before a body has to keep to a rate.
const START: Duration = Duration::from_secs(5);
/// The least rate of a body after that, in bytes a second on average.
const LEAST_RATE: f64 = 512.0;
/// So much of a body that is too large is read and thrown away: who hears only of a broken connection does not learn why.
const THROWN_AWAY: usize = 2 * 1024 * 1024;

/// Reads a body of at most `most` bytes.
pub(crate) async fn read(mut body: Body, most: usize) -> Result<Bytes, Refusal> {
    let began = Instant::now();
    let (mut kept, mut size) = (BytesMut::new(), 0);
    loop {
        let Ok(frame) = tokio::time::timeout_at(deadline(began, most, size), body.frame()).await else { return Err(too_slow()) };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Refusal::new(ProblemType::InvalidRequest, "the body was cut off; send it again"))?;
        let Some(data) = frame.data_ref() else { continue };
        size += data.len();
        if size <= most {
            kept.extend_from_slice(data);
        } else if size > most + THROWN_AWAY {
            break;
        }
    }
    if size <= most {
        return Ok(kept.freeze());
    }
    Err(too_large(most))
}

/// Looks whether a body is one JSON object, and strictly so: a reader of members would take a list of their values as well.
pub(crate) fn is_object(body: &[u8]) -> Result<(), Refusal> {
    let invalid = |finding| Refusal::findings(ProblemType::InvalidRequest, vec![finding]);
    let value = polder_model::json::read_strict(body).map_err(invalid)?;
    value.is_object().then_some(()).ok_or_else(|| invalid(Finding::new("", FindingCode::WrongType, "must be a JSON object")))
}

/// Reads a body of that form. Where it is another, the caller learns the form, what differs from it and where; no value is repeated.
pub(crate) fn of_form<'b, T: Deserialize<'b>>(body: &'b [u8], form: &str) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::other_form(form, &error))
}

/// Takes a body of at most `most` bytes to a file as it comes in. Of one that says that it has more nothing is kept.
pub(crate) async fn spool(mut body: Body, most: usize, mut to: Spool) -> Result<Spooled, Refusal> {
    let began = Instant::now();
    let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut size = 0;
    loop {
        let Ok(frame) = tokio::time::timeout_at(deadline(began, most, size), body.frame()).await else { return Err(too_slow()) };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Refusal::new(ProblemType::InvalidRequest, "the body was cut off; send it again"))?;
        let Ok(data) = frame.into_data() else { continue };
        size += data.len();
        if size <= most && said <= most {
            to.write(&data).await.map_err(PartRefused::Io)?;
        } else if size > most + THROWN_AWAY {
            break;
        }
    }
    if size <= most && said <= most { Ok(to.finish().await.map_err(PartRefused::Io)?) } else { Err(too_large(most)) }
}

/// By when the next piece of a body has to be there, of which so many bytes are.
fn deadline(began: Instant, most: usize, size: usize) -> Instant {
    let whole = BODY_TIME + Duration::from_secs_f64(most as f64 / RATE_OF_LARGE);
    began + whole.min(START + Duration::from_secs_f64(size as f64 / LEAST_RATE))
}

fn too_large(most: usize) -> Refusal {
    Refusal::new(ProblemType::TooLarge, format!("the body has more than {most} bytes, the most that is taken here"))
}

fn too_slow() -> Refusal {
    let detail = format!("the body came in too slowly: at least {LEAST_RATE} bytes a second are expected; send it again");
    Refusal::new(ProblemType::RequestTimeout, detail)
}

/// The body of a request whose bytes are counted as its caller's.
pub(crate) fn counted(body: Body, caller: &Arc<Caller>) -> Body {
    Body::new(Beside { body, beside: Arc::clone(caller), seen: |caller: &Arc<Caller>, bytes| caller.came(bytes) })
}

/// The body of a response that holds something, such as a place, until it is sent or given up.
pub(crate) fn holding(body: Body, held: impl Send + Unpin + 'static) -> Body {
    Body::new(Beside { body, beside: held, seen: |_, _| {} })
}

struct Beside<T> {
    body: Body,
    beside: T,
    seen: fn(&T, usize),
}

impl<T: Unpin> HttpBody for Beside<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            (self.seen)(&self.beside, frame.data_ref().map_or(0, Bytes::len));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
