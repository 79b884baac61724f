//! The operator's port: whether the node lives, whether it is ready, and its numbers. No data, no secrets; on loopback unless configured otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;

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
    let metrics = Router::new().route("/metrics", get(scrape)).with_state(numbers);
    Router::new().route("/livez", get(|| async { "alive\n" })).route("/readyz", get(ready)).with_state(readiness).merge(metrics)
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    if readiness.is_ready() { "ready\n".into_response() } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response() }
}
