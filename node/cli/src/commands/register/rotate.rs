//! `polder register rotate`: new keys for a partner, with the old ones beside them for a while, or at once where they are in wrong hands.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use polder_model::Timestamp;
use polder_trust::register::Member;

use super::add::may_stand;
use super::desk::{Desk, Document, Report};
use super::new::{DAY, MEMBERS_DAYS};
use super::{codes, print, read_member, unknown_partner};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Whose keys, and how.
#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    /// The request (`member.json`) with the partner's new keys, as `polder init` in a new directory writes it.
    member: PathBuf,
    /// The registrar's directory.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// For how many days the old keys count beside the new ones.
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u16).range(7..=90), conflicts_with = "emergency")]
    overlap: u16,
    /// The old keys are in wrong hands: they count no more from this version on.
    #[arg(long)]
    emergency: bool,
    /// The code of the request, as the partner reads it out: nothing is signed when it is another.
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

/// Puts new keys in, and says the code of the request that they came with: whoever changes it on its way would get keys of their own in.
pub(super) fn run(args: &RotateArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let new = read_member(&args.member)?;
    codes::check(std::slice::from_ref(&args.member), std::slice::from_ref(&new), args.code.as_slice())?;
    let reports = rotate(args, &new, now)?;
    print::of_request(&reports, &new, args.code.is_some(), output)
}

fn rotate(args: &RotateArgs, new: &Member, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(&args.dir)?;
    let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
    let known = desk.register.member(&new.partner).ok_or_else(|| unknown_partner(&desk, &new.partner))?;
    let until = (!args.emergency).then(|| now.plus_seconds(i64::from(args.overlap) * DAY));
    let mut entry = rotated(known, new, until)?;
    drop_expired(&mut entry, now);
    may_stand(&entry, &members, now)?;
    for member in members.members.iter_mut().filter(|member| member.partner == new.partner) {
        *member = Arc::new(entry.clone());
    }
    desk.propose(Document::Members(members), now)
}

/// The entry with the new keys first, and the old ones until then, where they go on at all.
fn rotated(known: &Member, new: &Member, until: Option<Timestamp>) -> Result<Member, Failure> {
    let (mut pins, mut keys) = (new.tls_pins.clone(), new.message_keys.clone());
    let same_pin = known.tls_pins.iter().any(|old| pins.iter().any(|pin| pin.sha256 == old.sha256));
    if same_pin || known.message_keys.iter().any(|old| keys.iter().any(|key| key.public_key == old.public_key)) {
        return Err(Failure::refused(format!("{}: the request has keys that the partner has already; make new ones", new.partner)));
    }
    if let Some(until) = until {
        for old in &known.tls_pins {
            let mut old = old.clone();
            old.not_after = Some(old.not_after.map_or(until, |end| end.min(until)));
            pins.push(old);
        }
        for old in &known.message_keys {
            let mut old = old.clone();
            old.not_after = old.not_after.min(until);
            keys.push(old);
        }
    }
    Ok(Member { tls_pins: pins, message_keys: keys, peer_url: known.peer_url.clone(), ..known.clone() })
}

/// Takes keys away whose time is over, while others are left.
pub(super) fn drop_expired(member: &mut Member, now: Timestamp) {
    if member.tls_pins.iter().any(|pin| pin.not_after.is_none_or(|end| end > now)) {
        member.tls_pins.retain(|pin| pin.not_after.is_none_or(|end| end > now));
    }
    if member.message_keys.iter().any(|key| key.not_after > now) {
        member.message_keys.retain(|key| key.not_after > now);
    }
}
