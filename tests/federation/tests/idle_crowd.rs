//! Two thousand who connect and say nothing, and two hundred who send a byte now and then: others are served as before, memory stays, and each is
//! let go. One test alone in its program: the peak of the whole process is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::pace::{Pace, peak_kib};
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const IDLE: usize = 1_000;
const SLOW: usize = 100;
const SECOND: Duration = Duration::from_secs(1);
/// Headers and handshakes have 10 s at most; the rest is for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(25);
/// For 2,200 connections: both ends of each are in this process.
const MEMORY_KIB: u64 = 96 * 1024;

/// Connects, says that and then a byte of it a second, until the other side closes.
async fn crowd(address: SocketAddr, says: Vec<u8>) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return true };
    let began = Instant::now();
    let mut buffer = [0; 1_024];
    for byte in says.iter().copied().map(Some).chain(std::iter::repeat(None)) {
        if let Some(byte) = byte
            && stream.write_all(&[byte]).await.is_err()
        {
            return true;
        }
        if let Ok(Ok(0) | Err(_)) = tokio::time::timeout(SECOND, stream.read(&mut buffer)).await {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_says_nothing_is_let_go_and_others_are_served() {
    logs::keep_all();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    let nodes = start_all(&mut partners).await;
    let client = Client::of(&nodes[0]);
    assert_eq!(client.put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let peer = Peer::calling(&partners[0], &Shows::Certificate(&partners[1].identity));
    let call = async || {
        let answered = peer.post(partners[1].identity.message_key(), QUERIES, &query(&partners[1], SystemClock.now())).await;
        assert_eq!(answered.0, 200, "{}", answered.1);
        let read = client.request("GET", "/v1/vacancies/V-1").send().await.expect("a response");
        assert_eq!(read.status(), 200);
    };
    let before = Pace::of(100, call).await;
    let memory = peak_kib();
    let mut all = JoinSet::new();
    let head =
        format!("GET /v1/vacancies HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nX-A: aaaaaaa", nodes[0].client, token().reveal());
    for number in 0..IDLE + SLOW {
        for address in [nodes[0].client, nodes[0].peer] {
            let hello = if address == nodes[0].peer { vec![0x16, 3, 1, 1, 0, 1, 0, 0, 0xfc, 3, 3, 0] } else { head.clone().into_bytes() };
            all.spawn(crowd(address, if number < IDLE { Vec::new() } else { hello }));
        }
        if number % 20 == 0 {
            // The system lets 128 wait to be accepted; of more it would lose some, unseen by either side.
            tokio::time::sleep(SECOND / 50).await;
        }
    }
    let during = Pace::of(300, call).await;
    let grown = peak_kib() - memory;
    let began = Instant::now();
    let mut let_go = 0;
    while let Some(closed) = all.join_next().await {
        let_go += usize::from(closed.expect("no panic"));
    }
    println!("{before:?} before, {during:?} during; {grown} KiB more; the last was let go after {:?}", began.elapsed());
    assert_eq!(let_go, 2 * (IDLE + SLOW), "everyone is let go");
    during.is_bearable_after(&before);
    assert!(grown < MEMORY_KIB, "the peak grew by {grown} KiB");
    call().await;
    assert!(logs::panics().is_empty(), "{:?}", logs::panics());
}
