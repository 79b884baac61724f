//! Four nodes as processes, each behind a wire of its own: what is shown stays exact over those who answered, the others are named, and all is
//! well again when the network is. `tests/federation` looks at more faults, with nodes in its own process.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use polder_oracle::{Line, compare_result, parse_export};
use serde_json::{Value, json};

#[path = "../../../../../tests/federation/src/proxy.rs"]
#[allow(dead_code, reason = "shared with the federations in one process")]
mod proxy;

use crate::support::node::{Http, PROGRAM, free, run};
use crate::support::running::Running;
use proxy::{Passes, Proxy, State};

/// How long a question may take. Healthy partners answer in a fraction of it.
const DEADLINE_MS: u64 = 1_000;
/// Longer than this no recovery may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Offers of each partner: those of all do not fit in one result.
const OFFERS: usize = 7;

struct Node {
    partner: String,
    directory: PathBuf,
    wire: Proxy,
    http: Http,
    process: Running,
}

struct Federation {
    nodes: Vec<Node>,
    exports: Vec<(String, Vec<Line>)>,
    _directory: tempfile::TempDir,
}

/// The address from which that node calls.
fn address(node: usize) -> IpAddr {
    IpAddr::from([127, 0, 0, 31 + u8::try_from(node).expect("few nodes")])
}

impl Federation {
    async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let here = |name: &str| directory.path().join(name).display().to_string();
        let new: Value =
            serde_json::from_str(&run(&["--json", "register", "new", "--region", "proef", "--dir", &here("register")])).expect("JSON");
        let mut made = Vec::new();
        for number in 0..4 {
            let (partner, home) = (format!("kvk:9000002{number}"), here(&format!("node-{number}")));
            let [client, peer, operator] = [(); 3].map(|()| free());
            let wire = Proxy::start(peer, Duration::ZERO);
            let (config, data, url) = (format!("{home}/polder.toml"), format!("{home}/data"), format!("https://{}", wire.address));
            let who = ["init", "--config", &config, "--partner", &partner, "--name", &partner, "--data", &data, "--peer-url", &url];
            let [client_text, peer, operator] = [client, peer, operator].map(|address| address.to_string());
            run(&[who.as_slice(), &["--client-listen", &client_text, "--peer-listen", &peer, "--operator-listen", &operator]].concat());
            run(&["register", "add", &format!("{data}/member.json"), "--dir", &here("register")]);
            made.push((partner, PathBuf::from(home), wire, client));
        }
        let mut nodes = Vec::new();
        for (number, (partner, directory, wire, client)) in made.into_iter().enumerate() {
            let process = serve(&directory, &here("register"), new["fingerprint"].as_str().expect("a fingerprint"), address(number));
            let http = Http::of(client, &directory.join("data/operator-token"));
            nodes.push(Node { partner, directory, wire, http, process });
        }
        let mut federation = Self { nodes, exports: Vec::new(), _directory: directory };
        federation.fill().await;
        federation.all_answer().await;
        federation
    }

    async fn fill(&mut self) {
        for node in &self.nodes {
            let began = Instant::now();
            while !node.log().contains("the node takes requests") {
                assert!(began.elapsed() < PATIENCE, "{}", node.log());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            for number in 0..OFFERS {
                let put = node.http.put(&format!("V-{number}"), &format!("Monteur{}", " windmolens".repeat(number % 3))).await;
                assert_eq!(put.expect("a response"), 201);
            }
            let export = node.http.request(reqwest::Method::GET, "/v1/vacancies").header("accept", "application/x-ndjson");
            let text = export.send().await.expect("a response").text().await.expect("text");
            let (lines, end) = text.trim_end().rsplit_once('\n').expect("lines");
            assert!(end.contains("\"type\":\"end\""), "{end}");
            self.exports.push((node.partner.clone(), parse_export(lines).expect("an export")));
        }
    }

    /// Asks at that node, and holds the result against brute force over those who answered.
    async fn ask(&self, at: usize, deadline_ms: u64) -> Value {
        let question = json!({"kind": "vacancy", "text": "monteur windmolens", "deadlineMs": deadline_ms});
        let response = self.nodes[at].http.request(reqwest::Method::POST, "/v1/queries").json(&question).send().await.expect("a response");
        let result: Value = response.json().await.expect("JSON");
        let differences = compare_result(&result, &self.exports).expect("a result");
        assert!(differences.is_empty(), "at {at}: {}", differences[0]);
        result
    }

    /// The same: exactly these are missing, for that reason, and the log of the node that asks says so.
    async fn holds(&self, at: usize, deadline_ms: u64, missing: &[usize], reason: &str) -> Value {
        let result = self.ask(at, deadline_ms).await;
        let expected: Vec<_> = missing.iter().map(|number| (self.nodes[*number].partner.as_str(), reason)).collect();
        let found = result["missing"].as_array().expect("a list").iter();
        let found: Vec<_> =
            found.map(|one| (one["partner"].as_str().unwrap_or_default(), one["reason"].as_str().unwrap_or_default())).collect();
        assert_eq!(found, expected, "at {at}, answered: {}", result["answered"]);
        assert_eq!(result["answered"].as_array().map(Vec::len), Some(4 - missing.len()));
        let (log, id) = (self.nodes[at].log(), result["query"]["id"].as_str().expect("an id"));
        for (partner, _) in expected {
            assert!(
                log.lines().any(|line| line.contains(id) && line.contains(partner) && line.contains("partner is missing")),
                "{partner}: {log}"
            );
        }
        result
    }

    /// Waits until everyone answers, wherever one asks.
    async fn all_answer(&self) {
        let began = Instant::now();
        for at in 0..self.nodes.len() {
            while self.ask(at, 2_000).await["complete"] != true {
                assert!(began.elapsed() < PATIENCE, "{}", self.nodes[at].log());
            }
        }
    }

    async fn heals(&self) {
        self.nodes.iter().for_each(|node| node.wire.set(State::default()));
        self.all_answer().await;
    }
}

impl Node {
    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }
}

fn serve(directory: &Path, register: &str, fingerprint: &str, call_from: IpAddr) -> Running {
    let mut command = Command::new(PROGRAM);
    command.arg("--config").arg(directory.join("polder.toml")).arg("serve").stdin(Stdio::null());
    for setting in
        [format!("register.directory={register}"), format!("register.fingerprint={fingerprint}"), format!("peer.call_from={call_from}")]
    {
        command.args(["--set", &setting]);
    }
    let log = std::fs::File::create(directory.join("log")).expect("a log");
    Running::start(command.stderr(log))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_that_fail_between_processes() {
    let federation = Federation::start().await;
    let wire = |node: usize| &federation.nodes[node].wire;

    // Neither half hears the other.
    for (these, those) in [([0, 1], [2, 3]), ([2, 3], [0, 1])] {
        these.iter().for_each(|node| wire(*node).set_from(those.map(address), State::dead()));
    }
    tokio::join!(federation.holds(0, DEADLINE_MS, &[2, 3], "slow"), federation.holds(3, DEADLINE_MS, &[0, 1], "slow"));
    federation.heals().await;

    // Bytes to a node vanish, or those from it; what it asks itself goes over other wires.
    for state in [State { to: Passes::Held, ..State::default() }, State { back: Passes::Lost, ..State::default() }] {
        wire(1).set(state);
        tokio::join!(federation.holds(0, DEADLINE_MS, &[1], "slow"), federation.holds(1, DEADLINE_MS, &[], ""));
        federation.heals().await;
    }

    // Everyone is far away: who waits has everything, who does not has what is near.
    federation.nodes.iter().for_each(|node| node.wire.set(State { delay: Duration::from_millis(300), ..State::default() }));
    let far = federation.holds(0, 4_000, &[], "").await;
    assert!(far["ms"].as_u64().is_some_and(|ms| ms >= 300), "a question takes a round trip at least: {}", far["ms"]);
    federation.holds(2, 250, &[0, 1, 3], "slow").await;
    federation.heals().await;

    // A process that stands still keeps its connections, and takes new ones.
    federation.nodes[3].process.signal("-STOP");
    federation.holds(0, DEADLINE_MS, &[3], "slow").await;
    federation.nodes[3].process.signal("-CONT");
    federation.all_answer().await;

    // One that is gone does not.
    let mut federation = federation;
    federation.nodes[2].process.kill();
    federation.holds(0, DEADLINE_MS, &[2], "unreachable").await;
}
