//! `polder register show`: what files say, who signed them, who is missing, and what would change.

use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::KeyId;
use polder_trust::register::{KeySet, Member, Signed, Status};
use serde_json::{Value, json};

use super::desk::{Desk, Document, Report, read_document};
use super::found::Founding;
use super::{print, words};
use crate::digits::grouped;
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

/// A file, and what is known of it.
pub(super) struct Shown {
    pub path: PathBuf,
    pub signed: Signed,
    pub document: Document,
    /// What the register in force says of it.
    pub report: Option<Report>,
}

pub(super) fn run(args: &ShowArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let against = args.dir.as_deref().map(Against::open).transpose()?;
    let mut paths = args.files.clone();
    if let (Some(directory), true) = (&args.dir, paths.is_empty()) {
        paths = files_of(directory, against.as_ref())?;
    }
    let mut shown = Vec::new();
    for path in paths {
        let (signed, document) = read_document(&path)?;
        let in_force = args.files.is_empty() && path.parent() == args.dir.as_deref();
        let report = match &against {
            Some(against) => against.report(&path, (&signed, &document), in_force, now)?,
            None => None,
        };
        shown.push(Shown { path, signed, document, report });
    }
    if output.json {
        output.pretty_json(&shown.iter().map(as_json).collect::<Vec<Value>>())?;
    } else {
        shown.iter().try_for_each(|one| human(one, now, output))?;
    }
    Ok(Exit::Done)
}

/// What a file is compared with: a register in force, or one that begins.
pub(super) enum Against {
    Desk(Box<Desk>),
    Founding(Box<Founding>),
}

impl Against {
    pub(super) fn open(directory: &Path) -> Result<Self, Failure> {
        if Founding::is_in(directory) {
            return Ok(Self::Founding(Box::new(Founding::open(directory)?)));
        }
        Ok(Self::Desk(Box::new(Desk::open(directory)?)))
    }

    pub(super) fn report(
        &self,
        path: &Path,
        (signed, document): (&Signed, &Document),
        in_force: bool,
        now: Timestamp,
    ) -> Result<Option<Report>, Failure> {
        match (self, document) {
            (Self::Founding(founding), _) => Ok(Some(founding.report(path, signed, document))),
            // An earlier root was judged by the keys of its time.
            (Self::Desk(desk), Document::Root(root)) if root.version < desk.register.root().version => Ok(None),
            (Self::Desk(desk), _) => desk.report(path, (signed, document), in_force, now).map(Some),
        }
    }
}

fn files_of(directory: &Path, against: Option<&Against>) -> Result<Vec<PathBuf>, Failure> {
    match against {
        Some(Against::Founding(founding)) => Ok(founding.files()),
        None => Ok(Vec::new()),
        Some(Against::Desk(desk)) => {
            let roots = (1..).map(|version| root_path(directory, version)).take_while(|path| path.exists());
            let mut paths: Vec<PathBuf> = roots.take(64).chain([members_path(directory), fresh_path(directory)]).collect();
            paths.extend(desk.proposals()?.into_iter().map(|proposal| proposal.path));
            Ok(paths)
        }
    }
}

fn as_json(shown: &Shown) -> Value {
    let signatures = shown.report.as_ref().map(|report| json!(report.signatures));
    let changes = shown.report.as_ref().map(|report| json!(report.changes));
    let in_words = shown.report.as_ref().map(|report| json!(report.in_words));
    json!({
        "file": shown.path, "sha256": shown.signed.sha256(), "signatures": signatures, "inWords": in_words, "changes": changes,
        "document": shown.document.value(),
    })
}

/// What a file says, for people.
pub(super) fn human(shown: &Shown, now: Timestamp, output: &Output) -> Result<(), Failure> {
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
    let sha256 = shown.signed.sha256();
    match &shown.document {
        Document::Root(root) if root.version == 1 => output.line(format!("  fingerprint of the register: {}", grouped(&sha256)))?,
        _ => output.line(format!("  sha256 {sha256}"))?,
    }
    match &shown.report {
        Some(report) => {
            print::signatures(&report.signatures, output)?;
            if report.in_words.is_empty() {
                return print::sayings(&words::whole_root(&shown.document), output);
            }
            if !report.in_force {
                output.line("  what it would change (! is to be looked at twice):")?;
            }
            print::sayings(&report.in_words, output)
        }
        None => {
            print::sayings(&words::whole(&shown.document), output)?;
            output.line(format!("  {} signature(s); --dir DIR says whose, and what would change", shown.signed.signatures.len()))
        }
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
