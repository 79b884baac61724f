//! The configuration, the data directory, and who runs this.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use polder_trust::keys::read_secret;
use polder_web::{OperatorTokenHash, Region};

use super::{Check, secret};
use crate::config::{Config, HERE, MACHINE};
use crate::exit::Failure;

const ABOUT: &str = "configuration";

/// A configuration that could not be loaded, and why.
pub(crate) fn not_loaded(failure: &Failure, file: Option<&Path>) -> Check {
    let advice = "mend what it names; docs/configuration.md lists every key, and `polder init` writes a file that is right";
    match file {
        None if std::env::var_os("POLDER_PARTNER").is_none() => Check::failure(
            ABOUT,
            format!("there is no configuration: neither {HERE} in this directory nor {MACHINE}, and --config names none"),
            "name the file of the node: polder doctor --config FILE; or make a node, with its configuration: polder init",
        ),
        Some(file) => match fs::read(file) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let says = format!("{}: {error}", file.display());
                Check::failure(ABOUT, says, "run this as the node's user: sudo -u polder polder doctor")
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let advice =
                    "see the name and the place of the file; `polder init --config FILE` makes a node with its configuration there";
                Check::failure(ABOUT, failure.to_string(), advice)
            }
            _ => Check::failure(ABOUT, failure.to_string(), advice),
        },
        None => Check::failure(ABOUT, failure.to_string(), advice),
    }
}

/// What a configuration that could be read still lacks.
pub(crate) fn check(config: &Config, file: Option<&Path>) -> Vec<Check> {
    let place = file.map_or_else(|| "the environment".to_owned(), |file| file.display().to_string());
    let mut checks = vec![Check::ok(ABOUT, format!("{place}, of {} ({})", config.name, config.partner))];
    if config.register.fingerprint.is_empty() {
        let says = "register.fingerprint is not set: this node has not joined a region yet";
        checks.push(Check::failure(ABOUT, says, "get an accession file from a registrar, then: polder join accession.json"));
    }
    checks.extend(data_directory(&config.data));
    checks.extend(token(config));
    checks.extend(map(config));
    for (key, file) in secrets(config) {
        if let Err(error) = read_secret(file) {
            let advice = secret(&error, "write the secret into it (mode 600, owned by the node's user), or name another file");
            checks.push(Check::failure(ABOUT, format!("{key}: {error}"), advice));
        }
    }
    if !config.without_effect.is_empty() {
        let says = format!("without effect, since pages are not served or nobody can log in there: {}", config.without_effect.join(", "));
        checks.push(Check::warning(ABOUT, says, "give pages.url, and portal.issuer or desk.issuer; or leave these keys out"));
    }
    checks
}

/// The files of secrets that are named, each with its key.
fn secrets(config: &Config) -> Vec<(String, &Path)> {
    let (pages, traces, log) = (config.pages.as_ref(), config.traces.as_ref(), config.processing_log.as_ref());
    let named = [
        ("database_password_file", config.database_password_file.as_deref()),
        ("portal.client_secret_file", pages.and_then(|pages| pages.portal.as_ref()).map(|login| &*login.client_secret_file)),
        ("desk.client_secret_file", pages.and_then(|pages| pages.desk.as_ref()).map(|login| &*login.client_secret_file)),
        ("traces.token_file", traces.and_then(|traces| traces.token_file.as_deref())),
        ("processing_log.token_file", log.and_then(|log| log.token_file.as_deref())),
        ("vum.key", config.vum.exchange.as_ref().map(|at| &*at.key)),
    ];
    let of_syncs = config.syncs.iter().flat_map(|one| {
        let key = one.oauth.as_ref().map(|oauth| ("oauth.key_file", &*oauth.key_file));
        let token = one.token_file.as_deref().map(|file| ("token_file", file));
        key.into_iter().chain(token).map(|(what, file)| (format!("{what} of [[sync]] {}", one.name), file))
    });
    named.into_iter().filter_map(|(key, file)| Some((key.to_owned(), file?))).chain(of_syncs).collect()
}

/// Files that another user makes are files that the node's user cannot use.
pub(crate) fn user(data: &Path) -> Option<Check> {
    let (own, owner) = (fs::metadata("/proc/self").ok()?.uid(), fs::metadata(data).ok()?.uid());
    let says = || format!("this runs as user {own}, and {} belongs to user {owner}", data.display());
    (own != owner).then(|| Check::failure("user", says(), format!("run it as that user: sudo -u '#{owner}' polder …")))
}

fn data_directory(data: &Path) -> Option<Check> {
    let advice = || format!("make it with `polder init`, or: chmod 700 {}", data.display());
    match fs::metadata(data) {
        Err(error) => Some(Check::failure(ABOUT, format!("data {}: {error}", data.display()), advice())),
        Ok(found) if !found.is_dir() => Some(Check::failure(ABOUT, format!("data {} is no directory", data.display()), advice())),
        Ok(found) if found.mode() & 0o077 != 0 => {
            Some(Check::failure(ABOUT, format!("data {} is open to other users", data.display()), format!("chmod 700 {}", data.display())))
        }
        Ok(_) => user(data),
    }
}

fn map(config: &Config) -> Option<Check> {
    let file = config.pages.as_ref()?.map_file.as_deref()?;
    Some(match Region::read(file) {
        Ok(region) => Check::ok(ABOUT, format!("pages.map_file {}: {} areas", file.display(), region.areas())),
        Err(problem) => Check::failure(
            ABOUT,
            format!("pages.map_file: {problem}"),
            "mend the file (docs/desk.md says how it is made), or leave the key out: maps are drawn coarsely then",
        ),
    })
}

fn token(config: &Config) -> Option<Check> {
    const ADVICE: &str = "restore it from a backup, or have `polder init` make another in a new directory and copy it from there";
    let file = config.operator_token_hash();
    match read_secret(&file) {
        Err(error) => Some(Check::failure(ABOUT, format!("the hash of the operator token: {error}"), secret(&error, ADVICE))),
        Ok(text) if OperatorTokenHash::from_hex(&text).is_none() => {
            Some(Check::failure(ABOUT, format!("{} does not hold 64 hexadecimal digits", file.display()), ADVICE))
        }
        Ok(_) => None,
    }
}
