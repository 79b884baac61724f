//! Connections to other nodes: one warm pool for each member, replaced where it is silent.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use http::Method;
use polder_exchange::PeerFailure;
use polder_model::answer::MissingReason;
use polder_trust::keys::SpkiPin;
use polder_trust::register::{Member, TlsPin};
use polder_trust::tls::{self, PinCheck};

use super::super::reply::failure;
use super::super::{NODE, address};
use super::{CONNECT_TIME, GREETING_TIME, HttpPeers};

const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// A connection in doubt is replaced at most once in this time.
const RENEWED_EVERY: Duration = Duration::from_secs(2);

/// Connections to a member, and the keys that it had when they were opened.
pub(super) struct Pool {
    pins: Vec<TlsPin>,
    client: reqwest::Client,
    /// When its replacement was last tried.
    renewed: Option<Instant>,
}

impl HttpPeers {
    /// The connection pool for one member. Whether a key is that member's is asked of the register in force at each handshake.
    pub(in super::super) fn client(&self, to: &Member) -> Result<reqwest::Client, PeerFailure> {
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
    pub(super) fn own_url(&self) -> Option<String> {
        let register = self.register.current();
        register.by_pin(self.identity.pin(), self.clock.now()).map(|own| own.peer_url.clone())
    }

    fn new_client(&self, to: &Member) -> Result<reqwest::Client, PeerFailure> {
        if let Some(outway) = self.outways.get(&to.partner) {
            return self.client_of(outway);
        }
        let (register, clock, partner) = (self.register.clone(), Arc::clone(&self.clock), to.partner.clone());
        let admits: PinCheck = Arc::new(move |pin: &SpkiPin| register.is_pin_of(&partner, pin, clock.now()));
        let tls = tls::client_config(&self.identity, admits).map_err(|error| failure(MissingReason::Unreachable, error))?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http2_prior_knowledge()
            .https_only(true)
            .tls_info(true)
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
    pub(super) fn doubt(&self, to: &Member) {
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
}
