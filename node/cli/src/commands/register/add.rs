//! `polder register add`.

use std::path::Path;
use std::sync::Arc;

use polder_model::Timestamp;
use polder_trust::register::{Member, Members, Status};

use super::check::problems;
use super::desk::{Desk, Document, Report};
use super::new::{DAY, MEMBERS_DAYS};
use super::{AddArgs, print, read_member};
use crate::digits;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Adds one partner, and says its code and what comes next.
pub(super) fn run(args: &AddArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let member = read_member(&args.member)?;
    let (partner, code) = (member.partner.clone(), member.code());
    if let Some(told) = &args.code {
        let told = digits::read(told, code.len());
        let told =
            told.ok_or_else(|| Failure::configuration("--code: 32 hexadecimal digits are expected, as `polder init` prints them"))?;
        if told != code {
            let problem = format!("the code of this request is {}, not the one that was given", digits::grouped(&code));
            return Err(Failure::refused(format!("{}: {problem}; have the partner send member.json again", args.member.display())));
        }
    }
    let reports = add(&args.dir, vec![member], now)?;
    let exit = print::reports(&reports, output)?;
    if !output.json {
        let bold = output.style.bold(&digits::grouped(&code));
        let checked = if args.code.is_some() { "as it was given" } else { "compare it by telephone with what their `polder init` printed" };
        output.line(format!("Code of the request of {partner}: {bold} ({checked})."))?;
        output.line(format!(
            "When the list is in force, make their accession file: polder register accession {partner} --dir {}",
            args.dir.display()
        ))?;
    }
    Ok(exit)
}

/// Adds or replaces entries.
pub(crate) fn add(directory: &Path, entries: Vec<Member>, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let desk = Desk::open(directory)?;
    let mut members = desk.next_members(now.plus_seconds(MEMBERS_DAYS * DAY));
    for entry in entries {
        check(&entry, &members, now)?;
        put(&mut members, entry);
    }
    desk.propose(Document::Members(members), now)
}

fn check(entry: &Member, members: &Members, now: Timestamp) -> Result<(), Failure> {
    let known = members.members.iter().find(|other| other.partner == entry.partner);
    if known.is_some_and(|known| known.status != Status::Active) {
        return Err(Failure::refused(format!(
            "{}: the register has suspended or expelled this partner; adding it does not undo that (polder register reinstate)",
            entry.partner
        )));
    }
    may_stand(entry, members, now)
}

/// Refuses an entry with everything that is wrong with it.
pub(super) fn may_stand(entry: &Member, members: &Members, now: Timestamp) -> Result<(), Failure> {
    let others: Vec<&Member> = members.members.iter().map(Arc::as_ref).collect();
    let found = problems(entry, &others, now);
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("{}: this entry cannot stand in the register:\n  {}", entry.partner, found.join("\n  "))))
}

/// Puts an active entry in its place.
pub(super) fn put(members: &mut Members, entry: Member) {
    let known = members.members.iter_mut().find(|known| known.partner == entry.partner);
    let since = known.as_ref().filter(|known| known.status == Status::Active).map_or(members.version, |known| known.since);
    let entry = Arc::new(Member { status: Status::Active, since, ..entry });
    match known {
        Some(known) => *known = entry,
        None => members.members.push(entry),
    }
}
