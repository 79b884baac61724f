//! How a node reaches its peers: a trait, so that a whole federation runs in one process, over TLS or inside a simulation.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason};
use polder_model::query::Query;
use polder_trust::register::Member;

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
}

impl PeerFailure {
    /// A failure.
    pub fn new(reason: MissingReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), evidence: String::new() }
    }

    /// The same failure with what would prove it.
    #[must_use]
    pub fn with_evidence(self, evidence: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), ..self }
    }
}
