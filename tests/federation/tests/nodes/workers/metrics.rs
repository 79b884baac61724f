//! What staff and numbers do not say of workers.

use std::collections::BTreeMap;

use polder_federation_tests::http::{Client, vacancy};
use polder_federation_tests::problems::refused;
use polder_web::RunningNode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{call, decision, give, id, read, seen, stage};

async fn metrics(node: &RunningNode) -> String {
    let mut stream = tokio::net::TcpStream::connect(node.operator).await.expect("a connection");
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", node.operator);
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("text");
    text.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

/// All that the partner's own staff and systems can read at their node, of a worker who is not theirs to look after.
async fn staff_sees(node: &RunningNode, request: &str) -> Vec<String> {
    let operator = Client::of(node);
    let mut all = Vec::new();
    for path in ["/v1/outstanding", "/v1/erasures", "/v1/skill-offers", "/v1/skill-offers/P-1", "/v1/changes"] {
        all.push(format!("{path}: {}", seen(&operator, "GET", path, None).await));
    }
    all.push(seen(&operator, "GET", &format!("/v1/requests/{request}"), None).await);
    let query = json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}});
    let (_, result) = call(&operator, "POST", "/v1/queries", Some(&query)).await;
    all.push(format!("{} {} {}", result["hits"], result["missing"], result["complete"]));
    // How much was done is counted, not for whom, nor what.
    all.extend(series(node).await.into_keys());
    all
}

/// Every number of a node, by its name and labels; but the buckets of times.
async fn series(node: &RunningNode) -> BTreeMap<String, f64> {
    let text = metrics(node).await;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.contains("_bucket{"));
    lines
        .map(|line| line.rsplit_once(' ').expect("a number"))
        .map(|(name, value)| (name.to_owned(), value.parse().expect("a number")))
        .collect()
}

/// What the numbers say that workers did, between two looks at them: of routes of workers, and of everything that goes by the name of a person.
fn rise(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>) -> Vec<String> {
    let of_workers = after.iter().filter(|(name, _)| ["/me", "P-1", "worker", "consent"].iter().any(|part| name.contains(part)));
    let rises = of_workers.map(|(name, value)| (name, value - before.get(name).unwrap_or(&0.0))).filter(|(_, rise)| *rise != 0.0);
    // How long it took differs each time.
    rises.filter(|(name, _)| !name.contains("_seconds_sum")).map(|(name, rise)| format!("{name} {rise}")).collect()
}

/// One by one, so that what differs is seen.
fn same(one: &[String], other: &[String], when: &str) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one, other, "{when}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_do_not_see_who_refused_or_withdrew() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 1, &["P-1"]).await;
    let (operator, worker) = (Client::of(&nodes[0]), Client::of_worker(&nodes[0], "P-1").await);
    assert_eq!(operator.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let asked = json!({"key": "P-1", "purpose": "match-vacancy", "fields": ["/title", "/skills"], "assistedBy": "m-17"});
    let (status, made) = call(&operator, "POST", "/v1/requests", Some(&asked)).await;
    assert_eq!((status, &made["state"], &made["inForce"]), (201, &json!("not-given"), &json!([])), "{made}");
    let request = made["id"].as_str().expect("an id");
    assert_eq!(read(&operator, &format!("/v1/requests/{request}")).await, made, "the same before anyone has answered");
    let path = format!("/v1/me/requests/{}", read(&worker, "/v1/me/requests").await["items"][0]["id"].as_str().expect("an id"));
    let unanswered = staff_sees(&nodes[0], request).await;
    let (status, put_off) = call(&worker, "POST", &path, Some(&json!({"answer": "defer"}))).await;
    assert_eq!((status, &put_off["state"]), (200, &json!("deferred")), "{put_off}");
    same(&staff_sees(&nodes[0], request).await, &unanswered, "put off");
    assert_eq!(call(&worker, "POST", &path, Some(&json!({"answer": "refuse"}))).await.1["state"], "refused");
    same(&staff_sees(&nodes[0], request).await, &unanswered, "refused");
    // What is given is seen; when it ends, and nobody looked meanwhile, it is as before.
    let given = give(&worker, &decision(&[&nodes[0]])).await;
    let standing = read(&operator, &format!("/v1/requests/{request}")).await;
    assert_eq!((&standing["state"], &standing["inForce"]), (&json!("given"), &json!(["/title", "/skills"])), "{standing}");
    call(&worker, "DELETE", &format!("/v1/me/consents/{}", id(&given[0])), None).await;
    same(&staff_sees(&nodes[0], request).await, &unanswered, "withdrawn");
    let (status, problem) = call(&worker, "POST", &path, Some(&json!({"answer": "refuse"}))).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:polder:problem:not-in-force")), "{problem}");
    // Whoever helps decides nothing.
    let mut answers = decision(&[&nodes[0]]);
    answers["notice"] = json!("0".repeat(64));
    for (method, path) in [("POST", path.as_str()), ("POST", "/v1/me/consents"), ("GET", "/v1/me/requests"), ("DELETE", "/v1/me")] {
        let response = operator.request(method, path).json(&answers).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (403, "forbidden"), "{method} {path}");
    }
}

/// Whoever reads the numbers of a node now and then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_numbers_of_a_node_do_not_say_what_workers_do() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 1, &["P-1"]).await;
    let (operator, worker) = (Client::of(&nodes[0]), Client::of_worker(&nodes[0], "P-1").await);
    let asked = json!({"key": "P-1", "purpose": "match-vacancy", "fields": ["/title", "/skills"]});
    assert_eq!(call(&operator, "POST", "/v1/requests", Some(&asked)).await.0, 201);
    let request = format!("/v1/me/requests/{}", read(&worker, "/v1/me/requests").await["items"][0]["id"].as_str().expect("an id"));
    let mut gives = decision(&[&nodes[0]]);
    gives["notice"] = call(&worker, "POST", "/v1/me/notices", Some(&gives)).await.1["sha256"].clone();
    let (refuses, defers) = (json!({"answer": "refuse"}), json!({"answer": "defer"}));
    let acts = [
        ("GET", "/v1/me/consents", None),
        ("POST", &request, Some(&defers)),
        ("POST", &request, Some(&refuses)),
        ("POST", "/v1/me/consents", Some(&gives)),
        ("DELETE", "/v1/me/consents", None),
        ("DELETE", "/v1/me", None),
    ];
    let mut rises = Vec::new();
    for (method, path, body) in acts {
        let before = series(&nodes[0]).await;
        let (status, reply) = call(&worker, method, path, body).await;
        assert!([200, 201].contains(&status), "{method} {path}: {status} {reply}");
        rises.push(rise(&before, &series(&nodes[0]).await));
    }
    assert_eq!(rises[0].len(), 2, "counted, and timed: {rises:?}");
    for other in &rises {
        assert_eq!(other, &rises[0]);
    }
}
