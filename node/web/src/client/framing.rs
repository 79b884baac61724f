//! One reading of each request: what two programs could read in two ways is refused, so that no proxy and node ever disagree.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_ENCODING, HOST};
use http::{HeaderMap, HeaderValue, Version};
use polder_model::problem::ProblemType;

use super::negotiate::only;
use crate::refusal::Refusal;

/// Refuses a request that names its host in two ways, or whose body is compressed. Heads with two readings do not come so far (`serve::heads`).
pub(crate) async fn one_reading(request: Request, next: Next) -> Response {
    let http1 = request.version() < Version::HTTP_2;
    match host(&request).and_then(|()| uncompressed(request.headers())) {
        Err(refusal) => closing(refusal.into_response(), http1),
        Ok(()) => next.run(request).await,
    }
}

/// One host: HTTP/1.1 has to name it, and an absolute address names the same.
fn host(request: &Request) -> Result<(), Refusal> {
    match (only(request.headers(), &HOST)?, request.uri().authority()) {
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority.as_str()) => {
            Err(refused("the header Host and the address name different hosts"))
        }
        (None, None) if request.version() == Version::HTTP_11 => Err(refused("the header Host is missing")),
        _ => Ok(()),
    }
}

/// Nothing is decompressed: a few bytes could become any number.
pub(crate) fn uncompressed(headers: &HeaderMap) -> Result<(), Refusal> {
    if only(headers, &CONTENT_ENCODING)?.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(Refusal::new(ProblemType::UnsupportedMediaType, "the body must not be compressed: leave Content-Encoding out"));
    }
    Ok(())
}

fn refused(detail: &str) -> Refusal {
    Refusal::new(ProblemType::InvalidRequest, detail)
}

fn closing(mut response: Response, closes: bool) -> Response {
    if closes {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
