//! How a person can be reached whom a result showed.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use polder_model::contact::ContactAsked;
use polder_model::problem::ProblemType;
use polder_model::query::reading_failed;

use super::ClientApi;
use super::auth::{Caller, not_of_yours};
use super::negotiate::{JSON, accepted, sends_json};
use crate::body;
use crate::refusal::Refusal;

/// Largest request, in bytes.
const LARGEST: usize = 4 * 1024;

pub(super) async fn contact(api: ClientApi, caller: &Caller, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    sends_json(&headers)?;
    accepted(&headers, &[JSON])?;
    let bytes = body::read(body, LARGEST).await?;
    body::is_object(&bytes)?;
    let asked: ContactAsked =
        serde_json::from_slice(&bytes).map_err(|error| Refusal::findings(ProblemType::InvalidRequest, vec![reading_failed(&error)]))?;
    if !caller.acts_for_offer(&api, asked.about.kind, &asked.about.key).await? {
        return Err(Refusal::findings(ProblemType::InvalidRequest, vec![not_of_yours("/about/key")]));
    }
    Ok(axum::Json(&api.node.contact(&asked, caller.client()?).await?).into_response())
}
