//! Register news for other nodes: what this one adopted, as it came (`docs/interfaces.md`, section 9).

use std::str::FromStr;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use polder_exchange::RegisterDocument;
use polder_model::problem::ProblemType;

use super::PeerApi;
use super::call::{Class, carry_out};
use super::handlers::json;
use crate::refusal::Refusal;

pub(super) async fn announcement(State(api): State<PeerApi>, request: Request) -> Response {
    carry_out(&api, request, Class::NeverShed, async |_| json(&api.node.announcement().await).map(Into::into)).await
}

pub(super) async fn root(State(api): State<PeerApi>, Path(version): Path<String>, request: Request) -> Response {
    document(api, request, number(&version).map(RegisterDocument::Root)).await
}

pub(super) async fn members(State(api): State<PeerApi>, Path((epoch, version)): Path<(String, String)>, request: Request) -> Response {
    let which = number(&epoch).zip(number(&version)).map(|(epoch, version)| RegisterDocument::Members(epoch, version));
    document(api, request, which).await
}

pub(super) async fn fresh(State(api): State<PeerApi>, request: Request) -> Response {
    document(api, request, Some(RegisterDocument::Fresh)).await
}

pub(super) async fn evidence(State(api): State<PeerApi>, request: Request) -> Response {
    document(api, request, Some(RegisterDocument::Evidence)).await
}

async fn document(api: PeerApi, request: Request, which: Option<RegisterDocument>) -> Response {
    carry_out(&api, request, Class::NeverShed, async |_| {
        let absent = || Refusal::new(ProblemType::NotFound, "this node has no such register document");
        api.node.register_document(which.ok_or_else(absent)?).await?.ok_or_else(absent).map(Into::into)
    })
    .await
}

/// A number in the one form in which it is written.
fn number(text: &str) -> Option<u64> {
    u64::from_str(text).ok().filter(|number| number.to_string() == text)
}
