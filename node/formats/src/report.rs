//! What a reader gives: offers with what was lost of each, and what was refused.

use std::fmt;

use polder_model::{Finding, FindingCode, Kind, OfferKey};
use serde_json::Value;

/// What is said of a record of which no offer can be made.
pub const NO_OFFER: &str = "this record becomes no offer";

/// What became of one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// It is an offer.
    Record(Record),
    /// It was refused.
    Refused(Refused),
    /// It is no offer now.
    Ended(Ended),
}

impl Entry {
    /// Where it stood.
    #[must_use]
    pub const fn place(&self) -> Place {
        match self {
            Self::Record(record) => record.place,
            Self::Refused(refused) => refused.place,
            Self::Ended(ended) => ended.place,
        }
    }
}

/// What came out of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The offers, in their order.
    pub records: Vec<Record>,
    /// What was refused, in its order.
    pub refused: Vec<Refused>,
    /// What is no offer now, in its order.
    pub ended: Vec<Ended>,
    /// What was lost of the input as a whole, such as columns that nobody asked for.
    pub notes: Vec<Note>,
}

/// An offer that was read. Its document passes `polder_model::offer::parse`.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it stood.
    pub place: Place,
    /// The key that is proposed for it: the same for the same identifier in the input.
    pub key: OfferKey,
    /// The kind of offer.
    pub kind: Kind,
    /// The offer.
    pub document: Value,
    /// What was lost, or is not as it was.
    pub notes: Vec<Note>,
}

/// Where something stood in the input, each counted from 1; `None` where it has no such number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The record.
    pub item: Option<u64>,
    /// The line at which it begins.
    pub line: Option<u64>,
}

/// Something that was read well, and is no offer now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Where it stood.
    pub place: Place,
    /// The key of its offer, if there is one.
    pub key: OfferKey,
    /// Why.
    pub because: NotLive,
}

/// Why something is no offer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLive {
    /// It is valid from a later day.
    NotYet,
    /// It is valid no more.
    Past,
    /// All its offerings are cancelled.
    Cancelled,
    /// None of its offerings is active and open for enrolment.
    NothingOpen,
    /// It describes what others offer.
    Specification,
    /// Its sender takes it back.
    Withdrawn,
}

impl NotLive {
    /// The code, for texts in other languages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Past => "past",
            Self::Cancelled => "cancelled",
            Self::NothingOpen => "nothing-open",
            Self::Specification => "specification",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A record, or a whole input, that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it stood.
    pub place: Place,
    /// The key that its offer would have, where the record says enough for one.
    pub key: Option<Box<OfferKey>>,
    /// The field by its name in the format; empty for the whole record.
    pub field: String,
    /// Why.
    pub why: Why,
}

/// Why something was refused: a code with its arguments. None of them is a value from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is not of the format.
    NotOfTheFormat {
        /// What it must be.
        allowed: String,
    },
    /// Its bytes are no text in an encoding that is read.
    Encoding {
        /// The encodings.
        allowed: &'static str,
    },
    /// An XML document with a document type, which may hold entities.
    DocumentType,
    /// More than is taken.
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The most.
        most: u64,
    },
    /// Nothing of the format was found in it.
    NothingFound {
        /// What was sought.
        sought: &'static str,
    },
    /// A field without which there is no offer.
    Missing {
        /// What it must be.
        allowed: &'static str,
    },
    /// Another record before it has the same key.
    KeyTwice,
    /// It breaks a rule: of JSON, or the offer that came of it one of offers.
    Rule(Finding),
}

impl Why {
    /// The code, for texts in other languages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOfTheFormat { .. } => "not-of-the-format",
            Self::Encoding { .. } => "encoding",
            Self::DocumentType => "document-type",
            Self::TooMuch { .. } => "too-much",
            Self::NothingFound { .. } => "nothing-found",
            Self::Missing { .. } => "missing",
            Self::KeyTwice => "key-twice",
            Self::Rule(_) => "rule",
        }
    }
}

/// One thing of a record that was lost, or is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The field by its name in the format.
    pub field: String,
    /// What became of it.
    pub loss: Loss,
    /// Of what it is said, for whoever has the record: the beginning of a text that is kept, or a name. May be empty.
    pub of: String,
}

/// Something that was written of an offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What was written.
    pub value: Value,
    /// What of the offer is not in it, by the JSON Pointers of its members.
    pub lost: Vec<Note>,
}

/// What became of a field: a code with its arguments. None of them is a value from the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Its text stands in the description.
    KeptAsText,
    /// It has no place in an offer.
    LeftOut {
        /// Why.
        because: &'static str,
    },
    /// Its value was not understood, or is out of bounds, and it was left out.
    NotUnderstood {
        /// What is understood.
        allowed: String,
    },
    /// Its text was cut off.
    Shortened {
        /// The characters that an offer has room for.
        most: u64,
    },
    /// The list was cut off.
    ListShortened {
        /// The entries that an offer has room for.
        most: u64,
    },
    /// It was not given, and something stands in its place.
    Assumed {
        /// What.
        what: &'static str,
    },
    /// The format has no field of this name.
    UnknownField,
    /// Its JSON had control characters inside its texts.
    Repaired,
    /// So many more notes than are listed.
    More {
        /// How many.
        count: u64,
    },
}

impl Loss {
    /// The code, for texts in other languages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeptAsText => "kept-as-text",
            Self::LeftOut { .. } => "left-out",
            Self::NotUnderstood { .. } => "not-understood",
            Self::Shortened { .. } => "shortened",
            Self::ListShortened { .. } => "list-shortened",
            Self::Assumed { .. } => "assumed",
            Self::UnknownField => "unknown-field",
            Self::Repaired => "repaired",
            Self::More { .. } => "more",
        }
    }
}

impl Refused {
    pub(crate) fn new(place: Place, field: &str, why: Why) -> Self {
        Self { place, key: None, field: field.to_owned(), why }
    }

    /// The same, of the record with this key.
    pub(crate) fn of(self, key: OfferKey) -> Self {
        Self { key: Some(Box::new(key)), ..self }
    }

    /// As a finding, with the reason in those words; they stand behind the name of the field.
    #[must_use]
    pub fn finding(&self, reason: &str) -> Finding {
        match &self.why {
            Why::Rule(finding) => finding.clone(),
            _ if self.field.is_empty() => Finding::new("", FindingCode::OutOfBounds, reason),
            _ => Finding::new("", FindingCode::OutOfBounds, format!("{}: {reason}", self.field)),
        }
    }
}

impl Read {
    /// What was lost of the input as a whole, and what became of each record, in the order of the input.
    #[must_use]
    pub fn entries(self) -> (Vec<Note>, Vec<Entry>) {
        let records = self.records.into_iter().map(Entry::Record);
        let others = self.refused.into_iter().map(Entry::Refused).chain(self.ended.into_iter().map(Entry::Ended));
        let mut entries: Vec<Entry> = records.chain(others).collect();
        entries.sort_by_key(|entry| (entry.place().line, entry.place().item));
        (self.notes, entries)
    }

    /// An input that is refused as a whole.
    pub(crate) fn whole(why: Why) -> Self {
        Self::whole_at(why, None)
    }

    /// The same, for something on this line.
    pub(crate) fn whole_at(why: Why, line: Option<u64>) -> Self {
        Self { refused: vec![Refused::new(Place { item: None, line }, "", why)], ..Self::default() }
    }

    /// Takes in what became of a record. A key stands once.
    pub(crate) fn take(&mut self, keys: &mut std::collections::HashSet<OfferKey>, record: Result<Record, Refused>) {
        match record {
            Ok(record) if keys.insert(record.key.clone()) => self.records.push(record),
            Ok(record) => self.refused.push(Refused::new(record.place, "", Why::KeyTwice).of(record.key)),
            Err(refused) => self.refused.push(refused),
        }
    }
}

impl Place {
    /// Its line, or else the number of its record, where the input begins on this line.
    #[must_use]
    pub fn line_from(self, begins: u64) -> u64 {
        begins + self.line.or(self.item).unwrap_or(1).saturating_sub(1)
    }
}

impl fmt::Display for NotLive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Withdrawn => "its sender takes it back; delete it at the node if it is there",
            _ => "this is no offer now",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.item, self.line) {
            (Some(item), Some(line)) => write!(f, "record {item}, line {line}"),
            (Some(item), None) => write!(f, "record {item}"),
            (None, Some(line)) => write!(f, "line {line}"),
            (None, None) => f.write_str("the whole input"),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(f, ": {}", self.why)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOfTheFormat { allowed } => write!(f, "this is not of the format; it must be {allowed}"),
            Self::Encoding { allowed } => write!(f, "these bytes are no text; allowed are {allowed}"),
            Self::DocumentType => f.write_str("the document has a DOCTYPE, which may hold entities; leave it out"),
            Self::TooMuch { what, most } => write!(f, "more than {most} {what}; send it in parts"),
            Self::NothingFound { sought } => write!(f, "nothing to read was found; sought is {sought}"),
            Self::Missing { allowed } => write!(f, "this must be given: {allowed}"),
            Self::KeyTwice => f.write_str("another record before it has the same key; give each its own"),
            Self::Rule(finding) => f.write_str(&finding.message),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() { write!(f, "{}", self.loss) } else { write!(f, "{}: {}", self.field, self.loss) }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeptAsText => f.write_str("text kept, not parsed"),
            Self::LeftOut { because } => write!(f, "left out: {because}"),
            Self::NotUnderstood { allowed } => write!(f, "left out, since it was not understood; understood is: {allowed}"),
            Self::Shortened { most } => write!(f, "cut off after {most} characters"),
            Self::ListShortened { most } => write!(f, "cut off after {most} entries"),
            Self::Assumed { what } => write!(f, "not given; {what}"),
            Self::UnknownField => f.write_str("left out: the format has no field of this name"),
            Self::Repaired => f.write_str(crate::repair::REPAIRED),
            Self::More { count } => write!(f, "{count} more notes"),
        }
    }
}
