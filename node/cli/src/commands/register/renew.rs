//! `polder register renew`: another term for what is about to expire.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use polder_model::Timestamp;
use polder_trust::register::Signed;

use super::desk::{Desk, Document, Report, freshen};
use super::new::{DAY, FRESH_DAYS, MEMBERS_DAYS, ROOT_DAYS};
use super::recover::RootArgs;
use super::rotate::drop_expired;
use crate::exit::Failure;

/// What to renew.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Do nothing unless less than half of a term is left: for a timer.
    #[arg(long)]
    timer: bool,
    /// Renew the root too, which the stewards sign.
    #[arg(long)]
    root: bool,
    #[command(flatten)]
    keys: RootArgs,
}

pub(super) fn run(args: &RenewArgs, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    if args.root {
        let mut root = args.keys.apply(desk.register.root())?;
        root.version += 1;
        root.expires = now.plus_seconds(ROOT_DAYS * DAY);
        return desk.propose(Document::Root(Box::new(root)), now);
    }
    if args.keys.any() {
        return Err(Failure::configuration("keys of stewards, registrars and freshness stand in the root: give --root as well"));
    }
    let due = |expires: Timestamp, days: i64| !args.timer || expires < now.plus_seconds(days * DAY / 2);
    if due(desk.register.members_document().expires, MEMBERS_DAYS) {
        let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
        members.members.iter_mut().for_each(|member| drop_expired(Arc::make_mut(member), now));
        if args.timer && desk.place_of(&Document::Members(members.clone())).exists() {
            // It waits for signatures already: the timer says so again, and adds nothing.
            return desk.settle(now);
        }
        return desk.propose(Document::Members(members), now);
    }
    if due(desk.register.fresh_until(), FRESH_DAYS) {
        let members = desk.register.members_document();
        let signed = Signed::parse(desk.register.members_file()).map_err(|error| Failure::internal(error.to_string()))?;
        let made = freshen(&desk.directory, desk.register.root(), members, &signed, now)?;
        return Ok(made.into_iter().collect());
    }
    Ok(Vec::new())
}
