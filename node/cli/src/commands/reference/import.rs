//! `polder reference import`.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use clap::Args;
use polder_exchange::tables::{KeptTable, keep, load};
use polder_exchange::{Clock, SystemClock};
use polder_model::reference::official::{self, EnglishLabels, Findings};
use polder_model::reference::{Imported, Reference, Table, TableVersion};

use super::failed;
use super::file::{TableFile, look};
use super::report::{OfLabels, OfTable, Report};
use crate::exit::{Exit, Failure};
use crate::output::{Output, Progress};

/// One in so many relations may name what no table has; where there are more, the files do not belong together.
const LOOSE: usize = 10;
/// Most rows of a file that are skipped because a cell is wrong. Where there are more, the file is not what it should be.
pub(super) const MOST_SKIPPED: usize = 20;
/// At most one in so many rows of a file is skipped.
pub(super) const SKIPPED: usize = 100;

/// Which files.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files as their publishers give them, unpacked: ESCO's CSV files, GeoNames' postal codes, a list of words; or which codes of CompetentNL and ESCO are the same.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What to call this version; otherwise a number such as v1.2.0 in the name of the file or its directory, or else the day on which the file changed.
    #[arg(long, value_name = "TEXT", value_parser = release)]
    release: Option<String>,
    /// Check everything, change nothing.
    #[arg(long)]
    check: bool,
    /// Refuse a file in which any row is wrong, instead of skipping a few.
    #[arg(long)]
    strict: bool,
}

fn release(text: &str) -> Result<String, String> {
    let form = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if form { Ok(text.to_owned()) } else { Err("1 to 100 characters are expected".to_owned()) }
}

/// Imports. Exit code 1 when more is wrong in a file than a few rows; nothing is imported then.
pub(crate) fn run(args: &ImportArgs, directory: &Path, output: &Output) -> Result<Exit, Failure> {
    let (files, unused) = look(&args.files)?;
    if files.is_empty() {
        return Err(Failure::refused("none of these files is used; see docs/reference-tables.md for those that are"));
    }
    let progress = output.progress_of_bytes(files.iter().map(|file| file.bytes).sum(), "reading");
    let (mut report, mut kept) = (Report { unused, ..Report::default() }, Vec::new());
    let mut imported = before(directory, &mut report);
    let english = english_labels(&files, args, &progress, &mut report)?;
    for file in files.iter().filter(|file| !file.english) {
        let (of, bytes) = read(file, args, &english, &mut imported, &progress)?;
        if of.skipped.is_some() {
            kept.push((of.kept.clone(), bytes));
        }
        report.tables.push(of);
    }
    progress.finish();
    report.outcome = if report.skipped().is_some() { "checked" } else { "refused" };
    if report.outcome == "checked" {
        together(&imported, &mut report);
    }
    if report.outcome == "checked" && !args.check {
        keep(directory, &kept).map_err(|error| failed(&error))?;
        report.outcome = "imported";
    }
    report.write(output)?;
    Ok(if report.outcome == "refused" { Exit::Refused } else { Exit::Done })
}

/// What was imported before. Where that cannot be read, an import is what mends it.
fn before(directory: &Path, report: &mut Report) -> Imported {
    match load(directory) {
        Ok((imported, _)) => imported,
        Err(error) => {
            report.says.push(format!("what was imported before cannot be read: {error}"));
            Imported::none()
        }
    }
}

fn english_labels(
    files: &[TableFile],
    args: &ImportArgs,
    progress: &Progress,
    report: &mut Report,
) -> Result<HashMap<Table, EnglishLabels>, Failure> {
    let mut all = HashMap::new();
    for file in files.iter().filter(|file| file.english) {
        let (labels, findings) = official::english_labels(file.table, file.separator, file.open(progress)?);
        if !findings.is_empty() {
            let skipped = skipped(&findings, labels.len(), args.strict);
            report.english.push(OfLabels { source: file.source(), findings, skipped });
        }
        all.insert(file.table, labels);
    }
    Ok(all)
}

/// Reads a file, and puts its table among the others.
fn read(
    file: &TableFile,
    args: &ImportArgs,
    english: &HashMap<Table, EnglishLabels>,
    imported: &mut Imported,
    progress: &Progress,
) -> Result<(OfTable, Vec<u8>), Failure> {
    let none = EnglishLabels::new();
    let read = official::read(file.table, file.separator, english.get(&file.table).unwrap_or(&none), file.open(progress)?);
    let bytes = read.content.to_csv().map_err(Failure::internal)?;
    let version = TableVersion::of(file.table.as_str(), args.release.clone().unwrap_or_else(|| file.release()), &bytes);
    let rows = usize::try_from(read.lines).unwrap_or(usize::MAX);
    let skipped = skipped(&read.findings, rows, args.strict);
    let before = imported.version(file.table).cloned();
    let kept =
        KeptTable { version: version.clone(), rows: read.content.rows() as u64, source: file.source(), imported_at: SystemClock.now() };
    imported.put(file.table, version, read.content);
    Ok((OfTable { kept, before, lines: read.lines, left_out: read.left_out, findings: read.findings, skipped }, bytes))
}

/// Whether the tables belong together, and what there is to say of them.
fn together(imported: &Imported, report: &mut Report) {
    let reference = match Reference::with(imported) {
        Ok(reference) => reference,
        Err(error) => {
            report.outcome = "refused";
            report.says.push(error.to_string());
            return;
        }
    };
    for (table, loose, all) in reference.dangling(imported).into_iter().filter(|(_, loose, _)| *loose > 0) {
        let what = format!("{loose} of {all} relations of {} name something that no table has", table.as_str());
        if loose * LOOSE > all {
            report.outcome = "refused";
            report.says.push(format!("{what}; give the files of one release together"));
        } else {
            report.says.push(format!("{what}; they are left out"));
        }
    }
    let (skills, occupations) = reference.shared_labels();
    if skills + occupations > 0 {
        let what = format!("{skills} label(s) stand for more than one skill, {occupations} for more than one occupation");
        report.says.push(format!("{what}; who asks by one of them is told which there are"));
    }
    report.totals = Some((reference.skills().len(), reference.occupations().len(), reference.places().len()));
}

/// How many rows of a file are skipped; nothing where the file is refused.
///
/// A cell that is not of its form is a fault of its row. Rows with too many or too few cells, and what is wrong with the file as a whole, are not
/// skipped: a quotation mark that is missing takes other rows with it.
fn skipped(findings: &Findings, rows: usize, strict: bool) -> Option<usize> {
    if findings.is_empty() {
        return Some(0);
    }
    let lines: BTreeSet<u64> = findings.named.iter().map(|finding| finding.line).collect();
    let of_cells = findings.named.iter().all(|finding| finding.line > 0 && !finding.column.is_empty());
    let few = findings.others == 0 && lines.len() <= MOST_SKIPPED && lines.len().saturating_mul(SKIPPED) <= rows;
    (of_cells && few && !strict).then_some(lines.len())
}
