//! FSC: the Inway before this node (`[fsc]`), and the partners that are called through an Outway, or come as Peers whose id is no OIN (`[[fsc.partner]]`).

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use polder_model::PartnerId;
use polder_web::KeysAt;
use serde::Deserialize;

use super::ConfigError;
use super::values::{Values, address, site, travels_readable, value_error};

/// The name of the table, and of the tables within it.
pub(super) const FSC: &str = "fsc";
pub(super) const PARTNER: &str = "partner";
/// Most partners that stand there.
const MOST: usize = 500;

/// FSC, as far as a node has to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fsc {
    /// The Inway that passes calls on.
    pub inway: Option<Inway>,
    /// What is said of single partners.
    pub partners: Vec<FscPartner>,
}

/// The Inway that passes calls on, and what its tokens say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inway {
    /// Where it reaches this node.
    pub listen: SocketAddr,
    /// The file with its certificate; without it, it comes from this machine by plain HTTP.
    pub certificate: Option<PathBuf>,
    /// The group.
    pub group: String,
    /// Which Peer this partner is.
    pub peer_id: String,
    /// What this node is called as a service.
    pub service: String,
    /// The Inway's address.
    pub address: String,
    /// Where the keys of the Manager are.
    pub keys: KeysAt,
    /// The algorithm by which it signs.
    pub algorithm: String,
}

/// A partner that is called through an Outway, or is a Peer whose id is no OIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FscPartner {
    /// Which.
    pub partner: PartnerId,
    /// Which Peer of the group it is, where that is not the OIN in its name.
    pub peer_id: Option<String>,
    /// How it is called; directly, where there is none.
    pub outway: Option<Outway>,
}

/// An Outway, and under which grant it is to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outway {
    /// Its address.
    pub url: String,
    /// The file with its certificate, where it is reached by TLS.
    pub certificate: Option<PathBuf>,
    /// The hash of the grant.
    pub grant_hash: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    partner: String,
    peer_id: Option<String>,
    outway: Option<String>,
    outway_certificate: Option<PathBuf>,
    grant_hash: Option<String>,
}

/// The partners of a file, whose relative paths count from its directory.
pub(super) fn read(written: toml::Value, file: &str, base: Option<&Path>) -> Result<Vec<FscPartner>, ConfigError> {
    let key = |name: &str| format!("{FSC}.{PARTNER}.{name}");
    let wrong = |problem: String| value_error(file, "fsc.partner", problem);
    let all: Vec<Written> = written.try_into().map_err(|error: toml::de::Error| {
        wrong(format!("{}; [[fsc.partner]] has partner, peer_id, outway, outway_certificate and grant_hash", error.message()))
    })?;
    if all.len() > MOST {
        return Err(wrong(format!("at most {MOST} partners stand here")));
    }
    let (mut names, mut peers, mut partners) = (HashSet::new(), HashSet::new(), Vec::new());
    for one in all {
        let one = partner(one, base).map_err(|(name, problem)| value_error(file, &key(name), problem))?;
        if !names.insert(one.partner.clone()) {
            return Err(value_error(file, &key("partner"), format!("`{}` stands there twice", one.partner)));
        }
        if let Some(peer) = one.peer_id.as_ref().filter(|peer| !peers.insert((*peer).clone())) {
            return Err(value_error(file, &key("peer_id"), format!("`{peer}` stands there twice: a Peer is one partner")));
        }
        partners.push(one);
    }
    Ok(partners)
}

fn partner(written: Written, base: Option<&Path>) -> Result<FscPartner, (&'static str, String)> {
    let partner: PartnerId = written.partner.parse().map_err(|error: polder_model::name::NameError| ("partner", error.to_string()))?;
    let peer_id = written.peer_id.map(|id| peer_id(&id)).transpose().map_err(|problem| ("peer_id", problem))?;
    let outway = match (written.outway, written.grant_hash) {
        (None, None) if written.outway_certificate.is_some() => {
            return Err(("outway", "outway_certificate is given, so this must be given too".to_owned()));
        }
        (None, None) => None,
        (Some(url), Some(hash)) => {
            let certificate = written.outway_certificate.map(|file| base.map_or_else(|| file.clone(), |base| base.join(&file)));
            Some(outway(&url, hash, certificate)?)
        }
        (Some(_), None) => return Err(("grant_hash", "outway is given, so this must be given too".to_owned())),
        (None, Some(_)) => return Err(("outway", "grant_hash is given, so this must be given too".to_owned())),
    };
    if peer_id.is_none() && outway.is_none() {
        return Err(("partner", "peer_id or outway is missing: of a partner that needs neither nothing stands here".to_owned()));
    }
    Ok(FscPartner { partner, peer_id, outway })
}

fn outway(url: &str, grant_hash: String, certificate: Option<PathBuf>) -> Result<Outway, (&'static str, String)> {
    let form = || {
        (
            "outway",
            "the address of an Outway is expected, such as http://127.0.0.1:8081 or https://outway.intern.example:443, without a path"
                .to_owned(),
        )
    };
    let parsed: reqwest::Url = url.parse().map_err(|_| form())?;
    let bare = parsed.username().is_empty() && parsed.password().is_none() && parsed.query().is_none() && parsed.fragment().is_none();
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() || parsed.path() != "/" || !bare {
        return Err(form());
    }
    if travels_readable(url) {
        return Err((
            "outway",
            "http is for this machine alone: what goes to an Outway elsewhere would travel readable; give its https address".to_owned(),
        ));
    }
    match (parsed.scheme(), &certificate) {
        ("https", None) => return Err(("outway_certificate", "outway is an https address, so this must be given too".to_owned())),
        ("http", Some(_)) => return Err(("outway_certificate", "outway is an http address, which shows no certificate".to_owned())),
        _ => {}
    }
    let is_hash =
        grant_hash.starts_with("$1$") && (10..=200).contains(&grant_hash.len()) && grant_hash.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_hash {
        return Err((
            "grant_hash",
            "the hash of a ServiceConnectionGrant is expected, such as $1$3$ and 86 characters, as the Manager shows it".to_owned(),
        ));
    }
    Ok(Outway { url: url.trim_end_matches('/').to_owned(), certificate, grant_hash })
}

fn peer_id(text: &str) -> Result<String, String> {
    let form = (3..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if form { Ok(text.to_owned()) } else { Err("a Peer's id has 3 to 255 visible characters, such as 00000001234567890000".to_owned()) }
}

/// FSC as the values have it: all of what is needed of an Inway, or nothing.
pub(super) fn of(values: &Values, own: &PartnerId) -> Result<Fsc, ConfigError> {
    Ok(Fsc { inway: inway(values, own)?, partners: values.fsc_partners.clone() })
}

fn inway(values: &Values, own: &PartnerId) -> Result<Option<Inway>, ConfigError> {
    const LISTEN: &str = "fsc.listen";
    let Some(listen) = values.given_as(LISTEN, address)? else {
        // A key that does nothing is a mistake.
        let given = ["fsc.inway_certificate", "fsc.group", "fsc.peer_id", "fsc.inway", "fsc.keys_file", "fsc.keys_url"];
        return match given.into_iter().find(|key| values.given(key).is_some()) {
            Some(key) => Err(value_error(&values.place_of(key), LISTEN, format!("{key} is given, so this must be given too"))),
            None => Ok(None),
        };
    };
    let missing = |key: &str| value_error(&values.place_of(LISTEN), key, format!("{LISTEN} is given, so this must be given too"));
    let certificate = values.path("fsc.inway_certificate");
    if !listen.ip().is_loopback() && certificate.is_none() {
        let problem = format!(
            "{listen} can be reached from elsewhere, and is for the Inway alone; do one of these: listen on 127.0.0.1, or set fsc.inway_certificate"
        );
        return Err(value_error(&values.place_of(LISTEN), LISTEN, problem));
    }
    let keys = match (values.path("fsc.keys_file"), values.given_as("fsc.keys_url", site)?) {
        (Some(file), None) => KeysAt::File(file),
        (None, Some(url)) => KeysAt::Url(url),
        (None, None) => return Err(missing("fsc.keys_file")),
        (Some(_), Some(_)) => {
            let problem = "fsc.keys_file is given too: the keys of one Manager stand in one place";
            return Err(value_error(&values.place_of("fsc.keys_url"), "fsc.keys_url", problem));
        }
    };
    let oin = own.as_str().strip_prefix("oin:").map(ToOwned::to_owned);
    Ok(Some(Inway {
        listen,
        certificate,
        group: values.given_as("fsc.group", group)?.ok_or_else(|| missing("fsc.group"))?,
        peer_id: values.given_as("fsc.peer_id", peer_id)?.or(oin).ok_or_else(|| missing("fsc.peer_id"))?,
        service: values.needed("fsc.service", service)?,
        address: values.given_as("fsc.inway", site)?.ok_or_else(|| missing("fsc.inway"))?,
        keys,
        algorithm: values.needed("fsc.algorithm", |text| match text {
            "RS256" | "RS384" | "RS512" | "ES256" | "ES384" => Ok(text.to_owned()),
            _ => Err("allowed are RS256, RS384, RS512, ES256 and ES384".to_owned()),
        })?,
    }))
}

fn group(text: &str) -> Result<String, String> {
    let form = (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./_-".contains(&byte));
    if form {
        Ok(text.to_owned())
    } else {
        Err("the id of a group has 1 to 100 letters, digits, dots, slashes, underscores and hyphens".to_owned())
    }
}

fn service(text: &str) -> Result<String, String> {
    let form = (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if form { Ok(text.to_owned()) } else { Err("the name of a service has 1 to 100 visible characters".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<FscPartner>, String> {
        let mut table: toml::Table = format!("[[partner]]\n{text}").parse().expect("TOML");
        read(table.remove(PARTNER).expect("partners"), "polder.toml", Some(Path::new("/etc/polder"))).map_err(|error| error.to_string())
    }

    const HASH: &str = "grant_hash = \"$1$3$AAAAAAAAAAAA\"";

    #[test]
    fn a_partner_has_an_outway_or_an_id() {
        let by_id = all("partner = \"kvk:12345678\"\npeer_id = \"12345678901234567890\"").expect("read");
        assert_eq!((by_id[0].peer_id.as_deref(), &by_id[0].outway), (Some("12345678901234567890"), &None));
        let called = all(&format!(
            "partner = \"kvk:12345678\"\noutway = \"https://outway.intern.example:443/\"\noutway_certificate = \"outway.pem\"\n{HASH}"
        ));
        let outway = called.expect("read").remove(0).outway.expect("an Outway");
        assert_eq!(outway.url, "https://outway.intern.example:443");
        assert_eq!(outway.certificate.as_deref(), Some(Path::new("/etc/polder/outway.pem")));
        assert!(all(&format!("partner = \"kvk:12345678\"\noutway = \"http://127.0.0.1:8081\"\n{HASH}")).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let who = "partner = \"kvk:12345678\"";
        for (text, says) in [
            (who.to_owned(), "fsc.partner.partner: peer_id or outway is missing"),
            ("peer_id = \"123\"".to_owned(), "missing field `partner`"),
            (format!("{who}\npeer_id = \"1\""), "fsc.partner.peer_id: "),
            (format!("{who}\noutway = \"http://127.0.0.1:8081\""), "fsc.partner.grant_hash: outway is given"),
            (format!("{who}\n{HASH}"), "fsc.partner.outway: grant_hash is given"),
            (format!("{who}\noutway = \"http://10.0.0.7:8081\"\n{HASH}"), "readable"),
            (format!("{who}\noutway = \"https://outway.example\"\n{HASH}"), "fsc.partner.outway_certificate: outway is an https address"),
            (format!("{who}\noutway = \"http://127.0.0.1:8081\"\noutway_certificate = \"x.pem\"\n{HASH}"), "shows no certificate"),
            (format!("{who}\noutway = \"http://127.0.0.1:8081/polder\"\n{HASH}"), "without a path"),
            (format!("{who}\noutway = \"http://127.0.0.1:8081\"\ngrant_hash = \"AAAA\""), "fsc.partner.grant_hash: the hash"),
            (format!("{who}\noutgoing = \"http://127.0.0.1:8081\"\n{HASH}"), "outgoing"),
            (format!("{who}\npeer_id = \"123\"\n[[partner]]\n{who}\npeer_id = \"456\""), "stands there twice"),
            (format!("{who}\npeer_id = \"123\"\n[[partner]]\npartner = \"kvk:12345679\"\npeer_id = \"123\""), "a Peer is one partner"),
        ] {
            let said = all(&text).expect_err("refused");
            assert!(said.starts_with("polder.toml: fsc.partner") && said.contains(says), "{text}: {said}");
        }
    }
}
