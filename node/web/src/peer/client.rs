//! Carrying questions to other nodes: HTTP/2 over mutual TLS, warm connections, signed messages, bounded replies.

mod calls;
mod pool;
mod through;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use polder_exchange::traces::traceparent;
use polder_exchange::{Clock, PeerFailure, Received, Trouble};
use polder_model::answer::MissingReason;
use polder_model::reference::TableVersion;
use polder_model::{PartnerId, Timestamp};
use polder_trust::keys::Identity;
use polder_trust::message::{self, RequestSigner};
use polder_trust::register::{Member, SharedRegister};
use polder_trust::tls;
use reqwest::tls::TlsInfo;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::address;
use super::log::TEXT;
use super::news::{self, Hints};
use super::reply::{Reply, as_it_came, failure, most, read_reply, refused, unreachable, waited_in_vain};
use super::standing::Standings;
use super::{ADD_CHECKPOINT, NODE};
use crate::fsc::Outways;
use crate::metrics::{Metrics, PeerCall};
use crate::traces::TRACEPARENT;
use pool::Pool;

const CONNECT_TIME: Duration = Duration::from_secs(3);
/// However long a partner asks to be left alone, it is asked again after this.
const LONGEST_REST: Duration = Duration::from_secs(60);
pub(super) const GREETING_TIME: Duration = Duration::from_secs(5);

/// A call that is given up after so long without a reply casts doubt on its connection.
const SILENCE: Duration = Duration::from_millis(500);
/// The way to other nodes.
#[derive(Clone)]
pub struct HttpPeers {
    identity: Arc<Identity>,
    register: SharedRegister,
    clock: Arc<dyn Clock>,
    hints: Hints,
    call_from: Option<IpAddr>,
    outways: Arc<Outways>,
    /// Whose Outway is known to lead to them.
    proven: Arc<Mutex<HashSet<PartnerId>>>,
    clients: Arc<Mutex<HashMap<PartnerId, Pool>>>,
    /// Until when partners asked to be left alone. There are no more than the register holds.
    resting: Arc<Mutex<HashMap<PartnerId, Instant>>>,
    metrics: Option<Arc<Metrics>>,
    standings: Standings,
}

/// What a node says of itself, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Greeted {
    /// Its reference tables.
    #[serde(default)]
    pub tables: Vec<TableVersion>,
    /// The version of its program.
    #[serde(default)]
    version: String,
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
        let took = self.began.elapsed();
        if !self.replied && took >= SILENCE {
            self.peers.doubt(self.to);
            self.peers.standings.called(&self.to.partner, took, Some(&silent()), self.peers.now());
        }
    }
}

fn silent() -> PeerFailure {
    failure(MissingReason::Slow, "no reply in time").with_trouble(Trouble::Silent)
}

impl HttpPeers {
    /// Calls that show this identity and sign with its key.
    #[must_use]
    pub fn new(identity: Arc<Identity>, register: SharedRegister, clock: Arc<dyn Clock>, hints: Hints) -> Self {
        let (clients, resting) = (Arc::default(), Arc::default());
        let (outways, proven, standings) = (Arc::default(), Arc::default(), Standings::default());
        Self { identity, register, clock, hints, call_from: None, outways, proven, clients, resting, metrics: None, standings }
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

    /// Until when the certificate counts that this node shows; none where that cannot be read.
    pub(crate) fn own_certificate_until(&self) -> Option<Timestamp> {
        tls::chain_period(std::slice::from_ref(self.identity.certificate())).ok().map(|(_, until)| until)
    }

    /// The keys that this node uses.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// How partners stand, as calls at them went.
    pub(crate) fn standings(&self) -> &Standings {
        &self.standings
    }

    /// Opens a connection to that member, so that the first question finds it warm. What its node says of itself, when it replied.
    pub async fn greet(&self, to: &Member) -> Option<Greeted> {
        match self.get(to, NODE).await {
            // Later versions may say more, and earlier ones less.
            Ok(reply) => serde_json::from_slice(&reply.body).ok().inspect(|greeted: &Greeted| {
                self.standings.runs(&to.partner, &greeted.version);
            }),
            Err(failed) => {
                tracing::info!(partner = %to.partner, reason = failed.reason.as_str(), detail = failed.detail, "greeted in vain");
                None
            }
        }
    }

    /// A call that has until then, counted, and noted as how that partner stands. Every call at a partner passes here,
    /// whatever it is about, but the greeting of a connection that is to replace a silent one.
    pub(super) async fn noted<T>(
        &self,
        to: &Member,
        deadline: Duration,
        call: impl Future<Output = Result<T, PeerFailure>>,
    ) -> Result<T, PeerFailure> {
        let counted = PeerCall::begin(self.metrics.as_ref(), &to.partner);
        let mut on_its_way = OnItsWay { peers: self, to, began: Instant::now(), replied: false };
        let Ok(outcome) = tokio::time::timeout(deadline, call).await else {
            let failed = failure(MissingReason::Slow, "no reply before the deadline").with_trouble(Trouble::Silent);
            return counted.ended(Err(failed));
        };
        on_its_way.replied = true;
        self.standings.called(&to.partner, on_its_way.began.elapsed(), outcome.as_ref().err(), self.now());
        counted.ended(outcome)
    }

    /// Calls once more where a connection that was open turns out to be closed, or a stream is reset: the call has no effect but its reply.
    async fn call(&self, to: &Member, method: Method, path: &str, body: Vec<u8>, purpose: &str) -> Result<Reply, PeerFailure> {
        let reply = match self.call_theirs(to, &method, path, body.clone(), purpose).await {
            Err((_, true)) => self.call_theirs(to, &method, path, body, purpose).await,
            other => other,
        };
        reply.map_err(|(failed, _)| failed)
    }

    /// The same, and what its reply says.
    async fn ask<T: DeserializeOwned>(
        &self,
        to: &Member,
        deadline: Duration,
        (method, path): (Method, &str),
        body: Vec<u8>,
        purpose: &str,
    ) -> Result<Received<T>, PeerFailure> {
        self.noted(to, deadline, async { read_reply(&self.call(to, method, path, body, purpose).await?) }).await
    }

    /// Register news: without a purpose, in the time of a greeting.
    async fn get(&self, of: &Member, path: &str) -> Result<Reply, PeerFailure> {
        self.noted(of, GREETING_TIME, self.call(of, Method::GET, path, Vec::new(), "none")).await
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
        let outway = self.outways.get(&to.partner);
        let transaction = outway.map(|outway| outway.name(&mut headers, self.clock.now())).transpose().map_err(last)?;
        let at = outway.map_or_else(|| target.clone(), |outway| format!("{}{path}", outway.url));
        let request = client.request(method.clone(), at).headers(headers.clone()).body(body);
        let again = request.try_clone();
        let sent = match (request.send().await, again) {
            // It waited for the connection of another call, which came to nothing: its own says why.
            (Err(error), Some(again)) if waited_in_vain(&error) => again.send().await,
            (sent, _) => sent,
        };
        let response = sent.map_err(|error| (unreachable(&error), !error.is_connect() && !error.is_timeout()))?;
        if let Some(transaction) = transaction {
            through::carried(to, path, transaction, &response).map_err(last)?;
            return Ok((target, headers, response));
        }
        if let Some(certificate) = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate) {
            self.standings.shows(&to.partner, certificate);
        }
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
            let failed = refused(status, &reply.map(|reply| reply.body).unwrap_or_else(|(body, _)| body));
            // It may have just started: what was signed before that is to be signed anew.
            let anew = failed.reason == MissingReason::ClockSkew;
            return Err((failed, anew));
        }
        if reply.is_ok() {
            self.has_replied(&to.partner);
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
            if let Some(register) = news::version(register) {
                self.standings.has_register(&to.partner, register);
            }
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
