//! The mapping: which column becomes which member.

use std::collections::BTreeMap;

use polder_model::Kind;
use serde::Deserialize;

use super::members::{self, Member};
use crate::report::Why;

/// Largest mapping, in bytes, and most columns of one.
const LARGEST: usize = 256 * 1024;
pub(super) const MOST_COLUMNS: usize = 500;

/// A mapping of the columns of a CSV file to the members of offers, as TOML or JSON.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// `vacancies` or `trainings`.
    collection: String,
    /// The column with the identifier.
    pub(super) key: String,
    /// Between cells: `;`, `,`, a tab or `|`.
    #[serde(default = "semicolon")]
    pub(super) separator: char,
    /// Before the decimals: `,` or `.`.
    #[serde(default = "comma")]
    pub(super) decimal: char,
    /// How dates are written.
    #[serde(default)]
    pub(super) date: DateForm,
    /// Between the entries of a list in a cell.
    #[serde(default = "bar")]
    pub(super) list: char,
    /// The columns by their names.
    #[serde(default)]
    pub(super) columns: BTreeMap<String, Column>,
    /// Members that are the same for all.
    #[serde(default)]
    pub(super) constants: BTreeMap<String, String>,
    /// Columns that are left out.
    #[serde(default)]
    pub(super) ignore: Vec<String>,
}

const fn semicolon() -> char {
    ';'
}
const fn comma() -> char {
    ','
}
const fn bar() -> char {
    '|'
}

/// How dates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum DateForm {
    /// 2027-02-01.
    #[default]
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    /// 01-02-2027.
    #[serde(rename = "DD-MM-YYYY")]
    DutchDashes,
    /// 01/02/2027.
    #[serde(rename = "DD/MM/YYYY")]
    DutchSlashes,
    /// 02/01/2027.
    #[serde(rename = "MM/DD/YYYY")]
    AmericanSlashes,
    /// 20270201.
    #[serde(rename = "YYYYMMDD")]
    Digits,
}

impl DateForm {
    /// The mark between the parts, and the places of year, month and day.
    pub(super) const fn parts(self) -> (Option<char>, [usize; 3]) {
        match self {
            Self::Iso => (Some('-'), [0, 1, 2]),
            Self::DutchDashes => (Some('-'), [2, 1, 0]),
            Self::DutchSlashes => (Some('/'), [2, 1, 0]),
            Self::AmericanSlashes => (Some('/'), [2, 0, 1]),
            Self::Digits => (None, [0, 1, 2]),
        }
    }
}

/// What a column becomes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Column {
    /// This member, as a JSON Pointer without numbers.
    Member(String),
    /// This member, with other words for its values.
    Words { member: String, words: BTreeMap<String, String> },
    /// Text in the description, under this label.
    Text { text: String },
}

impl Column {
    pub(super) fn member(&self) -> Option<&str> {
        match self {
            Self::Member(member) | Self::Words { member, .. } => Some(member),
            Self::Text { .. } => None,
        }
    }

    /// The word of an offer for a word of the file, whatever its case; the word itself where there is none.
    pub(super) fn word<'w>(&'w self, word: &'w str) -> &'w str {
        let Self::Words { words, .. } = self else { return word };
        let like = |known: &str| known.trim().to_lowercase() == word.trim().to_lowercase();
        words.iter().find(|(known, _)| like(known)).map_or(word, |(_, meant)| meant)
    }

    /// The first word of the file for a word of an offer.
    pub(super) fn word_back<'w>(&'w self, word: &'w str) -> &'w str {
        let Self::Words { words, .. } = self else { return word };
        words.iter().find(|(_, meant)| *meant == word).map_or(word, |(known, _)| known)
    }
}

impl Mapping {
    /// Reads a mapping: JSON where it begins with `{`, TOML otherwise.
    ///
    /// # Errors
    /// What is wrong with it, where, and what is allowed.
    pub fn read(bytes: &[u8]) -> Result<Self, Why> {
        if bytes.len() > LARGEST {
            return Err(Why::TooMuch { what: "bytes of a mapping", most: LARGEST as u64 });
        }
        let text = crate::text::decode(bytes)?;
        let wrong = |line: usize, what: &str| Why::NotOfTheFormat { allowed: format!("a mapping (line {line}: {what})") };
        let mapping: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(&text).map_err(|error| {
                let what = error.to_string();
                wrong(error.line(), what.split(" at line").next().unwrap_or_default())
            })?
        } else {
            toml::from_str(&text).map_err(|error| {
                let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
                wrong(line, error.message())
            })?
        };
        mapping.checked()
    }

    /// The mapping that has a column for each member, named after it, and the key in `key`.
    #[must_use]
    pub fn whole(kind: Kind) -> Self {
        let columns = members::of(kind).iter().map(|member| (member.pointer(), Column::Member(member.pointer()))).collect();
        let collection = if kind == Kind::Training { "trainings" } else { "vacancies" }.to_owned();
        let (constants, ignore) = (BTreeMap::new(), Vec::new());
        Self { collection, key: "key".to_owned(), separator: ';', decimal: ',', date: DateForm::Iso, list: '|', columns, constants, ignore }
    }

    /// The same, of the columns that a file has: those of these names, parted so. Decimals are written with a point where cells are parted by commas.
    pub(super) fn of_columns(kind: Kind, names: &[String], separator: u8) -> Self {
        let mut mapping = Self::whole(kind);
        mapping.columns.retain(|name, _| names.contains(name));
        mapping.separator = char::from(separator);
        mapping.decimal = if separator == b',' { '.' } else { ',' };
        mapping
    }

    /// The kind of offers.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.collection == "trainings" { Kind::Training } else { Kind::Vacancy }
    }

    /// The member that a pointer names.
    pub(super) fn member(&self, pointer: &str) -> Option<&'static Member> {
        members::of(self.kind()).iter().find(|member| member.pointer() == pointer)
    }

    /// The column from which the member at a pointer of an offer came; the pointer itself where none did.
    pub(super) fn column_of(&self, pointer: &str) -> String {
        let named: Vec<&str> =
            pointer.split('/').filter(|step| !step.is_empty() && !step.bytes().all(|byte| byte.is_ascii_digit())).collect();
        let named = format!("/{}", named.join("/"));
        let exact = self.columns.iter().find(|(_, column)| column.member() == Some(&named));
        let within =
            || self.columns.iter().find(|(_, column)| column.member().is_some_and(|member| member.starts_with(&format!("{named}/"))));
        let top = || {
            let top = named.split('/').nth(1).unwrap_or_default();
            self.columns.iter().find(|(_, column)| column.member().is_some_and(|member| member.split('/').nth(1) == Some(top)))
        };
        exact.or_else(within).or_else(top).map_or(pointer, |(name, _)| name).to_owned()
    }

    fn checked(self) -> Result<Self, Why> {
        let wrong = |what: String| Err(Why::NotOfTheFormat { allowed: what });
        if !["vacancies", "trainings"].contains(&self.collection.as_str()) {
            return wrong("a mapping whose `collection` is vacancies or trainings".to_owned());
        }
        if ![';', ',', '\t', '|'].contains(&self.separator) || ![',', '.'].contains(&self.decimal) {
            return wrong("a mapping whose `separator` is one of ; , | or a tab, and whose `decimal` is , or .".to_owned());
        }
        if !self.list.is_ascii_punctuation() || ['\\', '"', '\''].contains(&self.list) {
            return wrong("a mapping whose `list` is a mark such as | or ,".to_owned());
        }
        if self.columns.len() > MOST_COLUMNS {
            return Err(Why::TooMuch { what: "columns", most: MOST_COLUMNS as u64 });
        }
        if self.columns.contains_key(&self.key) {
            return wrong("a mapping whose `key` is a column of its own, and stands not under `columns`".to_owned());
        }
        let mut taken = std::collections::HashSet::new();
        for pointer in self.columns.values().filter_map(Column::member).chain(self.constants.keys().map(String::as_str)) {
            let Some(member) = self.member(pointer) else {
                let known = members::of(self.kind()).iter().map(Member::pointer).collect::<Vec<_>>().join(", ");
                return wrong(format!("a mapping to members of these: {known}; one of its columns or constants names another"));
            };
            if !taken.insert(member.pointer()) {
                return wrong(format!("a mapping in which each member stands once; {} stands twice", member.pointer()));
            }
        }
        Ok(self)
    }
}
