//! `polder register sign` and `take`: signatures come together.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Timestamp;
use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, Signed};
use serde_json::json;

use super::desk::{Desk, Document, Report, read_document};
use super::directory::write;
use super::found::Founding;
use super::print;
use super::show::{Against, Shown, human};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// What to sign, with which key.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The file. What it says is shown before it is signed, and with --dir what it would change.
    file: PathBuf,
    /// The file with your key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// A directory with the register in force: then the signature is refused where the root does not ask for this key, and what has all its
    /// signatures goes into force there.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Sign without asking; needed where nobody can be asked: standard input is no terminal, or the output is JSON.
    #[arg(long)]
    yes: bool,
}

/// What to take.
#[derive(Debug, Args)]
pub(crate) struct TakeArgs {
    /// Files from other desks: the same documents with other signatures, or new ones.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The directory of this desk.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

pub(super) fn sign(args: &SignArgs, now: Timestamp, output: &Output) -> Result<Exit, Failure> {
    let (signed, document) = read_document(&args.file)?;
    let key = SigningKey::load(&args.key).map_err(|error| Failure::configuration(format!("--key {}: {error}", args.key.display())))?;
    let keyid = key.public().id();
    let report = match &args.dir {
        Some(directory) => Against::open(directory)?.report(&args.file, (&signed, &document), false, now)?,
        None => None,
    };
    if let Some(report) = &report
        && !report.signatures.iter().any(|set| set.signed.contains(&keyid) || set.missing.contains(&keyid))
    {
        let problem = format!("key {keyid} is none of those that sign {}; polder register show says whose are asked for", report.version);
        return Err(Failure::refused(problem));
    }
    let mut shown = Shown { path: args.file.clone(), signed, document, report };
    if !output.json {
        human(&shown, now, output)?;
    }
    confirm(args, output)?;
    shown.signed.sign(shown.document.kind(), &key);
    write(&args.file, &shown.signed)?;
    let (kind, count) = (shown.document.kind(), shown.signed.signatures.len());
    if let Some(directory) = &args.dir {
        let mut reports = take_in(directory, vec![(shown.signed, shown.document)], now)?;
        if !output.json {
            // They were shown before the signature.
            reports.iter_mut().for_each(|report| report.in_words.clear());
        }
        return print::reports(&reports, output);
    }
    if output.json {
        output.json(&json!({"file": args.file, "type": kind.as_str(), "keyid": keyid, "signatures": count}))?;
    } else {
        output.line(format!("Signed {} with key {keyid}; it has {count} signature(s) now.", args.file.display()))?;
        output.line("Send the file back to who began; `polder register take FILE --dir DIR` brings the signatures together there.")?;
    }
    Ok(Exit::Done)
}

/// Asks on a terminal whether what was shown is to be signed. Where nobody can be asked, nothing is signed.
fn confirm(args: &SignArgs, output: &Output) -> Result<(), Failure> {
    if args.yes {
        return Ok(());
    }
    let mut input = io::stdin().lock();
    if output.json || !input.is_terminal() {
        return Err(Failure::configuration(format!(
            "{}: not signed, since nobody can be asked here: look at what it says (polder register show), and give --yes to sign it",
            args.file.display()
        )));
    }
    let mut answer = String::new();
    let asked = write!(io::stderr(), "Sign this? Type yes: ").and_then(|()| input.read_line(&mut answer));
    asked.map_err(|error| Failure::internal(format!("the terminal: {error}")))?;
    if answer.trim().eq_ignore_ascii_case("yes") { Ok(()) } else { Err(Failure::refused("not signed")) }
}

pub(super) fn take(args: &TakeArgs, now: Timestamp) -> Result<Vec<Report>, Failure> {
    let files = args.files.iter().map(|file| read_document(file)).collect::<Result<Vec<_>, _>>()?;
    take_in(&args.dir, files, now)
}

/// Merges documents with the proposals of a desk, and puts in force what is complete.
fn take_in(directory: &Path, mut files: Vec<(Signed, Document)>, now: Timestamp) -> Result<Vec<Report>, Failure> {
    if Founding::is_in(directory) {
        let mut founding = Founding::open(directory)?;
        founding.merge(&files)?;
        return founding.settle(now);
    }
    let mut desk = Desk::open(directory)?;
    files.sort_by_key(|(_, document)| document.kind() != DocumentType::Root);
    let mut reports = Vec::new();
    for (signed, document) in &files {
        if matches!(document, Document::Fresh(_)) {
            return Err(Failure::refused("freshness has one signature and is not passed around; `polder register renew` makes it"));
        }
        // What was complete here already went into force together with the file before.
        if !reports.is_empty() && Signed::parse(desk.register.members_file()).is_ok_and(|known| known.bytes == signed.bytes) {
            continue;
        }
        merge(&desk, signed, document)?;
        reports = desk.settle(now)?;
        desk = Desk::open(directory)?;
    }
    Ok(reports)
}

fn merge(desk: &Desk, signed: &Signed, document: &Document) -> Result<(), Failure> {
    let path = desk.place_of(document);
    let mut merged = signed.clone();
    if path.exists() {
        let (known, _) = read_document(&path)?;
        if known.bytes != signed.bytes {
            return Err(Failure::refused(format!(
                "{}: another document with the same version waits here; agree on one of them, and have the signatures on the other destroyed: both \
                 together would be a contradiction",
                path.display()
            )));
        }
        merged.signatures.retain(|signature| !known.signatures.contains(signature));
        merged.signatures.extend(known.signatures);
    }
    let adopted = desk.register.adopted();
    if let Document::Members(members) = document
        && (members.epoch, members.version) <= (adopted.epoch, adopted.version)
    {
        return Err(Failure::refused(format!("{} is in force here already, or is older than what is", document.version())));
    }
    desk.put_proposal(&path, &merged)
}
