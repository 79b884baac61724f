//! How long it takes until a withdrawal is acknowledged to its worker, and until copies are gone: ten nodes over TLS, five of which are down, while others ask.
//!
//! `POLDER_WITHDRAWALS=N` withdraws N times, 48 where nobody says so. What comes of it is printed.
#![expect(clippy::expect_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt};
use polder_consent::{Field, WorkerId};
use polder_exchange::{Clock, Node, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of};
use polder_federation_tests::people::{decision, give, profile, put, request, vacancy};
use polder_model::request::QueryRequest;
use polder_model::{PartnerId, Purpose};
use polder_web::{Limits, RunningNode};
use serde_json::{Value, json};

const NODES: usize = 10;
const DOWN: usize = 5;
/// Withdrawals on their way at a time.
const AT_A_TIME: usize = 4;
/// Workers whom one question finds: more than make a question narrow, of which there are few in a day.
const TOGETHER: usize = 8;
/// What holds of 99 in a hundred.
const BOUND: Duration = Duration::from_secs(2);
/// How long it may take after the return of a recipient that was down.
const RETURN: Duration = Duration::from_secs(60);

fn withdrawals() -> usize {
    std::env::var("POLDER_WITHDRAWALS").ok().and_then(|text| text.parse().ok()).unwrap_or(48)
}

/// The value that 99 in a hundred do not exceed, and the one in the middle.
fn late(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[(times.len() * 99).div_ceil(100) - 1], times[times.len() / 2])
}

fn word(group: usize) -> String {
    let letters = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r"];
    format!("groep{}a{}o", letters[group / letters.len()], letters[group % letters.len()])
}

fn ask(group: usize) -> QueryRequest {
    QueryRequest { text: Some(word(group)), limit: Some(50), deadline_ms: Some(10_000), ..request("V-1") }
}

async fn found(node: &Node, group: usize) -> usize {
    let result = node.ask(&ask(group), &polder_federation_tests::operator(), None).await.expect("asked");
    result.hits.len()
}

/// A system of a partner that does what it is to: it reads what to erase, erases it, and says so, twenty times a second.
async fn system(client: Client, stops: Arc<AtomicBool>) {
    while !stops.load(Ordering::SeqCst) {
        let page: Value = client.request("GET", "/v1/erasures").send().await.expect("a response").json().await.expect("JSON");
        if let Some(last) = page["items"].as_array().and_then(|items| items.last()) {
            let said = client
                .request("POST", "/v1/erasures/acknowledged")
                .json(&json!({"upTo": last["number"]}))
                .send()
                .await
                .expect("a response");
            assert_eq!(said.status(), 200);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Asks for other people without end; whoever withdrew is in no answer.
async fn load(node: Arc<Node>, groups: usize, stops: Arc<AtomicBool>, answered: Arc<AtomicUsize>) {
    let mut next = 0;
    while !stops.load(Ordering::SeqCst) {
        found(&node, groups + next % 2).await;
        answered.fetch_add(1, Ordering::SeqCst);
        next += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many tombstones each of some recipients owes an acknowledgement for, and how long the others took.
async fn erased(home: &Node, workers: &[WorkerId], recipients: &[PartnerId]) -> (usize, Vec<Duration>) {
    let (mut outstanding, mut times) = (0, Vec::new());
    for worker in workers {
        for copies in home.copies_of(*worker).await.expect("read").iter().filter(|copies| recipients.contains(&copies.recipient)) {
            match copies.erased_at {
                Some(at) => times.push(Duration::from_micros((at.micros() - copies.since.micros()).unsigned_abs())),
                None => outstanding += 1,
            }
        }
    }
    (outstanding, times)
}

struct Stage {
    partners: Vec<Partner>,
    nodes: Vec<RunningNode>,
    workers: Vec<WorkerId>,
}

/// Ten nodes, of which nine found every worker of the first.
async fn stage(directory: &std::path::Path, count: usize) -> Stage {
    let ids: Vec<String> = (0..NODES).map(|number| format!("kvk:2000{number:04}")).collect();
    let mut partners = partners(directory, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    for partner in &mut partners {
        partner.member.purposes = Purpose::ALL.to_vec();
        partner.limits = Limits { queries_at_once: 64, ..partner.limits.clone() };
    }
    let register = region_of(&partners);
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start(register.register(SystemClock.now())).await);
    }
    for node in &nodes[1..] {
        vacancy(&node.node, "V-1").await;
    }
    let recipients: Vec<&PartnerId> = partners[1..].iter().map(|partner| &partner.id).collect();
    let (home, mut workers) = (&nodes[0].node, Vec::new());
    // The last two groups stay, for others to ask for.
    for number in 0..count + 2 * TOGETHER {
        let worker = put(home, &format!("P-{number}"), &profile(&format!("Monteur {}", word(number / TOGETHER)))).await;
        give(home, worker, &decision(&recipients, &[Field::Title, Field::Skills, Field::Description])).await.expect("given");
        workers.push(worker);
    }
    for node in &nodes[1..] {
        for group in 0..count / TOGETHER {
            assert_eq!(found(&node.node, group).await, TOGETHER, "{}", word(group));
        }
    }
    Stage { partners, nodes, workers: workers[..count].to_vec() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_is_quick_whoever_is_down() {
    let directory = tempfile::tempdir().expect("a directory");
    let count = withdrawals().next_multiple_of(TOGETHER);
    let Stage { mut partners, mut nodes, workers } = stage(directory.path(), count).await;
    for node in nodes.split_off(NODES - DOWN) {
        node.stop().await;
    }
    let (stops, answered) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let mut tasks = Vec::new();
    for node in &nodes[1..] {
        tasks.push(tokio::spawn(system(Client::of(node), Arc::clone(&stops))));
        tasks.push(tokio::spawn(load(Arc::clone(&node.node), count / TOGETHER, Arc::clone(&stops), Arc::clone(&answered))));
    }
    let home = &nodes[0];
    let began = Instant::now();
    let withdrawing = stream::iter(0..count).map(|number| async move {
        let worker = Client::of_worker(home, &format!("P-{number}")).await;
        let began = Instant::now();
        let response = worker.request("DELETE", "/v1/me/consents").send().await.expect("a response");
        assert_eq!(response.status(), 200);
        let body: Value = response.json().await.expect("JSON");
        let took = began.elapsed();
        assert_eq!(body["items"].as_array().map(Vec::len), Some(NODES - 1), "{body}");
        took
    });
    let mut acknowledged: Vec<Duration> = withdrawing.buffer_unordered(AT_A_TIME).collect().await;
    let took = began.elapsed();
    let here: Vec<PartnerId> = partners[1..NODES - DOWN].iter().map(|partner| partner.id.clone()).collect();
    let away: Vec<PartnerId> = partners[NODES - DOWN..].iter().map(|partner| partner.id.clone()).collect();
    let waited = Instant::now();
    let mut erasures = loop {
        let (outstanding, times) = erased(&home.node, &workers, &here).await;
        if outstanding == 0 {
            break times;
        }
        assert!(waited.elapsed() < Duration::from_secs(10), "{outstanding} copies are not erased");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((erasures.len(), erased(&home.node, &workers, &away).await.0), (count * here.len(), count * DOWN));
    let asked = answered.load(Ordering::SeqCst);
    // Those who were down return.
    let returned = Instant::now();
    let register = region_of(&partners).register(SystemClock.now());
    for partner in &mut partners[NODES - DOWN..] {
        let node = partner.start(register.clone()).await;
        tasks.push(tokio::spawn(system(Client::of(&node), Arc::clone(&stops))));
        nodes.push(node);
    }
    while erased(&nodes[0].node, &workers, &away).await.0 > 0 {
        assert!(returned.elapsed() < RETURN, "who was down is still to erase");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let after = returned.elapsed();
    stops.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.expect("no panic");
    }
    let ((told, told_median), (gone, gone_median)) = (late(&mut acknowledged), late(&mut erasures));
    println!("{count} withdrawals by {AT_A_TIME} at a time in {took:.1?}, {NODES} nodes, {DOWN} down, {asked} answers meanwhile");
    println!("  acknowledged to the worker: median {told_median:.2?}, 99th percentile {told:.2?}, longest {:.2?}", acknowledged[count - 1]);
    println!("  erased where it could be reached, since the commit: median {gone_median:.2?}, 99th percentile {gone:.2?}");
    println!("  all others within {after:.1?} of their return");
    assert!(told <= BOUND && gone <= BOUND, "{told:?} {gone:?}");
    for node in nodes {
        node.stop().await;
    }
}
