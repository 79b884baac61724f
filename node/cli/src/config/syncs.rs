//! The course systems that a node reads: `[[sync]]` in the file, once for each.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use polder_model::PartnerId;
use serde::Deserialize;

use super::ConfigError;
use super::values::{travels_readable, value_error};

/// The name of these tables.
pub(super) const SYNC: &str = "sync";
/// How a key of this node can sign elsewhere.
const ALGORITHMS: [&str; 4] = ["ES256", "EdDSA", "PS256", "RS256"];
/// Most course systems of a node.
const MOST: usize = 10;

/// A course system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyncSource {
    /// What it is called here.
    pub name: String,
    /// The address of its catalogue.
    pub url: String,
    /// The hours between two crawls.
    pub every_hours: u32,
    /// The pause after each request, in milliseconds.
    pub pause_ms: u32,
    /// For which organisations it is read, beside the partner itself.
    pub acts_for: Vec<PartnerId>,
    /// How much of a hundred trainings a crawl may not find and still be believed.
    pub most_lost_percent: u8,
    /// The file with the token that the school wants.
    pub token_file: Option<PathBuf>,
    /// The authorization server whose tokens the school wants.
    pub oauth: Option<SyncOauth>,
}

/// An authorization server, and who this node is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SyncOauth {
    /// The address where it gives tokens.
    pub token_url: String,
    /// Its issuer, which the assertion names.
    pub issuer: String,
    /// The id of this node there.
    pub client_id: String,
    /// The file with the private key by which this node shows who it is.
    pub key_file: PathBuf,
    /// The id of that key there.
    pub key_id: Option<String>,
    /// How the key signs.
    #[serde(default = "es256")]
    pub algorithm: String,
    /// What the token is to let do, parted by spaces.
    #[serde(default)]
    pub scope: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    url: String,
    #[serde(default = "day")]
    every_hours: u32,
    #[serde(default = "pause")]
    pause_ms: u32,
    #[serde(default, rename = "for")]
    acts_for: Vec<String>,
    #[serde(default = "most_lost")]
    most_lost_percent: u8,
    token_file: Option<PathBuf>,
    oauth: Option<SyncOauth>,
}

fn es256() -> String {
    "ES256".to_owned()
}

const fn day() -> u32 {
    24
}

const fn pause() -> u32 {
    100
}

const fn most_lost() -> u8 {
    20
}

/// The course systems of a file, whose relative paths count from its directory.
pub(super) fn read(written: toml::Value, file: &str, base: Option<&Path>) -> Result<Vec<SyncSource>, ConfigError> {
    let wrong = |problem: String| value_error(file, SYNC, problem);
    let all: Vec<Written> = written.try_into().map_err(|error: toml::de::Error| {
        wrong(format!(
            "{}; [[sync]] has name, url, every_hours, pause_ms, for, most_lost_percent, token_file and [sync.oauth]",
            error.message()
        ))
    })?;
    if all.len() > MOST {
        return Err(wrong(format!("a node reads {MOST} course systems at most")));
    }
    let mut names = HashSet::new();
    let mut sources = Vec::new();
    for one in all {
        let source = source(one, base).map_err(|(key, problem)| value_error(file, &format!("{SYNC}.{key}"), problem))?;
        if !names.insert(source.name.clone()) {
            return Err(value_error(file, "sync.name", format!("`{}` stands there twice; give each its own", source.name)));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn source(written: Written, base: Option<&Path>) -> Result<SyncSource, (&'static str, String)> {
    let Written { name, url, every_hours, pause_ms, acts_for, most_lost_percent, token_file, oauth } = written;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(plain) {
        return Err(("name", "1 to 40 small letters, digits and hyphens are expected, such as rivierenland".to_owned()));
    }
    let parsed = url.parse::<reqwest::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
    let form = parsed
        .is_some_and(|url| url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none());
    if !form || url.len() > 400 {
        let problem = "the address of a catalogue is expected, such as https://catalogus.example.nl/oeapi/v6, without user, ? and #";
        return Err(("url", problem.to_owned()));
    }
    if (token_file.is_some() || oauth.is_some()) && travels_readable(&url) {
        let problem = "with a token it is an https address, or one of this machine: the token would travel readable otherwise";
        return Err(("url", problem.to_owned()));
    }
    if token_file.is_some() && oauth.is_some() {
        return Err(("oauth", "the token is of token_file or of [sync.oauth], not of both".to_owned()));
    }
    let below = |file: PathBuf| base.map_or_else(|| file.clone(), |base| base.join(&file));
    let oauth = oauth.map(|oauth| checked(oauth, below)).transpose()?;
    for (key, value, least, most) in [
        ("every_hours", every_hours, 1, 720),
        ("pause_ms", pause_ms, 0, 60_000),
        ("most_lost_percent", u32::from(most_lost_percent), 0, 100),
    ] {
        if !(least..=most).contains(&value) {
            return Err((key, format!("a whole number from {least} to {most} is expected")));
        }
    }
    let acts_for: Result<Vec<PartnerId>, _> = acts_for.iter().map(|one| one.parse()).collect();
    let acts_for = acts_for.map_err(|error: polder_model::name::NameError| ("for", error.to_string()))?;
    let token_file = token_file.map(below);
    let url = url.trim_end_matches('/').to_owned();
    Ok(SyncSource { name, url, every_hours, pause_ms, acts_for, most_lost_percent, token_file, oauth })
}

/// An authorization server that can be asked.
fn checked(oauth: SyncOauth, below: impl Fn(PathBuf) -> PathBuf) -> Result<SyncOauth, (&'static str, String)> {
    let url = oauth.token_url.parse::<reqwest::Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() || travels_readable(&oauth.token_url) {
        return Err(("oauth.token_url", "an https address is expected, or one of this machine".to_owned()));
    }
    for (key, value) in [("oauth.issuer", &oauth.issuer), ("oauth.client_id", &oauth.client_id)] {
        if value.is_empty() || value.len() > 400 {
            return Err((key, "1 to 400 characters are expected".to_owned()));
        }
    }
    if !ALGORITHMS.contains(&&*oauth.algorithm) {
        return Err(("oauth.algorithm", format!("one of {} is expected", ALGORITHMS.join(", "))));
    }
    Ok(SyncOauth { key_file: below(oauth.key_file.clone()), ..oauth })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<SyncSource>, String> {
        let mut table: toml::Table = text.parse().expect("TOML");
        read(table.remove(SYNC).expect("a sync"), "polder.toml", Some(Path::new("/etc/polder"))).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let read = all(
            "[[sync]]\nname = \"rivierenland\"\nurl = \"https://catalogus.example.nl/v6/\"\ntoken_file = \"token\"\nfor = [\"kvk:12345678\"]",
        );
        let expected = SyncSource {
            name: "rivierenland".to_owned(),
            url: "https://catalogus.example.nl/v6".to_owned(),
            every_hours: 24,
            pause_ms: 100,
            acts_for: vec!["kvk:12345678".parse().expect("a partner")],
            most_lost_percent: 20,
            token_file: Some("/etc/polder/token".into()),
            oauth: None,
        };
        assert_eq!(read, Ok(vec![expected]));
    }

    const OAUTH: &str = "[[sync]]\nname = \"a\"\nurl = \"https://x.example\"\n[sync.oauth]\ntoken_url = \"https://as.example/token\"\n\
                         issuer = \"https://as.example\"\nclient_id = \"polder\"\nkey_file = \"a.pem\"\n";

    #[test]
    fn tokens_are_of_an_authorization_server_that_is_named_whole() {
        let oauth = all(OAUTH).expect("read").remove(0).oauth.expect("an authorization server");
        assert_eq!((&*oauth.algorithm, &*oauth.scope, oauth.key_file), ("ES256", "", "/etc/polder/a.pem".into()));
        for line in ["token_url", "issuer", "client_id", "key_file"] {
            let without: String = OAUTH.lines().filter(|one| !one.starts_with(line)).map(|one| format!("{one}\n")).collect();
            assert!(all(&without).expect_err("refused").contains(line), "{line}");
        }
        for (said, instead, key) in [
            ("https://as.example/token", "http://as.example/token", "sync.oauth.token_url: "),
            ("https://as.example/token", "token", "sync.oauth.token_url: "),
            ("\"polder\"", "\"\"", "sync.oauth.client_id: "),
            ("[sync.oauth]", "token_file = \"t\"\n[sync.oauth]", "sync.oauth: "),
            ("https://x.example", "http://x.example", "sync.url: "),
            ("key_file", "algorithm = \"HS256\"\nkey_file", "sync.oauth.algorithm: one of ES256, EdDSA, PS256, RS256"),
        ] {
            let refused = all(&OAUTH.replacen(said, instead, 1)).expect_err("refused");
            assert!(refused.contains(key), "{instead}: {refused}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let named = |text: &str| all(&format!("[[sync]]\n{text}")).expect_err("refused");
        for (text, says) in [
            ("name = \"a\"", "missing field `url`"),
            ("name = \"A b\"\nurl = \"https://x.example\"", "sync.name: "),
            ("name = \"a\"\nurl = \"ftp://x.example\"", "sync.url: "),
            ("name = \"a\"\nurl = \"https://u:p@x.example\"", "sync.url: "),
            ("name = \"a\"\nurl = \"http://x.example\"\ntoken_file = \"t\"", "readable"),
            ("name = \"a\"\nurl = \"https://x.example\"\nevery_hours = 0", "sync.every_hours: a whole number from 1 to 720"),
            ("name = \"a\"\nurl = \"https://x.example\"\nevery_minutes = 5", "every_minutes"),
            ("name = \"a\"\nurl = \"https://x.example\"\nfor = [\"x\"]", "sync.for: "),
            ("name = \"a\"\nurl = \"https://x.example\"\n[[sync]]\nname = \"a\"\nurl = \"https://y.example\"", "stands there twice"),
        ] {
            let said = named(text);
            assert!(said.starts_with("polder.toml: sync") && said.contains(says), "{text}: {said}");
        }
        // A school of one's own network is one that the operator chose.
        assert!(all("[[sync]]\nname = \"a\"\nurl = \"http://10.0.0.7/oeapi\"").is_ok());
    }
}
