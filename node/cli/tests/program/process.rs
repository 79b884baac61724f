//! A node as a process of its own: how soon it answers, and what a power cut costs. How much memory it takes is measured by `tests/demo`, in the
//! build that people run.

mod network;

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::node::{Http, Import, free, plain_http};
use crate::support::running::Running;
use crate::support::setup::Setup;

/// A node whose configuration names its ports.
struct Node {
    setup: Setup,
    client: SocketAddr,
    operator: SocketAddr,
}

impl Node {
    fn new() -> Self {
        Self::with_member(|_| {})
    }

    /// With another entry in the register than the node's own `member.json` says.
    fn with_member(change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let [client, peer, operator] = [(); 3].map(|()| free());
        let listens = [client, peer, operator].map(|address| address.to_string());
        let ports = ["--client-listen", &listens[0], "--peer-listen", &listens[1], "--operator-listen", &listens[2]];
        Self { setup: Setup::new(peer, &ports, change), client, operator }
    }

    fn start(&self) -> Running {
        self.start_logging_to(std::fs::File::create(self.setup.path("node.log")).expect("a log").into())
    }

    fn start_logging_to(&self, log: Stdio) -> Running {
        Running::start(self.setup.serve().stderr(log))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.setup.path("node.log")).unwrap_or_default()
    }

    /// Waits until the client port takes a connection, and says how long that took.
    async fn accepts(&self, since: Instant) -> Duration {
        while tokio::net::TcpStream::connect(self.client).await.is_err() {
            assert!(since.elapsed() < Duration::from_secs(20), "{}", self.log());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        since.elapsed()
    }

    fn http(&self) -> Http {
        Http::of(self.client, &self.setup.path("operator-token"))
    }
}

impl Http {
    async fn get(&self, path: &str) -> (u16, String) {
        let response = self.request(reqwest::Method::GET, path).send().await.expect("a response");
        (response.status().as_u16(), response.text().await.expect("text"))
    }
}

#[tokio::test]
async fn a_node_accepts_soon() {
    let node = Node::new();
    let mut best = Duration::MAX;
    // The best of three: other tests compile and run at the same time.
    for _ in 0..3 {
        let began = Instant::now();
        let running = node.start();
        best = best.min(node.accepts(began).await);
        drop(running);
    }
    let _running = node.start();
    node.accepts(Instant::now()).await;
    // The port takes connections before the database is open, and before the operator's port does; who waits for readiness waits no longer than this.
    let (http, began) = (plain_http(), Instant::now());
    while !http.get(format!("http://{}/readyz", node.operator)).send().await.is_ok_and(|response| response.status() == 200) {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not become ready");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("accepts after {best:?}, ready {:?} later", began.elapsed());
    assert!(best < Duration::from_millis(100), "accepts after {best:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let node = Node::new();
    let mut acknowledged: Vec<(String, String)> = Vec::new();
    for round in 0..5_u64 {
        let mut running = node.start();
        node.accepts(Instant::now()).await;
        let http = node.http();
        let (written, mut so_many) = tokio::sync::watch::channel(0);
        let writers = (0..8).map(|writer| {
            let (http, written) = (http.clone(), written.clone());
            tokio::spawn(async move {
                let mut done = Vec::new();
                for number in 0.. {
                    // Some keys come back in later rounds with another title.
                    let (key, title) = (format!("V-{writer}-{}", number % 60), format!("Monteur {round} {number}"));
                    match http.put(&key, &title).await {
                        Ok(200 | 201) => done.push((key, title)),
                        Ok(status) => panic!("status {status}"),
                        Err(_) => break,
                    }
                    written.send_modify(|count| *count += 1);
                }
                done
            })
        });
        let writers: Vec<_> = writers.collect();
        // Enough is written however slow the machine is; then the power goes at another moment each time.
        let enough = tokio::time::timeout(Duration::from_secs(30), so_many.wait_for(|count| *count >= 60)).await;
        assert!(enough.is_ok_and(|count| count.is_ok()), "60 offers take too long");
        tokio::time::sleep(Duration::from_millis(83 * round)).await;
        running.kill();
        for writer in writers {
            acknowledged.extend(writer.await.expect("no panic"));
        }
    }
    let running = node.start();
    node.accepts(Instant::now()).await;
    let http = node.http();
    let mut last = std::collections::HashMap::new();
    acknowledged.iter().for_each(|(key, title)| {
        last.insert(key.clone(), title.clone());
    });
    assert!(last.len() > 50, "{} offers were acknowledged", last.len());
    for (key, title) in &last {
        let (status, document) = http.get(&format!("/v1/vacancies/{key}")).await;
        assert_eq!(status, 200, "{key} is lost");
        let found: serde_json::Value = serde_json::from_str(&document).expect("JSON");
        // What was put last, or what was on its way after it when the power went.
        let found = found["title"].as_str().expect("a title").to_owned();
        let newer = |title: &str| title.split(' ').skip(1).map(|part| part.parse::<u64>().expect("a number")).collect::<Vec<_>>();
        assert!(newer(&found) >= newer(title), "{key} went back from {title} to {found}");
    }
    drop(running);
    println!("{} writes acknowledged in 5 rounds of kill -9, none lost", acknowledged.len());
}

#[tokio::test]
async fn a_message_key_that_ends_soon_is_warned_of() {
    const WARNING: &str = "this node's message key ends";
    for (days, warned) in [(13, true), (16, false)] {
        let node = Node::with_member(|member| {
            let end = polder_exchange::Clock::now(&polder_exchange::SystemClock).plus_seconds(days * 86_400);
            member["messageKeys"][0]["notAfter"] = serde_json::json!(end);
        });
        let mut running = node.start();
        node.accepts(Instant::now()).await;
        // The register is looked at before anything else is waited for: a node that has stopped in order has warned.
        let began = Instant::now();
        while !node.log().contains("the node takes requests") {
            assert!(began.elapsed() < Duration::from_secs(10), "{}", node.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(running.stops_well(), "{}", node.log());
        assert_eq!(node.log().contains(WARNING), warned, "a key for {days} days: {}", node.log());
    }
}

/// A log on a full disk, or that nobody reads any more: lines are lost, and nothing else.
#[tokio::test]
async fn a_log_that_cannot_be_written_stops_nothing() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux").into();
    for (what, log) in [("a full disk", full()), ("a closed pipe", Stdio::piped())] {
        let node = Node::new();
        let mut running = node.start_logging_to(log);
        // Nobody reads: what is written to it fails from now on.
        drop(running.0.stderr.take());
        node.accepts(Instant::now()).await;
        let http = node.http();
        for number in 0..20 {
            let put = http.put(&format!("V-{number}"), "Monteur").await;
            assert_eq!(put.expect("a response"), 201, "{what}");
        }
        assert_eq!(http.get("/v1/vacancies/V-19").await.0, 200, "{what}");
        // Refusals are logged too.
        assert_eq!(http.get("/v1/vacancies/V-20").await.0, 404, "{what}");
        assert!(running.stops_well(), "{what}: the node ended badly");
    }
}

/// A node is killed in the middle of an import, and comes back: the import goes on by itself, and everything is in once.
#[tokio::test]
async fn an_import_outlives_a_kill_of_the_node() {
    const VACANCIES: usize = 20_000;
    let node = Node::new();
    let running = node.start();
    node.accepts(Instant::now()).await;
    let http = node.http();
    let import = Import::start(node.setup.directory.path(), &http.base, VACANCIES);
    http.first_change().await;
    // A drop is a SIGKILL.
    drop(running);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let _running = node.start();
    let said = import.ends_well().await;
    assert!(said.contains("trying again"), "it was not cut off: {said}");
    http.holds_once(VACANCIES).await;
}

/// Two nodes on one file would each answer from an index that does not know what the other writes.
#[tokio::test]
async fn a_second_node_on_the_same_data_does_not_start() {
    let node = Node::new();
    let running = node.start();
    node.accepts(Instant::now()).await;
    let second = || {
        let mut command = node.setup.serve();
        for port in ["CLIENT", "PEER", "OPERATOR"] {
            command.env(format!("POLDER_{port}_LISTEN"), free().to_string());
        }
        command
    };
    let output = tokio::task::spawn_blocking({
        let mut command = second();
        move || command.output()
    });
    let output = tokio::time::timeout(Duration::from_secs(30), output).await.expect("it ends").expect("a task").expect("it ran");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("another process runs a node on"), "{:?}: {said}", output.status);
    // A node that was killed holds nobody up.
    drop(running);
    let _again = node.start();
    node.accepts(Instant::now()).await;
}

/// Every secret of a webhook follows from the key of tokens: where that is gone, the log says so.
#[tokio::test]
async fn a_key_of_tokens_that_is_gone_is_said() {
    let node = Node::new();
    let running = node.start();
    node.accepts(Instant::now()).await;
    let hook = serde_json::json!({"url": "https://ats.example.nl/polder"});
    let made = node.http().request(reqwest::Method::POST, "/v1/webhooks").json(&hook).send().await.expect("a response");
    assert_eq!(made.status(), 201);
    drop(running);
    assert!(!node.log().contains("another secret"), "{}", node.log());
    std::fs::remove_file(node.setup.path("data/keys/token.key")).expect("removed");
    let began = Instant::now();
    let _running = node.start();
    while !node.log().contains("every webhook has another secret now") {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", node.log());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
