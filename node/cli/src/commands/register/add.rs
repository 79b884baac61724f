//! `polder register add`.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use polder_model::Timestamp;
use polder_trust::register::{Member, Members, Status};
use serde::Serialize;

use super::check::problems;
use super::desk::{Desk, Document, Report};
use super::new::{DAY, MEMBERS_DAYS};
use super::words::between;
use super::{AddArgs, codes, print, read_member};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What became of one request, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    partner: String,
    code: String,
    /// Whether an entry of this partner stood in the list before.
    replaced: bool,
    /// What that entry had, and this one has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    narrowed: Option<Narrowed>,
}

/// What an entry had before.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Narrowed {
    purposes: Vec<String>,
    acts_for: Vec<String>,
    link_hosts: Vec<String>,
}

/// Adds partners, and says their codes and what comes next.
pub(super) fn run(args: &AddArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let members = args.members.iter().map(|file| read_member(file)).collect::<Result<Vec<_>, _>>()?;
    codes::check(&args.members, &members, &args.codes)?;
    let mut partners = HashSet::new();
    if let Some(twice) = members.iter().find(|member| !partners.insert(&member.partner)) {
        return Err(Failure::refused(format!("{}: there are two requests of this partner; give the one that holds", twice.partner)));
    }
    let before = Desk::open(&args.dir)?.register;
    let added: Vec<Added> = members.iter().map(|member| added(before.member(&member.partner).map(Arc::as_ref), member)).collect();
    let reports = add(&args.dir, members.clone(), now)?;
    if output.json {
        return print::reports_with(&reports, serde_json::json!({"requests": added}), output);
    }
    let exit = print::reports(&reports, output)?;
    for (one, request) in added.iter().zip(&members) {
        codes::say(request, !args.codes.is_empty(), output)?;
        if one.replaced {
            output.line(format!("{} stood in the list already: its entry is replaced by this request as a whole.", one.partner))?;
        }
    }
    let make = |partner| format!("polder register accession {partner} --dir {}", args.dir.display());
    if let [one] = &added[..] {
        output.line(format!("When the list is in force, make their accession file: {}", make(&one.partner)))?;
    } else {
        output.line("When the list is in force, make the accession file of each:")?;
        added.iter().try_for_each(|one| output.line(format!("  {}", make(&one.partner))))?;
    }
    Ok(exit)
}

fn added(before: Option<&Member>, after: &Member) -> Added {
    fn less<T: PartialEq + ToString>(before: &[T], after: &[T]) -> Vec<String> {
        between(before, after).0.into_iter().map(ToString::to_string).collect()
    }
    let narrowed = before.map(|before| Narrowed {
        purposes: less(&before.purposes, &after.purposes),
        acts_for: less(&before.acts_for, &after.acts_for),
        link_hosts: less(&before.link_hosts, &after.link_hosts),
    });
    Added { partner: after.partner.to_string(), code: after.code(), replaced: before.is_some(), narrowed }
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
