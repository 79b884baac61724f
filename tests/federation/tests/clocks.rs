//! Clocks that were wrong for a moment.
#![expect(clippy::expect_used, reason = "tests")]

use std::sync::Arc;

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of, start_by_clock, vacancy};
use polder_federation_tests::local::{Federation, ManualClock};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use polder_federation_tests::problems::{outcome, refused_as};
use polder_federation_tests::random::Random;
use polder_federation_tests::{offers, queries};
use polder_model::query::Criteria;
use polder_model::{Kind, Timestamp};
use polder_store::Precondition;
use polder_web::RunningNode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn an_offer_from_the_future_costs_nobody_the_answer() {
    let now: Timestamp = "2026-03-02T09:30:00Z".parse().expect("an instant");
    let federation = Federation::open(2, now).await;
    // One node's clock jumps a year ahead, and takes an offer in before it is set right.
    federation.clock.set(now.plus_seconds(365 * 86_400));
    let document = r#"{"title":"Monteur","description":"Werk.","employer":{"name":"Proef BV"}}"#;
    let stored = federation.nodes[1].publish(Kind::Vacancy, "V-1".parse().expect("a key"), document.as_bytes(), Precondition::None).await;
    assert!(stored.expect("stored").stored.modified_at > now);
    federation.clock.set(now);
    let mut query = queries::query(&mut Random::new(1), &federation.nodes[0].home().partner, now);
    (query.kind, query.purpose, query.criteria) = (Kind::Vacancy, polder_model::Purpose::FindWork, Criteria::default());
    let result = federation.nodes[0].ask_query(Arc::new(query.clone()), &polder_federation_tests::operator(), None).await.expect("asked");
    assert!(result.complete && result.hits.len() == 1, "{:?}", result.missing);
    assert_eq!(result.hits[0].score, 50_000, "it counts as changed today");
    // Put again, it has the right time.
    let another = offers::document(Kind::Vacancy, &mut Random::new(7), now);
    let stored = federation.nodes[1].publish(Kind::Vacancy, "V-1".parse().expect("a key"), another.as_bytes(), Precondition::None).await;
    assert_eq!(stored.expect("stored").stored.modified_at, now);
}

/// A node starts with a clock that is an hour ahead; when it is set right, its peers are answered at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_back_after_the_start_silences_nobody() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let clock = Arc::new(ManualClock::at(SystemClock.now().plus_seconds(3_600)));
    let ahead = partners[1].start_at(register(), Arc::<ManualClock>::clone(&clock)).await;
    let asking = partners[0].start(register()).await;
    let ask = async || Client::of(&asking).query(&json!({"kind": "vacancy", "text": "monteur"})).await.1;
    assert_eq!(ask().await["missing"][0]["reason"], "clock-skew");
    clock.set(SystemClock.now());
    assert_eq!(Client::of(&ahead).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    clock.set(SystemClock.now());
    let result = ask().await;
    assert_eq!((&result["complete"], result["hits"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{}", result["missing"]);
}

/// A clock that jumps an hour or ten years ahead, or an hour back, and is set right: nothing gets in twice, and everyone is answered again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_lets_nothing_in_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, clock) = start_by_clock(&mut partners).await;
    let start = clock.now();
    let now = start.plus_seconds(86_400);
    clock.set(now);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let key = partners[1].identity.message_key();
    let signed = |at: Timestamp| {
        let body = query(&partners[1], at).to_string().into_bytes();
        (peer.signed(key, "POST", QUERIES, &body, "find-work", at), body)
    };
    let send = async |message: &(http::HeaderMap, Vec<u8>)| {
        outcome(peer.call("POST", QUERIES, message.0.clone(), message.1.clone()).await.expect("a response"))
    };
    let first = signed(now);
    assert_eq!(send(&first).await, "fine");
    let (hour, years) = (3_600, 10 * 365 * 86_400);
    for (jump, there) in [(hour, "fine"), (-hour, "fine"), (years, "unauthenticated"), (-years, "unauthenticated")] {
        // A message that is made by a clock as wrong; far away no key is in its term.
        clock.set(now.plus_seconds(jump));
        assert_eq!(send(&signed(now.plus_seconds(jump))).await, there, "{jump}");
        assert_eq!(send(&first).await, "clock-skew", "{jump}");
        clock.set(now.plus_seconds(10));
        assert_eq!(send(&first).await, "replayed", "{jump}");
        assert_eq!(send(&signed(now.plus_seconds(10))).await, "fine", "{jump}");
    }
    node.stop().await;
}

/// What a node says of a question about people that names no offer which it is about: the problem's name and its detail. The clock is looked at first.
async fn asked_about_people(node: &RunningNode) -> (String, String) {
    let (status, problem) = Client::of(node).query(&json!({"kind": "skill-offer", "text": "monteur"})).await;
    let detail = problem["detail"].as_str().unwrap_or_default().to_owned();
    (refused_as(status, problem.to_string()).name, detail)
}

async fn operator(node: &RunningNode, path: &str) -> String {
    let response = Client::of_operator(node).request("GET", path).send().await.expect("a response");
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.expect("text")
}

/// A clock that is set while the node runs, an hour back or ten years ahead: nothing about people leaves the node, its operator hears of it,
/// public offers go on; it is over when the clock is right, or at the next start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_people_leaves_while_the_clock_was_set() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, clock) = start_by_clock(&mut partners).await;
    let start = clock.now();
    assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    // Time that passes, and a clock that is kept in step, are nothing.
    clock.pass(Duration::from_secs(86_400));
    let now = start.plus_seconds(86_400);
    for step in [0, 59, -59] {
        clock.set(now.plus_seconds(step));
        assert_eq!(asked_about_people(&node).await.0, "invalid-request", "{step}");
        assert_eq!(operator(&node, "/readyz").await, "ready\n", "{step}");
    }
    let (hour, years) = (3_600, 10 * 365 * 86_400);
    let jumps = [(-hour, "3600 s back"), (years, "315360000 s ahead"), (61, "61 s ahead"), (-61, "61 s back")];
    for (times, (jump, says)) in (1..).zip(jumps) {
        clock.set(now.plus_seconds(jump));
        // Before anyone asks.
        logs::wait_for(&["the clock was set while the node ran", &format!("seconds={jump}\u{1f}")]).await;
        let (name, detail) = asked_about_people(&node).await;
        assert!(name == "clock-skew" && detail.contains(says), "{jump}: {name}, {detail}");
        let ready = operator(&node, "/readyz").await;
        assert!(ready.starts_with("ready\n") && ready.contains(says), "{jump}: {ready}");
        let metrics = operator(&node, "/metrics").await;
        assert!(metrics.contains(&format!("\npolder_clock_set_seconds {jump}\n")), "{jump}: {metrics}");
        let (status, result) = Client::of(&node).query(&json!({"kind": "vacancy", "text": "monteur"})).await;
        assert_eq!((status, result["hits"].as_array().map(Vec::len)), (200, Some(1)), "{jump}: public offers go on");
        clock.set(now);
        assert_eq!(asked_about_people(&node).await.0, "invalid-request", "{jump}: it is over");
        assert_eq!(logs::lines_with(&["the clock is where it was before it was set"]).len(), times, "{jump}: that is told");
    }
    // A partner whose clock is as wrong is told why.
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let key = partners[1].identity.message_key();
    for (jump, says) in [(hour, "set 3600 s ahead"), (-hour, "set 3600 s back"), (0, "does not allow this partner this purpose")] {
        let at = now.plus_seconds(jump);
        clock.set(at);
        let mut question = query(&partners[1], at);
        (question["kind"], question["purpose"], question["criteria"]) = (json!("skill-offer"), json!("match-vacancy"), json!({}));
        question["about"] = json!({"kind": "vacancy", "key": "V-1"});
        let body = question.to_string().into_bytes();
        let headers = peer.signed(key, "POST", QUERIES, &body, "match-vacancy", at);
        let (_, text) = peer.call("POST", QUERIES, headers, body).await.expect("a response");
        assert!(text.contains(says), "{jump}: {text}");
    }
    // Whoever starts a node vouches for its clock.
    clock.set(now.plus_seconds(hour));
    assert_eq!(asked_about_people(&node).await.0, "clock-skew");
    node.stop().await;
    let register = region_of(&partners).register(start);
    let node = partners[0].start_at(register, Arc::<ManualClock>::clone(&clock)).await;
    assert_eq!(asked_about_people(&node).await.0, "invalid-request");
    node.stop().await;
}
