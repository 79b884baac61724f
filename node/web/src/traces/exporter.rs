//! Spans on the wire: OTLP over HTTP, in Protobuf.
//!
//! The types are those of OpenTelemetry. The sending is ours: the exporter of OpenTelemetry takes headers, compression and more from the environment
//! of the process, and what leaves a node is for its configuration alone to say.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1 as proto;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;

use super::Collector;
use crate::causes::root_cause;
use crate::outgoing;

/// Time for one batch at the collector, tries again among it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause before a batch is tried again; the next one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);
/// Most of a reply that is read, in bytes.
const LARGEST_REPLY: usize = 64 * 1024;

/// The way to one collector.
pub(crate) struct Exporter {
    client: reqwest::Client,
    endpoint: String,
    resource: ResourceAttributesWithSchema,
}

/// Why spans are lost.
#[derive(Debug)]
pub(crate) enum Lost {
    /// There was no reply.
    NoReply(reqwest::Error),
    /// The collector took none of them.
    Refused(StatusCode),
    /// Not in time, tries again among it.
    Late,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReply(error) => write!(f, "no reply: {}", root_cause(error)),
            Self::Refused(status) => write!(f, "the collector replied {status}"),
            Self::Late => write!(f, "no reply within {PATIENCE:?}"),
        }
    }
}

impl Lost {
    /// Whether the same may be taken later (OTLP 1.5, "Failures", "Retryable Response Codes").
    fn may_pass(&self) -> bool {
        match self {
            Self::NoReply(error) => !error.is_builder(),
            Self::Refused(status) => matches!(status.as_u16(), 429 | 502 | 503 | 504),
            Self::Late => false,
        }
    }
}

impl Exporter {
    /// To that collector. No proxy, no redirects, and no header beside the token of the configuration.
    pub(crate) fn new(to: &Collector, resource: &Resource) -> Result<Self, reqwest::Error> {
        let authorization = to.authorization.clone().map(|value| (AUTHORIZATION, value));
        let client = outgoing::client(PATIENCE).default_headers(authorization.into_iter().collect()).build()?;
        // So that an address that cannot be called is said at the start.
        client.post(&to.endpoint).build()?;
        Ok(Self { client, endpoint: to.endpoint.clone(), resource: resource.into() })
    }

    /// Sends a batch. How many of it the collector did not keep, by its own account.
    pub(super) async fn send(&self, batch: Vec<SpanData>) -> Result<usize, Lost> {
        self.send_all(group_spans_by_resource_and_scope(batch, &self.resource)).await
    }

    /// Sends spans that were made otherwise than by the SDK.
    pub(crate) async fn send_written(&self, scope: &str, spans: Vec<Span>) -> Result<usize, Lost> {
        let attributes = self.resource.attributes.0.clone();
        let resource = proto::Resource { attributes, dropped_attributes_count: 0, entity_refs: Vec::new() };
        let scope = InstrumentationScope { name: scope.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), ..Default::default() };
        let scope_spans = vec![ScopeSpans { scope: Some(scope), spans, schema_url: String::new() }];
        self.send_all(vec![ResourceSpans { resource: Some(resource), scope_spans, schema_url: String::new() }]).await
    }

    async fn send_all(&self, resource_spans: Vec<ResourceSpans>) -> Result<usize, Lost> {
        let body = Bytes::from(ExportTraceServiceRequest { resource_spans }.encode_to_vec());
        let tries = async {
            let mut pause = PAUSE;
            loop {
                match self.post(body.clone()).await {
                    Err(lost) if lost.may_pass() => tokio::time::sleep(pause).await,
                    done => return done,
                }
                pause *= 2;
            }
        };
        tokio::time::timeout(PATIENCE, tries).await.unwrap_or(Err(Lost::Late))
    }

    async fn post(&self, body: Bytes) -> Result<usize, Lost> {
        let request = self.client.post(&self.endpoint).header(CONTENT_TYPE, "application/x-protobuf").body(body);
        let mut response = request.send().await.map_err(Lost::NoReply)?;
        if !response.status().is_success() {
            return Err(Lost::Refused(response.status()));
        }
        let mut reply = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(Lost::NoReply)? {
            reply.extend_from_slice(&piece);
            if reply.len() > LARGEST_REPLY {
                return Ok(0);
            }
        }
        // It was taken; what it says beside that may be of another form.
        let said = ExportTraceServiceResponse::decode(&*reply).ok().and_then(|said| said.partial_success);
        Ok(said.and_then(|said| usize::try_from(said.rejected_spans).ok()).unwrap_or(0))
    }
}
