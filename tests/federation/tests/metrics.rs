//! `/metrics` says what happened, with bounded labels and nothing of what was asked.
#![expect(clippy::expect_used, reason = "tests")]

use polder_federation_tests::alerts;
use polder_federation_tests::http::{Client, partners, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_model::answer::MissingReason;
use polder_model::problem::ProblemType;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn metrics(address: std::net::SocketAddr) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("text");
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("text/plain; version=0.0.4"), "{text}");
    text
}

/// The value of the one line that begins with the name and holds these labels.
fn value(text: &str, name: &str, labels: &[&str]) -> f64 {
    let of = |line: &&str| line.split(['{', ' ']).next() == Some(name) && labels.iter().all(|label| line.contains(label));
    let lines: Vec<&str> = text.lines().filter(of).collect();
    assert_eq!(lines.len(), 1, "{name} {labels:?}: {lines:?} in {text}");
    lines[0].rsplit(' ').next().and_then(|value| value.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_tell_what_happened() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let mut nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[0]);
    for number in 0..3 {
        assert_eq!(client.put(&format!("/v1/vacancies/V-{number}"), vacancy("Monteur").to_string()).await.status(), 201);
    }
    assert_eq!(client.put("/v1/vacancies/V-9", "{}").await.status(), 400);
    let question = json!({"kind": "vacancy", "text": "monteur windmolens", "deadlineMs": 5_000});
    assert_eq!(client.query(&question).await.1["complete"], true);
    nodes.pop().expect("a node").stop().await;
    assert_eq!(client.query(&question).await.1["complete"], false);
    assert_eq!(Client::of(&nodes[0]).without_token().request("GET", "/v1/partners").send().await.expect("a response").status(), 401);
    let text = metrics(nodes[0].operator).await;
    let offers = ["interface=\"client\"", "route=\"/v1/vacancies/{key}\"", "method=\"PUT\""];
    for (name, labels, expected) in [
        ("polder_requests_total", vec![offers[0], offers[1], offers[2], "status=\"201\""], 3.0),
        ("polder_requests_total", vec![offers[0], offers[1], offers[2], "status=\"400\""], 1.0),
        ("polder_request_duration_seconds_count", vec![offers[0], offers[1]], 4.0),
        ("polder_refusals_total", vec!["interface=\"client\"", "problem=\"invalid-document\""], 1.0),
        ("polder_failed_tries_total", vec!["status=\"401\""], 1.0),
        ("polder_questions_total", vec!["kind=\"vacancy\"", "complete=\"true\""], 1.0),
        ("polder_questions_total", vec!["kind=\"vacancy\"", "complete=\"false\""], 1.0),
        ("polder_question_duration_seconds_count", vec![], 2.0),
        ("polder_missing_total", vec!["reason=\"unreachable\""], 1.0),
        ("polder_peer_calls_total", vec!["outcome=\"replied\"", partners[1].id.as_str()], 1.0),
        ("polder_peer_calls_total", vec!["outcome=\"unreachable\"", partners[1].id.as_str()], 1.0),
        ("polder_offers", vec!["kind=\"vacancy\""], 3.0),
        ("polder_store_writes_total", vec![], 3.0),
        ("polder_store_failures_total", vec![], 0.0),
        ("polder_register_version", vec![], 1.0),
        ("polder_register_standing", vec![], 0.0),
        ("polder_register_takes_part", vec![], 1.0),
        ("polder_refusals_total", vec!["interface=\"client\"", "problem=\"internal\""], 0.0),
        ("polder_refusals_total", vec!["interface=\"peer\"", "problem=\"internal\""], 0.0),
    ] {
        let found = value(&text, name, &labels);
        // The node writes and calls for itself as well, such as the register.
        let is_own = ["polder_store_writes_total", "polder_peer_calls_total"].contains(&name);
        let holds = if is_own { found >= expected } else { (found - expected).abs() < 0.5 };
        assert!(holds, "{name} {labels:?}: {found}");
    }
    for (name, labels) in [
        ("polder_connections", &["port=\"client\""][..]),
        ("polder_index_bytes", &[]),
        ("polder_process_resident_memory_bytes", &[]),
        ("polder_register_expires_seconds", &["what=\"fresh\""]),
        ("polder_register_expires_seconds", &["what=\"members\""]),
        ("polder_register_expires_seconds", &["what=\"message-key\""]),
        ("polder_certificate_expires_seconds", &["port=\"peer\""]),
    ] {
        assert!(value(&text, name, labels) > 0.0, "{name} {labels:?}");
    }
    the_page_is_of(&text);
    the_alerts_are_of(&text);
    for told in ["monteur", "Monteur", "windmolens", "V-1"] {
        assert!(!text.contains(told), "{told}: {text}");
    }
}

/// A node that asks nothing calls its partners all the same, and each of these calls counts: by them it is known who is away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_at_a_partner_counts() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let mut nodes = start_all(&mut partners).await;
    assert!(nodes[0].visit_everyone().await[0].said.is_ok());
    let text = metrics(nodes[0].operator).await;
    assert!(value(&text, "polder_peer_calls_total", &["outcome=\"replied\"", partners[1].id.as_str()]) >= 1.0);
    nodes.pop().expect("a node").stop().await;
    assert!(nodes[0].visit_everyone().await[0].said.is_err());
    let text = metrics(nodes[0].operator).await;
    let away: f64 = text
        .lines()
        .filter(|line| line.starts_with("polder_peer_calls_total{") && !line.contains("\"replied\""))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum();
    assert!(away >= 1.0, "{text}");
}

/// Whatever addresses and methods callers make up, the lines are as many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_are_bounded() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = start_all(&mut partners(directory.path(), &PARTNERS[..1])).await.pop().expect("a node");
    let client = Client::of(&node);
    for number in 0..50 {
        let _ = client.request("GET", &format!("/v1/nergens-{number}")).send().await.expect("a response");
        let _ = client.request(&format!("MADEUP{number}"), "/v1/vacancies").send().await.expect("a response");
        let _ = client.request("GET", &format!("/v1/vacancies/K-{number}")).send().await.expect("a response");
    }
    let text = metrics(node.operator).await;
    let lines = text.lines().filter(|line| line.starts_with("polder_requests_total")).count();
    assert!(lines <= 4, "{text}");
}

/// The rules are expressions, of numbers that there are, with labels and values that these have; the page says of each what to do.
fn the_alerts_are_of(text: &str) {
    let file = |path: &str| std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).expect("a file");
    let alerts = alerts::read(&file("deploy/alerts.yaml")).expect("rules");
    assert!(alerts.len() > 10, "{alerts:?}");
    let page = file("docs/metrics.md");
    for alert in alerts {
        assert!(page.contains(&format!("`{}`", alert.name)), "docs/metrics.md says what to do: {}", alert.name);
        for selector in alert.selectors.iter().filter(|selector| selector.name != "up") {
            let lines: Vec<&str> = text.lines().filter(|line| line.split(['{', ' ']).next() == Some(&selector.name)).collect();
            assert!(!lines.is_empty(), "{}: there is no number {}", alert.name, selector.name);
            for (label, value) in &selector.labels {
                let has = |begin: String| lines.iter().any(|line| line.contains(&begin));
                assert!(has(format!("{label}=\"")), "{}: {} has no label {label}", alert.name, selector.name);
                let known = match label.as_str() {
                    "problem" => ProblemType::ALL.iter().any(|kind| kind.name() == value),
                    "outcome" => value == "replied" || serde_json::from_value::<MissingReason>(json!(value)).is_ok(),
                    "status" => value.parse::<u16>().is_ok_and(|status| (400..600).contains(&status)),
                    _ => has(format!("{label}=\"{value}\"")),
                };
                assert!(known, "{}: {label} of {} is never {value}", alert.name, selector.name);
            }
        }
    }
}

/// The page names every number that there is, and no other.
fn the_page_is_of(text: &str) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md")).expect("the page");
    let there: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    for name in &there {
        assert!(page.contains(&format!("`{name}`")), "docs/metrics.md does not name {name}");
    }
    let words = page.split(|c: char| !c.is_ascii_lowercase() && c != '_');
    for word in words.filter(|word| word.starts_with("polder_")) {
        let name = word.trim_end_matches("_bucket");
        // No connection is cut off here.
        assert!(there.contains(&name) || name == "polder_connections_closed_total", "docs/metrics.md names {word}, which there is not");
    }
}
