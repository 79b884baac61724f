//! Bodies of another form: who sent one reads which member has no place, and nothing of what it holds.

use polder_federation_tests::http::{Client, start_all};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::profile;
use polder_federation_tests::problems::refused;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_says_which_member_is_not_known_and_no_value() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = start_all(&mut polder_federation_tests::http::partners(directory.path(), &PARTNERS[..1])).await;
    let system = Client::of(&nodes[0]);
    assert_eq!(system.put("/v1/skill-offers/P-1", profile("Monteur").to_string()).await.status(), 201);
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let calls = [
        (&system, "PUT", "/v1/vacancies/V-1"),
        (&system, "PUT", "/v1/clients/ats"),
        (&system, "POST", "/v1/queries"),
        (&system, "POST", "/v1/searches"),
        (&system, "POST", "/v1/webhooks"),
        (&system, "POST", "/v1/imports"),
        (&system, "POST", "/v1/invitations"),
        (&system, "POST", "/v1/requests"),
        (&system, "POST", "/v1/contacts"),
        (&system, "POST", "/v1/erasures/acknowledged"),
        (&system, "POST", "/v1/skill-proposals"),
        (&system, "POST", "/v1/revocations"),
        (&worker, "POST", "/v1/me/notices"),
        (&worker, "POST", "/v1/me/consents"),
    ];
    for (client, method, path) in calls {
        for (name, is_said) in [("colour", true), ("anna@voorbeeld.example", false), ("nummer-123456", false)] {
            let long = format!("\"{}\": 1", "x".repeat(3_000));
            let body = format!("{{{}: {}, {long}}}", json!(name), json!("geheim4711"));
            let sent = client.request(method, path).header("content-type", "application/json").body(body).send().await;
            let found = refused(sent.expect("a response")).await;
            assert_eq!(found.status, 400, "{method} {path}: {}", found.text);
            assert_eq!(found.text.contains(name), is_said, "{method} {path}: {}", found.text);
            assert!(!found.text.contains("geheim") && !found.text.contains(&"x".repeat(60)), "{method} {path}: {}", found.text);
        }
    }
}
