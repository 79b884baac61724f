//! HTTP/2 is bounded in more than its memory: frames that ask nothing, requests that are cancelled, readers that take nothing.
#![expect(clippy::expect_used, reason = "tests")]

use std::time::{Duration, Instant};

use polder_federation_tests::h2::{self, END_HEADERS, END_STREAM, Went, flood, frame, hello, kind};
use polder_federation_tests::http::{Client, Partner, partners, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_web::RunningNode;

const SECOND: Duration = Duration::from_secs(1);

/// What it is, what comes first, and what comes then.
type Flood = (&'static str, Vec<u8>, Box<dyn Iterator<Item = Vec<u8>> + Send>);

/// More than a connection may owe, many times over.
const FRAMES: usize = 2_000_000;

fn setting() -> Vec<u8> {
    frame(kind::SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0])
}

fn open(stream: u32) -> Vec<u8> {
    frame(kind::HEADERS, END_HEADERS, stream, &h2::headers("GET", "/v1/vacancies", &[]))
}

/// Two frames for each stream: a request and its end.
fn reset(number: usize) -> Vec<u8> {
    let stream = u32::try_from(2 * number + 1).expect("a stream");
    let end = if number.is_multiple_of(2) { END_STREAM } else { 0 };
    let block = h2::headers("GET", "/peer/v1/node", &[]);
    [frame(kind::HEADERS, END_HEADERS | end, stream, &block), frame(kind::RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
}

/// Twenty requests with a right to be there, whose bodies are awaited; and their ends when they have been taken up.
fn reset_later(number: u32) -> [Vec<u8>; 4] {
    let streams = || (20 * number..20 * number + 20).map(|number| 2 * number + 1);
    let bearer = format!("Bearer {}", token().reveal());
    let block = h2::headers("POST", "/v1/queries", &[("authorization", &bearer), ("content-type", "application/json")]);
    let begun = streams().flat_map(|stream| frame(kind::HEADERS, END_HEADERS, stream, &block)).collect();
    let ended = streams().flat_map(|stream| frame(kind::RST_STREAM, 0, stream, &[0, 0, 0, 8])).collect();
    [begun, Vec::new(), ended, Vec::new()]
}

/// In pieces of 200 frames.
fn many(of: impl Fn(usize) -> Vec<u8> + Send + 'static) -> impl Iterator<Item = Vec<u8>> + Send {
    (0..FRAMES / 200).map(move |piece| (0..200).flat_map(|number| of(200 * piece + number)).collect())
}

/// A header that is kept once and named a thousand times in a few bytes: HPACK would make 4 MiB of it.
fn bomb(stream: u32) -> Vec<u8> {
    let mut block = h2::headers("GET", "/v1/vacancies", &[]);
    block.extend_from_slice(&[0x40, 1, b'a', 0x7f, 0xe1, 0x1e]);
    block.extend(std::iter::repeat_n(b'a', 4_000));
    block.extend(std::iter::repeat_n(0xbe, 4_000));
    frame(kind::HEADERS, END_HEADERS | END_STREAM, stream, &block)
}

async fn stage() -> (tempfile::TempDir, Vec<Partner>, Vec<RunningNode>) {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    (directory, partners, nodes)
}

/// One after the other, on a machine of few processors: each flood ends by the node's doing, while others are served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_end_and_others_are_served() {
    let (_directory, _, nodes) = stage().await;
    let (client, address) = (Client::of(&nodes[0]), nodes[0].client);
    assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let floods: Vec<Flood> = vec![
        ("PING", vec![], Box::new(many(|_| frame(kind::PING, 0, 0, b"12345678")))),
        ("PING acknowledged", vec![], Box::new(many(|_| frame(kind::PING, END_STREAM, 0, b"12345678")))),
        ("SETTINGS", vec![], Box::new(many(|_| setting()))),
        ("WINDOW_UPDATE", vec![], Box::new(many(|_| frame(kind::WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])))),
        ("PRIORITY", vec![], Box::new(many(|_| frame(kind::PRIORITY, 0, 1, &[0, 0, 0, 3, 1])))),
        ("unknown types", vec![], Box::new(many(|_| frame(0xfe, 0, 0, b"")))),
        ("empty DATA", open(1), Box::new(many(|_| frame(kind::DATA, 0, 1, b"")))),
        ("padding", open(1), Box::new(many(|_| frame(kind::DATA, 8, 1, &[255; 256])))),
        ("CONTINUATION", frame(kind::HEADERS, 0, 1, b""), Box::new(many(|_| frame(kind::CONTINUATION, 0, 1, b"")))),
        ("rapid reset", vec![], Box::new(many(reset))),
        ("rapid reset, not at once", vec![], Box::new((0..20_000).flat_map(reset_later))),
        ("HPACK", vec![], Box::new((0..20_000).map(|number| bomb(2 * number + 1)))),
    ];
    for (what, first, then) in floods {
        let pieces = std::iter::once([hello(&[]), first].concat()).chain(then);
        let flooding = tokio::spawn(flood(h2::plain(address).await, pieces, 15 * SECOND));
        let (mut slowest, mut count) = (Duration::ZERO, 0);
        // As long as it lasts, and a little longer.
        while !flooding.is_finished() || count < 20 {
            let began = Instant::now();
            assert_eq!(client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response").status(), 200);
            (slowest, count) = (slowest.max(began.elapsed()), count + 1);
            tokio::time::sleep(SECOND / 50).await;
        }
        let went = flooding.await;
        let Went { sent, came, closed, after } = went.expect("a flood");
        assert!(closed && after < 10 * SECOND, "{what}: closed {closed}, {after:?}, {sent} bytes");
        assert!(slowest < 2 * SECOND, "{what}: others waited {slowest:?}");
        // What the node read, and what the buffers of both sides hold.
        assert!(sent < 24 << 20, "{what}: {sent} bytes");
        println!(
            "{what}: {sent} bytes in {after:?}, others waited {slowest:?} at most in {count} calls, goodbye: {}",
            came.contains(&kind::GOAWAY)
        );
    }
    let ended = ["more framing than its requests are worth", "no whole request within 5 s"];
    assert!(ended.iter().any(|what| !logs::lines_with(&["from=127.0.0.0/24", what]).is_empty()));
    // What h2 sees of cancelled requests depends on when they are taken up; what it does not see, the node counts.
    let calm = ["requests that are cancelled as soon as they are made", "HTTP/2 that asks too much"];
    assert!(calm.iter().any(|what| !logs::lines_with(&["from=127.0.0.0/24", what]).is_empty()));
}

/// A partner that floods is named, and kept out for a while; another is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_that_floods_is_named_and_kept_out() {
    let (_directory, partners, nodes) = stage().await;
    let (address, identity) = (nodes[0].peer, &partners[1].identity);
    let resets = std::iter::once(hello(&[])).chain(many(reset));
    let went = flood(h2::peer(address, identity).await.expect("a handshake"), resets, 15 * SECOND).await;
    assert!(went.closed, "{went:?}");

    let from = format!("from={}", partners[1].id);
    logs::wait_for(&[&from, "port=peer", "a connection was closed"]).await;
    let again = flood(h2::peer(address, identity).await.expect("a handshake"), [hello(&[])], 3 * SECOND).await;
    assert!(again.closed && again.after < SECOND, "{again:?}");
    logs::wait_for(&[&from, "was abused"]).await;
    let other = flood(h2::peer(address, &partners[0].identity).await.expect("a handshake"), [hello(&[])], SECOND).await;
    assert!(!other.closed, "another partner comes in: {other:?}");
}

/// Responses that nobody takes end their connection: by a window that stays shut, and by a socket that nobody reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_nothing_is_cut_off() {
    let (_directory, _, nodes) = stage().await;
    let (client, address) = (Client::of(&nodes[0]), nodes[0].client);
    let mut document = vacancy("Monteur");
    document["description"] = "Onderhoud aan windmolens. ".repeat(300).into();
    for number in 0..50 {
        assert_eq!(client.put(&format!("/v1/vacancies/V-{number}"), document.to_string()).await.status(), 201);
    }
    let bearer = format!("Bearer {}", token().reveal());
    let get = |stream| {
        frame(kind::HEADERS, END_HEADERS | END_STREAM, stream, &h2::headers("GET", "/v1/vacancies", &[("authorization", &bearer)]))
    };
    let shut = flood(h2::plain(address).await, [[hello(&[(4, 0)]), get(1)].concat()], 60 * SECOND);
    let a_crack = flood(h2::plain(address).await, [[hello(&[(4, 1)]), get(1)].concat()], 60 * SECOND);
    let deaf = async {
        use tokio::io::AsyncWriteExt;
        let mut stream = h2::plain(address).await;
        let line = format!("GET /v1/vacancies?limit=100 HTTP/1.1\r\nHost: {address}\r\nAuthorization: {bearer}\r\n\r\n");
        let began = Instant::now();
        while stream.write_all(line.as_bytes()).await.is_ok() && began.elapsed() < 40 * SECOND {
            tokio::time::sleep(SECOND / 100).await;
        }
        began.elapsed()
    };
    let (shut, a_crack, deaf) = tokio::join!(shut, a_crack, tokio::time::timeout(60 * SECOND, deaf));
    for (what, went) in [("a window that stays shut", shut), ("a window of one byte", a_crack)] {
        assert!(went.closed && went.after > 15 * SECOND && went.after < 45 * SECOND, "{what}: {went:?}");
    }
    let deaf = deaf.expect("it ends");
    assert!(deaf < 35 * SECOND, "{deaf:?}");
    logs::wait_for(&["from=127.0.0.0/24", "the response was not taken"]).await;
}
