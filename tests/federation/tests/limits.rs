//! Everything that waits has a deadline, everything that queues has a bound.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, one_node, partners, region_of, start_all, token, vacancy};
use polder_federation_tests::liar::{Liar, Said};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::problems::refused;
use polder_federation_tests::wire::{Came, exchange, say};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

fn head(address: SocketAddr, line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n", token().reveal())
}

/// Sends the first piece at once, then the second one byte at a time, twice a second.
async fn drip(address: SocketAddr, first: String, then: &str) -> Came {
    let slow = then.bytes().cycle().map(|byte| (SECOND / 2, vec![byte]));
    exchange(address, std::iter::once((Duration::ZERO, first.into_bytes())).chain(slow), 30 * SECOND).await
}

/// Headers and handshakes have 5 s, and so have bodies before they must keep to a rate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_slowly_is_cut_off() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].limits.client_idle_seconds = 8;
    let node = start_all(&mut partners).await.pop().expect("a node");
    let (client, peer, operator) = (node.client, node.peer, node.operator);
    let get = head(client, "GET /v1/vacancies");
    let put = head(client, "PUT /v1/vacancies/V-1") + "Content-Length: 5000\r\n\r\n{";
    let chunked = head(client, "PUT /v1/vacancies/V-1") + "Transfer-Encoding: chunked\r\n\r\n";
    let (silent, line, headers, again, second, body, chunks, handshake, hello, watch, calls) = tokio::join!(
        drip(client, String::new(), ""),
        drip(client, "G".to_owned(), "E"),
        drip(client, get.clone() + "X-A: ", "a"),
        drip(client, get.clone() + "\r\n", ""),
        drip(client, get.clone() + "\r\n", "G"),
        drip(client, put, " "),
        drip(client, chunked, "1\r\n \r\n"),
        drip(peer, String::new(), ""),
        drip(peer, "\u{16}\u{3}\u{1}".to_owned(), "\u{1}"),
        drip(operator, "G".to_owned(), "E"),
        async {
            // Meanwhile everyone else is served.
            let client = Client::of(&node);
            for number in 0..20 {
                let began = Instant::now();
                assert!(client.put("/v1/vacancies/V-2", vacancy(&format!("Monteur {number}")).to_string()).await.status().is_success());
                assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
                tokio::time::sleep(SECOND / 2).await;
            }
        }
    );
    let () = calls;
    for came in [&body, &chunks] {
        assert!(came.statuses() == [408] && came.text.contains("urn:polder:problem:request-timeout"), "{}", came.text);
    }
    for (what, came, bound) in [
        ("silent", silent, 5..8),
        ("a line that drips", line, 5..8),
        ("headers that drip", headers, 5..8),
        ("silent after a request", again, 8..12),
        ("a second request that drips", second, 5..8),
        ("a body that drips", body, 5..8),
        ("chunks that drip", chunks, 5..8),
        ("no handshake", handshake, 5..8),
        ("a handshake that drips", hello, 5..8),
        ("the operator's port", watch, 5..8),
    ] {
        assert!(
            came.closed && came.after >= bound.start * SECOND && came.after < bound.end * SECOND,
            "{what}: closed {}, {:?}, {}",
            came.closed,
            came.after,
            came.text
        );
        assert!(!came.text.contains("201"), "{what}: {}", came.text);
    }
    assert_eq!(Client::of(&node).request("GET", "/v1/vacancies/V-1").send().await.expect("a response").status(), 404);
    for what in ["no whole request within 5 s", "no handshake within 5 s"] {
        let lines = logs::lines_with(&["from=127.0.0.0/24", what]);
        assert!((1..=2).contains(&lines.len()), "one line in 10 s: {lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_and_connections_are_bounded() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let get = head(node.client, "GET /v1/vacancies");
    let many: String = (0..500).map(|number| format!("X-{number}: a\r\n")).collect();
    for (what, request) in [
        ("a long header", format!("{get}X-A: {}\r\n\r\n", "a".repeat(1 << 20))),
        ("many headers", format!("{get}{many}\r\n")),
        ("a long address", head(node.client, &format!("GET /v1/{}", "a".repeat(1 << 20))) + "\r\n"),
        ("a long line of nothing", "\r\n".repeat(100_000)),
        ("not HTTP", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n".to_owned()),
        ("HTTP/0.9", "GET /v1/vacancies\r\n\r\n".to_owned()),
    ] {
        let came = say(node.client, &request).await;
        assert!(came.closed && came.statuses().iter().all(|status| [400, 414, 431].contains(status)), "{what}: {came:?}");
    }
    // Many who connect and say nothing keep nobody out.
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(tokio::net::TcpStream::connect(node.client).await.expect("a connection"));
    }
    let began = Instant::now();
    assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());
}

/// More questions than a node takes at once are refused at once; whoever goes away makes room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_at_once_are_bounded() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let region = region_of(&partners);
    let register = || region.register(SystemClock.now());
    let identity = Arc::clone(&partners[1].identity);
    let liar = Liar::start(&mut partners[1], &identity, register()).await;
    liar.tells(|_, _| Said::Never);
    let node = partners[0].start(register()).await;
    let client = Client::of(&node);
    let question = json!({"kind": "vacancy", "deadlineMs": 1_500});
    let ask = async || client.request("POST", "/v1/queries").json(&question).send().await.expect("a response");
    let began = Instant::now();
    let asked = futures::future::join_all((0..60).map(|_| async { (ask().await, began.elapsed()) })).await;
    let (mut answered, mut turned_away) = (0, 0);
    for (response, after) in asked {
        if response.status() == 200 {
            answered += 1;
            continue;
        }
        assert_eq!(response.headers()["retry-after"], "1");
        assert!(after < SECOND, "refused at once: {after:?}");
        assert_eq!(refused(response).await.is(), (503, "unavailable"));
        turned_away += 1;
    }
    assert_eq!((answered, turned_away), (16, 44));

    // Sixteen streams whose readers go away: there is room again before their time is over.
    let long = json!({"kind": "vacancy", "deadlineMs": 10_000});
    let streams = futures::future::join_all((0..16).map(|_| {
        let request = client.request("POST", "/v1/queries").header("accept", "application/x-ndjson").json(&long);
        async { request.send().await.expect("a response") }
    }));
    let streams = streams.await;
    assert!(streams.iter().all(|response| response.status() == 200));
    assert_eq!(ask().await.status(), 503);
    drop(streams);
    let began = Instant::now();
    while ask().await.status() != 200 {
        assert!(began.elapsed() < 5 * SECOND, "who went away still takes a place");
        tokio::time::sleep(SECOND / 10).await;
    }
}
