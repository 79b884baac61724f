//! Nodes that reach each other in memory, by way of the JSON that would travel.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, RwLock, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_consent::{Budget, Policy};
use polder_exchange::log::{LogPeers, Pace, WitnessRefused, WitnessReply};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{AnswerRefused, Clock, Home, Node, PeerFailure, Peers, Place, Received};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::problem::ProblemType;
use polder_model::query::Query;
use polder_model::{PartnerId, Timestamp};
use polder_store::Database;
use polder_trust::log::Refused;
use polder_trust::register::{Member, Register, SharedRegister};

use crate::offers::PARTNERS;
use crate::register;

/// A clock that tests move: what it shows, and the steady time beside it, in microseconds.
#[derive(Debug)]
pub struct ManualClock {
    shows: AtomicI64,
    steady: AtomicU64,
}

impl ManualClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { shows: AtomicI64::new(now.micros()), steady: AtomicU64::new(0) }
    }

    /// Sets the clock. The steady time stays.
    pub fn set(&self, now: Timestamp) {
        self.shows.store(now.micros(), Ordering::SeqCst);
    }

    /// Lets time pass, for both.
    pub fn pass(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.steady.fetch_add(micros, Ordering::SeqCst);
        self.shows.fetch_add(i64::try_from(micros).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.shows.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Duration {
        Duration::from_micros(self.steady.load(Ordering::SeqCst))
    }
}

type Nodes = Arc<RwLock<HashMap<PartnerId, Weak<Node>>>>;

/// What happens at a peer just before it is asked for documents.
pub type BeforeDocuments = Arc<dyn Fn(PartnerId, Arc<DocumentsRequest>) -> BoxFuture<'static, ()> + Send + Sync>;

/// Peers within this process.
pub struct LocalPeers {
    me: PartnerId,
    nodes: Nodes,
    before_documents: Arc<RwLock<Option<BeforeDocuments>>>,
    of_before: Arc<AtomicBool>,
}

impl LocalPeers {
    fn node(&self, of: &PartnerId) -> Result<Arc<Node>, PeerFailure> {
        let node = self.nodes.read().ok().and_then(|nodes| nodes.get(of).and_then(Weak::upgrade));
        node.ok_or_else(|| PeerFailure::new(MissingReason::Unreachable, "no such node"))
    }

    fn as_member(&self, at: &Node) -> Result<Arc<Member>, PeerFailure> {
        let register = at.register();
        let found = register.members().iter().find(|member| member.partner == self.me).cloned();
        found.ok_or_else(|| PeerFailure::new(MissingReason::NotAMember, "not in the register"))
    }
}

fn refused(error: impl std::fmt::Display) -> PeerFailure {
    PeerFailure::new(MissingReason::Refused, error.to_string())
}

/// What the peer interface makes of a refusal.
fn answer_refused(error: &AnswerRefused) -> PeerFailure {
    let reason = match error {
        AnswerRefused::BudgetSpent => MissingReason::BudgetSpent,
        AnswerRefused::NoDisclosure(_) => MissingReason::NoDisclosure,
        _ => MissingReason::Refused,
    };
    let problem = matches!(error, AnswerRefused::PurposeNotAllowed).then_some(ProblemType::PurposeNotAllowed);
    PeerFailure::new(reason, error.to_string()).with_problem(problem)
}

fn over_the_wire<T: serde::Serialize, U: serde::de::DeserializeOwned>(value: &T) -> Result<U, PeerFailure> {
    let text = serde_json::to_string(value).map_err(refused)?;
    serde_json::from_str(&text).map_err(refused)
}

impl Peers for LocalPeers {
    fn query(&self, to: Arc<Member>, query: Arc<Query>, _deadline: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async move {
            let node = self.node(&to.partner)?;
            let bytes = serde_json::to_vec(&*query).map_err(refused)?;
            let query = Query::parse(&bytes).map_err(|findings| refused(format!("{findings:?}")))?;
            let released = node.answer(&*self.as_member(&node)?, &Arc::new(query)).await.map_err(refused)?;
            Ok(Received { reply: over_the_wire(&released.into_inner())?, evidence: String::new() })
        })
    }

    fn documents(
        &self,
        to: Arc<Member>,
        request: Arc<DocumentsRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async move {
            let before = self.before_documents.read().ok().and_then(|before| before.clone());
            if let Some(before) = before {
                before(to.partner.clone(), Arc::clone(&request)).await;
            }
            let node = self.node(&to.partner)?;
            let request: DocumentsRequest = over_the_wire(&*request)?;
            let released = node.documents(&*self.as_member(&node)?, &request).await.map_err(refused)?;
            Ok(Received { reply: over_the_wire(&released.into_inner())?, evidence: String::new() })
        })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, _deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let bytes = serde_json::to_vec(&*query).map_err(refused)?;
            let query = Query::parse(&bytes).map_err(|findings| refused(format!("{findings:?}")))?;
            let released = node.answer_about_people(&me, &Arc::new(query)).await.map_err(|error| answer_refused(&error))?;
            let (answer, _on_its_way) = released.into_parts();
            Ok(Received { reply: over_the_wire(&answer)?, evidence: String::new() })
        })
    }

    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let request: ContactRequest = over_the_wire(&*request)?;
            let released = node.answer_contact(&me, &request).await.map_err(|error| answer_refused(&error))?;
            released.map(|released| over_the_wire(&released.into_parts().0)).transpose()
        })
    }

    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let application: Application = over_the_wire(&*application)?;
            let standing = node.receive_application(&me, &application).await.map_err(|error| {
                let problem = error.problem();
                refused(error).with_problem(problem)
            })?;
            over_the_wire(&standing)
        })
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, _deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.take_tombstones(&me, &evidence).await.map_err(refused)
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            if self.of_before.load(Ordering::SeqCst) && request.about.is_some() {
                return Err(refused("unknown field `about`").with_problem(Some(ProblemType::InvalidRequest)));
            }
            let request: ConsentRequest = over_the_wire(&*request)?;
            over_the_wire(&node.answer_consent_request(&me, &request).await.map_err(|error| answer_refused(&error))?)
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, _deadline: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            over_the_wire(&node.answer_holdings(&me, over_the_wire(&request)?).await.map_err(refused)?)
        })
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        _deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            let asked: RecollectionAsked = over_the_wire(&asked)?;
            over_the_wire(&node.recollection_for(&me.partner, asked).await.map_err(refused)?)
        })
    }

    fn owed(&self, to: Arc<Member>, after: u64, _deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.tombstones_for(&me.partner, after, 100).await.map_err(refused)
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, _deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async move {
            let (node, me) = self.there(&to)?;
            node.take_acknowledgements(&me, &evidence).await.map(drop).map_err(refused)
        })
    }
}

impl LocalPeers {
    /// The other node, and who this one is there.
    fn there(&self, to: &Member) -> Result<(Arc<Node>, Arc<Member>), PeerFailure> {
        let node = self.node(&to.partner)?;
        let me = self.as_member(&node)?;
        Ok((node, me))
    }
}

impl LogPeers for LocalPeers {
    fn add_checkpoint(&self, to: Arc<Member>, submission: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        Box::pin(async move {
            match self.node(&to.partner)?.add_checkpoint(submission.as_bytes(), &self.me).await {
                Ok(line) => Ok(WitnessReply::Cosigned(line.into_bytes())),
                Err(WitnessRefused::Refused(Refused::OtherSize { size } | Refused::Forked { size, .. })) => Ok(WitnessReply::Knows(size)),
                Err(error) => Err(refused(error)),
            }
        })
    }
}

/// Some nodes with a register of their own.
pub struct Federation {
    /// The nodes.
    pub nodes: Vec<Arc<Node>>,
    /// The clock that all of them read.
    pub clock: Arc<ManualClock>,
    before_documents: Arc<RwLock<Option<BeforeDocuments>>>,
    of_before: Arc<AtomicBool>,
    addresses: Nodes,
    directory: PathBuf,
    /// Taken away with the federation, unless it was given.
    _own: Option<tempfile::TempDir>,
    register: Register,
    policy: Policy,
    /// The clients of each node that is started from now on.
    pub clients: Vec<String>,
}

impl Federation {
    /// Opens `count` nodes (1–8) with empty databases.
    ///
    /// # Panics
    /// When a node cannot be opened.
    pub async fn open(count: usize, now: Timestamp) -> Self {
        Self::open_in(count, now, register::of(&PARTNERS[..count], now), &Policy::default()).await
    }

    /// The same, with a register that lets everyone ask about people.
    ///
    /// # Panics
    /// As [`Federation::open`].
    pub async fn about_people(count: usize, now: Timestamp) -> Self {
        Self::about_people_within(count, now, Budget::default()).await
    }

    /// The same; of the people of each node one partner may learn so much in a day.
    ///
    /// # Panics
    /// As [`Federation::open`].
    pub async fn about_people_within(count: usize, now: Timestamp, budget: Budget) -> Self {
        Self::about_people_by(count, now, &Policy { budget, ..Policy::default() }).await
    }

    /// The same, whose partners decided so about people's data.
    ///
    /// # Panics
    /// As [`Federation::open`].
    pub async fn about_people_by(count: usize, now: Timestamp, policy: &Policy) -> Self {
        Self::open_in(count, now, register::about_people(&PARTNERS[..count], now), policy).await
    }

    /// The same in a directory that stays: what another process left there goes on, where both keep their keys ([`register::keep_keys_in`]).
    ///
    /// # Panics
    /// As [`Federation::open`].
    pub async fn about_people_at(directory: &Path, count: usize, now: Timestamp) -> Self {
        Self::open_at(directory.to_owned(), None, count, now, register::about_people(&PARTNERS[..count], now), &Policy::default()).await
    }

    async fn open_in(count: usize, now: Timestamp, register: Register, policy: &Policy) -> Self {
        let own = tempfile::tempdir_in(fast_directory()).expect("a temporary directory");
        Self::open_at(own.path().to_owned(), Some(own), count, now, register, policy).await
    }

    async fn open_at(
        directory: PathBuf,
        own: Option<tempfile::TempDir>,
        count: usize,
        now: Timestamp,
        register: Register,
        policy: &Policy,
    ) -> Self {
        let clock = Arc::new(ManualClock::at(now));
        let before_documents = Arc::new(RwLock::new(None));
        let mut federation = Self {
            nodes: Vec::new(),
            clock,
            before_documents,
            of_before: Arc::default(),
            addresses: Nodes::default(),
            directory,
            _own: own,
            register,
            policy: policy.clone(),
            clients: vec![polder_exchange::OPERATOR.to_owned()],
        };
        for number in 0..count {
            let node = federation.open_node(number).await;
            federation.nodes.push(node);
        }
        federation
    }

    /// Opens a node on its database, and lets the others reach it.
    async fn open_node(&self, number: usize) -> Arc<Node> {
        let me: PartnerId = PARTNERS[number].parse().expect("a partner id");
        let (nodes, before_documents) = (Arc::clone(&self.addresses), Arc::clone(&self.before_documents));
        let of_before = Arc::clone(&self.of_before);
        let peers = Arc::new(LocalPeers { me: me.clone(), nodes, before_documents, of_before });
        let (register, clock) = (self.register.clone(), Arc::<ManualClock>::clone(&self.clock));
        let opened = open_node(me.clone(), &self.database(number), register, peers, clock).await;
        let node = Arc::new(opened.with_policy(self.policy.clone()).with_clients(self.clients.clone()));
        self.addresses.write().expect("a lock").insert(me, Arc::downgrade(&node));
        node
    }

    /// Opens one more replica of a node on a store that replicas share. Nobody reaches it but whoever holds it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open_replica(&self, number: usize, database: &Database, journal: &str) -> Arc<Node> {
        let (partner, data) = (self.nodes[number].home().partner.clone(), self.directory.clone());
        let place = Place { database: database.clone(), journal: data.join(journal), data };
        let (register, clock) = (self.register.clone(), Arc::<ManualClock>::clone(&self.clock));
        let opened = open_node(partner, place, register, Arc::new(self.peers_of(number)), clock).await;
        Arc::new(opened.with_policy(self.policy.clone()))
    }

    /// The file of a node's database. Its journal stands beside it.
    #[must_use]
    pub fn database(&self, number: usize) -> PathBuf {
        self.directory.join(format!("{number}.db"))
    }

    /// Stops a node: nobody reaches it.
    ///
    /// # Panics
    /// When another test of this process has panicked.
    pub async fn stop(&self, number: usize) {
        self.addresses.write().expect("a lock").remove(&self.nodes[number].home().partner);
        self.nodes[number].close().await;
    }

    /// Starts a node that was stopped.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn start(&mut self, number: usize) {
        self.nodes[number] = self.open_node(number).await;
    }

    /// Makes a backup of a node's database: the bytes of its file.
    ///
    /// # Panics
    /// When it cannot be read, or the node not opened again.
    pub async fn back_up(&mut self, number: usize) -> Vec<u8> {
        self.stop(number).await;
        let bytes = std::fs::read(self.database(number)).expect("a database");
        self.start(number).await;
        bytes
    }

    /// Puts a backup in the place of a node's database, and starts the node on it.
    ///
    /// # Panics
    /// When it cannot be written, or the node not opened.
    pub async fn restore(&mut self, number: usize, backup: &[u8]) {
        self.stop(number).await;
        std::fs::write(self.database(number), backup).expect("written");
        for beside in ["db-wal", "db-shm"] {
            // They are there only where the database was not closed.
            let _ = std::fs::remove_file(self.database(number).with_extension(beside));
        }
        self.start(number).await;
    }

    /// The way of one of the nodes to the others.
    #[must_use]
    pub fn peers_of(&self, node: usize) -> LocalPeers {
        let (nodes, before_documents) = (Arc::clone(&self.addresses), Arc::clone(&self.before_documents));
        LocalPeers { me: self.nodes[node].home().partner.clone(), nodes, before_documents, of_before: Arc::clone(&self.of_before) }
    }

    /// Signs what is new in each log, and has it cosigned by the others.
    ///
    /// # Panics
    /// When a log cannot be tended.
    pub async fn tend_logs(&self) {
        for (number, node) in self.nodes.iter().enumerate() {
            node.tend_log(&self.peers_of(number), Pace::AtOnce).await.expect("tended");
        }
    }

    /// Where the nodes keep what people read: one directory for all.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// From now on every node is one of before, which knows of no offer for which somebody is asked.
    pub fn are_of_before(&self) {
        self.of_before.store(true, Ordering::SeqCst);
    }

    /// Does something at a peer whenever it is about to be asked for documents; `None` does nothing.
    pub fn before_documents(&self, action: Option<BeforeDocuments>) {
        if let Ok(mut before) = self.before_documents.write() {
            *before = action;
        }
    }
}

async fn open_node(partner: PartnerId, place: impl Into<Place>, register: Register, peers: Arc<dyn Peers>, clock: Arc<dyn Clock>) -> Node {
    let key = crate::register::message_key(partner.as_str());
    let name = format!("Partner {partner}");
    let home = Home::named(partner, name);
    let register = SharedRegister::new(register);
    Node::open(home, place, register, peers, clock).await.expect("a node opens").signing(key)
}

/// Memory-backed where the machine has it: these tests open thousands of databases.
#[must_use]
pub fn fast_directory() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}
