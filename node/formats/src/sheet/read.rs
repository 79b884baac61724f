//! Rows become offers.

use std::collections::{BTreeMap, BTreeSet};

use polder_model::{Kind, OfferKey};
use serde_json::{Value, json};

use super::cell::{put, split, value};
use super::mapping::{Column, MOST_COLUMNS, Mapping};
use super::members::{Form, Member};
use super::rows::{NoRow, Row, Rows};
use crate::bounds::{self, MOST_RECORDS};
use crate::draft::Draft;
use crate::fields::Table;
use crate::key;
use crate::report::{Loss, Note, Place, Read, Record, Refused, Why};
use crate::text::{at_most, decode_marked, not_text, one_line};

/// Longest cell, in bytes.
const LONGEST_CELL: usize = 64 * 1024;

/// Names of columns are the user's own: the mapping says what becomes of each.
const TABLE: Table = Table { title: "CSV", about: "", fields: &[] };

/// Reads the offers of a CSV file with a line of names first.
#[must_use]
pub fn read(bytes: &[u8], mapping: &Mapping) -> Read {
    let (text, mark) = match bounds::size(bytes).and_then(|()| decode_marked(bytes)) {
        Ok(text) => text,
        Err(why) => return Read::whole(why),
    };
    let Some(mut rows) = Rows::of(&text, Some(mapping.separator as u8)) else {
        return Read::whole(Why::NothingFound { sought: "a line with the names of the columns" });
    };
    let names = std::mem::take(&mut rows.names);
    let is_no_text = |text: &str| mark.is_some_and(|mark| text.contains(mark));
    if names.iter().any(|name| is_no_text(name)) {
        return Read::whole_at(not_text(), Some(1));
    }
    let columns = match Columns::of(mapping, &names) {
        Ok(columns) => columns,
        Err(why) => return Read::whole(why),
    };
    let mut read = Read { notes: columns.unknown(&names), ..Read::default() };
    let mut keys = std::collections::HashSet::new();
    let mut item = 0;
    while let Some(row) = rows.next_row() {
        let row = match row {
            Ok(row) => row,
            Err(NoRow { line, .. }) => {
                item += 1;
                let why = Why::NotOfTheFormat {
                    allowed: "a row whose quotation marks are closed before the next cell (two of them in a cell are one)".to_owned(),
                };
                let place = Place { item: Some(item), line: Some(line) };
                read.refused.push(Refused::new(place, "", why));
                if item >= MOST_RECORDS {
                    break;
                }
                continue;
            }
        };
        if row.cells().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        item += 1;
        let place = Place { item: Some(item), line: Some(row.line) };
        if item > MOST_RECORDS {
            read.refused.push(Refused::new(place, "", Why::TooMuch { what: "records", most: MOST_RECORDS }));
            break;
        }
        let record = match row.cells().position(is_no_text) {
            Some(at) => Err(columns.no_text(&row, place, at, names.get(at))),
            None => columns.record(&row, place, names.len()),
        };
        read.take(&mut keys, record);
    }
    read
}

/// Reads the offers of a CSV file whose columns have the names of members (`/title`), and of which `key` has the identifier; other columns are noted.
#[must_use]
pub fn read_named(bytes: &[u8], kind: Kind) -> Read {
    let text = decode_marked(bytes).map(|(text, _)| text).unwrap_or_default();
    let mapping = Rows::of(&text, None).map(|rows| Mapping::of_columns(kind, &rows.names, rows.separator));
    read(bytes, &mapping.unwrap_or_else(|| Mapping::whole(kind)))
}

/// Where the columns of the mapping stand.
struct Columns<'m> {
    mapping: &'m Mapping,
    key: usize,
    mapped: Vec<(usize, &'m str, &'m Column)>,
}

impl<'m> Columns<'m> {
    fn of(mapping: &'m Mapping, names: &[String]) -> Result<Self, Why> {
        let wrong = |allowed: String| Err(Why::NotOfTheFormat { allowed });
        if names.len() > MOST_COLUMNS {
            return Err(Why::TooMuch { what: "columns", most: MOST_COLUMNS as u64 });
        }
        let place = |name: &str| names.iter().position(|known| *known == one_line(name));
        let mut mapped = Vec::new();
        for (name, column) in &mapping.columns {
            match place(name) {
                Some(at) if names[at + 1..].contains(&names[at]) => {
                    return wrong(format!("a file that names each column once; {name} stands twice"));
                }
                Some(at) => mapped.push((at, name.as_str(), column)),
                None => return wrong(format!("a file with the column {name} of the mapping, separated as the mapping says")),
            }
        }
        match place(&mapping.key) {
            Some(key) => Ok(Self { mapping, key, mapped }),
            None => wrong(format!("a file with the column {} of the key, separated as the mapping says", mapping.key)),
        }
    }

    /// Columns that the mapping does not name.
    fn unknown(&self, names: &[String]) -> Vec<Note> {
        let known = |at: usize, name: &String| at == self.key || name.is_empty() || self.mapped.iter().any(|(place, ..)| *place == at);
        let others = names.iter().enumerate().filter(|(at, name)| !known(*at, name));
        let ignored = |name: &String| self.mapping.ignore.iter().any(|ignored| one_line(ignored) == *name);
        let note = |name: &String| {
            let loss = if ignored(name) { Loss::LeftOut { because: "the mapping says so" } } else { Loss::UnknownField };
            Note { field: at_most(name, 100).0.to_owned(), loss, of: String::new() }
        };
        others.map(|(_, name)| note(name)).collect()
    }

    /// Why a row of which a cell has bytes that are no text is refused: what is meant there, nobody knows.
    fn no_text(&self, row: &Row<'_>, place: Place, at: usize, column: Option<&String>) -> Refused {
        let refused = Refused::new(place, column.map_or("", |name| at_most(name, 100).0), not_text());
        let identifier = Some(one_line(row.cell(self.key))).filter(|text| !text.is_empty() && at != self.key);
        match identifier.and_then(|text| key::of(&text)) {
            Some(key) => refused.of(key),
            None => refused,
        }
    }

    fn record(&self, row: &Row<'_>, place: Place, width: usize) -> Result<Record, Refused> {
        let refused = |field: &str, why| Refused::new(place, field, why);
        if row.cells().any(|cell| cell.len() > LONGEST_CELL) {
            return Err(refused("", Why::TooMuch { what: "bytes in a cell: a quotation mark may be missing", most: LONGEST_CELL as u64 }));
        }
        if row.cells().skip(width).any(|cell| !cell.trim().is_empty()) {
            return Err(refused(
                "",
                Why::NotOfTheFormat { allowed: format!("a row of at most {width} cells, one for each name in the first line") },
            ));
        }
        let missing = || refused(&self.mapping.key, Why::Missing { allowed: "an identifier" });
        let identifier = one_line(row.cell(self.key));
        let key = Some(identifier).filter(|text| !text.is_empty()).and_then(|text| key::of(&text)).ok_or_else(missing)?;
        let draft = Draft::new(self.mapping.kind(), TABLE);
        let mut reading = Reading { mapping: self.mapping, draft, document: json!({}), lists: BTreeMap::new(), given: BTreeSet::new() };
        for (pointer, text) in &self.mapping.constants {
            if let Some(member) = self.mapping.member(pointer) {
                reading.take(member, pointer, text, None);
            }
        }
        for (at, name, column) in &self.mapped {
            let text = row.cell(*at);
            if text.trim().is_empty() {
                continue;
            }
            reading.given.extend(column.member().map(top));
            match (column, column.member().and_then(|pointer| self.mapping.member(pointer))) {
                (Column::Text { text: label }, _) => reading.draft.keep(name, text, (label, label)),
                (_, Some(member)) => reading.take(member, name, text, Some(column)),
                _ => {}
            }
        }
        let finished = reading.finish(place, key);
        finished.map(|record| self.renamed(record)).map_err(|refused| Refused { field: self.named(&refused.field), ..refused })
    }

    /// The name of a column for a pointer.
    fn named(&self, field: &str) -> String {
        if field.starts_with('/') && !self.mapping.columns.contains_key(field) { self.mapping.column_of(field) } else { field.to_owned() }
    }

    fn renamed(&self, mut record: Record) -> Record {
        for note in &mut record.notes {
            note.field = self.named(&note.field);
        }
        record
    }
}

struct Reading<'m> {
    mapping: &'m Mapping,
    draft: Draft,
    document: Value,
    /// Entries of lists, by the names that lead to each.
    lists: BTreeMap<Vec<String>, (usize, Vec<Value>)>,
    /// The members of an offer of which cells say something.
    given: BTreeSet<String>,
}

/// The member of an offer to which a pointer leads, or within which.
fn top(pointer: &str) -> String {
    pointer.split('/').nth(1).unwrap_or_default().to_owned()
}

impl Reading<'_> {
    fn take(&mut self, member: &Member, name: &str, text: &str, column: Option<&Column>) {
        let word = |text: &str| column.map_or_else(|| text.to_owned(), |column| column.word(text).to_owned());
        let Some(at) = member.list else {
            match value(self.mapping, member, &word(text)) {
                Some(value) => put(&mut self.document, &member.path, value),
                None => self.not_understood(member, name, text),
            }
            return;
        };
        let entries = split(text, self.mapping.list);
        if member.form == Form::Recipients && entries.len() == 1 && entries[0].trim() == "everyone" {
            return put(&mut self.document, &member.path, "everyone".into());
        }
        for (index, entry) in entries.iter().enumerate().take(member.most) {
            let understood = value(self.mapping, member, &word(entry)).filter(|_| !entry.trim().is_empty());
            let list = &mut self.lists.entry(member.path[..at].to_vec()).or_insert_with(|| (member.most, Vec::new())).1;
            if list.len() <= index {
                list.resize(index + 1, Value::Null);
            }
            match understood {
                Some(value) => put(&mut list[index], &member.path[at..], value),
                None if entry.trim().is_empty() => {}
                None => self.not_understood(member, name, entry),
            }
        }
        if entries.len() > member.most {
            self.draft.note(name, Loss::ListShortened { most: member.most as u64 });
        }
    }

    /// What a member does not understand is kept as text, under the name of its column.
    fn not_understood(&mut self, member: &Member, name: &str, text: &str) {
        let label = one_line(name);
        self.draft.keep(name, text, (&label, &label));
        self.draft.not_understood(name, &member.allowed());
    }

    /// Hours of which one bound alone is said: an offer has both, so they are kept as text.
    fn hours(&mut self) {
        for name in ["hours", "hoursPerWeek"] {
            let [min, max] = ["min", "max"].map(|bound| self.document.pointer(&format!("/{name}/{bound}")).cloned());
            let (bound, value) = match (min, max) {
                (Some(min), None) => ("min", min),
                (None, Some(max)) => ("max", max),
                _ => continue,
            };
            let column = self.mapping.column_of(&format!("/{name}/{bound}"));
            self.draft.keep(&column, &value.to_string(), (&column, &column));
            self.document.as_object_mut().map(|members| members.remove(name));
        }
    }

    fn finish(mut self, place: Place, key: OfferKey) -> Result<Record, Refused> {
        for (path, (_, mut entries)) in std::mem::take(&mut self.lists) {
            let mut seen = std::collections::HashSet::new();
            entries.retain(|entry| !entry.is_null() && seen.insert(entry.get("uri").unwrap_or(entry).to_string()));
            if !entries.is_empty() {
                put(&mut self.document, &path, entries.into());
            }
        }
        if self.document.get("title").is_none() {
            return Err(Refused::new(place, "/title", Why::Missing { allowed: "what it is called" }).of(key));
        }
        self.hours();
        // What only constants say of a member that the cells of this row leave empty, such as the period of a salary, is no loss where it cannot stand alone.
        let empty = self.mapping.columns.values().filter_map(Column::member).map(top).filter(|name| !self.given.contains(name));
        self.draft.may_lack(empty.collect());
        if let Value::Object(members) = std::mem::take(&mut self.document) {
            members.into_iter().for_each(|(name, value)| self.draft.put(&name, value));
        }
        self.draft.finish(place, key)
    }
}
