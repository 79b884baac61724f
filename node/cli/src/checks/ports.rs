//! The ports: free for this node, or taken by it.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::Check;
use crate::client::plain_http;
use crate::config::Config;

const ABOUT: &str = "ports";

/// Whether a node runs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// Nothing listens where it would.
    No,
    /// It says that it is ready.
    Ready,
    /// It lives and is not ready.
    Starting,
}

/// Where something on this machine reaches what listens on an address.
fn here(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) });
    }
    address
}

/// Whether a node answers on the operator's port.
pub(crate) async fn runs(config: &Config) -> Runs {
    let Ok(http) = plain_http() else { return Runs::No };
    let get = async |path: &str| {
        let url = format!("http://{}/{path}", here(config.operator.listen));
        http.get(url).timeout(Duration::from_secs(3)).send().await.ok()
    };
    let alive = match get("livez").await {
        Some(reply) if reply.status().is_success() => reply.text().await.is_ok_and(|text| text.trim() == "alive"),
        _ => false,
    };
    if !alive {
        return Runs::No;
    }
    if get("readyz").await.is_some_and(|ready| ready.status().is_success()) { Runs::Ready } else { Runs::Starting }
}

/// What the node that runs has to say beside that it is ready: the lines that follow.
pub(crate) async fn says(config: &Config) -> Option<String> {
    let url = format!("http://{}/readyz", here(config.operator.listen));
    let reply = plain_http().ok()?.get(url).timeout(Duration::from_secs(3)).send().await.ok()?;
    Some(reply.text().await.ok()?.strip_prefix("ready\n")?.trim_end().to_owned())
}

/// Whether the ports are free, or this node's own.
pub(crate) fn check(config: &Config, runs: Runs) -> Vec<Check> {
    let mut ports =
        vec![("client.listen", config.client.listen), ("peer.listen", config.peer.listen), ("operator.listen", config.operator.listen)];
    ports.extend(config.fsc.inway.as_ref().map(|inway| ("fsc.listen", inway.listen)));
    let mut checks: Vec<Check> = ports.iter().filter_map(|(key, address)| one(key, *address, runs)).collect();
    checks.extend((runs == Runs::Starting).then(|| {
        Check::warning("operator", "the node runs and is not ready", "wait a little; the log says what it waits for (journalctl -u polder)")
    }));
    if checks.is_empty() {
        let listed = ports.iter().map(|(_, address)| address.to_string()).collect::<Vec<_>>().join(", ");
        checks
            .push(Check::ok(ABOUT, if runs == Runs::No { format!("{listed} are free") } else { format!("the node listens on {listed}") }));
    }
    checks
}

fn one(key: &str, address: SocketAddr, runs: Runs) -> Option<Check> {
    if runs != Runs::No {
        let listens = TcpStream::connect_timeout(&here(address), Duration::from_secs(2)).is_ok();
        let says = || format!("the node runs, and nothing listens on {key} {address}");
        return (!listens).then(|| Check::failure(ABOUT, says(), "restart the node after a change of the configuration"));
    }
    let error = TcpListener::bind(address).err()?;
    Some(if error.kind() == ErrorKind::AddrInUse {
        let says = format!("{key} {address} is taken by another program");
        Check::failure(ABOUT, says, format!("stop that program (ss -ltnp shows it), or set another {key}"))
    } else {
        let says = format!("{key} {address} cannot be listened on: {error}");
        Check::failure(ABOUT, says, format!("set another {key} in the configuration"))
    })
}
