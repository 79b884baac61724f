//! A receiver of webhooks, as an applicant tracking system has one: it keeps what it was told, and answers as a test wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_server::tls_rustls::RustlsConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// How it answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// With that status.
    Status(u16),
    /// With 503, and so many seconds to wait.
    Wait(u32),
    /// By leading to another address.
    Redirect(String),
    /// With 204, after so many milliseconds.
    Slowly(u64),
    /// Never.
    Hangs,
    /// With 200 and a body without end.
    Endless,
}

/// What it was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// When.
    pub at: Instant,
}

impl Told {
    /// A header field.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn event(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Whether one of its signatures is made with a secret (Standard Webhooks).
    ///
    /// # Panics
    /// When the secret is none.
    #[must_use]
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let signed = [format!("{}.{}.", self.header("webhook-id"), self.header("webhook-timestamp")).as_bytes(), &self.body].concat();
        let wanted = STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed));
        self.header("webhook-signature").split(' ').any(|one| one == format!("v1,{wanted}"))
    }
}

#[derive(Debug, Default)]
struct Kept {
    told: Vec<Told>,
    next: VecDeque<Answers>,
    then: Option<Answers>,
}

/// A receiver on loopback.
#[derive(Debug)]
pub struct Receiver {
    base: String,
    kept: Arc<Mutex<Kept>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    /// Starts one that takes everything.
    ///
    /// # Panics
    /// When there is no port on loopback.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (kept, router) = taking();
        let serving = tokio::spawn(async move {
            // It ends when the test does.
            let _ = axum::serve(listener, router).await;
        });
        Self { base, kept, serving }
    }

    /// The same over TLS, and its certificate in PEM, which nobody trusts so far.
    ///
    /// # Panics
    /// When there is no port on loopback, or no certificate to be made.
    #[must_use]
    pub fn start_tls() -> (Self, String) {
        let key = rcgen::KeyPair::generate().expect("a key");
        let made = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name").self_signed(&key).expect("a certificate");
        let key = rustls_pki_types::PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let tls = rustls::ServerConfig::builder_with_provider(polder_trust::tls::provider()).with_safe_default_protocol_versions();
        let tls = tls.expect("versions").with_no_client_auth().with_single_cert(vec![made.der().clone()], key).expect("a certificate");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let base = format!("https://{}", listener.local_addr().expect("an address"));
        let (kept, router) = taking();
        let server = axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(Arc::new(tls))).expect("a server");
        let serving = tokio::spawn(async move {
            let _ = server.serve(router.into_make_service()).await;
        });
        (Self { base, kept, serving }, made.pem())
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/polder?system=1", self.base)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It answers the next calls so, one after the other.
    pub fn answers_next(&self, answers: impl IntoIterator<Item = Answers>) {
        self.kept().next.extend(answers);
    }

    /// It answers so from now on.
    pub fn answers(&self, answers: Answers) {
        self.kept().then = Some(answers);
    }

    /// What it was told so far.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.kept().told.clone()
    }

    /// Waits until it was told so often.
    ///
    /// # Panics
    /// When it is not.
    pub async fn wait_for(&self, count: usize) -> Vec<Told> {
        let began = Instant::now();
        loop {
            let told = self.told();
            if told.len() >= count {
                return told;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{count} events: {told:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What takes everything and keeps it.
fn taking() -> (Arc<Mutex<Kept>>, Router) {
    let kept = Arc::<Mutex<Kept>>::default();
    let router = Router::new().fallback(take).with_state(Arc::clone(&kept));
    (kept, router)
}

async fn take(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> Response {
    let answers = {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.told.push(Told { headers, body, at: Instant::now() });
        kept.next.pop_front().or_else(|| kept.then.clone()).unwrap_or(Answers::Status(204))
    };
    match answers {
        Answers::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Answers::Wait(seconds) => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", seconds.to_string())]).into_response(),
        Answers::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response(),
        Answers::Slowly(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            StatusCode::NO_CONTENT.into_response()
        }
        Answers::Hangs => std::future::pending().await,
        Answers::Endless => {
            let piece = || Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 64 * 1024]));
            Body::from_stream(futures::stream::repeat_with(piece)).into_response()
        }
    }
}
