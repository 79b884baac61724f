//! The way to nobody.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::log::{LogPeers, WitnessReply};
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{PeerFailure, Peers, Received};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
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

    fn people(&self, _: Arc<Member>, _: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn contact(&self, _: Arc<Member>, _: Arc<ContactRequest>, _: Duration) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn application(&self, _: Arc<Member>, _: Arc<Application>, _: Duration) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn tombstones(&self, _: Arc<Member>, _: Vec<String>, _: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn holdings(&self, _: Arc<Member>, _: HoldingsRequest, _: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn consent_request(&self, _: Arc<Member>, _: Arc<ConsentRequest>, _: Duration) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn recollections(&self, _: Arc<Member>, _: RecollectionAsked, _: Duration) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn owed(&self, _: Arc<Member>, _: u64, _: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }

    fn acknowledgements(&self, _: Arc<Member>, _: Vec<String>, _: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }
}

impl LogPeers for NoPeers {
    fn add_checkpoint(&self, _: Arc<Member>, _: String) -> BoxFuture<'_, Result<WitnessReply, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Unreachable, "")) })
    }
}
