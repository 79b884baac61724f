//! Which addresses of the register are called. Registrars sign them; a wrong one may still not turn this node against its own machine.
//!
//! An address is `https://` with a host, a port if need be, and nothing else. Addresses of this machine (loopback) and of its link (where cloud
//! machines keep what only they may read) are never called, whether they stand there as numbers or as names that lead to them; loopback is, by a
//! node whose own address in the register is loopback too: a demo, or a test. Private networks are called: partners may meet in one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The address under which calls of a node begin, without a slash at its end.
pub(super) fn base(peer_url: &str, own: Option<&str>) -> Result<String, String> {
    let url: Url = peer_url.parse().map_err(|_| "the register's address of this partner is no URL".to_owned())?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if url.scheme() != "https" || url.path() != "/" || !bare {
        return Err("the register's address of this partner is not https:// with a host and nothing else".to_owned());
    }
    match ip(&url) {
        Some(ip) if !may_be_called(ip, is_local(own)) => Err(refused(ip)),
        _ => Ok(peer_url.trim_end_matches('/').to_owned()),
    }
}

/// Looks names up, and gives of their addresses those that may be called: the connection goes to one of them, and nothing is looked up again.
pub(super) fn resolver(own: Option<&str>) -> Arc<dyn Resolve> {
    Arc::new(Checked { local: is_local(own) })
}

struct Checked {
    local: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let local = self.local;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found.iter().filter(|address| may_be_called(address.ip(), local)).copied().collect();
            match found.first() {
                Some(first) if allowed.is_empty() => Err(refused(first.ip()).into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

fn refused(ip: IpAddr) -> String {
    format!("the register's address of this partner leads to {ip}, which is an address of this machine or its link")
}

/// Whether this node's own address is loopback.
fn is_local(own: Option<&str>) -> bool {
    let url = own.and_then(|own| own.parse::<Url>().ok());
    url.is_some_and(|url| ip(&url).map_or(url.host_str() == Some("localhost"), |ip| ip.to_canonical().is_loopback()))
}

/// The IP address that a URL names; the parser has read decimal, octal and hexadecimal forms already.
fn ip(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn may_be_called(ip: IpAddr, local: bool) -> bool {
    match ip.to_canonical() {
        ip if ip.is_loopback() => local,
        IpAddr::V4(ip) => !(ip.is_unspecified() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || ip.octets()[0] == 0),
        IpAddr::V6(ip) => !(ip.is_unspecified() || ip.is_unicast_link_local() || ip.is_multicast()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELSEWHERE: Option<&str> = Some("https://node.example.nl:8443");
    const DEMO: Option<&str> = Some("https://127.0.0.1:8443");

    #[test]
    fn what_is_no_bare_https_address_is_not_called() {
        for url in [
            "http://node.example.nl",
            "https://user@node.example.nl",
            "https://:pass@node.example.nl",
            "https://user:pass@node.example.nl",
            "https://node.example.nl/path",
            "https://node.example.nl?x=1",
            "https://node.example.nl#x",
            "file:///etc/passwd",
            "node.example.nl",
            "",
        ] {
            assert!(base(url, ELSEWHERE).is_err() && base(url, DEMO).is_err(), "{url}");
        }
        assert_eq!(base("https://node.example.nl:8443/", ELSEWHERE).as_deref(), Ok("https://node.example.nl:8443"));
    }

    #[test]
    fn addresses_of_this_machine_and_its_link_are_not_called() {
        for host in ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"] {
            let url = format!("https://{host}:1");
            assert!(base(&url, ELSEWHERE).is_err() && base(&url, None).is_err(), "{host}");
            assert!(base(&url, DEMO).is_ok(), "{host}");
        }
        for host in [
            "169.254.169.254",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "0.0.0.0",
            "0.1.2.3",
            "[::]",
            "224.0.0.1",
            "255.255.255.255",
            "[ff02::1]",
        ] {
            let url = format!("https://{host}:1");
            assert!(base(&url, ELSEWHERE).is_err() && base(&url, DEMO).is_err(), "{host}");
        }
        // Partners may meet in a private network.
        for host in ["10.0.0.1", "172.16.0.1", "192.168.1.1", "[fd00::1]", "192.0.2.7", "[2001:db8::1]"] {
            assert!(base(&format!("https://{host}"), ELSEWHERE).is_ok(), "{host}");
        }
    }

    #[tokio::test]
    async fn names_that_lead_to_this_machine_are_not_called() {
        let localhost = || "localhost".parse::<Name>();
        let (Ok(name), Ok(again)) = (localhost(), localhost()) else { return };
        let refused = resolver(ELSEWHERE).resolve(name).await.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("of this machine"), "{refused}");
        assert!(resolver(DEMO).resolve(again).await.is_ok_and(|mut found| found.next().is_some()));
    }
}
