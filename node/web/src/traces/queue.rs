//! Spans on their way: a queue with a bound, and the one task that sends them.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use polder_exchange::traces::Origin;
use tokio::sync::{mpsc, oneshot};

use super::budget::Budget;
use super::exporter::Exporter;
use crate::metrics::Metrics;
use crate::rarely::Rarely;

/// Spans that wait; more are dropped, and counted.
const WAITING: usize = 2_048;
/// Spans that are sent together.
const BATCH: usize = 512;
/// How long spans wait for others to be sent with.
const GATHERING: Duration = Duration::from_millis(500);

/// Takes spans in as they end. It never waits.
#[derive(Debug)]
pub(super) struct Queue {
    budget: Arc<Budget>,
    waiting: mpsc::Sender<SpanData>,
    metrics: Arc<Metrics>,
}

impl Queue {
    pub(super) fn new(budget: Arc<Budget>, metrics: Arc<Metrics>) -> (Self, mpsc::Receiver<SpanData>) {
        let (waiting, receiver) = mpsc::channel(WAITING);
        (Self { budget, waiting, metrics }, receiver)
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, context: &Context) {
        if let Some(origin) = context.get::<Origin>() {
            self.budget.spend(origin);
        }
    }

    fn on_end(&self, span: SpanData) {
        if self.waiting.try_send(span).is_err() {
            self.metrics.spans("dropped", 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Sends what waits, a batch at a time.
pub(super) struct Sending {
    exporter: Exporter,
    waiting: mpsc::Receiver<SpanData>,
    endpoint: String,
    metrics: Arc<Metrics>,
    said: Rarely<()>,
}

impl Sending {
    pub(super) fn new(exporter: Exporter, waiting: mpsc::Receiver<SpanData>, endpoint: String, metrics: Arc<Metrics>) -> Self {
        Self { exporter, waiting, endpoint, metrics, said: Rarely::default() }
    }

    /// Sends until it is told to stop, and then what is left.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                // A sender that is gone is as good as a word.
                _ = &mut stop => break,
                () = gathered(&mut self.waiting, &mut batch) => {}
            }
            self.send(std::mem::take(&mut batch)).await;
        }
        self.waiting.close();
        loop {
            // What was gathered when the word came is in there already.
            self.waiting.recv_many(&mut batch, BATCH).await;
            if batch.is_empty() {
                return;
            }
            self.send(std::mem::take(&mut batch)).await;
        }
    }

    async fn send(&self, batch: Vec<SpanData>) {
        let spans = batch.len();
        let (lost, why) = match self.exporter.send(batch).await {
            Ok(refused) => (refused.min(spans), "the collector refused them".to_owned()),
            Err(lost) => (spans, lost.to_string()),
        };
        self.metrics.spans("sent", spans - lost);
        if lost > 0 {
            self.metrics.spans("failed", lost);
            if let Some(more) = self.said.may(()) {
                tracing::warn!(endpoint = self.endpoint, why, spans = lost, more, "spans could not be sent and are lost");
            }
        }
    }
}

/// Waits for a span, and then a little for others.
async fn gathered(waiting: &mut mpsc::Receiver<SpanData>, batch: &mut Vec<SpanData>) {
    if waiting.recv_many(batch, BATCH).await == 0 {
        return std::future::pending().await;
    }
    let full = async { while batch.len() < BATCH && waiting.recv_many(batch, BATCH).await > 0 {} };
    // A batch that is not full by then goes as it is.
    let _ = tokio::time::timeout(GATHERING, full).await;
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Tracer, TracerProvider};
    use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};

    use super::*;

    #[test]
    fn what_finds_the_queue_full_is_dropped_and_counted() {
        let metrics = Arc::new(Metrics::new());
        let (queue, waiting) = Queue::new(Arc::new(Budget::new(10, Arc::clone(&metrics))), Arc::clone(&metrics));
        let provider = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOn).with_span_processor(queue).build();
        let tracer = provider.tracer("test");
        for _ in 0..WAITING + 7 {
            drop(tracer.start("span"));
        }
        assert_eq!((waiting.len(), metrics.spans_so_far("dropped")), (WAITING, 7));
    }
}
