//! One node of the demo: a process of this same program.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use super::partners::DemoPartner;
use crate::client::{NodeArgs, NodeClient};
use crate::exit::Failure;

const PATIENCE: Duration = Duration::from_secs(20);

/// The addresses of a node on loopback.
#[derive(Clone, Copy)]
pub(crate) struct Addresses {
    pub client: SocketAddr,
    pub peer: SocketAddr,
    pub operator: SocketAddr,
}

/// Ports of the demo. Systems take the ports of outgoing connections from above these, and so never between our look and the node's start.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

impl Addresses {
    /// Three ports that are free now, for each of so many nodes. Demos that run side by side look in different places.
    pub(crate) fn free(count: usize) -> Result<Vec<Self>, Failure> {
        let (all, own) = (PORTS.len(), std::process::id() as usize * 3 * count % PORTS.len());
        let ports = PORTS.cycle().skip(own).take(all);
        // All are held until all are known, so that none is given twice.
        let held: Vec<TcpListener> = ports.filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).take(3 * count).collect();
        let addresses: Vec<SocketAddr> = held.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        if addresses.len() < 3 * count {
            return Err(Failure::internal(format!(
                "there are no {} free ports on loopback from {} to {}",
                3 * count,
                PORTS.start,
                PORTS.end - 1
            )));
        }
        Ok(addresses.chunks_exact(3).map(|three| Self { client: three[0], peer: three[1], operator: three[2] }).collect())
    }
}

/// A node that runs.
pub(crate) struct DemoNode {
    pub partner: &'static DemoPartner,
    pub directory: PathBuf,
    pub addresses: Addresses,
    child: Child,
}

impl DemoNode {
    /// Starts the process; its log goes to a file in its directory, its traces to that collector.
    pub(crate) fn start(
        partner: &'static DemoPartner,
        directory: PathBuf,
        addresses: Addresses,
        traces: Option<&str>,
        logins: Vec<(String, String)>,
    ) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::internal(format!("the node of {} cannot be started: {error}", partner.name));
        let log = File::create(directory.join("node.log")).map_err(failed)?;
        let child = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["serve", "--until-input-closes", "--config"])
            .arg(directory.join("polder.toml"))
            .env_clear()
            // As deploy/polder.service has it: a thread for each connection to the database would otherwise keep a heap of its own.
            .env("MALLOC_ARENA_MAX", "2")
            .env("POLDER_WEBHOOKS_HOSTS", "127.0.0.1, ::1, localhost")
            .env("POLDER_CONTACT", format!("privacy@{}.example.nl", partner.slug))
            .env("POLDER_LEGAL_BASIS", if partner.role == "employer" { "legitimate-interest" } else { "public-task" })
            .envs(logins)
            .envs(traces.map(|endpoint| ("POLDER_TRACES_ENDPOINT", endpoint)))
            .stdin(Stdio::piped())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        Ok(Self { partner, directory, addresses, child })
    }

    /// Waits until the node takes requests.
    pub(crate) async fn ready(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        loop {
            if tokio::net::TcpStream::connect(self.addresses.client).await.is_ok() {
                return Ok(());
            }
            let ended = self.child.try_wait().ok().flatten();
            if ended.is_some() || began.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.log()).unwrap_or_default();
                let last = log.lines().last().unwrap_or("its log is empty").to_owned();
                return Err(Failure::internal(format!("the node of {} does not start: {last}", self.partner.name)));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn log(&self) -> PathBuf {
        self.directory.join("node.log")
    }

    /// A client of its interface, as its partner's own systems have.
    pub(crate) fn client(&self) -> Result<NodeClient, Failure> {
        let args = NodeArgs { url: Some(format!("http://{}", self.addresses.client)), token_file: Some(self.token_file()) };
        NodeClient::new(&args, None)
    }

    /// The file with its operator token.
    pub(crate) fn token_file(&self) -> PathBuf {
        token_file(&self.directory)
    }

    /// Ends the process without warning, as a power cut would.
    pub(crate) async fn kill(&mut self) {
        // A process that has ended already is as dead as it can be.
        let _ = self.child.kill().await;
    }
}

impl Drop for DemoNode {
    /// Ends the process and waits until it is gone: what it still wrote would be left behind when its directory is removed.
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

pub(crate) fn token_file(directory: &Path) -> PathBuf {
    directory.join("operator-token")
}
