//! `polder register show`: what files say, and how many of the needed signatures they have.

use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::register::{DocumentType, Fresh, KeySet, Member, Members, Root, Signed, Status};
use serde_json::{Value, json};

use super::directory::unverified;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};
use crate::print::table;
use crate::register_files::{fresh_path, members_path, read_file, root_path};

/// Which files.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Register files: root.N.json, members.json, fresh.json.
    #[arg(required_unless_present = "dir")]
    files: Vec<PathBuf>,
    /// All register files of this directory.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

enum Content {
    Root(Box<Root>),
    Members(Members),
    Fresh(Fresh),
}

struct Shown {
    path: PathBuf,
    signed: Signed,
    content: Content,
}

pub(super) fn run(args: &ShowArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let mut paths = args.files.clone();
    if let Some(directory) = &args.dir {
        let roots = (1..).map(|version| root_path(directory, version)).take_while(|path| path.exists());
        paths.extend(roots.take(64).chain([members_path(directory), fresh_path(directory)]));
    }
    let shown = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    // The signatures are counted against the newest root that is shown.
    let root = shown.iter().filter_map(|one| if let Content::Root(root) = &one.content { Some(root.as_ref()) } else { None });
    let root = root.max_by_key(|root| root.version);
    if output.json {
        output.pretty_json(&shown.iter().map(|one| as_json(one, root)).collect::<Vec<Value>>())?;
    } else {
        for one in &shown {
            human(one, root, now, output)?;
        }
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<Shown, Failure> {
    let file = read_file(path).map_err(|error| Failure::configuration(error.to_string()))?;
    let (signed, value): (Signed, Value) = unverified(path, &file)?;
    let content = match value["type"].as_str() {
        Some("polder-root/1") => Content::Root(unverified(path, &file)?.1),
        Some("polder-members/1") => Content::Members(unverified(path, &file)?.1),
        Some("polder-fresh/1") => Content::Fresh(unverified(path, &file)?.1),
        _ => return Err(Failure::refused(format!("{}: neither root, members nor freshness of a register", path.display()))),
    };
    Ok(Shown { path: path.to_owned(), signed, content })
}

/// How many of the needed signatures there are; `None` where no root says whose are needed.
fn signatures(shown: &Shown, root: Option<&Root>) -> Option<(usize, usize)> {
    let count = |document, set: &KeySet| (shown.signed.signers(document, set), set.threshold);
    match &shown.content {
        Content::Root(own) => Some(count(DocumentType::Root, &own.stewards)),
        Content::Members(_) => root.map(|root| count(DocumentType::Members, &root.registrars)),
        Content::Fresh(_) => root.map(|root| count(DocumentType::Fresh, &root.freshness)),
    }
}

fn as_json(shown: &Shown, root: Option<&Root>) -> Value {
    let content = match &shown.content {
        Content::Root(root) => json!(root),
        Content::Members(members) => json!(members),
        Content::Fresh(fresh) => json!(fresh),
    };
    let signatures = signatures(shown, root).map(|(signed, needed)| json!({"signed": signed, "needed": needed}));
    json!({"file": shown.path, "sha256": shown.signed.sha256(), "signatures": signatures, "document": content})
}

fn human(shown: &Shown, root: Option<&Root>, now: Timestamp, output: &Output) -> Result<(), Failure> {
    let signed = signatures(shown, root).map_or_else(
        || format!("{} signature(s); show it together with the root to know whose", shown.signed.signatures.len()),
        |(signed, needed)| format!("{signed} of {needed} signatures"),
    );
    let until = |expires: Timestamp| format!("{} {}", if expires <= now { "EXPIRED" } else { "until" }, expires.date());
    let title = output.style.bold(&shown.path.display().to_string());
    match &shown.content {
        Content::Root(root) => {
            output.line(format!("{title}  root {} of {}, {}, {signed}", root.version, clean(&root.region), until(root.expires)))?;
            for (who, set) in [("stewards", &root.stewards), ("registrars", &root.registrars), ("freshness", &root.freshness)] {
                let keys: Vec<&str> = set.keys.keys().map(polder_trust::keys::KeyId::as_str).collect();
                output.line(format!("  {who}: {} of {} must sign ({})", set.threshold, set.keys.len(), keys.join(", ")))?;
            }
            output.line(format!("  sha256 {}", shown.signed.sha256()))
        }
        Content::Members(members) => {
            let (epoch, version, region) = (members.epoch, members.version, clean(&members.region));
            output.line(format!("{title}  members of {region}, epoch {epoch} version {version}, {}, {signed}", until(members.expires)))?;
            output.line(format!("  sha256 {}", shown.signed.sha256()))?;
            let mut rows = vec![["  partner", "name", "roles", "address", "key", "status"].map(str::to_owned).to_vec()];
            rows.extend(members.members.iter().map(|member| row(member)));
            table::lines(&rows).into_iter().try_for_each(|line| output.line(line))
        }
        Content::Fresh(fresh) => {
            output.line(format!(
                "{title}  newest is epoch {} version {}, {}, {signed}",
                fresh.epoch,
                fresh.version,
                until(fresh.expires)
            ))?;
            output.line(format!("  members sha256 {}", clean(&fresh.sha256)))
        }
    }
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
