//! `polder register add`.

use std::path::Path;
use std::sync::Arc;

use polder_model::Timestamp;
use polder_trust::register::{DocumentType, Fresh, Member, Members, Register, Root, Signed, Status};
use serde_json::json;

use super::check::problems;
use super::directory::{keys_at_hand, signed, unverified, write};
use super::new::{DAY, FRESH_DAYS, MEMBERS_DAYS};
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::register_files::{fresh_path, members_path, read_register};

/// What was added.
pub(crate) struct Added {
    /// The entries, and whether each replaced another.
    pub entries: Vec<(Member, bool)>,
    /// The version of the members.
    pub version: u64,
    /// For each file that was written: its name, how many signed, how many must.
    pub signatures: Vec<(&'static str, usize, usize)>,
}

/// Adds or replaces entries, and signs with the keys at hand. The register in the directory must hold.
pub(crate) fn add(directory: &Path, entries: Vec<Member>, now: Timestamp) -> Result<Added, Failure> {
    let files = read_register(directory).map_err(|error| Failure::configuration(error.to_string()))?;
    let refused = |problem: String| Failure::refused(format!("the register in {}: {problem}", directory.display()));
    // The registrar's own directory: its first root is the one to go by.
    let first = files.roots.first().map(|root| Signed::parse(root)).transpose().map_err(|error| refused(error.to_string()))?;
    let fingerprint = first.map(|first| first.sha256()).unwrap_or_default();
    let register = Register::load(&fingerprint, &files, None, now).map_err(|error| refused(error.to_string()))?;
    let (before, mut members): (_, Members) = unverified(&members_path(directory), &files.members)?;
    members.version += 1;
    members.previous = Some(before.sha256());
    members.expires = now.plus_seconds(MEMBERS_DAYS * DAY);
    let mut added = Vec::new();
    for entry in entries {
        check(&entry, &members, now)?;
        let replaced = put(&mut members, entry.clone());
        added.push((entry, replaced));
    }
    let signatures = write_files(directory, register.root(), &members, now)?;
    Ok(Added { entries: added, version: members.version, signatures })
}

fn check(entry: &Member, members: &Members, now: Timestamp) -> Result<(), Failure> {
    let others: Vec<&Member> = members.members.iter().map(Arc::as_ref).collect();
    let known = others.iter().find(|other| other.partner == entry.partner);
    let mut found = problems(entry, &others, now);
    if known.is_some_and(|known| known.status != Status::Active) {
        found.push("status: the register has suspended or expelled this partner; adding it does not undo that".to_owned());
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(format!("{}: this entry cannot stand in the register:\n  {}", entry.partner, found.join("\n  "))))
}

/// Puts an entry in its place; whether there was one.
fn put(members: &mut Members, entry: Member) -> bool {
    let entry = Arc::new(Member { status: Status::Active, since: members.version, ..entry });
    match members.members.iter_mut().find(|known| known.partner == entry.partner) {
        Some(known) => {
            *known = entry;
            true
        }
        None => {
            members.members.push(entry);
            false
        }
    }
}

fn write_files(directory: &Path, root: &Root, members: &Members, now: Timestamp) -> Result<Vec<(&'static str, usize, usize)>, Failure> {
    let registrars = keys_at_hand(directory, "registrar")?;
    let signed_members = signed(DocumentType::Members, members, &root.registrars, &registrars)?;
    let fresh = Fresh::of(members, signed_members.sha256(), now.plus_seconds(FRESH_DAYS * DAY));
    let signed_fresh = signed(DocumentType::Fresh, &fresh, &root.freshness, &keys_at_hand(directory, "freshness")?)?;
    let signatures = vec![
        ("members.json", signed_members.signers(DocumentType::Members, &root.registrars), root.registrars.threshold),
        ("fresh.json", signed_fresh.signers(DocumentType::Fresh, &root.freshness), root.freshness.threshold),
    ];
    if signatures[0].1 == 0 {
        let problem = format!("{}/keys has no registrar-N.key that this register knows; nothing was changed", directory.display());
        return Err(Failure::configuration(problem));
    }
    write(&members_path(directory), &signed_members)?;
    write(&fresh_path(directory), &signed_fresh)?;
    Ok(signatures)
}

/// Says what was added. Exit code 1 while signatures are missing.
pub(super) fn report(added: &Added, output: &Output) -> Result<Exit, Failure> {
    let complete = added.signatures.iter().all(|(_, signed, needed)| signed >= needed);
    let exit = if complete { Exit::Done } else { Exit::Refused };
    if output.json {
        let partners =
            added.entries.iter().map(|(entry, replaced)| json!({"partner": entry.partner, "name": entry.name, "replaced": replaced}));
        let partners: Vec<_> = partners.collect();
        let signatures: Vec<_> =
            added.signatures.iter().map(|(file, signed, needed)| json!({"file": file, "signed": signed, "needed": needed})).collect();
        output.json(&json!({"version": added.version, "partners": partners, "signatures": signatures, "complete": complete}))?;
        return Ok(exit);
    }
    for (entry, replaced) in &added.entries {
        let what = if *replaced { "Replaced" } else { "Added" };
        output.line(format!("{what} {} ({}) in version {} of the members:", clean(&entry.name), entry.partner, added.version))?;
        claims(entry).into_iter().try_for_each(|line| output.line(line))?;
    }
    for (file, signed, needed) in &added.signatures {
        output.line(format!("  {file}: {signed} of {needed} signatures"))?;
    }
    let next = if complete {
        "Send root.*.json, members.json and fresh.json to every partner; `systemctl reload polder` takes them."
    } else {
        "Not in force yet: have the others sign with `polder register sign FILE --key KEY --type members` (or fresh)."
    };
    output.line(next)?;
    Ok(exit)
}

/// What the entry says, for the registrar to compare with the partner.
fn claims(entry: &Member) -> Vec<String> {
    let mut lines = vec![format!("  reached at {}", clean(&entry.peer_url))];
    lines.extend(entry.message_keys.iter().map(|key| format!("  message key {}", key.keyid)));
    lines.extend(entry.tls_pins.iter().map(|pin| format!("  TLS pin {}", pin.sha256)));
    let purposes: Vec<&str> = entry.purposes.iter().map(|purpose| purpose.as_str()).collect();
    lines.push(format!("  may ask for {}", if purposes.is_empty() { "nothing".to_owned() } else { purposes.join(", ") }));
    if !entry.acts_for.is_empty() {
        let names: Vec<&str> = entry.acts_for.iter().map(polder_model::PartnerId::as_str).collect();
        lines.push(format!("  acts for {}", names.join(", ")));
    }
    lines
}
