//! A node that runs alone: its partner is the recipient as well.

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::command::{at_terminal, code, err, out, polder};
use super::logins::Logins;
use super::node::{Http, free};
use super::running::Running;
use super::setup::Setup;

/// Where that partner says it has its seat, and how people reach it.
pub const ADDRESS: &str = "Voorbeeldweg 1, 8200 AA Lelystad";
pub const CONTACT: &str = "privacy@voorbeeld.example.nl";
pub const PARTNER: &str = "kvk:90000001";

/// Workers log in to it.
pub struct Node {
    pub setup: Setup,
    url: String,
    pub http: Http,
    logins: Logins,
    _running: Running,
}

impl Node {
    pub async fn start() -> Self {
        let [client, peer, operator] = [(); 3].map(|()| free());
        let listens = [client, peer, operator].map(|address| address.to_string());
        let ports = ["--client-listen", &listens[0], "--peer-listen", &listens[1], "--operator-listen", &listens[2]];
        let asks = |member: &mut Value| member["purposes"] = json!(["find-work", "find-training", "match-vacancy", "be-contacted"]);
        let setup = Setup::new(peer, &ports, asks);
        let logins = Logins::at(&format!("http://{client}"));
        let log = std::fs::File::create(setup.path("node.log")).expect("a log");
        let running = Running::start(
            setup
                .serve()
                .envs(logins.environment(setup.directory.path()))
                .env("POLDER_ADDRESS", ADDRESS)
                .env("POLDER_CONTACT", CONTACT)
                .env("POLDER_LEGAL_BASIS", "public-task")
                .stderr(log),
        );
        let began = Instant::now();
        while tokio::net::TcpStream::connect(client).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "{}", std::fs::read_to_string(setup.path("node.log")).unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let http = Http::of(client, &setup.path("operator-token"));
        Self { setup, url: format!("http://{client}"), http, logins, _running: running }
    }

    /// Has a worker take over a profile, and let a program act: its token is in that file.
    pub fn worker(&self, offer: &str, file: &str) {
        let invitation = self.json("operator-token", &["people", "invite", "--offer", offer]);
        self.logins.token(invitation["code"].as_str().expect("a code"), &self.setup.path(file));
    }

    pub fn here(&self) -> &Path {
        self.setup.directory.path()
    }

    pub fn run(&self, token: &str, arguments: &[&str]) -> Output {
        polder(self.here(), &[arguments, &["--url", &self.url, "--token-file", token]].concat(), "ja\nyes\n")
    }

    /// The same at a terminal, where someone types that.
    pub fn at_terminal(&self, token: &str, arguments: &[&str], types: &str) -> Output {
        at_terminal(self.here(), &[arguments, &["--url", &self.url, "--token-file", token]].concat(), types)
    }

    /// What a command prints that did all of it.
    pub fn done(&self, token: &str, arguments: &[&str]) -> String {
        let output = self.run(token, arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}{}", out(&output), err(&output));
        out(&output)
    }

    pub fn json(&self, token: &str, arguments: &[&str]) -> Value {
        let text = self.done(token, &[arguments, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}
