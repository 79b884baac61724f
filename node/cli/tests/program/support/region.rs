//! A region with a registrar's desk, and nodes of partners, made with the commands of the program.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::ports;
use super::running::Running;

/// A directory with `desk`, and one directory for each node.
pub struct Region {
    directory: tempfile::TempDir,
    pub fingerprint: String,
}

impl Region {
    pub fn new() -> Self {
        Self::named("proef")
    }

    pub fn named(name: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut region = Self { directory, fingerprint: String::new() };
        let new = region.done(&["register", "new", "--region", name, "--dir", "desk"]);
        new["fingerprint"].as_str().expect("a fingerprint").clone_into(&mut region.fingerprint);
        region
    }

    /// With nodes `a`, `b` … that are made and added, and have their accession files.
    pub fn with(nodes: &[&str]) -> Self {
        let region = Self::new();
        nodes.iter().for_each(|node| region.add(node));
        nodes.iter().for_each(|node| region.accession(node));
        region
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn here(&self) -> &Path {
        self.directory.path()
    }

    /// Runs the program, with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Output {
        super::command::polder(self.here(), &[arguments, &["--json"]].concat(), "")
    }

    /// What a command says that did all of it.
    pub fn done(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", super::command::err(&output));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    pub fn partner(node: &str) -> String {
        format!("kvk:0000000{}", node.bytes().next().expect("a letter") - b'a' + 1)
    }

    pub fn init(&self, node: &str) {
        let [client, peer, operator] = [(); 3].map(|()| ports::free().to_string());
        let (partner, data, config) = (Self::partner(node), format!("{node}/data"), format!("{node}/polder.toml"));
        let who = ["init", "--partner", &partner, "--name", node, "--data", &data, "--config", &config, "--host", "127.0.0.1"];
        let ports = ["--client-listen", &client, "--peer-listen", &peer, "--operator-listen", &operator];
        self.done(&[who.as_slice(), ports.as_slice()].concat());
    }

    pub fn add(&self, node: &str) {
        self.init(node);
        self.done(&["register", "add", &format!("{node}/data/member.json"), "--dir", "desk"]);
    }

    pub fn accession(&self, node: &str) {
        self.done(&["register", "accession", &Self::partner(node), "--dir", "desk", "--output", &format!("{node}/accession.json")]);
    }

    /// Joins with the node's own file and the fingerprint that was told.
    pub fn join(&self, node: &str) -> Output {
        self.join_with(node, &format!("{node}/accession.json"), Some(&self.fingerprint))
    }

    pub fn join_with(&self, node: &str, file: &str, fingerprint: Option<&str>) -> Output {
        let config = format!("{node}/polder.toml");
        let mut arguments = vec!["join", file, "--config", &config];
        arguments.extend(fingerprint.iter().flat_map(|told| ["--fingerprint", told]));
        self.run(&arguments)
    }

    pub fn doctor(&self, node: &str) -> (Value, i32) {
        let output = self.run(&["doctor", "--config", &format!("{node}/polder.toml")]);
        (serde_json::from_slice(&output.stdout).expect("JSON"), super::command::code(&output))
    }

    /// Looks at node `a`, and expects this to be a finding; the whole of it.
    pub fn finds(&self, exit: i32, about: &str, grade: &str, says: &str) -> Value {
        let (report, code) = self.doctor("a");
        let checks = report["checks"].as_array().expect("checks");
        let is = |check: &&Value| {
            check["about"] == about && check["grade"] == grade && check["says"].as_str().is_some_and(|text| text.contains(says))
        };
        let found = checks.iter().find(is).unwrap_or_else(|| panic!("no {grade} about {about} that says {says}: {report:#}"));
        assert!(grade == "ok" || found["do"].as_str().is_some_and(|advice| !advice.is_empty()), "it says what to do: {found}");
        assert_eq!(code, exit, "{report:#}");
        for secret in ["a/data/operator-token", "a/data/keys/message.key"] {
            if let Ok(text) = std::fs::read_to_string(self.path(secret)) {
                let line = text.lines().find(|line| !line.starts_with("---")).unwrap_or_default();
                assert!(!report.to_string().contains(line), "a secret is shown");
            }
        }
        found.clone()
    }

    /// The same, and what it says to do.
    pub fn advises(&self, exit: i32, about: &str, grade: &str, says: &str, advice: &str) {
        let found = self.finds(exit, about, grade, says);
        assert!(found["do"].as_str().is_some_and(|text| text.contains(advice)), "should say to do {advice}: {found}");
    }

    /// Puts the files of a desk into the register's directory of a node.
    pub fn give(&self, desk: &str, node: &str) {
        for entry in std::fs::read_dir(self.path(desk)).expect("a desk").flatten().filter(|entry| entry.path().is_file()) {
            std::fs::copy(entry.path(), self.path(&format!("{node}/data/register")).join(entry.file_name())).expect("copied");
        }
    }

    /// Copies a directory and all that is in it.
    pub fn copy_all(&self, from: &str, to: &str) {
        let copied = Command::new("cp").arg("-r").arg(self.path(from)).arg(self.path(to)).status().expect("cp");
        assert!(copied.success());
    }

    /// What a node has logged since it last started.
    pub fn log(&self, node: &str) -> String {
        std::fs::read_to_string(self.path(&format!("{node}/log"))).unwrap_or_default()
    }

    /// Waits until a node's log says something.
    pub fn says(&self, node: &str, text: &str) {
        let began = Instant::now();
        while !self.log(node).contains(text) {
            assert!(began.elapsed() < Duration::from_secs(10), "{text}: {}", self.log(node));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts a node that has its register, and waits until it is ready.
    pub fn serve(&self, node: &str) -> Running {
        self.serve_with(node, &[])
    }

    /// The same, with that in its environment.
    pub fn serve_with(&self, node: &str, environment: &[(&str, String)]) -> Running {
        let log = std::fs::File::create(self.path(&format!("{node}/log"))).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_polder"));
        command.current_dir(self.here()).args(["serve", "--config", &format!("{node}/polder.toml")]).stdin(Stdio::null()).stderr(log);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let running = Running::start(&mut command);
        let began = Instant::now();
        let text = || std::fs::read_to_string(self.path(&format!("{node}/log"))).unwrap_or_default();
        while !text().contains("the node takes requests") {
            assert!(began.elapsed() < Duration::from_secs(30), "{}", text());
            std::thread::sleep(Duration::from_millis(10));
        }
        running
    }

    /// One of the addresses in a node's configuration.
    pub fn listens(&self, node: &str, section: &str) -> String {
        let text = std::fs::read_to_string(self.path(&format!("{node}/polder.toml"))).expect("a configuration");
        let table: toml::Table = text.parse().expect("TOML");
        table[section]["listen"].as_str().expect("an address").to_owned()
    }

    pub fn mode(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).expect("set");
    }

    /// A file with some of its text replaced; the text before.
    pub fn change(&self, name: &str, from: &str, to: &str) -> String {
        let text = std::fs::read_to_string(self.path(name)).expect("a file");
        assert!(text.contains(from), "{name} has no {from}");
        std::fs::write(self.path(name), text.replacen(from, to, 1)).expect("written");
        text
    }
}
