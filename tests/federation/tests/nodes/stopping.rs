//! A node that is told to stop: at once where nothing is on its way, soon where something is, and in time whatever its callers do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::h2::{self, flood, hello};
use polder_federation_tests::http::{Client, Partner, one_node, partners, region_of, start_all, token, vacancy};
use polder_federation_tests::liar::{Liar, Said};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::postgres::{self, Hanging};
use polder_web::RunningNode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const SECOND: Duration = Duration::from_secs(1);

async fn stop(node: RunningNode) -> Duration {
    let began = Instant::now();
    node.stop().await;
    began.elapsed()
}

/// A connection on which this was sent.
async fn said(node: &RunningNode, text: &str) -> TcpStream {
    let mut stream = h2::plain(node.client).await;
    stream.write_all(text.as_bytes()).await.expect("sent");
    stream
}

fn head(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: polder\r\nAuthorization: Bearer {}\r\n", token().reveal())
}

/// The first of two partners' nodes, and the other one, which never replies to a question.
async fn beside_a_silent_one(partners: &mut [Partner]) -> (RunningNode, Liar) {
    let region = region_of(partners);
    let register = || region.register(SystemClock.now());
    let identity = Arc::clone(&partners[1].identity);
    let silent = Liar::start(&mut partners[1], &identity, register()).await;
    silent.tells(|_, _| Said::Never);
    (partners[0].start(register()).await, silent)
}

/// What a body in chunks holds; none where it has no end.
fn chunks(mut text: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (length, rest) = text.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        whole.push_str(rest.get(..length)?);
        text = rest.get(length..)?.strip_prefix("\r\n")?;
        if length == 0 {
            return Some(whole);
        }
    }
}

/// Connections that are kept for later requests, of clients and of peers, hold nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_node_stops_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    let mut nodes = start_all(&mut partners).await;
    // Every node asks every other one, over connections that stay.
    for node in &nodes {
        assert_eq!(Client::of(node).query(&json!({"kind": "vacancy", "deadlineMs": 5_000})).await.1["complete"], true);
    }
    let node = nodes.remove(0);
    let _silent = said(&node, "").await;
    let _no_handshake = TcpStream::connect(node.peer).await.expect("a connection");
    let mut kept = said(&node, &(head("GET /v1/vacancies") + "\r\n")).await;
    kept.read_exact(&mut [0; 12]).await.expect("a response");
    let took = stop(node).await;
    assert!(took < SECOND / 2, "{took:?}");
}

/// A question that is on its way is answered, and the node stops when it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_its_way_is_finished() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, _silent) = beside_a_silent_one(&mut partners).await;
    let client = Client::of(&node);
    let asked = tokio::spawn(async move { client.query(&json!({"kind": "vacancy", "deadlineMs": 1_500})).await });
    tokio::time::sleep(SECOND / 2).await;
    let took = stop(node).await;
    let (status, result) = asked.await.expect("no panic");
    assert_eq!((status, &result["complete"]), (200, &json!(false)), "{result}");
    assert!(took > SECOND / 2 && took < 2 * SECOND, "{took:?}");
}

/// Whatever callers do, the node stops in time: requests without an end, questions that take longer, readers that do not read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_holds_a_node_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, _silent) = beside_a_silent_one(&mut partners).await;
    let _headers = said(&node, "GET /v1/vacancies HTTP/1.1\r\n").await;
    let put = head("PUT /v1/vacancies/V-1") + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{";
    let _body = said(&node, &put).await;
    // HTTP/2 that confirms nothing: one connection is idle, one has a request without an end.
    let bearer = format!("Bearer {}", token().reveal());
    let open = h2::headers("PUT", "/v1/vacancies/V-2", &[("authorization", bearer.as_str()), ("content-type", "application/json")]);
    let requests = [hello(&[]), [hello(&[]), h2::frame(h2::kind::HEADERS, h2::END_HEADERS, 1, &open)].concat()];
    let floods = requests.map(|request| {
        let address = node.client;
        tokio::spawn(async move { flood(h2::plain(address).await, [request], 10 * SECOND).await })
    });
    let client = Client::of(&node);
    let asked = tokio::spawn(async move { client.query(&json!({"kind": "vacancy", "deadlineMs": 10_000})).await });
    tokio::time::sleep(SECOND / 2).await;
    let took = stop(node).await;
    assert!(took > SECOND && took < 5 * SECOND, "{took:?}");
    let (status, problem) = asked.await.expect("no panic");
    assert_eq!((status, problem["type"].as_str()), (503, Some("urn:polder:problem:unavailable")), "{problem}");
    for flood in floods {
        let went = flood.await.expect("no panic");
        assert!(went.closed && went.came.contains(&h2::kind::GOAWAY), "{went:?}");
    }
}

/// A question that is streamed and would take longer ends with a line that says that there is no result.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_stream_of_a_question_ends_as_incomplete() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let (node, _silent) = beside_a_silent_one(&mut partners).await;
    assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let request = Client::of(&node).request("POST", "/v1/queries").header("accept", "application/x-ndjson");
    let question = json!({"kind": "vacancy", "text": "monteur", "deadlineMs": 10_000});
    let mut stream = request.json(&question).send().await.expect("a response");
    let mut text = stream.chunk().await.expect("a line").expect("a line").to_vec();
    let (took, ()) = tokio::join!(stop(node), async {
        // HTTP says that the body has ended: what came is not what was left of something longer.
        while let Some(more) = stream.chunk().await.expect("the body ends") {
            text.extend_from_slice(&more);
        }
    });
    assert!(took > SECOND && took < 5 * SECOND, "{took:?}");
    let mut lines: Vec<Value> =
        text.split_inclusive(|byte| *byte == b'\n').map(|line| serde_json::from_slice(line).expect("JSON")).collect();
    let last = lines.pop().expect("a line");
    assert_eq!((&last["type"], &last["problem"]["type"]), (&json!("incomplete"), &json!("urn:polder:problem:unavailable")), "{last}");
    assert!(last["problem"]["detail"].as_str().is_some_and(|detail| detail.contains("ask again")), "{last}");
    assert!(
        !lines.is_empty() && lines.iter().all(|line| ["partner", "hits"].contains(&line["type"].as_str().expect("a type"))),
        "{lines:?}"
    );
}

/// A server of PostgreSQL that hangs holds a node up no more than callers do, also where something waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_does_not_hold_a_node_up() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    let database = postgres::database().await;
    partners[0].database = database.clone();
    let node = start_all(&mut partners).await.pop().expect("a node");
    assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let hanging = Hanging::of(&database).await;
    let client = Client::of(&node);
    let put = tokio::spawn(async move {
        let put = client.request("PUT", "/v1/vacancies/V-2").header("content-type", "application/json");
        put.body(vacancy("Monteur").to_string()).send().await.map(|response| response.status().as_u16())
    });
    tokio::time::sleep(SECOND / 2).await;
    assert!(!put.is_finished(), "it waits for the database");
    let took = stop(node).await;
    assert!(took > SECOND && took < 5 * SECOND, "{took:?}");
    let put = put.await.expect("no panic");
    assert!(!put.as_ref().is_ok_and(|status| *status < 500), "what is not stored is not acknowledged: {put:?}");
    drop(hanging);
}

/// An export that would take longer ends with a line that says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_export_ends_as_incomplete() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    let mut document = vacancy("Monteur");
    document["description"] = "Onderhoud aan windmolens. ".repeat(380).into();
    let opened = client.request("POST", "/v1/imports").json(&json!({"collection": "vacancies"})).send().await.expect("a response");
    let import: Value = opened.json().await.expect("JSON");
    let lines: String = (0..1_200).map(|number| format!("{}\n", json!({"key": format!("V-{number}"), "document": document}))).collect();
    let part = client.request("PUT", &format!("/v1/imports/{}/parts/1", import["id"].as_str().expect("an id")));
    let reply = part.header("content-type", "application/x-ndjson").body(lines).send().await.expect("a response");
    assert_eq!(reply.text().await.expect("text").matches("\"created\"").count(), 1_201);

    // It reads slowly: far less than the whole comes in the time that the node gives it. Then it takes what there is.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("a small buffer");
    let mut stream = socket.connect(node.client).await.expect("a connection");
    let get = head("GET /v1/vacancies") + "Accept: application/x-ndjson\r\n\r\n";
    stream.write_all(get.as_bytes()).await.expect("sent");
    let (sender, stopping) = tokio::sync::oneshot::channel();
    let reading = tokio::spawn(async move {
        let began = Instant::now();
        let (mut sender, mut text, mut buffer) = (Some(sender), Vec::new(), vec![0; 16 * 1024]);
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            text.extend_from_slice(&buffer[..count]);
            if let Some(sender) = sender.take() {
                sender.send(()).expect("someone waits");
            }
            if began.elapsed() < 2 * SECOND + SECOND / 5 {
                tokio::time::sleep(Duration::from_millis(8)).await;
            }
        }
        String::from_utf8(text).expect("text")
    });
    stopping.await.expect("it has begun");
    let took = stop(node).await;
    assert!(took < 5 * SECOND, "{took:?}");
    let text = reading.await.expect("no panic");
    let body = text.split_once("\r\n\r\n").and_then(|(_, body)| chunks(body)).expect("HTTP says that the body has ended");
    let mut lines: Vec<Value> = body.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect();
    let last = lines.pop().expect("a line");
    assert!((1..1_200).contains(&lines.len()) && lines.iter().all(|line| line["kind"] == "vacancy"), "{}", lines.len());
    assert_eq!(last, json!({"type": "incomplete", "offers": lines.len()}));
}
