//! A node that is set up and started with the program's own commands.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::node::{PROGRAM, run};

/// A register, and a node of its region: `register/`, `polder.toml`, `data/` and `operator-token` in a directory.
pub struct Setup {
    pub directory: tempfile::TempDir,
    pub fingerprint: String,
}

impl Setup {
    /// Peers find the node at that port; `options` are what else `init` is given, and `change` what is changed of the node's entry.
    pub fn new(peer: SocketAddr, options: &[&str], change: impl FnOnce(&mut serde_json::Value)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name).display().to_string();
        let (config, data, register, token) = (path("polder.toml"), path("data"), path("register"), path("operator-token"));
        let (member, peer_url) = (path("data/member.json"), format!("https://{peer}"));
        let new = run(&["--json", "register", "new", "--region", "proef", "--dir", &register]);
        let new: serde_json::Value = serde_json::from_str(&new).expect("JSON");
        let who = ["init", "--config", &config, "--partner", "kvk:90000001", "--name", "Proef BV", "--data", &data];
        run(&[&who, ["--peer-url", &peer_url, "--token-file", &token].as_slice(), options].concat());
        let mut entry = serde_json::from_str(&std::fs::read_to_string(&member).expect("an entry")).expect("JSON");
        change(&mut entry);
        std::fs::write(&member, entry.to_string()).expect("written");
        run(&["register", "add", &member, "--dir", &register]);
        let fingerprint = new["fingerprint"].as_str().expect("a fingerprint").to_owned();
        Self { directory, fingerprint }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The command that serves the node.
    pub fn serve(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.path("polder.toml")).arg("serve").stdin(Stdio::null());
        command.env("POLDER_REGISTER_DIRECTORY", self.path("register")).env("POLDER_REGISTER_FINGERPRINT", &self.fingerprint);
        command
    }
}
