//! A node: what it holds.

mod opening;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use polder_consent::{Budget, Policy};
use polder_index::{Index, Snapshot};
use polder_model::{PartnerId, Timestamp};
use polder_store::people::Openness;
use polder_store::{Store, StoreError};
use polder_trust::keys::SigningKey;
use polder_trust::register::{Register, SharedRegister};

use crate::clock::Clock;
use crate::clock_guard::ClockGuard;
use crate::duties::Duties;
use crate::index_file::{Ending, IndexFile};
use crate::log::LogDesk;
use crate::peers::Peers;
use crate::people::Basis;
use crate::people::{Asking, Delivery, Flights, Gathering, Noted, is_awaited};
use crate::register_news::{Keeper, OtherKeepers};
use crate::searches::Searches;
use crate::syncs::Source;
use crate::tables::Tables;
use crate::traces::Traces;

/// The name of the machine's own operator as a client.
pub use polder_store::clients::OPERATOR;

/// Whose node this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The partner.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it has its seat, as its workers read.
    pub address: Option<String>,
    /// How people reach it about their data: an e-mail address or a page.
    pub contact: Option<String>,
    /// On which basis it keeps profiles, and asks for workers; no consent record says that.
    pub basis: Option<Basis>,
}

impl Home {
    /// That partner, of which nothing is known but its name.
    #[must_use]
    pub const fn named(partner: PartnerId, name: String) -> Self {
        Self { partner, name, address: None, contact: None, basis: None }
    }
}

/// A node at work: one partner's offers, and its view of the federation.
pub struct Node {
    home: Home,
    store: Store,
    index: Arc<Index>,
    index_file: Arc<IndexFile>,
    _keeping: Ending,
    register: SharedRegister,
    data: PathBuf,
    keeper: Keeper,
    other_keepers: OtherKeepers,
    peers: Arc<dyn Peers>,
    clock: Arc<dyn Clock>,
    clock_guard: ClockGuard,
    searches: Searches,
    tables: Tables,
    duties: Duties,
    traces: Traces,
    flights: Arc<Flights>,
    delivery: Delivery,
    gathering: Gathering,
    applications: tokio::sync::Notify,
    asking: Asking,
    openness: Mutex<Openness>,
    noted: Noted,
    policy: Policy,
    clients: Vec<String>,
    signing: Option<Arc<SigningKey>>,
    log: LogDesk,
    sources: Vec<Source>,
}

/// Everyone else in the register who is not out, also those who are suspended: whoever may hold a copy, or have given one.
pub(crate) fn others(register: &Register, own: &PartnerId) -> Vec<PartnerId> {
    let awaited = register.members().iter().filter(|member| member.partner != *own && is_awaited(member));
    awaited.map(|member| member.partner.clone()).collect()
}

/// Time for the database to be closed. A server that is away is not waited for.
const CLOSING: Duration = Duration::from_millis(1_500);

impl Node {
    /// The same node, whose work is told there.
    #[must_use]
    pub fn traced(self, traces: Traces) -> Self {
        Self { traces, ..self }
    }

    /// The same node, which signs what it says for others to keep with that key: the message key that the register has for its partner. Without one it
    /// signs nothing.
    #[must_use]
    pub fn signing(self, key: Arc<SigningKey>) -> Self {
        Self { signing: Some(key), ..self }
    }

    /// The same node, whose log so many others have to cosign; fewer, where there are fewer.
    #[must_use]
    pub fn cosigned_by(self, quorum: usize) -> Self {
        Self { log: self.log.with_quorum(quorum), ..self }
    }

    /// What this process remembers of its log.
    pub(crate) fn log(&self) -> &LogDesk {
        &self.log
    }

    /// The key that signs what is kept; `None` where this node signs nothing.
    #[must_use]
    pub fn signing_key(&self) -> Option<&SigningKey> {
        self.signing.as_deref()
    }

    /// The same node, of whose people one partner may learn so much in a day.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { policy: Policy { budget, ..self.policy }, ..self }
    }

    /// The same node, whose partner decided so about people's data.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// The same node, with these clients of its partner in the place of those that are registered: whoever may have a copy of somebody.
    #[must_use]
    pub fn with_clients(self, clients: Vec<String>) -> Self {
        Self { clients, ..self }
    }

    /// The same node, which reads these course systems.
    #[must_use]
    pub fn with_sources(self, sources: Vec<Source>) -> Self {
        Self { sources, ..self }
    }

    /// The course systems that this node reads.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The names of all clients of this node that may have a copy of somebody.
    pub(crate) async fn clients(&self) -> Result<Vec<String>, StoreError> {
        if self.clients.is_empty() { self.store.clients_of_people().await } else { Ok(self.clients.clone()) }
    }

    /// What its partner decided about people's data.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Answers about people that are on their way.
    pub(crate) fn flights(&self) -> &Arc<Flights> {
        &self.flights
    }

    /// Tombstones on their way.
    pub(crate) fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Questions to recipients what they hold, on their way.
    pub(crate) fn gathering(&self) -> &Gathering {
        &self.gathering
    }

    /// Told when a worker applies.
    pub(crate) fn applications(&self) -> &tokio::sync::Notify {
        &self.applications
    }

    /// Which partners a restored node has asked, and when it asks again.
    pub(crate) fn asking(&self) -> &Asking {
        &self.asking
    }

    /// How far this node was open when this process last looked, which it does every second.
    #[must_use]
    pub fn openness_now(&self) -> Openness {
        self.openness.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn found_openness(&self, found: &Openness) {
        self.openness.lock().unwrap_or_else(PoisonError::into_inner).clone_from(found);
    }

    /// When the journal noted last how far the database is.
    pub(crate) fn noted(&self) -> &Noted {
        &self.noted
    }

    /// Where this node's work is told.
    #[must_use]
    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    /// Writes the index to its file where something changed, for a fast start of the next one. It ends in time whatever the disk and the database do
    /// ([`crate::Keeping::at_stop`], and half a second more), and is the last time.
    pub async fn keep_index(&self) {
        self.index_file.write_at_stop().await;
    }

    /// Closes the database. What is queued is stored before, unless the database is away.
    pub async fn close(&self) {
        let closing = async {
            self.duties.give_back(&self.store).await;
            self.store.close().await;
        };
        if tokio::time::timeout(CLOSING, closing).await.is_err() {
            tracing::warn!("the database was not closed in time; nothing that was acknowledged is lost");
        }
    }

    /// Whose node this is.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The background work that this process does for all replicas.
    pub(crate) fn duties(&self) -> &Duties {
        &self.duties
    }

    /// The register in force.
    #[must_use]
    pub fn register(&self) -> Arc<Register> {
        self.register.current()
    }

    /// The register as everything in this node shares it.
    #[must_use]
    pub fn shared_register(&self) -> &SharedRegister {
        &self.register
    }

    /// The store, for reading back what this partner's own clients put there.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn searches(&self) -> &Searches {
        &self.searches
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    pub(crate) fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    pub(crate) fn other_keepers(&self) -> &OtherKeepers {
        &self.other_keepers
    }

    /// The directory for what people read.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// The index of this partner's offers as it is now.
    #[must_use]
    pub fn indexed(&self) -> Arc<Snapshot> {
        self.index.snapshot()
    }

    pub(crate) fn clock_guard(&self) -> &ClockGuard {
        &self.clock_guard
    }

    pub(crate) fn peers(&self) -> &dyn Peers {
        &*self.peers
    }

    /// The clock of this node.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The present instant by this node's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
