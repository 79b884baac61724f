//! Where webhooks may lead: to the public internet alone, and to hosts and networks that the configuration names. Whoever may make webhooks is not to
//! reach through this node what they cannot reach themselves (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use reqwest::Url;

/// The longest address of a webhook, in bytes.
pub(crate) const LONGEST: usize = 500;

/// Hosts and networks to which webhooks may lead though they are not of the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookHosts {
    names: Vec<String>,
    networks: Vec<Network>,
}

/// A network: an address, and how many of its bits are the same in all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(own.to_bits().into(), other.to_bits().into(), 32 - self.bits),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128 - self.bits),
            _ => false,
        }
    }
}

/// Whether two numbers are the same but for so many bits at their end.
fn same(one: u128, other: u128, but: u32) -> bool {
    one.checked_shr(but) == other.checked_shr(but)
}

impl FromStr for Network {
    type Err = ();

    /// Reads `10.1.0.0/16`, `fd00::/8`, or one address.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| ()))?;
        if bits > most { Err(()) } else { Ok(Self { address, bits }) }
    }
}

impl WebhookHosts {
    /// Reads names of hosts and networks.
    ///
    /// # Errors
    /// Which of them is neither, and what is.
    pub fn read<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let mut hosts = Self::default();
        for text in texts {
            if let Ok(network) = text.parse() {
                hosts.networks.push(network);
                continue;
            }
            let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
            if text.is_empty() || text.len() > 253 || !text.bytes().all(fits) || text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
                return Err(format!(
                    "{text}: the name of a host such as ats.example.nl, or a network such as 10.1.0.0/16 or fd00::/8, is expected"
                ));
            }
            hosts.names.push(text.trim_end_matches('.').to_ascii_lowercase());
        }
        Ok(hosts)
    }

    fn names(&self, host: &str) -> bool {
        self.names.iter().any(|name| name == host)
    }

    /// Whether an address to which that host leads may be called.
    pub(super) fn permits(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.names(host) || self.networks.iter().any(|network| network.holds(address))
    }

    /// Reads the address of a webhook; else what is wrong with it.
    pub(crate) fn url(&self, text: &str) -> Result<Url, &'static str> {
        if text.len() > LONGEST {
            return Err("at most 500 characters");
        }
        let url: Url = text.parse().map_err(|_| "an address such as https://ats.example.nl/polder is expected")?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err("leave out names, passwords and what follows #; who calls is shown by the signature");
        }
        let host = host_of(&url).ok_or("an address such as https://ats.example.nl/polder is expected")?;
        let (address, is_named) = (host.parse::<IpAddr>().ok(), self.names(&host));
        let is_here = address.map_or(host == "localhost", |address| address.to_canonical().is_loopback());
        let is_allowed =
            is_named || address.is_some_and(|address| self.networks.iter().any(|network| network.holds(address.to_canonical())));
        match url.scheme() {
            "https" => {}
            "http" if is_here && is_allowed => {}
            _ => return Err("an https address is expected"),
        }
        if address.is_some_and(|address| !self.permits(&host, address)) || address.is_none() && !is_named && !host.contains('.') {
            return Err("this host is not of the public internet; whoever runs the node allows it by webhooks.hosts in its configuration");
        }
        if url.port().is_some() && !is_allowed {
            return Err("leave out the port; whoever runs the node allows a host with others by webhooks.hosts in its configuration");
        }
        Ok(url)
    }
}

/// The host of an address: a name in lower case without a dot at its end, or an IP address.
pub(super) fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether an address is one of the public internet (the special-purpose registries of IANA, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        0 | 10 | 127 => true,
        100 => b & 0xc0 == 64,
        169 => b == 254,
        172 => b & 0xf0 == 16,
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)),
        198 => b & 0xfe == 18 || (b, c) == (51, 100),
        203 => (b, c) == (0, 113),
        // Multicast, what is kept for later, and everybody.
        _ => a >= 224,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Global unicast alone, but for what carries other addresses within (Teredo, 6to4), tests and examples.
    a & 0xe000 == 0x2000 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8)) && a != 0x2002 && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_called() {
        for refused in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff:fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            let address = refused.parse().expect("an address");
            assert!(!WebhookHosts::default().permits("ats.example.nl", address), "{refused}");
            let host = if refused.contains(':') { format!("[{refused}]") } else { refused.to_owned() };
            assert!(WebhookHosts::default().url(&format!("https://{host}/hook")).is_err(), "{host}");
        }
        for public in [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.1",
            "2001:4860:4860::8888",
            "2a02:898::1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
        ] {
            assert!(WebhookHosts::default().permits("ats.example.nl", public.parse().expect("an address")), "{public}");
        }
    }

    #[test]
    fn however_an_address_is_written_it_is_the_same() {
        let none = WebhookHosts::default();
        for refused in [
            "http://ats.example.nl/",
            "ftp://ats.example.nl/",
            "file:///etc/passwd",
            "gopher://ats.example.nl/",
            "https://",
            "https:///x",
            "x",
            "",
            "https://a@ats.example.nl/",
            "https://a:b@ats.example.nl/",
            "https://:b@ats.example.nl/",
            "https://ats.example.nl/#x",
            "https://ats.example.nl:8443/",
            "https://ats.example.nl:22/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://intranet/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://017700000001/",
            "https://127.1/",
            "https://0/",
            "https://0x7f000001/",
            "https://127.0.0.1./",
            "https://①②⑦.0.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:7f00:1]/",
            "https://[::]/",
            "https://[fd00:ec2::254]/",
            "http://127.0.0.1/",
            "http://[::1]:80/",
        ] {
            assert!(none.url(refused).is_err(), "{refused}");
        }
        assert!(none.url(&format!("https://ats.example.nl/{}", "a".repeat(LONGEST))).is_err());
        for taken in ["https://ats.example.nl/polder?x=1", "https://ATS.example.nl./", "https://ats.example.nl:443/", "https://1.1.1.1/"] {
            assert!(none.url(taken).is_ok(), "{taken}");
        }
    }

    #[test]
    fn what_the_configuration_names_may_be_called_and_no_more() {
        let hosts = WebhookHosts::read(["ats.intern", "10.1.0.0/16", "fd00:1::/32", "127.0.0.1"]).expect("read");
        for taken in [
            "https://ats.intern/",
            "https://ats.intern:8443/x",
            "https://10.1.255.2:8443/",
            "https://[fd00:1:2::3]/",
            "http://127.0.0.1:9999/",
            "https://[::ffff:10.1.0.1]/",
        ] {
            assert!(hosts.url(taken).is_ok(), "{taken}: {:?}", hosts.url(taken));
        }
        for refused in [
            "https://other.intern.:22/",
            "https://10.2.0.1/",
            "https://[fd00:2::1]/",
            "http://10.1.0.1/",
            "http://ats.intern/",
            "https://127.0.0.2/",
            "http://localhost/",
        ] {
            assert!(hosts.url(refused).is_err(), "{refused}");
        }
        assert!(hosts.permits("ats.intern", "192.168.0.1".parse().expect("an address")));
        assert!(!hosts.permits("ats.example.nl", "192.168.0.1".parse().expect("an address")), "another name that leads there");
        assert_eq!(WebhookHosts::read(["0.0.0.0/0", "::/0"]).map(|all| all.networks.len()), Ok(2));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "a b", "https://ats.intern", "::/129", "1.2.3"] {
            assert!(WebhookHosts::read([wrong]).is_err(), "{wrong}");
        }
    }
}
