//! What tests need that run nodes as processes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub use super::ports::free;

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_polder");

/// Runs the program to its end; what it wrote to standard output.
pub fn run(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Speaks without TLS, as on loopback.
pub fn plain_http() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(polder_trust::tls::provider())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("a client")
}

/// A client of a node's own interface.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    pub base: String,
    token: String,
}

impl Http {
    /// Of the node whose client port is there, with the token in a file.
    pub fn of(client: SocketAddr, token: &Path) -> Self {
        let token = std::fs::read_to_string(token).expect("a token").trim().to_owned();
        Self { client: plain_http(), base: format!("http://{client}"), token }
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub async fn put(&self, key: &str, title: &str) -> reqwest::Result<u16> {
        let request = self.request(reqwest::Method::PUT, &format!("/v1/vacancies/{key}")).json(&vacancy(title));
        Ok(request.send().await?.status().as_u16())
    }

    /// Waits until something has changed at the node.
    pub async fn first_change(&self) {
        let began = Instant::now();
        let changes = || self.request(reqwest::Method::GET, "/v1/changes?limit=1").send();
        while changes().await.expect("a response").text().await.expect("text").contains("\"items\":[]") {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing changes");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// That so many vacancies are there, and were stored once each.
    pub async fn holds_once(&self, vacancies: usize) {
        let request = self.request(reqwest::Method::GET, "/v1/vacancies").header("accept", "application/x-ndjson");
        let export = request.send().await.expect("a response").text().await.expect("text");
        let end: serde_json::Value = serde_json::from_str(export.lines().last().expect("a line")).expect("JSON");
        assert_eq!((&end["type"], &end["offers"]), (&"end".into(), &vacancies.into()));
        let changes: usize = end["next"].as_str().and_then(|next| next.split('-').next()?.parse().ok()).expect("a number");
        assert_eq!(changes, vacancies, "nothing is stored twice");
    }
}

fn vacancy(title: &str) -> serde_json::Value {
    serde_json::json!({"title": title, "description": "Werk.", "employer": {"name": "Proef BV"}})
}

/// An import of so many vacancies into the node at that address, as a process.
pub struct Import(Child);

impl Import {
    pub fn start(directory: &Path, url: &str, vacancies: usize) -> Self {
        let line = |number| format!("{}\n", serde_json::json!({"key": format!("V-{number}"), "document": vacancy("Monteur")}));
        let file = directory.join("vacancies.ndjson");
        std::fs::write(&file, (0..vacancies).map(line).collect::<String>()).expect("written");
        let mut import = Command::new(PROGRAM);
        import.args(["import", "--kind", "vacancy", "--url", url, "--token-file"]).arg(directory.join("operator-token")).arg(file);
        Self(import.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the import starts"))
    }

    /// Whether it has not ended yet.
    pub fn runs(&mut self) -> bool {
        self.0.try_wait().expect("a process").is_none()
    }

    /// Waits for its end: it did everything. What it said beside.
    pub async fn ends_well(self) -> String {
        let output = tokio::task::spawn_blocking(|| self.0.wait_with_output()).await.expect("a task").expect("an end");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{out}{err}");
        err.into_owned()
    }
}
