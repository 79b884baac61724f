//! Workers at their own node, by HTTP: what they decide and see, what nobody else may, and what another worker learns of it, which is nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use polder_exchange::log::Pace;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, Partner, partners, region_of, start_all, start_by_clock, vacancy};
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::profile;
use polder_federation_tests::problems::refused;
use polder_model::Purpose;
use polder_web::RunningNode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Partners that may ask about people; the first one issues tokens that stand for workers.
pub(crate) fn about_people(directory: &std::path::Path, count: usize) -> Vec<Partner> {
    let mut partners = partners(directory, &PARTNERS[..count]);
    partners.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    partners[0].worker_tokens = true;
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

/// A response, all of it that a caller sees.
async fn seen(client: &Client, method: &str, path: &str, body: Option<&Value>) -> String {
    let request = client.request(method, path);
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let response = request.send().await.expect("a response");
    let mut headers: Vec<String> =
        response.headers().iter().filter(|(name, _)| *name != "date").map(|header| format!("{header:?}")).collect();
    headers.sort();
    format!("{} {headers:?} {}", response.status(), response.text().await.expect("text"))
}

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
    let document: Value = serde_json::from_str(&polder_web::openapi_json()).expect("JSON");
    let mut tried = 0;
    for (caller, worker) in workers.iter().enumerate() {
        let (mine, others) = (&own[caller], &own[1 - caller]);
        for (path, item) in document["paths"].as_object().expect("paths").iter().filter(|(path, _)| path.starts_with("/v1/me")) {
            for method in item.as_object().expect("operations").keys().map(|method| method.to_uppercase()) {
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
                    let shown = seen(worker, &method, path, None).await;
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
    let document: Value = serde_json::from_str(&polder_web::openapi_json()).expect("JSON");
    let (mut of_workers, mut of_systems) = (0, 0);
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations").iter().filter(|(_, operation)| operation.is_object()) {
            let says = |scheme: &str| operation["security"].as_array().is_some_and(|list| list.contains(&json!({scheme: []})));
            let (path, method) = (
                path.replace("{consent}", &"0".repeat(32))
                    .replace("{request}", &"0".repeat(32))
                    .replace("{key}", "P-1")
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
    assert_eq!((of_workers, of_systems), (20, 33));
    // People are sought by systems, for an offer of their partner; not by workers.
    for about in [json!({"kind": "skill-offer"}), json!({"kind": "skill-offer", "about": {"kind": "vacancy", "key": "V-1"}})] {
        let response = worker.request("POST", "/v1/queries").json(&about).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (403, "forbidden"));
    }
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_workers_are_for_trying_out() {
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
    // Where they are not wanted there are none.
    partners[0].worker_tokens = false;
    let without = partners[0].start(register).await;
    let asked = Client::of(&without).request("POST", "/v1/worker-tokens").json(&json!({"offer": "P-1"})).send().await.expect("a response");
    let refusal = refused(asked).await;
    assert_eq!(refusal.is(), (403, "forbidden"));
    assert!(refusal.text.contains("consent.insecure_worker_tokens"), "{}", refusal.text);
}

/// A node that anyone reaches hands out no such tokens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_others_reach_takes_no_tokens_of_workers() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = about_people(directory.path(), 1);
    let register = region_of(&partners).register(SystemClock.now());
    partners[0].listen_for_clients_on("0.0.0.0:0");
    let failed = partners[0].try_start(register.clone(), Arc::new(SystemClock)).await.err().expect("it does not start");
    assert!(failed.to_string().contains("for a client port on loopback alone"), "{failed}");
    partners[0].worker_tokens = false;
    partners[0].listen_for_clients_on("0.0.0.0:0");
    assert!(partners[0].try_start(register, Arc::new(SystemClock)).await.is_ok());
}
