//! Nodes over real sockets: what is published is found, by everyone, with who is missing.

use polder_federation_tests::http::{Client, partners, start_all};
use polder_federation_tests::offers::PARTNERS;
use serde_json::{Value, json};

fn vacancy(title: &str) -> String {
    json!({"title": title, "description": "Onderhoud aan windmolens op het IJsselmeer.", "employer": {"name": "Werkplaats de Proef BV"}})
        .to_string()
}

fn keys(result: &Value) -> Vec<String> {
    let hits = result["hits"].as_array().expect("hits");
    hits.iter().map(|hit| format!("{} {}", hit["partner"].as_str().expect("a partner"), hit["key"].as_str().expect("a key"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_travels_and_a_query_is_answered() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let mut nodes = start_all(&mut partners).await;
    for (number, node) in nodes.iter().enumerate() {
        let response = Client::of(node).put(&format!("/v1/vacancies/V-{number}"), vacancy("Monteur windmolens")).await;
        assert_eq!(response.status(), 201, "{:?}", response.text().await);
    }
    let client = Client::of(&nodes[0]);
    let question = json!({"kind": "vacancy", "text": "monteur windmolens"});
    let (status, result) = client.query(&question).await;
    assert_eq!(status, 200, "{result}");
    assert_eq!(result["complete"], true, "{result}");
    let mut found = keys(&result);
    found.sort();
    assert_eq!(found, vec![format!("{} V-0", PARTNERS[0]), format!("{} V-1", PARTNERS[1]), format!("{} V-2", PARTNERS[2])]);

    // Deleted is gone at once.
    let gone = Client::of(&nodes[1]).request("DELETE", "/v1/vacancies/V-1").send().await.expect("a response");
    assert_eq!(gone.status(), 204);
    assert_eq!(keys(&client.query(&question).await.1).len(), 2);

    // A stopped node is named.
    nodes.pop().expect("a third node").stop().await;
    let (status, result) = client.query(&question).await;
    assert_eq!((status, &result["complete"]), (200, &json!(false)));
    assert_eq!(result["missing"], json!([{"partner": PARTNERS[2], "name": format!("Partner {}", PARTNERS[2]), "reason": "unreachable"}]));
    assert_eq!(keys(&result), vec![format!("{} V-0", PARTNERS[0])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_can_find_nothing_is_told_why() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[0]);
    let unknown = json!({"kind": "vacancy", "skills": [{"uri": "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000000"}]});
    let (status, result) = client.query(&unknown).await;
    assert_eq!(
        (status, &result["notes"][0]["pointer"], &result["notes"][0]["code"]),
        (200, &json!("/skills/0/uri"), &json!("unknown-code"))
    );
    let request = client.request("POST", "/v1/queries").header("accept", "application/x-ndjson").json(&unknown);
    let text = request.send().await.expect("a response").text().await.expect("text");
    let last: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert_eq!((&last["type"], &last["notes"]), (&json!("result"), &result["notes"]));
    assert_eq!(client.query(&json!({"kind": "vacancy"})).await.1["notes"], json!([]));

    let (status, problem) = client.query(&json!({"kind": "training", "sharing": true})).await;
    assert_eq!((status, &problem["type"]), (400, &json!("urn:polder:problem:invalid-request")));
    assert_eq!(problem["findings"][0]["pointer"], "/sharing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_the_result() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    // A document with line ends between its members: each line of the stream stays one line.
    let document = vacancy("Monteur").replace(",\"", ",\n  \"");
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", document).await.status(), 201);
    let client = Client::of(&nodes[0]);
    let request =
        client.request("POST", "/v1/queries").header("accept", "application/x-ndjson").json(&json!({"kind": "vacancy", "text": "monteur"}));
    let text = request.send().await.expect("a response").text().await.expect("text");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().expect("a type")).collect();
    assert_eq!(types.iter().filter(|kind| **kind == "partner").count(), 2, "{types:?}");
    assert!(types.contains(&"hits"), "{types:?}");
    assert_eq!(types.last(), Some(&"result"));
    assert_eq!(keys(lines.last().expect("a last line")), vec![format!("{} V-1", PARTNERS[1])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_of_the_largest_offers_can_be_shown() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    let (asking, holding) = (Client::of(&nodes[0]), Client::of(&nodes[1]));
    for number in 0..100 {
        let padded = vacancy("Monteur").replacen('{', &format!("{{{}", " ".repeat(60_000)), 1);
        assert_eq!(holding.put(&format!("/v1/vacancies/V-{number}"), padded).await.status(), 201);
    }
    let (status, result) = asking.query(&json!({"kind": "vacancy", "text": "monteur", "limit": 100, "deadlineMs": 10_000})).await;
    assert_eq!((status, &result["complete"]), (200, &json!(true)), "{}", result["missing"]);
    assert_eq!(keys(&result).len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizen_service_number_is_no_key_of_a_skill_offer() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let nodes = start_all(&mut partners).await;
    let offer = r#"{"title":"Monteur","skills":[{"uri":"http://data.europa.eu/esco/skill/1"}]}"#;
    let response = Client::of(&nodes[0]).put("/v1/skill-offers/111222333", offer).await;
    assert_eq!(response.status(), 400);
    let text = response.text().await.expect("text");
    assert!(text.contains("field-not-allowed") && !text.contains("111222333"), "{text}");
    assert_eq!(Client::of(&nodes[0]).put("/v1/skill-offers/W-1", offer).await.status(), 201);
}
