//! `polder init`: keys, operator token and configuration of a new node.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_exchange::{Clock, SystemClock};
use polder_model::link::Host;
use polder_model::{PartnerId, Purpose};
use reqwest::Url;
use serde_json::json;

use crate::commands::register::check::Stated;
use crate::config::Settings;
use crate::digits::grouped;
use crate::exit::{Exit, Failure};
use crate::new_node::{Created, MakeToken, NewNode, create};
use crate::output::Output;

/// Who, and where.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Whose node it is: `oin:` and 20 digits, or `kvk:` and 8 digits.
    #[arg(long)]
    partner: PartnerId,
    /// The name of that partner.
    #[arg(long)]
    name: String,
    /// The directory for database, keys and register.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Host name or IP address under which other nodes reach this one; without it, that of --peer-url or of this machine.
    #[arg(long)]
    host: Option<String>,
    /// Where your own systems reach the node.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    client_listen: SocketAddr,
    /// Where the node listens for other nodes.
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8443")]
    peer_listen: SocketAddr,
    /// Where /livez, /readyz and /metrics are.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    operator_listen: SocketAddr,
    /// Where other nodes reach this one, if that is not the host and the port of --peer-listen.
    #[arg(long, value_name = "URL")]
    peer_url: Option<String>,
    /// A role in the federation, such as municipality, school or employer; may be repeated.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// A host to which your offers may send people to apply or enrol, such as werkenbij.voorbeeld.nl; may be repeated.
    #[arg(long = "link-host", value_name = "HOST")]
    link_hosts: Vec<Host>,
    /// What this partner will ask for; may be repeated.
    #[arg(long = "purpose", value_name = "PURPOSE", default_values = ["find-work", "find-training"],
          value_parser = crate::words_of::words_of::<Purpose>(Purpose::ALL.map(Purpose::as_str)))]
    purposes: Vec<Purpose>,
    /// Write the operator token to this new file (mode 0600) instead of operator-token in the data directory.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Makes a node.
pub(crate) fn run(args: &InitArgs, config: Option<&Path>, make_token: MakeToken, output: &Output) -> Result<Exit, Failure> {
    let new = new_node(args, config)?;
    let stated =
        Stated { name: &args.name, roles: &new.roles, peer_url: &new.peer_url, link_hosts: &new.link_hosts, purposes: &new.purposes };
    let found = stated.problems();
    if !found.is_empty() {
        return Err(Failure::configuration(format!("no registrar could add this node; nothing was made:\n  {}", found.join("\n  "))));
    }
    let created = create(&new, make_token, SystemClock.now())?;
    let warnings = warnings(&new);
    if output.json {
        report_json(&new, &created, &warnings, output)?;
    } else {
        report(&new, &created, output)?;
        warnings.iter().for_each(|warning| output.warn(warning));
    }
    Ok(Exit::Done)
}

fn new_node(args: &InitArgs, config: Option<&Path>) -> Result<NewNode, Failure> {
    let url = args.peer_url.as_deref().map(peer_url).transpose()?;
    let url_host = url.as_ref().and_then(|url| url.host_str()).map(|host| host.trim_matches(['[', ']']).to_owned());
    let host = args.host.clone().or(url_host).unwrap_or_else(machine);
    let own_url = || {
        let shown = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        format!("https://{shown}:{}", args.peer_listen.port())
    };
    let peer_url = match &args.peer_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => peer_url(&own_url()).map(|_| own_url())?,
    };
    let absolute = |path: &Path| std::path::absolute(path).map_err(|error| Failure::configuration(format!("{}: {error}", path.display())));
    let config = absolute(config.unwrap_or(Path::new("polder.toml")))?;
    let settings = Settings {
        partner: args.partner.clone(),
        name: args.name.clone(),
        data: absolute(&args.data)?,
        client_listen: args.client_listen,
        peer_listen: args.peer_listen,
        operator_listen: args.operator_listen,
        register_directory: None,
        fingerprint: None,
    };
    Ok(NewNode {
        settings,
        config,
        host,
        peer_url,
        roles: args.roles.clone(),
        purposes: args.purposes.clone(),
        link_hosts: args.link_hosts.clone(),
        token_file: args.token_file.clone(),
    })
}

fn peer_url(text: &str) -> Result<Url, Failure> {
    let url = text.parse::<Url>().ok().filter(|url| {
        url.scheme() == "https" && url.host_str().is_some() && url.path() == "/" && url.query().is_none() && url.username().is_empty()
    });
    url.ok_or_else(|| {
        Failure::configuration(format!("--peer-url {text}: an address such as https://node.example.nl:8443 is expected, without a path"))
    })
}

/// The name of this machine.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
}

/// What may have been meant otherwise.
fn warnings(new: &NewNode) -> Vec<String> {
    let host = new.peer_url.parse::<Url>().ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if host.contains(['.', ':']) {
        return Vec::new();
    }
    let warning = format!(
        "other nodes are told to reach this one at {}, and {host} is a name of this network alone; \
         move {} away and make the node again with --peer-url https://NAME:PORT, the name that partners know",
        new.peer_url,
        new.settings.data.display()
    );
    vec![warning]
}

fn report_json(new: &NewNode, created: &Created, warnings: &[String], output: &Output) -> Result<(), Failure> {
    output.json(&json!({
        "config": new.config, "data": new.settings.data, "member": created.member_file, "peerUrl": new.peer_url,
        "code": created.member.code(), "messageKey": created.member.message_keys[0].keyid, "tlsPin": created.member.tls_pins[0].sha256,
        "tokenFile": created.token_file, "warnings": warnings,
    }))
}

fn report(new: &NewNode, created: &Created, output: &Output) -> Result<(), Failure> {
    let data = new.settings.data.display();
    output.line(format!("Made the node of {} ({}).", new.settings.name, new.settings.partner))?;
    output.line(format!("  configuration  {}", new.config.display()))?;
    output.line(format!("  keys           {data}/keys"))?;
    output.line(format!("  reached at     {}", new.peer_url))?;
    output.line(format!("  token          {} (keep it safe; the node needs only its hash)", created.token_file.display()))?;
    output.line(format!(
        "Next:
  1. Send {} to a registrar of your region. It holds no secrets.
     Its code, to be compared by telephone: {}
  2. An accession file comes back, and the registrar tells you the fingerprint of the register.
  3. Join: polder join accession.json --config {}
New keys for a node that takes part already? A registrar puts them into the register (polder register rotate), and you put message.key, tls.key
and tls.pem in the place of the old ones (docs/register.md, New keys for a partner).",
        created.member_file.display(),
        output.style.bold(&grouped(&created.member.code())),
        new.config.display(),
    ))
}
