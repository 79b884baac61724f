//! `polder register recognise`: members of another region may ask here, for some purposes; or no longer.

use std::path::PathBuf;

use clap::Args;
use polder_model::{Purpose, Timestamp};
use polder_trust::register::Recognised;

use super::desk::{Desk, Document, Report};
use super::new::{DAY, ROOT_DAYS};
use crate::digits::read;
use crate::exit::Failure;

/// Which region, and what for.
#[derive(Debug, Args)]
pub(crate) struct RecogniseArgs {
    /// The other region, such as gelderland.
    region: String,
    /// The register's directory of a steward.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// SHA-256 of that region's first root, as its stewards read it out: never as a file says it that came by mail.
    #[arg(long, value_name = "SHA-256", required_unless_present = "no_longer", value_parser = fingerprint)]
    fingerprint: Option<String>,
    /// What its members may ask for, such as find-work (give it once for each).
    #[arg(long = "purpose", value_name = "PURPOSE", required_unless_present = "no_longer")]
    purposes: Vec<Purpose>,
    /// Its members may ask here no longer.
    #[arg(long, conflicts_with_all = ["fingerprint", "purposes"])]
    no_longer: bool,
}

fn fingerprint(text: &str) -> Result<String, String> {
    read(text, 64).ok_or_else(|| "64 hexadecimal digits are expected, in groups or not".to_owned())
}

pub(super) fn run(args: &RecogniseArgs, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    if args.region == desk.register.region() {
        return Err(Failure::refused(format!("{} is this register's own region", args.region)));
    }
    let mut root = desk.register.root().clone();
    let before = root.recognised.len();
    root.recognised.retain(|known| known.region != args.region);
    if args.no_longer && root.recognised.len() == before {
        return Err(Failure::refused(format!("{} is not recognised as it is", args.region)));
    }
    if let Some(root_fingerprint) = args.fingerprint.clone() {
        root.recognised.push(Recognised { region: args.region.clone(), root_fingerprint, purposes: args.purposes.clone() });
    }
    root.version += 1;
    root.expires = now.plus_seconds(ROOT_DAYS * DAY);
    desk.propose(Document::Root(Box::new(root)), now)
}
