//! Tokens for 5,000 systems of a partner, and what checking one costs a read.
//!
//! All over loopback, by connections that stay open and send what was signed before, so that what is measured is the node. Each token is asked by an
//! assertion and a proof that are noted durably; each read shows a proof as well, or a certificate's token. The bare handler gives the same bytes by axum
//! alone, in turn with the reads. Fails where fewer than 1,000 tokens a second are issued, or a checked read reaches less than a quarter of the bare
//! handler's rate. Figures go to the terminal and to `target/bench/tokens.json`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::routing::get;
use polder_bench::{figures, raw};
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::ats::{self, Ats};
use polder_federation_tests::http::{Client, partners, region_of, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_web::RunningNode;
use serde_json::json;

const CLIENTS: usize = 5_000;
/// Tokens that each of them asks for.
const TOKENS: usize = 4;
const READS: usize = 20_000;
const ROUNDS: usize = 5;
/// Systems that read: one alone may show no more proofs than an eighth of those that a node remembers.
const READERS: usize = 100;
/// Connections at a time.
const CONNECTIONS: usize = 64;
const LEAST_A_SECOND: f64 = 1_000.0;
const LEAST_OF_BARE: f64 = 0.25;
const PATH: &str = "/v1/vacancies/V-1";

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    let region = region_of(&one);
    let node = one[0].start(region.register(SystemClock.now())).await;
    let put = Client::of(&node).put(PATH, vacancy("Lasser").to_string()).await;
    assert_eq!(put.status(), 201);

    let mut systems = Vec::new();
    for number in 0..CLIENTS {
        let system = Ats::new(&node, &format!("system-{number}"));
        ats::register(&node, &system.id, &system.document(&["vacancy:read"], &[PARTNERS[0]])).await;
        systems.push(system);
    }
    println!("{CLIENTS} systems are registered");
    let issued = issue(&node, &mut systems).await;
    println!("tokens a second: {issued:.0} (target: at least {LEAST_A_SECOND})");

    let reads = read(&node, &mut systems[..READERS]).await;
    println!(
        "reads a second, median of {ROUNDS} in turn: bare {:.0}, checked {:.0}: {:.2} (target: at least {LEAST_OF_BARE})",
        reads.bare,
        reads.checked,
        reads.ratio()
    );
    figures::write(
        "tokens",
        &json!({"clients": CLIENTS, "tokensPerSecond": issued, "bareReadsPerSecond": reads.bare, "checkedReadsPerSecond": reads.checked, "ratio": reads.ratio()}),
    );
    assert!(issued >= LEAST_A_SECOND && reads.ratio() >= LEAST_OF_BARE, "a target is missed");
}

/// Tokens a second.
async fn issue(node: &RunningNode, systems: &mut [Ats]) -> f64 {
    systems[0].log_in("vacancy:read").await;
    let nonce = systems[0].nonce().to_owned();
    let mut requests = Vec::new();
    for _ in 0..TOKENS {
        for system in systems.iter_mut() {
            system.take_nonce(&nonce);
            let form = ats::encoded(&ats::form(&system.assertion(&system.claims()), "vacancy:read"));
            let proof = system.proof("POST", "/oauth/token", None);
            requests.push(raw::request(
                node.client,
                "POST",
                "/oauth/token",
                &[("content-type", "application/x-www-form-urlencoded"), ("dpop", &proof)],
                &form,
            ));
        }
    }
    let count = requests.len();
    let began = Instant::now();
    raw::send_all(node.client, requests, CONNECTIONS).await;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let count = count as f64;
    count / began.elapsed().as_secs_f64()
}

struct Reads {
    bare: f64,
    checked: f64,
}

impl Reads {
    fn ratio(&self) -> f64 {
        self.checked / self.bare
    }
}

async fn read(node: &RunningNode, systems: &mut [Ats]) -> Reads {
    let mut document = serde_json::Value::Null;
    for system in systems.iter_mut() {
        system.log_in("vacancy:read").await;
        let (status, read) = system.call("GET", PATH, None).await;
        assert_eq!(status, 200, "{read}");
        document = read;
    }
    let bare = bare(document.to_string()).await;
    let (mut rates_bare, mut rates_checked) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let plain = vec![raw::request(bare, "GET", PATH, &[], ""); READS];
        rates_bare.push(rate(bare, plain).await);
        let proven = (0..READS).map(|number| {
            let system = &mut systems[number % READERS];
            let authorization = format!("DPoP {}", system.token());
            let proof = system.proof("GET", PATH, Some(system.token()));
            raw::request(node.client, "GET", PATH, &[("authorization", &authorization), ("dpop", &proof)], "")
        });
        rates_checked.push(rate(node.client, proven.collect()).await);
    }
    Reads { bare: figures::median(rates_bare), checked: figures::median(rates_checked) }
}

/// Requests a second.
async fn rate(address: SocketAddr, requests: Vec<Vec<u8>>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let count = requests.len() as f64;
    let began = Instant::now();
    raw::send_all(address, requests, CONNECTIONS).await;
    count / began.elapsed().as_secs_f64()
}

/// A server that gives the same, and checks nothing.
async fn bare(document: String) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let handler = move || {
        let document = document.clone();
        async move { ([(CONTENT_TYPE, "application/json"), (ETAG, "\"1\"")], document) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route(PATH, get(handler))).await.expect("it serves") });
    address
}
