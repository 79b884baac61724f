//! The peer interface `/peer/v1`, on a port of its own, and the client that calls it at other nodes.

mod call;
pub(crate) mod client;
mod handlers;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use polder_exchange::Node;
use polder_model::problem::ProblemType;
use polder_trust::keys::Identity;
use polder_trust::message::ReplayCache;
use tokio::sync::Semaphore;

use crate::refusal::Refusal;

/// Calls of peers that are worked on at the same time.
const CALLS_AT_ONCE: usize = 128;

/// Where queries go.
pub(crate) const QUERIES: &str = "/peer/v1/queries";
/// Where documents are fetched.
pub(crate) const DOCUMENTS: &str = "/peer/v1/documents";
/// Where a node says who it is.
pub(crate) const NODE: &str = "/peer/v1/node";

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct PeerApi {
    pub node: Arc<Node>,
    pub identity: Arc<Identity>,
    pub seen: Arc<ReplayCache>,
    pub calls: Arc<Semaphore>,
}

impl PeerApi {
    pub(crate) fn new(node: Arc<Node>, identity: Arc<Identity>) -> Self {
        let seen = Arc::new(ReplayCache::new(node.now()));
        Self { node, identity, seen, calls: Arc::new(Semaphore::new(CALLS_AT_ONCE)) }
    }
}

/// The whole interface.
pub(crate) fn router(api: PeerApi) -> Router {
    Router::new()
        .route(QUERIES, post(handlers::query))
        .route(DOCUMENTS, post(handlers::documents))
        .route(NODE, get(handlers::node))
        .fallback(|| async { Refusal::new(ProblemType::NotFound, "there is no such address between nodes") })
        .method_not_allowed_fallback(|request: Request| async move {
            Refusal::method_not_allowed(if request.uri().path() == NODE { "GET, HEAD" } else { "POST" })
        })
        .with_state(api)
}
