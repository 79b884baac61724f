//! The node's own keys: whether they can be read, stand in the register, and how long they count.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use polder_model::Timestamp;
use polder_trust::keys::{Identity, KeyError, KeyFileError};
use polder_trust::register::{Expiring, Member, Register, WARNING_DAYS, expiring};

use super::{COPIED, Check, secret};
use crate::config::Config;
use crate::digits::short_pin;
use crate::print::{Lang, moment};

const ABOUT: &str = "keys";
const DAY: i64 = 86_400;

const LOST: &str = "put the keys back from a backup (mode 600, owned by the node's user); if they are lost, make new ones with `polder init` in a \
                    new directory and have a registrar rotate them";

/// The keys of a configuration, or why they cannot be used.
pub(crate) fn load(config: &Config) -> Result<Identity, Check> {
    let directory = config.keys();
    Identity::load(&directory).map_err(|error| {
        let says = format!("the keys in {}: {error}", directory.display());
        let advice = match &error {
            KeyError::File(KeyFileError::Open(_)) => {
                let open: Vec<String> = open_files(&directory).iter().map(|path| path.display().to_string()).collect();
                format!("chmod 600 {}   {COPIED}", open.join(" "))
            }
            KeyError::File(error) => secret(error, LOST),
            KeyError::Form(_) | KeyError::OtherCertificate | KeyError::Failed => LOST.to_owned(),
        };
        Check::failure(ABOUT, says, advice)
    })
}

/// The files there that others can read.
fn open_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut open: Vec<PathBuf> =
        entries.filter(|entry| entry.metadata().is_ok_and(|found| found.mode() & 0o077 != 0)).map(|entry| entry.path()).collect();
    open.sort();
    open
}

/// Whether the keys are those that the register has for this partner.
pub(crate) fn check(identity: &Identity, member: &Member, now: Timestamp) -> Vec<Check> {
    let own = identity.message_key().public();
    let known = member.message_keys.iter().find(|key| key.public_key == own);
    let pin = member.tls_pins.iter().any(|pin| pin.sha256 == *identity.pin());
    let advice =
        "put the keys that the register knows in place, or have a registrar put these into it: send member.json (polder register rotate)";
    match known {
        None => vec![Check::failure(ABOUT, "the register holds another message key for this partner", advice)],
        Some(_) if !pin => vec![Check::failure(ABOUT, "the register holds another TLS key for this partner", advice)],
        Some(key) if now > key.not_after || !member.has_pin(identity.pin(), now) => {
            vec![Check::failure(
                ABOUT,
                "the register says that these keys have ended",
                "have a registrar rotate them: make new ones with `polder init` in a new directory and send its member.json",
            )]
        }
        Some(key) if now < key.not_before => {
            vec![Check::failure(
                ABOUT,
                format!("these keys count from {} on", moment(key.not_before, Lang::En)),
                "wait, or look at this machine's clock",
            )]
        }
        Some(key) if member.message_keys.iter().any(|other| other.not_after > key.not_after && other.not_before <= now) => {
            let says = format!(
                "message key {} and TLS key {} are those of the register, which has newer keys as well: these end on {}",
                key.keyid,
                short_pin(identity.pin().as_str()),
                key.not_after.date()
            );
            let advice = "put the new keys/ in place before then, and restart the node (docs/register.md, New keys for a partner)";
            vec![Check::warning(ABOUT, says, advice)]
        }
        Some(key) => {
            let pin = short_pin(identity.pin().as_str());
            vec![Check::ok(ABOUT, format!("message key {} and TLS key {pin} are those of the register", key.keyid))]
        }
    }
}

/// What expires within 14 days, or has.
pub(crate) fn terms(register: &Register, own: &polder_model::PartnerId, uses: Option<&Identity>, now: Timestamp) -> Vec<Check> {
    let mut checks = Vec::new();
    for (what, expires) in expiring(register, own, uses) {
        let days = (expires.seconds() - now.seconds()).div_euclid(DAY);
        let about = if matches!(what, Expiring::Root | Expiring::Members) { "register" } else { ABOUT };
        if expires <= now {
            checks.push(Check::failure(about, format!("{} has ended, on {}", name(what), expires.date()), what.advice()));
        } else if days < WARNING_DAYS[0] {
            checks.push(Check::warning(about, format!("{} ends in {days} day(s), on {}", name(what), expires.date()), what.advice()));
        }
    }
    checks
}

fn name(what: Expiring) -> &'static str {
    match what {
        Expiring::Root => "the root",
        Expiring::Members => "the list of members",
        Expiring::MessageKey => "the message key of this node",
        Expiring::TlsKey => "the TLS key of this node",
        Expiring::ClientCertificate => "the certificate of the client port",
    }
}
