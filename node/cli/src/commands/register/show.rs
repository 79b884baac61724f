//! `polder register show`: what files say, who signed them, who is missing, and what would change.

use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::KeyId;
use polder_trust::register::{KeySet, Member, Signed, Status};
use serde_json::{Value, json};

use super::desk::{Desk, Document, Report, read_document};
use super::print;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::table;
use crate::register_files::{fresh_path, members_path, root_path};

/// Which files.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Register files, in force or proposed.
    #[arg(required_unless_present = "dir")]
    files: Vec<PathBuf>,
    /// The directory with the register in force: says what the files would change, and who must sign. Without files: all that is in it.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

struct Shown {
    path: PathBuf,
    signed: Signed,
    document: Document,
    /// What the register in force says of it.
    report: Option<Report>,
}

pub(super) fn run(args: &ShowArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let desk = args.dir.as_deref().map(Desk::open).transpose()?;
    let mut paths = args.files.clone();
    if let (Some(directory), true) = (&args.dir, paths.is_empty()) {
        paths = files_of(directory, desk.as_ref())?;
    }
    let mut shown = Vec::new();
    for path in paths {
        let (signed, document) = read_document(&path)?;
        let in_force = args.files.is_empty() && path.parent() == args.dir.as_deref();
        // An earlier root was judged by the keys of its time.
        let earlier = matches!((&document, &desk), (Document::Root(root), Some(desk)) if root.version < desk.register.root().version);
        let report = desk.as_ref().filter(|_| !earlier).map(|desk| desk.report(&path, &signed, &document, in_force)).transpose()?;
        shown.push(Shown { path, signed, document, report });
    }
    if output.json {
        output.pretty_json(&shown.iter().map(as_json).collect::<Vec<Value>>())?;
    } else {
        shown.iter().try_for_each(|one| human(one, now, output))?;
    }
    Ok(Exit::Done)
}

fn files_of(directory: &Path, desk: Option<&Desk>) -> Result<Vec<PathBuf>, Failure> {
    let roots = (1..).map(|version| root_path(directory, version)).take_while(|path| path.exists());
    let mut paths: Vec<PathBuf> = roots.take(64).chain([members_path(directory), fresh_path(directory)]).collect();
    if let Some(desk) = desk {
        paths.extend(desk.proposals()?.into_iter().map(|proposal| proposal.path));
    }
    Ok(paths)
}

fn as_json(shown: &Shown) -> Value {
    let signatures = shown.report.as_ref().map(|report| json!(report.signatures));
    let changes = shown.report.as_ref().map(|report| json!(report.changes));
    json!({"file": shown.path, "sha256": shown.signed.sha256(), "signatures": signatures, "changes": changes, "document": shown.document.value()})
}

fn human(shown: &Shown, now: Timestamp, output: &Output) -> Result<(), Failure> {
    let until = |expires: Timestamp| format!("{} {}", if expires <= now { "EXPIRED" } else { "until" }, expires.date());
    let title = output.style.bold(&shown.path.display().to_string());
    match &shown.document {
        Document::Root(root) => {
            output.line(format!("{title}  root {} of {}, {}", root.version, clean(&root.region), until(root.expires)))?;
            for (who, set) in [("stewards", &root.stewards), ("registrars", &root.registrars), ("freshness", &root.freshness)] {
                output.line(format!("  {who}: {} of {} must sign ({})", set.threshold, set.keys.len(), ids(set)))?;
            }
        }
        Document::Members(members) => {
            let (epoch, version, region) = (members.epoch, members.version, clean(&members.region));
            output.line(format!("{title}  members of {region}, epoch {epoch} version {version}, {}", until(members.expires)))?;
            let mut rows = vec![["  partner", "name", "roles", "address", "key", "status"].map(str::to_owned).to_vec()];
            rows.extend(members.members.iter().map(|member| row(member)));
            table::lines(&rows).into_iter().try_for_each(|line| output.line(line))?;
        }
        Document::Fresh(fresh) => {
            output.line(format!("{title}  newest is epoch {} version {}, {}", fresh.epoch, fresh.version, until(fresh.expires)))?;
            output.line(format!("  members sha256 {}", clean(&fresh.sha256)))?;
        }
    }
    output.line(format!("  sha256 {}", shown.signed.sha256()))?;
    match &shown.report {
        Some(report) => {
            print::signatures(&report.signatures, output)?;
            if !report.in_force {
                output.line("  what would change:")?;
            }
            print::changes(report, output)
        }
        None => output.line(format!("  {} signature(s); --dir DIR says whose, and what would change", shown.signed.signatures.len())),
    }
}

fn ids(set: &KeySet) -> String {
    set.keys.keys().map(KeyId::as_str).collect::<Vec<_>>().join(", ")
}

fn row(member: &Member) -> Vec<String> {
    let status = match member.status {
        Status::Active => "active",
        Status::Suspended => "suspended",
        Status::Expelled => "expelled",
    };
    let keys: Vec<&str> = member.message_keys.iter().map(|key| key.keyid.as_str()).collect();
    let cells = [member.partner.as_str(), &member.name, &member.roles.join(", "), &member.peer_url, &keys.join(" "), status];
    let mut row: Vec<String> = cells.map(clean).to_vec();
    row[0].insert_str(0, "  ");
    row
}
