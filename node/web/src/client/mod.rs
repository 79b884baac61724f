//! The client interface `/v1`.

mod activities;
mod applications;
pub(crate) mod auth;
pub(crate) mod changes;
pub(crate) mod clients;
mod conditions;
mod contacts;
mod decision;
pub(crate) mod erased;
mod erasures;
pub(crate) mod export;
pub(crate) mod framing;
pub(crate) mod imports;
pub(crate) mod invitations;
mod me;
pub(crate) mod negotiate;
pub(crate) mod offers;
pub(crate) mod operations;
mod partners;
pub(crate) mod people_operations;
mod queries;
mod requests;
pub(crate) mod revocations;
pub(crate) mod rights;
pub(crate) mod rights_operations;
pub(crate) mod scope;
pub(crate) mod searches;
mod stream;
pub(crate) mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderName, HeaderValue, Method};
use polder_exchange::Node;
use polder_model::problem::ProblemType;
use tokio::sync::Semaphore;

use crate::metrics::Metrics;
use crate::oauth::OAuth;
use crate::openapi::Served;
use crate::questions::Questions;
use crate::quota::Callers;
use crate::refusal::Refusal;
use crate::serve::ServerOptions;
use crate::stopping::Stopping;
use crate::tries::Tries;
use crate::webhooks::Webhooks;
use auth::{ClientId, OperatorTokenHash};
use stream::Streams;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct ClientApi {
    pub node: Arc<Node>,
    pub operator: OperatorTokenHash,
    /// Systems that are registered here, and their tokens.
    pub oauth: OAuth,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// Under which address browsers reach this node; `None` where it has no pages.
    pub pages_url: Option<String>,
    /// Where questions are asked.
    pub questions: Questions,
    /// Parts of imports that may be on their way at the same time.
    pub parts: Arc<Semaphore>,
    /// What workers bring along that may be taken in at the same time.
    pub moves: Arc<Semaphore>,
    /// Exports that may be on their way at the same time.
    pub exports: Arc<Semaphore>,
    /// Streams of the feed that go now.
    pub streams: Streams,
    /// By which systems are told of events.
    pub webhooks: Arc<Webhooks>,
    /// Who calls, and how much each may ask.
    pub clients: Arc<Callers<ClientId>>,
    /// Requests that did not show who makes them.
    pub tries: Arc<Tries>,
    /// Whether the node stops.
    pub stopping: Stopping,
    /// Where tries that failed are counted.
    pub metrics: Arc<Metrics>,
    /// What the interface is.
    pub document: Served,
}

/// Requests of one client on their way at the same time. Each may hold a body in memory.
const REQUESTS_OF_ONE: usize = 256;

impl ClientApi {
    pub(crate) fn new(
        node: Arc<Node>,
        options: &ServerOptions,
        oauth: OAuth,
        webhooks: Arc<Webhooks>,
        questions: Questions,
        stopping: Stopping,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (operator, limits) = (options.operator_token, &options.limits);
        let pages_url = options.pages.as_ref().map(|pages| pages.url.clone());
        let parts = Arc::new(Semaphore::new(imports::PARTS_AT_ONCE));
        let moves = Arc::new(Semaphore::new(rights::MOVES_AT_ONCE));
        let exports = Arc::new(Semaphore::new(export::EXPORTS_AT_ONCE));
        let clients = Arc::new(Callers::new(limits.of_client(), REQUESTS_OF_ONE));
        let tries = Arc::new(Tries::new(limits.client_failed_tries_per_minute));
        let one_person = options.one_person;
        let (document, streams) = (Served::default(), Streams::default());
        Self {
            node,
            operator,
            oauth,
            one_person,
            pages_url,
            questions,
            parts,
            moves,
            exports,
            streams,
            webhooks,
            clients,
            tries,
            stopping,
            metrics,
            document,
        }
    }
}

/// The whole interface.
pub(crate) fn router(api: &ClientApi) -> Router {
    let mut router = Router::new();
    for operation in operations::all() {
        let mut handler = operation.handler;
        if !operation.does.takes_parameters() {
            handler = handler.route_layer(middleware::from_fn(without_parameters));
        }
        if let Some(scope) = operation.scope {
            handler = handler.route_layer(middleware::from_fn_with_state((api.clone(), scope), auth::guard));
        }
        router = router.route(&operation.path, handler);
    }
    router
        .fallback(|| async { Refusal::new(ProblemType::NotFound, "there is no such address; /v1/openapi.json lists them") })
        .method_not_allowed_fallback(|request: Request| async move { method_not_allowed(&request) })
        .layer(middleware::from_fn(framing::one_reading))
        .layer(middleware::from_fn(every_response))
        .with_state(api.clone())
}

fn method_not_allowed(request: &Request) -> Refusal {
    let offered = operations::all().into_iter().filter(|operation| operation.matches(request.uri().path()));
    // Whatever can be read with GET can be asked after with HEAD.
    let methods: Vec<String> = offered
        .map(|operation| if operation.method == Method::GET { "GET, HEAD".to_owned() } else { operation.method.to_string() })
        .collect();
    Refusal::method_not_allowed(&methods.join(", "))
}

/// Refuses parameters where there are none: a misspelt one would otherwise be left out in silence.
async fn without_parameters(request: Request, next: Next) -> Response {
    if request.uri().query().is_some_and(|query| !query.is_empty()) {
        return Refusal::new(ProblemType::InvalidRequest, "this address takes no query parameters; leave out the ? and what follows")
            .into_response();
    }
    next.run(request).await
}

/// The version of the interface, which is not that of the program.
pub(crate) const API_VERSION: &str = "1.0.0";

const API_VERSION_HEADER: HeaderName = HeaderName::from_static("api-version");
const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");

/// Headers of every response (NL API Design Rules: version and transport security).
pub(crate) async fn every_response(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (API_VERSION_HEADER, API_VERSION),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
