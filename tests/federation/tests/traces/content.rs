//! What is in a trace, and what is not: one query is one trace over all nodes, and nothing in it says what was asked.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as AnyValue;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::collector::{Collector, Does};
use polder_federation_tests::http::{Client, partners, region_of, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use serde_json::{Value, json};

use crate::support::{SPAN, TRACE, ask, federation, named, of_the_query, of_trace, one, question, stop};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_query_is_one_trace_over_all_nodes() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let (_, nodes) = federation(directory.path(), &collector).await;
    let result = ask(&nodes[0], &question(), &format!("00-{TRACE}-{SPAN}-01")).await;
    assert_eq!((result["complete"].as_bool(), result["hits"].as_array().map(Vec::len)), (Some(true), Some(3)));
    stop(nodes).await;

    let spans = of_the_query(&collector, &result);
    let query = one(&spans, "query", |_| true);
    assert_eq!((query.node().as_str(), query.below().as_str()), (PARTNERS[0], ""));
    assert_eq!(query.says("polder.query"), result["query"]["id"].as_str().expect("an id"));
    for (name, value) in [("partners", "3"), ("missing", "0"), ("hits", "1-9"), ("outcome", "complete"), ("kind", "vacancy")] {
        assert_eq!(query.says(&format!("polder.{name}")), value, "{name}");
    }
    let documents = one(&spans, "documents", |_| true);
    assert_eq!(documents.below(), query.id());
    assert_eq!(named(&spans, "ask partner").len(), 3);
    for partner in PARTNERS[..3].iter().copied() {
        let asked = one(&spans, "ask partner", |came| came.says("polder.partner") == partner);
        assert_eq!((asked.node().as_str(), asked.below(), asked.says("polder.outcome").as_str()), (PARTNERS[0], query.id(), "answered"));
        let fetched = spans.iter().filter(|came| came.name() == "fetch documents" && came.says("polder.partner") == partner);
        for fetched in fetched {
            assert_eq!((fetched.below(), fetched.says("polder.outcome").as_str()), (documents.id(), "fetched"));
        }
        let search = one(&spans, "search", |came| came.node() == partner);
        if partner == PARTNERS[0] {
            assert_eq!(search.below(), asked.id(), "a node asks itself without a network");
            continue;
        }
        let answer = one(&spans, "answer", |came| came.node() == partner);
        assert_eq!((answer.below(), answer.says("polder.asker").as_str()), (asked.id(), PARTNERS[0]));
        assert_eq!(answer.says("polder.query"), query.says("polder.query"));
        assert_eq!(search.below(), answer.id());
        let given = spans.iter().filter(|came| came.name() == "give documents" && came.node() == partner);
        let fetches: Vec<String> = named(&spans, "fetch documents").iter().map(|came| came.id()).collect();
        assert!(given.clone().count() > 0, "{partner}");
        assert!(given.into_iter().all(|came| fetches.contains(&came.below())), "{partner}");
    }
    assert!(spans.iter().all(|came| !came.failed()), "{spans:?}");
    for came in &spans {
        let resource = |name: &str| came.resource.iter().any(|attribute| attribute.key == name);
        assert!(["service.name", "service.version", "service.instance.id"].into_iter().all(resource), "{came:?}");
        assert!(came.span.end_time_unix_nano >= came.span.start_time_unix_nano, "{came:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_in_a_trace_says_what_was_asked_or_published() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let (partners, nodes) = federation(directory.path(), &collector).await;
    let secret = json!({
        "kind": "vacancy", "purpose": "find-work", "text": "kwartelkundige zeppelinbouw", "deadlineMs": 5_000,
        "skills": [{"uri": "http://voorbeeld.example/skill/geheimwerk", "importance": "essential"}],
        "travel": {"from": "8302", "mode": "car", "maxMinutes": 34}, "hours": {"min": 17, "max": 23}, "level": {"min": 40},
    });
    let (status, result) = Client::of(&nodes[0]).query(&secret).await;
    let asked = result["query"]["criteria"].to_string();
    assert!(status == 200 && asked.contains("kwartelkund") && asked.contains("geheimwerk"), "{result}");
    // One that is refused, and offers that are refused and taken, leave nothing either.
    assert_eq!(Client::of(&nodes[0]).query(&json!({"kind": "vacancy", "label": "strandjutter"})).await.0, 400);
    let put = Client::of(&nodes[0]).put("/v1/vacancies/sleutelwoord-7", vacancy("Kwartelkundige").to_string()).await;
    assert_eq!(put.status(), 201);
    assert_eq!(Client::of(&nodes[0]).put("/v1/vacancies/sleutelwoord-8", r#"{"title": "dijkgraafgeheim"}"#).await.status(), 400);
    // And a partner that puts what it likes where an id belongs.
    let peer = Peer::calling(&partners[1], &Shows::Certificate(&partners[0].identity));
    let mut odd = query(&partners[0], SystemClock.now());
    odd["id"] = json!("stiekemwoord");
    assert_eq!(peer.post(partners[0].identity.message_key(), QUERIES, &odd).await.0, 400);
    stop(nodes).await;

    let tie_key = result["query"]["tieKey"].as_str().expect("a key").to_owned();
    let sent = String::from_utf8_lossy(&collector.bytes()).to_lowercase();
    assert!(sent.contains("ask partner") && sent.contains(&PARTNERS[0].to_lowercase()), "that which is told is found so");
    assert!(named(&collector.spans(), "publish").iter().any(|came| came.failed()), "what was refused is told as well");
    assert!(collector.spans().iter().any(|came| came.says("polder.outcome") == "invalid-request"), "so is what a partner was refused");
    let words = [
        "kwartel",
        "zeppelin",
        "geheimwerk",
        "voorbeeld.example",
        "find-work",
        "essential",
        "strandjutter",
        "sleutelwoord",
        "dijkgraaf",
        "stiekem",
        "monteur",
        "windmolen",
        "werkplaats",
        "127.0.0.1",
        "authorization",
        "bearer",
        "monteur",
    ];
    for word in words.into_iter().chain([token().reveal(), &tie_key]) {
        assert!(!sent.contains(&word.to_lowercase()), "{word} was sent to the collector");
    }
    // Numbers, such as a postcode or hours, stand in ids by chance. So everything that is said is of the form that docs/traces.md has for it.
    for came in &collector.spans() {
        assert!(came.span.events.is_empty() && came.span.links.is_empty() && came.span.trace_state.is_empty(), "{came:?}");
        assert!(came.resource.iter().chain(&came.span.attributes).all(is_told), "{came:?}");
        let said = came.says("polder.outcome");
        let failed = came.span.status.as_ref().map(|status| status.message.as_str()).filter(|message| !message.is_empty());
        assert!(failed.is_none_or(|message| message == said), "{came:?}");
    }
}

/// Whether an attribute is one that docs/traces.md names, with a value of its form.
fn is_told(attribute: &KeyValue) -> bool {
    let value = attribute.value.as_ref().and_then(|value| value.value.as_ref());
    let (word, number) = match value {
        Some(AnyValue::StringValue(word)) => (word.as_str(), None),
        Some(AnyValue::IntValue(number)) => ("", Some(*number)),
        _ => return false,
    };
    match attribute.key.as_str() {
        "polder.query" => word.len() == 36 && word.chars().all(|sign| sign == '-' || sign.is_ascii_hexdigit()),
        "polder.kind" => ["vacancy", "training", "skill-offer"].contains(&word),
        "polder.partner" | "polder.asker" => PARTNERS.contains(&word),
        "polder.partners" | "polder.missing" | "polder.documents" | "polder.offers" => {
            number.is_some_and(|number| (0..=3).contains(&number))
        }
        "polder.hits" | "polder.lines" => ["0", "1-9", "10-99", "100+"].contains(&word),
        "polder.outcome" => OUTCOMES.contains(&word),
        "service.name" => word == "polder",
        "service.version" => word == env!("CARGO_PKG_VERSION"),
        "service.instance.id" => word.split_once('/').is_some_and(|(partner, id)| PARTNERS.contains(&partner) && id.len() == 8),
        _ => false,
    }
}

/// How the parts of the test above end.
const OUTCOMES: [&str; 9] =
    ["answered", "fetched", "searched", "stored", "complete", "created", "invalid-request", "invalid-document", "not-needed"];

/// A partner that hangs is told as slow, one that is away as unreachable; both are marked as failed, and lines of the log carry the trace.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_that_do_not_answer_say_so() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..3]);
    all[0].traces = collector.all();
    let hangs = all[1].take_peer_port();
    drop(all[2].take_peer_port());
    let register = region_of(&all).register(SystemClock.now());
    let node = all[0].start(register).await;
    let question = json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 600});
    let result = ask(&node, &question, &format!("00-{TRACE}-{SPAN}-01")).await;
    assert_eq!(result["complete"], false);

    // Whoever stops reading leaves a span that says so.
    let request = Client::of(&node).request("POST", "/v1/queries").header("accept", "application/x-ndjson");
    let mut stream = request.json(&json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 9_000})).send().await.expect("a response");
    assert!(stream.chunk().await.expect("a line").is_some());
    drop(stream);
    let queries = collector.wait_for("query", 2).await;
    let left = queries.iter().find(|came| came.links().is_empty()).expect("the other one");
    assert_eq!((left.says("polder.outcome").as_str(), left.failed()), ("abandoned", true));
    let asked = one(&of_trace(&collector, &left.trace()), "ask partner", |came| came.says("polder.partner") == PARTNERS[1]).clone();
    assert_eq!((asked.says("polder.outcome").as_str(), asked.failed()), ("abandoned", true));
    node.stop().await;
    drop(hangs);

    let spans = of_the_query(&collector, &result);
    for (partner, outcome) in [(PARTNERS[0], "answered"), (PARTNERS[1], "slow"), (PARTNERS[2], "unreachable")] {
        let asked = one(&spans, "ask partner", |came| came.says("polder.partner") == partner);
        assert_eq!((asked.says("polder.outcome").as_str(), asked.failed()), (outcome, outcome != "answered"), "{partner}");
    }
    let query = one(&spans, "query", |_| true);
    assert_eq!((query.says("polder.outcome").as_str(), query.says("polder.missing").as_str()), ("incomplete", "2"));
    let trace = format!("trace_id={}", query.trace());
    assert_eq!(logs::lines_with(&["partner is missing", &trace]).len(), 2);
    assert_eq!(logs::lines_with(&["partner is missing", PARTNERS[1], "reason=slow", &trace]).len(), 1);
}

/// Offers: one trace for each, with the writing of it as a part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_and_parts_of_imports_are_traced() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..1]);
    all[0].traces = collector.all();
    let node = start_all(&mut all).await.pop().expect("a node");
    let client = Client::of(&node);
    let put = client.request("PUT", "/v1/vacancies/V-1").header("content-type", "application/json");
    let put = put.header("traceparent", format!("00-{TRACE}-{SPAN}-01")).body(vacancy("Lasser").to_string());
    assert_eq!(put.send().await.expect("a response").status(), 201);
    let opened = client.request("POST", "/v1/imports").json(&json!({"collection": "vacancies"})).send().await.expect("a response");
    let import: Value = opened.json().await.expect("JSON");
    let path = format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let lines: String =
        (0..12).map(|number| format!("{}\n", json!({"key": format!("I-{number}"), "document": vacancy("Lasser")}))).collect();
    let part = client.request("PUT", &path).header("content-type", "application/x-ndjson").body(lines);
    let part = part.header("traceparent", format!("00-{}-{SPAN}-01", TRACE.replace('4', "5")));
    assert_eq!(part.send().await.expect("a response").status(), 200);
    node.stop().await;
    let spans = collector.spans();
    let publish = one(&spans, "publish", |_| true);
    assert_eq!((publish.trace().as_str(), publish.below().as_str(), publish.says("polder.outcome").as_str()), (TRACE, SPAN, "created"));
    let part = one(&spans, "import part", |_| true);
    assert_eq!((part.says("polder.lines").as_str(), part.says("polder.outcome").as_str()), ("10-99", "stored"));
    assert_eq!((part.trace(), part.below().as_str()), (TRACE.replace('4', "5"), SPAN));
    assert_eq!(one(&spans, "store", |came| came.below() == publish.id()).says("polder.outcome"), "stored");
    assert_eq!(one(&spans, "store", |came| came.below() == part.id()).says("polder.offers"), "12");
}
