//! Configurations made from rightful ones: what is taken has known keys and values within their bounds, what is refused says where and what.

use std::path::{Path, PathBuf};
use std::time::Duration;

use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, MARK, Target};
use polder_store::Database;

use super::keys::{every_key, find};
use super::{Config, ConfigError};

/// The paths of all keys in a table.
fn paths(prefix: &str, table: &toml::Table) -> Vec<String> {
    let inner = |(name, value): (&String, &toml::Value)| {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(table) => paths(&path, table),
            _ => vec![path],
        }
    };
    table.iter().flat_map(inner).collect()
}

fn taken(text: &str, config: &Config) -> Result<String, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("taken, although it is no TOML: {error}"))?;
    let all = paths("", &table);
    if let Some(unknown) = all.iter().find(|path| find(path).is_none()) {
        return Err(format!("taken, although no key is called {unknown}"));
    }
    let open = !config.client.listen.ip().is_loopback();
    if open && config.client.tls_certificate.is_none() && !config.client.behind_proxy {
        return Err(format!("taken, although clients would talk to {} in the clear", config.client.listen));
    }
    if !(1..=10_000).contains(&config.limits.queries_at_once) || config.name.is_empty() || config.name.chars().any(char::is_control) {
        return Err(format!("taken out of its bounds: {config:?}"));
    }
    // A path may be called anything: a password stands before the host.
    let shown = config.database.to_string();
    let authority = shown.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    if matches!(config.database, Database::Postgres(_)) && authority.is_some_and(|authority| authority.contains(":wachtwoord@")) {
        return Err("a password can be printed".to_owned());
    }
    Ok(format!("taken with {} keys", all.len()))
}

fn refused(error: &ConfigError) -> Result<String, String> {
    let said = error.to_string();
    if !said.contains("polder.toml") && !said.contains("--set") && !every_key().any(|key| said.contains(key.path)) {
        return Err(format!("it does not say where: {said}"));
    }
    let kind = format!("{error:?}");
    let key = every_key().find(|key| said.contains(key.path)).map_or("", |key| key.path);
    Ok(format!("{} {key}", kind.split([' ', '{', '(']).next().unwrap_or_default()))
}

fn property(file: &Path, input: &[u8]) -> Verdict {
    std::fs::write(file, input).map_err(|error| error.to_string())?;
    let load = || Config::load(Some(file), std::iter::empty(), &[]);
    match load() {
        Ok(config) if load().as_ref().ok() != Some(&config) => Err("read twice it is not the same".to_owned()),
        Ok(config) => taken(&String::from_utf8_lossy(input), &config),
        Err(error) => refused(&error),
    }
}

#[test]
fn configuration() {
    let directory = tempfile::tempdir().expect("a directory");
    let file: PathBuf = directory.path().join("polder.toml");
    let mut words: Vec<&str> = every_key().flat_map(|key| [key.path, key.example]).collect();
    words.extend([
        MARK,
        "[client]",
        "[peer]",
        "[[client]]",
        "[client.tls]",
        " = ",
        "true",
        "1e3",
        "0x10",
        "-1",
        "\"\"\"",
        "'",
        "#",
        "0.0.0.0:1",
        "[::]:1",
    ]);
    words.extend([
        "postgres://polder:wachtwoord@db/polder",
        "\"sqlite:x\"",
        "\u{0}",
        "1979-05-27",
        "[1, 2]",
        "{ listen = 1 }",
        "inf",
        "nan",
    ]);
    let seeds = Vec::new();
    let target = Target { name: "configuration", seeds, grammar: Grammar::Text, words: &words, bound: Duration::from_millis(500) };
    target.run(|input| property(&file, input));
}
