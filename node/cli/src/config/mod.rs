//! The configuration of a node: one TOML file, the environment over it, flags over that. docs/configuration.md lists every key.
//!
//! Secrets never stand in it: they are in files that only their owner can read.

mod edit;
mod error;
mod find;
mod fsc;
#[cfg(test)]
mod fuzz;
mod keys;
mod load;
mod misspelt;
mod nearest;
mod reference;
mod source;
mod syncs;
mod template;
mod values;
mod vum;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use polder_consent::Policy;
use polder_exchange::people::Basis;
use polder_model::PartnerId;
use polder_store::Database;
use polder_web::{HouseStyle, Limits, TokensOf, WebhookHosts};

pub(crate) use edit::write_fingerprint;
pub(crate) use error::ConfigError;
pub(crate) use find::{HERE, MACHINE, find};
pub(crate) use fsc::Fsc;
pub(crate) use keys::{Key, every_key};
pub(crate) use misspelt::misspelt;
pub(crate) use reference::{put_reference, reference};
pub(crate) use source::{Setting, Source};
pub(crate) use syncs::{SyncOauth, SyncSource};
pub(crate) use template::{Settings, render};
pub(crate) use values::collector;
pub(crate) use vum::Vum;

/// The configuration of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whose node it is.
    pub partner: PartnerId,
    /// That partner's name.
    pub name: String,
    /// Where it has its seat.
    pub address: Option<String>,
    /// How people reach it about their data.
    pub contact: Option<String>,
    /// On which basis it keeps profiles, and asks for workers.
    pub basis: Option<Basis>,
    /// The directory of database, keys and register.
    pub data: PathBuf,
    /// The database, without its password.
    pub database: Database,
    /// The journal of what ended.
    pub journal: PathBuf,
    /// The file with the password of the database.
    pub database_password_file: Option<PathBuf>,
    /// The port for the partner's own systems.
    pub client: Client,
    /// The port for other nodes.
    pub peer: Peer,
    /// The port that tells whether the node lives.
    pub operator: Listen,
    /// The register.
    pub register: Register,
    /// The log.
    pub log: Log,
    /// How much it takes.
    pub limits: Limits,
    /// How its pages are served; not at all, where there is none.
    pub pages: Option<Pages>,
    /// How many other partners have to cosign its log of what was done with people's data.
    pub quorum: usize,
    /// Whether one person may both propose and approve a system.
    pub one_person: bool,
    /// Where webhooks may lead beside the public internet.
    pub webhook_hosts: WebhookHosts,
    /// Where its traces go; nowhere, where there is none.
    pub traces: Option<Traces>,
    /// Where its processing log goes; it is kept in the database alone, where there is none.
    pub processing_log: Option<ProcessingLog>,
    /// What the partner decided about people's data.
    pub policy: Policy,
    /// What it has to do with the national exchange of vacancies.
    pub vum: Vum,
    /// FSC.
    pub fsc: Fsc,
    /// The course systems that it reads.
    pub syncs: Vec<SyncSource>,
    /// Keys that are given and have no effect, since what they belong to is not.
    pub without_effect: Vec<&'static str>,
}

/// How pages are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pages {
    /// Where browsers find them.
    pub url: String,
    /// What their maps are drawn of.
    pub map_file: Option<PathBuf>,
    /// Where workers log in.
    pub portal: Option<Login>,
    /// Where staff logs in.
    pub desk: Option<Login>,
    /// The claim that says what staff may do.
    pub claim: String,
    /// Its values for those who ask the federation.
    pub caseworkers: Vec<String>,
    /// Its values for those who watch over people's data.
    pub privacy_officers: Vec<String>,
    /// Its values for those who look after the node.
    pub administrators: Vec<String>,
    /// How they look.
    pub style: HouseStyle,
}

/// A provider at which people log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    /// Its issuer.
    pub issuer: String,
    /// What it knows this node by.
    pub client_id: String,
    /// The file with the secret that goes with it.
    pub client_secret_file: PathBuf,
    /// The algorithm by which it signs.
    pub algorithm: String,
    /// What is asked beside `openid`.
    pub scopes: Vec<String>,
    /// The levels of assurance that are enough; none: any.
    pub levels: Vec<String>,
}

/// The port for the partner's own systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address.
    pub listen: SocketAddr,
    /// Its certificate chain, in PEM.
    pub tls_certificate: Option<PathBuf>,
    /// The key of that certificate, in PEM.
    pub tls_key: Option<PathBuf>,
    /// Whether a proxy before it ends TLS.
    pub behind_proxy: bool,
    /// Where clients come that show a TLS certificate.
    pub certificates: Option<Certificates>,
    /// The partner's own authorization server, where its tokens are taken.
    pub tokens_of: Option<TokensOf>,
}

/// The port for clients that show a TLS certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Certificates {
    /// Its address on this machine.
    pub listen: SocketAddr,
    /// Its address as clients know it.
    pub url: String,
}

/// The port for other nodes, and the way to theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Its address.
    pub listen: SocketAddr,
    /// From which address of this machine they are called; the system chooses where there is none.
    pub call_from: Option<IpAddr>,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listen {
    /// Its address.
    pub listen: SocketAddr,
}

/// The register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Register {
    /// Where its files are.
    pub directory: PathBuf,
    /// SHA-256 of the first root, as a registrar told it; empty as long as it is not known.
    pub fingerprint: String,
    /// The key with which this node renews freshness, if it does.
    pub freshness_key: Option<PathBuf>,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    /// A level, or a filter of levels.
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

/// Where traces go, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Traces {
    /// The address of the collector that takes them.
    pub endpoint: String,
    /// The file with the token that it wants.
    pub token_file: Option<PathBuf>,
    /// Which share of all traces is recorded, in millionths.
    pub share_millionths: u32,
    /// Spans that are recorded in a second, on average.
    pub spans_per_second: u32,
}

/// Where the processing log goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProcessingLog {
    /// The address of the collector that takes it.
    pub endpoint: String,
    /// The file with the token that it wants.
    pub token_file: Option<PathBuf>,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The directory of the node's keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The file with the SHA-256 of the operator token.
    pub(crate) fn operator_token_hash(&self) -> PathBuf {
        self.data.join("operator-token.sha256")
    }

    /// Checks what a running node needs beyond what every command does.
    ///
    /// # Errors
    /// Without the fingerprint of the register.
    pub(crate) fn check_ready_to_serve(&self) -> Result<(), ConfigError> {
        if !self.register.fingerprint.is_empty() {
            return Ok(());
        }
        let (key, environment) = ("register.fingerprint", keys::environment("register.fingerprint"));
        let place = "configuration".to_owned();
        let (says, example) = ("the fingerprint of your region's register", "the 64 digits that a registrar told; polder join writes them");
        Err(ConfigError::Missing { place, key, says, environment, example })
    }

    /// The address at which programs on this machine reach the client port.
    pub(crate) fn client_address(&self) -> SocketAddr {
        let mut address = self.client.listen;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        address
    }

    /// Where programs on this machine reach the client port: under a name of its certificate, where it has one.
    pub(crate) fn client_url(&self) -> String {
        let address = self.client_address();
        let Some(file) = &self.client.tls_certificate else { return format!("http://{address}") };
        let names = std::fs::read(file).ok().and_then(|pem| polder_trust::tls::chain_names(&pem).ok()).unwrap_or_default();
        let own = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        // The address itself, where the certificate has it too.
        let name = names.iter().find(|name| **name == own).or_else(|| names.first()).unwrap_or(&own);
        format!("https://{name}:{}", address.port())
    }
}

#[cfg(test)]
mod tests;
