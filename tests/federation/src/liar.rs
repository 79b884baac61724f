//! A member that lies: it holds the right keys and real offers, works out the honest reply, and says something else.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use polder_exchange::{Clock, Home, Node, SystemClock};
use polder_model::answer::DocumentsRequest;
use polder_model::query::Query;
use polder_trust::keys::{Identity, SigningKey};
use polder_trust::message;
use polder_trust::register::{Member, Register, SharedRegister};
use serde_json::Value;

use crate::http::Partner;
use crate::no_peers::NoPeers;
use crate::peer::{DOCUMENTS, QUERIES};

/// What it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its best offers.
    Answer,
    /// Documents.
    Documents,
}

/// How a reply is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// As it should be.
    Right,
    /// Not at all.
    Not,
    /// By a key that is not this member's.
    Stranger,
    /// As it should be, then one byte is changed.
    Flipped,
    /// With the signature under its first honest reply.
    Recorded,
}

/// A reply.
#[derive(Clone, Debug)]
pub enum Said {
    /// This one.
    Reply(u16, Vec<u8>, Sign),
    /// A signed head, and a body without end.
    Endless,
    /// None.
    Never,
    /// A signed head, and a body of which a byte comes now and then.
    Drip,
    /// Look there instead.
    Redirect(String),
}

impl Said {
    /// This document, signed as it should be.
    #[must_use]
    pub fn honestly(value: &Value) -> Self {
        Self::Reply(200, value.to_string().into_bytes(), Sign::Right)
    }
}

/// What is said where register news is asked for, by the path; nothing is known otherwise.
pub type News = Arc<dyn Fn(&str) -> Option<Said> + Send + Sync>;

/// Turns the honest reply into what is said.
pub type Lie = Arc<dyn Fn(Phase, Value) -> Said + Send + Sync>;

#[derive(Clone)]
struct Shared {
    half: HonestHalf,
    lie: Arc<Mutex<Lie>>,
    news: Arc<Mutex<News>>,
    recorded: Arc<Mutex<Option<HeaderMap>>>,
}

/// What works out the honest reply.
#[derive(Clone)]
pub(crate) struct HonestHalf {
    pub(crate) node: Arc<Node>,
    pub(crate) identity: Arc<Identity>,
    base: String,
}

/// The liar.
pub struct Liar {
    /// Its honest half, which holds its offers.
    pub node: Arc<Node>,
    lie: Arc<Mutex<Lie>>,
    news: Arc<Mutex<News>>,
    handle: Handle<SocketAddr>,
}

impl Liar {
    /// Listens where the node of that partner would, and shows that identity in TLS. Honest until told otherwise.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(partner: &mut Partner, shows: &Arc<Identity>, register: Register) -> Self {
        let listener = partner.take_peer_port();
        listener.set_nonblocking(true).expect("a socket");
        let half = HonestHalf::open(partner, register).await;
        let node = Arc::clone(&half.node);
        let lie: Arc<Mutex<Lie>> = Arc::new(Mutex::new(Arc::new(|_, honest| Said::honestly(&honest))));
        let news: Arc<Mutex<News>> = Arc::new(Mutex::new(Arc::new(|_| None)));
        let shared = Shared { half, lie: Arc::clone(&lie), news: Arc::clone(&news), recorded: Arc::default() };
        let tls = polder_trust::tls::server_config(shows, Arc::new(|_| true)).expect("TLS");
        let handle = Handle::new();
        let server = axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(Arc::new(tls))).expect("a server");
        let router = Router::new().fallback(reply).with_state(shared);
        tokio::spawn(server.handle(handle.clone()).serve(router.into_make_service()));
        Self { node, lie, news, handle }
    }

    /// From now on it has this register news.
    pub fn tells_news(&self, news: impl Fn(&str) -> Option<Said> + Send + Sync + 'static) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(news);
    }

    /// From now on it tells this lie.
    pub fn tells(&self, lie: impl Fn(Phase, Value) -> Said + Send + Sync + 'static) {
        *self.lie.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(lie);
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

async fn reply(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let lie = Arc::clone(&*shared.lie.lock().unwrap_or_else(PoisonError::into_inner));
    let said = match parts.uri.path() {
        QUERIES => lie(Phase::Answer, shared.half.answer(&body).await),
        DOCUMENTS => lie(Phase::Documents, shared.half.documents(&body).await),
        path => {
            let news = Arc::clone(&*shared.news.lock().unwrap_or_else(PoisonError::into_inner));
            let Some(said) = news(path) else { return StatusCode::NOT_FOUND.into_response() };
            said
        }
    };
    let target = format!("{}{}", shared.half.base, parts.uri.path());
    match said {
        Said::Never => std::future::pending().await,
        Said::Drip => {
            let piece = futures::stream::unfold((), |()| async {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(b" ")), ()))
            });
            (shared.headers(Sign::Right, 200, b"", &target, &parts.headers), Body::from_stream(piece)).into_response()
        }
        Said::Redirect(to) => {
            let headers = shared.headers(Sign::Right, 302, b"", &target, &parts.headers);
            (StatusCode::FOUND, headers, [("location", to)]).into_response()
        }
        Said::Endless => {
            let piece = futures::stream::repeat_with(|| Ok::<_, std::convert::Infallible>(Bytes::from(vec![b' '; 64 * 1024])));
            (shared.headers(Sign::Right, 200, b"", &target, &parts.headers), Body::from_stream(piece)).into_response()
        }
        Said::Reply(status, body, sign) => {
            let headers = shared.headers(sign, status, &body, &target, &parts.headers);
            (StatusCode::from_u16(status).expect("a status"), headers, body).into_response()
        }
    }
}

impl HonestHalf {
    /// Opens a node that answers nobody by itself.
    ///
    /// # Panics
    /// When it does not open.
    pub(crate) async fn open(partner: &Partner, register: Register) -> Self {
        let home = Home::named(partner.id.clone(), partner.member.name.clone());
        let database = partner.directory.join("polder.db");
        let node = Node::open(home, &database, SharedRegister::new(register), Arc::new(NoPeers), Arc::new(SystemClock)).await;
        let (identity, base) = (Arc::clone(&partner.identity), partner.member.peer_url.clone());
        Self { node: Arc::new(node.expect("a node")), identity, base }
    }

    /// The honest reply to a call of that path, and the headers by which it is signed.
    ///
    /// # Panics
    /// When the call is none that peers make.
    pub(crate) async fn reply(&self, path: &str, request: &HeaderMap, body: &[u8]) -> (HeaderMap, Vec<u8>) {
        let reply = if path == QUERIES { self.answer(body).await } else { self.documents(body).await }.to_string().into_bytes();
        let (mut headers, target) = (HeaderMap::new(), format!("{}{path}", self.base));
        message::sign_response(self.identity.message_key(), 200, &mut headers, &reply, &target, request, SystemClock.now())
            .expect("signed");
        (headers, reply)
    }

    fn asker(&self, query: &Query) -> Arc<Member> {
        Arc::clone(self.node.register().member(&query.asker).expect("the asker is a member"))
    }

    async fn answer(&self, body: &[u8]) -> Value {
        let query = Arc::new(Query::parse(body).expect("a query"));
        let released = self.node.answer(&self.asker(&query), &query).await.expect("an answer");
        serde_json::to_value(released.into_inner()).expect("JSON")
    }

    async fn documents(&self, body: &[u8]) -> Value {
        let request: DocumentsRequest = serde_json::from_slice(body).expect("a request");
        let released = self.node.documents(&self.asker(&request.query), &request).await.expect("documents");
        serde_json::to_value(released.into_inner()).expect("JSON")
    }
}

impl Shared {
    fn headers(&self, sign: Sign, status: u16, body: &[u8], target: &str, request: &HeaderMap) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let stranger = SigningKey::generate().expect("a key");
        let key = if sign == Sign::Stranger { &stranger } else { self.half.identity.message_key() };
        message::sign_response(key, status, &mut headers, body, target, request, SystemClock.now()).expect("signed");
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        match sign {
            Sign::Not => headers.clear(),
            Sign::Recorded => headers = recorded.clone().expect("an honest reply came before"),
            Sign::Flipped => {
                let text = headers[message::SIGNATURE].to_str().expect("text");
                let changed = if text.contains("=:A") { text.replacen("=:A", "=:B", 1) } else { format!("polder=:A{}", &text[9..]) };
                headers.insert(message::SIGNATURE, changed.parse().expect("a value"));
            }
            Sign::Right if recorded.is_none() => *recorded = Some(headers.clone()),
            Sign::Right | Sign::Stranger => {}
        }
        headers
    }
}
