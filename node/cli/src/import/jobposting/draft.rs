//! A vacancy in the making.

use serde_json::{Map, Value};

use crate::import::Note;

/// A vacancy in the making, with what is said about it.
#[derive(Default)]
pub(super) struct Draft {
    document: Map<String, Value>,
    notes: Vec<Note>,
    kept: Vec<String>,
}

impl Draft {
    /// Sets a member.
    pub(super) fn set(&mut self, member: &str, value: Value) {
        self.document.insert(member.to_owned(), value);
    }

    /// Says what was not mapped, or how.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.note_about(note, "");
    }

    /// Says what was not mapped, or how, and of which value.
    pub(super) fn note_about(&mut self, note: impl Into<String>, value: impl Into<String>) {
        self.notes.push(Note::about(note, value));
    }

    /// Keeps a paragraph for the end of the description.
    pub(super) fn keep(&mut self, paragraph: &str) {
        self.kept.push(paragraph.to_owned());
    }

    /// A description with the paragraphs that were kept.
    pub(super) fn with_kept(&self, description: &str) -> String {
        let all = std::iter::once(description).chain(self.kept.iter().map(String::as_str));
        all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// The document and what is said about it.
    pub(super) fn finish(self) -> (Value, Vec<Note>) {
        (Value::Object(self.document), self.notes)
    }
}
