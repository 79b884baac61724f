//! `polder register new`.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Fresh, KeySet, Members, Root};
use serde_json::json;

use super::directory::{key_path, signed, write};
use crate::digits::grouped;
use crate::exit::{Exit, Failure};
use crate::new_node::refuse_existing;
use crate::output::Output;
use crate::register_files::{fresh_path, members_path, root_path};

/// How long a root counts, in days.
pub(super) const ROOT_DAYS: i64 = 365;
/// How long members count, in days.
pub(super) const MEMBERS_DAYS: i64 = 30;
/// How long freshness counts, in days.
pub(super) const FRESH_DAYS: i64 = 2;
pub(super) const DAY: i64 = 86_400;

/// What the new register is to be.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The region, such as flevoland.
    #[arg(long)]
    region: String,
    /// The directory for the register's files and keys.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// How many stewards, who decide over the register itself.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    stewards: u8,
    /// How many stewards must sign.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    threshold: u8,
    /// How many registrars, who add partners.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    registrars: u8,
    /// How many registrars must sign.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    registrar_threshold: u8,
}

/// What a new register is to be.
pub(crate) struct NewRegister<'a> {
    /// The region.
    pub region: &'a str,
    /// How many stewards, and how many must sign.
    pub stewards: (u8, u8),
    /// How many registrars, and how many must sign.
    pub registrars: (u8, u8),
}

pub(super) fn run(args: &NewArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let (stewards, registrars) = ((args.stewards, args.threshold), (args.registrars, args.registrar_threshold));
    let fingerprint = create(&args.dir, &NewRegister { region: &args.region, stewards, registrars }, now)?;
    if output.json {
        output.json(&json!({"region": args.region, "directory": args.dir, "fingerprint": fingerprint}))?;
        return Ok(Exit::Done);
    }
    let directory = args.dir.display();
    output.line(format!("Made the register of {} in {directory}; no members yet.", args.region))?;
    output.line(format!(
        "\n{}\n{}\n",
        output.style.bold("Fingerprint of the register, to be told to every newcomer:"),
        grouped(&fingerprint)
    ))?;
    output.line(format!(
        "Next:
  1. Move {directory}/keys/steward-*.key to where they are kept offline, each with its steward. They are needed only to change the root.
  2. Give each registrar its own registrar-*.key. Keep freshness-1.key with the registrars.
  3. Add partners: polder register add MEMBER.json --dir {directory}
  4. Give each its accession file (polder register accession PARTNER --dir {directory}), and the fingerprint over another way."
    ))?;
    Ok(Exit::Done)
}

/// Makes a register without members and its keys; gives the fingerprint of its root.
pub(crate) fn create(directory: &Path, new: &NewRegister<'_>, now: Timestamp) -> Result<String, Failure> {
    check(new)?;
    let (root_file, members_file, fresh_file) = (root_path(directory, 1), members_path(directory), fresh_path(directory));
    for path in [&root_file, &members_file, &fresh_file, &directory.join("keys")] {
        refuse_existing(path)?;
    }
    let keys = directory.join("keys");
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&keys);
    made.map_err(|error| Failure::configuration(format!("{}: {error}", keys.display())))?;
    let (steward_keys, stewards) = key_set(directory, "steward", new.stewards)?;
    let (registrar_keys, registrars) = key_set(directory, "registrar", new.registrars)?;
    let (freshness_keys, freshness) = key_set(directory, "freshness", (1, 1))?;
    let expires = |days: i64| now.plus_seconds(days * DAY);
    let root = Root::new(new.region, expires(ROOT_DAYS), stewards, registrars, freshness);
    let members = Members::new(new.region, expires(MEMBERS_DAYS));
    let root_signed = signed(DocumentType::Root, &root, &root.stewards, &steward_keys)?;
    let members_signed = signed(DocumentType::Members, &members, &root.registrars, &registrar_keys)?;
    let fresh = Fresh::of(&members, members_signed.sha256(), expires(FRESH_DAYS));
    write(&root_file, &root_signed)?;
    write(&members_file, &members_signed)?;
    write(&fresh_file, &signed(DocumentType::Fresh, &fresh, &root.freshness, &freshness_keys)?)?;
    Ok(root_signed.sha256())
}

fn check(new: &NewRegister<'_>) -> Result<(), Failure> {
    let mut bytes = new.region.bytes();
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if new.region.len() > 40 || !bytes.next().is_some_and(|b| b.is_ascii_lowercase()) || !bytes.all(rest) {
        return Err(Failure::configuration("--region: 1 to 40 of a–z 0–9 -, the first a letter, are expected, such as flevoland"));
    }
    for (option, (count, threshold)) in [("--threshold", new.stewards), ("--registrar-threshold", new.registrars)] {
        if threshold == 0 || threshold > count {
            return Err(Failure::configuration(format!("{option} {threshold}: of {count} keys, 1 to {count} can be asked to sign")));
        }
    }
    Ok(())
}

fn key_set(directory: &Path, role: &str, (count, threshold): (u8, u8)) -> Result<(Vec<SigningKey>, KeySet), Failure> {
    let mut keys = Vec::new();
    for number in 1..=usize::from(count) {
        let path = key_path(directory, role, number);
        let failed = |error| Failure::configuration(format!("{}: {error}", path.display()));
        let key = SigningKey::generate().map_err(failed)?;
        key.save(&path).map_err(failed)?;
        keys.push(key);
    }
    let set = KeySet::new(keys.iter().map(SigningKey::public), usize::from(threshold));
    Ok((keys, set))
}
