//! Traces of real nodes, as their operators' collectors get them: one query is one trace over all nodes, and nothing in it says what was asked.
#![expect(clippy::expect_used, reason = "tests")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::collector::{Came, Collector, Does, to};
use polder_federation_tests::http::{Client, Partner, partners, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use polder_web::RunningNode;
use serde_json::{Value, json};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// Three partners whose nodes send all their traces to that collector, each with a vacancy.
async fn federation(directory: &std::path::Path, collector: &Collector) -> (Vec<Partner>, Vec<RunningNode>) {
    let mut partners = partners(directory, &PARTNERS[..3]);
    for partner in &mut partners {
        partner.traces = collector.all();
    }
    let nodes = start_all(&mut partners).await;
    for node in &nodes {
        assert_eq!(Client::of(node).put("/v1/vacancies/V-1", vacancy("Monteur windmolens").to_string()).await.status(), 201);
    }
    (partners, nodes)
}

fn question() -> Value {
    json!({"kind": "vacancy", "text": "monteur windmolens", "deadlineMs": 5_000})
}

/// Asks within a trace of the client's own.
async fn ask(node: &RunningNode, question: &Value, traceparent: &str) -> Value {
    let request = Client::of(node).request("POST", "/v1/queries").header("traceparent", traceparent).json(question);
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

fn of_trace(collector: &Collector, trace: &str) -> Vec<Came> {
    collector.spans().into_iter().filter(|came| came.trace() == trace).collect()
}

/// The trace of the question with that result, over all nodes.
fn of_the_query(collector: &Collector, result: &Value) -> Vec<Came> {
    let id = result["query"]["id"].as_str().expect("an id");
    let trace = one(&collector.spans(), "query", |came| came.says("polder.query") == id).trace();
    of_trace(collector, &trace)
}

fn named<'c>(spans: &'c [Came], name: &str) -> Vec<&'c Came> {
    spans.iter().filter(|came| came.name() == name).collect()
}

fn one<'c>(spans: &'c [Came], name: &str, holds: impl Fn(&Came) -> bool) -> &'c Came {
    let found: Vec<&Came> = spans.iter().filter(|came| came.name() == name && holds(came)).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?} of {spans:?}");
    found[0]
}

async fn stop(nodes: Vec<RunningNode>) {
    for node in nodes {
        node.stop().await;
    }
}

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

/// Questions that a client asks within one trace of its own are a trace each. The node of its own partner has a link to what the client named; the others
/// are not told, so that they cannot see which questions are of the same one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_do_not_learn_which_questions_are_of_one_trace_of_a_client() {
    let directory = tempfile::tempdir().expect("a directory");
    let (home, away) = (Collector::start(Does::Take).await, Collector::start(Does::Take).await);
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    partners[0].traces = home.all();
    partners[1].traces = away.all();
    let nodes = start_all(&mut partners).await;
    for _ in 0..2 {
        assert_eq!(ask(&nodes[0], &question(), &format!("00-{TRACE}-{SPAN}-01")).await["complete"], true);
    }
    stop(nodes).await;
    let spans = home.spans();
    let queries = named(&spans, "query");
    assert_eq!(queries.len(), 2);
    assert!(queries.iter().all(|query| query.links() == [(TRACE.to_owned(), SPAN.to_owned())]), "{queries:?}");
    let mut answers: Vec<String> = named(&away.spans(), "answer").iter().map(|came| came.trace()).collect();
    let mut asked: Vec<String> = queries.iter().map(|came| came.trace()).collect();
    answers.sort_unstable();
    asked.sort_unstable();
    assert_eq!(answers, asked, "each answer is in the trace of its question");
    assert_ne!(asked[0], asked[1]);
    let whole = u128::from_str_radix(TRACE, 16).expect("digits").to_be_bytes();
    assert!(home.bytes().windows(16).any(|bytes| bytes == whole), "that it is told is found so");
    assert!(!away.bytes().windows(16).any(|bytes| bytes == whole));
    assert!(away.spans().iter().all(|came| came.links().is_empty()));
}

/// What is sent, where to and with what beside it, the configuration says and not the environment of the process.
#[test]
fn the_environment_has_no_say() {
    const CHILD: &str = "POLDER_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        return runtime.block_on(traces_in_an_environment());
    }
    let name = "the_environment_has_no_say";
    let mut child = std::process::Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", name, "--nocapture"]).env(CHILD, "1");
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/v1/traces"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-of-the-environment=1,authorization=Bearer other"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_RESOURCE_ATTRIBUTES", "of.the=environment"),
        ("OTEL_SERVICE_NAME", "other"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "0"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SDK_DISABLED", "true"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
    ] {
        child.env(name, value);
    }
    let output = child.output().expect("a child");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn traces_in_an_environment() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..1]);
    all[0].traces = collector.all().map(|to| polder_web::TracesTo { authorization: Some("Bearer ours".parse().expect("a value")), ..to });
    let node = start_all(&mut all).await.pop().expect("a node");
    let result = ask(&node, &question(), &format!("00-{TRACE}-{SPAN}-01")).await;
    node.stop().await;
    let spans = of_the_query(&collector, &result);
    let query = one(&spans, "query", |_| true);
    assert_eq!((query.says("polder.outcome").as_str(), query.links().len()), ("complete", 1));
    let attributes: Vec<&str> = query.resource.iter().map(|attribute| attribute.key.as_str()).collect();
    assert!(!attributes.contains(&"of.the") && attributes.contains(&"polder.partner"), "{attributes:?}");
    for headers in collector.headers() {
        let mut names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "authorization", "content-length", "content-type", "host"]);
        assert_eq!(headers["authorization"], "Bearer ours");
    }
}

/// Without a `traceparent`, or with one that is not of its form, there is nothing to link to; one that says so is not recorded, by anyone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_right_traceparent_is_taken() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let (_, nodes) = federation(directory.path(), &collector).await;
    let fine = format!("00-{TRACE}-{SPAN}-01");
    for bad in [fine.to_uppercase(), format!("{fine}-x"), fine.replace("00-", "ff-"), fine.replace(SPAN, &"0".repeat(16)), String::new()] {
        ask(&nodes[0], &question(), &bad).await;
    }
    let twice = Client::of(&nodes[0]).request("POST", "/v1/queries").header("traceparent", &fine).header("traceparent", &fine);
    assert_eq!(twice.json(&question()).send().await.expect("a response").status(), 200);
    assert_eq!(Client::of(&nodes[0]).query(&question()).await.0, 200);
    ask(&nodes[0], &question(), &fine.replace("-01", "-00")).await;
    stop(nodes).await;
    let spans = collector.spans();
    let queries = named(&spans, "query");
    assert_eq!(queries.len(), 7, "all but the one that is not to be recorded");
    assert!(queries.iter().all(|came| came.links().is_empty()), "{queries:?}");
    let mut traces: Vec<String> = queries.iter().map(|came| came.trace()).collect();
    traces.sort_unstable();
    traces.dedup();
    assert_eq!(traces.len(), 7, "each is a trace of its own");
    assert!(queries.iter().all(|came| came.below().is_empty()));
    assert_eq!(named(&spans, "answer").len(), 14);
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
}

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
    let (fingerprint, files) = polder_federation_tests::http::register_of(&all);
    let register = polder_trust::register::Register::load(&fingerprint, &files, None, SystemClock.now()).expect("the register holds");
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

/// With a share of nothing, and where traces are off, nothing is sent, and nobody else is made to record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_of_nothing_sends_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    // The one that asks and one that answers record nothing; the third would record what is begun without it.
    for (partner, share) in partners.iter_mut().zip([Some(0), None, Some(1_000_000)]) {
        partner.traces = share.and_then(|share| collector.all().map(|to| polder_web::TracesTo { share_millionths: share, ..to }));
    }
    let nodes = start_all(&mut partners).await;
    for flags in ["00", "01"] {
        assert_eq!(ask(&nodes[0], &question(), &format!("00-{TRACE}-{SPAN}-{flags}")).await["complete"], true);
    }
    assert_eq!(Client::of(&nodes[0]).query(&question()).await.1["complete"], true);
    stop(nodes).await;
    assert_eq!(collector.bytes().len(), 0, "{:?}", collector.spans());
}

/// A partner that has everything recorded gets its quarter of what the node records, in which the node's own questions have their place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_cannot_flood_a_collector() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..2]);
    all[1].traces = collector.all().map(|to| polder_web::TracesTo { spans_per_second: 40, ..to });
    let nodes = start_all(&mut all).await;
    let (key, began) = (all[0].identity.message_key(), Instant::now());
    let peer = Peer::calling(&all[1], &Shows::Certificate(&all[0].identity));
    for number in 0..100 {
        let now = SystemClock.now();
        let body = query(&all[0], now).to_string().into_bytes();
        let mut headers = peer.signed(key, "POST", QUERIES, &body, "find-work", now);
        headers.insert("traceparent", format!("00-{number:032x}-{SPAN}-01").replace("-0000", "-f000").parse().expect("a header"));
        let (status, text) = peer.call("POST", QUERIES, headers, body).await.expect("a response");
        assert_eq!(status, 200, "{text}");
    }
    let took = began.elapsed().as_secs_f64();
    assert_eq!(Client::of(&nodes[1]).query(&question()).await.1["complete"], true);
    let text = metrics(nodes[1].operator).await;
    stop(nodes).await;
    let spans = collector.spans();
    let flood = spans.iter().filter(|came| came.trace().starts_with("f000")).count();
    // A full quarter, what came in meanwhile, and the rest of the last trace.
    assert!(flood > 0 && flood as f64 <= 10.0 + 10.0 * took + 2.0, "{flood} in {took} s");
    assert_eq!(named(&spans, "query").len(), 1, "its own question is recorded");
    assert!(value(&text, "polder_traces_over_limit_total") > 0.0, "{text}");
}

/// Only a message that was verified says below which span its answer is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_does_not_hold_is_in_no_trace() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Take).await;
    let mut all = partners(directory.path(), &PARTNERS[..2]);
    all[1].traces = collector.all();
    let nodes = start_all(&mut all).await;
    let (key, wrong) = (all[0].identity.message_key(), all[1].identity.message_key());
    let peer = Peer::calling(&all[1], &Shows::Certificate(&all[0].identity));
    for (key, expected) in [(wrong, 401), (key, 200)] {
        let now = SystemClock.now();
        let body = query(&all[0], now).to_string().into_bytes();
        let mut headers = peer.signed(key, "POST", QUERIES, &body, "find-work", now);
        headers.insert("traceparent", format!("00-{TRACE}-{SPAN}-01").parse().expect("a header"));
        assert_eq!(peer.call("POST", QUERIES, headers, body).await.expect("a response").0, expected);
    }
    stop(nodes).await;
    let spans = collector.spans();
    assert_eq!(named(&spans, "answer").len(), 1, "{spans:?}");
    assert_eq!(one(&spans, "answer", |_| true).below(), SPAN);
}

/// A collector that hangs, or is away, slows no question, and a stop by a second or two; what is lost is counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_hangs_or_is_away_holds_nobody_up() {
    let hanging = Collector::start(Does::Hang).await;
    let away = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for traces in [hanging.all(), Some(to(away))] {
        let is_away = traces == Some(to(away));
        let directory = tempfile::tempdir().expect("a directory");
        let mut all = partners(directory.path(), &PARTNERS[..1]);
        all[0].traces = traces;
        let node = start_all(&mut all).await.pop().expect("a node");
        let began = Instant::now();
        for _ in 0..20 {
            assert_eq!(Client::of(&node).query(&question()).await.1["complete"], true);
        }
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        while is_away && failed(&metrics(node.operator).await) < 1.0 {
            assert!(began.elapsed() < Duration::from_secs(20), "what is lost is counted");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let began = Instant::now();
        node.stop().await;
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
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
    assert_eq!(part.send().await.expect("a response").status(), 200);
    node.stop().await;
    let spans = collector.spans();
    let publish = one(&spans, "publish", |_| true);
    assert_eq!((publish.trace().as_str(), publish.below().as_str(), publish.says("polder.outcome").as_str()), (TRACE, SPAN, "created"));
    let part = one(&spans, "import part", |_| true);
    assert_eq!((part.says("polder.lines").as_str(), part.says("polder.outcome").as_str()), ("10-99", "stored"));
    assert_eq!(one(&spans, "store", |came| came.below() == publish.id()).says("polder.outcome"), "stored");
    assert_eq!(one(&spans, "store", |came| came.below() == part.id()).says("polder.offers"), "12");
}

async fn metrics(address: SocketAddr) -> String {
    let response = reqwest::get(format!("http://{address}/metrics")).await.expect("a response");
    response.text().await.expect("text")
}

fn value(text: &str, begins: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(begins));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_else(|| panic!("{begins}: {text}"))
}

fn failed(text: &str) -> f64 {
    value(text, "polder_spans_total{outcome=\"failed\"}")
}
