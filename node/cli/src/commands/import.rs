//! `polder import`: offers from files, with a verdict for each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use polder_model::Kind;
use serde_json::json;

use crate::client::{NodeArgs, NodeClient, finding_in_words, in_words};
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::import::{Format, Options, Target, Verdict, file};
use crate::output::{Output, Progress, clean};

/// Which files, and how they are written.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files; `-` for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The kind of the records, where they do not say themselves.
    #[arg(long, value_name = "KIND", value_parser = crate::words_of::kind())]
    kind: Option<Kind>,
    /// How the records are written.
    #[arg(long, value_enum, default_value = "auto")]
    format: Format,
    /// Check everything, put nothing. No node is needed.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    node: NodeArgs,
}

/// How many records had which outcome.
type Counts = BTreeMap<&'static str, u64>;

/// Imports. Exit code 1 when a record was refused.
pub(crate) async fn run(args: &ImportArgs, config: Source<'_>, output: &Output) -> Result<Exit, Failure> {
    let target = if args.dry_run { Target::Check } else { Target::Node(NodeClient::new(&args.node, Some(config))?) };
    let (progress, mut counts) = (output.progress(0), Counts::new());
    for path in &args.files {
        let ended = import(args, path, target.clone(), output, &progress, &mut counts).await;
        if ended.is_err() {
            progress.finish();
        }
        ended?;
    }
    progress.finish();
    if !output.json {
        let parts: Vec<String> = counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
        output.line(if parts.is_empty() { "No records found.".to_owned() } else { parts.join(", ") })?;
    }
    Ok(if counts.contains_key("refused") { Exit::Refused } else { Exit::Done })
}

async fn import(
    args: &ImportArgs,
    path: &Path,
    target: Target,
    output: &Output,
    progress: &Progress,
    counts: &mut Counts,
) -> Result<(), Failure> {
    let options = Options { kind: args.kind, format: args.format };
    let name = if args.files.len() > 1 { Some(path) } else { None };
    file(path, options, target, |verdict| {
        *counts.entry(verdict.outcome).or_default() += 1;
        progress.step("records");
        progress.aside(|| show(&verdict, name, output))
    })
    .await
}

fn show(verdict: &Verdict, file: Option<&Path>, output: &Output) -> Result<(), Failure> {
    if output.json {
        return output.json(&as_json(verdict, file));
    }
    let place = match file {
        Some(file) => format!("{}:{}", file.display(), verdict.line),
        None => format!("line {}", verdict.line),
    };
    let what = verdict.key.as_deref().map(|key| format!(" {}", clean(key))).unwrap_or_default();
    if let Some(problem) = &verdict.problem {
        output.line(format!("{place}:{what} {}: {}", output.style.red("refused"), in_words(problem)))?;
    }
    let notes = verdict.notes.iter().map(finding_in_words);
    for remark in verdict.mapping.iter().cloned().chain(notes) {
        output.line(format!("{place}:{what} {}", output.style.dim(&clean(&remark))))?;
    }
    Ok(())
}

fn as_json(verdict: &Verdict, file: Option<&Path>) -> serde_json::Value {
    let mut line = json!({"line": verdict.line, "kind": verdict.kind, "key": verdict.key, "outcome": verdict.outcome});
    if let Some(problem) = &verdict.problem {
        line["problem"] = json!(problem);
    }
    if !verdict.mapping.is_empty() {
        line["mapping"] = json!(verdict.mapping);
    }
    if !verdict.notes.is_empty() {
        line["notes"] = json!(verdict.notes);
    }
    if let Some(file) = file {
        line["file"] = json!(file);
    }
    line
}
