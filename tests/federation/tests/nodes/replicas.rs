//! Two replicas of one node, as a peer sees them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of, vacancy};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use polder_federation_tests::register::key;
use polder_federation_tests::{people, postgres};
use polder_model::Purpose;
use polder_model::query::Query;
use polder_trust::keys::SigningKey;
use polder_trust::register::Status;
use polder_web::RunningNode;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_answer_alike_and_take_a_signed_request_once_together() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].database = postgres::database().await;
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let node = partners[0].start(register()).await;
    let replica = partners[0].start_replica(register()).await;

    let shows = Shows::Certificate(&partners[1].identity);
    // Both have one address in the register, which is what a peer signs: something before them chooses.
    let ways = [Peer::calling(&partners[0], &shows), Peer::calling(&partners[0], &shows).at(replica.peer)];
    for round in 0..6 {
        let (writer, first) = (if round % 2 == 0 { &node } else { &replica }, (round + 1) % 2);
        let put = Client::of(writer).put(&format!("/v1/vacancies/V-{round}"), vacancy("Monteur").to_string()).await;
        assert_eq!(put.status(), 201);
        let query = query(&partners[1], SystemClock.now());
        let body = || query.to_string().into_bytes();
        let headers = ways[0].signed(partners[1].identity.message_key(), "POST", QUERIES, &body(), "find-work", SystemClock.now());
        // The other one than the writer answers, with what was acknowledged there.
        let (status, text) = ways[first].call("POST", QUERIES, headers.clone(), body()).await.expect("a response");
        assert_eq!(status, 200, "{text}");
        assert!(text.contains(&format!("V-{round}")), "{text}");
        for way in [1 - first, first] {
            let (status, text) = ways[way].call("POST", QUERIES, headers.clone(), body()).await.expect("a response");
            assert_eq!((status, text.contains("urn:polder:problem:replayed")), (409, true), "{text}");
        }
    }
    replica.stop().await;
    node.stop().await;
}

/// Replicas share one register: what one takes in, the other has in the next round; and who heard of an older version later changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_register_of_replicas_goes_forward_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].database = postgres::database().await;
    let mut region = region_of(&partners);
    let first = region.clone();
    let node = partners[0].start(first.register(SystemClock.now())).await;
    let replica = partners[0].start_replica(first.register(SystemClock.now())).await;
    let version = |node: &RunningNode| node.node.register().adopted().version;
    region.change(|_| {});
    let second = region.clone();
    region.set_status(&partners[1].id, Status::Expelled);
    assert!(node.node.hear(&region.news(), "a registrar").await.expect("stored").changed);
    assert_eq!((version(&node), version(&replica)), (3, 1));

    // The other one has not looked yet, and is told of the version between.
    let heard = replica.node.hear(&second.news(), "a slow partner").await.expect("stored");
    assert_eq!((heard.changed, version(&replica)), (false, 3));
    region.change(|_| {});
    assert!(replica.node.hear(&region.news(), "a registrar").await.expect("stored").changed);
    node.node.hear_of_replicas().await.expect("read");
    assert_eq!((version(&node), version(&replica)), (4, 4));

    // What the replicas left is what the next start finds, whatever the files are.
    replica.stop().await;
    node.stop().await;
    let again = partners[0].start(first.register(SystemClock.now())).await;
    assert_eq!(version(&again), 4);
    again.stop().await;
}

/// What is to be done once, one replica does, and goes on with. When it is killed another one takes over within the time of its lease, and at once when it stops.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_replica_does_background_work() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].database = postgres::database().await;
    let start = SystemClock.now();
    let clock = Arc::new(ManualClock::at(start));
    let mut region = region_of(&partners);
    region.fresh_until = start.plus_seconds(3_600);
    let node = partners[0].start_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await;
    let replica = partners[0].start_replica_at(region.register(start), Arc::<ManualClock>::clone(&clock)).await;

    // Both look for old imports when they start, and one of them was first.
    let sweeps = async |one: &RunningNode| one.node.sweep_imports().await.expect("swept");
    let first = sweeps(&node).await;
    let (one, other) = if first { (node, replica) } else { (replica, node) };
    for round in 1..=3 {
        clock.set(start.plus_seconds(round * 500));
        assert_eq!((sweeps(&other).await, sweeps(&one).await), (false, true), "{round}");
    }
    // From now on it does nothing, as one that was killed.
    clock.set(start.plus_seconds(1_500 + 599));
    assert!(!sweeps(&other).await, "the lease still runs");
    clock.set(start.plus_seconds(1_500 + 600));
    assert_eq!((sweeps(&other).await, sweeps(&one).await), (true, false));

    let renews = async |one: &RunningNode, key: &SigningKey| one.node.renew_freshness(key, 86_400, 2 * 86_400).await.expect("renewed");
    let stranger = SigningKey::generate().expect("a key");
    assert_eq!(renews(&one, &stranger).await, None, "it is at it when it is killed");
    assert_eq!(renews(&other, key()).await, None, "the lease still runs");
    clock.set(start.plus_seconds(2_100 + 60));
    let renewed = renews(&other, key()).await;
    assert!(renewed.is_some());
    assert_eq!(renews(&one, key()).await, None, "it has heard of it, or leaves it to the other");

    other.stop().await;
    assert!(sweeps(&one).await, "who stops gives back what it had");
    one.stop().await;
}

/// A replica does not know what another has on its way: it waits until nothing can be any more, before it acknowledges a withdrawal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_replica_withdraws_no_other_has_on_its_way_any_more() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].database = postgres::database().await;
    partners.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let node = partners[0].start(register()).await;
    let replica = partners[0].start_replica(register()).await;
    let worker = people::put(&node.node, "P-1", &people::profile("Monteur")).await;
    let decision = people::decision(&[&partners[1].id], &people::MATCHED);
    let consent = people::give(&node.node, worker, &decision).await.expect("given").remove(0);
    let asker = replica.node.register().member(&partners[1].id).cloned().expect("a member");
    let mut question = query(&partners[1], SystemClock.now());
    (question["kind"], question["purpose"], question["criteria"]) = (json!("skill-offer"), json!("match-vacancy"), json!({}));
    question["about"] = json!({"kind": "vacancy", "key": "V-1"});
    let question = Arc::new(Query::parse(question.to_string().as_bytes()).expect("a query"));
    let answer = async || replica.node.answer_about_people(&asker, &question).await.expect("answered").into_parts();
    let (found, on_its_way) = answer().await;
    let on_its_way = on_its_way.expect("it carries somebody");
    assert!(found.people.len() == 1 && !on_its_way.is_cut());
    let began = Instant::now();
    let withdrawn = node.node.withdraw(worker, consent.id).await.expect("withdrawn");
    assert!(withdrawn.ended[0].owed && on_its_way.is_cut(), "no byte of it may leave once this is acknowledged");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(answer().await.0.people.is_empty(), "the other one sees it at once");
    replica.stop().await;
    node.stop().await;
}
