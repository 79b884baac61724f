//! A collector of traces, as an operator runs one: it takes OTLP over HTTP and keeps what came, decoded by the types of OpenTelemetry itself.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use polder_web::{Collector as To, TracesTo};
use prost::Message;

/// A span that came in.
#[derive(Clone, Debug)]
pub struct Came {
    /// What the node says of itself.
    pub resource: Vec<KeyValue>,
    /// The span.
    pub span: Span,
}

/// The text of an attribute, or its number as one.
fn text(attributes: &[KeyValue], name: &str) -> Option<String> {
    let value = attributes.iter().find(|attribute| attribute.key == name)?.value.as_ref()?.value.as_ref()?;
    match value {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Came {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.span.name
    }

    /// The partner whose node sent it.
    #[must_use]
    pub fn node(&self) -> String {
        text(&self.resource, "polder.partner").unwrap_or_default()
    }

    /// What it says.
    #[must_use]
    pub fn says(&self, name: &str) -> String {
        text(&self.span.attributes, name).unwrap_or_default()
    }

    /// Its trace, in hexadecimal digits.
    #[must_use]
    pub fn trace(&self) -> String {
        hex(&self.span.trace_id)
    }

    /// Its own id, in hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.span.span_id)
    }

    /// The id of the span that it is below, in hexadecimal digits; empty where there is none.
    #[must_use]
    pub fn below(&self) -> String {
        hex(&self.span.parent_span_id)
    }

    /// The traces and spans that it links to, in hexadecimal digits.
    #[must_use]
    pub fn links(&self) -> Vec<(String, String)> {
        self.span.links.iter().map(|link| (hex(&link.trace_id), hex(&link.span_id))).collect()
    }

    /// Whether it is marked as failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.span.status.as_ref().is_some_and(|status| status.code() == SpanStatus::Error)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a collector does with what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It takes it.
    Take,
    /// It never replies.
    Hang,
    /// It says that it cannot take anything now.
    Refuse,
}

#[derive(Debug, Default)]
struct Kept {
    refuses: bool,
    spans: Vec<Came>,
    bytes: Vec<Bytes>,
    headers: Vec<HeaderMap>,
}

/// A collector on loopback.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Collector {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no port on loopback.
    pub async fn start(does: Does) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let kept = Arc::<Mutex<Kept>>::default();
        kept.lock().unwrap_or_else(PoisonError::into_inner).refuses = does == Does::Refuse;
        let took = Arc::clone(&kept);
        let router = match does {
            Does::Take | Does::Refuse => Router::new().route("/v1/traces", post(take)).with_state(took),
            Does::Hang => Router::new().route("/v1/traces", post(pending::<StatusCode>)).with_state(took),
        };
        let serving = tokio::spawn(async move {
            // It ends when the test does.
            let _ = axum::serve(listener, router).await;
        });
        Self { address, kept, serving }
    }

    /// It takes what comes, whatever it did before.
    pub fn takes_from_now_on(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).refuses = false;
    }

    /// All traces to this collector.
    #[must_use]
    pub fn all(&self) -> Option<TracesTo> {
        Some(to(self.address))
    }

    /// The processing log to this collector.
    #[must_use]
    pub fn processing_log(&self) -> Option<To> {
        Some(to(self.address).collector)
    }

    /// What came so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Came> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).spans.clone()
    }

    /// The bytes that came so far.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).bytes.concat()
    }

    /// The header fields with which it came.
    #[must_use]
    pub fn headers(&self) -> Vec<HeaderMap> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).headers.clone()
    }

    /// Waits until spans of this name came that are so many.
    ///
    /// # Panics
    /// When they do not come.
    pub async fn wait_for(&self, name: &str, count: usize) -> Vec<Came> {
        let began = Instant::now();
        loop {
            let found: Vec<Came> = self.spans().into_iter().filter(|came| came.name() == name).collect();
            if found.len() >= count {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{count} of {name}: {:?}", self.spans());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn take(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let request = ExportTraceServiceRequest::decode(body.clone());
    let (Ok(request), Some(b"application/x-protobuf")) = (request, headers.get("content-type").map(HeaderValue::as_bytes)) else {
        return StatusCode::BAD_REQUEST;
    };
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.headers.push(headers);
    if kept.refuses {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    kept.bytes.push(body);
    for of_one in request.resource_spans {
        let resource = of_one.resource.unwrap_or_default().attributes;
        let spans = of_one.scope_spans.into_iter().flat_map(|scope| scope.spans);
        kept.spans.extend(spans.map(|span| Came { resource: resource.clone(), span }));
    }
    StatusCode::OK
}

/// All traces to that address.
#[must_use]
pub fn to(address: SocketAddr) -> TracesTo {
    let collector = To { endpoint: format!("http://{address}/v1/traces"), authorization: None };
    TracesTo { collector, share_millionths: 1_000_000, spans_per_second: 10_000 }
}
