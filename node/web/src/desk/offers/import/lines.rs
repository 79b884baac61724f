//! Lines of JSON, each with a key and an offer, as systems write them (NDJSON).

use polder_exchange::people::Language;
use polder_model::line::LineRead;
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use serde_json::Value;

use super::super::member::Shape;
use super::{Item, would_publish};
use crate::pages::bounded::short;
use crate::pages::{Pages, Words};

/// What may stand in a line, and in the offer in it.
pub(super) struct Lines<'w> {
    kind: Kind,
    line: Shape<'w>,
    pub offer: Shape<'w>,
}

impl<'w> Lines<'w> {
    pub(super) fn new(kind: Kind, words: &'w Words, language: Language) -> Self {
        Self { kind, line: Shape::of_line(kind, words, language), offer: Shape::of(kind, words, language).in_json() }
    }

    /// A line, with what is wrong with it in words.
    pub(super) fn read(&self, pages: &Pages, number: usize, line: &str) -> Item {
        let whole: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |value: &Value| short(value.as_str().unwrap_or_default());
        let (key, title) = (text(&whole["key"]), text(&whole["document"]["title"]));
        let read = match self.taken_apart(line) {
            Ok((key, document)) => would_publish(pages, self.kind, key, document, |finding| self.offer.wrong(finding, &whole["document"])),
            Err(finding) => Err(vec![self.line.wrong(&finding, &whole)]),
        };
        Item { number, key, title, line: line.to_owned(), document: whole["document"].clone(), read }
    }

    /// The key in a line, and the bytes of its offer.
    fn taken_apart<'l>(&self, line: &'l str) -> Result<(OfferKey, &'l [u8]), Finding> {
        let read = LineRead::read(line)?;
        let key = read.key.parse::<OfferKey>();
        let key = key.map_err(|_| Finding::new("/key", FindingCode::OutOfBounds, "a key is 1 to 100 of A-Z a-z 0-9 . _ ~ -"))?;
        if read.kind.is_some_and(|said| said != self.kind) {
            return Err(Finding::new("/kind", FindingCode::OutOfBounds, "this is another kind of offer"));
        }
        Ok((key, read.document.get().as_bytes()))
    }
}
