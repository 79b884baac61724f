//! Listening: each port with its limits.

mod activity;
mod admission;
mod connection;
mod escort;
mod frames;
mod heads;
mod network;
mod overhead;
mod port;
mod tls;
mod watched;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use axum::{Router, middleware};
use polder_exchange::Node;
use polder_model::Timestamp;
use polder_trust::keys::Identity;
use tokio::sync::watch;

use crate::client::auth::OperatorTokenHash;
use crate::client::{self, ClientApi};
use crate::fsc::{Inway, InwayAt};
use crate::limits::Limits;
use crate::metrics::{Metrics, Observed, Scrape, observe};
use crate::oauth::{self, OAuth, TokenKey, TokensOf};
use crate::oeapi;
use crate::operator::{self, Readiness};
use crate::pages::{self, OwnTls, Pages, PagesAt, Watched};
use crate::peer::client::HttpPeers;
use crate::peer::news::Hints;
use crate::peer::{self, PeerApi};
use crate::questions::Questions;
use crate::stopping::Stopping;
use crate::vum::{self, Exchange, Mediator, VumSource};
use crate::webhooks::{WebhookHosts, Webhooks};
pub(crate) use admission::{Door, origin};
pub(crate) use connection::Connection;
pub(crate) use escort::CarriesPeople;
pub(crate) use network::network;
use port::{Greeting, Http, Port};
pub use tls::{CLIENT_CERTIFICATE_DAYS, client_chain};

/// Connections to the operator's port.
const OPERATOR_CONNECTIONS: usize = 64;

/// The sockets of a node, bound already: who starts it knows the ports.
#[derive(Debug)]
pub struct Listeners {
    /// For this partner's own clients.
    pub client: TcpListener,
    /// For those that show a TLS certificate, where there are such.
    pub certificates: Option<TcpListener>,
    /// For other nodes.
    pub peer: TcpListener,
    /// For other nodes that come through the partner's Inway, where there is one.
    pub inway: Option<TcpListener>,
    /// For the machine's operator.
    pub operator: TcpListener,
}

/// A certificate chain and its key, in PEM files.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// What a server is told.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// The hash of the operator token.
    pub operator_token: OperatorTokenHash,
    /// The key that signs tokens of clients.
    pub token_key: TokenKey,
    /// Under which address clients reach the node where neither its pages nor the register say so: that on which it listens.
    pub client_url: String,
    /// Under which address clients reach the node that show a TLS certificate.
    pub certificates_url: Option<String>,
    /// The partner's own authorization server, where its tokens are taken beside those of this node.
    pub tokens_of: Option<TokensOf>,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// What the Inway's tokens say, where there is one.
    pub inway: Option<InwayAt>,
    /// Which hosts and networks webhooks may lead to beside those of the public internet.
    pub webhook_hosts: WebhookHosts,
    /// How much of the vacancies of this node the exchange of VUM may ask, on the port for certificates; nothing, where there is none.
    pub vum_source: Option<VumSource>,
    /// The exchange of VUM that staff asks; none, where there is none.
    pub vum_exchange: Option<Exchange>,
    /// TLS of the client port; none where a proxy does it, or on loopback.
    pub client_tls: Option<Tls>,
    /// How pages are served; not at all, where there is none.
    pub pages: Option<PagesAt>,
    /// How much it takes.
    pub limits: Limits,
}

/// Why a node cannot listen.
#[derive(Debug)]
pub enum ServeError {
    /// A socket.
    Io(std::io::Error),
    /// TLS.
    Tls(String),
    /// The pages.
    Pages(String),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "a port cannot be listened on: {error}"),
            Self::Tls(what) => write!(f, "TLS cannot be set up: {what}"),
            Self::Pages(what) => write!(f, "pages cannot be served: {what}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// A node that listens.
pub struct Server {
    stop: watch::Sender<bool>,
    /// Until when the certificate of the client port counts, where it has one that can be read.
    pub(crate) client_until: Option<Timestamp>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Server {
    /// Listens on its ports.
    ///
    /// # Errors
    /// When TLS cannot be set up, or a socket cannot be used.
    #[expect(clippy::too_many_arguments, reason = "the parts of one node, each of them another thing")]
    pub(crate) fn start(
        node: &Arc<Node>,
        identity: &Arc<Identity>,
        listeners: Listeners,
        options: ServerOptions,
        readiness: Readiness,
        hints: Hints,
        peers: &Arc<HttpPeers>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, ServeError> {
        let limits = &options.limits;
        let (stop, stopping) = watch::channel(false);
        let told = Stopping::new(stopping.clone());
        let questions = Questions::new(Arc::clone(node), limits.queries_at_once, told.clone(), Arc::clone(metrics));
        let oauth = OAuth::new(Arc::clone(node), &options, options.token_key.clone());
        let webhooks = Arc::new(Webhooks::new(Arc::clone(node), oauth.clone(), options.webhook_hosts.clone()));
        let api =
            ClientApi::new(Arc::clone(node), &options, oauth.clone(), Arc::clone(&webhooks), questions.clone(), told, Arc::clone(metrics));
        let mut clients = client::router(&api).merge(oauth::router(&oauth));
        let by_certificate = listeners.certificates.is_some().then(|| match options.vum_source {
            Some(at) => clients.clone().merge(vum::router(&api, at, options.certificates_url.as_deref().unwrap_or_default())),
            None => clients.clone(),
        });
        clients = clients.merge(oeapi::router(Arc::clone(node), oauth.clone()));
        // A chain that is not in order is served as it is, and nobody can say until when it counts.
        let client_until = options.client_tls.as_ref().and_then(|files| client_chain(files).ok()).map(|(_, until)| until);
        if let Some(at) = options.pages.clone() {
            let own_tls = OwnTls { is_on: options.client_tls.is_some(), until: client_until };
            let watched = Watched::new(peers, &api.clients, limits, own_tls, options.one_person, api.oauth.ways());
            let pages = Pages::new(Arc::clone(node), at, questions, options.vum_exchange.clone().map(Mediator::new), watched)
                .map_err(ServeError::Pages)?;
            clients = pages::beside(&pages, clients);
        }
        let partners = PeerApi::new(Arc::clone(node), Arc::clone(identity), hints, limits);
        let by_inway = options.inway.clone().and_then(Inway::new).map(|inway| peer::router(partners.behind(inway)));
        let partners = peer::router(partners);
        let observed = |router: Router, interface| router.layer(middleware::from_fn_with_state(Observed::new(metrics, interface), observe));
        let (clients, partners) = (observed(clients, "client"), observed(partners, "peer"));
        let greeting = match &options.client_tls {
            Some(files) => Greeting::tls(tls::of_clients(files)?),
            None => Greeting::Plain,
        };
        let of_partners = Greeting::partners(tls::of_peers(node, identity)?, tls::whose_key(node));
        let door = |most| Door::new(most, limits.peer_connections_per_partner);
        let doors = [
            ("client", door(limits.client_connections)),
            ("certificates", door(limits.client_connections)),
            ("peer", door(limits.peer_connections)),
            ("inway", door(limits.peer_connections)),
            ("operator", door(OPERATOR_CONNECTIONS)),
        ];
        let numbers = Scrape {
            metrics: Arc::clone(metrics),
            node: Arc::clone(node),
            most_offers: limits.offers,
            doors: doors.iter().cloned().collect(),
            identity: Arc::clone(identity),
            peer_until: peers.own_certificate_until(),
            client_until,
        };
        let [client_door, certificates_door, peer_door, inway_door, operator_door] = doors.map(|(_, door)| door);
        let (idle, age) = (Some(limits.client_idle()), limits.connection_age());
        // Parts of an import are large; a question between nodes has 256 KiB at most, and a partner 32 of them at once.
        let client = Http { streams: 100, window: 1024 * 1024, idle, age };
        let peer = Http { streams: 64, window: 256 * 1024, idle: None, age };
        let operator = Http { streams: 16, window: 64 * 1024, idle, age };
        let port = |name, door, greeting, router, http| Port::new(name, door, greeting, router, http, Arc::clone(metrics));
        let mut ports = vec![
            (listeners.client, port("client", client_door, greeting, clients, client)),
            (listeners.peer, port("peer", peer_door, of_partners, partners, peer)),
            (listeners.operator, port("operator", operator_door, Greeting::Plain, operator::router(readiness, numbers), operator)),
        ];
        if let (Some(listener), Some(systems), Some(files)) = (listeners.certificates, by_certificate, &options.client_tls) {
            let systems = observed(systems, "client");
            let greeting = Greeting::certificates(tls::of_certificates(files)?);
            ports.push((listener, port("certificates", certificates_door, greeting, systems, client)));
        }
        if let (Some(listener), Some(inway), Some(router)) = (listeners.inway, &options.inway, by_inway) {
            let greeting = match &inway.certificate {
                Some(certificate) => Greeting::tls(tls::of_inway(identity, certificate.clone())?),
                None => Greeting::Plain,
            };
            ports.push((listener, port("inway", inway_door, greeting, observed(router, "peer"), Http { idle, ..peer })));
        }
        let mut tasks = vec![tokio::spawn(webhooks.deliver(stopping.clone()))];
        for (listener, port) in ports {
            let listener = port::ready(listener).map_err(ServeError::Io)?;
            tasks.push(tokio::spawn(port.listen(listener, stopping.clone())));
        }
        Ok(Self { stop, client_until, tasks })
    }

    /// Takes no more requests, and finishes those on their way that need no longer than some seconds.
    pub async fn stop(self) {
        // Nobody listens any more where every port has stopped already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}
