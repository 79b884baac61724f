//! What a node tells its operator in numbers (`docs/metrics.md`): counts and durations as they happen, and how things stand when someone looks.
//!
//! Labels are routes, methods, statuses, closed lists, and partners of the register: their number is bounded, and none says what was asked or of whom.

mod requests;
mod standing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::PeerFailure;
use polder_model::answer::{MissingReason, QueryResult};
use polder_model::{PartnerId, Timestamp};
use polder_store::people::Due;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

pub(crate) use requests::{Observed, observe};
pub(crate) use standing::{Scrape, scrape};

/// The outcome of a call that was replied to.
const REPLIED: &str = "replied";

/// A call at a partner. Whoever gives it up does so when its time is over.
pub(crate) struct PeerCall {
    metrics: Option<Arc<Metrics>>,
    partner: PartnerId,
    began: Instant,
    outcome: &'static str,
}

impl PeerCall {
    pub(crate) fn begin(metrics: Option<&Arc<Metrics>>, partner: &PartnerId) -> Self {
        Self { metrics: metrics.cloned(), partner: partner.clone(), began: Instant::now(), outcome: MissingReason::Slow.as_str() }
    }

    /// The call ended like this.
    pub(crate) fn ended<T>(mut self, outcome: Result<T, PeerFailure>) -> Result<T, PeerFailure> {
        self.outcome = outcome.as_ref().map_or_else(|failure| failure.reason.as_str(), |_| REPLIED);
        outcome
    }
}

impl Drop for PeerCall {
    fn drop(&mut self) {
        if let Some(metrics) = &self.metrics {
            metrics.peer_call(&self.partner, self.began, self.outcome);
        }
    }
}

type Labels<const N: usize> = [(&'static str, String); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Histograms<const N: usize> = Family<Labels<N>, Histogram>;

/// Everything that is counted as it happens.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Counters<4>,
    request_times: Histograms<2>,
    refusals: Counters<2>,
    connections_closed: Counters<2>,
    failed_tries: Counters<1>,
    peer_calls: Counters<2>,
    peer_call_times: Histograms<1>,
    questions: Counters<2>,
    question_times: Histograms<0>,
    missing: Counters<1>,
    spans: Counters<1>,
    traces_over_limit: Counter,
    records: Counters<1>,
    records_waiting: Gauge,
    erasures_due: Gauge,
    erasures_due_age: Gauge,
}

/// From half a millisecond to 16 s.
fn times() -> Histogram {
    Histogram::new(std::iter::successors(Some(0.000_5), |bound| Some(bound * 2.0)).take(16))
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("polder");
        let durations = || Histograms::new_with_constructor(times as fn() -> Histogram);
        let metrics = Self {
            requests: Family::default(),
            request_times: Histograms::new_with_constructor(times as fn() -> Histogram),
            refusals: Family::default(),
            connections_closed: Family::default(),
            failed_tries: Family::default(),
            peer_calls: Family::default(),
            peer_call_times: durations(),
            questions: Family::default(),
            question_times: Histograms::new_with_constructor(times as fn() -> Histogram),
            missing: Family::default(),
            spans: Family::default(),
            traces_over_limit: Counter::default(),
            records: Family::default(),
            records_waiting: Gauge::default(),
            erasures_due: Gauge::default(),
            erasures_due_age: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests that were replied to, by route, method and status", metrics.requests.clone());
        let help = "Time from the headers of a request to those of its response";
        registry.register_with_unit("request_duration", help, Unit::Seconds, metrics.request_times.clone());
        registry.register("refusals", "Problem documents that were sent, by type", metrics.refusals.clone());
        let help = "Connections that the node cut off, or did not take, by reason";
        registry.register("connections_closed", help, metrics.connections_closed.clone());
        let help = "Requests of clients without a right token, by the status of the reply";
        registry.register("failed_tries", help, metrics.failed_tries.clone());
        registry.register("peer_calls", "Calls of this node at a partner, by outcome", metrics.peer_calls.clone());
        registry.register_with_unit("peer_call_duration", "Time of a call at a partner", Unit::Seconds, metrics.peer_call_times.clone());
        registry.register("questions", "Questions to the federation, by kind and whether nobody was missing", metrics.questions.clone());
        registry.register_with_unit(
            "question_duration",
            "Time of a question to the federation",
            Unit::Seconds,
            metrics.question_times.clone(),
        );
        registry.register("missing", "Partners that were missing from results, by reason", metrics.missing.clone());
        registry.register("spans", "Spans of traces that were recorded, by what became of them", metrics.spans.clone());
        let help = "Traces that were not begun, since spans_per_second was used up";
        registry.register("traces_over_limit", help, metrics.traces_over_limit.clone());
        for outcome in ["sent", "failed", "dropped"] {
            metrics.spans(outcome, 0);
        }
        registry.register("processing_records", "Records of the processing log, by what became of them", metrics.records.clone());
        let help = "Records of the processing log that the collector has not taken yet";
        registry.register("processing_waiting", help, metrics.records_waiting.clone());
        drop(metrics.failed_tries.get_or_create(&[("status", "429".to_owned())]));
        let help = "What systems of this partner are still to erase of people";
        registry.register("erasures_due", help, metrics.erasures_due.clone());
        let help = "Since when the oldest of it is due; 0 where nothing is";
        registry.register_with_unit("erasures_due_age", help, Unit::Seconds, metrics.erasures_due_age.clone());
        for outcome in ["sent", "refused", "lost"] {
            metrics.records(outcome, 0);
        }
        Self { registry, ..metrics }
    }

    /// A connection that was cut off, or not taken.
    pub(crate) fn connection_closed(&self, port: &'static str, what: &'static str) {
        self.connections_closed.get_or_create(&[("port", port.to_owned()), ("reason", what.to_owned())]).inc();
    }

    /// A request of a client without a right token.
    pub(crate) fn failed_try(&self, status: u16) {
        self.failed_tries.get_or_create(&[("status", status.to_string())]).inc();
    }

    /// Spans that were sent, could not be sent, or found the queue full.
    pub(crate) fn spans(&self, outcome: &'static str, count: usize) {
        self.spans.get_or_create(&[("outcome", outcome.to_owned())]).inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Spans with that outcome so far.
    #[cfg(test)]
    pub(crate) fn spans_so_far(&self, outcome: &str) -> u64 {
        self.spans.get_or_create(&[("outcome", outcome.to_owned())]).get()
    }

    /// Records of the processing log that were sent, refused by the collector, or forgotten before it took them.
    pub(crate) fn records(&self, outcome: &'static str, count: u64) {
        self.records.get_or_create(&[("outcome", outcome.to_owned())]).inc_by(count);
    }

    /// So many wait.
    pub(crate) fn records_waiting(&self, count: u64) {
        self.records_waiting.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// What clients are still to erase, the one that is longest behind first.
    pub(crate) fn erasures_due(&self, due: &[Due], now: Timestamp) {
        let count: u64 = due.iter().map(|one| one.count).sum();
        self.erasures_due.set(i64::try_from(count).unwrap_or(i64::MAX));
        self.erasures_due_age.set(due.first().map_or(0, |one| now.seconds() - one.since.seconds()));
    }

    /// A trace that was not begun.
    pub(crate) fn trace_over_limit(&self) {
        self.traces_over_limit.inc();
    }

    fn peer_call(&self, partner: &PartnerId, began: Instant, outcome: &str) {
        let calls = |outcome: &str| self.peer_calls.get_or_create(&[("partner", partner.to_string()), ("outcome", outcome.to_owned())]);
        // A rule that looks for the first of them, or for none, needs a line to look at.
        for watched in [REPLIED, MissingReason::Untrustworthy.as_str()] {
            drop(calls(watched));
        }
        calls(outcome).inc();
        self.peer_call_times.get_or_create(&[("partner", partner.to_string())]).observe(began.elapsed().as_secs_f64());
    }

    /// A question that was answered.
    pub(crate) fn question(&self, result: &QueryResult) {
        let labels = [("kind", result.query.kind.to_string()), ("complete", result.complete.to_string())];
        self.questions.get_or_create(&labels).inc();
        self.question_times.get_or_create(&[]).observe(Duration::from_millis(result.ms).as_secs_f64());
        for missing in &result.missing {
            self.missing.get_or_create(&[("reason", missing.reason.as_str().to_owned())]).inc();
        }
    }
}
