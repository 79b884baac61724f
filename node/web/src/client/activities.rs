//! The record of processing activities.

use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use super::ClientApi;
use super::negotiate::{JSON, accepted};
use crate::refusal::Refusal;

pub(super) fn list(api: &ClientApi, headers: &HeaderMap) -> Result<Response, Refusal> {
    accepted(headers, &[JSON])?;
    Ok(axum::Json(&api.node.activities()).into_response())
}
