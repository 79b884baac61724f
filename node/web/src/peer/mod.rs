//! The peer interface `/peer/v1`, on a port of its own, and the client that calls it at other nodes.

mod address;
mod call;
pub(crate) mod client;
mod handlers;
pub(crate) mod log;
pub(crate) mod news;
mod people;
mod register;
mod reply;
pub(crate) mod standing;
pub(crate) mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use polder_exchange::Node;
use polder_model::PartnerId;
use polder_model::problem::ProblemType;
use polder_trust::keys::Identity;
use polder_trust::message::ReplayCache;
use tokio::sync::Semaphore;

use crate::fsc::Inway;
use crate::limits::Limits;
use crate::quota::{Callers, Quota};
use crate::rarely::Rarely;
use crate::refusal::Refusal;
use news::Hints;

/// Calls of one peer that come in or are worked on at the same time: nobody shuts out the others.
const CALLS_OF_ONE: usize = 32;
/// Calls of one peer for register news at the same time.
const NEWS_OF_ONE: usize = 4;
/// Checkpoints of one peer at the same time.
const CHECKPOINTS_OF_ONE: usize = 4;
/// How many checkpoints one peer may send. Its log sends one every 20 s, and each again where this node knows another size than was thought.
const CHECKPOINTS: Quota = Quota { requests_per_second: 2, questions_per_minute: 1, body_kib_per_second: 64 };
/// How much register news one peer may ask for: a node that is 64 roots behind takes them all at once.
const NEWS: Quota = Quota { requests_per_second: 20, questions_per_minute: 1, body_kib_per_second: 20 };

/// Where queries go.
pub(crate) const QUERIES: &str = "/peer/v1/queries";
/// Where documents are fetched.
pub(crate) const DOCUMENTS: &str = "/peer/v1/documents";
/// Where people are asked for.
pub(crate) const PEOPLE: &str = "/peer/v1/people";
/// Where is asked how a person can be reached.
pub(crate) const CONTACTS: &str = "/peer/v1/contacts";
/// Where applications go.
pub(crate) const APPLICATIONS: &str = "/peer/v1/applications";
/// Where tombstones go.
pub(crate) const TOMBSTONES: &str = "/peer/v1/tombstones";
/// Where is asked what is held of a worker.
pub(crate) const HOLDINGS: &str = "/peer/v1/holdings";
/// Where is asked for something of a person.
pub(crate) const REQUESTS: &str = "/peer/v1/requests";
/// Where acknowledgements of tombstones go.
pub(crate) const ACKNOWLEDGEMENTS: &str = "/peer/v1/acknowledgements";
/// Where a node that was restored asks what was held, given and ended.
pub(crate) const RECOLLECTIONS: &str = "/peer/v1/recollections";
/// Where a node says who it is.
pub(crate) const NODE: &str = "/peer/v1/node";
/// Where checkpoints are cosigned.
pub(crate) const ADD_CHECKPOINT: &str = "/peer/v1/add-checkpoint";
/// Where register news is: the announcement, and below it the documents.
pub(crate) const REGISTER: &str = "/.well-known/polder-register";

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct PeerApi {
    pub node: Arc<Node>,
    pub identity: Arc<Identity>,
    pub seen: Arc<ReplayCache>,
    pub hints: Hints,
    /// Calls that are worked on, apart from those that are never shed.
    pub calls: Arc<Semaphore>,
    /// What partners may ask.
    pub partners: Arc<Callers<PartnerId>>,
    /// What partners may ask of register news. It has places of its own and none that all share: it flows whatever else is asked, and by whomever. Whatever
    /// else may never be shed, such as withdrawals, gets such places too.
    pub for_news: Arc<Callers<PartnerId>>,
    /// What partners may ask of this node as their witness: without it nothing personal leaves theirs.
    pub for_logs: Arc<Callers<PartnerId>>,
    pub refused: Arc<Rarely<(PartnerId, ProblemType)>>,
    /// What tells who calls where calls come through an Inway; the key of the connection does otherwise.
    pub inway: Option<Arc<Inway>>,
}

impl PeerApi {
    pub(crate) fn new(node: Arc<Node>, identity: Arc<Identity>, hints: Hints, limits: &Limits) -> Self {
        let seen = Arc::new(ReplayCache::new(node.now()));
        let partners = Arc::new(Callers::new(limits.of_partner(), CALLS_OF_ONE));
        let for_news = Arc::new(Callers::new(NEWS, NEWS_OF_ONE));
        let for_logs = Arc::new(Callers::new(CHECKPOINTS, CHECKPOINTS_OF_ONE));
        let calls = Arc::new(Semaphore::new(limits.peer_calls_at_once));
        Self { node, identity, seen, hints, calls, partners, for_news, for_logs, refused: Arc::default(), inway: None }
    }

    /// The same interface, with the same quotas and messages seen, for what an Inway passes on.
    pub(crate) fn behind(&self, inway: Inway) -> Self {
        Self { inway: Some(Arc::new(inway)), ..self.clone() }
    }
}

/// The whole interface.
pub(crate) fn router(api: PeerApi) -> Router {
    Router::new()
        .route(QUERIES, post(handlers::query))
        .route(DOCUMENTS, post(handlers::documents))
        .route(PEOPLE, post(people::ask))
        .route(CONTACTS, post(people::contact))
        .route(APPLICATIONS, post(people::application))
        .route(TOMBSTONES, post(people::tombstones).get(people::owed))
        .route(REQUESTS, post(people::consent_request))
        .route(HOLDINGS, post(people::holdings))
        .route(ACKNOWLEDGEMENTS, post(people::acknowledgements))
        .route(RECOLLECTIONS, post(people::recollections))
        .route(ADD_CHECKPOINT, post(log::add_checkpoint))
        .route(NODE, get(handlers::node))
        .route(REGISTER, get(register::announcement))
        .route(&format!("{REGISTER}/root/{{version}}"), get(register::root))
        .route(&format!("{REGISTER}/members/{{epoch}}/{{version}}"), get(register::members))
        .route(&format!("{REGISTER}/fresh"), get(register::fresh))
        .route(&format!("{REGISTER}/evidence"), get(register::evidence))
        .fallback(|| async { Refusal::new(ProblemType::NotFound, "there is no such address between nodes") })
        .method_not_allowed_fallback(|request: Request| async move {
            Refusal::method_not_allowed(match request.uri().path() {
                NODE => "GET, HEAD",
                TOMBSTONES => "GET, HEAD, POST",
                path if path.starts_with(REGISTER) => "GET, HEAD",
                _ => "POST",
            })
        })
        .with_state(api)
}
