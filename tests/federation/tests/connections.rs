//! Connections are counted: in all, of strangers at one address, of each partner; and none lives for ever.

use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::h2::{self, flood, hello};
use polder_federation_tests::http::{Client, partners, region_of, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SECOND: Duration = Duration::from_secs(1);

/// Whether the other side closes the connection within that time.
async fn closes(stream: &mut TcpStream, within: Duration) -> bool {
    let mut buffer = [0; 1024];
    let ended = async { while matches!(stream.read(&mut buffer).await, Ok(1..)) {} };
    tokio::time::timeout(within, ended).await.is_ok()
}

/// Those who say nothing make room for those who come; those who showed a token stay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_make_room_and_clients_stay() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..1]);
    partners[0].limits.client_connections = 20;
    let node = start_all(&mut partners).await.pop().expect("a node");
    let mut silent = Vec::new();
    for _ in 0..60 {
        silent.push(TcpStream::connect(node.client).await.expect("a connection"));
    }
    for (number, stream) in silent.iter_mut().enumerate().take(40) {
        assert!(closes(stream, SECOND).await, "the oldest are closed at once: {number}");
    }
    assert!(!closes(&mut silent[59], SECOND / 2).await, "the newest stay, for a while");
    let began = Instant::now();
    assert_eq!(Client::of(&node).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    assert!(began.elapsed() < SECOND, "{:?}", began.elapsed());

    let get = format!("GET /v1/vacancies HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n", node.client, token().reveal());
    let mut known = Vec::new();
    for number in 0..40 {
        let mut stream = TcpStream::connect(node.client).await.expect("a connection");
        stream.write_all(get.as_bytes()).await.expect("sent");
        let mut first = [0; 12];
        if stream.read_exact(&mut first).await.is_err() {
            break;
        }
        assert_eq!(&first, b"HTTP/1.1 200", "{number}");
        known.push(stream);
    }
    // The connection of the client above is gone, or goes while this one comes.
    assert!((19..=20).contains(&known.len()), "so many and no more: {}", known.len());
    logs::wait_for(&["port=client", "from=127.0.0.0/24", "as many connections as the port takes"]).await;
    logs::wait_for(&["port=client", "from=127.0.0.0/24", "made room"]).await;
    drop(known.pop());
    tokio::time::sleep(SECOND / 2).await;
    assert_eq!(Client::of(&node).request("GET", "/v1/vacancies/V-1").send().await.expect("a response").status(), 200);
}

/// Who connects and leaves without a word only looked whether someone listens, as `polder doctor` does: nothing failed, and the log is quiet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_a_port_is_no_failed_handshake() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let node = start_all(&mut partners(directory.path(), &PARTNERS[..1])).await.pop().expect("a node");
    let not_made = |from: &str| logs::lines_with(&["a connection was not made", &format!("from={from}.0/24")]).len();
    let (looks, speaks) = ("127.0.91", "127.0.92");
    // Both say so at once where they do; the one that only looks comes first.
    for (from, word) in [(looks, &b""[..]), (speaks, b"GET / HTTP/1.1\r\n\r\n")] {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(format!("{from}.1:0").parse().expect("an address")).expect("an address of this machine");
        let mut stream = socket.connect(node.peer).await.expect("a connection");
        stream.write_all(word).await.expect("sent");
        stream.shutdown().await.expect("said");
        assert!(closes(&mut stream, 5 * SECOND).await, "the node closes it");
    }
    let began = Instant::now();
    while not_made(speaks) == 0 {
        assert!(began.elapsed() < 5 * SECOND, "a handshake that failed is said");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(not_made(looks), 0);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_has_so_many_connections_and_no_more() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..3]);
    partners[0].limits.peer_connections_per_partner = 3;
    // Nodes 1 and 2 do not run, and have no connections but these.
    let register = region_of(&partners).register(SystemClock.now());
    let node = partners[0].start(register).await;
    let mut opened = Vec::new();
    for number in [1, 1, 1, 1, 1, 2] {
        let stream = h2::peer(node.peer, &partners[number].identity).await.expect("a handshake");
        opened.push(tokio::spawn(flood(stream, [hello(&[])], 2 * SECOND)));
    }
    let mut closed = Vec::new();
    for one in opened {
        closed.push(one.await.expect("it went").closed);
    }
    // The node knows whose a connection is when its own half of the handshake is done, and may be done with a later one first: which of the five go is not set, how many is.
    assert_eq!(closed[..5].iter().filter(|closed| **closed).count(), 2, "{closed:?}");
    assert!(!closed[5], "the last is another partner's");
    let from = format!("from={}", partners[1].id);
    assert_eq!(logs::lines_with(&[&from, "port=peer", "as many connections as one partner may have"]).len(), 1);
}

/// Connections end by their age, and nothing is lost by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_end_by_their_age() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    for partner in &mut partners {
        partner.limits.connection_seconds = 1;
    }
    let nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[0]);
    let stream = h2::peer(nodes[1].peer, &partners[0].identity).await.expect("a handshake");
    let get = h2::headers("GET", "/v1/vacancies", &[]);
    let request = h2::frame(h2::kind::HEADERS, h2::END_HEADERS | h2::END_STREAM, 1, &get);
    let idle = tokio::spawn(flood(stream, [[hello(&[]), request].concat()], 20 * SECOND));
    let (began, mut asked, mut ended) = (Instant::now(), 0, 0);
    while began.elapsed() < 5 * SECOND {
        let asked_of = client.request("POST", "/v1/queries").json(&json!({"kind": "vacancy", "deadlineMs": 5_000}));
        let response = asked_of.send().await.expect("a response");
        ended += u32::from(response.headers().get("connection").is_some_and(|value| value == "close"));
        let (status, result): (u16, serde_json::Value) = (response.status().as_u16(), response.json().await.expect("JSON"));
        assert_eq!((status, &result["complete"]), (200, &json!(true)), "{result}");
        asked += 1;
    }
    assert!(asked > 20 && (3..20).contains(&ended), "{ended} connections ended in {asked} questions");
    // It does not confirm the GOAWAY, and so has the time of requests that are on their way.
    let idle = idle.await.expect("it went");
    assert!(idle.closed && idle.after > SECOND && idle.after < 15 * SECOND && idle.came.contains(&h2::kind::GOAWAY), "{idle:?}");
}
