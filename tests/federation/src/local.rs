//! Nodes that reach each other in memory, by way of the JSON that would travel.

mod peers;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use polder_consent::{Budget, Policy};
use polder_exchange::log::Pace;
use polder_exchange::{Clock, Home, Node, Peers, Place};
use polder_model::{PartnerId, Timestamp};
use polder_store::{Database, Store};
use polder_trust::register::{Register, SharedRegister};

use crate::offers::PARTNERS;
use crate::register;
use peers::Nodes;
pub use peers::{BeforeDocuments, LocalPeers};

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
        put_empty_database(&self.database(number)).await;
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

/// Puts an empty database where there is none. To make its tables takes longer than most federations last: that is done once, and copied.
async fn put_empty_database(path: &Path) {
    static EMPTY: tokio::sync::OnceCell<Vec<u8>> = tokio::sync::OnceCell::const_new();
    if path.exists() {
        return;
    }
    let made = EMPTY.get_or_init(|| async {
        let directory = tempfile::tempdir_in(fast_directory()).expect("a temporary directory");
        let file = directory.path().join("empty.db");
        Store::open(file.as_path(), Arc::new(|_| {})).await.expect("a store opens").close().await;
        std::fs::read(&file).expect("read")
    });
    std::fs::write(path, made.await).expect("written");
}

/// Memory-backed where the machine has it: these tests open thousands of databases.
#[must_use]
pub fn fast_directory() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}
