//! FSC on loopback: a Manager that gives tokens for one partner's node, and the Outways and the Inway between that node and those that call it, as one proxy.
//! Like the real ones it carries the token in a header, keeps the path, gives `traceparent` to nobody, and writes a log without which nothing is carried.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jsonwebtoken::Header;
use polder_model::PartnerId;
use polder_web::{InwayAt, KeysAt, OutwayAt};
use serde_json::{Value, json};

use crate::ats::Key;
use crate::http::{Partner, no_tls};

/// The group of these tests.
pub const GROUP: &str = "fsc.proef.example";
/// The address of the Inway, as tokens have it.
pub const INWAY: &str = "https://inway.example:443";
/// Headers that are of one connection, or the Outway's own, and go no further.
const NOT_CARRIED: [&str; 6] = ["host", "connection", "content-length", "transfer-encoding", "fsc-grant-hash", "traceparent"];

/// A call that was carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its transaction.
    pub transaction: String,
    /// The Peer that called.
    pub peer: String,
    /// The path, without what follows a question mark.
    pub path: String,
}

/// The proxies before one node, and the Manager of its partner.
pub struct Fsc {
    /// Where the node takes what the Inway passes on.
    pub listen: SocketAddr,
    outway: String,
    proxies: Arc<Proxies>,
}

struct Proxies {
    key: Key,
    peer_id: String,
    to: SocketAddr,
    /// The Peer of each grant.
    grants: Mutex<HashMap<String, String>>,
    log: Mutex<Vec<Carried>>,
    log_fails: AtomicBool,
    http: reqwest::Client,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("not poisoned")
}

impl Fsc {
    /// Puts proxies before a node that does not run yet. Its partner is that Peer; `peers` are those whose id is no OIN.
    ///
    /// # Panics
    /// When there is no port, or the node runs.
    pub async fn before(partner: &mut Partner, peer_id: &str, peers: &[(&str, &PartnerId)]) -> Self {
        let key = Key::fresh();
        let keys = partner.directory.join("manager-keys.json");
        // A key that nobody knows does not spoil the others.
        std::fs::write(&keys, json!({"keys": [{"kty": "unheard-of"}, key.public()]}).to_string()).expect("written");
        let listen = partner.stand_behind(InwayAt {
            group: GROUP.to_owned(),
            peer_id: peer_id.to_owned(),
            service: "polder".to_owned(),
            address: INWAY.to_owned(),
            keys: KeysAt::File(keys),
            algorithm: "ES256".to_owned(),
            certificate: None,
            peers: peers.iter().map(|(id, partner)| ((*id).to_owned(), (*partner).clone())).collect(),
        });
        let http = reqwest::Client::builder().tls_backend_preconfigured(no_tls()).no_proxy().build().expect("a client");
        let proxies = Arc::new(Proxies {
            key,
            peer_id: peer_id.to_owned(),
            to: listen,
            grants: Mutex::default(),
            log: Mutex::default(),
            log_fails: AtomicBool::new(false),
            http,
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let outway = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(carry).with_state(Arc::clone(&proxies));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { listen, outway, proxies }
    }

    /// A contract with a Peer: how it calls.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn grant(&self, peer: &str) -> OutwayAt {
        let hash = format!("$1$3${peer:A<86}");
        locked(&self.proxies.grants).insert(hash.clone(), peer.to_owned());
        OutwayAt { url: self.outway.clone(), grant_hash: HeaderValue::try_from(hash).expect("a header"), certificate: None }
    }

    /// What a token for a Peer claims.
    #[must_use]
    pub fn claims(&self, peer: &str) -> Value {
        self.proxies.claims(peer)
    }

    /// A token that the Manager signs.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        self.proxies.token(claims)
    }

    /// The Manager's key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.proxies.key
    }

    /// What was carried so far.
    #[must_use]
    pub fn log(&self) -> Vec<Carried> {
        locked(&self.proxies.log).clone()
    }

    /// The transaction of the last call at that path.
    ///
    /// # Panics
    /// When there was none.
    #[must_use]
    pub fn last(&self, path: &str) -> String {
        self.log().into_iter().rfind(|carried| carried.path == path).expect("a call").transaction
    }

    /// From now on the log of transactions can be written or not.
    pub fn log_fails(&self, fails: bool) {
        self.proxies.log_fails.store(fails, Ordering::SeqCst);
    }
}

impl Proxies {
    fn claims(&self, peer: &str) -> Value {
        let now = jsonwebtoken::get_current_timestamp();
        json!({"gth": "$1$3$AAAA", "gid": GROUP, "sub": peer, "iss": self.peer_id, "svc": "polder", "aud": INWAY, "nbf": now, "exp": now + 300,
               "cnf": {"x5t#S256": "DpAyDYakmVAQ4oOJC3UYLRk_ONRCqMj00TeGJemMiLA"}, "add": {}})
    }

    fn token(&self, claims: &Value) -> String {
        self.key.sign(&Header::new(self.key.algorithm), claims)
    }
}

fn failed(status: StatusCode, code: &'static str) -> Response {
    (status, [("fsc-error-code", code)], axum::Json(json!({"message": code, "domain": "ERROR_DOMAIN_INWAY", "code": code}))).into_response()
}

/// Carries a call, as Outway and Inway do one after the other.
async fn carry(State(proxies): State<Arc<Proxies>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let Some(peer) = locked(&proxies.grants).get(&text("fsc-grant-hash")).cloned() else {
        return failed(StatusCode::NOT_FOUND, "ERROR_CODE_SERVICE_NOT_FOUND");
    };
    let transaction = text("fsc-transaction-id");
    if transaction.len() != 36 || transaction.as_bytes()[14] != b'7' {
        return failed(StatusCode::BAD_REQUEST, "INVALID_LOG_RECORD_ID");
    }
    if proxies.log_fails.load(Ordering::SeqCst) {
        return failed(StatusCode::INTERNAL_SERVER_ERROR, "TRANSACTION_LOG_WRITE_ERROR");
    }
    locked(&proxies.log).push(Carried { transaction: transaction.clone(), peer: peer.clone(), path: parts.uri.path().to_owned() });
    let is_carried = |name: &HeaderName| !NOT_CARRIED.contains(&name.as_str());
    let mut headers: HeaderMap =
        parts.headers.clone().into_iter().filter_map(|(name, value)| Some((name.filter(is_carried)?, value))).collect();
    let token = format!("Bearer {}", proxies.token(&proxies.claims(&peer)));
    headers.insert("fsc-authorization", token.parse().expect("a header"));
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let url = format!("http://{}{}", proxies.to, parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    let Ok(reply) = proxies.http.request(parts.method, url).headers(headers).body(body).send().await else {
        return failed(StatusCode::BAD_GATEWAY, "ERROR_CODE_SERVICE_UNREACHABLE");
    };
    let (status, mut headers) = (reply.status(), reply.headers().clone());
    NOT_CARRIED.iter().for_each(|name| drop(headers.remove(*name)));
    headers.insert("fsc-transaction-id", transaction.parse().expect("a header"));
    (status, headers, Body::from(reply.bytes().await.unwrap_or_default())).into_response()
}
