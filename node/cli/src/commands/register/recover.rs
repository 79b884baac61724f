//! `polder register recover`: a new root after which what was signed before counts no more.

use std::path::PathBuf;

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::PublicKey;
use polder_trust::register::{KeySet, Members, Root};

use super::desk::{Desk, Document, Report, read_document};
use super::key::public_key;
use super::new::{DAY, MEMBERS_DAYS, ROOT_DAYS};
use crate::exit::Failure;

/// Other keys in a root. What is not given stays.
#[derive(Debug, Args)]
pub(crate) struct RootArgs {
    /// The public key of a steward, or the file with it (give it once for each); replaces all stewards.
    #[arg(long = "steward", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    stewards: Vec<PublicKey>,
    /// How many stewards must sign.
    #[arg(long, value_name = "K")]
    threshold: Option<usize>,
    /// The public key of a registrar, or the file with it (give it once for each); replaces all registrars.
    #[arg(long = "registrar", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    registrars: Vec<PublicKey>,
    /// How many registrars must sign.
    #[arg(long, value_name = "K")]
    registrar_threshold: Option<usize>,
    /// The public key of a holder of freshness, or the file with it (give it once for each); replaces all holders. One of them signs.
    #[arg(long = "freshness", value_name = "KEY", allow_hyphen_values = true, value_parser = public_key)]
    freshness: Vec<PublicKey>,
}

impl RootArgs {
    /// Whether anything is given.
    pub(super) fn any(&self) -> bool {
        let keys = self.stewards.len() + self.registrars.len() + self.freshness.len();
        keys > 0 || self.threshold.is_some() || self.registrar_threshold.is_some()
    }

    /// A root with these keys.
    pub(super) fn apply(&self, root: &Root) -> Result<Root, Failure> {
        let set = |before: &KeySet, keys: &[PublicKey], threshold: Option<usize>, option: &str| {
            let threshold = threshold.unwrap_or(before.threshold);
            let after = if keys.is_empty() { KeySet { threshold, ..before.clone() } } else { KeySet::new(keys.iter().copied(), threshold) };
            if after.threshold == 0 || after.threshold > after.keys.len() {
                let most = after.keys.len();
                return Err(Failure::configuration(format!("{option} {threshold}: of {most} keys, 1 to {most} can be asked to sign")));
            }
            Ok(after)
        };
        let mut root = root.clone();
        root.stewards = set(&root.stewards, &self.stewards, self.threshold, "--threshold")?;
        root.registrars = set(&root.registrars, &self.registrars, self.registrar_threshold, "--registrar-threshold")?;
        root.freshness = set(&root.freshness, &self.freshness, None, "--freshness")?;
        Ok(root)
    }
}

/// What the recovery begins from.
#[derive(Debug, Args)]
pub(crate) struct RecoverArgs {
    /// The directory of the steward who begins.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The file of the list that is the right one, such as one of two that contradict each other; without it, the list in force.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    keys: RootArgs,
}

pub(super) fn run(args: &RecoverArgs, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    let mut root = args.keys.apply(desk.register.root())?;
    root.version += 1;
    root.members_epoch += 1;
    root.expires = now.plus_seconds(ROOT_DAYS * DAY);
    let mut members: Members = match &args.from {
        None => desk.register.members_document().clone(),
        Some(file) => match read_document(file)?.1 {
            Document::Members(members) if members.region == root.region => members,
            _ => return Err(Failure::refused(format!("{}: it is no list of members of {}", file.display(), root.region))),
        },
    };
    (members.epoch, members.version, members.previous) = (root.members_epoch, 1, None);
    members.expires = now.plus_seconds(MEMBERS_DAYS * DAY);
    let mut reports = desk.propose(Document::Root(Box::new(root)), now)?;
    let after = desk.propose(Document::Members(members), now)?;
    // The second says how both stand.
    if !after.is_empty() {
        reports = after;
    }
    Ok(reports)
}
