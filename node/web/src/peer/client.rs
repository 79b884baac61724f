//! Carrying questions to other nodes: HTTP/2 over mutual TLS, warm connections, signed messages, bounded replies.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked, Told};
use polder_exchange::traces::traceparent;
use polder_exchange::{Announcement, Clock, PeerFailure, Peers, Received, RegisterDocument, RegisterPeers};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_model::reference::TableVersion;
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_trust::keys::{Identity, SpkiPin};
use polder_trust::message::{self, RequestSigner};
use polder_trust::register::{Member, SharedRegister, TlsPin};
use polder_trust::tls::{self, PinCheck};
use serde::Deserialize;

use super::address;
use super::log::TEXT;
use super::news::Hints;
use super::reply::{Reply, as_it_came, failure, in_time, most, read_reply, refused, unreachable};
use super::{
    ACKNOWLEDGEMENTS, ADD_CHECKPOINT, APPLICATIONS, CONTACTS, DOCUMENTS, HOLDINGS, NODE, PEOPLE, QUERIES, RECOLLECTIONS, REGISTER,
    REQUESTS, TOMBSTONES,
};
use crate::metrics::{Metrics, PeerCall};
use crate::traces::TRACEPARENT;

const CONNECT_TIME: Duration = Duration::from_secs(3);
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// However long a partner asks to be left alone, it is asked again after this.
const LONGEST_REST: Duration = Duration::from_secs(60);
pub(super) const GREETING_TIME: Duration = Duration::from_secs(5);

/// A call that is given up after so long without a reply casts doubt on its connection.
const SILENCE: Duration = Duration::from_millis(500);
/// A connection in doubt is replaced at most once in this time.
const RENEWED_EVERY: Duration = Duration::from_secs(2);

/// The way to other nodes.
#[derive(Clone)]
pub struct HttpPeers {
    identity: Arc<Identity>,
    register: SharedRegister,
    clock: Arc<dyn Clock>,
    hints: Hints,
    call_from: Option<IpAddr>,
    clients: Arc<Mutex<HashMap<PartnerId, Pool>>>,
    /// Until when partners asked to be left alone. There are no more than the register holds.
    resting: Arc<Mutex<HashMap<PartnerId, Instant>>>,
    metrics: Option<Arc<Metrics>>,
}

/// What a node says of itself, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Greeted {
    /// Its reference tables.
    #[serde(default)]
    pub tables: Vec<TableVersion>,
}

/// Connections to a member, and the keys that it had when they were opened.
struct Pool {
    pins: Vec<TlsPin>,
    client: reqwest::Client,
    /// When its replacement was last tried.
    renewed: Option<Instant>,
}

/// A call on its way. Dropped without a reply, it was given up.
struct OnItsWay<'p> {
    peers: &'p HttpPeers,
    to: &'p Member,
    began: Instant,
    replied: bool,
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        if !self.replied && self.began.elapsed() >= SILENCE {
            self.peers.doubt(self.to);
        }
    }
}

impl HttpPeers {
    /// Calls that show this identity and sign with its key.
    #[must_use]
    pub fn new(identity: Arc<Identity>, register: SharedRegister, clock: Arc<dyn Clock>, hints: Hints) -> Self {
        Self { identity, register, clock, hints, call_from: None, clients: Arc::default(), resting: Arc::default(), metrics: None }
    }

    /// The same, counted.
    pub(crate) fn counted(self, metrics: Arc<Metrics>) -> Self {
        Self { metrics: Some(metrics), ..self }
    }

    /// The same, from one address of this machine, where it has several.
    #[must_use]
    pub fn calling_from(self, address: Option<IpAddr>) -> Self {
        Self { call_from: address, ..self }
    }

    /// Opens a connection to that member, so that the first question finds it warm. What its node says of itself, when it replied.
    pub async fn greet(&self, to: &Member) -> Option<Greeted> {
        match self.get(to, NODE).await {
            // Later versions may say more, and earlier ones less.
            Ok(reply) => serde_json::from_slice(&reply.body).ok(),
            Err(failed) => {
                tracing::info!(partner = %to.partner, reason = failed.reason.as_str(), detail = failed.detail, "greeted in vain");
                None
            }
        }
    }

    /// The connection pool for one member. Whether a key is that member's is asked of the register in force at each handshake.
    pub(super) fn client(&self, to: &Member) -> Result<reqwest::Client, PeerFailure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        // A connection outlives a change of the register: other keys, other connections.
        if let Some(pool) = clients.get(&to.partner).filter(|pool| pool.pins == to.tls_pins) {
            return Ok(pool.client.clone());
        }
        let client = self.new_client(to)?;
        clients.insert(to.partner.clone(), Pool { pins: to.tls_pins.clone(), client: client.clone(), renewed: None });
        Ok(client)
    }

    /// Where the register says that this node is.
    fn own_url(&self) -> Option<String> {
        let register = self.register.current();
        register.by_pin(self.identity.pin(), self.clock.now()).map(|own| own.peer_url.clone())
    }

    fn new_client(&self, to: &Member) -> Result<reqwest::Client, PeerFailure> {
        let (register, clock, partner) = (self.register.clone(), Arc::clone(&self.clock), to.partner.clone());
        let admits: PinCheck = Arc::new(move |pin: &SpkiPin| register.is_pin_of(&partner, pin, clock.now()));
        let tls = tls::client_config(&self.identity, admits).map_err(|error| failure(MissingReason::Unreachable, error))?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http2_prior_knowledge()
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIME)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(None)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(Duration::from_secs(10))
            .http2_keep_alive_while_idle(true)
            .tcp_nodelay(true)
            .local_address(self.call_from)
            .dns_resolver(address::resolver(self.own_url().as_deref()))
            .build()
            .map_err(|error| failure(MissingReason::Unreachable, error))
    }

    /// Takes another connection to that member where one can be had: what lies between may have forgotten the one that is silent, and closes nothing.
    /// Until the other one has been greeted the silent one stays in use: who is merely slow keeps its warm connection.
    fn doubt(&self, to: &Member) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if let Some(pool) = self.clients.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&to.partner) {
            let now = Instant::now();
            if pool.renewed.is_some_and(|last| now.duration_since(last) < RENEWED_EVERY) {
                return;
            }
            pool.renewed = Some(now);
        }
        let (peers, to) = (self.clone(), to.clone());
        runtime.spawn(async move {
            let Ok(client) = peers.new_client(&to) else { return };
            let greeted = peers.call_once(&client, &to, &Method::GET, NODE, Vec::new(), "none");
            if let Ok(Ok(_)) = tokio::time::timeout(GREETING_TIME, greeted).await {
                tracing::info!(partner = %to.partner, "the connection was silent; another one is used");
                let pool = Pool { pins: to.tls_pins.clone(), client, renewed: Some(Instant::now()) };
                peers.clients.lock().unwrap_or_else(PoisonError::into_inner).insert(to.partner.clone(), pool);
            }
        });
    }

    /// Calls once more where a connection that was open turns out to be closed, or a stream is reset: the call has no effect but its reply.
    async fn call(&self, to: &Member, method: Method, path: &str, body: Vec<u8>, purpose: &str) -> Result<Reply, PeerFailure> {
        let mut on_its_way = OnItsWay { peers: self, to, began: Instant::now(), replied: false };
        let first = self.call_once(&self.client(to)?, to, &method, path, body.clone(), purpose).await;
        let reply = match first {
            Err((_, true)) => self.call_once(&self.client(to)?, to, &method, path, body, purpose).await,
            other => other,
        };
        on_its_way.replied = true;
        reply.map_err(|(failed, _)| failed)
    }

    /// Register news: without a purpose, in the time of a greeting.
    async fn get(&self, of: &Member, path: &str) -> Result<Reply, PeerFailure> {
        in_time(GREETING_TIME, self.call(of, Method::GET, path, Vec::new(), "none")).await
    }

    /// A partner that has too much says when to come again.
    fn leave_alone(&self, partner: &PartnerId, headers: &HeaderMap) {
        let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        if let Some(pause) = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_REST)) {
            let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
            resting.insert(partner.clone(), Instant::now() + pause);
        }
    }

    /// Fails where that partner asked to be left alone until later than now. Register news is not asked for in vain: it is never shed.
    fn may_ask(&self, partner: &PartnerId) -> Result<(), PeerFailure> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        match resting.get(partner) {
            Some(until) if Instant::now() < *until => Err(failure(
                MissingReason::Overloaded,
                "it asked to be left alone for a while; it was not asked again before that was over",
            )),
            Some(_) => {
                resting.remove(partner);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Also says whether trying again may help.
    async fn call_once(
        &self,
        client: &reqwest::Client,
        to: &Member,
        method: &Method,
        path: &str,
        body: Vec<u8>,
        purpose: &str,
    ) -> Result<Reply, (PeerFailure, bool)> {
        let (target, request, response) = self.send(client, to, method, path, body, purpose).await?;
        self.read(to, &target, &request, response, most(path)).await
    }

    /// Signs and sends; gives the address, the headers that were signed, and the response. Also says whether trying again may help.
    pub(super) async fn send(
        &self,
        client: &reqwest::Client,
        to: &Member,
        method: &Method,
        path: &str,
        body: Vec<u8>,
        purpose: &str,
    ) -> Result<(String, HeaderMap, reqwest::Response), (PeerFailure, bool)> {
        let last = |failed| (failed, false);
        let base = address::base(&to.peer_url, self.own_url().as_deref());
        let target = base.map_err(|error| last(failure(MissingReason::Unreachable, error)))? + path;
        let mut headers = HeaderMap::new();
        if path == ADD_CHECKPOINT {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(TEXT));
        }
        let register = self.register.current().header_value();
        let signer = RequestSigner { key: self.identity.message_key(), register: &register, purpose };
        message::sign_request(signer, method.as_str(), &target, &mut headers, &body, self.clock.now())
            .map_err(|error| last(failure(MissingReason::Unreachable, error)))?;
        // Beside what is signed: it says nothing that anyone relies on (docs/decisions/0011-traces.md).
        if let Some(span) = traceparent().and_then(|span| span.parse().ok()) {
            headers.insert(TRACEPARENT, span);
        }
        let sent = client.request(method.clone(), &target).headers(headers.clone()).body(body).send().await;
        let response = sent.map_err(|error| (unreachable(&error), !error.is_connect() && !error.is_timeout()))?;
        Ok((target, headers, response))
    }

    /// The instant on this node's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) async fn read(
        &self,
        to: &Member,
        target: &str,
        request: &HeaderMap,
        response: reqwest::Response,
        most: usize,
    ) -> Result<Reply, (PeerFailure, bool)> {
        let (status, reply) = self.read_any(to, target, request, response, most).await?;
        if status != StatusCode::OK {
            return Err((refused(status, &reply.map(|reply| reply.body).unwrap_or_else(|(body, _)| body)), false));
        }
        reply.map_err(|(_, failed)| (failed, false))
    }

    /// The status, and the reply, whatever the status is; where its signature does not hold, its body, and what is wrong.
    pub(super) async fn read_any(
        &self,
        to: &Member,
        target: &str,
        request: &HeaderMap,
        mut response: reqwest::Response,
        most: usize,
    ) -> Result<(StatusCode, Result<Reply, (Vec<u8>, PeerFailure)>), (PeerFailure, bool)> {
        let last = |failed| (failed, false);
        let (status, headers) = (response.status(), response.headers().clone());
        // Also of a refusal: who is refused may be the one who is behind.
        if let Some(register) = headers.get(message::POLDER_REGISTER).and_then(|value| value.to_str().ok()) {
            self.hints.note(register, &to.partner);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| (unreachable(&error), !error.is_timeout()))? {
            if body.len() + chunk.len() > most {
                let what = format!("a reply of more than {} MiB", most >> 20);
                return Err(last(failure(MissingReason::Untrustworthy, what).with_evidence(as_it_came(&headers))));
            }
            body.extend_from_slice(&chunk);
        }
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            self.leave_alone(&to.partner, &headers);
        }
        let verified = message::verify_response(to, status.as_u16(), &headers, &body, target, request, self.clock.now());
        let reply = match verified {
            Ok(evidence) => Ok(Reply { body, evidence }),
            Err(error) => Err((body, failure(MissingReason::Untrustworthy, error).with_evidence(as_it_came(&headers)))),
        };
        Ok((status, reply))
    }
}

impl Peers for HttpPeers {
    fn query(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*query).map_err(|error| failure(MissingReason::Refused, error))?;
            let counted = PeerCall::begin(self.metrics.as_ref(), &to.partner);
            let reply = in_time(deadline, self.call(&to, Method::POST, QUERIES, body, query.purpose.as_str())).await;
            counted.ended(reply.and_then(|reply| read_reply(&reply)))
        })
    }

    fn documents(
        &self,
        to: Arc<Member>,
        request: Arc<DocumentsRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            let counted = PeerCall::begin(self.metrics.as_ref(), &to.partner);
            let reply = in_time(deadline, self.call(&to, Method::POST, DOCUMENTS, body, request.query.purpose.as_str())).await;
            counted.ended(reply.and_then(|reply| read_reply(&reply)))
        })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*query).map_err(|error| failure(MissingReason::Refused, error))?;
            let counted = PeerCall::begin(self.metrics.as_ref(), &to.partner);
            let reply = in_time(deadline, self.call(&to, Method::POST, PEOPLE, body, query.purpose.as_str())).await;
            counted.ended(reply.and_then(|reply| read_reply(&reply)))
        })
    }

    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, CONTACTS, body, Purpose::BeContacted.as_str())).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*application).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, APPLICATIONS, body, Purpose::Application.as_str())).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&Told { evidence }).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, TOMBSTONES, body, "none")).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            self.may_ask(&to.partner)?;
            let body = serde_json::to_vec(&*request).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, REQUESTS, body, request.purpose.as_str())).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, deadline: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&request).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, HOLDINGS, body, "none")).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&asked).map_err(|error| failure(MissingReason::Refused, error))?;
            let reply = in_time(deadline, self.call(&to, Method::POST, RECOLLECTIONS, body, "none")).await?;
            read_reply(&reply).map(|received| received.reply)
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let path = format!("{TOMBSTONES}?after={after}");
            let reply = in_time(deadline, self.call(&to, Method::GET, &path, Vec::new(), "none")).await?;
            read_reply::<Told>(&reply).map(|received| received.reply.evidence)
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&Told { evidence }).map_err(|error| failure(MissingReason::Refused, error))?;
            in_time(deadline, self.call(&to, Method::POST, ACKNOWLEDGEMENTS, body, "none")).await.map(drop)
        })
    }
}

impl RegisterPeers for HttpPeers {
    fn announcement(&self, of: Arc<Member>) -> BoxFuture<'_, Result<Announcement, PeerFailure>> {
        Box::pin(async move { Ok(read_reply(&self.get(&of, REGISTER).await?)?.reply) })
    }

    fn document(&self, of: Arc<Member>, which: RegisterDocument) -> BoxFuture<'_, Result<Option<Vec<u8>>, PeerFailure>> {
        Box::pin(async move {
            let path = match which {
                RegisterDocument::Root(version) => format!("{REGISTER}/root/{version}"),
                RegisterDocument::Members(epoch, version) => format!("{REGISTER}/members/{epoch}/{version}"),
                RegisterDocument::Fresh => format!("{REGISTER}/fresh"),
                RegisterDocument::Evidence => format!("{REGISTER}/evidence"),
            };
            match self.get(&of, &path).await {
                Ok(reply) => Ok(Some(reply.body)),
                Err(failed) if failed.detail.starts_with("404") => Ok(None),
                Err(failed) => Err(failed),
            }
        })
    }
}
