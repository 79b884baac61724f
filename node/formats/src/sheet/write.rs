//! Offers become rows.

use csv::WriterBuilder;
use polder_model::OfferKey;
use serde_json::Value;

use super::cell::{joined, protected, text, value};
use super::mapping::{Column, Mapping};
use super::members::{self, Member};
use crate::report::{Loss, Note};

/// A CSV file, in UTF-8 with a byte order mark, so that spreadsheets know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The members of the offers that are not in it.
    pub lost: Vec<Note>,
}

/// Writes offers as rows. They are written whole, with their terms: this is for whoever may see them whole.
#[must_use]
pub fn write(offers: &[(OfferKey, Value)], mapping: &Mapping) -> Sheet {
    let mut rows = WriterBuilder::new()
        .delimiter(mapping.separator as u8)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let names = std::iter::once(&mapping.key).chain(mapping.columns.keys());
    // Memory takes every byte.
    let _ = rows.write_record(names.map(|name| protected(name)));
    for (key, offer) in offers {
        let cells = mapping.columns.values().map(|column| match (column, column.member().and_then(|pointer| mapping.member(pointer))) {
            (_, Some(member)) => cell(mapping, member, column, offer),
            _ => String::new(),
        });
        let cells = std::iter::once(key.to_string()).chain(cells);
        let _ = rows.write_record(cells.map(|cell| protected(&cell)));
    }
    Sheet { bytes: rows.into_inner().unwrap_or_default(), lost: lost(offers, mapping) }
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

fn lost(offers: &[(OfferKey, Value)], mapping: &Mapping) -> Vec<Note> {
    let mut lost = Vec::new();
    for member in members::of(mapping.kind()) {
        let pointer = member.pointer();
        let has_column = mapping.columns.values().any(|column| column.member() == Some(&pointer));
        let constant = mapping.constants.get(&pointer).and_then(|text| value(mapping, member, text));
        let other = |offer: &Value| values(member, offer).into_iter().any(|value| value.is_some() && value != constant.as_ref());
        if !has_column && offers.iter().any(|(_, offer)| other(offer)) {
            lost.push(Note { field: pointer, loss: Loss::LeftOut { because: "the mapping has no column for it" }, of: String::new() });
        }
    }
    lost
}
