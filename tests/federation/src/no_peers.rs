//! The way to nobody.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_exchange::{PeerFailure, Peers, Received};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason};
use polder_model::query::Query;
use polder_trust::register::Member;

/// Whoever is asked cannot be reached.
pub struct NoPeers;

impl Peers for NoPeers {
    fn query(&self, _: Arc<Member>, _: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn documents(&self, _: Arc<Member>, _: Arc<DocumentsRequest>, _: Duration) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }
}
