//! `polder register suspend`, `expel` and `reinstate`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use polder_model::{PartnerId, Timestamp};
use polder_trust::register::{Member, Status};

use super::add::{may_stand, put};
use super::desk::{Desk, Document, Report};
use super::new::{DAY, MEMBERS_DAYS};
use super::{codes, print, read_member, unknown_partner};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Which partner.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The partner: oin: and 20 digits, or kvk: and 8 digits.
    partner: PartnerId,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

/// Which partner, and with which keys.
#[derive(Debug, Args)]
pub(crate) struct ReinstateArgs {
    #[command(flatten)]
    partner: StatusArgs,
    /// A new request (`member.json`) of the partner. An expelled partner needs one, with keys that it did not have before.
    #[arg(long = "with", value_name = "FILE")]
    member: Option<PathBuf>,
    /// The code of that request, as the partner reads it out: nothing is signed when it is another.
    #[arg(long, value_name = "CODE", requires = "member")]
    code: Option<String>,
}

/// Suspends or expels. An expelled entry stays, so that everyone can see who is out.
pub(super) fn set(args: &StatusArgs, status: Status, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
    let version = members.version;
    let known = members.members.iter_mut().find(|member| member.partner == args.partner);
    let known = known.ok_or_else(|| unknown_partner(&desk, &args.partner))?;
    match (known.status, status) {
        (now, wanted) if now == wanted => return Err(Failure::refused(format!("{}: that is its status already", args.partner))),
        (Status::Expelled, _) => {
            return Err(Failure::refused(format!("{}: it is expelled; only `polder register reinstate` changes that", args.partner)));
        }
        _ => {}
    }
    let member = Arc::make_mut(known);
    (member.status, member.since) = (status, version);
    desk.propose(Document::Members(members), now)
}

/// Lets a partner take part again.
pub(super) fn reinstate(args: &ReinstateArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let Some(file) = &args.member else { return print::reports(&reinstated(args, None, now)?, output) };
    let request = read_member(file)?;
    codes::check(std::slice::from_ref(file), std::slice::from_ref(&request), args.code.as_slice())?;
    let reports = reinstated(args, Some((file.as_path(), &request)), now)?;
    print::of_request(&reports, &request, args.code.is_some(), output)
}

fn reinstated(args: &ReinstateArgs, request: Option<(&Path, &Member)>, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let (partner, desk) = (&args.partner.partner, Desk::open(&args.partner.dir)?);
    let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
    let known = desk.register.member(partner).ok_or_else(|| unknown_partner(&desk, partner))?;
    let entry = match (request, known.status) {
        (_, Status::Active) => return Err(Failure::refused(format!("{partner}: it takes part already"))),
        (None, Status::Expelled) => {
            let problem = "it was expelled: it comes back with new keys only; have it run `polder init` in a new directory and give \
                           its member.json with --with";
            return Err(Failure::refused(format!("{partner}: {problem}")));
        }
        (None, Status::Suspended) => Member::clone(known),
        (Some((file, entry)), status) => {
            if entry.partner != *partner {
                return Err(Failure::refused(format!("{}: it is the request of {}, not of {partner}", file.display(), entry.partner)));
            }
            if status == Status::Expelled && shares_a_key(entry, known) {
                return Err(Failure::refused(format!("{}: an expelled partner comes back with new keys only", file.display())));
            }
            entry.clone()
        }
    };
    may_stand(&entry, &members, now)?;
    put(&mut members, entry);
    desk.propose(Document::Members(members), now)
}

fn shares_a_key(entry: &Member, known: &Member) -> bool {
    let pin = entry.tls_pins.iter().any(|pin| known.tls_pins.iter().any(|old| old.sha256 == pin.sha256));
    let key = entry.message_keys.iter().any(|key| known.message_keys.iter().any(|old| old.public_key == key.public_key));
    pin || key
}
