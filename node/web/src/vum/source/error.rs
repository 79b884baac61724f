//! The error of the contract: a code, a message, and what else there is to say. None of it is from the input.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ALLOW, RETRY_AFTER};
use polder_model::problem::ProblemType;
use polder_store::StoreError;
use serde::Serialize;

use crate::quota::whole_seconds;
use crate::refusal::Refusal;

/// An error.
#[derive(Debug)]
pub(super) struct Error {
    status: StatusCode,
    said: Said,
    wait: Option<Duration>,
}

#[derive(Debug, Serialize)]
struct Said {
    /// At most 10 characters.
    code: &'static str,
    /// At most 500 characters.
    message: String,
}

/// Longest message, in characters.
const LONGEST: usize = 500;

impl Error {
    fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self { status, said: Said { code, message: message.chars().take(LONGEST).collect() }, wait: None }
    }

    /// What is asked is not of its form.
    pub(super) fn asked(what: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "REQUEST", what)
    }

    /// There is no such vacancy, or no more: the contract has no 404.
    pub(super) fn gone() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "GONE", "there is no vacancy with this idVacature, or no more")
    }

    /// Nobody who may ask.
    pub(super) fn unknown() -> Self {
        let message = "this TLS certificate is none of a system that is registered here for VUM (scope vum:ask)";
        Self::new(StatusCode::UNAUTHORIZED, "UNKNOWN", message)
    }

    /// More than may be asked.
    pub(super) fn too_many(what: &str, wait: Duration) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "TOO-MANY", &format!("{what}; come again in {} s", whole_seconds(wait)));
        Self { wait: Some(wait), ..error }
    }

    /// As much is asked as is worked on at once.
    pub(super) fn busy() -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "BUSY", "as much is asked as this source takes at once; try again");
        Self { wait: Some(Duration::from_secs(5)), ..error }
    }

    /// Workers of this source consent to partners of the federation, and to nobody behind the exchange.
    pub(super) fn no_workers() -> Self {
        let message = "this source gives vacancies alone: no worker has consented to be shown to parties behind the exchange";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "NO-WORKERS", message)
    }

    /// Another method than that of the address.
    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD", "matches take POST, and a vacancy GET")
    }

    /// No address of the contract.
    pub(super) fn path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "PATH", "the contract has no such address; openapi.json names those that there are")
    }

    /// A fault of ours.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Self {
        Refusal::internal(error).into()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal.kind() {
            ProblemType::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "TOO-MANY"),
            ProblemType::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
            _ if refusal.status().is_server_error() => (StatusCode::SERVICE_UNAVAILABLE, "BUSY"),
            _ => (StatusCode::BAD_REQUEST, "REQUEST"),
        };
        let wait = (status == StatusCode::TOO_MANY_REQUESTS).then_some(Duration::from_secs(1));
        Self { wait, ..Self::new(status, code, refusal.detail()) }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.said)).into_response();
        if let Some(wait) = self.wait {
            response.headers_mut().insert(RETRY_AFTER, whole_seconds(wait).into());
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, http::HeaderValue::from_static("GET, HEAD, POST"));
        }
        response
    }
}
