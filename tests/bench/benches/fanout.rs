//! Fan-out over real sockets: twelve peers behind wires of 50 ms against the slowest one alone, and the deadline with three hung peers.
//!
//! Both figures are ratios or differences within one interleaved run; results are compared before times.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of};
use polder_federation_tests::proxy::Proxy;
use polder_model::Kind;
use polder_model::query::Query;
use polder_model::request::QueryRequest;
use polder_web::RunningNode;
use serde_json::json;

const WIRE: Duration = Duration::from_millis(50);
const PEERS: usize = 12;
const ROUNDS: usize = 60;
const HUNG_ROUNDS: usize = 200;

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

struct Federation {
    nodes: Vec<RunningNode>,
    wires: Vec<Proxy>,
    _partners: Vec<Partner>,
}

/// An asking node and `peers` others, each behind a wire, with ten offers each.
async fn federation(directory: &std::path::Path, peers: usize, delay: Duration) -> Federation {
    let ids: Vec<String> = (0..=peers).map(|number| format!("kvk:2000{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut partners = partners(directory, &ids);
    let mut wires = Vec::new();
    for partner in partners.iter_mut().skip(1) {
        let target = partner.member.peer_url.trim_start_matches("https://").parse().expect("an address");
        let wire = Proxy::start(target, delay);
        partner.member.peer_url = format!("https://{}", wire.address);
        wires.push(wire);
    }
    let region = region_of(&partners);
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start(region.register(SystemClock.now())).await);
    }
    for node in &nodes {
        let client = Client::of(node);
        for number in 0..10 {
            let offer = json!({"title": format!("Monteur {number}"), "description": "Onderhoud aan machines.", "employer": {"name": "Proefbedrijf BV"}});
            assert_eq!(client.put(&format!("/v1/vacancies/V-{number}"), offer.to_string()).await.status(), 201);
        }
    }
    Federation { nodes, wires, _partners: partners }
}

fn question(node: &RunningNode, deadline_ms: u32) -> Arc<Query> {
    let request = QueryRequest {
        text: Some("monteur onderhoud".to_owned()),
        limit: Some(100),
        deadline_ms: Some(deadline_ms),
        ..QueryRequest::new(Kind::Vacancy)
    };
    Arc::new(node.node.self_contained(&request).expect("a query"))
}

async fn ask(federation: &Federation, deadline_ms: u32, missing: usize) -> Duration {
    let asking = &federation.nodes[0];
    let began = Instant::now();
    let result = asking.node.ask_query(question(asking, deadline_ms), &polder_federation_tests::operator(), None).await.expect("asked");
    let took = began.elapsed();
    assert_eq!(result.missing.len(), missing, "{:?}", result.missing);
    assert_eq!(result.hits.len(), (10 * (federation.nodes.len() - missing)).min(100));
    took
}

fn quantile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index into a short list")]
    let at = ((times.len() - 1) as f64 * share) as usize;
    times[at].as_secs_f64() * 1_000.0
}

async fn run() {
    let directory = tempfile::tempdir().expect("a directory");
    let many = federation(&directory.path().join("many"), PEERS, WIRE).await;
    let one = federation(&directory.path().join("one"), 1, WIRE).await;
    for _ in 0..5 {
        ask(&many, 5_000, 0).await;
        ask(&one, 5_000, 0).await;
    }
    let (mut of_many, mut of_one) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_many.push(ask(&many, 5_000, 0).await);
        of_one.push(ask(&one, 5_000, 0).await);
    }
    let (fan_out, alone) = (quantile(&mut of_many, 0.5), quantile(&mut of_one, 0.5));
    let (fan_out_95, alone_95) = (quantile(&mut of_many, 0.95), quantile(&mut of_one, 0.95));
    let ratio = fan_out / alone;

    let hung = federation(&directory.path().join("hung"), 6, Duration::ZERO).await;
    ask(&hung, 5_000, 0).await;
    hung.wires.iter().take(3).for_each(|wire| wire.hang(true));
    let deadline = Duration::from_millis(150);
    let mut late = Vec::new();
    for _ in 0..HUNG_ROUNDS {
        late.push(ask(&hung, 150, 3).await.saturating_sub(deadline));
    }
    let in_time = late.iter().filter(|late| **late <= Duration::from_millis(50)).count();
    let (latest, median_late) = (quantile(&mut late.clone(), 1.0), quantile(&mut late, 0.5));

    println!("fan-out over wires of {} ms, {ROUNDS} rounds, interleaved", WIRE.as_millis());
    println!("  {PEERS} peers     median {fan_out:7.1} ms   95 % {fan_out_95:7.1} ms");
    println!("  slowest alone median {alone:7.1} ms   95 % {alone_95:7.1} ms");
    println!("  ratio         {ratio:.3}  (at most 1.10)");
    println!("three of six peers hung, deadline 150 ms");
    println!(
        "  in time {in_time} of {HUNG_ROUNDS} (deadline + 50 ms); after the deadline: median {median_late:.1} ms, latest {latest:.1} ms"
    );
    let report = json!({
        "fanOut": {"peers": PEERS, "wireMs": 50, "rounds": ROUNDS, "medianMs": fan_out, "aloneMedianMs": alone, "p95Ms": fan_out_95, "aloneP95Ms": alone_95, "ratio": ratio},
        "hung": {"rounds": HUNG_ROUNDS, "inTime": in_time, "medianLateMs": median_late, "latestMs": latest},
    });
    let target = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&target).expect("a directory");
    std::fs::write(target.join("fanout.json"), format!("{report:#}\n")).expect("the report is written");
}
