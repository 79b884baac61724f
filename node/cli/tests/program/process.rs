//! A node as a process of its own: how soon it answers, and what a power cut costs. How much memory it takes is measured by `tests/demo`, in the
//! build that people run.

mod network;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::node::{Http, Import, PROGRAM, free, plain_http, run};

/// A node that was set up with the commands of the program.
struct Setup {
    directory: tempfile::TempDir,
    client: SocketAddr,
    operator: SocketAddr,
    fingerprint: String,
}

impl Setup {
    fn new() -> Self {
        Self::with_member(|_| {})
    }

    /// With another entry in the register than the node's own `member.json` says.
    fn with_member(change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (client, peer, operator) = (free(), free(), free());
        let path = |name: &str| directory.path().join(name).display().to_string();
        let new = run(&["--json", "register", "new", "--region", "proef", "--dir", &path("register")]);
        let new: serde_json::Value = serde_json::from_str(&new).expect("JSON");
        run(&[
            "init",
            "--config",
            &path("polder.toml"),
            "--partner",
            "kvk:90000001",
            "--name",
            "Proef BV",
            "--data",
            &path("data"),
            "--client-listen",
            &client.to_string(),
            "--peer-listen",
            &peer.to_string(),
            "--operator-listen",
            &operator.to_string(),
            "--peer-url",
            &format!("https://{peer}"),
            "--token-file",
            &path("operator-token"),
        ]);
        let text = std::fs::read_to_string(path("data/member.json")).expect("a member");
        let mut member = serde_json::from_str(&text).expect("JSON");
        change(&mut member);
        std::fs::write(path("data/member.json"), member.to_string()).expect("written");
        run(&["register", "add", &path("data/member.json"), "--dir", &path("register")]);
        let fingerprint = new["fingerprint"].as_str().expect("a fingerprint").to_owned();
        Self { directory, client, operator, fingerprint }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn start(&self) -> Running {
        self.start_logging_to(std::fs::File::create(self.path("node.log")).expect("a log").into())
    }

    fn start_logging_to(&self, log: Stdio) -> Running {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.path("polder.toml")).arg("serve").stdin(Stdio::null()).stderr(log);
        command.env("POLDER_REGISTER_DIRECTORY", self.path("register")).env("POLDER_REGISTER_FINGERPRINT", &self.fingerprint);
        Running(command.spawn().expect("the node starts"))
    }

    /// Waits until the client port takes a connection, and says how long that took.
    async fn accepts(&self, since: Instant) -> Duration {
        while tokio::net::TcpStream::connect(self.client).await.is_err() {
            assert!(since.elapsed() < Duration::from_secs(20), "{}", std::fs::read_to_string(self.path("node.log")).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        since.elapsed()
    }

    fn http(&self) -> Http {
        Http::of(self.client, &self.path("operator-token"))
    }
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
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
    let setup = Setup::new();
    let mut best = Duration::MAX;
    // The best of three: other tests compile and run at the same time.
    for _ in 0..3 {
        let began = Instant::now();
        let running = setup.start();
        best = best.min(setup.accepts(began).await);
        drop(running);
    }
    let _running = setup.start();
    setup.accepts(Instant::now()).await;
    // The port takes connections before the database is open; who waits for readiness waits no longer than this.
    let (http, began) = (plain_http(), Instant::now());
    while http.get(format!("http://{}/readyz", setup.operator)).send().await.expect("a response").status() != 200 {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not become ready");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("accepts after {best:?}, ready {:?} later", began.elapsed());
    assert!(best < Duration::from_millis(100), "accepts after {best:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let setup = Setup::new();
    let mut acknowledged: Vec<(String, String)> = Vec::new();
    for round in 0..5_u64 {
        let mut running = setup.start();
        setup.accepts(Instant::now()).await;
        let http = setup.http();
        let writers = (0..8).map(|writer| {
            let http = http.clone();
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
                }
                done
            })
        });
        let writers: Vec<_> = writers.collect();
        tokio::time::sleep(Duration::from_millis(150 + 83 * round)).await;
        running.0.kill().expect("SIGKILL");
        running.0.wait().expect("it is gone");
        for writer in writers {
            acknowledged.extend(writer.await.expect("no panic"));
        }
    }
    let running = setup.start();
    setup.accepts(Instant::now()).await;
    let http = setup.http();
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
        let setup = Setup::with_member(|member| {
            let end = polder_exchange::Clock::now(&polder_exchange::SystemClock).plus_seconds(days * 86_400);
            member["messageKeys"][0]["notAfter"] = serde_json::json!(end);
        });
        let mut running = setup.start();
        setup.accepts(Instant::now()).await;
        // The register is looked at before anything else is waited for: a node that has stopped in order has warned.
        let log = || std::fs::read_to_string(setup.path("node.log")).unwrap_or_default();
        let began = Instant::now();
        while !log().contains("the node takes requests") {
            assert!(began.elapsed() < Duration::from_secs(10), "{}", log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let told = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().expect("a signal");
        assert!(told.success() && running.0.wait().expect("it stops").success(), "{}", log());
        assert_eq!(log().contains(WARNING), warned, "a key for {days} days: {}", log());
    }
}

/// A log on a full disk, or that nobody reads any more: lines are lost, and nothing else.
#[tokio::test]
async fn a_log_that_cannot_be_written_stops_nothing() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux").into();
    for (what, log) in [("a full disk", full()), ("a closed pipe", Stdio::piped())] {
        let setup = Setup::new();
        let mut running = setup.start_logging_to(log);
        // Nobody reads: what is written to it fails from now on.
        drop(running.0.stderr.take());
        setup.accepts(Instant::now()).await;
        let http = setup.http();
        for number in 0..20 {
            let put = http.put(&format!("V-{number}"), "Monteur").await;
            assert_eq!(put.expect("a response"), 201, "{what}");
        }
        assert_eq!(http.get("/v1/vacancies/V-19").await.0, 200, "{what}");
        // Refusals are logged too.
        assert_eq!(http.get("/v1/vacancies/V-20").await.0, 404, "{what}");
        let told = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().expect("a signal");
        assert!(told.success() && running.0.wait().expect("it stops").success(), "{what}: the node ended badly");
    }
}

/// A node is killed in the middle of an import, and comes back: the import goes on by itself, and everything is in once.
#[tokio::test]
async fn an_import_outlives_a_kill_of_the_node() {
    const VACANCIES: usize = 20_000;
    let setup = Setup::new();
    let running = setup.start();
    setup.accepts(Instant::now()).await;
    let http = setup.http();
    let import = Import::start(setup.directory.path(), &http.base, VACANCIES);
    http.first_change().await;
    // A drop is a SIGKILL.
    drop(running);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let _running = setup.start();
    import.went_on().await;
    http.holds_once(VACANCIES).await;
}

/// Two nodes on one file would each answer from an index that does not know what the other writes.
#[tokio::test]
async fn a_second_node_on_the_same_data_does_not_start() {
    let setup = Setup::new();
    let running = setup.start();
    setup.accepts(Instant::now()).await;
    let second = || {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(setup.path("polder.toml")).arg("serve").stdin(Stdio::null());
        command.env("POLDER_REGISTER_DIRECTORY", setup.path("register")).env("POLDER_REGISTER_FINGERPRINT", &setup.fingerprint);
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
    let _again = setup.start();
    setup.accepts(Instant::now()).await;
}
