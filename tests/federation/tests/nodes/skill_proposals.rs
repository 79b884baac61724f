//! Skills that are proposed for a text.

use http::StatusCode;
use polder_federation_tests::http::{Client, one_node};
use polder_federation_tests::openapi;
use polder_federation_tests::problems::refused;
use serde_json::{Value, json};

const PATH: &str = "/v1/skill-proposals";

async fn post(client: &Client, asked: &Value) -> reqwest::Response {
    client.request("POST", PATH).header("content-type", "application/json").body(asked.to_string()).send().await.expect("a response")
}

async fn proposed(client: &Client, asked: Value) -> Value {
    let response = post(client, &asked).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.expect("JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_of_the_document_is_what_a_node_answers() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let operation = &openapi::document()["paths"]["/skill-proposals"]["post"];
    let example = |content: &Value, name: &str| content["content"]["application/json"]["examples"][name]["value"].clone();
    let asked = example(&operation["requestBody"], "of-a-vacancy");
    assert_eq!(proposed(&client, asked).await, example(&operation["responses"]["200"], "one"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_counted_in_characters_and_nothing_is_echoed_of_what_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let text = "Één 🚜-bestuurder, ervaring met heftruck rijden";
    let found = proposed(&client, json!({"text": text})).await;
    let evidence = &found["items"][0]["evidence"];
    let [start, end] = ["start", "end"].map(|name| usize::try_from(evidence[name].as_u64().expect("a number")).expect("small"));
    assert_eq!(text.chars().skip(start).take(end - start).collect::<String>(), "heftruck rijden");
    assert_eq!((&found["items"][0]["fit"], &evidence["text"]), (&json!("named"), &json!("heftruck rijden")));
    let english = proposed(&client, json!({"text": "You serve food in table service.", "language": "en"})).await;
    assert_eq!(english["items"][0]["labelNl"], "aan tafel bedienen");
    assert_eq!(proposed(&client, json!({"text": "123456782"})).await, json!({"items": []}));

    for asked in [
        json!({"text": ""}),
        json!({"text": "x".repeat(20_001)}),
        json!({"text": "geheim", "language": "geheim"}),
        json!({"tekst": "geheim"}),
        json!(["geheim"]),
    ] {
        let problem = refused(post(&client, &asked).await).await;
        assert_eq!(problem.is(), (400, "invalid-request"), "{}", problem.text);
        assert!(!problem.text.contains("geheim"), "{}", problem.text);
    }
    assert_eq!(refused(post(&client, &json!({"text": "x".repeat(200_000)})).await).await.is(), (413, "too-large"));
}
