//! One reading of each request: what a proxy and a node could read in two ways is refused, and the connection ends.

use std::net::SocketAddr;
use std::time::Duration;

use polder_federation_tests::h2::{self, flood, hello};
use polder_federation_tests::http::{Client, one_node, token, vacancy};
use polder_federation_tests::wire::say;
use serde_json::{Value, json};

struct Stage {
    client: Client,
    address: SocketAddr,
    _node: polder_web::RunningNode,
    _directory: tempfile::TempDir,
}

impl Stage {
    /// A node with the offers `V-1` and `v-1`.
    async fn set() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let node = one_node(directory.path()).await;
        let client = Client::of(&node);
        for (key, title) in [("V-1", "Monteur"), ("v-1", "Ander")] {
            assert_eq!(client.put(&format!("/v1/vacancies/{key}"), vacancy(title).to_string()).await.status(), 201);
        }
        Self { client, address: node.client, _node: node, _directory: directory }
    }

    async fn untouched(&self) {
        for (key, title) in [("V-1", "Monteur"), ("v-1", "Ander")] {
            let response = self.client.request("GET", &format!("/v1/vacancies/{key}")).send().await.expect("a response");
            assert_eq!(response.json::<Value>().await.expect("JSON"), vacancy(title));
        }
    }

    /// The head of a request with the token, up to its last header.
    fn head(&self, line: &str) -> String {
        format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
            self.address,
            token().reveal()
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_readings_are_refused_and_nothing_follows() {
    let stage = Stage::set().await;
    let put = stage.head("PUT /v1/vacancies/V-1");
    let body = vacancy("Gesmokkeld").to_string();
    let length = body.len();
    let chunks = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    // What would be carried out if the end of the first request were read elsewhere.
    let second = format!("{}\r\n", stage.head("DELETE /v1/vacancies/v-1"));
    let (long, chunked) = (format!("Content-Length: {length}\r\n"), "Transfer-Encoding: chunked\r\n");
    for (what, request) in [
        ("two lengths", format!("{put}{long}Content-Length: 5\r\n\r\n{body}{second}")),
        ("two lengths in one", format!("{put}Content-Length: {length}, 5\r\n\r\n{body}{second}")),
        ("the same length twice", format!("{put}{long}{long}\r\n{body}{second}")),
        ("the same length twice in one", format!("{put}Content-Length: {length}, {length}\r\n\r\n{body}{second}")),
        ("a length before chunks", format!("{put}{long}{chunked}\r\n{chunks}{second}")),
        ("a length behind chunks", format!("{put}{chunked}{long}\r\n{chunks}{second}")),
        ("another length before chunks", format!("{put}Content-Length: 5\r\n{chunked}\r\n{chunks}{second}")),
        ("chunked twice", format!("{put}{chunked}{chunked}\r\n{chunks}{second}")),
        ("lines without CR", format!("{put}{long}\r\n{body}{second}").replace('\r', "")),
        ("a first line without CR", format!("{put}{long}\r\n{body}{second}").replacen('\r', "", 1)),
        ("an empty line without CR", format!("{put}{long}\n{body}{second}")),
        ("a length without CR", format!("{put}Content-Length: {length}\n\r\n{body}{second}")),
        ("a signed length", format!("{put}Content-Length: +{length}\r\n\r\n{body}{second}")),
        ("a negative length", format!("{put}Content-Length: -1\r\n\r\n{body}{second}")),
        ("a length in hexadecimal", format!("{put}Content-Length: 0x{length:x}\r\n\r\n{body}{second}")),
        ("a length that does not fit", format!("{put}Content-Length: 99999999999999999999\r\n\r\n{body}{second}")),
        ("a folded header", format!("{put}X-A: b\r\n c\r\n{long}\r\n{body}{second}")),
        ("a folded length", format!("{put}Content-Length:\r\n {length}\r\n\r\n{body}{second}")),
        ("a space before the colon", format!("{put}Content-Length : {length}\r\n\r\n{body}{second}")),
        ("xchunked", format!("{put}Transfer-Encoding: xchunked\r\n\r\n{chunks}{second}")),
        ("chunked, then not", format!("{put}Transfer-Encoding: chunked, identity\r\n\r\n{chunks}{second}")),
        ("compressed chunks", format!("{put}Transfer-Encoding: gzip\r\n\r\n{chunks}{second}")),
        ("chunked with a bell", format!("{put}Transfer-Encoding: \u{b}chunked\r\n\r\n{chunks}{second}")),
        ("a bad chunk size", format!("{put}{chunked}\r\nxyz\r\n{body}\r\n0\r\n\r\n{second}")),
        ("a chunk size that does not fit", format!("{put}{chunked}\r\nffffffffffffffffff\r\n{body}\r\n0\r\n\r\n{second}")),
        ("a chunk longer than it says", format!("{put}{chunked}\r\n5\r\n{body}\r\n0\r\n\r\n{second}")),
        ("a lone CR in a header", format!("{put}X-A: b\rc\r\n{long}\r\n{body}{second}")),
        ("NUL in a header", format!("{put}X-A: b\0c\r\n{long}\r\n{body}{second}")),
        ("no host", format!("{}\r\n", stage.head("DELETE /v1/vacancies/V-1").replace("Host:", "X-Host:"))),
        ("two hosts", format!("{}Host: example.org\r\n\r\n", stage.head("DELETE /v1/vacancies/V-1"))),
        ("another version", stage.head("DELETE /v1/vacancies/V-1").replace("HTTP/1.1", "HTTP/1.7") + "\r\n"),
        ("a space in the address", stage.head("DELETE /v1/vacancies/V-1 x") + "\r\n"),
        ("another host in the address", stage.head("DELETE http://example.org/v1/vacancies/V-1") + "\r\n"),
        ("a user in the address", stage.head(&format!("DELETE http://example.org@{}/v1/vacancies/V-1", stage.address)) + "\r\n"),
    ] {
        let came = say(stage.address, &request).await;
        assert!(came.closed, "{what}: {}", came.text);
        assert!(came.statuses().iter().all(|status| *status == 400) && came.statuses().len() <= 1, "{what}: {}", came.text);
        stage.untouched().await;
    }
    // After chunks the connection ends.
    let came = say(stage.address, &format!("{}{chunked}\r\n{chunks}{second}", stage.head("PUT /v1/vacancies/V-2"))).await;
    assert!(came.closed && came.statuses() == [201], "{}", came.text);
    stage.untouched().await;
}

/// What would be two headers, or a second request, once a proxy has made HTTP/1 of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn line_ends_within_headers_of_http2_are_refused() {
    let stage = Stage::set().await;
    let bearer = format!("Bearer {}", token().reveal());
    let authorization = ("authorization", bearer.as_str());
    let delete = |path: &str, more: &[(&str, &str)]| {
        let headers = h2::headers("DELETE", path, more);
        [hello(&[]), h2::frame(h2::kind::HEADERS, h2::END_HEADERS | h2::END_STREAM, 1, &headers)].concat()
    };
    for (what, request) in [
        ("a value", delete("/v1/vacancies/V-1", &[authorization, ("x-a", "b\r\nX-C: d")])),
        ("a value with LF", delete("/v1/vacancies/V-1", &[authorization, ("x-a", "b\nX-C: d")])),
        ("a name", delete("/v1/vacancies/V-1", &[authorization, ("x-a\r\nx-b", "c")])),
        ("the path", delete("/v1/vacancies/V-1 HTTP/1.1\r\nX-A: b", &[authorization])),
        ("chunks", delete("/v1/vacancies/V-1", &[authorization, ("transfer-encoding", "chunked")])),
        ("a length", delete("/v1/vacancies/V-1", &[authorization, ("content-length", "5")])),
    ] {
        let went = flood(h2::plain(stage.address).await, [request], Duration::from_millis(300)).await;
        let refused = went.closed || went.came.contains(&h2::kind::RST_STREAM) || went.came.contains(&h2::kind::GOAWAY);
        assert!(refused, "{what}: {went:?}");
        stage.untouched().await;
    }
    // Nothing else was wrong with them.
    flood(h2::plain(stage.address).await, [delete("/v1/vacancies/V-1", &[authorization])], Duration::from_millis(300)).await;
    assert_eq!(stage.client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response").status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_in_a_row_are_answered_in_a_row() {
    let stage = Stage::set().await;
    let get = |key: &str| stage.head(&format!("GET /v1/vacancies/{key}")) + "\r\n";
    // A body may hold what no head may: lines that end without CR, and such as would begin a header.
    let body = serde_json::to_string_pretty(&vacancy("Nieuw")).expect("JSON") + "\n\n";
    let put = format!("{}Content-Length: {}\r\n\r\n{body}", stage.head("PUT /v1/vacancies/V-9"), body.len());
    let came = say(stage.address, &format!("{}{}{put}{}", get("V-1"), get("nergens"), get("V-9"))).await;
    assert_eq!(came.statuses(), [200, 404, 201, 200], "{}", came.text);
    assert!(!came.closed, "a plain connection stays open");
}

/// However an address is written, it is one offer, or none; it is never another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_one_meaning() {
    let stage = Stage::set().await;
    let own = stage.address;
    for (target, status) in [
        ("/v1/vacancies/V-1".to_owned(), 200),
        (format!("http://{own}/v1/vacancies/V-1"), 200),
        ("/v1/vacancies/V%2D1".to_owned(), 200),
        ("/v1/vacancies/%56-1".to_owned(), 200),
        ("/v1/vacancies/V-1?x=1".to_owned(), 400),
        ("//v1/vacancies/V-1".to_owned(), 404),
        ("/v1//vacancies/V-1".to_owned(), 404),
        ("/v1/vacancies//V-1".to_owned(), 404),
        ("/v1/vacancies/V-1/".to_owned(), 404),
        ("/v1/./vacancies/V-1".to_owned(), 404),
        ("/v1/trainings/../vacancies/V-1".to_owned(), 404),
        ("/v1/trainings/%2e%2e/vacancies/V-1".to_owned(), 404),
        ("/v1/vacancies/..".to_owned(), 400),
        ("/v1/vacancies/%2e%2e".to_owned(), 400),
        ("/v1/vacancies/%2E".to_owned(), 400),
        ("/v1/vacancies/x%2f..%2fV-1".to_owned(), 400),
        ("/v1/vacancies/V-1;a=b".to_owned(), 400),
        ("/v1;a/vacancies/V-1".to_owned(), 404),
        ("/v1/vacancies/V%252D1".to_owned(), 400),
        ("/v1/vacancies/V-1.".to_owned(), 404),
        ("/v1/vacancies/V-1%20".to_owned(), 400),
        ("/v1/vacancies/V-1%00".to_owned(), 400),
        ("/V1/vacancies/V-1".to_owned(), 404),
        ("/v1/VACANCIES/V-1".to_owned(), 404),
        ("/v1/vacancies\\V-1".to_owned(), 404),
        ("/%76%31/vacancies/V-1".to_owned(), 404),
        (format!("http://{own}//v1/vacancies/V-1"), 404),
        ("http://example.org/v1/vacancies/V-1".to_owned(), 400),
        ("*".to_owned(), 404),
        ("v1/vacancies/V-1".to_owned(), 400),
    ] {
        let came = say(stage.address, &(stage.head(&format!("GET {target}")) + "Connection: close\r\n\r\n")).await;
        assert_eq!(came.statuses(), [status], "{target}: {}", came.text);
        assert_eq!(came.text.contains("Monteur"), status == 200, "{target}: {}", came.text);
        assert!(!came.text.contains("Ander"), "{target}: {}", came.text);
    }
    // The headers that proxies add change nothing.
    for header in
        ["X-Forwarded-Host: example.org", "X-Original-URL: /v1/vacancies/v-1", "X-HTTP-Method-Override: DELETE", "Forwarded: host=x"]
    {
        let came = say(stage.address, &format!("{}{header}\r\nConnection: close\r\n\r\n", stage.head("GET /v1/vacancies/V-1"))).await;
        assert_eq!(came.statuses(), [200], "{header}");
    }
    stage.untouched().await;
    let listed: Value = stage.client.request("GET", "/v1/vacancies").send().await.expect("a response").json().await.expect("JSON");
    let keys: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|item| &item["key"]).collect();
    assert_eq!(keys, [&json!("V-1"), &json!("v-1")]);
}
