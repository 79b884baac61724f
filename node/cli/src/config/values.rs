//! The values that are given, before they get their types.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use polder_exchange::people::Basis;
use polder_model::PartnerId;

use super::ConfigError;
use super::error::UnknownKey;
use super::fsc::{self, FSC, FscPartner, PARTNER};
use super::keys::{Key, Takes, every_key, find};
use super::nearest::nearest;
use super::syncs::{self, SYNC, SyncSource};
use crate::client::is_loopback;

/// A value, and where it stands.
struct Given {
    text: String,
    place: String,
    /// What a relative path counts from.
    base: Option<PathBuf>,
}

/// The values that are given, by the path of their key.
pub(super) struct Values {
    given: BTreeMap<&'static str, Given>,
    /// Where a missing key would be written.
    pub(super) place: String,
    /// The course systems of the file.
    pub(super) syncs: Vec<SyncSource>,
    /// What the file says of partners and FSC.
    pub(super) fsc_partners: Vec<FscPartner>,
}

impl Values {
    pub(super) fn none() -> Self {
        Self { given: BTreeMap::new(), place: "configuration".to_owned(), syncs: Vec::new(), fsc_partners: Vec::new() }
    }

    /// Takes over everything that a file says.
    pub(super) fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let file = path.display().to_string();
        let failed = |problem: String| ConfigError::File { file: file.clone(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| {
            let advice = match error.kind() {
                ErrorKind::PermissionDenied => "; run this as the node's user (sudo -u polder), or give the file to it (chown)",
                _ => "",
            };
            failed(format!("{error}{advice}"))
        })?;
        let mut table: toml::Table = text.parse().map_err(|error: toml::de::Error| failed(error.to_string()))?;
        self.place.clone_from(&file);
        let base = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        if let Some(written) = table.remove(SYNC) {
            self.syncs = syncs::read(written, &file, base.as_deref())?;
        }
        if let Some(written) = table.get_mut(FSC).and_then(|fsc| fsc.as_table_mut()?.remove(PARTNER)) {
            self.fsc_partners = fsc::read(written, &file, base.as_deref())?;
        }
        let keys = unknown_keys("", &table);
        if !keys.is_empty() {
            return Err(ConfigError::UnknownKeys { file, keys });
        }
        self.take_table("", table, &file, base.as_deref())
    }

    /// Takes a table whose keys are known.
    fn take_table(&mut self, prefix: &str, table: toml::Table, file: &str, base: Option<&Path>) -> Result<(), ConfigError> {
        for (name, value) in table {
            let path = within(prefix, &name);
            match (value, find(&path)) {
                (toml::Value::Table(inner), None) => self.take_table(&path, inner, file, base)?,
                (value, Some(key)) => {
                    let text = text_of(key, value).map_err(|problem| value_error(file, &path, problem))?;
                    self.given.insert(key.path, Given { text, place: file.to_owned(), base: base.map(Path::to_owned) });
                }
                (_, None) => return Err(value_error(file, &path, format!("a table is expected: [{path}]"))),
            }
        }
        Ok(())
    }

    /// Takes over one value from the environment or the command line.
    pub(super) fn set(&mut self, key: &'static Key, text: String, place: String) {
        self.given.insert(key.path, Given { text, place, base: None });
    }

    fn given_or_default(&self, key: &Key) -> Option<(&str, &str)> {
        match self.given.get(key.path) {
            Some(given) => Some((given.text.as_str(), given.place.as_str())),
            None => (!key.default.is_empty()).then_some((key.default, "default")),
        }
    }

    fn parsed<T>(&self, path: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
        let Some((text, place)) = find(path).and_then(|key| self.given_or_default(key)) else { return Ok(None) };
        parse(text).map(Some).map_err(|problem| value_error(place, path, problem))
    }

    pub(super) fn needed<T>(&self, path: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        self.parsed(path, parse)?.ok_or_else(|| {
            let (environment, says, example) = find(path).map(|key| (key.environment(), key.says, key.example)).unwrap_or_default();
            ConfigError::Missing { place: self.place.clone(), key: path, says: says.trim_end_matches('.'), environment, example }
        })
    }

    /// What is given for a key that need not be given.
    pub(super) fn given_as<T>(&self, path: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
        self.parsed(path, parse)
    }

    pub(super) fn path(&self, path: &'static str) -> Option<PathBuf> {
        Some(self.beside(path, PathBuf::from(self.given(path)?)))
    }

    /// What is given for a key, if anything is.
    pub(super) fn given(&self, path: &str) -> Option<&str> {
        self.given.get(path).map(|given| given.text.as_str())
    }

    /// The keys that are given whose path begins so.
    pub(super) fn given_within(&self, part: &str) -> Vec<&'static str> {
        self.given.keys().copied().filter(|path| path.starts_with(part)).collect()
    }

    /// A path that stands in the value of a key, counted from where that key is given.
    pub(super) fn beside(&self, key: &str, path: PathBuf) -> PathBuf {
        match self.given.get(key).and_then(|given| given.base.as_ref()) {
            Some(base) => base.join(path),
            None => path,
        }
    }

    /// Where the value of a key stands.
    pub(super) fn place_of(&self, path: &str) -> String {
        self.given.get(path).map_or_else(|| self.place.clone(), |given| given.place.clone())
    }
}

fn within(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Whether keys stand in a section of that path.
fn is_section(path: &str) -> bool {
    every_key().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// Every key of a table that is neither a known key nor a section.
fn unknown_keys(prefix: &str, table: &toml::Table) -> Vec<UnknownKey> {
    let mut unknown = Vec::new();
    for (name, value) in table {
        let path = within(prefix, name);
        match value {
            toml::Value::Table(inner) if is_section(&path) => unknown.extend(unknown_keys(&path, inner)),
            _ if is_section(&path) || find(&path).is_some() => {}
            _ => unknown.push(UnknownKey { nearest: nearest(&path, every_key().map(|key| key.path)), key: path }),
        }
    }
    unknown
}

pub(super) fn value_error(place: &str, key: &str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Value { place: place.to_owned(), key: key.to_owned(), problem: problem.into() }
}

fn text_of(key: &Key, value: toml::Value) -> Result<String, String> {
    match (key.takes, value) {
        (Takes::Switch, toml::Value::Boolean(value)) => Ok(value.to_string()),
        (Takes::Switch, _) => Err("true or false is expected, without quotes".to_owned()),
        (Takes::Number(..), toml::Value::Integer(value)) => Ok(value.to_string()),
        (Takes::Number(least, most), _) => Err(format!("a whole number from {least} to {most} is expected, without quotes")),
        (Takes::Share, toml::Value::Float(value)) => Ok(value.to_string()),
        (Takes::Share, toml::Value::Integer(value)) => Ok(value.to_string()),
        (Takes::Share, _) => Err(format!("{SHARE}, without quotes")),
        (_, toml::Value::String(text)) => Ok(text),
        (takes, _) => Err(format!("a text in quotes is expected ({})", takes.name())),
    }
}

pub(super) fn partner(text: &str) -> Result<PartnerId, String> {
    text.parse().map_err(|error: polder_model::name::NameError| error.to_string())
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let form = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if form { Ok(text.to_owned()) } else { Err("a name has 1 to 200 characters, without control characters".to_owned()) }
}

/// A line that people read.
pub(super) fn line(text: &str) -> Result<String, String> {
    let form = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if form { Ok(text.to_owned()) } else { Err("1 to 200 characters are expected, on one line".to_owned()) }
}

pub(super) fn basis(text: &str) -> Result<Basis, String> {
    let known = Basis::OF_PARTNERS.into_iter().find(|basis| basis.as_str() == text);
    known.ok_or_else(|| format!("allowed are {}", Basis::OF_PARTNERS.map(Basis::as_str).join(", ")))
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an IP address and a port are expected, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

pub(super) fn ip_address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| "an IP address of this machine is expected, such as 192.0.2.7".to_owned())
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "true or false is expected".to_owned())
}

const SHARE: &str = "a number from 0 to 1 is expected, with at most six decimals, such as 0.1";

/// A share, in millionths.
pub(super) fn share(text: &str) -> Result<u32, String> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let form = digits(whole) && digits(decimals) && whole.len() == 1 && decimals.len() <= 6;
    let millionths = form.then(|| format!("{whole}{decimals:0<6}").parse().ok()).flatten().filter(|share| *share <= 1_000_000);
    millionths.ok_or_else(|| SHARE.to_owned())
}

/// The address of a collector of traces.
pub(crate) fn collector(text: &str) -> Result<String, String> {
    let url = text.parse::<reqwest::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
    let mut url =
        url.ok_or_else(|| "the http or https address of an OTLP collector is expected, such as http://127.0.0.1:4318".to_owned())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a user or password does not stand in the address; docs/traces.md says how to give a token".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address without ? and # is expected, such as http://127.0.0.1:4318".to_owned());
    }
    if url.path() == "/" {
        url.set_path("/v1/traces");
    }
    Ok(url.into())
}

/// The address of a site or a provider: `https`, unless it is this machine.
pub(super) fn site(text: &str) -> Result<String, String> {
    let url = text.parse::<reqwest::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
    let plain =
        |url: &reqwest::Url| url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    match url {
        Some(url) if plain(&url) && !travels_readable(text) => Ok(text.to_owned()),
        _ => Err("an https address is expected, such as https://werk.example.nl, without ? and #; http for this machine alone".to_owned()),
    }
}

/// Values that are separated by commas.
pub(super) fn list(text: &str) -> Result<Vec<String>, String> {
    Ok(text.split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect())
}

/// Whether what is sent to that address can be read on its way.
pub(super) fn travels_readable(address: &str) -> bool {
    address.parse::<reqwest::Url>().is_ok_and(|url| url.scheme() == "http" && !is_loopback(&url))
}

pub(super) fn fingerprint(text: &str) -> Result<String, String> {
    let text = text.trim();
    let form = text.is_empty() || text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if form { Ok(text.to_lowercase()) } else { Err("64 hexadecimal digits are expected, as a registrar tells them".to_owned()) }
}
