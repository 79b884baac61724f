//! `polder register new`: a region begins.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::{PublicKey, SigningKey};
use polder_trust::register::{Fresh, KeySet, Members, Root, Signed};
use serde_json::json;

use super::desk::{Document, Report};
use super::directory::{key_path, keys_at_hand, signed};
use super::found::Founding;
use super::key::public_key;
use super::print;
use super::thresholds::{majority, warnings};
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
/// How long the first freshness counts, in days: it goes from hand to hand until there are nodes that renew it.
const FIRST_FRESH_DAYS: i64 = 14;
pub(super) const DAY: i64 = 86_400;
/// How many of a region's nodes keep a freshness key, where nothing is said.
const FRESHNESS_KEYS: u8 = 2;

/// What the new register is to be.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The region, such as flevoland.
    #[arg(long)]
    region: String,
    /// The directory for the register's files and keys.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The public key of a steward, who decides over the register itself, or the file with it (polder register key; give it once for each).
    #[arg(long = "steward", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    steward_keys: Vec<PublicKey>,
    /// How many keys of stewards to make here, beside those that are given. Without any given, 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=16))]
    stewards: Option<u8>,
    /// How many stewards must sign; without it, more than half.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..=16))]
    threshold: Option<u8>,
    /// The public key of a registrar, who adds partners, or the file with it (give it once for each).
    #[arg(long = "registrar", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    registrar_keys: Vec<PublicKey>,
    /// How many keys of registrars to make here, beside those that are given. Without any given, 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=16))]
    registrars: Option<u8>,
    /// How many registrars must sign; without it, more than half.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(1..=16))]
    registrar_threshold: Option<u8>,
    /// The public key of a node that keeps the register fresh, or the file with it (give it once for each; one of them signs).
    #[arg(long = "freshness", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    freshness_keys: Vec<PublicKey>,
    /// How many keys for freshness to make here, beside those that are given. Without any given, 2.
    #[arg(long = "make-freshness", value_name = "N", value_parser = clap::value_parser!(u8).range(0..=16))]
    freshness: Option<u8>,
}

/// The keys of one role: those that others made, and how many to make here.
pub(crate) struct NewKeys<'a> {
    /// Public keys whose private halves are elsewhere.
    pub given: &'a [PublicKey],
    /// How many to make here.
    pub made: u8,
    /// How many must sign; without it, more than half.
    pub threshold: Option<u8>,
}

/// What a new register is to be.
pub(crate) struct NewRegister<'a> {
    /// The region.
    pub region: &'a str,
    /// Who decides over the register.
    pub stewards: NewKeys<'a>,
    /// Who adds partners.
    pub registrars: NewKeys<'a>,
    /// Who keeps it fresh. One of them signs.
    pub freshness: NewKeys<'a>,
}

/// A register that was begun.
pub(crate) struct Made {
    /// SHA-256 of its first root.
    pub fingerprint: String,
    root: Root,
    reports: Vec<Report>,
}

pub(super) fn run(args: &NewArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let new = NewRegister {
        region: &args.region,
        stewards: NewKeys::of(&args.steward_keys, args.stewards, 1, args.threshold),
        registrars: NewKeys::of(&args.registrar_keys, args.registrars, 1, args.registrar_threshold),
        freshness: NewKeys::of(&args.freshness_keys, args.freshness, FRESHNESS_KEYS, Some(1)),
    };
    let made = create(&args.dir, &new, now)?;
    let warnings = warnings(&made.root);
    let complete = made.reports.iter().all(|report| report.in_force);
    let exit = if complete { Exit::Done } else { Exit::Refused };
    if output.json {
        output.json(&json!({
            "region": args.region, "directory": args.dir, "fingerprint": made.fingerprint, "complete": complete, "documents": made.reports,
            "warnings": warnings,
        }))?;
        return Ok(exit);
    }
    let directory = args.dir.display();
    let what = if complete { "Made" } else { "Began" };
    output.line(format!("{what} the register of {} in {directory}; no members yet.", args.region))?;
    made.reports.iter().try_for_each(|report| print::one(report, output))?;
    output.line(format!(
        "\n{}\n{}\n",
        output.style.bold("Fingerprint of the register, to be told to every newcomer:"),
        grouped(&made.fingerprint)
    ))?;
    output.line("Next:")?;
    for (number, step) in (1..).zip(next_steps(&new, complete, &args.dir)) {
        output.line(format!("  {number}. {step}"))?;
    }
    warnings.iter().for_each(|warning| output.warn(warning));
    Ok(exit)
}

/// What is to be done with what was made.
fn next_steps(new: &NewRegister<'_>, complete: bool, directory: &Path) -> Vec<String> {
    let (mut steps, directory) = (Vec::new(), directory.display());
    if !complete {
        steps.push(format!(
            "Send what is in {directory}/proposed to those who must sign it. Stewards compare the fingerprint by telephone. They look (polder register \
             show FILE), sign (polder register sign FILE --key KEY) and send it back"
        ));
        steps.push(format!("Bring the signatures together: polder register take FILE --dir {directory}"));
    }
    if new.stewards.made > 0 {
        steps.push(format!(
            "Move {directory}/keys/steward-*.key to where they are kept offline, each with its steward. They only change the root"
        ));
    }
    if new.registrars.made > 1 {
        steps.push(format!("Give each registrar its own {directory}/keys/registrar-*.key"));
    }
    if new.freshness.made > 0 {
        steps.push(format!(
            "Move {directory}/keys/freshness-*.key to the nodes that keep the register fresh, one each (docs/register.md, Renew)"
        ));
    }
    steps.push(format!("Add partners: polder register add MEMBER.json --dir {directory}"));
    steps.push(format!(
        "Give each its accession file (polder register accession PARTNER --dir {directory}), and the fingerprint over another way"
    ));
    steps
}

impl<'a> NewKeys<'a> {
    /// So many, all made here.
    pub(crate) fn made(made: u8) -> Self {
        Self { given: &[], made, threshold: None }
    }

    fn of(given: &'a [PublicKey], made: Option<u8>, usual: u8, threshold: Option<u8>) -> Self {
        Self { given, made: made.unwrap_or(if given.is_empty() { usual } else { 0 }), threshold }
    }

    /// Who must sign, once the keys are made.
    fn set(&self, made: impl IntoIterator<Item = PublicKey>, what: (&str, &str)) -> Result<KeySet, Failure> {
        let mut set = KeySet::new(self.given.iter().copied().chain(made), 1);
        let (name, option) = what;
        if set.keys.len() < self.given.len() + usize::from(self.made) {
            return Err(Failure::configuration(format!("--{name}: a key is given twice; each has its own")));
        }
        set.threshold = self.threshold.map_or(majority(set.keys.len()), usize::from);
        if set.keys.is_empty() || set.threshold > set.keys.len() {
            let most = set.keys.len();
            return Err(Failure::configuration(format!("{option} {}: of {most} keys, 1 to {most} can be asked to sign", set.threshold)));
        }
        Ok(set)
    }
}

/// Makes a register without members. What the keys at hand can sign is signed; the rest waits for its signatures in `proposed/`.
pub(crate) fn create(directory: &Path, new: &NewRegister<'_>, now: Timestamp) -> Result<Made, Failure> {
    check_region(new.region)?;
    for path in [root_path(directory, 1), members_path(directory), fresh_path(directory), directory.join("proposed")] {
        refuse_existing(&path)?;
    }
    let stewards = role(directory, "steward", &new.stewards, "--threshold")?;
    let registrars = role(directory, "registrar", &new.registrars, "--registrar-threshold")?;
    let freshness = role(directory, "freshness", &new.freshness, "--freshness")?;
    let expires = |days: i64| now.plus_seconds(days * DAY);
    for (_, keys) in [&stewards, &registrars, &freshness] {
        keys.iter().try_for_each(|(path, key)| save(path, key))?;
    }
    let root = Root::new(new.region, expires(ROOT_DAYS), stewards.0, registrars.0, freshness.0);
    let members = Members::new(new.region, expires(MEMBERS_DAYS));
    let fresh = |sha256| Fresh::of(&members, sha256, expires(FIRST_FRESH_DAYS));
    let sign = |document: &Document, set: &KeySet, role| -> Result<Signed, Failure> {
        signed(document.kind(), &document.value(), set, &keys_at_hand(directory, role)?)
    };
    let root_document = Document::Root(Box::new(root.clone()));
    let root_signed = sign(&root_document, &root.stewards, "steward")?;
    let members_document = Document::Members(members.clone());
    let members_signed = sign(&members_document, &root.registrars, "registrar")?;
    let fresh_document = Document::Fresh(fresh(members_signed.sha256()));
    let fresh_signed = sign(&fresh_document, &root.freshness, "freshness")?;
    let fingerprint = root_signed.sha256();
    let all = [(root_signed, root_document), (members_signed, members_document), (fresh_signed, fresh_document)];
    Founding::begin(directory, &all)?;
    let reports = Founding::open(directory)?.settle(now)?;
    Ok(Made { fingerprint, root, reports })
}

fn check_region(region: &str) -> Result<(), Failure> {
    let mut bytes = region.bytes();
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if region.len() > 40 || !bytes.next().is_some_and(|b| b.is_ascii_lowercase()) || !bytes.all(rest) {
        return Err(Failure::configuration("--region: 1 to 40 of a–z 0–9 -, the first a letter, are expected, such as flevoland"));
    }
    Ok(())
}

/// The keys of a role that are made here, not yet in their files.
type MadeKeys = Vec<(PathBuf, SigningKey)>;

fn role(directory: &Path, name: &str, new: &NewKeys<'_>, option: &str) -> Result<(KeySet, MadeKeys), Failure> {
    let mut made = Vec::new();
    let free = (1..=64).map(|number| key_path(directory, name, number)).filter(|path| !path.exists());
    for path in free.take(usize::from(new.made)) {
        let key = SigningKey::generate().map_err(|error| Failure::configuration(format!("{}: {error}", path.display())))?;
        made.push((path, key));
    }
    let set = new.set(made.iter().map(|(_, key)| key.public()), (name, option))?;
    Ok((set, made))
}

fn save(path: &Path, key: &SigningKey) -> Result<(), Failure> {
    let keys = path.parent().unwrap_or(path);
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(keys);
    made.map_err(|error| Failure::configuration(format!("{}: {error}", keys.display())))?;
    key.save(path).map_err(|error| Failure::configuration(format!("{}: {error}", path.display())))
}
