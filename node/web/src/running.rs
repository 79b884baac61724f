//! A whole node at work: opened, greeting its peers, listening.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use polder_consent::Policy;
use polder_exchange::log::{LogFailed, LogNow, Pace};
use polder_exchange::people::{PEOPLE_SECONDS, REOPEN_SECONDS};
use polder_exchange::{Clock, Home, Node, OpenError, Place, SAVED_SECONDS, SWEEP_SECONDS};
use polder_model::Timestamp;
use polder_trust::keys::Identity;
use polder_trust::register::{Expiring, Member, Register, SharedRegister, Status, expiring};

use crate::fsc::Outways;
use crate::metrics::Metrics;
use crate::operator::Readiness;
use crate::peer::client::HttpPeers;
use crate::peer::log;
use crate::peer::news::{self, Hints};
use crate::peer::visit::Visit;
use crate::processing::ProcessingLog;
use crate::serve::{Listeners, ServeError, Server, ServerOptions};
use crate::syncs::{self, SyncFrom};
use crate::traces::{Collector, ToCollector, TracesTo};

/// What a node is made of.
pub struct Parts {
    /// Whose node it is.
    pub home: Home,
    /// Where it keeps what it has.
    pub place: Place,
    /// Its keys.
    pub identity: Arc<Identity>,
    /// The register to begin with.
    pub register: Register,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// Its ports.
    pub listeners: Listeners,
    /// The address of this machine from which peers are called; the system chooses where there is none.
    pub call_from: Option<IpAddr>,
    /// The partners that are called through an Outway of FSC.
    pub outways: Outways,
    /// How it listens.
    pub options: ServerOptions,
    /// Where its traces go; nowhere, where there is none.
    pub traces: Option<TracesTo>,
    /// Where its processing log goes; it is kept here alone, where there is none.
    pub processing_log: Option<Collector>,
    /// How many other partners have to cosign its log.
    pub quorum: usize,
    /// What its partner decided about people's data.
    pub policy: Policy,
    /// The course systems that it reads.
    pub syncs: Vec<SyncFrom>,
}

/// Why a node does not start.
#[derive(Debug)]
pub enum StartError {
    /// It cannot be opened.
    Open(OpenError),
    /// It cannot listen.
    Serve(ServeError),
    /// Its traces, or its processing log, cannot be sent.
    Collector(String),
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(error) => error.fmt(f),
            Self::Serve(error) => error.fmt(f),
            Self::Collector(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Open(error) => error.source(),
            Self::Serve(error) => error.source(),
            Self::Collector(_) => None,
        }
    }
}

/// A node at work.
pub struct RunningNode {
    /// The node.
    pub node: Arc<Node>,
    /// Where its clients reach it.
    pub client: SocketAddr,
    /// Where its peers reach it.
    pub peer: SocketAddr,
    /// Where its operator reaches it.
    pub operator: SocketAddr,
    readiness: Readiness,
    server: Server,
    peers: Arc<HttpPeers>,
    to_collector: ToCollector,
    tasks: [tokio::task::JoinHandle<()>; 14],
}

impl RunningNode {
    /// Opens and listens. Peers are greeted in the background, so that the first question finds connections warm.
    ///
    /// # Errors
    /// When the database, the register or a port cannot be used.
    pub async fn start(parts: Parts) -> Result<Self, StartError> {
        Self::start_asking_every(parts, news::ROUND).await
    }

    /// The same, with another time between the rounds in which random partners are asked for register news.
    ///
    /// # Errors
    /// As [`RunningNode::start`].
    pub async fn start_asking_every(parts: Parts, round: Duration) -> Result<Self, StartError> {
        let register = SharedRegister::new(parts.register);
        let metrics = Arc::new(Metrics::new());
        let (hints, hinted) = Hints::new(register.clone());
        let peers = HttpPeers::new(Arc::clone(&parts.identity), register.clone(), Arc::clone(&parts.clock), hints.clone());
        let peers = Arc::new(peers.calling_from(parts.call_from).calling_through(parts.outways).counted(Arc::clone(&metrics)));
        let to_collector = ToCollector::start(parts.traces.as_ref(), &parts.home.partner, &metrics).map_err(StartError::Collector)?;
        let processing = ProcessingLog::new(parts.processing_log.as_ref(), &parts.home.partner, Arc::clone(&metrics));
        let processing = processing.map_err(StartError::Collector)?;
        let opened = Node::open(parts.home, parts.place, register, Arc::<HttpPeers>::clone(&peers), parts.clock).await;
        let node = opened.map_err(StartError::Open)?.traced(to_collector.traces.clone());
        let node = node.signing(Arc::clone(parts.identity.message_key())).cosigned_by(parts.quorum).with_policy(parts.policy);
        let node = Arc::new(node.with_sources(parts.syncs.iter().map(|from| from.source.clone()).collect()));
        node.store().take_at_most(parts.options.limits.offers);
        let address = |listener: &std::net::TcpListener| listener.local_addr().map_err(|error| StartError::Serve(ServeError::Io(error)));
        let (client, peer, operator) =
            (address(&parts.listeners.client)?, address(&parts.listeners.peer)?, address(&parts.listeners.operator)?);
        let readiness = Readiness::default();
        let server = Server::start(&node, &parts.identity, parts.listeners, parts.options, readiness.clone(), hints, &peers, &metrics);
        let server = server.map_err(StartError::Serve)?;
        readiness.set(true);
        let greeting = tokio::spawn(greet(Arc::clone(&node), Arc::clone(&peers)));
        let sweeping = tokio::spawn(sweep(Arc::clone(&node)));
        let clock = tokio::spawn(watch_clock(Arc::clone(&node)));
        let looking = tokio::spawn(news::look(Arc::clone(&node), Arc::clone(&peers), hinted, round));
        let database = tokio::spawn(readiness.clone().watch(Arc::clone(&node)));
        let delivering = tokio::spawn(deliver(Arc::clone(&node)));
        let applying = tokio::spawn(deliver_applications(Arc::clone(&node)));
        let gathering = tokio::spawn(gather_again(Arc::clone(&node)));
        let people = tokio::spawn(sweep_people(Arc::clone(&node), Arc::clone(&metrics)));
        let reopening = tokio::spawn(reopen(Arc::clone(&node)));
        let log = tokio::spawn(log::tend(Arc::clone(&node), Arc::clone(&peers)));
        let processing = tokio::spawn(processing.keep(Arc::clone(&node)));
        let saved = tokio::spawn(ask_saved_searches(Arc::clone(&node)));
        let syncing = tokio::spawn(syncs::tend(Arc::clone(&node), parts.syncs));
        let tasks = [
            greeting, looking, sweeping, clock, database, delivering, applying, gathering, people, log, reopening, processing, saved,
            syncing,
        ];
        Ok(Self { node, client, peer, operator, readiness, server, peers, to_collector, tasks })
    }

    /// Visits every other member who takes part, and takes in the register of those whose is ahead.
    pub async fn visit_everyone(&self) -> Vec<Visit> {
        let register = self.node.register();
        let visits = self.peers.visit_all(others(&self.node)).await;
        let ours = register.adopted();
        let ahead = |visit: &&Visit| {
            visit.said.as_ref().is_ok_and(|now| {
                let theirs = &now.register;
                (theirs.root, theirs.epoch, theirs.version) > (ours.root, ours.epoch, ours.version)
                    || theirs.fresh_until > register.fresh_until()
            })
        };
        for visit in visits.iter().filter(ahead).take(MOST_CAUGHT_UP) {
            // What does not hold is logged where it is refused; the others may have it.
            if let Err(error) = self.node.catch_up(&visit.member, &*self.peers).await {
                tracing::debug!(partner = %visit.member.partner, %error, "no register news from this partner");
            }
        }
        visits
    }

    /// Signs what is new in the log at once, and has it cosigned. It is done every few seconds anyhow. How the log stands then.
    ///
    /// # Errors
    /// When the database cannot be used, or what is kept of the log does not fit together.
    pub async fn tend_log(&self) -> Result<LogNow, LogFailed> {
        self.node.tend_log(&*self.peers, Pace::AtOnce).await
    }

    /// What of this node's expires, and when: the register, the keys that it uses, and the certificate of its client port.
    #[must_use]
    pub fn expiring(&self) -> Vec<(Expiring, Timestamp)> {
        let mut all = expiring(&self.node.register(), &self.node.home().partner, Some(self.peers.identity()));
        all.extend(self.server.client_until.map(|until| (Expiring::ClientCertificate, until)));
        all
    }

    /// Visits this node itself, at the address that the register has for it.
    pub async fn visit_self(&self) -> Option<Visit> {
        let own = self.node.register().member(&self.node.home().partner).map(Arc::clone)?;
        self.peers.visit_all(vec![own]).await.pop()
    }

    /// Takes no more requests, finishes those on their way that need no longer than some seconds, closes the database, and sends the last spans. It takes
    /// 5 s at most, whatever callers, the disk, the database and the collector do: 3 s for requests and the index's file, then 1.5 s for the rest.
    pub async fn stop(self) {
        self.readiness.set(false);
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
        // The index of a million offers takes seconds to write, and need not wait for requests: what they change is read from the database at the next start.
        tokio::join!(self.server.stop(), self.node.keep_index());
        tokio::join!(self.node.close(), self.to_collector.stop());
    }
}

async fn sweep(node: Arc<Node>) {
    loop {
        if let Err(error) = node.sweep_imports().await {
            tracing::warn!(%error, "what is kept of old imports is removed later");
        }
        if let Err(error) = node.forget_events().await {
            tracing::warn!(%error, "old events are forgotten later");
        }
        tokio::time::sleep(Duration::from_secs(SWEEP_SECONDS.unsigned_abs())).await;
    }
}

async fn deliver(node: Arc<Node>) {
    node.deliver_tombstones().await;
}

async fn deliver_applications(node: Arc<Node>) {
    node.deliver_applications().await;
}

async fn gather_again(node: Arc<Node>) {
    node.gather_again().await;
}

async fn reopen(node: Arc<Node>) {
    loop {
        if let Err(error) = node.reopen_once().await {
            tracing::warn!(%error, "partners are asked later what they hold");
        }
        tokio::time::sleep(Duration::from_secs(REOPEN_SECONDS)).await;
    }
}

async fn sweep_people(node: Arc<Node>, metrics: Arc<Metrics>) {
    loop {
        if let Err(error) = node.sweep_people().await {
            tracing::warn!(%error, "consents whose time is over are closed later");
        }
        match node.store().erasures_due().await {
            Ok(due) => metrics.erasures_due(&due, node.now()),
            Err(error) => tracing::warn!(%error, "what clients are still to erase is counted later"),
        }
        tokio::time::sleep(Duration::from_secs(PEOPLE_SECONDS)).await;
    }
}

async fn ask_saved_searches(node: Arc<Node>) {
    loop {
        if let Err(error) = node.ask_saved_searches().await {
            tracing::warn!(%error, "saved searches are asked later");
        }
        tokio::time::sleep(Duration::from_secs(SAVED_SECONDS)).await;
    }
}

/// How often a node looks whether its clock was set, so that its operator hears of it before anyone asks.
const CLOCK: Duration = Duration::from_secs(1);

async fn watch_clock(node: Arc<Node>) {
    loop {
        // It is logged, and told to whoever asks.
        let _ = node.look_at_clock();
        tokio::time::sleep(CLOCK).await;
    }
}

/// From how many members who are ahead register news is fetched in one round of visits: any one that holds is enough.
const MOST_CAUGHT_UP: usize = 3;

/// The other members who take part.
fn others(node: &Node) -> Vec<Arc<Member>> {
    let (register, own) = (node.register(), &node.home().partner);
    register.members().iter().filter(|member| member.partner != *own && member.status == Status::Active).map(Arc::clone).collect()
}

async fn greet(node: Arc<Node>, peers: Arc<HttpPeers>) {
    let others = others(&node);
    futures::future::join_all(others.iter().map(|member| news::greet(&node, &peers, member))).await;
    // What was sent while this node was away is here before its senders try again.
    node.fetch_tombstones().await;
}
