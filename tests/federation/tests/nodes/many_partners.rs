//! More partners than are asked at the same time: the others follow as places free up, or are named as not asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use polder_exchange::Clock;
use polder_exchange::ask::MOST_ASKED;
use polder_exchange::people::{Delivered, Recollection, RecollectionAsked};
use polder_exchange::{Home, Node, PeerFailure, Peers, Received, SystemClock};
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::register;
use polder_model::Kind;
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People, QueryResult};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use polder_trust::register::{Member, SharedRegister};

const PARTNERS: usize = 2 * MOST_ASKED;

/// Peers that have no offers and take their time.
struct Slow {
    takes: Duration,
    now: AtomicUsize,
    most: AtomicUsize,
    asked: AtomicUsize,
}

/// A question that a peer works on; given up, it is worked on no more.
struct Working<'s>(&'s AtomicUsize);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Peers for Slow {
    fn query(&self, to: Arc<Member>, query: Arc<Query>, _: Duration) -> BoxFuture<'_, Result<Received<Answer>, PeerFailure>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            let _working = Working(&self.now);
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            let (query_id, partner, began_at) = (query.id.clone(), to.partner.clone(), query.as_of);
            Ok(Received { reply: Answer { query_id, partner, began_at, more: false, hits: Vec::new() }, evidence: String::new() })
        })
    }

    fn documents(&self, _: Arc<Member>, _: Arc<DocumentsRequest>, _: Duration) -> BoxFuture<'_, Result<Received<Documents>, PeerFailure>> {
        Box::pin(async { Err(PeerFailure::new(MissingReason::Refused, "there are none")) })
    }

    fn people(&self, to: Arc<Member>, query: Arc<Query>, deadline: Duration) -> BoxFuture<'_, Result<Received<People>, PeerFailure>> {
        NoPeers.people(to, query, deadline)
    }

    fn contact(
        &self,
        to: Arc<Member>,
        request: Arc<ContactRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Option<Contact>, PeerFailure>> {
        NoPeers.contact(to, request, deadline)
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        NoPeers.tombstones(to, evidence, deadline)
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        NoPeers.recollections(to, asked, deadline)
    }

    fn owed(&self, to: Arc<Member>, after: u64, deadline: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        NoPeers.owed(to, after, deadline)
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        NoPeers.acknowledgements(to, evidence, deadline)
    }
}

/// Asks a federation of which every other partner takes that long; also says how many were asked at the same time, and how many in all.
async fn ask(takes: Duration, deadline_ms: u32) -> (QueryResult, usize, usize) {
    let directory = tempfile::tempdir().expect("a directory");
    let ids: Vec<String> = (0..PARTNERS).map(|number| format!("kvk:{:08}", 10_000_000 + number)).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let home = Home::named(names[0].parse().expect("a partner"), "Vrager".to_owned());
    let peers = Arc::new(Slow { takes, now: AtomicUsize::new(0), most: AtomicUsize::new(0), asked: AtomicUsize::new(0) });
    let register = SharedRegister::new(register::of(&names, SystemClock.now()));
    let path = directory.path().join("node.db");
    let node = Node::open(home, &path, register, Arc::<Slow>::clone(&peers), Arc::new(SystemClock)).await.expect("a node");
    let request = QueryRequest { deadline_ms: Some(deadline_ms), ..QueryRequest::new(Kind::Vacancy) };
    let result = node.ask(&request, &polder_federation_tests::operator(), None).await.expect("asked");
    (result, peers.most.load(Ordering::SeqCst), peers.asked.load(Ordering::SeqCst))
}

#[tokio::test]
async fn the_rest_is_asked_as_places_free_up() {
    let (result, at_once, asked) = ask(Duration::from_millis(50), 10_000).await;
    assert_eq!((result.answered.len(), result.missing.len(), result.complete), (PARTNERS, 0, true), "{:?}", result.missing);
    // The node asks itself too, and that place is free again before any other.
    assert_eq!((at_once, asked), (MOST_ASKED, PARTNERS - 1));
}

#[tokio::test]
async fn who_never_had_a_turn_is_named_as_not_asked() {
    let (result, at_once, asked) = ask(Duration::from_secs(60), 400).await;
    let count = |reason| result.missing.iter().filter(|missing| missing.reason == reason).count();
    assert_eq!((at_once, asked), (MOST_ASKED, MOST_ASKED));
    assert_eq!(result.answered.len(), 1, "the node itself answered");
    assert_eq!(
        (count(MissingReason::Slow), count(MissingReason::NotAsked)),
        (MOST_ASKED, PARTNERS - 1 - MOST_ASKED),
        "{:?}",
        result.missing
    );
    assert!(!result.complete && result.ms <= 450, "the deadline was 400 ms: {} ms", result.ms);
}
