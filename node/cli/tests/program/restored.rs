//! A node whose database is put back from a backup, with the program's own commands (W9, threat row 37).

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::command::{code, err, out, polder};
use crate::support::logins::Logins;
use crate::support::node::{Http, free};
use crate::support::region::Region;
use crate::support::running::Running;
use crate::support::setup::Setup;

#[test]
fn doctor_says_that_a_restored_node_waits_and_for_whom() {
    let region = Region::with(&["a", "b"]);
    assert_eq!(code(&region.join("b")), 3);
    let _b = region.serve("b");
    assert_eq!(code(&region.join("a")), 0);
    region.done(&["backup", "copy.db", "--config", "a/polder.toml"]);
    assert_eq!(region.done(&["restored", "--config", "a/polder.toml"]), json!({"restored": true}));
    region.finds(6, "reopening", "warning", "nothing about people leaves, and no consent can be given");
    let mut a = region.serve("a");
    let waits = region.finds(6, "reopening", "warning", "The node waits since ");
    assert!(waits["says"].as_str().is_some_and(|says| says.contains(&format!(" for {}: ", Region::partner("b")))), "{waits}");
    let beside = region.run(&["restored", "--config", "a/polder.toml"]);
    assert!(code(&beside) == 2 && err(&beside).contains("stop it first"), "{}", err(&beside));
    // A start in between changes nothing.
    assert!(a.stops_well());
    let mut a = region.serve("a");
    region.finds(6, "reopening", "warning", "The node waits since ");
    // Public offers have nothing to do with it: it is ready.
    assert!(a.stops_well());
    // Nobody says that it is an older one: the journal does.
    for beside in ["polder.db-wal", "polder.db-shm"] {
        let _ = fs::remove_file(region.path("a/data").join(beside));
    }
    fs::copy(region.path("copy.db"), region.path("a/data/polder.db")).expect("restored");
    let before = region.finds(6, "reopening", "warning", "the database is older than its journal: it was restored from a backup");
    assert!(before["says"].as_str().is_some_and(|says| says.contains("When the node starts, nothing about people leaves")), "{before}");
    let _a = region.serve("a");
    assert!(region.log("a").contains("it was restored from a backup"), "{}", region.log("a"));
    region.finds(6, "reopening", "warning", "The node waits since ");
}

struct Node {
    setup: Setup,
    client: std::net::SocketAddr,
    logins: Logins,
}

impl Node {
    fn new() -> Self {
        let [client, peer, operator] = [(); 3].map(|()| free());
        let listens = [client, peer, operator].map(|address| address.to_string());
        let ports = ["--client-listen", &listens[0], "--peer-listen", &listens[1], "--operator-listen", &listens[2]];
        let setup = Setup::new(peer, &ports, |member| member["purposes"] = json!(["find-work", "find-training", "match-vacancy"]));
        Self { setup, client, logins: Logins::at(&format!("http://{client}")) }
    }

    async fn serve(&self) -> Running {
        let log = fs::File::create(self.setup.path("node.log")).expect("a log");
        let running = Running::start(self.setup.serve().envs(self.logins.environment(self.setup.directory.path())).stderr(log));
        let began = Instant::now();
        while tokio::net::TcpStream::connect(self.client).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "{}", fs::read_to_string(self.setup.path("node.log")).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        running
    }

    fn done(&self, token: &str, arguments: &[&str]) -> Value {
        let url = format!("http://{}", self.client);
        let all = [arguments, &["--json", "--url", &url, "--token-file", token]].concat();
        let output = polder(self.setup.directory.path(), &all, "");
        assert_eq!(code(&output), 0, "{arguments:?}: {}{}", out(&output), err(&output));
        serde_json::from_str(&out(&output)).expect("JSON")
    }

    fn token(&self, name: &str) {
        let invitation = self.done("operator-token", &["people", "invite", "--offer", "P-1"]);
        self.logins.token(invitation["code"].as_str().expect("a code"), &self.setup.path(name));
    }

    /// A worker who may be seen by this node, and a token of theirs.
    async fn given(&self) {
        let http = Http::of(self.client, &self.setup.path("operator-token"));
        let profile =
            json!({"title": "Monteur", "skills": [{"uri": "http://data.europa.eu/esco/skill/6c6b3a4c-6a5e-4f2d-9f0e-1f6f0a5d8b11"}]});
        let put = http.request(reqwest::Method::PUT, "/v1/skill-offers/P-1").json(&profile).send().await.expect("a response");
        assert_eq!(put.status(), 201);
        assert_eq!(http.put("V-1", "Monteur").await.expect("a response"), 201);
        self.token("worker");
        let give =
            ["consent", "give", "--purpose", "match-vacancy", "--to", "kvk:90000001", "--field", "/title", "--field", "/skills", "--yes"];
        self.done("worker", &give);
        assert_eq!(self.found(), 1);
    }

    fn back_up(&self) {
        let config = self.setup.path("polder.toml").display().to_string();
        let copy = polder(self.setup.directory.path(), &["--config", &config, "backup", "copy.db"], "");
        assert_eq!(code(&copy), 0, "{}", err(&copy));
    }

    /// Puts the backup in the place of the database of a node that does not run.
    fn restore(&self) {
        for beside in ["data/polder.db-wal", "data/polder.db-shm"] {
            let _ = fs::remove_file(self.setup.path(beside));
        }
        fs::copy(self.setup.path("copy.db"), self.setup.path("data/polder.db")).expect("restored");
    }

    fn found(&self) -> usize {
        self.done("operator-token", &["query", "--kind", "skill-offer", "--about", "vacancy:V-1"])["hits"].as_array().map_or(0, Vec::len)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_withdrawn_after_the_backup_is_withdrawn_when_it_is_put_back() {
    let node = Node::new();
    let mut running = node.serve().await;
    node.given().await;
    node.back_up();
    node.done("worker", &["consent", "withdraw", "--all"]);
    running.kill();
    node.restore();
    let found = polder(node.setup.directory.path(), &["--config", &node.setup.path("polder.toml").display().to_string(), "doctor"], "");
    let said = out(&found);
    assert!(said.contains("warning  reopening") && said.contains("run `polder restored` first"), "{said}");
    assert!(said.contains("When it starts, 1 withdrawal or erasure that the database does not know is carried out again"), "{said}");
    let _running = node.serve().await;
    let list = node.done("worker", &["consent", "list"]);
    assert_eq!(list["items"][0]["state"], "withdrawn", "{list}");
    assert_eq!(node.found(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_erased_after_the_backup_is_erased_when_it_is_put_back() {
    let node = Node::new();
    let mut running = node.serve().await;
    node.given().await;
    node.back_up();
    let worker = Http::of(node.client, &node.setup.path("worker"));
    let erased = worker.request(reqwest::Method::DELETE, "/v1/me").send().await.expect("a response");
    assert!(erased.status().is_success(), "{}", erased.status());
    running.kill();
    node.restore();
    let config = node.setup.path("polder.toml").display().to_string();
    let said = polder(node.setup.directory.path(), &["--config", &config, "restored"], "");
    assert_eq!(code(&said), 0, "{}", err(&said));
    let _running = node.serve().await;
    let http = Http::of(node.client, &node.setup.path("operator-token"));
    let profile = http.request(reqwest::Method::GET, "/v1/skill-offers/P-1").send().await.expect("a response");
    assert!([404, 410].contains(&profile.status().as_u16()), "{}", profile.status());
    let me = worker.request(reqwest::Method::GET, "/v1/me").send().await.expect("a response");
    assert!(!me.status().is_success(), "{}", me.text().await.unwrap_or_default());
    assert_eq!(node.found(), 0);
}
