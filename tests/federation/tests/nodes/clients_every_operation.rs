//! Every operation of the document, tried by systems that may not: whose token is of another node or of somebody else, has run out, was taken back, or lacks
//! the scope. The list is that of the document: an operation that it does not say who may call fails.

use std::collections::BTreeSet;
use std::time::Duration;

use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::http::{Client, one_node, partners, start_all, start_by_clock};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::openapi;
use serde_json::{Value, json};

/// What is to be known of an operation here.
pub struct Operation {
    pub method: String,
    pub path: String,
    /// Scopes of which each is enough; none, where no system may.
    pub scopes: BTreeSet<String>,
}

pub async fn operations(client: &Client) -> Vec<Operation> {
    operations_of(&client.request("GET", "/v1/openapi.json").send().await.expect("a response").json().await.expect("JSON"))
}

/// The operations of a document that was served.
pub fn operations_of(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in openapi::paths(document) {
        for (method, operation) in item.iter().filter(|(_, operation)| operation["operationId"].is_string()) {
            let Some(ways) = operation["security"].as_array() else {
                assert_eq!(operation["operationId"], "get_openapi", "everything else asks for a token");
                continue;
            };
            let scopes = ways.iter().filter_map(|way| Some(way["client"].as_array()?[0].as_str()?.to_owned())).collect();
            let mut path = path.clone();
            while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                path.replace_range(from..=to, "x");
            }
            all.push(Operation { method: method.to_uppercase(), path, scopes });
        }
    }
    assert!(all.len() > 50, "{}", all.len());
    all
}

/// Every scope that some operation wants.
pub fn scopes(operations: &[Operation]) -> Vec<String> {
    let all: BTreeSet<&String> = operations.iter().flat_map(|operation| &operation.scopes).collect();
    all.into_iter().cloned().collect()
}

async fn tried(ats: &mut Ats, operation: &Operation) -> u16 {
    let body = ["PUT", "POST"].contains(&operation.method.as_str()).then(|| json!({}));
    ats.call(&operation.method, &operation.path, body.as_ref()).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_refused_to_systems_that_may_not() {
    let (directory, elsewhere) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    one[0].limits.client_failed_tries_per_minute = 10_000;
    let (node, clock) = start_by_clock(&mut one).await;
    let operator = Client::of(&node);
    let all = operations(&operator).await;
    let scopes: BTreeSet<&str> = all.iter().flat_map(|operation| &operation.scopes).map(String::as_str).collect();
    assert!(scopes.len() > 10, "{scopes:?}");
    let every: Vec<&str> = scopes.iter().copied().collect();
    let own = PARTNERS[0];

    // With every scope, every operation that a system may do is more than refused, and no other.
    let mut may = Ats::new(&node, "may");
    register(&node, "may", &may.document(&every, &[own])).await;
    may.log_in("").await;
    for operation in &all {
        let status = tried(&mut may, operation).await;
        assert_eq!(status == 403, operation.scopes.is_empty(), "{} {}: {status}", operation.method, operation.path);
        assert_ne!(status, 401, "{} {}", operation.method, operation.path);
    }

    // Without the scopes of an operation, each of which would be enough.
    for operation in all.iter().filter(|operation| !operation.scopes.is_empty()) {
        let others: Vec<&str> = every.iter().copied().filter(|scope| !operation.scopes.contains(*scope)).collect();
        let mut lacks = Ats::new(&node, "lacks");
        register(&node, "lacks", &lacks.document(&others, &[own])).await;
        lacks.log_in("").await;
        assert_eq!(tried(&mut lacks, operation).await, 403, "{} {}", operation.method, operation.path);
    }

    // The token of another client, by one's own key; one of another node; one whose client has ended; and one that has run out.
    let mut thief = Ats::new(&node, "thief");
    register(&node, "thief", &thief.document(&every, &[own])).await;
    thief.log_in("").await;
    let mut ended = Ats::new(&node, "ended");
    register(&node, "ended", &ended.document(&every, &[own])).await;
    ended.log_in("").await;
    assert_eq!(operator.request("DELETE", "/v1/clients/ended").send().await.expect("a response").status().as_u16(), 204);
    let another = one_node(elsewhere.path()).await;
    let mut foreign = Ats::new(&another, "may");
    register(&another, "may", &foreign.document(&every, &[own])).await;
    foreign.log_in("").await;
    thief.take_token(may.token());
    let mut stranger = Ats::new(&node, "stranger");
    stranger.take_token(foreign.token());
    for operation in &all {
        for (who, ats) in [("of another client", &mut thief), ("ended", &mut ended), ("of another node", &mut stranger)] {
            assert_eq!(tried(ats, operation).await, 401, "{who}: {} {}", operation.method, operation.path);
        }
        let bare = may.bare(&operation.method, &operation.path).send().await.expect("a response");
        assert_eq!(bare.status().as_u16(), 401, "no token: {} {}", operation.method, operation.path);
    }
    clock.pass(Duration::from_secs(290));
    may.ahead = 290;
    let first = &all[0];
    assert_ne!(tried(&mut may, first).await, 401, "it counts five minutes");
    clock.pass(Duration::from_secs(11));
    for operation in &all {
        assert_eq!(tried(&mut may, operation).await, 401, "run out: {} {}", operation.method, operation.path);
    }
}

/// A proof is for one request: each operation refuses one for another method, address or token, without a nonce or with one that nobody gave, by another key,
/// and one that was shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_wants_a_proof_of_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut one = partners(directory.path(), &PARTNERS[..1]);
    one[0].limits.client_failed_tries_per_minute = 10_000;
    let node = start_all(&mut one).await.pop().expect("a node");
    let all = operations(&Client::of(&node)).await;
    let every = scopes(&all);
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let (mut ats, thief) = (Ats::new(&node, "ats"), Ats::new(&node, "thief"));
    register(&node, "ats", &ats.document(&every, &[PARTNERS[0]])).await;
    ats.log_in("").await;
    let exports = ["/v1/vacancies", "/v1/trainings", "/v1/skill-offers"].map(|path| ("GET", path, "application/x-ndjson"));
    let others = all.iter().map(|operation| (operation.method.as_str(), operation.path.as_str(), "*/*"));
    for (method, path, accept) in others.chain(exports) {
        // Nonces are renewed meanwhile.
        assert_ne!(ats.call("GET", "/v1/partners", None).await.0, 401);
        let token = ats.token().to_owned();
        let send = async |scheme: &str, proofs: &[String]| {
            let request = ats.bare(method, path).header("authorization", format!("{scheme} {token}")).header("accept", accept);
            let request = proofs.iter().fold(request, |request, proof| request.header("dpop", proof));
            let request = if ["PUT", "POST"].contains(&method) { request.json(&json!({})) } else { request };
            request.send().await.expect("a response").status().as_u16()
        };
        let claims = || ats.proof_claims(method, path, Some(&token));
        let good = [ats.proof_of(&claims())];
        let name = format!("{method} {path} {accept}");
        assert_ne!(send("DPoP", &good).await, 401, "{name}");
        assert_eq!(send("DPoP", &good).await, 401, "shown before: {name}");
        assert_eq!(send("DPoP", &[]).await, 401, "no proof: {name}");
        assert_eq!(send("Bearer", &[]).await, 401, "as if it were bound to nothing: {name}");
        let two = [ats.proof_of(&claims()), ats.proof_of(&claims())];
        assert_eq!(send("DPoP", &two).await, 401, "two proofs: {name}");
        assert_eq!(send("DPoP", &[thief.proof_of(&claims())]).await, 401, "another key: {name}");
        let elsewhere = if path == "/v1/partners" { "/v1/vacancies" } else { "/v1/partners" };
        for (what, member, value) in [
            ("another method", "htm", json!(if method == "GET" { "PUT" } else { "GET" })),
            ("another address", "htu", ats.proof_claims(method, elsewhere, None)["htu"].clone()),
            ("another token", "ath", json!("x")),
            ("no token", "ath", Value::Null),
            ("no nonce", "nonce", Value::Null),
            ("a nonce of nobody", "nonce", json!("AAAAAAAAAAAAAAAAAAAAAAAA")),
        ] {
            let mut claims = claims();
            claims[member] = value;
            assert_eq!(send("DPoP", &[ats.proof_of(&claims)]).await, 401, "{what}: {name}");
        }
    }
}
