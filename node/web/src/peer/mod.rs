//! The peer interface `/peer/v1`, on a port of its own, and the client that calls it at other nodes.

mod address;
mod call;
pub(crate) mod client;
mod handlers;
pub(crate) mod news;
mod register;
pub(crate) mod visit;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use polder_exchange::Node;
use polder_model::PartnerId;
use polder_model::problem::ProblemType;
use polder_trust::keys::Identity;
use polder_trust::message::ReplayCache;
use tokio::sync::Semaphore;

use crate::refusal::Refusal;
use news::Hints;

/// Calls of peers that are worked on at the same time.
const CALLS_AT_ONCE: usize = 128;
/// Calls of one peer that come in or are worked on at the same time: nobody shuts out the others.
const CALLS_OF_ONE: usize = 32;

/// Where queries go.
pub(crate) const QUERIES: &str = "/peer/v1/queries";
/// Where documents are fetched.
pub(crate) const DOCUMENTS: &str = "/peer/v1/documents";
/// Where a node says who it is.
pub(crate) const NODE: &str = "/peer/v1/node";
/// Where register news is: the announcement, and below it the documents.
pub(crate) const REGISTER: &str = "/.well-known/polder-register";

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct PeerApi {
    pub node: Arc<Node>,
    pub identity: Arc<Identity>,
    pub seen: Arc<ReplayCache>,
    pub calls: Arc<Semaphore>,
    pub hints: Hints,
    by_partner: Arc<Mutex<HashMap<PartnerId, Arc<Semaphore>>>>,
}

impl PeerApi {
    pub(crate) fn new(node: Arc<Node>, identity: Arc<Identity>, hints: Hints) -> Self {
        let seen = Arc::new(ReplayCache::new(node.now()));
        Self { node, identity, seen, calls: Arc::new(Semaphore::new(CALLS_AT_ONCE)), hints, by_partner: Arc::default() }
    }
}

impl PeerApi {
    /// The places for calls of that partner. There are no more partners than the register holds.
    fn calls_of(&self, partner: &PartnerId) -> Arc<Semaphore> {
        let mut all = self.by_partner.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(partner.clone()).or_insert_with(|| Arc::new(Semaphore::new(CALLS_OF_ONE))))
    }
}

/// The whole interface.
pub(crate) fn router(api: PeerApi) -> Router {
    Router::new()
        .route(QUERIES, post(handlers::query))
        .route(DOCUMENTS, post(handlers::documents))
        .route(NODE, get(handlers::node))
        .route(REGISTER, get(register::announcement))
        .route(&format!("{REGISTER}/root/{{version}}"), get(register::root))
        .route(&format!("{REGISTER}/members/{{epoch}}/{{version}}"), get(register::members))
        .route(&format!("{REGISTER}/fresh"), get(register::fresh))
        .route(&format!("{REGISTER}/evidence"), get(register::evidence))
        .fallback(|| async { Refusal::new(ProblemType::NotFound, "there is no such address between nodes") })
        .method_not_allowed_fallback(|request: Request| async move {
            Refusal::method_not_allowed(if request.uri().path() == NODE || request.uri().path().starts_with(REGISTER) {
                "GET, HEAD"
            } else {
                "POST"
            })
        })
        .with_state(api)
}
