//! Traces to the operator's own collector: OTLP over HTTP, in Protobuf (`docs/traces.md`).
//!
//! Spans are made by the SDK of OpenTelemetry, one provider for each node. A sampler decides once for each trace, at its first span here; what was
//! recorded goes into a bounded queue, and one task sends it in batches. Nothing that a node does waits for any of this.

mod budget;
pub(crate) mod exporter;
mod queue;
mod sampler;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanLimits};
use polder_exchange::Traces;
use polder_exchange::traces::{Outcome, Parent, Span};
use polder_model::PartnerId;
use tokio::sync::oneshot;

use crate::causes::root_cause;
use crate::metrics::Metrics;
use crate::refusal::Refusal;
use budget::Budget;
use exporter::Exporter;
use queue::{Queue, Sending};
use sampler::Share;

/// The header of W3C Trace Context.
pub(crate) const TRACEPARENT: &str = "traceparent";

/// Time for the last spans when the node stops.
const LAST: Duration = Duration::from_secs(1);

/// A collector that takes OTLP over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// The address that takes spans, such as `http://127.0.0.1:4318/v1/traces`.
    pub endpoint: String,
    /// What the collector wants as `Authorization`.
    pub authorization: Option<HeaderValue>,
}

/// Where traces go, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracesTo {
    /// The collector.
    pub collector: Collector,
    /// Which share of all traces is recorded, in millionths: 0 to 1,000,000.
    pub share_millionths: u32,
    /// Spans that are recorded in a second, on average. Offers, and each partner, may cause a quarter of them.
    pub spans_per_second: u32,
}

/// The way to the collector while the node runs.
pub(crate) struct ToCollector {
    pub traces: Traces,
    sending: Option<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>,
}

impl ToCollector {
    /// Begins; nothing is begun where traces go nowhere.
    pub(crate) fn start(to: Option<&TracesTo>, partner: &PartnerId, metrics: &Arc<Metrics>) -> Result<Self, String> {
        let Some(to) = to else { return Ok(Self { traces: Traces::default(), sending: None }) };
        let resource = resource(partner);
        let exporter = Exporter::new(&to.collector, &resource);
        let exporter = exporter.map_err(|error| format!("traces cannot be sent to {}: {}", to.collector.endpoint, root_cause(&error)))?;
        let budget = Arc::new(Budget::new(to.spans_per_second, Arc::clone(metrics)));
        let (queue, waiting) = Queue::new(Arc::clone(&budget), Arc::clone(metrics));
        let provider = SdkTracerProvider::builder()
            .with_sampler(Share::new(to.share_millionths, budget))
            .with_span_processor(queue)
            .with_resource(resource)
            // As they are, whatever the environment of the process says.
            .with_span_limits(SpanLimits::default())
            .build();
        let scope = InstrumentationScope::builder("polder").with_version(env!("CARGO_PKG_VERSION")).build();
        let traces = Traces::to(BoxedTracer::new(Box::new(provider.tracer_with_scope(scope))));
        let (stop, stopped) = oneshot::channel();
        let sending = Sending::new(exporter, waiting, to.collector.endpoint.clone(), Arc::clone(metrics));
        Ok(Self { traces, sending: Some((stop, tokio::spawn(sending.run(stopped)))) })
    }

    /// Sends what is left, for as long as that may take.
    pub(crate) async fn stop(self) {
        let Some((stop, mut sending)) = self.sending else { return };
        // Whoever ended already needs no word.
        let _ = stop.send(());
        if tokio::time::timeout(LAST, &mut sending).await.is_err() {
            sending.abort();
            tracing::warn!("the collector did not take the last spans within {LAST:?}; they are lost");
        }
    }
}

/// How a node names itself. Replicas, and a node that was started again, differ by what follows the partner.
pub(crate) fn resource(partner: &PartnerId) -> Resource {
    let instance = uuid::Uuid::new_v4().simple().to_string();
    let attributes = [
        KeyValue::new("service.name", "polder"),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", format!("{partner}/{}", &instance[..8])),
        KeyValue::new("polder.partner", partner.to_string()),
    ];
    Resource::builder_empty().with_attributes(attributes).build()
}

/// The span that a caller names; `None` where there is none, or not exactly one of the right form.
pub(crate) fn parent(headers: &HeaderMap) -> Option<Parent> {
    let mut named = headers.get_all(TRACEPARENT).iter();
    match (named.next(), named.next()) {
        (Some(value), None) => Parent::read(value.as_bytes()),
        _ => None,
    }
}

/// Ends a span with what came of a request.
pub(crate) fn end<T>(span: Span, done: Result<(T, Outcome), Refusal>) -> Result<T, Refusal> {
    match done {
        Ok((reply, outcome)) => {
            span.ended(outcome);
            Ok(reply)
        }
        Err(refusal) => {
            span.ended(refusal.kind());
            Err(refusal)
        }
    }
}
