//! Course systems that the node reads: how it stands with each, and the word to read one at once. For whoever runs the node.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use polder_exchange::syncs::{Source, Standing};
use polder_model::problem::ProblemType;
use serde::Serialize;

use super::ClientApi;
use super::negotiate::{JSON, accepted};
use super::operations::{Does, Name, Operation, invalid};
use super::scope::Scope;
use crate::refusal::Refusal;

/// What an operation about course systems does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfSyncs {
    List,
    Get,
    Crawl,
}

impl OfSyncs {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::List => "list_syncs",
            Self::Get => "get_sync",
            Self::Crawl => "begin_crawl",
        }
    }
}

/// The operations.
pub(super) fn all() -> [Operation; 3] {
    let (scope, of) = (Some(Scope::Manage), Does::Syncs);
    [
        Operation::new(of(OfSyncs::List), Method::GET, "/v1/syncs", scope, get(list)),
        Operation::new(of(OfSyncs::Get), Method::GET, "/v1/syncs/{sync}", scope, get(read)),
        Operation::new(of(OfSyncs::Crawl), Method::POST, "/v1/syncs/{sync}/crawls", scope, post(crawl)),
    ]
}

#[derive(Serialize)]
struct List {
    items: Vec<Standing>,
}

async fn list(State(api): State<ClientApi>, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let mut items = Vec::new();
    for source in api.node.sources() {
        items.push(api.node.sync_standing(source).await?);
    }
    Ok(axum::Json(&List { items }).into_response())
}

fn source(api: &ClientApi, name: Name) -> Result<&Source, Refusal> {
    let Path(name) = name.map_err(|_| invalid("the course system in the address is not readable text"))?;
    let unknown = || Refusal::new(ProblemType::NotFound, "no course system of this name is configured; GET /v1/syncs lists them");
    api.node.source(&name).ok_or_else(unknown)
}

async fn read(State(api): State<ClientApi>, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    Ok(axum::Json(&api.node.sync_standing(source(&api, name)?).await?).into_response())
}

async fn crawl(State(api): State<ClientApi>, name: Name, headers: HeaderMap) -> Result<Response, Refusal> {
    accepted(&headers, &[JSON])?;
    let source = source(&api, name)?;
    api.node.sync_at_once(source).await?;
    let standing = api.node.sync_standing(source).await?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, format!("/v1/syncs/{}", source.name))], axum::Json(&standing)).into_response())
}
