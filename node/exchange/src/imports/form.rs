//! Parts in the formats of other systems: read whole, mapped to offers, and kept as lines in a file without a name until these are stored.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Seek, Write};
use std::sync::Arc;

use polder_formats::report::{Entry, Loss, NO_OFFER, Note, Read};
use polder_formats::{Context, LARGEST_INPUT, job_posting, position_opening, sheet};
use polder_model::import::Mapped;
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Kind, OfferKey};
use polder_store::Precondition;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::lines::{BYTES, LINES, Line, NotAnOffer};
use crate::publish::Publication;

/// Most notes on how a record was mapped; one more says how many others there are.
const MOST_MAPPED: usize = 20;

/// How a part is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines `{"key", "document"}`.
    Lines,
    /// schema.org JobPosting: JSON-LD, or a page that holds it.
    JobPosting,
    /// XML of SETU Vacancies or HR-XML.
    PositionOpening,
    /// CSV whose columns have the names of members.
    Sheet,
}

impl Form {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::JobPosting => "job-posting",
            Self::PositionOpening => "position-opening",
            Self::Sheet => "sheet",
        }
    }

    /// Whether it has offers of this kind.
    #[must_use]
    pub fn holds(self, kind: Kind) -> bool {
        match self {
            Self::Lines => true,
            Self::JobPosting | Self::PositionOpening => kind == Kind::Vacancy,
            Self::Sheet => kind != Kind::SkillOffer,
        }
    }

    fn read(self, bytes: &[u8], kind: Kind, context: Context<'_>) -> Read {
        match self {
            // Lines are not read whole.
            Self::Lines => Read::default(),
            Self::JobPosting => job_posting::read(bytes, context),
            Self::PositionOpening => position_opening::read(bytes, context),
            Self::Sheet => sheet::read_named(bytes, kind),
        }
    }
}

/// The SHA-256 of the bytes that took the number of a part, of what took it.
#[must_use]
pub fn sha256_of(taken_by: &str) -> &str {
    taken_by.split(' ').next().unwrap_or(taken_by)
}

/// A record between its reading and its storing.
#[derive(Serialize, Deserialize)]
struct Kept {
    line: u64,
    key: Option<OfferKey>,
    /// The offer; `None` where there is none.
    document: Option<Box<RawValue>>,
    problem: Option<Box<Problem>>,
    mapping: Vec<Mapped>,
}

impl Kept {
    fn of(entry: Entry) -> io::Result<Self> {
        let line = entry.place().line_from(1);
        let no_offer = |key, detail: &str, findings| {
            let problem = Problem::new(ProblemType::InvalidDocument, detail).with_findings(findings);
            Self { line, key, document: None, problem: Some(Box::new(problem)), mapping: Vec::new() }
        };
        Ok(match entry {
            Entry::Record(record) => {
                let document = Some(RawValue::from_string(record.document.to_string())?);
                Self { line, key: Some(record.key), document, problem: None, mapping: record.notes.iter().map(mapped).collect() }
            }
            Entry::Refused(refused) => {
                let finding = refused.finding(&refused.why.to_string());
                no_offer(refused.key.map(|key| *key), NO_OFFER, vec![finding])
            }
            Entry::Ended(ended) => no_offer(Some(ended.key), &ended.because.to_string(), Vec::new()),
        })
    }

    fn line(self, entry: u64, kind: Kind) -> Line {
        let Self { line, key, document, problem, mapping } = self;
        let offer = match (key, document, problem) {
            (Some(key), Some(document), None) => {
                Ok(Publication { kind, key, document: Arc::from(document.get().as_bytes()), precondition: Precondition::None })
            }
            (key, _, problem) => {
                let problem = problem.unwrap_or_else(|| Box::new(Problem::new(ProblemType::InvalidDocument, NO_OFFER)));
                Err(NotAnOffer { key, problem })
            }
        };
        Line { line, entry: Some(entry), mapping: Some(mapping), offer }
    }
}

fn mapped(note: &Note) -> Mapped {
    Mapped { field: note.field.clone(), code: note.loss.code().to_owned(), message: note.loss.to_string() }
}

/// At most so many notes.
fn bounded(mapping: &mut Vec<Mapped>) {
    let others = mapping.len().saturating_sub(MOST_MAPPED) as u64;
    if others > 0 {
        mapping.truncate(MOST_MAPPED);
        mapping.push(mapped(&Note { field: String::new(), loss: Loss::More { count: others }, of: String::new() }));
    }
}

/// Maps a part, and writes what became of each record to a file, from its beginning.
pub(super) fn map(part: File, form: Form, kind: Kind, context: Context<'_>, to: File) -> io::Result<File> {
    let mut bytes = Vec::new();
    part.take(LARGEST_INPUT as u64 + 1).read_to_end(&mut bytes)?;
    let (whole, entries) = form.read(&bytes, kind, context).entries();
    drop(bytes);
    let mut file = BufWriter::new(to);
    // What was lost of the part as a whole is said of its first record.
    let mut whole = Some(whole);
    for entry in entries {
        let mut kept = Kept::of(entry)?;
        kept.mapping.extend(whole.take().iter().flatten().map(mapped));
        bounded(&mut kept.mapping);
        serde_json::to_writer(&mut file, &kept)?;
        file.write_all(b"\n")?;
    }
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

/// The records of a part that was mapped.
pub(super) struct Records {
    reader: BufReader<File>,
    kind: Kind,
    entry: u64,
    /// Records up to this one are passed over.
    after: u64,
}

impl Records {
    pub(super) fn after(file: File, kind: Kind, after: u64) -> Self {
        Self { reader: BufReader::new(file), kind, entry: 0, after }
    }

    /// The next records; none at the end.
    pub(super) fn piece(&mut self) -> io::Result<Vec<Line>> {
        let (mut piece, mut bytes) = (Vec::new(), 0);
        while piece.len() < LINES && bytes < BYTES {
            let mut line = Vec::new();
            if self.reader.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            self.entry += 1;
            if self.entry > self.after {
                bytes += line.len();
                piece.push(serde_json::from_slice::<Kept>(&line)?.line(self.entry, self.kind));
            }
        }
        Ok(piece)
    }
}
