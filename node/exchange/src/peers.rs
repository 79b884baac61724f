//! How a node reaches its peers: a trait, so that a whole federation runs in one process, over TLS or inside a simulation.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::problem::ProblemType;
use polder_model::query::Query;
use polder_trust::register::Member;

use crate::people::{Delivered, Recollection, RecollectionAsked};

/// Carries questions to other nodes.
///
/// An implementation says who replied (by TLS and signature) before it returns. It keeps to the deadline, and stops its work when
/// the future is dropped.
pub trait Peers: Send + Sync + 'static {
    /// Sends a query.
    fn query(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>>;

    /// Fetches the documents of hits.
    fn documents(
        &self,
        to: Arc<Member>,
        request: Arc<DocumentsRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>>;

    /// Sends a question about people.
    fn people(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>>;

    /// Asks how a person can be reached; `None` where there is nobody, or no consent to it.
    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>>;

    /// Sends an application, or asks what became of one.
    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>>;

    /// Sends tombstones, whatever else was sent or refused before. What became of them.
    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>>;

    /// Asks what is held of a worker.
    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, deadline: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>>;

    /// Asks for something of a person, or looks what is in force.
    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>>;

    /// Asks what a partner holds of this node's people, or what it gave this node and ended.
    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>>;

    /// Fetches tombstones that this node is owed, after that number.
    fn owed(&self, to: Arc<Member>, after: u64, deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>>;

    /// Sends acknowledgements.
    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>>;
}

/// A reply, with what would prove later that the peer sent it.
#[derive(Clone, Debug)]
pub struct Received<T> {
    /// The reply.
    pub reply: T,
    /// The signature and digest under which it came, for the log; empty for this node's own.
    pub evidence: String,
}

/// Why a peer did not reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerFailure {
    /// For the result.
    pub reason: MissingReason,
    /// For the log; never carries criteria.
    pub detail: String,
    /// Digest and signature headers as they came, where a reply is the failure; empty otherwise.
    pub evidence: String,
    /// The problem that it replied with, where it did and we know that.
    pub problem: Option<ProblemType>,
    /// What is the matter with the connection, where that is what failed.
    pub trouble: Option<Trouble>,
}

/// What can be the matter with a connection, for people: what the system says of it is for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody takes connections at that address.
    Refused,
    /// No way leads to that address.
    NoWay,
    /// The host name leads nowhere, or to where nothing is called.
    NoName,
    /// Nothing came back in time.
    Silent,
    /// The connection was cut.
    Cut,
    /// Whoever is there has not the key that the register names, or speaks another TLS.
    NotTheirs,
    /// Something else.
    Unclear,
}

impl Trouble {
    /// Every one.
    pub const ALL: [Self; 7] = [Self::Refused, Self::NoWay, Self::NoName, Self::Silent, Self::Cut, Self::NotTheirs, Self::Unclear];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::NoWay => "no-way",
            Self::NoName => "no-name",
            Self::Silent => "silent",
            Self::Cut => "cut",
            Self::NotTheirs => "not-theirs",
            Self::Unclear => "unclear",
        }
    }
}

impl PeerFailure {
    /// A failure.
    pub fn new(reason: MissingReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), evidence: String::new(), problem: None, trouble: None }
    }

    /// The same failure with the problem that it replied with.
    #[must_use]
    pub fn with_problem(self, problem: Option<ProblemType>) -> Self {
        Self { problem, ..self }
    }

    /// The same failure with what is the matter with the connection.
    #[must_use]
    pub fn with_trouble(self, trouble: Trouble) -> Self {
        Self { trouble: Some(trouble), ..self }
    }

    /// The same failure with what would prove it.
    #[must_use]
    pub fn with_evidence(self, evidence: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), ..self }
    }
}
