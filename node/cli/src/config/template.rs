//! The configuration file that `polder init` writes.

use std::net::SocketAddr;
use std::path::PathBuf;

use polder_model::PartnerId;

/// What a new configuration file says.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Whose node it is.
    pub partner: PartnerId,
    /// That partner's name.
    pub name: String,
    /// The directory of the node's data.
    pub data: PathBuf,
    /// The port for the partner's own systems.
    pub client_listen: SocketAddr,
    /// The port for other nodes.
    pub peer_listen: SocketAddr,
    /// The port that tells whether the node lives.
    pub operator_listen: SocketAddr,
    /// Where the register's files are, if not in the data directory.
    pub register_directory: Option<PathBuf>,
    /// SHA-256 of the first root of the register, where it is known already.
    pub fingerprint: Option<String>,
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The file.
pub(crate) fn render(settings: &Settings) -> String {
    let Settings { partner, client_listen, peer_listen, operator_listen, .. } = settings;
    let (name, data) = (quoted(&settings.name), quoted(&settings.data.display().to_string()));
    let fingerprint = match &settings.fingerprint {
        Some(fingerprint) => format!("fingerprint = \"{fingerprint}\""),
        None => "# fingerprint = \"\"".to_owned(),
    };
    let directory = match &settings.register_directory {
        Some(directory) => format!("directory = {}", quoted(&directory.display().to_string())),
        None => "# directory = \"register\"      # where its files are; default: register in the data directory".to_owned(),
    };
    format!(
        "# Configuration of a polder node. docs/configuration.md describes every key.
# Secrets do not stand here: keys are in data/keys, and of the operator token only a hash is kept.

partner = \"{partner}\"
name = {name}
# Stand in what workers read before they decide, and in their receipts: where you have your seat, and how people reach you about their data.
# address = \"\"
# contact = \"\"

# Database, keys and register. Back it up; keep keys/ out of reach of others.
data = {data}

[client]
# Your own systems reach the node here. On another address than loopback it needs a certificate, or a proxy of yours that ends TLS.
listen = \"{client_listen}\"
# tls_certificate = \"/etc/polder/client.pem\"
# tls_key = \"/etc/polder/client.key\"
# behind_proxy = true

[peer]
# Other nodes reach this one here, directly: TLS ends in the node.
listen = \"{peer_listen}\"
# call_from = \"192.0.2.7\"   # where this machine has several addresses and a firewall goes by it

[operator]
# /livez, /readyz and /metrics.
listen = \"{operator_listen}\"

[register]
# The fingerprint of your region's register: 64 digits, as a registrar told it. `polder join` writes it here.
{fingerprint}
{directory}
# freshness_key = \"/etc/polder/freshness.key\"   # where the region asked this node to renew freshness

[log]
level = \"info\"
format = \"text\"

[limits]
queries_at_once = 64
"
    )
}
