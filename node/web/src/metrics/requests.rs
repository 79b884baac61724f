//! Each request: counted, timed, and told in one line of the log.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use polder_model::problem::ProblemType;
use tracing::Instrument;

use super::Metrics;

/// The interface whose requests are observed.
#[derive(Clone)]
pub(crate) struct Observed {
    pub metrics: Arc<Metrics>,
    pub interface: &'static str,
}

impl Observed {
    /// A rule that looks for the first fault needs a line to look at before.
    pub(crate) fn new(metrics: &Arc<Metrics>, interface: &'static str) -> Self {
        let labels = [("interface", interface.to_owned()), ("problem", ProblemType::Internal.name().to_owned())];
        drop(metrics.refusals.get_or_create(&labels));
        Self { metrics: Arc::clone(metrics), interface }
    }
}

/// Methods by name; what someone made up has one name.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// What a worker does: those who read the numbers of a node are not to see how many refused, withdrew or gave, nor when.
const OF_WORKERS: &str = "/v1/me";

/// Route, method and status of a request as they are counted and told in the log: of what workers do, that it was that, and whether it went well.
fn labels_of(route: Option<&str>, method: &Method, status: u16) -> (String, &'static str, String) {
    let route = route.unwrap_or("none");
    if route.strip_prefix(OF_WORKERS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return (OF_WORKERS.to_owned(), "any", format!("{}xx", status / 100));
    }
    (route.to_owned(), name_of(method), status.to_string())
}

/// Observes a request. Whatever is logged while it is carried out stands in a span with its id; so does the `instance` of a problem that is our fault.
pub(crate) async fn observe(State(observed): State<Observed>, request: Request, next: Next) -> Response {
    let Observed { metrics, interface } = observed;
    let (route, method) = (request.extensions().get::<MatchedPath>().cloned(), request.method().clone());
    let (began, id) = (Instant::now(), uuid::Uuid::new_v4());
    let span = tracing::info_span!("request", %id);
    let response = next.run(request).instrument(span).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let (route, method, status) = labels_of(route.as_ref().map(MatchedPath::as_str), &method, status);
    let problem = response.extensions().get::<ProblemType>().map(|kind| kind.name());
    tracing::debug!(%id, interface, method, route, status, problem, ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "request");
    let labels = [("interface", interface.to_owned()), ("route", route), ("method", method.to_owned()), ("status", status)];
    metrics.requests.get_or_create(&labels).inc();
    let [interface, route, ..] = labels;
    if let Some(problem) = problem {
        metrics.refusals.get_or_create(&[interface.clone(), ("problem", problem.to_owned())]).inc();
    }
    metrics.request_times.get_or_create(&[interface, route]).observe(took.as_secs_f64());
    response
}
