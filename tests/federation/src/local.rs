//! Nodes that reach each other in memory, by way of the JSON that would travel.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock, Weak};
use std::time::Duration;

use futures::future::BoxFuture;
use polder_exchange::{Clock, Home, Node, PeerFailure, Peers, Received};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason};
use polder_model::query::Query;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Member, SharedRegister};

use crate::offers::PARTNERS;

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

type Nodes = Arc<OnceLock<HashMap<PartnerId, Weak<Node>>>>;

/// What happens at a peer just before it is asked for documents.
pub type BeforeDocuments = Arc<dyn Fn(PartnerId, Arc<DocumentsRequest>) -> BoxFuture<'static, ()> + Send + Sync>;

/// Peers within this process.
pub struct LocalPeers {
    me: PartnerId,
    nodes: Nodes,
    before_documents: Arc<RwLock<Option<BeforeDocuments>>>,
}

impl LocalPeers {
    fn node(&self, of: &PartnerId) -> Result<Arc<Node>, PeerFailure> {
        let node = self.nodes.get().and_then(|nodes| nodes.get(of)).and_then(Weak::upgrade);
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
}

/// Some nodes with a register of their own.
pub struct Federation {
    /// The nodes.
    pub nodes: Vec<Arc<Node>>,
    /// The clock that all of them read.
    pub clock: Arc<ManualClock>,
    before_documents: Arc<RwLock<Option<BeforeDocuments>>>,
    directory: tempfile::TempDir,
}

impl Federation {
    /// Opens `count` nodes (1–8) with empty databases.
    ///
    /// # Panics
    /// When a node cannot be opened.
    pub async fn open(count: usize, now: Timestamp) -> Self {
        let directory = tempfile::tempdir_in(fast_directory()).expect("a temporary directory");
        let clock = Arc::new(ManualClock::at(now));
        let before_documents = Arc::new(RwLock::new(None));
        let addresses: Nodes = Arc::new(OnceLock::new());
        let mut nodes = Vec::new();
        for name in &PARTNERS[..count] {
            let me: PartnerId = name.parse().expect("a partner id");
            let peers = LocalPeers { me: me.clone(), nodes: Arc::clone(&addresses), before_documents: Arc::clone(&before_documents) };
            let path = directory.path().join(format!("{}.db", nodes.len()));
            nodes.push(Arc::new(open_node(me, &path, count, Arc::new(peers), Arc::<ManualClock>::clone(&clock)).await));
        }
        let by_partner = nodes.iter().map(|node| (node.home().partner.clone(), Arc::downgrade(node))).collect();
        assert!(addresses.set(by_partner).is_ok(), "set once");
        Self { nodes, clock, before_documents, directory }
    }

    /// Where the nodes keep what people read: one directory for all.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Does something at a peer whenever it is about to be asked for documents; `None` does nothing.
    pub fn before_documents(&self, action: Option<BeforeDocuments>) {
        if let Ok(mut before) = self.before_documents.write() {
            *before = action;
        }
    }
}

async fn open_node(partner: PartnerId, path: &Path, count: usize, peers: Arc<dyn Peers>, clock: Arc<dyn Clock>) -> Node {
    let home = Home { name: format!("Partner {partner}"), partner };
    let register = SharedRegister::new(crate::register::of(&PARTNERS[..count], clock.now()));
    Node::open(home, path, register, peers, clock).await.expect("a node opens")
}

/// Memory-backed where the machine has it: these tests open thousands of databases.
fn fast_directory() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}
