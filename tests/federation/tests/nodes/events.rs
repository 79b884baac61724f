//! The feed beside offers: who hears of applications and erasures, as a stream too, and for how long.

use std::time::Duration;

use futures::StreamExt;
use polder_consent::{Field, WorkerId};
use polder_exchange::people::{Application, Decision};
use polder_exchange::{For, Node};
use polder_federation_tests::ats::{Ats, register};
use polder_federation_tests::http::{Client, Partner, one_node, partners, region_of, start_by_clock, vacancy};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::people::{MATCHED, decision, give, profile, request};
use polder_federation_tests::{people, problems};
use polder_model::Purpose;
use polder_web::RunningNode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

use polder_exchange::{Clock, SystemClock};

async fn system(node: &RunningNode, id: &str, scopes: &[&str], organisation: &str) -> Ats {
    let mut ats = Ats::new(node, id);
    register(node, id, &ats.document(scopes, &[organisation])).await;
    ats.log_in("").await;
    ats
}

fn told(page: &Value) -> Vec<(String, Value)> {
    let items = page["items"].as_array().expect("items");
    let one = |item: &Value| (item["type"].as_str().expect("a type").to_owned(), item.get("number").cloned().unwrap_or_default());
    items.iter().map(one).collect()
}

async fn two(directory: &std::path::Path) -> (Vec<Partner>, Vec<RunningNode>, Arc<ManualClock>) {
    let mut partners = partners(directory, &PARTNERS[..2]);
    partners.iter_mut().for_each(|partner| partner.member.purposes = Purpose::ALL.to_vec());
    let (region, clock) = (region_of(&partners), Arc::new(ManualClock::at(SystemClock.now())));
    let mut nodes = Vec::new();
    for partner in &mut partners {
        nodes.push(partner.start_at(region.register(clock.now()), Arc::<ManualClock>::clone(&clock)).await);
    }
    (partners, nodes, clock)
}

/// A worker of one partner applies to a vacancy of another, is found by a system of it, and ends both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn systems_hear_of_applications_and_erasures_that_are_theirs() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_partners, nodes, clock) = two(directory.path()).await;
    let (home, employer) = (&nodes[0].node, &nodes[1].node);
    let mut offer = vacancy("Monteur");
    offer["employer"]["kvk"] = json!("00000001");
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", offer.to_string()).await.status().as_u16(), 201);
    let of_applications = ["application:read", "skill-offer:match"];
    let mut ats = system(&nodes[1], "ats", &of_applications, "kvk:00000001").await;
    let mut other = system(&nodes[1], "other", &of_applications, "kvk:00000002").await;
    let mut reader = system(&nodes[1], "reader", &["vacancy:read"], "kvk:00000001").await;
    let start = ats.call("GET", "/v1/changes", None).await.1["next"].as_str().expect("a cursor").to_owned();

    let worker = people::put(home, "P-1", &profile("Monteur zoekt werk")).await;
    let recipient = employer.home().partner.clone();
    apply(home, worker, employer).await;
    let given = give(home, worker, &decision(&[&recipient], &MATCHED)).await.expect("given").remove(0);
    let found = employer.ask(&request("V-1"), &For::Client("ats".to_owned()), None).await.expect("asked");
    assert_eq!(found.hits.len(), 1, "{:?}", found.missing);

    let (_, page) = ats.call("GET", &format!("/v1/changes?cursor={start}"), None).await;
    assert_eq!(told(&page), [("application.received".to_owned(), json!(1))], "{page}");
    assert_eq!(page["items"][0]["vacancy"], "V-1");
    // Sent once more, it is none that came.
    home.send_applications().await.expect("sent");
    assert_eq!(ats.call("GET", "/v1/applications", None).await.1["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(other.call("GET", "/v1/applications", None).await.1["items"], json!([]));
    home.withdraw(worker, given.id).await.expect("withdrawn");
    let consent = home.applications_of(worker).await.expect("read")[0].consent.expect("it is in force");
    home.withdraw(worker, consent).await.expect("withdrawn");
    home.deliver_once().await.expect("delivered");
    let (_, page) = ats.call("GET", &format!("/v1/changes?cursor={start}"), None).await;
    let mut types = told(&page);
    types.sort_by_key(|(name, _)| name.clone());
    let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["application.ended", "application.received", "erasure.due", "erasure.due"], "{page}");
    let (_, erasures) = ats.call("GET", "/v1/erasures", None).await;
    let numbers: Vec<Value> = erasures["items"].as_array().expect("items").iter().map(|item| item["number"].clone()).collect();
    assert_eq!([&types[2].1, &types[3].1], [&numbers[0], &numbers[1]], "by its number it is read");
    // Nothing of anybody stands in it.
    let text = page.to_string();
    assert!(
        !text.contains("buiten") && !text.contains("anna@") && !text.contains(erasures["items"][0]["key"].as_str().expect("a key")),
        "{text}"
    );
    // Another organisation's has seen nobody, and hears of nobody.
    assert_eq!(other.call("GET", "/v1/erasures", None).await.1["items"], json!([]));
    assert_eq!(told(&other.call("GET", &format!("/v1/changes?cursor={start}"), None).await.1), []);
    assert_eq!(told(&reader.call("GET", "/v1/changes", None).await.1), [("offer.changed".to_owned(), Value::Null)], "another scope");

    // After a month events are gone, and whoever missed some is told so; whoever follows offers alone has missed nothing.
    let (_, offers) = reader.call("GET", "/v1/changes", None).await;
    let all = ats.call("GET", "/v1/changes", None).await.1;
    clock.pass(Duration::from_secs(31 * 86_400));
    employer.forget_events().await.expect("forgotten");
    ats.ahead = 31 * 86_400;
    reader.ahead = 31 * 86_400;
    for system in [&mut ats, &mut reader] {
        // They were approved for a day.
        register(
            &nodes[1],
            &system.id.clone(),
            &system.document(if system.id == "ats" { &of_applications } else { &["vacancy:read"] }, &["kvk:00000001"]),
        )
        .await;
        system.log_in("").await;
    }
    let (status, problem) = ats.call("GET", &format!("/v1/changes?cursor={start}"), None).await;
    assert_eq!((status, problem["type"].as_str()), (410, Some("urn:polder:problem:cursor-lost")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("30 days")), "{problem}");
    assert_eq!(
        ats.call("GET", &format!("/v1/changes?cursor={}", all["next"].as_str().expect("a cursor")), None).await.0,
        200,
        "it has missed nothing"
    );
    assert_eq!(told(&ats.call("GET", "/v1/changes", None).await.1), []);
    assert_eq!(reader.call("GET", &format!("/v1/changes?cursor={}", offers["next"].as_str().expect("a cursor")), None).await.0, 200);
    assert_eq!(reader.call("GET", &format!("/v1/changes?cursor={start}"), None).await.0, 200);
    for node in nodes {
        node.stop().await;
    }
}

/// Whoever reads applications is told to erase them, and can say that it did: nothing else is needed for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_of_applications_alone_is_told_to_erase_and_says_that_it_did() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_partners, nodes, _clock) = two(directory.path()).await;
    let (home, employer) = (&nodes[0].node, &nodes[1].node);
    let mut offer = vacancy("Monteur");
    offer["employer"]["kvk"] = json!("00000001");
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", offer.to_string()).await.status().as_u16(), 201);
    let mut ats = system(&nodes[1], "ats", &["application:read", "webhook:manage"], "kvk:00000001").await;
    let mut reader = system(&nodes[1], "reader", &["vacancy:read", "webhook:manage"], "kvk:00000001").await;
    let worker = people::put(home, "P-1", &profile("Monteur zoekt werk")).await;
    apply(home, worker, employer).await;
    let (_, listed) = ats.call("GET", "/v1/applications", None).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    let consent = home.applications_of(worker).await.expect("read")[0].consent.expect("it is in force");
    home.withdraw(worker, consent).await.expect("withdrawn");
    home.deliver_once().await.expect("delivered");
    let owes = async || home.outstanding().await.expect("read").len();
    assert_eq!(employer.erasures("operator", 0, 10).await.expect("read"), [], "the desk has not seen it");
    employer.deliver_once().await.expect("delivered");
    assert_eq!(owes().await, 1, "a system has it still");

    let (status, due) = ats.call("GET", "/v1/erasures", None).await;
    assert_eq!((status, due["items"].as_array().map(Vec::len)), (200, Some(1)), "{due}");
    let number = due["items"][0]["number"].clone();
    let (_, page) = ats.call("GET", "/v1/changes", None).await;
    let heard = told(&page);
    assert!(heard.contains(&("erasure.due".to_owned(), number.clone())) && heard.iter().any(|(name, _)| name == "application.ended"));
    let wants = json!({"url": "https://ats.example.nl/polder", "types": ["erasure.due"]});
    assert_eq!(ats.call("POST", "/v1/webhooks", Some(&wants)).await.0, 201);
    let done = json!({"upTo": number});
    // Whoever may get nothing of people has nothing to erase, hears of none, and speaks for nobody.
    assert_eq!(reader.call("GET", "/v1/erasures", None).await.0, 403);
    assert_eq!(reader.call("POST", "/v1/erasures/acknowledged", Some(&done)).await.0, 403);
    assert_eq!(told(&reader.call("GET", "/v1/changes", None).await.1), [("offer.changed".to_owned(), Value::Null)]);
    assert_eq!(reader.call("POST", "/v1/webhooks", Some(&wants)).await.0, 400);
    let (status, settled) = ats.call("POST", "/v1/erasures/acknowledged", Some(&done)).await;
    assert_eq!((status, &settled["settled"]), (200, &json!(1)), "{settled}");
    assert_eq!(ats.call("GET", "/v1/erasures", None).await.1["items"], json!([]));
    employer.deliver_once().await.expect("delivered");
    assert_eq!(owes().await, 0, "the worker's own node has heard it");
    for node in nodes {
        node.stop().await;
    }
}

/// A worker of one node applies to the vacancy `V-1` of another.
async fn apply(home: &Node, worker: WorkerId, employer: &Node) {
    let recipient = employer.home().partner.clone();
    let applies = Decision { purpose: Purpose::Application, ..decision(&[&recipient], &[Field::Skills, Field::ContactEmail]) };
    let application = Application {
        decision: applies,
        vacancy: "V-1".parse().expect("a key"),
        title: "Monteur".to_owned(),
        employer: "Proef BV".to_owned(),
        motivation: "Ik werk graag buiten.".to_owned(),
    };
    let notice = hex::encode(Sha256::digest(home.application_notice(worker, &application).await.expect("a text")));
    let authentication = polder_consent::Authentication { issuer: "proef".to_owned(), level: String::new(), at: home.now() };
    home.apply(worker, &application, &notice, authentication).await.expect("applied");
    home.send_applications().await.expect("sent");
}

/// A stream that is read event by event.
struct Stream {
    pieces: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Stream {
    async fn open(request: reqwest::RequestBuilder) -> Self {
        let response = request.header("accept", "text/event-stream").send().await.expect("a response");
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { pieces: response.bytes_stream().boxed(), text: String::new() }
    }

    /// The next event with data; `None` at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        let began = std::time::Instant::now();
        loop {
            // Words that it still goes are no events.
            assert!(began.elapsed() < Duration::from_secs(40), "neither an event nor an end: {}", self.text);
            while let Some((event, rest)) = self.text.split_once("\n\n").map(|(event, rest)| (event.to_owned(), rest.to_owned())) {
                self.text = rest;
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name).map(ToOwned::to_owned));
                if let Some(data) = field("data: ") {
                    let data: Value = serde_json::from_str(&data).expect("JSON");
                    assert_eq!(field("event: "), data["type"].as_str().map(ToOwned::to_owned));
                    return Some((field("id: ").expect("an id"), data));
                }
            }
            let piece = tokio::time::timeout(Duration::from_secs(30), self.pieces.next()).await.expect("in time")?;
            self.text.push_str(std::str::from_utf8(&piece.ok()?).expect("text"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_goes_on_where_it_was_cut_and_ends_with_its_token() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, clock) = start_by_clock(&mut partners(directory.path(), &PARTNERS[..1])).await;
    let operator = Client::of(&node);
    let put = async |key: &str| {
        let mut offer = vacancy(key);
        offer["employer"]["kvk"] = json!("00000001");
        assert_eq!(operator.put(&format!("/v1/vacancies/{key}"), offer.to_string()).await.status().as_u16(), 201);
    };
    let ats = system(&node, "ats", &["vacancy:read"], "kvk:00000001").await;
    put("V-1").await;
    let mut stream = Stream::open(ats.request("GET", "/v1/changes")).await;
    let (first, event) = stream.next().await.expect("an event");
    assert_eq!((&event["key"], &event["id"]), (&json!("V-1"), &json!(first)));
    put("V-2").await;
    assert_eq!(stream.next().await.expect("an event").1["key"], "V-2");
    drop(stream);
    put("V-3").await;
    let mut resumed = Stream::open(ats.request("GET", "/v1/changes").header("last-event-id", &first)).await;
    for key in ["V-2", "V-3"] {
        assert_eq!(resumed.next().await.expect("an event").1["key"], key);
    }
    let refused = ats.request("GET", "/v1/changes").header("accept", "text/event-stream").header("last-event-id", "9-0123456789abcdef");
    assert_eq!(problems::refused(refused.send().await.expect("a response")).await.is(), (410, "cursor-lost"));
    // No more than some at the same time.
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Stream::open(ats.request("GET", "/v1/changes")).await);
    }
    let refused = ats.request("GET", "/v1/changes").header("accept", "text/event-stream").send().await.expect("a response");
    assert_eq!(problems::refused(refused).await.is(), (503, "unavailable"));
    drop(open);
    // Whoever may read less sees less from the next event on.
    register(&node, "ats", &ats.document(&["training:read"], &["kvk:00000001"])).await;
    put("V-4").await;
    register(&node, "ats", &ats.document(&["vacancy:read"], &["kvk:00000001"])).await;
    clock.pass(Duration::from_secs(301));
    while let Some((_, event)) = resumed.next().await {
        assert_eq!(event["key"], "V-4", "no more, if it was not yet read");
    }
    // One whose client is ended.
    let mut ended = Ats::new(&node, "ended");
    ended.ahead = 301;
    register(&node, "ended", &ended.document(&["vacancy:read"], &["kvk:00000001"])).await;
    ended.log_in("").await;
    let mut stream = Stream::open(ended.request("GET", "/v1/changes")).await;
    assert!(stream.next().await.is_some());
    assert_eq!(operator.request("DELETE", "/v1/clients/ended").send().await.expect("a response").status().as_u16(), 204);
    while stream.next().await.is_some() {}
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stops_waits_for_no_stream() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let mut stream = Stream::open(Client::of(&node).request("GET", "/v1/changes")).await;
    let began = std::time::Instant::now();
    let ends = tokio::spawn(async move { while stream.next().await.is_some() {} });
    node.stop().await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    ends.await.expect("it ended");
}

/// A search that is asked by itself tells its system what is new, and nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_search_tells_what_is_new() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_partners, nodes, clock) = two(directory.path()).await;
    let scopes = ["search:manage", "vacancy:read"];
    let mut ats = system(&nodes[0], "ats", &scopes, "kvk:00000001").await;
    let mut other = system(&nodes[0], "other", &scopes, "kvk:00000001").await;
    let publish = async |key: &str| {
        assert_eq!(Client::of(&nodes[1]).put(&format!("/v1/vacancies/{key}"), vacancy("Monteur").to_string()).await.status().as_u16(), 201);
    };
    publish("V-1").await;
    let saved = json!({"name": "Werk", "query": {"kind": "vacancy", "text": "monteur"}});
    let (status, search) = ats.call("POST", "/v1/searches", Some(&saved)).await;
    assert_eq!((status, &search["name"], &search["query"]), (201, &saved["name"], &saved["query"]), "{search}");
    for (bad, pointers) in [
        (json!({"name": "", "query": {"kind": "skill-offer"}}), vec!["/name", "/query/kind"]),
        (
            json!({"name": "Anna 06-12345678", "query": {"kind": "vacancy", "skills": [{"label": "lasen"}]}}),
            vec!["/name", "/query/skills/0/label"],
        ),
    ] {
        let (status, problem) = ats.call("POST", "/v1/searches", Some(&bad)).await;
        let found: Vec<&str> =
            problem["findings"].as_array().expect("findings").iter().filter_map(|finding| finding["pointer"].as_str()).collect();
        assert_eq!((status, found), (400, pointers), "{problem}");
    }
    assert_eq!(other.call("GET", "/v1/searches", None).await.1, json!({"items": []}));
    let path = format!("/v1/searches/{}", search["id"].as_str().expect("an id"));
    assert_eq!(other.call("DELETE", &path, None).await.0, 404);
    // What is found first is known.
    nodes[0].node.ask_saved_searches().await.expect("asked");
    let (_, page) = ats.call("GET", "/v1/changes", None).await;
    assert_eq!(told(&page), []);
    publish("V-2").await;
    clock.pass(Duration::from_secs(4_000));
    nodes[0].node.ask_saved_searches().await.expect("asked");
    for system in [&mut ats, &mut other] {
        system.ahead = 4_000;
        system.log_in("").await;
    }
    let (_, page) = ats.call("GET", "/v1/changes", None).await;
    let items = page["items"].as_array().expect("items");
    let offers = json!([{"partner": PARTNERS[1], "key": "V-2"}]);
    assert_eq!(items.len(), 1, "{page}");
    assert_eq!(
        (&items[0]["type"], &items[0]["search"], &items[0]["new"], &items[0]["offers"]),
        (&json!("search.matched"), &search["id"], &json!(1), &offers)
    );
    assert_eq!(told(&other.call("GET", "/v1/changes", None).await.1), []);
    clock.pass(Duration::from_secs(4_000));
    nodes[0].node.ask_saved_searches().await.expect("asked");
    ats.ahead = 8_000;
    ats.log_in("").await;
    assert_eq!(told(&ats.call("GET", "/v1/changes", None).await.1).len(), 1, "it is told once");
    assert_eq!(ats.call("DELETE", &path, None).await.0, 204);
    for node in nodes {
        node.stop().await;
    }
}

/// Who let something be seen, refused it or took it back is told to no system: `staff_do_not_see_who_refused_or_withdrew`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_decides_about_a_request_is_no_event() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_partners, nodes, _clock) = two(directory.path()).await;
    let home = &nodes[0].node;
    let worker = people::put(home, "P-1", &profile("Monteur zoekt werk")).await;
    let mut ats = system(&nodes[0], "ats", &["consent:request", "skill-offer:read"], PARTNERS[0]).await;
    let asked = json!({"key": "P-1", "purpose": "match-vacancy", "fields": ["/title", "/skills"]});
    let (status, made) = ats.call("POST", "/v1/requests", Some(&asked)).await;
    assert_eq!(status, 201, "{made}");
    let before = ats.call("GET", "/v1/changes", None).await.1;
    assert_eq!(before["items"].as_array().map(Vec::len), Some(1), "the offer itself: {before}");
    let given = give(home, worker, &decision(&[&home.home().partner.clone()], &MATCHED)).await.expect("given").remove(0);
    assert_eq!(ats.call("GET", "/v1/changes", None).await.1, before);
    home.withdraw(worker, given.id).await.expect("withdrawn");
    assert_eq!(ats.call("GET", "/v1/changes", None).await.1, before);
    for node in nodes {
        node.stop().await;
    }
}
