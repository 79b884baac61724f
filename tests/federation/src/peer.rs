//! A peer by hand: it shows a certificate, signs or does not, and calls a node's peer interface.

use std::sync::Arc;

use http::HeaderMap;
use polder_exchange::{Clock, SystemClock};
use polder_model::Timestamp;
use polder_trust::keys::{Identity, SigningKey};
use polder_trust::message::{self, RequestSigner};
use polder_trust::register::{Member, Register};
use rustls::client::ResolvesClientCert;
use serde_json::{Value, json};

use crate::http::Partner;
use crate::register::Region;

/// Where peers ask.
pub const QUERIES: &str = "/peer/v1/queries";
/// Where peers fetch documents.
pub const DOCUMENTS: &str = "/peer/v1/documents";
/// Where peers ask for people.
pub const PEOPLE: &str = "/peer/v1/people";
/// Where a node says who it is.
pub const NODE: &str = "/peer/v1/node";
/// Where checkpoints are cosigned.
pub const ADD_CHECKPOINT: &str = "/peer/v1/add-checkpoint";
/// Where register news is.
pub const REGISTER: &str = "/.well-known/polder-register";

/// What a caller shows in TLS.
pub enum Shows<'i> {
    /// That identity's certificate.
    Certificate(&'i Identity),
    /// None.
    Nothing(&'i Identity),
}

/// Nobody's certificate.
#[derive(Debug)]
struct NoCertificate;

impl ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// A caller of one node.
pub struct Peer {
    http: reqwest::Client,
    base: String,
    /// Where calls go: to `base`, or to another replica of that node.
    at: String,
    /// The value of `Polder-Register`.
    pub register: String,
}

impl Peer {
    /// A caller of that partner's node.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn calling(to: &Partner, shows: &Shows<'_>) -> Self {
        Self::over(to, Self::tls(shows))
    }

    /// The TLS of a caller that believes every server.
    ///
    /// # Panics
    /// When it cannot be set up.
    #[must_use]
    pub fn tls(shows: &Shows<'_>) -> rustls::ClientConfig {
        let (Shows::Certificate(identity) | Shows::Nothing(identity)) = shows;
        let mut tls = polder_trust::tls::client_config(identity, Arc::new(|_| true)).expect("TLS");
        if matches!(shows, Shows::Nothing(_)) {
            tls.client_auth_cert_resolver = Arc::new(NoCertificate);
        }
        tls
    }

    /// A caller of that partner's node over TLS of its own. Callers with clones of one configuration resume each other's sessions.
    ///
    /// # Panics
    /// When no client can be made.
    #[must_use]
    pub fn over(to: &Partner, tls: rustls::ClientConfig) -> Self {
        let http = reqwest::Client::builder().tls_backend_preconfigured(tls).http2_prior_knowledge().no_proxy();
        let http = http.timeout(std::time::Duration::from_secs(5)).build().expect("a client");
        let base = to.member.peer_url.clone();
        Self { http, at: base.clone(), base, register: "proef;e=1;v=1;h=0011223344556677".to_owned() }
    }

    /// Calls another replica of that node, at that address. What is signed stays the address in the register.
    #[must_use]
    pub fn at(self, replica: std::net::SocketAddr) -> Self {
        Self { at: format!("https://{replica}"), ..self }
    }

    /// The headers of a signed call.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn signed(&self, key: &SigningKey, method: &str, path: &str, body: &[u8], purpose: &str, now: Timestamp) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let signer = RequestSigner { key, register: &self.register, purpose };
        message::sign_request(signer, method, &format!("{}{path}", self.base), &mut headers, body, now).expect("signed");
        headers
    }

    /// Calls. An error is a connection that was refused or closed.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn call(&self, method: &str, path: &str, headers: HeaderMap, body: Vec<u8>) -> Result<(u16, String), reqwest::Error> {
        let response = self.send(method, path, headers, body).await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    /// The same; the response as it came.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn send(&self, method: &str, path: &str, headers: HeaderMap, body: Vec<u8>) -> Result<reqwest::Response, reqwest::Error> {
        let method = http::Method::from_bytes(method.as_bytes()).expect("a method");
        self.http.request(method, format!("{}{path}", self.at)).headers(headers).body(body).send().await
    }

    /// Begins a call whose body never comes; it ends when it is aborted.
    #[must_use]
    pub fn hang(&self, path: &str) -> tokio::task::JoinHandle<()> {
        let never = futures::stream::pending::<Result<bytes::Bytes, std::convert::Infallible>>();
        let request = self.http.post(format!("{}{path}", self.at)).body(reqwest::Body::wrap_stream(never));
        tokio::spawn(async move {
            // What it would say is what the test asks otherwise.
            let _ = request.timeout(std::time::Duration::from_secs(60)).send().await;
        })
    }

    /// Calls signed, at this instant, for finding work.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn post(&self, key: &SigningKey, path: &str, body: &Value) -> (u16, String) {
        let (body, purpose) = (body.to_string().into_bytes(), purpose(body));
        let headers = self.signed(key, "POST", path, &body, &purpose, SystemClock.now());
        self.call("POST", path, headers, body).await.expect("a response")
    }
}

fn purpose(body: &Value) -> String {
    body["purpose"].as_str().or_else(|| body["query"]["purpose"].as_str()).unwrap_or("find-work").to_owned()
}

/// A query for vacancies with `monteur` in them, as that partner would send it.
#[must_use]
pub fn query(asker: &Partner, now: Timestamp) -> Value {
    json!({
        "id": "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "asker": asker.id, "kind": "vacancy", "purpose": "find-work", "ranking": "polder-1",
        "asOf": now, "limit": 20, "deadlineMs": 2000, "hops": 1, "tieKey": "00112233445566778899aabbccddeeff",
        "criteria": {"text": [{"term": "monteur", "weight": 50}]},
    })
}

/// A register of these members in that version, as a node adopts it that has one at least two versions older.
///
/// # Panics
/// When the register does not hold.
#[must_use]
pub fn register_of_version(members: impl IntoIterator<Item = Member>, version: u64) -> Register {
    let mut region = Region::new(members.into_iter().collect());
    region.change(|members| members.version = version);
    region.register(SystemClock.now())
}
