//! Ten thousand who connect and ask nothing more, say nothing at all, or a byte now and then: others are served as before, memory stays, and each
//! is let go. One test alone in its program: the peak of the whole process is measured. The crowd is a process of its own, so that its ends of the
//! connections are not.

#![expect(clippy::expect_used, reason = "tests")]

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures::StreamExt;
use polder_exchange::{Clock, SystemClock};
use polder_federation_tests::http::{Client, partners, start_all, token, vacancy};
use polder_federation_tests::logs;
use polder_federation_tests::not_run::not_run;
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::pace::{Pace, peak_kib};
use polder_federation_tests::peer::{Peer, QUERIES, Shows, query};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections. Those that stay ask the port of clients for something that is not there, and then nothing, as a browser's do: they are borne for a
/// minute, however long it takes until all are there.
const CROWD: usize = 10_000;
/// How many of them say nothing, half to each port, and half of these a byte a second: each is let go after 5 s.
const SILENT: usize = 2_000;
/// So many connect at a time.
const AT_A_TIME: usize = 32;
/// Addresses that they come from: of one address, 256 strangers are borne at each port.
const ADDRESSES: usize = 50;
/// What else this process holds open.
const BESIDES: u64 = 500;
const SECOND: Duration = Duration::from_secs(1);
/// Headers and handshakes have 5 s; the rest is for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(25);
/// Ports of the node, for the process of the crowd.
const PORTS: &str = "POLDER_TEST_PORTS";
/// 16 KiB for each connection that says nothing, and 16 more for the buffers of one that asked: this process has the node's end alone.
const MEMORY_KIB: u64 = SILENT as u64 * 16 + (CROWD - SILENT) as u64 * 32;
/// Calls while the crowd is there: they end before it is let go.
const CALLS: usize = 100;

/// Lets this process hold as many files open as it may.
fn raise_open_files() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused, the bound is what it was.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Connects from one of many addresses.
async fn connect(number: usize, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let last = u8::try_from(1 + number % ADDRESSES).unwrap_or(1);
    socket.bind((Ipv4Addr::new(127, 0, 1, last), 0).into())?;
    socket.connect(to).await
}

/// Says that, a byte of it a second, until the other side closes.
async fn wait(mut stream: TcpStream, says: Vec<u8>) -> bool {
    let began = Instant::now();
    let mut buffer = [0; 1_024];
    for byte in says.iter().copied().map(Some).chain(std::iter::repeat(None)) {
        if let Some(byte) = byte
            && stream.write_all(&[byte]).await.is_err()
        {
            return true;
        }
        if let Ok(Ok(0) | Err(_)) = tokio::time::timeout(if byte.is_some() { SECOND } else { PATIENCE }, stream.read(&mut buffer)).await {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
    }
    false
}

/// Reads until the other side closes; whether it does in time.
async fn closes(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1_024];
    tokio::time::timeout(PATIENCE, async { while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {} }).await.is_ok()
}

/// Asks, and takes the first bytes of the response.
async fn ask(stream: &mut TcpStream, host: SocketAddr) -> std::io::Result<()> {
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await?;
    match stream.read(&mut [0; 1_024]).await? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

/// Waits until the calls are over, and begins a question that never ends; whether it is let go for that, and no sooner.
async fn stay(mut stream: TcpStream, mut over: watch::Receiver<bool>) -> bool {
    let early = tokio::select! {
        biased;
        _ = over.wait_for(|over| *over) => false,
        _ = stream.readable() => true,
    };
    !early && stream.write_all(b"G").await.is_ok() && closes(&mut stream).await
}

#[tokio::test]
#[ignore = "run by the test below, as a process of its own"]
async fn the_crowd() {
    raise_open_files();
    let ports: Vec<SocketAddr> = std::env::var(PORTS).expect("ports").split(' ').map(|port| port.parse().expect("an address")).collect();
    let (over, until_over) = watch::channel(false);
    std::thread::spawn(move || {
        // Its end is the word for it.
        let _ = std::io::stdin().read_line(&mut String::new());
        over.send_replace(true);
    });
    let mut all = JoinSet::new();
    let arriving = futures::stream::iter(0..CROWD - SILENT).map(async |number| {
        let mut stream = connect(number, ports[0]).await.expect("a connection");
        ask(&mut stream, ports[0]).await.expect("a response");
        stream
    });
    let mut arriving = pin!(arriving.buffer_unordered(AT_A_TIME));
    while let Some(stream) = arriving.next().await {
        all.spawn(stay(stream, until_over.clone()));
    }
    let head = format!("GET /v1/vacancies HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nX-A: aaaaaaa", ports[0], token().reveal());
    let hellos = [head.into_bytes(), vec![0x16, 3, 1, 1, 0, 1, 0, 0, 0xfc, 3, 3, 0]];
    for number in 0..SILENT {
        let (port, drips) = (number % 2, number % 4 < 2);
        let stream = connect(number, ports[port]).await.expect("a connection");
        all.spawn(wait(stream, if drips { hellos[port].clone() } else { Vec::new() }));
    }
    println!("all are there");
    let mut let_go = 0;
    while let Some(closed) = all.join_next().await {
        let_go += usize::from(closed.expect("no panic"));
    }
    println!("{let_go} were let go");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_says_nothing_is_let_go_and_others_are_served() {
    let files = raise_open_files();
    if files < CROWD as u64 + BESIDES {
        return not_run(&format!("a_crowd_that_says_nothing…: {files} open files are allowed here, it needs {}", CROWD as u64 + BESIDES));
    }
    logs::keep_panics();
    let directory = tempfile::tempdir().expect("a directory");
    let mut partners = partners(directory.path(), &PARTNERS[..2]);
    (partners[0].limits.client_connections, partners[0].limits.peer_connections) = (CROWD, CROWD);
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
    let before = Pace::of(CALLS, call).await;
    let memory = peak_kib();
    let began = Instant::now();
    let mut crowd = tokio::process::Command::new(std::env::current_exe().expect("this program"));
    crowd.args(["--exact", "the_crowd", "--ignored", "--nocapture"]).env(PORTS, format!("{} {}", nodes[0].client, nodes[0].peer));
    let mut crowd = crowd.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("a process");
    let mut said = BufReader::new(crowd.stdout.take().expect("its output")).lines();
    let mut until = async |words: &str| {
        loop {
            let line = tokio::time::timeout(2 * PATIENCE, said.next_line()).await.expect("in time").expect("text").expect("a line");
            if line.contains(words) {
                return line;
            }
        }
    };
    until("all are there").await;
    let arrived = began.elapsed();
    let open = open_connections(&nodes[0]).await;
    let during = Pace::of(CALLS, call).await;
    let still = open_connections(&nodes[0]).await;
    drop(crowd.stdin.take());
    let let_go = until("were let go").await;
    let grown = peak_kib() - memory;
    println!(
        "{before:?} before, {during:?} during; {open} connections after {arrived:?}, {still} after the calls; {grown} KiB more; let go after {:?}",
        began.elapsed()
    );
    // Of those that say nothing the first may be gone already.
    assert!(open >= (CROWD - SILENT / 2) as u64, "they are there at the same time: {open}");
    assert!(still >= (CROWD - SILENT) as u64, "and stay while the calls are made: {still}");
    assert_eq!(let_go, format!("{CROWD} were let go"));
    during.is_bearable_after(&before);
    assert!(grown < MEMORY_KIB, "the peak grew by {grown} KiB");
    call().await;
    assert!(logs::panics().is_empty(), "{:?}", logs::panics());
}

/// How many connections the node has, on both ports.
async fn open_connections(node: &polder_web::RunningNode) -> u64 {
    let text = Client::of_operator(node).request("GET", "/metrics").send().await.expect("a response").text().await.expect("text");
    let ports = text.lines().filter(|line| line.starts_with("polder_connections{") && !line.contains("operator"));
    ports.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
