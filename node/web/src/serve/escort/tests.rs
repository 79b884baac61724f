//! What is handed to TLS, byte for byte, while answers about people go out and their workers withdraw.
//!
//! In the place of TLS stands a recorder. It takes what a connection writes, in order, and so does whoever is told that a withdrawal is acknowledged:
//! of an answer that carries what was withdrawn nothing may come after that. Questions come over HTTP/2 on four connections, one of which
//! takes its answers so slowly that they are cut off; with replicas, two on each, and what one replica withdraws the other may have on its way.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use std::{io, net::Ipv4Addr};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use polder_consent::{Budget, Consent, Field, WorkerId};
use polder_exchange::Node;
use polder_federation_tests::local::Federation;
use polder_federation_tests::people::{decision, give, morning, profile, put, request, vacancy};
use polder_federation_tests::postgres;
use polder_model::query::Query;
use polder_trust::register::Member;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::sync::watch;

use super::super::admission::Door;
use super::super::connection::{Connection, serve};
use super::super::port::Http;
use super::CarriesPeople;

/// Workers who decide at each home.
const WORKERS: usize = 6;

/// The order of everything that happens.
static ORDER: AtomicU64 = AtomicU64::new(0);

fn next() -> u64 {
    ORDER.fetch_add(1, Ordering::SeqCst)
}

type Written = Arc<Mutex<Vec<(u64, Vec<u8>)>>>;

/// A stream whose writes are recorded.
struct Recorder {
    inner: DuplexStream,
    written: Written,
}

impl AsyncRead for Recorder {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Recorder {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // The number is taken when the bytes have been handed over: the latest that it can be said to have happened.
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.written.lock().expect("a lock").push((next(), bytes[..count].to_vec()));
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// What the handler needs.
#[derive(Clone)]
struct Stage {
    home: Arc<Node>,
    asker: Arc<Member>,
    query: Arc<Query>,
}

/// As the peer interface answers, but for signatures.
async fn answer(State(stage): State<Stage>) -> Response {
    match stage.home.answer_about_people(&stage.asker, &stage.query).await {
        Ok(released) => {
            let (answer, on_its_way) = released.into_parts();
            let mut response = serde_json::to_vec(&answer).expect("JSON").into_response();
            if let Some(on_its_way) = on_its_way {
                response.extensions_mut().insert(CarriesPeople(Arc::new(on_its_way)));
            }
            response
        }
        Err(refused) => panic!("{refused}"),
    }
}

/// How a connection takes what comes.
#[derive(Clone, Copy)]
struct Reader {
    window: u32,
    pause: Duration,
}

/// Takes a body as its reader does.
async fn take(mut body: h2::RecvStream, reader: Reader) -> Result<(), h2::Error> {
    while let Some(bytes) = body.data().await {
        let bytes = bytes?;
        tokio::time::sleep(reader.pause).await;
        let _ = body.flow_control().release_capacity(bytes.len());
    }
    Ok(())
}

/// What a connection needs as long as it is there.
struct Connected {
    driving: tokio::task::JoinHandle<Result<(), h2::Error>>,
    serving: tokio::task::JoinHandle<()>,
    told: watch::Sender<bool>,
}

/// Connects over HTTP/2 to a node that answers about people.
async fn connect(stage: &Stage, window: u32, written: Written) -> (h2::client::SendRequest<bytes::Bytes>, Connected) {
    let (here, there) = tokio::io::duplex(16 * 1024);
    let router = Router::new().route("/", post(answer)).with_state(stage.clone());
    let http = Http { streams: 64, window: 64 * 1024, idle: None, age: Duration::from_secs(3_600) };
    let (place, _) = Door::new(64, 64).admit(Ipv4Addr::LOCALHOST.into()).expect("a place");
    let (told, stopping) = watch::channel(false);
    let stream = Recorder { inner: there, written };
    let serving = tokio::spawn(async move {
        let builder = http.builder();
        let _ = serve(stream, Connection::new(place, None), router, &builder, http.times(), stopping).await;
    });
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(window).initial_connection_window_size(64 * 1024);
    let (client, connection) = builder.handshake::<_, bytes::Bytes>(here).await.expect("a connection");
    (client, Connected { driving: tokio::spawn(connection), serving, told })
}

/// Asks on one connection, so many questions at a time, until it is told to stop. How many answers came whole.
async fn ask_on(stage: Stage, reader: Reader, at_once: usize, written: Written, stops: Arc<AtomicBool>, whole: Arc<AtomicUsize>) {
    while !stops.load(Ordering::SeqCst) {
        // Each connection has a record of its own, of which streams are numbered.
        let record = Written::default();
        let (mut client, mut connected) = connect(&stage, reader.window, Arc::clone(&record)).await;
        while !stops.load(Ordering::SeqCst) {
            let mut asked = Vec::new();
            if client.clone().ready().await.is_err() {
                break;
            }
            for _ in 0..at_once {
                let request = http::Request::post("http://node/").body(()).expect("a request");
                let Ok(ready) = client.clone().ready().await else { break };
                client = ready;
                let Ok((response, _)) = client.send_request(request, true) else { break };
                asked.push(response);
            }
            let taken = asked.into_iter().map(|response| async move { take(response.await?.into_body(), reader).await });
            let taken: Vec<Result<(), h2::Error>> = futures::future::join_all(taken).await;
            whole.fetch_add(taken.iter().filter(|taken| taken.is_ok()).count(), Ordering::SeqCst);
            if taken.iter().any(Result::is_err) {
                break;
            }
        }
        drop(client);
        connected.driving.abort();
        drop(connected.told);
        let _ = tokio::time::timeout(Duration::from_secs(5), &mut connected.serving).await;
        let mut all = written.lock().expect("a lock");
        // The end of a connection: streams begin anew.
        all.push((next(), Vec::new()));
        all.extend(record.lock().expect("a lock").drain(..));
    }
}

/// A withdrawal that was acknowledged: of whom, which epoch, and when.
struct Acknowledged {
    handle: String,
    epoch: u64,
    at: u64,
}

/// Gives and after some time withdraws for one worker, again and again.
async fn decide(stage: Stage, worker: WorkerId, seen: Duration, stops: Arc<AtomicBool>) -> Vec<Acknowledged> {
    let mut acknowledged = Vec::new();
    while !stops.load(Ordering::SeqCst) {
        let given = give(&stage.home, worker, &decision(&[&stage.asker.partner], &[Field::Title, Field::Skills, Field::Description])).await;
        let Consent { id, epoch, .. } = given.expect("given").remove(0);
        tokio::time::sleep(seen).await;
        stage.home.withdraw(worker, id).await.expect("withdrawn");
        let at = next();
        let ledger = stage.home.disclosures_of(worker, None, 1).await.expect("read");
        if ledger.first().is_some_and(|row| row.disclosure.epoch == epoch) {
            let copies = stage.home.store().tombstones_of(worker).await.expect("read");
            let handle = copies.last().map(|tombstone| tombstone.handle.to_string()).expect("whoever got a copy is told");
            acknowledged.push(Acknowledged { handle, epoch: epoch.0, at });
        }
    }
    acknowledged
}

/// The answers that one connection after the other carried: what stood in each, as far as it went, and when its last byte was handed over.
fn answers(written: &[(u64, Vec<u8>)]) -> Vec<(String, u64)> {
    let mut answers = Vec::new();
    for connection in written.split(|(_, bytes)| bytes.is_empty()) {
        let (mut plain, mut orders) = (Vec::new(), Vec::new());
        for (order, bytes) in connection {
            plain.extend_from_slice(bytes);
            orders.resize(plain.len(), *order);
        }
        let mut bodies: HashMap<u32, (Vec<u8>, u64)> = HashMap::new();
        let mut at = 0;
        while at + 9 <= plain.len() {
            let length = usize::from(plain[at]) << 16 | usize::from(plain[at + 1]) << 8 | usize::from(plain[at + 2]);
            let (kind, stream) = (plain[at + 3], u32::from_be_bytes(plain[at + 5..at + 9].try_into().expect("four bytes")));
            let end = (at + 9 + length).min(plain.len());
            if kind == 0 && end > at + 9 {
                let body = bodies.entry(stream).or_default();
                body.0.extend_from_slice(&plain[at + 9..end]);
                body.1 = orders[end - 1];
            }
            at += 9 + length;
        }
        answers.extend(bodies.into_values().map(|(body, last)| (String::from_utf8_lossy(&body).into_owned(), last)));
    }
    answers
}

/// Whether an answer, or a part of one, carries that epoch of that handle.
fn carries(answer: &str, acknowledged: &Acknowledged) -> bool {
    let of = |person: &str| person.contains(&format!("\"epoch\":{},", acknowledged.epoch));
    answer.split("{\"handle\":\"").skip(1).any(|person| person.starts_with(&acknowledged.handle) && of(person))
}

/// How many answers: 10,000 by `POLDER_TRIES`, fewer where nobody says so.
fn tries(usual: usize) -> usize {
    std::env::var("POLDER_TRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The recipient, and a federation in which nobody is told that they asked enough.
async fn federation() -> (Federation, Arc<Node>) {
    let budget = Budget { workers: u32::MAX, narrow: u32::MAX };
    let federation = Federation::about_people_within(2, morning(), budget).await;
    let recipient = Arc::clone(&federation.nodes[1]);
    vacancy(&recipient, "V-1").await;
    (federation, recipient)
}

/// Answers go out of each of the homes in turn, and workers decide at each, until so many came whole: nothing comes after it was withdrawn.
async fn withdraw_while_answers_go_out(homes: &[Arc<Node>], recipient: &Node, tries: usize) {
    let mut workers = Vec::new();
    for number in 0..WORKERS * homes.len() {
        let mut offer = profile(&format!("Monteur {number}"));
        // Large enough for an answer to take several frames.
        offer["description"] = serde_json::json!("Werk met de handen. ".repeat(150));
        workers.push(put(&homes[0], &format!("P-{number}"), &offer).await);
    }
    let asker = homes[0].register().member(&recipient.home().partner).cloned().expect("a member");
    let mut query = recipient.self_contained(&request("V-1")).expect("a query");
    query.deadline_ms = 10_000;
    let query = Arc::new(query);
    let stages: Vec<Stage> =
        homes.iter().map(|home| Stage { home: Arc::clone(home), asker: Arc::clone(&asker), query: Arc::clone(&query) }).collect();
    // As long as a withdrawal may take to be acknowledged, so that answers have somebody in them.
    let seen = Duration::from_millis(if homes.len() == 1 { 20 } else { 1_000 });
    let stage = |number: usize| stages[number % stages.len()].clone();
    let (stops, whole) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let fast = Reader { window: 64 * 1024, pause: Duration::ZERO };
    let slow = Reader { window: 700, pause: Duration::from_millis(120) };
    let mut records = Vec::new();
    let mut asking = Vec::new();
    let readers = [(fast, 10), (Reader { window: 4_000, ..fast }, 10), (fast, 10), (slow, 2)];
    for (number, (reader, at_once)) in readers.into_iter().enumerate() {
        let record = Written::default();
        records.push(Arc::clone(&record));
        asking.push(tokio::spawn(ask_on(stage(number), reader, at_once, record, Arc::clone(&stops), Arc::clone(&whole))));
    }
    let deciding: Vec<_> =
        workers.iter().enumerate().map(|(number, worker)| tokio::spawn(decide(stage(number), *worker, seen, Arc::clone(&stops)))).collect();
    let began = std::time::Instant::now();
    while whole.load(Ordering::SeqCst) < tries {
        assert!(began.elapsed() < Duration::from_secs(600), "{} answers in ten minutes", whole.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stops.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for decided in deciding {
        acknowledged.extend(decided.await.expect("decided"));
    }
    for asked in asking {
        asked.await.expect("asked");
    }
    let answers: Vec<(String, u64)> = records.iter().flat_map(|record| answers(&record.lock().expect("a lock"))).collect();
    let (mut carried, mut late) = (0, 0);
    for one in &acknowledged {
        for (_, last) in answers.iter().filter(|(answer, _)| carries(answer, one)) {
            carried += 1;
            late += usize::from(*last > one.at);
        }
    }
    println!(
        "{} answers, {} withdrawals of what was in one, {carried} carried it, in {:?}",
        answers.len(),
        acknowledged.len(),
        began.elapsed()
    );
    assert_eq!(late, 0, "answers that carried what was withdrawn went on after it was acknowledged");
    assert!(carried > tries / 20 && acknowledged.len() > 10, "what is looked for has happened");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_withdrawn_is_handed_to_tls_after_it_is_acknowledged() {
    let (federation, recipient) = federation().await;
    withdraw_while_answers_go_out(&[Arc::clone(&federation.nodes[0])], &recipient, tries(1_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_withdrawn_at_one_replica_is_handed_to_tls_by_another() {
    let (federation, recipient) = federation().await;
    let database = postgres::database().await;
    let homes = [federation.open_replica(0, &database, "one.journal").await, federation.open_replica(0, &database, "other.journal").await];
    withdraw_while_answers_go_out(&homes, &recipient, tries(1_500)).await;
    for home in homes {
        home.close().await;
    }
}

/// Whoever takes answers as they come keeps the connection, whatever is withdrawn after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_taken_holds_up_no_withdrawal() {
    let federation = Federation::about_people(2, morning()).await;
    let (home, recipient) = (Arc::clone(&federation.nodes[0]), Arc::clone(&federation.nodes[1]));
    vacancy(&recipient, "V-1").await;
    let worker = put(&home, "P-1", &profile("Monteur")).await;
    let asker = home.register().member(&recipient.home().partner).cloned().expect("a member");
    let query = recipient.self_contained(&request("V-1")).expect("a query");
    let stage = Stage { home: Arc::clone(&home), asker: Arc::clone(&asker), query: Arc::new(query) };
    let (mut client, connected) = connect(&stage, 64 * 1024, Written::default()).await;
    for round in 0..40 {
        let given = give(&home, worker, &decision(&[&asker.partner], &[Field::Title, Field::Skills])).await;
        let Consent { id, .. } = given.expect("given").remove(0);
        client = client.ready().await.unwrap_or_else(|why| panic!("round {round}: the connection was cut off: {why}"));
        let (response, _) = client.send_request(http::Request::post("http://node/").body(()).expect("a request"), true).expect("sent");
        let body = response.await.expect("a response").into_body();
        take(body, Reader { window: 64 * 1024, pause: Duration::ZERO }).await.expect("all of it");
        home.withdraw(worker, id).await.expect("withdrawn");
    }
    drop(client);
    drop(connected.told);
    connected.driving.abort();
}
