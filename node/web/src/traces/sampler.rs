//! Which traces are recorded.

use std::sync::Arc;

use opentelemetry::trace::{Link, SpanContext, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};
use polder_exchange::traces::Origin;

use super::budget::Budget;

/// A share of all traces, by their ids: nodes with the same share record the same traces, and of two shares the smaller one is within the larger. Whoever
/// calls can say that a trace is not to be recorded; that it is, they cannot: the share and the budget hold for their traces as well.
#[derive(Clone, Debug)]
pub(super) struct Share {
    of_all: Sampler,
    budget: Arc<Budget>,
}

impl Share {
    pub(super) fn new(millionths: u32, budget: Arc<Budget>) -> Self {
        Self { of_all: Sampler::TraceIdRatioBased(f64::from(millionths) / 1_000_000.0), budget }
    }
}

impl ShouldSample for Share {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let refused = || SamplingResult { decision: SamplingDecision::Drop, attributes: Vec::new(), trace_state: TraceState::NONE };
        let (span, origin) = match parent {
            Some(context) => (context.span().span_context().clone(), context.get::<Origin>()),
            None => return refused(),
        };
        // A part of what began here is recorded where the whole is.
        if span.is_valid() && !span.is_remote() {
            let decision = if span.is_sampled() { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
            return SamplingResult { decision, ..refused() };
        }
        let mut named = links.iter().map(|link| &link.span_context).chain(span.is_valid().then_some(&span));
        if !named.all(SpanContext::is_sampled) {
            return refused();
        }
        let within = self.of_all.should_sample(None, trace, name, kind, attributes, links);
        let admitted = within.decision == SamplingDecision::RecordAndSample && origin.is_some_and(|origin| self.budget.admits(origin));
        if admitted { within } else { refused() }
    }
}
