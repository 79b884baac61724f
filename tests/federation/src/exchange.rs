//! The national exchange of vacancies (VUM) as a mediator meets it: TLS on loopback with certificates of both sides, and answers as a test wants them.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use polder_web::ExchangeAt;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::PrivateKeyDer;
use serde_json::{Value, json};

/// Its OIN.
pub const PARTY: &str = "oin:00000001001000000099";

/// How it answers.
#[derive(Clone, Debug)]
pub enum Says {
    /// With these matches.
    Matches(Vec<Value>),
    /// With that text, as if it were right.
    Text(String),
    /// With that status.
    Status(u16),
    /// After so long, with nothing that matches.
    After(Duration),
    /// With a body without end.
    Endless,
}

#[derive(Debug)]
struct Kept {
    says: Says,
    asked: Vec<(HeaderMap, Bytes)>,
}

/// The exchange.
pub struct Exchange {
    address: SocketAddr,
    directory: PathBuf,
    kept: Arc<Mutex<Kept>>,
    handle: Handle<SocketAddr>,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

/// Writes a certificate and its key, which that authority signed.
fn certificate(directory: &Path, name: &str, authority: &Issuer<'_, KeyPair>) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let made = params.signed_by(&key, authority).expect("a certificate");
    std::fs::write(directory.join(format!("{name}.pem")), made.pem()).expect("written");
    let file = directory.join(format!("{name}.key"));
    std::fs::write(&file, key.serialize_pem()).expect("written");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("its owner's alone");
    (made, key)
}

fn authority(directory: &Path, name: &str) -> (rcgen::Certificate, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let made = params.self_signed(&key).expect("a certificate");
    std::fs::write(directory.join(format!("{name}.pem")), made.pem()).expect("written");
    (made, Issuer::new(params, key))
}

impl Exchange {
    /// Starts one that has nothing, with its certificates in that directory.
    ///
    /// # Panics
    /// When there is no port, or nothing can be written.
    pub fn start(directory: &Path) -> Self {
        let (root, issuer) = authority(directory, "exchange-root");
        let (own, key) = certificate(directory, "exchange", &issuer);
        certificate(directory, "mediator", &issuer);
        // Who has a certificate of another root is nobody here.
        let (_, stranger) = authority(directory, "other-root");
        certificate(directory, "stranger", &stranger);
        let mut roots = RootCertStore::empty();
        roots.add(root.der().clone()).expect("a root");
        let provider = polder_trust::tls::provider();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().expect("a verifier");
        let tls = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let tls = tls.with_client_cert_verifier(verifier).with_single_cert(vec![own.der().clone()], key).expect("TLS");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let kept = Arc::new(Mutex::new(Kept { says: Says::Matches(Vec::new()), asked: Vec::new() }));
        let router = Router::new().fallback(reply).with_state(Arc::clone(&kept));
        let handle = Handle::new();
        let server = axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(Arc::new(tls))).expect("a server");
        tokio::spawn(server.handle(handle.clone()).serve(router.into_make_service()));
        Self { address, directory: directory.to_owned(), kept, handle }
    }

    /// Where it is, for a mediator that it knows.
    ///
    /// # Panics
    /// Never: its OIN is one.
    #[must_use]
    pub fn at(&self) -> ExchangeAt {
        let file = |name: &str| self.directory.join(name);
        ExchangeAt {
            url: format!("https://{}/api/v3", self.address),
            party: PARTY.parse().expect("an OIN"),
            own: "00000001001000000001".to_owned(),
            certificate: file("mediator.pem"),
            key: file("mediator.key"),
            roots: file("exchange-root.pem"),
            patience: Duration::from_millis(1_500),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it says from now on.
    pub fn says(&self, says: Says) {
        self.kept().says = says;
    }

    /// What it was asked since this was last looked at.
    #[must_use]
    pub fn asked(&self) -> Vec<(HeaderMap, Value)> {
        let asked = std::mem::take(&mut self.kept().asked);
        asked.into_iter().map(|(headers, body)| (headers, serde_json::from_slice(&body).unwrap_or_default())).collect()
    }
}

async fn reply(State(kept): State<Arc<Mutex<Kept>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.uri.path() != "/api/v3/vacatures/matches" || parts.method != http::Method::POST {
        return StatusCode::NOT_FOUND.into_response();
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let says = {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked.push((parts.headers, body));
        kept.says.clone()
    };
    let answer = |matches: Vec<Value>| {
        axum::Json(json!({"maximumAantalResultatenBereikt": false, "vraagID": "vraag-1", "matches": matches})).into_response()
    };
    match says {
        Says::Matches(matches) => answer(matches),
        Says::Text(text) => ([("content-type", "application/json")], text).into_response(),
        Says::Status(status) => StatusCode::from_u16(status).unwrap_or_default().into_response(),
        Says::After(time) => {
            tokio::time::sleep(time).await;
            answer(Vec::new())
        }
        Says::Endless => {
            let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 16 * 1024])));
            Body::from_stream(pieces).into_response()
        }
    }
}

/// A vacancy as the exchange shows it.
#[must_use]
pub fn matched(id: &str, title: &str) -> Value {
    json!({"vumID": id, "naamVacature": title, "omschrijvingVacature": format!("{title} in een hal."), "adres": {"postcode": "8232AB"},
        "werkgever": {"handelsnaamOrganisatie": "Bedrijf van ver"}, "codeWerkEnDenkniveauMinimaal": "4",
        "sollicitatiewijze": [{"codeSollicitatiewijze": "4", "webadres": {"url": "https://ver.example/werk"}}]})
}
