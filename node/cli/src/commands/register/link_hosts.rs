//! `polder register link-hosts`: to which hosts the offers of a partner may send people.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use polder_model::link::Host;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::Member;

use super::add::may_stand;
use super::desk::{Desk, Document, Report};
use super::new::{DAY, MEMBERS_DAYS};
use super::unknown_partner;
use crate::exit::Failure;

/// Which partner, and which hosts.
#[derive(Debug, Args)]
pub(crate) struct LinkHostsArgs {
    /// The partner: oin: and 20 digits, or kvk: and 8 digits.
    partner: PartnerId,
    /// All of its hosts, such as voorbeeld.nl; what lies below one counts too. None takes away those that it had.
    #[arg(value_name = "HOST")]
    hosts: Vec<Host>,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

/// Names these hosts for a partner, and no others.
pub(super) fn run(args: &LinkHostsArgs, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    let known = desk.register.member(&args.partner).ok_or_else(|| unknown_partner(&desk, &args.partner))?;
    if known.link_hosts == args.hosts {
        return Err(Failure::refused(format!("{}: these are its hosts already", args.partner)));
    }
    let mut entry = Member::clone(known);
    entry.link_hosts.clone_from(&args.hosts);
    let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
    may_stand(&entry, &members, now)?;
    for member in members.members.iter_mut().filter(|member| member.partner == args.partner) {
        Arc::make_mut(member).link_hosts.clone_from(&args.hosts);
    }
    desk.propose(Document::Members(members), now)
}
