//! The operator's port: whether the node lives, whether it is ready, and its numbers. No data, no secrets; on loopback unless configured otherwise.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use polder_exchange::Node;

use crate::metrics::{Scrape, scrape};

/// The pause between two looks whether the database answers.
const LOOK: Duration = Duration::from_secs(1);
/// A database that takes longer for one look does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether a node takes requests, and its database answers.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Found>);

#[derive(Debug, Default)]
struct Found {
    takes_requests: AtomicBool,
    /// Why the database does not answer, as the last look found it.
    database: Mutex<Option<String>>,
}

impl Readiness {
    /// Says whether the node takes requests.
    pub fn set(&self, ready: bool) {
        self.0.takes_requests.store(ready, Ordering::SeqCst);
    }

    /// Looks again and again whether the database answers, so that whoever asks hears the last look and waits for none. Never ends.
    pub(crate) async fn watch(self, node: Arc<Node>) {
        loop {
            let failed = match tokio::time::timeout(PATIENCE, node.store().answers()).await {
                Ok(answered) => answered.err().map(|error| error.to_string()),
                Err(_) => Some(format!("the database does not answer within {} s", PATIENCE.as_secs())),
            };
            self.found(failed);
            tokio::time::sleep(LOOK).await;
        }
    }

    fn found(&self, failed: Option<String>) {
        let mut known = self.0.database.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*known, &failed) {
            (None, Some(why)) => tracing::error!(why, "the node is not ready: its database does not answer"),
            (Some(_), None) => tracing::info!("the node is ready again: its database answers"),
            _ => {}
        }
        *known = failed;
    }

    /// Why the node is not ready, in lines after the first; nothing where it is.
    fn not_ready(&self) -> Option<String> {
        if !self.0.takes_requests.load(Ordering::SeqCst) {
            return Some(String::new());
        }
        self.0.database.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|why| format!("{why}\n"))
    }
}

pub(crate) fn router(readiness: Readiness, numbers: Scrape) -> Router {
    let ready_state = (readiness, Arc::clone(&numbers.node));
    let metrics = Router::new().route("/metrics", get(scrape)).with_state(numbers);
    Router::new().route("/livez", get(|| async { "alive\n" })).route("/readyz", get(ready)).with_state(ready_state).merge(metrics)
}

/// What a node says whose database had a journal that is gone.
const LOST_JOURNAL: &str = "the journal of what ended is not the one that this database had: nothing about people leaves this node until it is put back, or `polder restored` was run";

/// A node whose clock was set, whose journal is gone or that was left out of the register is ready all the same, and says so: public offers go on, and withdrawals always do.
async fn ready(State((readiness, node)): State<(Readiness, Arc<Node>)>) -> Response {
    if let Some(why) = readiness.not_ready() {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("not ready\n{why}")).into_response();
    }
    let mut said = "ready\n".to_owned();
    if let Err(was_set) = node.look_at_clock() {
        said = format!("{said}{was_set}\n");
    }
    if node.openness_now().has_lost_its_journal() {
        said = format!("{said}{LOST_JOURNAL}\n");
    }
    if let Some(why) = node.is_left_out() {
        said = format!("{said}{why}\n");
    }
    said.into_response()
}
