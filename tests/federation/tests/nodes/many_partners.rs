//! More partners than are asked at the same time: the others follow as places free up, or are named as not asked.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use polder_consent::WorkerId;
use polder_consent::holdings::{Holdings, HoldingsRequest};
use polder_consent::request::{ConsentRequest, ConsentStanding};
use polder_exchange::Clock;
use polder_exchange::ask::MOST_ASKED;
use polder_exchange::people::{Access, Delivered, HoldingsState, Recollection, RecollectionAsked};
use polder_exchange::{Home, Node, PeerFailure, Peers, Received, SystemClock};
use polder_federation_tests::local::{ManualClock, fast_directory};
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::people::{self, MATCHED};
use polder_federation_tests::register::{self, Region};
use polder_model::answer::{Answer, Documents, DocumentsRequest, MissingReason, People, QueryResult};
use polder_model::application::{Application, ApplicationStanding};
use polder_model::contact::{Contact, ContactRequest};
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use polder_model::{Kind, PartnerId, Purpose};
use polder_trust::register::{Member, SharedRegister};

const PARTNERS: usize = 2 * MOST_ASKED;

/// Peers that have no offers, hold nothing of anybody, and take their time.
#[derive(Default)]
struct Slow {
    takes: Duration,
    /// Who never replies to what is asked of people.
    hang: Mutex<HashSet<PartnerId>>,
    now: AtomicUsize,
    most: AtomicUsize,
    asked: AtomicUsize,
}

impl Slow {
    /// Works for as long as that takes; counted as long as it does.
    async fn work(&self, takes: Duration) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        let _working = Working(&self.now);
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(takes).await;
    }

    /// How many were asked at the same time, and how many in all, since this was looked at last.
    fn counted(&self) -> (usize, usize) {
        (self.most.swap(0, Ordering::SeqCst), self.asked.swap(0, Ordering::SeqCst))
    }
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
            self.work(self.takes).await;
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

    fn application(
        &self,
        to: Arc<Member>,
        application: Arc<Application>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ApplicationStanding, PeerFailure>> {
        NoPeers.application(to, application, deadline)
    }

    fn tombstones(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<Delivered, PeerFailure>> {
        Box::pin(async move {
            self.work(self.takes).await;
            NoPeers.tombstones(to, evidence, deadline).await
        })
    }

    fn holdings(&self, to: Arc<Member>, request: HoldingsRequest, _: Duration) -> BoxFuture<'_, Result<Holdings, PeerFailure>> {
        Box::pin(async move {
            let hangs = self.hang.lock().expect("a lock").contains(&to.partner);
            self.work(if hangs { Duration::from_secs(600) } else { self.takes }).await;
            Ok(Holdings { handle: request.handle, copies: Vec::new(), erasing: Vec::new(), retained: Vec::new(), more: false })
        })
    }

    fn consent_request(
        &self,
        to: Arc<Member>,
        request: Arc<ConsentRequest>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<ConsentStanding, PeerFailure>> {
        NoPeers.consent_request(to, request, deadline)
    }

    fn recollections(
        &self,
        to: Arc<Member>,
        asked: RecollectionAsked,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Recollection, PeerFailure>> {
        Box::pin(async move {
            self.work(self.takes).await;
            NoPeers.recollections(to, asked, deadline).await
        })
    }

    fn owed(&self, _: Arc<Member>, _: u64, _: Duration) -> BoxFuture<'_, Result<Vec<String>, PeerFailure>> {
        Box::pin(async move {
            self.work(self.takes).await;
            Ok(Vec::new())
        })
    }

    fn acknowledgements(&self, to: Arc<Member>, evidence: Vec<String>, deadline: Duration) -> BoxFuture<'_, Result<(), PeerFailure>> {
        NoPeers.acknowledgements(to, evidence, deadline)
    }
}

fn ids() -> Vec<String> {
    (0..PARTNERS).map(|number| format!("kvk:{:08}", 10_000_000 + number)).collect()
}

/// Asks a federation of which every other partner takes that long; also says how many were asked at the same time, and how many in all.
async fn ask(takes: Duration, deadline_ms: u32) -> (QueryResult, usize, usize) {
    let directory = tempfile::tempdir().expect("a directory");
    let ids = ids();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let home = Home::named(names[0].parse().expect("a partner"), "Vrager".to_owned());
    let peers = Arc::new(Slow { takes, ..Slow::default() });
    let register = SharedRegister::new(register::of(&names, SystemClock.now()));
    let path = directory.path().join("node.db");
    let node = Node::open(home, &path, register, Arc::<Slow>::clone(&peers), Arc::new(SystemClock)).await.expect("a node");
    let request = QueryRequest { deadline_ms: Some(deadline_ms), ..QueryRequest::new(Kind::Vacancy) };
    let result = node.ask(&request, &polder_federation_tests::operator(), None).await.expect("asked");
    let (at_once, asked) = peers.counted();
    (result, at_once, asked)
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

/// A node of whose workers every other partner received something.
struct Seen {
    node: Node,
    peers: Arc<Slow>,
    clock: Arc<ManualClock>,
    register: SharedRegister,
    region: Region,
    workers: Vec<WorkerId>,
    _directory: tempfile::TempDir,
}

impl Seen {
    async fn by_everyone(workers: usize) -> Self {
        let (directory, ids) = (tempfile::tempdir_in(fast_directory()).expect("a directory"), ids());
        let all = ids.iter().map(|id| Member { purposes: Purpose::ALL.to_vec(), ..register::member(id) });
        let (region, clock) = (Region::new(all.collect()), Arc::new(ManualClock::at(people::morning())));
        let peers = Arc::new(Slow { takes: Duration::from_millis(50), ..Slow::default() });
        let home = Home::named(ids[0].parse().expect("a partner"), "Bron".to_owned());
        let register = SharedRegister::new(region.register(clock.now()));
        let (path, to, now) = (directory.path().join("node.db"), Arc::<Slow>::clone(&peers), Arc::<ManualClock>::clone(&clock));
        let node = Node::open(home, &path, register.clone(), to, now).await.expect("a node");
        let node = node.signing(register::message_key(&ids[0]));
        let mut seen = Self { node, peers, clock, register, region, workers: Vec::new(), _directory: directory };
        let members = seen.others();
        let recipients: Vec<&PartnerId> = members.iter().map(|member| &member.partner).collect();
        for number in 0..workers {
            let worker = people::put(&seen.node, &format!("P-{number}"), &people::profile("Monteur")).await;
            people::give(&seen.node, worker, &people::decision(&recipients, &MATCHED)).await.expect("given");
            seen.workers.push(worker);
        }
        people::vacancy(&seen.node, "V-1").await;
        for member in &members {
            let query = Query { asker: member.partner.clone(), ..seen.node.self_contained(&people::request("V-1")).expect("a query") };
            let answer = seen.node.answer_about_people(member, &Arc::new(query)).await.expect("answered").into_parts().0;
            assert_eq!(answer.people.len(), workers);
        }
        seen
    }

    fn others(&self) -> Vec<Arc<Member>> {
        self.node.register().members().iter().filter(|member| member.partner != self.node.home().partner).cloned().collect()
    }

    fn hang(&self, partners: &[Arc<Member>]) {
        *self.peers.hang.lock().expect("a lock") = partners.iter().map(|member| member.partner.clone()).collect();
    }

    async fn count(&self, worker: usize, state: HoldingsState) -> usize {
        let access: Access = self.node.access(self.workers[worker]).await.expect("put together");
        access.partners.iter().filter(|held| held.state == state).count()
    }
}

#[tokio::test]
async fn what_partners_hold_is_asked_of_so_many_at_the_same_time() {
    let seen = Seen::by_everyone(1).await;
    seen.node.gather_holdings(seen.workers[0]).await.expect("asked");
    assert_eq!(seen.count(0, HoldingsState::Answered).await, PARTNERS - 1);
    assert_eq!(seen.peers.counted(), (MOST_ASKED, PARTNERS - 1));
}

#[tokio::test]
async fn whoever_does_not_say_what_they_hold_keeps_nobody_else_waiting() {
    const HANG: usize = 24;
    let mut seen = Seen::by_everyone(2).await;
    let (others, healthy) = (seen.others(), PARTNERS - 1 - HANG);
    seen.hang(&others[..HANG]);
    // A worker who waits has a reply in five seconds; the others had all answered long before.
    let began = Instant::now();
    let asking = seen.node.gather_holdings(seen.workers[0]);
    tokio::pin!(asking);
    assert!(tokio::time::timeout(Duration::from_secs(3), &mut asking).await.is_err(), "some do not answer");
    assert_eq!(seen.count(0, HoldingsState::Answered).await, healthy);
    asking.await.expect("asked");
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    assert_eq!((seen.count(0, HoldingsState::Awaited).await, seen.peers.counted().1), (HANG, PARTNERS - 1));
    // Another worker, right after: those are left alone for a moment, and asked again later.
    let began = Instant::now();
    seen.node.gather_holdings(seen.workers[1]).await.expect("asked");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!((seen.count(1, HoldingsState::Answered).await, seen.peers.counted().1), (healthy, healthy));

    // Whoever answers again is asked in the second round at the latest, and says everything then, however many others hang; one that has left is waited
    // for by nobody.
    const BACK: usize = 4;
    seen.hang(&others[..HANG - BACK]);
    seen.region.change(|members| members.members.retain(|member| member.partner != others[0].partner));
    seen.register.adopt(seen.region.register(seen.clock.now()));
    for _ in 0..2 {
        seen.clock.pass(Duration::from_secs(30));
        let began = Instant::now();
        seen.node.gather_once().await.expect("asked");
        assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
        let (at_once, asked) = seen.peers.counted();
        assert!((1..=16).contains(&at_once) && asked <= 2 * HANG, "{at_once} at the same time, {asked} in all");
    }
    for worker in [0, 1] {
        assert_eq!(seen.count(worker, HoldingsState::Answered).await, healthy + BACK);
        assert_eq!(seen.count(worker, HoldingsState::Left).await, 1);
    }
}

#[tokio::test]
async fn what_is_owed_goes_to_so_many_at_the_same_time() {
    let seen = Seen::by_everyone(1).await;
    seen.node.withdraw_all(seen.workers[0]).await.expect("withdrawn");
    assert_eq!(seen.node.deliver_once().await.expect("tried"), 0);
    assert_eq!(seen.peers.counted(), (MOST_ASKED, PARTNERS - 1));
    assert_eq!(seen.node.deliver_once().await.expect("tried"), 0);
    assert_eq!(seen.peers.counted(), (0, 0), "they did not answer, and are left alone for a moment");
    seen.clock.pass(Duration::from_secs(30));
    // So does what goes on by itself: whoever had no place is told as soon as there is one.
    let told = async {
        while seen.peers.asked.load(Ordering::SeqCst) < PARTNERS - 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = seen.node.deliver_tombstones() => {}
        done = tokio::time::timeout(Duration::from_millis(900), told) => done.expect("before the next round begins"),
    }
    assert_eq!(seen.peers.counted(), (MOST_ASKED, PARTNERS - 1));
}

#[tokio::test]
async fn a_restored_node_asks_so_many_at_the_same_time() {
    let seen = Seen::by_everyone(1).await;
    assert_eq!(seen.node.fetch_tombstones().await, 0);
    assert_eq!(seen.peers.counted(), (16, PARTNERS - 1));
    seen.node.store().say_restored(seen.clock.now()).await.expect("said");
    seen.clock.pass(Duration::from_secs(1));
    assert_eq!(seen.node.reopen_once().await.expect("begun"), []);
    seen.clock.pass(Duration::from_secs(200));
    seen.peers.counted();
    assert_eq!(seen.node.reopen_once().await.expect("asked"), []);
    // Each is asked what it owes, and what it holds.
    assert_eq!(seen.peers.counted(), (16, 2 * (PARTNERS - 1)));
}
