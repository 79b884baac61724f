//! The operator's port: whether the node lives, whether it is ready, and its numbers. No data, no secrets; on loopback unless configured otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use polder_exchange::Node;

use crate::metrics::{Scrape, scrape};

/// Whether a node takes requests.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// Says so.
    pub fn set(&self, ready: bool) {
        self.0.store(ready, Ordering::SeqCst);
    }

    fn is_ready(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) fn router(readiness: Readiness, numbers: Scrape) -> Router {
    let ready_state = (readiness, Arc::clone(&numbers.node));
    let metrics = Router::new().route("/metrics", get(scrape)).with_state(numbers);
    Router::new().route("/livez", get(|| async { "alive\n" })).route("/readyz", get(ready)).with_state(ready_state).merge(metrics)
}

/// A node whose clock was set is ready all the same, and says so: public offers go on, and withdrawals always do.
async fn ready(State((readiness, node)): State<(Readiness, Arc<Node>)>) -> Response {
    if !readiness.is_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response();
    }
    match node.look_at_clock() {
        Ok(_) => "ready\n".into_response(),
        Err(was_set) => format!("ready\n{was_set}\n").into_response(),
    }
}
