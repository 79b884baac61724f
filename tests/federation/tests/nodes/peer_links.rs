//! Links between nodes: how many calls one peer may have on their way, and what becomes of a warm connection when the register changes.

use std::time::{Duration, Instant};

use polder_exchange::Clock;
use polder_exchange::SystemClock;
use polder_federation_tests::http::{Client, partners, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query, register_of_version};
use polder_federation_tests::problems::refused_as;
use polder_trust::keys::Identity;
use polder_trust::register::Member;
use serde_json::{Value, json};

/// What one peer may have on its way.
const CALLS_OF_ONE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_peer_takes_its_own_places_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let _nodes = start_all(&mut partners).await;
    let calls = |of: usize| {
        let (partner, called) = (&partners[of], &partners[0]);
        let peer = Peer::calling(called, &Shows::Certificate(&partner.identity));
        (peer, partner)
    };
    let ((peer, partner), (other, another)) = (calls(1), calls(2));
    let ask = async || peer.post(partner.identity.message_key(), QUERIES, &query(partner, SystemClock.now())).await;
    assert_eq!(ask().await.0, 200);
    let mut hanging: Vec<_> = (0..CALLS_OF_ONE).map(|_| peer.hang(QUERIES)).collect();
    let began = Instant::now();
    let refused = loop {
        let (status, text) = ask().await;
        if status != 200 {
            break refused_as(status, text);
        }
        assert!(began.elapsed() < PATIENCE, "{CALLS_OF_ONE} calls are on their way and one more is taken");
        // Our own question may have taken the place of one of them.
        hanging.push(peer.hang(QUERIES));
    };
    assert_eq!(refused.is(), (503, "unavailable"));
    // The others have places of their own.
    let answered = other.post(another.identity.message_key(), QUERIES, &query(another, SystemClock.now())).await;
    assert_eq!(answered.0, 200, "{}", answered.1);
    // A call that hangs no more makes its place free.
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
    let began = Instant::now();
    while ask().await.0 != 200 {
        assert!(began.elapsed() < PATIENCE, "calls that were given up still take their places");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warm_connection_ends_with_the_key_that_it_was_opened_with() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let nodes = start_all(&mut partners).await;
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let ask = async || Client::of(&nodes[0]).query(&json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 1_000})).await.1;
    assert_eq!(ask().await["complete"], true, "the connection is warm");

    // The register (of a later version, but not the next, which would have to follow from this one) takes the key of 1 back and gives it another, which its node does not have.
    let members = || partners.iter().map(|partner| partner.member.clone());
    let changed = members().map(|member| if member.partner == partners[1].id { with_another_key(member) } else { member });
    nodes[0].node.adopt(register_of_version(changed, 3)).await.expect("a later register");
    let result = ask().await;
    let missing = |result: &Value| {
        result["missing"].as_array().expect("a list").iter().map(|one| (one["partner"].clone(), one["reason"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(missing(&result), [(json!(PARTNERS[1]), json!("unreachable"))]);
    assert_eq!(result["hits"], json!([]));

    // With its key in the register it is asked again.
    nodes[0].node.adopt(register_of_version(members(), 5)).await.expect("a later register");
    let result = ask().await;
    assert_eq!((&result["complete"], result["hits"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{result}");
}

/// The same member with a TLS key that its node does not have.
fn with_another_key(mut member: Member) -> Member {
    let directory = tempfile::tempdir().expect("a directory");
    let other = Identity::create(directory.path(), &member.partner, "127.0.0.1", SystemClock.now()).expect("keys");
    member.tls_pins[0].sha256 = other.pin().clone();
    member
}
