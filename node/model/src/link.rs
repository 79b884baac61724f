//! Links in offers: which have the form of a link that people can trust their eyes with, and to whose host they lead.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A host that a link leads to, or below which it does: `voorbeeld.nl`, in lower case.
///
/// At least two labels of letters, digits and inner hyphens, at most 253 characters, the last label beginning with a letter: no number of an
/// address reads like that. No label begins with `xn--`: other alphabets have letters that look like these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// What a host is; for messages.
const FORM: &str = "a host name such as www.voorbeeld.nl: at least two labels of the letters a–z, digits and inner hyphens, none beginning with xn--, and no number of an address";

impl Host {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the other host is this one, or lies below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.strip_suffix(&self.0).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let label = |label: &str| {
            let inner = (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            inner && !label.starts_with('-') && !label.ends_with('-') && !label.starts_with("xn--")
        };
        let last = text.rsplit('.').next().unwrap_or_default();
        let good =
            text.len() <= 253 && text.contains('.') && text.split('.').all(label) && last.starts_with(|c: char| c.is_ascii_lowercase());
        if good { Ok(Self(text.to_owned())) } else { Err(format!("{FORM}; in lower case")) }
    }
}

impl TryFrom<String> for Host {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host that a link leads to. What stands before the path is read strictly, since programs read anything else differently: no user, no
/// number of an address, nothing percent-encoded, no backslash.
///
/// # Errors
/// What is allowed, for the finding about the link.
pub fn host_of(link: &str) -> Result<Host, String> {
    let rest = link.strip_prefix("https://").unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (name, port) = rest[..end].split_once(':').map_or((&rest[..end], None), |(name, port)| (name, Some(port)));
    let port = port.is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit()));
    let host = name.to_ascii_lowercase().parse().ok().filter(|_| port);
    host.ok_or_else(|| format!("a link begins with https:// and {FORM}; no user name stands before it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_where_it_seems_to() {
        for (link, host) in [
            ("https://voorbeeld.nl", "voorbeeld.nl"),
            ("https://Werk.Voorbeeld.NL/vacatures?id=1#top", "werk.voorbeeld.nl"),
            ("https://voorbeeld.nl?next=https://evil.example", "voorbeeld.nl"),
            ("https://voorbeeld.nl:8443/a@b\\c", "voorbeeld.nl"),
            ("https://1-2.3com.nl/", "1-2.3com.nl"),
        ] {
            assert_eq!(host_of(link).map(|host| host.to_string()), Ok(host.to_owned()), "{link}");
        }
        for link in [
            "http://voorbeeld.nl/",
            "https://voorbeeld.nl@evil.example/",
            "https://voorbeeld.nl:x@evil.example/",
            "https://voorbeeld.nl\\@evil.example/",
            "https://evil.example\\.voorbeeld.nl/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.0.0.0x1/",
            "https://[::1]/",
            "https://xn--vorbeeld-xyz.nl/",
            "https://www.xn--p1ai/",
            "https://%65vil.example/",
            "https:///evil.example/",
            "https://localhost/",
            "https://voorbeeld.nl./",
            "https://.nl/",
            "https://a..nl/",
            "https://-a.nl/",
            "https://voorbeeld.nl:/",
            "https://voorbeeld.nl:123456/",
            "https://voor_beeld.nl/",
            "https://voorbeeld.nl\t/",
            "https://vo\u{f6}rbeeld.nl/",
            "https://",
            "",
        ] {
            assert!(host_of(link).is_err(), "{link}");
        }
    }

    #[test]
    fn a_host_covers_those_below_it() {
        let host = |text: &str| text.parse::<Host>().expect("a host");
        let own = host("voorbeeld.nl");
        assert!(own.covers(&own) && own.covers(&host("werk.voorbeeld.nl")));
        for other in ["nietvoorbeeld.nl", "voorbeeld.nl.evil.example", "beeld.nl", "voorbeeld.com"] {
            assert!(!own.covers(&host(other)), "{other}");
        }
        assert!("Voorbeeld.nl".parse::<Host>().is_err() && "nl".parse::<Host>().is_err());
    }
}
