//! Who may do what: a worker for themself, and nobody for another.

use std::time::Duration;

use polder_exchange::log::Pace;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, region_of, start_by_clock};
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::openapi;
use polder_federation_tests::people::profile;
use polder_federation_tests::problems::refused;
use serde_json::json;

use super::{about_people, call, decision, give, id, read, seek, seen, stage};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_workers_consent_is_like_one_that_never_was() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 2, &["P-1", "P-2"]).await;
    let workers = [Client::of_worker(&nodes[0], "P-1").await, Client::of_worker(&nodes[0], "P-2").await];
    let mut own = Vec::new();
    for worker in &workers {
        own.push(id(&give(worker, &decision(&[&nodes[1]])).await[0]).to_owned());
    }
    let mut made = Vec::new();
    for (key, worker) in ["P-1", "P-2"].iter().zip(&workers) {
        let request = json!({"key": key, "purpose": "training-advice", "fields": ["/title", "/skills"]});
        assert_eq!(call(&Client::of(&nodes[0]), "POST", "/v1/requests", Some(&request)).await.0, 201);
        let requests = read(worker, "/v1/me/requests").await;
        assert_eq!(requests["items"].as_array().map(Vec::len), Some(1), "one's own alone");
        made.push(requests["items"][0]["id"].as_str().expect("an id").to_owned());
    }
    let mut answers = decision(&[&nodes[0]]);
    (answers["purpose"], answers["notice"], answers["request"]) = (json!("training-advice"), json!("0".repeat(64)), json!(made[1]));
    let others = seen(&workers[0], "POST", "/v1/me/consents", Some(&answers)).await;
    answers["request"] = json!("0".repeat(32));
    assert_eq!(seen(&workers[0], "POST", "/v1/me/consents", Some(&answers)).await, others, "another worker's request");
    assert!(others.starts_with("404 "), "{others}");
    assert_eq!(seek(&nodes[1]).await.as_array().map(Vec::len), Some(2));
    nodes[0].node.tend_log(&NoPeers, Pace::AtOnce).await.expect("signed");
    let document = openapi::document();
    let mut tried = 0;
    for (caller, worker) in workers.iter().enumerate() {
        let (mine, others) = (&own[caller], &own[1 - caller]);
        for (path, item) in openapi::paths(&document).into_iter().filter(|(path, _)| path.starts_with("/v1/me")) {
            for method in item.keys().map(|method| method.to_uppercase()) {
                if path.contains("{consent}") {
                    let nobodys = seen(worker, &method, &path.replace("{consent}", &"0".repeat(32)), None).await;
                    assert!(nobodys.starts_with("404 "), "{nobodys}");
                    for like in [others, "x", &others.to_uppercase(), &others[1..]] {
                        assert_eq!(seen(worker, &method, &path.replace("{consent}", like), None).await, nobodys, "{method} {path} {like}");
                    }
                } else if path.contains("{request}") {
                    let answer = json!({"answer": "refuse"});
                    let nobodys = seen(worker, &method, &path.replace("{request}", &"0".repeat(32)), Some(&answer)).await;
                    assert!(nobodys.starts_with("404 "), "{nobodys}");
                    for like in [&made[1 - caller], "x", &made[1 - caller].to_uppercase(), &made[1 - caller][1..]] {
                        assert_eq!(seen(worker, &method, &path.replace("{request}", like), Some(&answer)).await, nobodys, "{path} {like}");
                    }
                } else if method == "GET" {
                    let shown = seen(worker, &method, &path, None).await;
                    assert!(shown.starts_with("200 ") && !shown.contains(others.as_str()), "{path}: {shown}");
                    let of_mine = shown.contains(mine.as_str())
                        || ["erasures", "questions", "requests", "history"].iter().any(|of| path.ends_with(of));
                    assert!(of_mine, "{path} shows what is one's own: {shown}");
                }
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 2 * 18, "every operation of a worker, for each of the two");
    // One ends everything of theirs, and touches nothing of the other's.
    let (status, ended) = call(&workers[0], "DELETE", "/v1/me/consents", None).await;
    assert_eq!((status, ended["items"].as_array().map(Vec::len), &ended["items"][0]["consent"]), (200, Some(1), &json!(own[0])));
    assert_eq!(read(&workers[1], &format!("/v1/me/consents/{}", own[1])).await["state"], "given");
    assert_eq!(seek(&nodes[1]).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_decides_for_a_worker_and_a_worker_does_nothing_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 1, &["P-1"]).await;
    let (operator, worker) = (Client::of(&nodes[0]), Client::of_worker(&nodes[0], "P-1").await);
    let document = openapi::document();
    let (mut of_workers, mut of_systems) = (0, 0);
    for (path, item) in openapi::paths(&document) {
        for (method, operation) in item.iter().filter(|(_, operation)| operation.is_object()) {
            let says = |scheme: &str| operation["security"].as_array().is_some_and(|list| list.contains(&json!({scheme: []})));
            let (path, method) = (
                path.replace("{consent}", &"0".repeat(32))
                    .replace("{request}", &"0".repeat(32))
                    .replace("{key}", "P-1")
                    .replace("{client}", "x")
                    .replace("{import}", "x"),
                method.to_uppercase(),
            );
            for (client, scheme) in [(&operator, "operator"), (&worker, "worker")] {
                if operation["security"].is_null() || says(scheme) {
                    continue;
                }
                let response = client.request(&method, &path).json(&json!({})).send().await.expect("a response");
                assert_eq!(refused(response).await.is(), (403, "forbidden"), "{method} {path} with the token of {scheme}");
            }
            of_workers += usize::from(says("worker"));
            of_systems += usize::from(says("operator"));
            assert_eq!(says("worker"), path.starts_with("/v1/me") || path == "/v1/queries" || path == "/v1/partners", "{path}");
            assert_eq!(says("operator"), !path.starts_with("/v1/me") && path != "/v1/openapi.json", "{path}");
        }
    }
    assert_eq!((of_workers, of_systems), (20, 52));
    // People are sought by systems, for an offer of their partner; not by workers.
    for about in [json!({"kind": "skill-offer"}), json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}})] {
        let response = worker.request("POST", "/v1/queries").json(&about).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (403, "forbidden"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_acts_for_its_time_and_no_longer() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    let (node, clock) = start_by_clock(&mut partners).await;
    assert_eq!(Client::of(&node).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await.status(), 201);
    let worker = Client::of_worker(&node, "P-1").await;
    assert_eq!(read(&worker, "/v1/me/consents").await, json!({"items": []}));
    clock.pass(Duration::from_secs(3_599));
    assert_eq!(read(&worker, "/v1/me/consents").await, json!({"items": []}));
    clock.pass(Duration::from_secs(1));
    let over = async || refused(worker.request("GET", "/v1/me/consents").send().await.expect("a response")).await;
    assert_eq!(over().await.is(), (401, "unauthenticated"));
    node.node.sweep_people().await.expect("swept");
    clock.set(clock.now().plus_seconds(-7_200));
    assert_eq!(over().await.is(), (401, "unauthenticated"), "no clock that is set back revives it");
    node.stop().await;
    let register = region_of(&partners).register(SystemClock.now());
    let again = partners[0].start(register.clone()).await;
    assert_eq!(
        refused(
            Client::of(&again)
                .with_token(&format!("polder_wk_{}", "A".repeat(43)))
                .request("GET", "/v1/me/consents")
                .send()
                .await
                .expect("a response")
        )
        .await
        .is(),
        (401, "unauthenticated")
    );
    again.stop().await;
}
