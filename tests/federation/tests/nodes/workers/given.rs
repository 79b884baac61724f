//! What workers give and end, over the network.

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, region_of, start_all, vacancy};
use polder_federation_tests::people::profile;
use polder_federation_tests::problems::refused;
use serde_json::{Value, json};

use super::{about_people, call, decision, give, id, read, seek, stage, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_lets_one_partner_see_something_and_ends_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 3, &["P-1"]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    assert_eq!(read(&worker, "/v1/me/consents").await, json!({"items": []}));
    let (_, notice) = call(&worker, "POST", "/v1/me/notices", Some(&decision(&[&nodes[1]]))).await;
    let text = notice["text"].as_str().expect("a text");
    for said in [nodes[1].node.home().partner.as_str(), "uw vaardigheden", &nodes[1].node.home().name] {
        assert!(text.contains(said), "{text}");
    }
    assert!(!text.contains("uw naam\n") && !text.contains(nodes[2].node.home().partner.as_str()), "{text}");
    let given = give(&worker, &decision(&[&nodes[1]])).await;
    assert_eq!((given.len(), &given[0]["state"]), (1, &json!("given")));
    let one = read(&worker, &format!("/v1/me/consents/{}", id(&given[0]))).await;
    assert_eq!((&one["text"], &one["consent"]), (&notice["text"], &given[0]["consent"]), "the very text that was read is kept");

    // Who was named finds them, and they see that; who was not does not.
    let hits = seek(&nodes[1]).await;
    assert_eq!(hits.as_array().map(Vec::len), Some(1), "{hits}");
    assert_eq!(seek(&nodes[2]).await, json!([]));
    let seen = read(&worker, "/v1/me/disclosures").await;
    let seen = seen["items"].as_array().expect("a list");
    assert_eq!(seen.len(), 1);
    let partner = nodes[1].node.home().partner.as_str();
    assert_eq!((&seen[0]["recipient"], &seen[0]["fields"]), (&json!(partner), &json!(["/title", "/skills"])));
    assert_eq!(
        (&seen[0]["about"], &seen[0]["id"], &seen[0]["erased"]),
        (&json!({"kind": "vacancy", "key": "V-1"}), &hits[0]["disclosure"]["id"], &json!(false))
    );

    // It ends at once; the copy is outstanding until the partner's own system has erased it.
    let path = format!("/v1/me/consents/{}", id(&given[0]));
    let (status, ended) = call(&worker, "DELETE", &path, None).await;
    assert_eq!((status, &ended["already"], &ended["items"][0]["erases"]), (200, &json!(false), &json!(true)), "{ended}");
    assert_eq!(seek(&nodes[1]).await, json!([]));
    let (status, again) = call(&worker, "DELETE", &path, None).await;
    assert_eq!((status, &again["already"], &again["items"]), (200, &json!(true), &ended["items"]), "{again}");
    assert_eq!(again["at"], ended["at"], "it ended when it ended");
    assert_eq!(read(&worker, "/v1/me/erasures").await["items"][0]["state"], "outstanding");
    assert_eq!(read(&Client::of(&nodes[0]), "/v1/outstanding").await["items"][0]["partner"], partner);
    let system = Client::of(&nodes[1]);
    let erasure = until("the partner's system is told", async || read(&system, "/v1/erasures").await["items"].get(0).cloned()).await;
    assert_eq!((&erasure["key"], &erasure["fields"]), (&hits[0]["key"], &json!([])), "by the key that it knows, and everything");
    // It says no more than it was told: the number may be that of something that comes later.
    let number = erasure["number"].as_u64().expect("a number");
    for (client, says) in
        [(&system, format!("upTo is at most {number}, the last number")), (&Client::of(&nodes[2]), "lists nothing".to_owned())]
    {
        let beyond = client.request("POST", "/v1/erasures/acknowledged").json(&json!({"upTo": number + 1})).send().await;
        let beyond = refused(beyond.expect("a response")).await;
        assert!(beyond.is() == (400, "invalid-request") && beyond.text.contains(&says), "{}", beyond.text);
    }
    assert_eq!(read(&worker, "/v1/me/erasures").await["items"][0]["state"], "outstanding");
    let (status, settled) = call(&system, "POST", "/v1/erasures/acknowledged", Some(&json!({"upTo": number}))).await;
    assert_eq!((status, settled), (200, json!({"settled": 1})));
    assert_eq!(read(&system, "/v1/erasures").await, json!({"items": []}));
    until("the worker sees that it is erased", async || {
        (read(&worker, "/v1/me/erasures").await["items"][0]["state"] == "erased").then_some(())
    })
    .await;
    assert_eq!(read(&worker, "/v1/me/disclosures").await["items"][0]["erased"], true);
    assert_eq!(read(&Client::of(&nodes[0]), "/v1/outstanding").await, json!({"items": []}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_hold_is_given_to_nobody() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 2, &["P-1"]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let right = decision(&[&nodes[1]]);
    let (_, notice) = call(&worker, "POST", "/v1/me/notices", Some(&right)).await;
    let with = |member: &str, value: Value| {
        let mut decision = right.clone();
        decision["notice"] = notice["sha256"].clone();
        decision[member] = value;
        decision
    };
    let partner = nodes[1].node.home().partner.as_str();
    for (member, value, status, pointer) in [
        ("recipients", json!([partner, "kvk:99999999"]), 400, "/recipients/1"),
        ("recipients", json!([partner, "alle werkgevers"]), 400, "/recipients/1"),
        ("recipients", json!([partner, partner]), 400, "/recipients"),
        ("recipients", json!([]), 400, "/recipients"),
        ("fields", json!(["/title", "/skills", "/contact/name"]), 400, "/fields"),
        ("fields", json!(["/title", "/skills", "/bsn"]), 400, "/fields/2"),
        ("fields", json!(["/title", "/title", "/skills"]), 400, "/fields/1"),
        ("fields", json!(["/title"]), 400, "/fields"),
        ("purpose", json!("find-work"), 400, "/purpose"),
        ("purpose", json!("alles"), 400, "/purpose"),
        ("language", json!("fr"), 400, "/language"),
        ("until", json!("2024-01-01T00:00:00Z"), 400, "/until"),
        ("notice", json!("0".repeat(64)), 412, ""),
        // Other fields, or another language, are another text.
        ("fields", json!(["/title", "/skills", "/hours"]), 412, ""),
        ("language", json!("en"), 412, ""),
    ] {
        let (found, problem) = call(&worker, "POST", "/v1/me/consents", Some(&with(member, value.clone()))).await;
        assert_eq!(found, status, "{member} {value}: {problem}");
        assert_eq!(problem["findings"][0]["pointer"].as_str().unwrap_or_default(), pointer, "{member} {value}: {problem}");
        assert!(!problem.to_string().contains("bsn") && !problem.to_string().contains("alle werkgevers"), "{problem}");
    }
    let twice = with("until", json!(null)).to_string().replacen('{', "{\"purpose\":\"match-vacancy\",", 1);
    let response =
        worker.request("POST", "/v1/me/consents").header("content-type", "application/json").body(twice).send().await.expect("a response");
    assert_eq!(refused(response).await.is(), (400, "invalid-request"), "a member that stands twice");
    assert_eq!(read(&worker, "/v1/me/consents").await, json!({"items": []}));
    assert_eq!(seek(&nodes[1]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_asks_over_the_network_and_hears_what_is_in_force() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut nodes = stage(directory.path(), 2, &["P-1"]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    give(&worker, &decision(&[&nodes[1]])).await;
    let (system, home) = (Client::of(&nodes[1]), nodes[0].node.home().partner.clone());
    let found = seek(&nodes[1]).await[0]["key"].clone();
    let request = |key: &Value| json!({"partner": home, "key": key, "purpose": "be-contacted", "fields": ["/contact/name"]});
    let (status, made) = call(&system, "POST", "/v1/requests", Some(&request(&found))).await;
    assert_eq!((status, &made["state"]), (201, &json!("not-given")), "{made}");
    let (_, nobody) = call(&system, "POST", "/v1/requests", Some(&request(&json!("0".repeat(32))))).await;
    let plain = |standing: &Value| {
        let mut standing = standing.clone();
        ["id", "key", "at"].iter().for_each(|member| standing[*member] = json!(""));
        standing.to_string()
    };
    assert_eq!(plain(&made), plain(&nobody));
    let mut answer = decision(&[&nodes[1]]);
    (answer["purpose"], answer["fields"]) = (json!("be-contacted"), json!(["/contact/name"]));
    let (_, notice) = call(&worker, "POST", "/v1/me/notices", Some(&answer)).await;
    answer["notice"] = notice["sha256"].clone();
    answer["request"] = read(&worker, "/v1/me/requests").await["items"][0]["id"].clone();
    let (status, given) = call(&worker, "POST", "/v1/me/consents", Some(&answer)).await;
    assert_eq!((status, given["items"][0]["consent"].get("assistedBy")), (201, None), "{given}");
    let path = format!("/v1/requests/{}", made["id"].as_str().expect("an id"));
    assert_eq!(read(&system, &path).await["inForce"], json!(["/contact/name"]));
    // Where that partner does not answer it is said so, and nothing is made up.
    nodes.remove(0).stop().await;
    let away = system.request("GET", &path).send().await.expect("a response");
    assert_eq!(refused(away).await.is(), (503, "unavailable"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_away_says_later_what_they_hold() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 3);
    let mut nodes = start_all(&mut partners).await;
    assert_eq!(Client::of(&nodes[0]).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await.status(), 201);
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    assert_eq!(read(&worker, "/v1/me/access").await["partners"], json!([]));
    give(&worker, &decision(&[&nodes[1], &nodes[2]])).await;
    for node in &nodes[1..] {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
        assert_eq!(seek(node).await.as_array().map(Vec::len), Some(1));
    }
    nodes.pop().expect("a node").stop().await;
    let (status, access) = call(&worker, "POST", "/v1/me/access", None).await;
    assert_eq!(status, 200, "{access}");
    let of = |access: &Value, partner: &Partner| {
        let all = access["partners"].as_array().expect("a list").clone();
        all.into_iter().find(|held| held["partner"] == partner.id.as_str()).expect("it was asked")
    };
    let (there, away) = (of(&access, &partners[1]), of(&access, &partners[2]));
    assert_eq!((&there["state"], there["copies"].as_array().map(Vec::len)), (&json!("answered"), Some(1)), "{there}");
    assert_eq!((&away["state"], &away["reason"], away.get("copies")), (&json!("awaited"), &json!("unreachable"), None), "{away}");
    let register = region_of(&partners).register(SystemClock.now());
    let again = partners[2].start(register).await;
    let held = until("it has answered", async || {
        let held = of(&read(&worker, "/v1/me/access").await, &partners[2]);
        (held["state"] == "answered").then_some(held)
    })
    .await;
    assert_eq!((held["copies"].as_array().map(Vec::len), &held["since"]), (Some(1), &away["since"]), "{held}");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_a_worker_says_no_more_than_it_needs() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 2, &["P-1"]).await;
    let worker = Client::of_worker(&nodes[0], "P-1").await;
    let name = nodes[0].node.store().worker_of(&"P-1".parse().expect("a key"), SystemClock.now()).await.expect("read").expect("a worker");
    let asked = json!({"kind": "vacancy", "text": "monteur", "travel": {"from": "8302 AB", "maxMinutes": 30}});
    let mut near = vacancy("Monteur");
    near["location"] = json!({"postcode": "8302"});
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-2", near.to_string()).await.status(), 201);
    let mut sent = Vec::new();
    for _ in 0..2 {
        let (status, result) = worker.query(&asked).await;
        assert_eq!((status, result["hits"].as_array().map(Vec::len)), (200, Some(1)), "{result}");
        // As it was sent to the others.
        let query = result["query"].clone();
        for personal in ["8302 AB", "8302AB", "AB\"", &name.to_string(), "P-1"] {
            assert!(!query.to_string().contains(personal), "{personal}: {query}");
        }
        sent.push(query);
    }
    assert_ne!(sent[0]["id"], sent[1]["id"], "a fresh id each time");
    let questions = read(&worker, "/v1/me/questions?limit=1").await;
    let listed = &questions["items"][0];
    assert_eq!(
        (&listed["query"], &listed["purpose"], &listed["fields"]),
        (&sent[1]["id"], &json!("find-work"), &json!(["text", "travel"]))
    );
    assert_eq!(listed["partners"].as_array().map(Vec::len), Some(2));
    assert!(!questions.to_string().contains("monteur") && !questions.to_string().contains("8302"), "not what was asked: {questions}");
    let rest = read(&worker, &format!("/v1/me/questions?cursor={}", questions["next"].as_str().expect("more"))).await;
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["items"][0]["query"], rest.get("next")), (Some(1), &sent[0]["id"], None));
    // What systems of the partner ask is asked on nobody's behalf.
    Client::of(&nodes[0]).query(&asked).await;
    assert_eq!(read(&worker, "/v1/me/questions").await["items"].as_array().map(Vec::len), Some(2));
}
