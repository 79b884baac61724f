//! What all of these tests need: nodes that send traces, a question within a client's trace, and spans among those that came.

use std::net::SocketAddr;

use polder_federation_tests::collector::{Came, Collector};
use polder_federation_tests::http::{Client, Partner, partners, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_web::RunningNode;
use serde_json::{Value, json};

/// The trace that a client names.
pub const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// And its span there.
pub const SPAN: &str = "00f067aa0ba902b7";

/// Three partners whose nodes send all their traces to that collector, each with a vacancy.
pub async fn federation(directory: &std::path::Path, collector: &Collector) -> (Vec<Partner>, Vec<RunningNode>) {
    let mut partners = partners(directory, &PARTNERS[..3]);
    for partner in &mut partners {
        partner.traces = collector.all();
    }
    let nodes = start_all(&mut partners).await;
    for node in &nodes {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Monteur windmolens").to_string()).await.status(), 201);
    }
    (partners, nodes)
}

pub fn question() -> Value {
    json!({"kind": "vacancy", "text": "monteur windmolens", "deadlineMs": 5_000})
}

/// Asks within a trace of the client's own.
pub async fn ask(node: &RunningNode, question: &Value, traceparent: &str) -> Value {
    let request = Client::of(node).request("POST", "/v1/queries").header("traceparent", traceparent).json(question);
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

/// What came of that trace.
pub fn of_trace(collector: &Collector, trace: &str) -> Vec<Came> {
    collector.spans().into_iter().filter(|came| came.trace() == trace).collect()
}

/// The trace of the question with that result, over all nodes.
pub fn of_the_query(collector: &Collector, result: &Value) -> Vec<Came> {
    let id = result["query"]["id"].as_str().expect("an id");
    let trace = one(&collector.spans(), "query", |came| came.says("polder.query") == id).trace();
    of_trace(collector, &trace)
}

/// The spans of that name.
pub fn named<'c>(spans: &'c [Came], name: &str) -> Vec<&'c Came> {
    spans.iter().filter(|came| came.name() == name).collect()
}

/// The one span of that name that holds to this.
pub fn one<'c>(spans: &'c [Came], name: &str, holds: impl Fn(&Came) -> bool) -> &'c Came {
    let found: Vec<&Came> = spans.iter().filter(|came| came.name() == name && holds(came)).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?} of {spans:?}");
    found[0]
}

pub async fn stop(nodes: Vec<RunningNode>) {
    for node in nodes {
        node.stop().await;
    }
}

/// What the node tells its operator at that address.
pub async fn metrics(address: SocketAddr) -> String {
    let response = reqwest::get(format!("http://{address}/metrics")).await.expect("a response");
    response.text().await.expect("text")
}

/// The value of the first metric whose line begins so.
pub fn value(text: &str, begins: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(begins));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("{begins}: {text}"))
}
