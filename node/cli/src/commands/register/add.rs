//! `polder register add`.

use std::collections::HashSet;
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

/// Digits of a code.
const CODE: usize = 32;

/// Adds partners, and says their codes and what comes next.
pub(super) fn run(args: &AddArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let members = args.members.iter().map(|file| read_member(file)).collect::<Result<Vec<_>, _>>()?;
    check_codes(args, &members)?;
    let mut partners = HashSet::new();
    if let Some(twice) = members.iter().find(|member| !partners.insert(&member.partner)) {
        return Err(Failure::refused(format!("{}: there are two requests of this partner; give the one that holds", twice.partner)));
    }
    let codes: Vec<_> = members.iter().map(|member| (member.partner.clone(), member.code())).collect();
    let reports = add(&args.dir, members, now)?;
    let exit = print::reports(&reports, output)?;
    if output.json {
        return Ok(exit);
    }
    let checked = if args.codes.is_empty() { "compare it by telephone with what their `polder init` printed" } else { "as it was given" };
    for (partner, code) in &codes {
        output.line(format!("Code of the request of {partner}: {} ({checked}).", output.style.bold(&digits::grouped(code))))?;
    }
    let make = |partner| format!("polder register accession {partner} --dir {}", args.dir.display());
    if let [(partner, _)] = &codes[..] {
        output.line(format!("When the list is in force, make their accession file: {}", make(partner)))?;
    } else {
        output.line("When the list is in force, make the accession file of each:")?;
        codes.iter().try_for_each(|(partner, _)| output.line(format!("  {}", make(partner))))?;
    }
    Ok(exit)
}

/// Sees that each request has its code among those that were told. A code holds for all that its request says, the partner included.
fn check_codes(args: &AddArgs, members: &[Member]) -> Result<(), Failure> {
    if args.codes.is_empty() {
        return Ok(());
    }
    if args.codes.len() != members.len() {
        let (requests, codes) = (members.len(), args.codes.len());
        return Err(Failure::configuration(format!(
            "--code: give one for each request; there are {requests} request(s) and {codes} code(s)"
        )));
    }
    let read = |told: &String| digits::read(told, CODE);
    let told = args.codes.iter().map(read).collect::<Option<Vec<_>>>();
    let told = told.ok_or_else(|| Failure::configuration("--code: 32 hexadecimal digits are expected, as `polder init` prints them"))?;
    for (file, member) in args.members.iter().zip(members) {
        let code = member.code();
        if !told.contains(&code) {
            let given = if told.len() == 1 { "not the one that was given" } else { "none of those that were given" };
            let problem = format!("the code of this request is {}, {given}", digits::grouped(&code));
            return Err(Failure::refused(format!("{}: {problem}; have the partner send member.json again", file.display())));
        }
    }
    Ok(())
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
