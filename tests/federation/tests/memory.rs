//! Bodies without end cost no memory. One test alone in its program: the peak of the whole process is what is measured.
#![expect(clippy::expect_used, reason = "tests")]

use std::time::{Duration, Instant};

use polder_federation_tests::http::{Client, one_node, token, vacancy};
use polder_federation_tests::wire::exchange;

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_without_end_are_refused_at_the_bound() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = one_node(directory.path()).await;
    let client = Client::of(&node);
    assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let opened =
        client.request("POST", "/v1/imports").json(&serde_json::json!({"collection": "vacancies"})).send().await.expect("a response");
    let import: serde_json::Value = opened.json().await.expect("JSON");
    let part = format!("PUT /v1/imports/{}/parts/1", import["id"].as_str().expect("an id"));
    let head = |line: &str, framing: &str| {
        let media = if line.contains("/parts/") { "application/x-ndjson" } else { "application/json" };
        format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: {media}\r\n{framing}\r\n\r\n",
            node.client,
            token().reveal()
        )
    };
    let piece = vec![b' '; 64 * 1024];
    let chunk = [b"10000\r\n".as_slice(), &piece, b"\r\n"].concat();
    let before = peak();
    for line in ["PUT /v1/vacancies/V-1", "POST /v1/queries", &part] {
        for (framing, piece) in [("Content-Length: 1073741824", &piece), ("Transfer-Encoding: chunked", &chunk)] {
            let began = Instant::now();
            let floods = (0..8).map(|_| {
                let first = (Duration::ZERO, head(line, framing).into_bytes());
                let rest = std::iter::repeat_with(|| (Duration::ZERO, piece.clone())).take(16 * 1024);
                exchange(node.client, std::iter::once(first).chain(rest), Duration::from_secs(10))
            });
            for came in futures::future::join_all(floods).await {
                assert!(came.closed, "{line} {framing}: {}", came.text);
                assert_eq!(came.statuses(), [413], "{line} {framing}: {}", came.text);
                assert!(
                    came.text.contains("urn:polder:problem:too-large") && came.text.contains("application/problem+json"),
                    "{}",
                    came.text
                );
            }
            assert!(began.elapsed() < Duration::from_secs(5), "{line} {framing}: {:?}", began.elapsed());
        }
    }
    let grown = peak() - before;
    assert!(grown < 16 * 1024, "the peak grew by {grown} KiB");
    let read = client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response");
    assert_eq!(read.text().await.expect("text"), vacancy("Monteur").to_string());
}
