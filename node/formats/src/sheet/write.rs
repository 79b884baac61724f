//! Offers become rows.

use std::collections::BTreeSet;

use csv::WriterBuilder;
use polder_model::OfferKey;
use serde_json::Value;

use super::cell::{joined, protected, text, value};
use super::mapping::{Column, Mapping};
use super::members::{self, Member};
use crate::report::{Loss, Note};

/// Writes offers as rows of a CSV file, one after the other: in UTF-8 with a byte order mark, so that spreadsheets know it. They are written whole, with their
/// terms: this is for whoever may see them whole.
#[derive(Clone, Debug)]
pub struct Writer<'m> {
    mapping: &'m Mapping,
    /// Members of offers that are not in the file.
    lost: BTreeSet<String>,
}

impl<'m> Writer<'m> {
    /// A writer of rows by that mapping.
    #[must_use]
    pub fn new(mapping: &'m Mapping) -> Self {
        Self { mapping, lost: BTreeSet::new() }
    }

    /// The first line, with the names of the columns.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let names = std::iter::once(&self.mapping.key).chain(self.mapping.columns.keys());
        self.line("\u{feff}".as_bytes().to_vec(), names.map(String::as_str))
    }

    /// The row of an offer.
    pub fn row(&mut self, key: &OfferKey, offer: &Value) -> Vec<u8> {
        self.note_lost(offer);
        let mapping = self.mapping;
        let cells = mapping.columns.values().map(|column| match (column, column.member().and_then(|pointer| mapping.member(pointer))) {
            (_, Some(member)) => cell(mapping, member, column, offer),
            _ => String::new(),
        });
        let cells: Vec<String> = std::iter::once(key.to_string()).chain(cells).collect();
        self.line(Vec::new(), cells.iter().map(String::as_str))
    }

    /// The members of the offers so far that are not in the file.
    #[must_use]
    pub fn lost(&self) -> Vec<Note> {
        let note = |member: &String| Note {
            field: member.clone(),
            loss: Loss::LeftOut { because: "the mapping has no column for it" },
            of: String::new(),
        };
        self.lost.iter().map(note).collect()
    }

    fn line<'c>(&self, begun: Vec<u8>, cells: impl Iterator<Item = &'c str>) -> Vec<u8> {
        let mut rows = WriterBuilder::new().delimiter(self.mapping.separator as u8).terminator(csv::Terminator::CRLF).from_writer(begun);
        // Memory takes every byte.
        let _ = rows.write_record(cells.map(protected));
        rows.into_inner().unwrap_or_default()
    }

    fn note_lost(&mut self, offer: &Value) {
        let mapping = self.mapping;
        for member in members::of(mapping.kind()) {
            let pointer = member.pointer();
            if self.lost.contains(&pointer) || mapping.columns.values().any(|column| column.member() == Some(&pointer)) {
                continue;
            }
            let constant = mapping.constants.get(&pointer).and_then(|text| value(mapping, member, text));
            if values(member, offer).into_iter().any(|value| value.is_some() && value != constant.as_ref()) {
                self.lost.insert(pointer);
            }
        }
    }
}

/// What a member holds: one value, or one for each entry of its list.
fn values<'o>(member: &Member, offer: &'o Value) -> Vec<Option<&'o Value>> {
    let follow = |from: &'o Value, path: &[String]| path.iter().try_fold(from, |place, name| place.get(name));
    match member.list {
        None => vec![follow(offer, &member.path)],
        Some(at) => match follow(offer, &member.path[..at]) {
            Some(Value::Array(entries)) => entries.iter().map(|entry| follow(entry, &member.path[at..])).collect(),
            other => vec![other],
        },
    }
}

fn cell(mapping: &Mapping, member: &Member, column: &Column, offer: &Value) -> String {
    let written = |value: Option<&Value>| {
        let text = value.and_then(|value| text(mapping, member, value)).unwrap_or_default();
        column.word_back(&text).to_owned()
    };
    let texts: Vec<String> = values(member, offer).into_iter().map(written).collect();
    if member.list.is_none() { texts.concat() } else { joined(&texts, mapping.list) }
}
