//! Workers at their own node, by HTTP: what they decide and see, what nobody else may, and what another worker learns of it, which is nothing.

mod given;
mod metrics;
mod rights;

use std::time::Duration;

use polder_federation_tests::http::{Client, Partner, partners, start_all, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::profile;
use polder_model::Purpose;
use polder_web::RunningNode;
use serde_json::{Value, json};

/// Partners that may ask about people.
pub(crate) fn about_people(directory: &std::path::Path, count: usize) -> Vec<Partner> {
    let mut partners = partners(directory, &PARTNERS[..count]);
    partners.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    partners
}

/// The first node, with profiles under these keys, and the others, each with a vacancy for which it seeks people.
pub(crate) async fn stage(directory: &std::path::Path, count: usize, profiles: &[&str]) -> Vec<RunningNode> {
    let nodes = start_all(&mut about_people(directory, count)).await;
    for key in profiles {
        let put = Client::of(&nodes[0]).put(&format!("/v1/skill-offers/{key}"), profile("Monteur zoekt werk").to_string()).await;
        assert_eq!(put.status(), 201);
    }
    for node in &nodes[1..] {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    }
    nodes
}

pub(crate) async fn call(client: &Client, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let request = client.request(method, path);
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    (status, response.json().await.expect("JSON"))
}

pub(crate) async fn read(client: &Client, path: &str) -> Value {
    let (status, value) = call(client, "GET", path, None).await;
    assert_eq!(status, 200, "{path}: {value}");
    value
}

pub(crate) fn decision(recipients: &[&RunningNode]) -> Value {
    let recipients: Vec<&str> = recipients.iter().map(|node| node.node.home().partner.as_str()).collect();
    json!({"purpose": "match-vacancy", "recipients": recipients, "fields": ["/title", "/skills"], "language": "nl"})
}

/// Reads the text, and gives what it says.
pub(crate) async fn give(worker: &Client, decision: &Value) -> Vec<Value> {
    let (status, notice) = call(worker, "POST", "/v1/me/notices", Some(decision)).await;
    assert_eq!(status, 200, "{notice}");
    let mut decision = decision.clone();
    decision["notice"] = notice["sha256"].clone();
    let (status, given) = call(worker, "POST", "/v1/me/consents", Some(&decision)).await;
    assert_eq!(status, 201, "{given}");
    given["items"].as_array().expect("a list").clone()
}

pub(crate) async fn seek(node: &RunningNode) -> Value {
    let (status, result) = Client::of(node).query(&json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}})).await;
    assert_eq!((status, &result["complete"]), (200, &json!(true)), "{result}");
    result["hits"].clone()
}

/// How many people it finds.
pub(crate) async fn seek_some(node: &RunningNode) -> usize {
    seek(node).await.as_array().map_or(0, Vec::len)
}

pub(crate) fn id(standing: &Value) -> &str {
    standing["consent"]["id"].as_str().expect("an id")
}

/// Waits for what another node, or the next round of this one, brings about.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..2_000 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it takes too long until {what}");
}

/// A response, all of it that a caller sees.
async fn seen(client: &Client, method: &str, path: &str, body: Option<&Value>) -> String {
    let request = client.request(method, path);
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let response = request.send().await.expect("a response");
    // When it came, and how many more may come, differ for each.
    let told = |name: &str| !["date", "ratelimit"].contains(&name);
    let mut headers: Vec<String> =
        response.headers().iter().filter(|(name, _)| told(name.as_str())).map(|header| format!("{header:?}")).collect();
    headers.sort();
    format!("{} {headers:?} {}", response.status(), response.text().await.expect("text"))
}
