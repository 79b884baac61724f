//! `polder import`: offers from files, with a verdict for each.

mod kept;
mod lines;
mod remarks;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_exchange::{Clock, SystemClock};
use polder_model::Kind;
use serde_json::json;

use crate::client::{NodeArgs, finding_in_words_of, in_words_of};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::import::{Foreign, Format, Options, Parts, Resume, Target, Verdict, file};
use crate::output::{Output, Progress, clean};
use crate::print::{Lang, count};
use lines::Lines;
use remarks::Remarks;

/// Which files, and how they are written.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files; `-` for standard input.
    #[arg(required_unless_present_any = ["list", "end"])]
    files: Vec<PathBuf>,
    /// The kind of the records, where they do not say themselves.
    #[arg(long, value_name = "KIND", value_parser = crate::words_of::kind())]
    kind: Option<Kind>,
    /// How the records are written.
    #[arg(long, value_enum, default_value = "auto")]
    format: Format,
    /// With --format csv: which column becomes which member, as TOML or JSON (docs/formats.md says how).
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Check everything, put nothing. No node is needed.
    #[arg(long)]
    dry_run: bool,
    /// Put nothing, but write what would be put as lines to this file (`-` for standard output; all else is then said on standard error).
    /// No node is needed.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep in this file how far the import is; after a cut, run the same command again to go on. The file is removed when all is in.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "output"])]
    resume: Option<PathBuf>,
    /// Show the imports that the node keeps, the latest first.
    #[arg(long, conflicts_with_all = ["files", "kind", "dry_run", "output", "resume"])]
    list: bool,
    /// End the import with this id: it takes no more parts, and its verdicts are removed. Its offers stay.
    #[arg(long, value_name = "ID", conflicts_with_all = ["files", "kind", "dry_run", "output", "resume", "list"])]
    end: Option<String>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Refused records that one still reads one by one.
const ON_A_SCREEN: u64 = 10;

/// What there is to say, and where it is said.
struct Report<'o> {
    output: &'o Output,
    progress: Progress,
    /// Standard output belongs to the lines.
    aside: bool,
    lines: Option<Lines>,
    /// How many records had which outcome.
    counts: BTreeMap<&'static str, u64>,
    remarks: Remarks,
    /// Why records were refused.
    refusals: Remarks,
    /// How many profiles of people are new at the node.
    people: usize,
    /// The file that is read, where there are several.
    file: Option<PathBuf>,
}

/// Imports. Exit code 1 when a record was refused, or a file holds none.
pub(crate) async fn run(args: &ImportArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    if args.list {
        return kept::list(&args.node.client(config)?, output).await;
    }
    if let Some(id) = &args.end {
        return kept::end(&args.node.client(config)?, id, output).await;
    }
    let foreign = match args.format {
        Format::Csv => Some(Foreign::sheet(args.mapping.as_deref(), output.lang)?),
        _ if args.mapping.is_some() => {
            return Err(Failure::configuration(("--mapping: only with --format csv", "--mapping: alleen met --format csv")));
        }
        Format::Setu => Some(Foreign::setu(output.lang)),
        Format::Polder | Format::Jobposting | Format::Auto => None,
    };
    if matches!(args.format, Format::Auto)
        && let Some(table) = args.files.iter().find(|path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")))
    {
        return Err(Failure::configuration((
            format!(
                "{}: what the columns of a table mean has to be said: --format csv --mapping mapping.toml (docs/formats.md)",
                table.display()
            ),
            format!(
                "{}: zeg wat de kolommen van een tabel betekenen: --format csv --mapping mapping.toml (docs/formats.md)",
                table.display()
            ),
        )));
    }
    let checked = args.dry_run || args.output.is_some();
    if args.resume.is_some() && args.files.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::configuration((
            "--resume: standard input cannot be read again; name files",
            "--resume: de standaardinvoer kan niet opnieuw worden gelezen; noem bestanden",
        )));
    }
    let resume = args.resume.as_deref().map(Resume::read).transpose()?.unwrap_or_default();
    let mut target = if checked { Target::Check } else { Target::Node(Box::new(Parts::new(args.node.client(config)?, resume))) };
    let lines = args.output.as_deref().map(Lines::to).transpose()?;
    let aside = matches!(lines, Some(Lines::Standard));
    let (counts, remarks, refusals) = (BTreeMap::new(), Remarks::default(), Remarks::default());
    let mut report = Report { output, progress: output.progress(0), aside, lines, counts, remarks, refusals, people: 0, file: None };
    let mut empty = Vec::new();
    for path in &args.files {
        report.file = (args.files.len() > 1).then(|| path.clone());
        let (options, before) =
            (Options { kind: args.kind, format: args.format, today: SystemClock.now().date(), lang: output.lang }, report.records());
        let ended = file(path, options, foreign.as_ref(), &mut target, |verdict| report.add(&verdict)).await;
        if let Err(failure) = ended {
            // What was done is said, and half a file does not appear.
            report.lines = None;
            report.finish()?;
            return Err(failure);
        }
        if report.records() == before {
            empty.push(path);
        }
    }
    if let Target::Node(parts) = &target {
        parts.finish()?;
    }
    let refused = report.counts.contains_key("refused");
    report.finish()?;
    if !empty.is_empty() {
        return Err(words::no_records(&empty));
    }
    Ok(if refused { Exit::Refused } else { Exit::Done })
}

impl Report<'_> {
    fn records(&self) -> u64 {
        self.counts.values().sum()
    }

    fn add(&mut self, verdict: &Verdict) -> Result<(), Failure> {
        *self.counts.entry(verdict.outcome).or_default() += 1;
        self.people += usize::from(verdict.outcome == "created" && verdict.kind == Some(Kind::SkillOffer));
        self.progress.step("records");
        if let Some(lines) = &mut self.lines {
            let output = self.output;
            self.progress.aside(|| lines.write(verdict, output))?;
        }
        if self.output.json {
            return self.say(&as_json(verdict, self.file.as_deref()).to_string());
        }
        let lang = self.output.lang;
        let place = match &self.file {
            Some(file) => format!("{}:{}", file.display(), verdict.line),
            None => format!("{} {}", lang.either("line", "regel"), verdict.line),
        };
        let place = verdict.entry.map_or(place.clone(), |entry| format!("{place}, {} {entry}", lang.either("entry", "onderdeel")));
        let key = verdict.key.as_deref().map(|key| format!(" {}", clean(key))).unwrap_or_default();
        for note in &verdict.mapping {
            let of = if note.of.is_empty() { format!("{place}{key}") } else { clean(&note.of) };
            self.remarks.add(&clean(&note.says), &of);
        }
        for note in &verdict.notes {
            self.remarks.add(&finding_in_words_of(note, lang), &format!("{place}{key}"));
        }
        let Some(problem) = &verdict.problem else { return Ok(()) };
        for finding in &problem.findings {
            self.refusals.add(&finding_in_words_of(finding, lang), &format!("{place}{key}"));
        }
        self.say(&format!("{place}:{key} {}: {}", self.output.style.red(words::outcome("refused", lang)), in_words_of(problem, lang)))
    }

    /// Says something on standard output, unless that belongs to the lines.
    fn say(&self, text: &str) -> Result<(), Failure> {
        self.progress.aside(|| {
            if self.aside {
                self.output.note(text);
                return Ok(());
            }
            self.output.line(text)
        })
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.progress.finish();
        if let Some(lines) = self.lines.take() {
            lines.finish()?;
        }
        if self.people > 0 {
            self.output.warn(&of_nobody(self.people, self.output.lang));
        }
        if self.output.json || self.counts.is_empty() {
            return Ok(());
        }
        let lang = self.output.lang;
        for remark in self.remarks.lines(lang) {
            self.say(&self.output.style.dim(&remark))?;
        }
        if self.counts.get("refused").is_some_and(|refused| *refused > ON_A_SCREEN) {
            self.say(lang.either("Refused, each reason once:", "Geweigerd, elke reden één keer:"))?;
            for reason in self.refusals.lines(lang) {
                self.say(&format!("  {reason}"))?;
            }
        }
        let parts: Vec<String> = self.counts.iter().map(|(outcome, count)| format!("{count} {}", words::outcome(outcome, lang))).collect();
        self.say(&parts.join(", "))
    }
}

/// That profiles came in which no worker has taken over.
fn of_nobody(people: usize, lang: Lang) -> String {
    let profiles = count(people, lang.either("new profile", "nieuw profiel"), lang.either("new profiles", "nieuwe profielen"));
    lang.either(
        format!(
            "{profiles} of people: of nobody yet, and nobody sees them, until the worker of each has taken it over (polder people invite). Who had one at \
             another node, and gave consents there, begins anew here"
        ),
        format!(
            "{profiles} van mensen: nog van niemand, en niemand ziet ze, tot de werkende zelf het overneemt (polder people invite). Wie er een had op een ander \
             knooppunt, en daar toestemming gaf, begint hier opnieuw"
        ),
    )
}

fn as_json(verdict: &Verdict, file: Option<&Path>) -> serde_json::Value {
    let mut line = json!({"line": verdict.line, "kind": verdict.kind, "key": verdict.key, "outcome": verdict.outcome});
    if let Some(entry) = verdict.entry {
        line["entry"] = json!(entry);
    }
    if let Some(problem) = &verdict.problem {
        line["problem"] = json!(problem);
    }
    if !verdict.mapping.is_empty() {
        line["mapping"] = json!(verdict.mapping.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
    if !verdict.notes.is_empty() {
        line["notes"] = json!(verdict.notes);
    }
    if let Some(file) = file {
        line["file"] = json!(file);
    }
    line
}
