//! Nodes in this process that reach each other as real ones do: sockets on loopback, mutual TLS, signed messages.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use polder_consent::Policy;
use polder_exchange::log::QUORUM;
use polder_exchange::{Clock, Home, Place, SystemClock};
use polder_model::{Date, PartnerId, Purpose, Timestamp};
use polder_store::Database;
use polder_trust::keys::{Identity, SigningKey};
use polder_trust::register::{Member, MessageKey, Register, Status, TlsPin};
use polder_web::{
    Collector, Exchange, InwayAt, Limits, Listeners, OperatorToken, Outways, PagesAt, Parts, RunningNode, ServerOptions, StartError,
    SyncFrom, Tls, TokenKey, TokensOf, TracesTo, VumSource, WebhookHosts,
};

pub use crate::client::{Client, no_tls, vacancy};
use crate::local::ManualClock;
use crate::register::Region;

/// A partner that can run a node: who it is, its keys, its place in the register.
pub struct Partner {
    /// Who.
    pub id: PartnerId,
    /// Its keys.
    pub identity: Arc<Identity>,
    /// Its entry in the register.
    pub member: Member,
    /// Its directory.
    pub directory: PathBuf,
    /// Its database: a file in that directory, unless a test says otherwise.
    pub database: Database,
    /// How much its node takes: what nobody sets, but for 16 questions at once.
    pub limits: Limits,
    /// How its pages are served; not at all, unless a test says otherwise.
    pub pages: Option<PagesAt>,
    /// Where its traces go; nowhere, unless a test says otherwise.
    pub traces: Option<TracesTo>,
    /// Where its processing log goes; it is kept in its database alone, unless a test says otherwise.
    pub processing_log: Option<Collector>,
    /// What it decided about people's data.
    pub policy: Policy,
    /// The course systems that it reads.
    pub syncs: Vec<SyncFrom>,
    /// The address from which it calls; the system chooses where there is none.
    pub call_from: Option<std::net::IpAddr>,
    /// Its own authorization server, whose tokens are taken too; none, unless a test says otherwise.
    pub tokens_of: Option<TokensOf>,
    /// What the tokens of its Inway say; it has none, unless a test says otherwise.
    pub inway: Option<InwayAt>,
    /// The partners that it calls through an Outway.
    pub outways: Outways,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// Where its webhooks may lead beside the public internet.
    pub webhook_hosts: WebhookHosts,
    /// How much the exchange of VUM may ask of it; nothing, unless a test says otherwise.
    pub vum_source: Option<VumSource>,
    /// The exchange of VUM that its staff asks; none, unless a test says otherwise.
    pub vum_exchange: Option<Exchange>,
    /// TLS of its port for clients; none, unless a test says otherwise.
    client_tls: Option<Tls>,
    listeners: Option<Listeners>,
}

/// The operator token of every node here.
#[must_use]
pub fn token() -> OperatorToken {
    OperatorToken::from_random([7; 32])
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a port on loopback")
}

/// Partners with keys and bound ports, whose nodes do not run yet.
///
/// # Panics
/// When a directory, key or port cannot be had.
#[must_use]
pub fn partners(directory: &std::path::Path, ids: &[&str]) -> Vec<Partner> {
    ids.iter().map(|id| partner(directory, id)).collect()
}

fn partner(directory: &std::path::Path, id: &str) -> Partner {
    let directory = directory.join(id.replace(':', "-"));
    std::fs::create_dir_all(&directory).expect("a directory");
    let id: PartnerId = id.parse().expect("a partner");
    let now = SystemClock.now();
    let identity = Arc::new(Identity::create(&directory, &id, "127.0.0.1", now).expect("keys"));
    let listeners = Listeners { client: listener(), certificates: None, peer: listener(), inway: None, operator: listener() };
    let address = listeners.peer.local_addr().expect("an address");
    let member = Member {
        partner: id.clone(),
        name: format!("Partner {id}"),
        roles: vec!["employer".to_owned()],
        client_url: None,
        peer_url: format!("https://{address}"),
        purposes: vec![Purpose::FindWork, Purpose::FindTraining],
        acts_for: Vec::new(),
        link_hosts: Vec::new(),
        tls_pins: vec![TlsPin { sha256: identity.pin().clone(), not_before: None, not_after: None }],
        message_keys: vec![message_key(identity.message_key(), now)],
        status: Status::Active,
        since: 1,
    };
    let database = directory.join("polder.db").into();
    Partner {
        id,
        identity,
        member,
        directory,
        database,
        limits: Limits { queries_at_once: 16, ..Limits::default() },
        pages: None,
        traces: None,
        processing_log: None,
        policy: Policy::default(),
        syncs: Vec::new(),
        call_from: None,
        tokens_of: None,
        inway: None,
        outways: Outways::new(),
        one_person: false,
        webhook_hosts: WebhookHosts::default(),
        vum_source: None,
        vum_exchange: None,
        client_tls: None,
        listeners: Some(listeners),
    }
}

fn message_key(key: &SigningKey, now: Timestamp) -> MessageKey {
    let day = 86_400;
    MessageKey {
        keyid: key.public().id(),
        public_key: key.public(),
        not_before: now.plus_seconds(-day),
        not_after: now.plus_seconds(365 * day),
    }
}

/// The region of these partners, which gives each of their nodes its register.
#[must_use]
pub fn region_of(partners: &[Partner]) -> Region {
    Region::new(partners.iter().map(|partner| partner.member.clone()).collect())
}

impl Partner {
    /// Gives its port for peers to something else that listens there, such as a liar.
    ///
    /// # Panics
    /// When the node runs already.
    pub fn take_peer_port(&mut self) -> TcpListener {
        self.listeners.take().expect("the node does not run").peer
    }

    /// The address at which browsers will find its pages.
    ///
    /// # Panics
    /// When the node runs already.
    #[must_use]
    pub fn url(&self) -> String {
        let listeners = self.listeners.as_ref().expect("the node does not run");
        let scheme = if self.client_tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", listeners.client.local_addr().expect("an address"))
    }

    /// Starts its node.
    ///
    /// # Panics
    /// When the node does not start.
    pub async fn start(&mut self, register: Register) -> RunningNode {
        self.start_at(register, Arc::new(SystemClock)).await
    }

    /// Starts its node with a clock of its own.
    ///
    /// # Panics
    /// When the node does not start.
    pub async fn start_at(&mut self, register: Register, clock: Arc<dyn Clock>) -> RunningNode {
        RunningNode::start(self.parts(register, clock)).await.expect("the node starts")
    }

    /// Starts its node, which asks random partners for register news so often.
    ///
    /// # Panics
    /// When the node does not start.
    pub async fn start_asking_every(&mut self, register: Register, round: std::time::Duration) -> RunningNode {
        let parts = self.parts(register, Arc::new(SystemClock));
        RunningNode::start_asking_every(parts, round).await.expect("the node starts")
    }

    /// Starts its node, if it does.
    ///
    /// # Errors
    /// Why it does not start.
    pub async fn try_start(&mut self, register: Register, clock: Arc<dyn Clock>) -> Result<RunningNode, StartError> {
        RunningNode::start(self.parts(register, clock)).await
    }

    /// Has its node listen for clients on another address than loopback.
    ///
    /// # Panics
    /// When there is no such port.
    pub fn listen_for_clients_on(&mut self, address: &str) {
        let client = TcpListener::bind(address).expect("a port");
        let again = self.member.peer_url.trim_start_matches("https://").to_owned();
        let peer = self.listeners.take().map_or_else(|| TcpListener::bind(again).expect("its port is free"), |listeners| listeners.peer);
        self.listeners = Some(Listeners { client, certificates: None, peer, inway: None, operator: listener() });
    }

    /// Has its node take TLS certificates of clients, on a port of their own. Where that is.
    ///
    /// # Panics
    /// When there is no port or file to be had.
    pub fn take_certificates(&mut self) -> String {
        self.show_certificate(rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name"));
        let at = listener();
        let url = format!("https://{}", at.local_addr().expect("an address"));
        if let Some(listeners) = &mut self.listeners {
            listeners.certificates = Some(at);
        }
        url
    }

    /// Has the client port of its node do TLS itself, with a certificate that counts until the begin of that day.
    ///
    /// # Panics
    /// When there is no file to be had.
    pub fn show_certificate_until(&mut self, day: Date) {
        let mut wanted = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let day: Vec<u16> = day.to_string().split('-').map(|part| part.parse().expect("a number")).collect();
        let part = |place: usize| u8::try_from(day[place]).expect("a month or a day");
        wanted.not_after = rcgen::date_time_ymd(day[0].into(), part(1), part(2));
        self.show_certificate(wanted);
    }

    fn show_certificate(&mut self, wanted: rcgen::CertificateParams) {
        let key = rcgen::KeyPair::generate().expect("a key");
        let made = wanted.self_signed(&key).expect("a certificate");
        let tls = Tls { certificate: self.directory.join("client.pem"), key: self.directory.join("client.key") };
        std::fs::write(&tls.certificate, made.pem()).expect("written");
        std::fs::write(&tls.key, key.serialize_pem()).expect("written");
        std::fs::set_permissions(&tls.key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("its owner's alone");
        self.client_tls = Some(tls);
    }

    /// Has its node take what an Inway passes on, on a port of its own. Where that is.
    ///
    /// # Panics
    /// When the node runs already, or there is no port.
    pub fn stand_behind(&mut self, inway: InwayAt) -> std::net::SocketAddr {
        let at = listener();
        let address = at.local_addr().expect("an address");
        self.listeners.as_mut().expect("the node does not run").inway = Some(at);
        self.inway = Some(inway);
        address
    }

    fn parts(&mut self, register: Register, clock: Arc<dyn Clock>) -> Parts {
        let listeners = self.listeners.take().unwrap_or_else(|| {
            let again = self.member.peer_url.trim_start_matches("https://").to_owned();
            Listeners {
                client: listener(),
                certificates: None,
                peer: TcpListener::bind(again).expect("its port is free"),
                inway: None,
                operator: listener(),
            }
        });
        self.parts_on(register, clock, listeners, "consent.journal")
    }

    /// Starts another replica of its node, on ports of its own that the register does not name.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_replica(&self, register: Register) -> RunningNode {
        self.start_replica_at(register, Arc::new(SystemClock)).await
    }

    /// The same, with a clock of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_replica_at(&self, register: Register, clock: Arc<dyn Clock>) -> RunningNode {
        let listeners = Listeners { client: listener(), certificates: None, peer: listener(), inway: None, operator: listener() };
        // Each replica has a journal of its own.
        let journal = format!("{}.journal", listeners.client.local_addr().expect("an address").port());
        RunningNode::start(self.parts_on(register, clock, listeners, &journal)).await.expect("the replica starts")
    }

    fn parts_on(&self, register: Register, clock: Arc<dyn Clock>, listeners: Listeners, journal: &str) -> Parts {
        let certificates = listeners.certificates.as_ref().map(|listener| listener.local_addr().expect("an address"));
        let certificates_url = certificates.map(|address| format!("https://{address}"));
        let client_url = format!("http://{}", listeners.client.local_addr().expect("an address"));
        Parts {
            home: Home::named(self.id.clone(), self.member.name.clone()),
            place: Place { database: self.database.clone(), data: self.directory.clone(), journal: self.directory.join(journal) },
            identity: Arc::clone(&self.identity),
            register,
            clock,
            listeners,
            call_from: self.call_from,
            outways: self.outways.clone(),
            options: ServerOptions {
                operator_token: token().hash(),
                token_key: TokenKey::open(&self.directory).expect("a key"),
                client_url,
                certificates_url,
                tokens_of: self.tokens_of.clone(),
                one_person: self.one_person,
                inway: self.inway.clone(),
                webhook_hosts: self.webhook_hosts.clone(),
                vum_source: self.vum_source,
                vum_exchange: self.vum_exchange.clone(),
                client_tls: self.client_tls.clone(),
                pages: self.pages.clone(),
                limits: self.limits.clone(),
            },
            traces: self.traces.clone(),
            processing_log: self.processing_log.clone(),
            quorum: QUORUM,
            policy: self.policy.clone(),
            syncs: self.syncs.clone(),
        }
    }
}

/// Starts a node for each of these partners, with one register.
///
/// # Panics
/// When one does not start.
pub async fn start_all(partners: &mut [Partner]) -> Vec<RunningNode> {
    let region = region_of(partners);
    let mut nodes = Vec::new();
    for partner in partners {
        nodes.push(partner.start(region.register(SystemClock.now())).await);
    }
    nodes
}

/// Starts the first partner's node with a clock that the test sets. It is right so far.
///
/// # Panics
/// When it does not start.
pub async fn start_by_clock(partners: &mut [Partner]) -> (RunningNode, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let register = region_of(partners).register(clock.now());
    (partners[0].start_at(register, Arc::<ManualClock>::clone(&clock)).await, clock)
}

/// A node on its own, in that directory.
///
/// # Panics
/// When it does not start.
pub async fn one_node(directory: &std::path::Path) -> RunningNode {
    let mut partners = partners(directory, &crate::offers::PARTNERS[..1]);
    start_all(&mut partners).await.pop().expect("one node")
}
