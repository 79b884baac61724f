//! What there is to say of an import.

use polder_exchange::tables::KeptTable;
use polder_model::reference::TableVersion;
use polder_model::reference::official::Findings;
use serde_json::{Value, json};

use super::file::Unused;
use super::import::{MOST_SKIPPED, SKIPPED};
use crate::exit::Failure;
use crate::output::Output;

/// What became of the file of a table.
pub(super) struct OfTable {
    pub kept: KeptTable,
    /// The version that was imported before.
    pub before: Option<TableVersion>,
    pub lines: u64,
    pub left_out: Vec<(&'static str, u64)>,
    pub findings: Findings,
    /// How many rows are skipped for them; nothing where they are too many.
    pub skipped: Option<usize>,
}

/// A file of English labels in which something is wrong.
pub(super) struct OfLabels {
    pub source: String,
    pub findings: Findings,
    /// How many rows are skipped for them; nothing where they are too many.
    pub skipped: Option<usize>,
}

/// What became of an import.
#[derive(Default)]
pub(super) struct Report {
    /// `imported`, `checked` or `refused`.
    pub outcome: &'static str,
    pub tables: Vec<OfTable>,
    pub unused: Vec<Unused>,
    /// Files of English labels in which something is wrong.
    pub english: Vec<OfLabels>,
    pub says: Vec<String>,
    /// Skills, occupations and postcodes, with those of the program.
    pub totals: Option<(usize, usize, usize)>,
}

impl Report {
    /// How many rows are skipped; nothing where a file is refused.
    pub fn skipped(&self) -> Option<usize> {
        let tables = self.tables.iter().map(|of| of.skipped);
        tables.chain(self.english.iter().map(|of| of.skipped)).sum()
    }

    /// Which files are refused for what is wrong in them, and what may be.
    fn because(&self) -> String {
        let tables = self.tables.iter().filter(|of| of.skipped.is_none()).map(|of| of.kept.source.as_str());
        let english = self.english.iter().filter(|of| of.skipped.is_none()).map(|of| of.source.as_str());
        let files: Vec<&str> = tables.chain(english).collect();
        if files.is_empty() {
            return String::new();
        }
        format!(
            ", for what is wrong in {}: a wrong cell in {MOST_SKIPPED} rows of a file and one row in {SKIPPED} at most is passed over, and none with \
             --strict. Mend those rows, or get the file anew",
            files.join(", ")
        )
    }

    pub fn write(&self, output: &Output) -> Result<(), Failure> {
        if output.json {
            return output.pretty_json(&self.as_json());
        }
        for of in &self.tables {
            let TableVersion { name, version, sha256 } = &of.kept.version;
            let before = match &of.before {
                Some(before) if before.sha256 == *sha256 => " (the same as before)".to_owned(),
                Some(before) => format!(" (before: {})", before.version),
                None => String::new(),
            };
            output.line(format!("{}: {} rows of {}, version {version}{before}", output.style.bold(name), of.kept.rows, of.kept.source))?;
            for (what, times) in &of.left_out {
                output.line(output.style.dim(&format!("  {times} x {what}")))?;
            }
            findings(&of.kept.source, &of.findings, output)?;
        }
        for of in &self.english {
            findings(&of.source, &of.findings, output)?;
        }
        for unused in &self.unused {
            output.line(output.style.dim(&format!("{}: not used ({})", unused.source, unused.what)))?;
        }
        for says in &self.says {
            output.line(says)?;
        }
        if let Some((skills, occupations, postcodes)) = self.totals {
            output.line(format!(
                "With the tables of the program: {skills} skills and groups, {occupations} occupations, {postcodes} postcodes."
            ))?;
        }
        if let Some(skipped) = self.skipped().filter(|skipped| *skipped > 0 && self.outcome != "refused") {
            output.line(format!("{skipped} row(s) in which something is wrong are skipped; with --strict the files would be refused."))?;
        }
        output.line(match self.outcome {
            "imported" => "Imported. A node that runs takes them within seconds.".to_owned(),
            "checked" => "This can be imported; nothing was, since this was a check.".to_owned(),
            _ => format!("{}: nothing was imported{}.", output.style.red("refused"), self.because()),
        })
    }

    fn as_json(&self) -> Value {
        let tables = self.tables.iter().map(|of| {
            let mut table = json!(of.kept);
            table["lines"] = json!(of.lines);
            table["before"] = json!(of.before);
            table["leftOut"] = of.left_out.iter().map(|(what, times)| json!({"what": what, "times": times})).collect();
            table["skipped"] = json!(of.skipped);
            table["findings"] = json!(of.findings.named);
            table["moreFindings"] = json!(of.findings.others);
            table
        });
        let english = self.english.iter();
        json!({
            "outcome": self.outcome,
            "tables": tables.collect::<Vec<_>>(),
            "english": english.map(OfLabels::as_json).collect::<Vec<_>>(),
            "unused": self.unused.iter().map(|file| json!({"source": file.source, "what": file.what})).collect::<Vec<_>>(),
            "says": self.says,
            "totals": self.totals.map(|(skills, occupations, postcodes)| json!({"skills": skills, "occupations": occupations, "postcodes": postcodes})),
        })
    }
}

impl OfLabels {
    fn as_json(&self) -> Value {
        let wrong = &self.findings;
        json!({"source": self.source, "skipped": self.skipped, "findings": wrong.named, "moreFindings": wrong.others})
    }
}

fn findings(source: &str, findings: &Findings, output: &Output) -> Result<(), Failure> {
    for finding in &findings.named {
        let place = match (finding.line, finding.column.as_str()) {
            (0, _) => source.to_owned(),
            (line, "") => format!("{source}:{line}"),
            (line, column) => format!("{source}:{line}, {column}"),
        };
        output.line(format!("  {}: {}", output.style.red(&place), finding.message))?;
    }
    if findings.others > 0 {
        output.line(format!("  {source}: {} more", findings.others))?;
    }
    Ok(())
}
