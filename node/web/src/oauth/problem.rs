//! Errors as OAuth has them (RFC 6749, section 5.2), of the token endpoint alone.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::quota::whole_seconds;
use crate::refusal::Refusal;

/// Why there is no token.
#[derive(Debug)]
pub(super) enum NoToken {
    /// One of the errors of the standard, and what to do.
    Refused(&'static str, String),
    /// A proof of possession is to name another nonce.
    Nonce(String),
    /// As many tokens as the client gets.
    TooMany(Duration),
    /// As many failures of this client from this network as may be.
    Failing(Duration),
    /// This node could not.
    Failed(Refusal),
}

#[derive(Serialize)]
struct Body<'b> {
    error: &'b str,
    error_description: &'b str,
}

impl NoToken {
    pub(super) fn request(detail: impl Into<String>) -> Self {
        Self::Refused("invalid_request", detail.into())
    }

    /// The client did not show who it is. The same for one that there is not, one that has ended and one with a wrong key: who tries learns nothing.
    pub(super) fn client() -> Self {
        let detail = "the client did not show who it is: its id is not known here or has ended, or its assertion is not signed by a key of it, not for \
                      this issuer, not of the last minute, or was shown before; whoever runs this node finds which in its log";
        Self::Refused("invalid_client", detail.to_owned())
    }
}

impl From<Refusal> for NoToken {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal)
    }
}

impl From<polder_store::StoreError> for NoToken {
    fn from(error: polder_store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for NoToken {
    fn into_response(self) -> Response {
        let say = |status: StatusCode, error: &str, detail: &str| {
            (status, axum::Json(&Body { error, error_description: detail })).into_response()
        };
        match self {
            Self::Refused("invalid_client", detail) => say(StatusCode::UNAUTHORIZED, "invalid_client", &detail),
            Self::Refused(error, detail) => say(StatusCode::BAD_REQUEST, error, &detail),
            Self::Nonce(detail) => say(StatusCode::BAD_REQUEST, "use_dpop_nonce", &detail),
            Self::TooMany(wait) | Self::Failing(wait) => {
                let seconds = whole_seconds(wait);
                let why = match self {
                    Self::Failing(_) => {
                        "too often a client of this name did not show who it is, from your network; look at its key and its clock"
                    }
                    _ => "this client asked for more tokens than it gets; one counts five minutes: use it again",
                };
                let detail = format!("{why}. Come again in {seconds} s");
                let mut response = say(StatusCode::TOO_MANY_REQUESTS, "slow_down", &detail);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                response
            }
            Self::Failed(refusal) => {
                let (status, mut headers) = (refusal.status(), refusal.headers());
                headers.remove(http::header::WWW_AUTHENTICATE);
                let mut response = say(status, "temporarily_unavailable", refusal.detail());
                response.headers_mut().extend(headers);
                response
            }
        }
    }
}
