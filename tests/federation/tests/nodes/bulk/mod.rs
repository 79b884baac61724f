//! Imports in parts, the change feed and exports, at a running node, on either engine.

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, region_of, token, vacancy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::postgres::database;
use polder_federation_tests::problems::refused;
use polder_web::RunningNode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Fixture {
    client: Client,
    node: RunningNode,
    directory: tempfile::TempDir,
}

impl Fixture {
    pub async fn new(on_postgres: bool) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut partners = partners(directory.path(), &PARTNERS[..1]);
        if on_postgres {
            partners[0].database = database().await;
        }
        let register = region_of(&partners).register(SystemClock.now());
        let node = partners[0].start(register).await;
        Self { client: Client::of(&node), node, directory }
    }

    pub async fn open(&self, collection: &str) -> String {
        let response =
            self.client.request("POST", "/v1/imports").json(&json!({"collection": collection})).send().await.expect("a response");
        assert_eq!(response.status(), 201);
        let import: Value = response.json().await.expect("JSON");
        import["id"].as_str().expect("an id").to_owned()
    }

    async fn put(&self, import: &str, part: u32, body: impl Into<reqwest::Body>) -> reqwest::Response {
        let request = self.client.request("PUT", &format!("/v1/imports/{import}/parts/{part}"));
        request.header("content-type", "application/x-ndjson").body(body).send().await.expect("a response")
    }

    /// The lines of the reply to a part that is taken.
    pub async fn part(&self, import: &str, part: u32, body: &str) -> Vec<Value> {
        let response = self.put(import, part, body.to_owned()).await;
        let (status, text) = (response.status(), response.text().await.expect("text"));
        assert_eq!(status, 200, "{text}");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.client.request("GET", path).send().await.expect("a response");
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.expect("JSON")
    }

    async fn export(&self, collection: &str) -> Vec<Value> {
        let request = self.client.request("GET", &format!("/v1/{collection}")).header("accept", "application/x-ndjson");
        let text = request.send().await.expect("a response").text().await.expect("the whole of it");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

fn line(key: &str, title: &str) -> String {
    format!("{}\n", json!({"key": key, "document": vacancy(title)}))
}

/// Line and outcome of each verdict, and then the part.
fn outcomes(reply: &[Value]) -> Vec<(u64, &str)> {
    let verdicts = reply.iter().filter(|line| line["type"] != "part");
    verdicts.map(|line| (line["line"].as_u64().expect("a line"), line["outcome"].as_str().expect("an outcome"))).collect()
}

macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $test() { super::$test(super::Fixture::new(false).await).await; })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $test() { super::$test(super::Fixture::new(true).await).await; })*
        }
    };
}

mod foreign;
mod listed;

on_both_engines!(
    a_bad_line_spoils_no_good_one,
    the_same_part_again_changes_nothing_and_other_bytes_are_refused,
    a_part_that_is_cut_off_changes_nothing_and_is_sent_again,
    parts_come_in_any_order_and_verdicts_again_from_a_cursor,
    what_is_too_large_or_unknown_is_refused,
    so_many_parts_are_taken_at_once,
    nothing_about_people_is_echoed,
);

async fn a_bad_line_spoils_no_good_one(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let long = format!("{{\"key\":\"long\",\"document\":\"{}\"}}\n", "x".repeat(70_000));
    let training = "{\"kind\":\"training\",\"key\":\"T\",\"document\":{}}\n";
    let unknown = format!(
        "{}\n",
        json!({"key": "P", "document": {"title": "Kok", "description": "x", "employer": {"name": "A"}, "location": {"postcode": "8399"}}})
    );
    let body = [
        &line("A", "Lasser"),
        "{oops\n",
        "\n",
        &long,
        training,
        "{\"key\":\"a b\",\"document\":{}}\n",
        "{\"key\":\"E\",\"document\":{}}\n",
        &line("B", "Slijper"),
        &unknown,
        &line("A", "Lasser twee"),
        line("C", "Kok").trim_end(),
    ]
    .concat();
    let reply = fixture.part(&import, 1, &body).await;
    assert_eq!(
        outcomes(&reply),
        [
            (1, "created"),
            (2, "refused"),
            (4, "refused"),
            (5, "refused"),
            (6, "refused"),
            (7, "refused"),
            (8, "created"),
            (9, "created"),
            (10, "replaced"),
            (11, "created")
        ]
    );
    let last = reply.last().expect("a last line");
    let counts = ["lines", "created", "replaced", "unchanged", "refused"].map(|name| last[name].as_u64().expect("a number"));
    assert_eq!((last["type"].as_str(), counts), (Some("part"), [10, 4, 1, 0, 5]), "{last}");
    assert_eq!(reply[5]["problem"]["findings"][0]["pointer"], "/title", "{}", reply[5]);
    assert_eq!(reply[7]["notes"][0]["code"], "unknown-code", "{}", reply[7]);
    assert_eq!((reply[8]["version"].as_u64(), reply[0]["notes"].as_array().map(Vec::len)), (Some(2), Some(0)));
    let (_, result) = fixture.client.query(&json!({"kind": "vacancy", "text": "lasser twee", "limit": 1})).await;
    assert_eq!(result["hits"][0]["key"], "A", "what was acknowledged is found: {result}");
}

async fn the_same_part_again_changes_nothing_and_other_bytes_are_refused(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let body = [line("A", "Lasser"), line("B", "Slijper")].concat();
    let first = fixture.part(&import, 7, &body).await;
    assert_eq!(fixture.client.put("/v1/vacancies/A", vacancy("Ander").to_string()).await.status(), 200);
    assert_eq!(fixture.part(&import, 7, &body).await, first, "the same verdicts");
    assert_eq!(fixture.get("/v1/vacancies/A").await["title"], "Ander", "and nothing is done again");
    let other = fixture.put(&import, 7, [body, line("C", "Kok")].concat()).await;
    assert_eq!(refused(other).await.is(), (409, "part-differs"));
    assert_eq!(fixture.get("/v1/vacancies").await["items"].as_array().map(Vec::len), Some(2));
}

async fn a_part_that_is_cut_off_changes_nothing_and_is_sent_again(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let body: String = (0..3_000).map(|number| line(&format!("V-{number}"), "Lasser")).collect();
    let half = body.as_bytes()[..body.len() / 2].to_vec();
    let pieces = futures::stream::iter([Ok(half), Err(std::io::Error::other("cut"))]);
    let request = fixture.client.request("PUT", &format!("/v1/imports/{import}/parts/1")).header("content-type", "application/x-ndjson");
    assert!(request.body(reqwest::Body::wrap_stream(pieces)).send().await.is_err(), "the connection is cut");
    assert_eq!(fixture.get(&format!("/v1/imports/{import}")).await["parts"], json!([]), "it is not in");
    assert_eq!(fixture.get("/v1/vacancies").await["items"], json!([]), "nothing of it was done");
    let reply = fixture.part(&import, 1, &body).await;
    assert_eq!((reply.len(), reply[3_000]["created"].as_u64()), (3_001, Some(3_000)));
    let parts = fixture.get(&format!("/v1/imports/{import}")).await["parts"].clone();
    assert_eq!(
        (parts[0]["part"].as_u64(), parts[0]["lines"].as_u64(), &parts[0]["sha256"]),
        (Some(1), Some(3_000), &reply[3_000]["sha256"])
    );
}

async fn parts_come_in_any_order_and_verdicts_again_from_a_cursor(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let empty = fixture.get(&format!("/v1/imports/{import}/verdicts")).await;
    assert_eq!(empty["items"], json!([]));
    let mut sent = Vec::new();
    for (part, count) in [(9, 700), (2, 1), (5, 501)] {
        let body: String = (0..count).map(|number| line(&format!("{part}-{number}"), "Lasser")).collect();
        let mut reply = fixture.part(&import, part, &body).await;
        reply.pop();
        sent.extend(reply);
    }
    let (mut read, mut cursor) = (Vec::new(), empty["next"].as_str().expect("a cursor").to_owned());
    loop {
        let page = fixture.get(&format!("/v1/imports/{import}/verdicts?cursor={cursor}")).await;
        cursor = page["next"].as_str().expect("a cursor").to_owned();
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= 500);
        if items.is_empty() {
            break;
        }
        read.extend(items);
    }
    assert_eq!(read, sent, "in the order in which they were made");
    assert_eq!(fixture.part(&import, 3, &line("last", "Kok")).await.len(), 2);
    let page = fixture.get(&format!("/v1/imports/{import}/verdicts?cursor={cursor}")).await;
    assert_eq!(page["items"][0]["key"], "last", "the cursor goes on");
    for bad in ["", "1", "v", "v-1", "v01", "v%2B1", "v18446744073709551616"] {
        let response = fixture.client.request("GET", &format!("/v1/imports/{import}/verdicts?cursor={bad}")).send().await;
        assert_eq!(refused(response.expect("a response")).await.is(), (400, "invalid-request"), "{bad}");
    }
    let parts = fixture.get(&format!("/v1/imports/{import}")).await;
    let numbers: Vec<_> = parts["parts"].as_array().expect("parts").iter().map(|part| part["part"].as_u64()).collect();
    assert_eq!(numbers, [Some(2), Some(3), Some(5), Some(9)]);
}

async fn what_is_too_large_or_unknown_is_refused(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let one = line("A", "Lasser");
    // Of one line: nothing but its bytes is too much.
    let large = "x".repeat(16 * 1024 * 1024 + 1);
    let too_large = refused(fixture.put(&import, 1, large.clone()).await).await;
    assert!(too_large.is() == (413, "too-large") && too_large.text.contains("16777216 bytes"), "{}", too_large.text);
    let pieces: Vec<std::io::Result<Vec<u8>>> = large.as_bytes().chunks(1 << 20).map(|piece| Ok(piece.to_vec())).collect();
    let chunked = fixture.put(&import, 1, reqwest::Body::wrap_stream(futures::stream::iter(pieces))).await;
    assert_eq!(refused(chunked).await.is(), (413, "too-large"));
    let too_many = refused(fixture.put(&import, 1, one.repeat(25_001)).await).await;
    assert!(too_many.is() == (413, "too-large") && too_many.text.contains("25000 lines"), "{}", too_many.text);
    assert_eq!(fixture.get("/v1/vacancies").await["items"], json!([]), "nothing of them was done");
    assert_eq!(fixture.part(&import, 1, &one).await.len(), 2, "and their number is not taken");
    // What is exactly at the bounds is taken.
    assert_eq!(outcomes(&fixture.part(&import, 10_000, &large[1..]).await), [(1, "refused")]);
    assert_eq!(fixture.part(&import, 2, &"\n".repeat(25_000)).await.len(), 1);
    for unknown in ["6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77", "x", "..%2f..", "%00"] {
        assert_eq!(refused(fixture.put(unknown, 1, one.clone()).await).await.is(), (404, "not-found"), "{unknown}");
    }
    for part in ["0", "10001", "-1", "1.0", "x"] {
        let request = fixture.client.request("PUT", &format!("/v1/imports/{import}/parts/{part}"));
        let response = request.header("content-type", "application/x-ndjson").body(one.clone()).send().await.expect("a response");
        assert_eq!(refused(response).await.is(), (400, "invalid-request"), "{part}");
    }
    let request = fixture.client.request("PUT", &format!("/v1/imports/{import}/parts/2"));
    let request = request.header("content-type", "application/x-ndjson").header("content-encoding", "gzip").body(one.clone());
    assert_eq!(refused(request.send().await.expect("a response")).await.is(), (415, "unsupported-media-type"));
    // Nothing that came in is left lying about.
    let left: Vec<_> = std::fs::read_dir(fixture.directory.path().join(PARTNERS[0].replace(':', "-"))).expect("a directory").collect();
    assert!(left.iter().all(|entry| !entry.as_ref().expect("an entry").file_name().to_string_lossy().starts_with(".tmp")), "{left:?}");
}

/// Eight parts are on their way: the next is refused for now, and taken when they are in.
async fn so_many_parts_are_taken_at_once(fixture: Fixture) {
    let import = fixture.open("vacancies").await;
    let mut parts = Vec::new();
    for part in 1..=8 {
        let body = line(&format!("V-{part}"), "Lasser");
        let head = format!(
            "PUT /v1/imports/{import}/parts/{part} HTTP/1.1\r\nHost: polder\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/x-ndjson\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            token().reveal(),
            body.len()
        );
        let mut stream = TcpStream::connect(fixture.node.client).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("sent");
        // It has its place, and waits for the body.
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).await.expect("a response");
        assert_eq!(String::from_utf8_lossy(&go_on), "HTTP/1.1 100 Continue\r\n\r\n");
        parts.push((stream, body));
    }
    let one_more = refused(fixture.put(&import, 9, line("V-9", "Lasser")).await).await;
    assert!(one_more.is() == (503, "unavailable") && one_more.text.contains("as many parts"), "{}", one_more.text);
    for (mut stream, body) in parts {
        let mut reply = String::new();
        stream.write_all(body.as_bytes()).await.expect("sent");
        stream.read_to_string(&mut reply).await.expect("a response");
        assert!(reply.starts_with("HTTP/1.1 200") && reply.contains("\"created\""), "{reply}");
    }
    assert_eq!(fixture.part(&import, 9, &line("V-9", "Lasser")).await.len(), 2);
}

async fn nothing_about_people_is_echoed(fixture: Fixture) {
    let import = fixture.open("skill-offers").await;
    let secret = "geheim4711";
    let person = |key: &str, title: &str| format!("{}\n", json!({"key": key, "document": {"title": title, "skills": []}}));
    let body = [
        person("111222333", "Lasser"),
        person("W-2", "mijn BSN is 111222333"),
        format!("{{\"key\":\"W-3\",\"document\":{{\"{secret}\":\"{secret}\"}}}}\n"),
        format!("{{\"{secret}\":1,\"key\":\"W-4\"}}\n"),
        format!("{{\"key\":\"{secret}/\",\"document\":{{}}}}\n"),
    ]
    .concat();
    let reply = fixture.part(&import, 1, &body).await;
    let text = serde_json::to_string(&reply).expect("JSON");
    assert!(outcomes(&reply).iter().all(|(_, outcome)| *outcome == "refused"), "{text}");
    assert!(text.contains("field-not-allowed") && !text.contains("111222333") && !text.contains(secret), "{text}");
    let again = fixture.get(&format!("/v1/imports/{import}/verdicts")).await.to_string();
    assert!(!again.contains("111222333") && !again.contains(secret), "{again}");
}
