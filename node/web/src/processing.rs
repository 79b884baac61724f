//! The processing log to the partner's own collector: OTLP over HTTP (`docs/processing-log.md`).
//!
//! Records are in the database before anything of what they stand for leaves. From there they are sent in order, each batch until the collector has taken it,
//! and only then is it noted that they were sent: none is lost, and after a crash some are sent twice, with the same ids.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status as SpanStatus};
use polder_consent::processing::Status;
use polder_exchange::Node;
use polder_model::{PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::processing::ProcessingRecord;

use crate::causes::root_cause;
use crate::metrics::Metrics;
use crate::rarely::Rarely;
use crate::traces::exporter::Exporter;
use crate::traces::{Collector, resource};

/// How often is looked for new records.
const ROUND: Duration = Duration::from_secs(1);
/// The first pause after a collector that did not take a batch, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often is looked for what is old.
const SWEEP: Duration = Duration::from_secs(600);
/// The name under which records travel.
const SCOPE: &str = "polder.processing";

/// The way to the collector of the processing log; none where records are kept here alone.
pub(crate) struct ProcessingLog {
    exporter: Option<Exporter>,
    endpoint: String,
    metrics: Arc<Metrics>,
    said: Rarely<&'static str>,
}

impl ProcessingLog {
    /// To that collector.
    pub(crate) fn new(to: Option<&Collector>, partner: &PartnerId, metrics: Arc<Metrics>) -> Result<Self, String> {
        let endpoint = to.map_or_else(String::new, |to| to.endpoint.clone());
        let exporter = to.map(|to| Exporter::new(to, &resource(partner))).transpose();
        let exporter = exporter.map_err(|error| format!("the processing log cannot be sent to {endpoint}: {}", root_cause(&error)))?;
        Ok(Self { exporter, endpoint, metrics, said: Rarely::default() })
    }

    /// Sends what is new and forgets what is old, without end.
    pub(crate) async fn keep(self, node: Arc<Node>) {
        let sweeping = async {
            loop {
                self.prune(&node).await;
                tokio::time::sleep(SWEEP).await;
            }
        };
        let sending = async {
            let mut pause = FIRST_PAUSE;
            loop {
                match self.send(&node).await {
                    Ok(true) => pause = FIRST_PAUSE,
                    Ok(false) => {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the processing log is sent later");
                        tokio::time::sleep(ROUND).await;
                    }
                }
            }
        };
        tokio::join!(sweeping, sending);
    }

    /// Sends a batch. Whether the collector took it, or there was none.
    async fn send(&self, node: &Node) -> Result<bool, StoreError> {
        let Some(exporter) = &self.exporter else { return std::future::pending().await };
        let records = node.processing_to_send().await?;
        let Some(last) = records.last().map(|record| record.number) else {
            self.metrics.records_waiting(0);
            tokio::time::sleep(ROUND).await;
            return Ok(true);
        };
        let count = records.len() as u64;
        match exporter.send_written(SCOPE, records.iter().map(span).collect()).await {
            Ok(refused) => {
                node.store().sent_processing(last).await?;
                let refused = (refused as u64).min(count);
                self.metrics.records("sent", count - refused);
                self.metrics.records("refused", refused);
                if refused > 0
                    && let Some(more) = self.said.may("refused")
                {
                    tracing::error!(self.endpoint, refused, more, "the collector of the processing log says that it did not keep records");
                }
                Ok(true)
            }
            Err(lost) => {
                self.metrics.records_waiting(node.store().processing_waiting().await?);
                if let Some(more) = self.said.may("lost") {
                    let why = lost.to_string();
                    tracing::error!(self.endpoint, why, more, "the collector of the processing log took nothing; it is sent again");
                }
                Ok(false)
            }
        }
    }

    async fn prune(&self, node: &Node) {
        match node.prune_processing().await {
            Ok(pruned) if pruned.unsent > 0 && self.exporter.is_some() => {
                self.metrics.records("lost", pruned.unsent);
                let lost = pruned.unsent;
                tracing::error!(lost, "records of the processing log were too old to be kept, and no collector had taken them");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "old records of the processing log are removed later"),
        }
    }
}

/// A record as OTLP has it. Times have the milliseconds of the standard.
fn span(record: &ProcessingRecord) -> Span {
    let code = match record.status {
        Status::Unset => StatusCode::Unset,
        Status::Ok => StatusCode::Ok,
        Status::Error => StatusCode::Error,
    };
    let mut attributes: Vec<KeyValue> = record.attributes().into_iter().map(|(name, text)| attribute(name, text)).collect();
    attributes.push(attribute("polder.version", record.version.clone()));
    Span {
        trace_id: record.trace.bytes().to_vec(),
        span_id: record.span.bytes().to_vec(),
        parent_span_id: record.parent.map_or_else(Vec::new, |parent| parent.bytes().to_vec()),
        name: record.action.as_str().to_owned(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: nanos(record.began),
        end_time_unix_nano: nanos(record.ended),
        attributes,
        status: Some(SpanStatus { message: String::new(), code: code.into() }),
        ..Span::default()
    }
}

fn attribute(name: &str, text: String) -> KeyValue {
    KeyValue { key: name.to_owned(), value: Some(AnyValue { value: Some(Value::StringValue(text)) }), ..KeyValue::default() }
}

fn nanos(at: Timestamp) -> u64 {
    u64::try_from(at.micros().div_euclid(1_000)).unwrap_or(0) * 1_000_000
}
