//! Offers from files: found, read one by one, and put through the node's own interface.

mod file;
mod foreign;
#[cfg(test)]
mod fuzz;
mod lines;
mod note;
mod parts;
mod record;
mod resume;
mod source;
mod verdict;

use polder_model::problem::{Problem, ProblemType};
use polder_model::{Date, Finding, Kind, OfferKey};

use crate::print::Lang;

pub(crate) use file::{Target, file};
pub(crate) use foreign::Foreign;
pub(crate) use note::Note;
pub(crate) use parts::Parts;
pub(crate) use resume::Resume;
use source::{Named, read};
pub(crate) use verdict::Verdict;

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Lines `{"kind","key","document"}`, or an array of them.
    #[value(alias = "ndjson")]
    Polder,
    /// schema.org JobPosting: JSON, JSON-LD, or an HTML page that holds it.
    #[value(alias = "job-posting")]
    Jobposting,
    /// XML of SETU Vacancies 1.1 or HR-XML 2.5; a file of at most 16 MiB.
    Setu,
    /// Rows of a spreadsheet, with --mapping; a file of at most 16 MiB.
    Csv,
    /// Whichever it is.
    Auto,
}

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// The kind of every record, where records do not say.
    pub kind: Option<Kind>,
    /// How records are written.
    pub format: Format,
    /// The day.
    pub today: Date,
    /// In which language what was lost of a record is said.
    pub lang: Lang,
}

/// An offer to put.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The line in its file.
    pub line: u64,
    /// The number of the entry, from 1, of an array.
    pub entry: Option<u64>,
    /// Its kind.
    pub kind: Kind,
    /// Its key.
    pub key: OfferKey,
    /// Its document.
    pub document: String,
    /// How it was mapped, and what was not.
    pub mapping: Vec<Note>,
}

/// A record that cannot become an offer.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// The line in its file.
    pub line: u64,
    /// The number of the entry, from 1, of an array.
    pub entry: Option<u64>,
    /// Its kind, where it is known.
    pub kind: Option<Kind>,
    /// Its key, where it is known.
    pub key: Option<String>,
    /// What is wrong.
    pub problem: Box<Problem>,
    /// How it was mapped, and what was not.
    pub mapping: Vec<Note>,
}

/// A record, or why there is none.
pub(crate) type Item = Result<Record, Refused>;

impl Refused {
    fn new(line: u64, detail: impl Into<String>, findings: Vec<Finding>) -> Self {
        let problem = Box::new(Problem::new(ProblemType::InvalidDocument, detail).with_findings(findings));
        Self { line, entry: None, kind: None, key: None, problem, mapping: Vec::new() }
    }

    fn of(self, kind: Kind, key: &str) -> Self {
        Self { kind: Some(kind), key: Some(key.to_owned()), ..self }
    }
}
