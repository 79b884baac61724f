//! The rows of a table, each an offer: what is wrong is said by the names of its columns.

use polder_exchange::people::Language;
use polder_model::{Finding, Kind, OfferKey};
use serde_json::{Map, Value};

use super::super::member::{Shape, Wrong};
use super::cells::{Cells, Read};
use super::columns::columns;
use super::table::{Row, Table};
use super::{FINDINGS, Item, would_publish};
use crate::pages::bounded::short;
use crate::pages::{Pages, Words};

/// What may stand in a table.
pub(super) struct Rows<'w> {
    kind: Kind,
    languages: [&'w Words; 2],
    language: Language,
    offer: Shape<'w>,
    pub table: Table,
}

impl<'w> Rows<'w> {
    pub(super) fn new(kind: Kind, languages: [&'w Words; 2], language: Language, table: Table) -> Self {
        Self { kind, languages, language, offer: Shape::of(kind, languages[0], language).in_table(), table }
    }

    /// A row, with what is wrong with it in words.
    pub(super) fn read(&self, pages: &Pages, row: &Row) -> Item {
        let reference = pages.node().reference();
        if row.open.is_some() {
            let text = self.languages[0].text("import-open", &[]);
            let read = Err(vec![Wrong { part: "", label: String::new(), pointer: String::new(), text }]);
            return Item {
                number: row.number,
                key: String::new(),
                title: String::new(),
                line: self.table.text(row),
                document: Value::Null,
                read,
            };
        }
        let cells = Cells { kind: self.kind, reference: &reference, language: self.language, languages: self.languages };
        let Read { key, draft, mut wrong } = cells.read(&self.table, row, &pages.node().home().name);
        let (document, findings) = draft.document(&Map::new(), &reference, self.language);
        let document = Value::Object(document);
        wrong.extend(findings.iter().map(|finding| self.wrong(finding, &document)));
        let named = key.parse::<OfferKey>();
        if named.is_err() {
            let says = if key.is_empty() { "import-no-key" } else { "problem-offer-key" };
            let text = self.languages[0].text(says, &[]);
            wrong.push(Wrong { part: "", label: self.heads("/key"), pointer: String::new(), text });
        }
        // The rest is judged all the same: all that is wrong is said at once.
        let judged_as = named.clone().or_else(|_| "new".parse());
        let judged = judged_as.map(|key| {
            let text = document.to_string();
            would_publish(pages, self.kind, key, text.as_bytes(), |finding| self.wrong(finding, &document))
        });
        let read = match judged {
            Ok(Err(others)) if wrong.is_empty() => Err(others),
            Ok(Ok(publication)) if wrong.is_empty() => Ok(publication),
            judged => {
                // What cannot be read is not in the document: that it is missing there is not said on top.
                let others = judged.ok().and_then(Result::err).unwrap_or_default();
                let others: Vec<Wrong> = others.into_iter().filter(|one| wrong.iter().all(|said| said.label != one.label)).collect();
                wrong.extend(others);
                wrong.truncate(FINDINGS);
                Err(wrong)
            }
        };
        let title = short(document["title"].as_str().unwrap_or_default());
        Item { number: row.number, key: short(&key), title, line: self.table.text(row), document, read }
    }

    /// A finding, by the heads of the columns that it is about.
    pub(super) fn wrong(&self, finding: &Finding, document: &Value) -> Wrong {
        let said = self.offer.wrong(finding, document);
        let heads = self.heads(&finding.pointer);
        Wrong { part: "", label: if heads.is_empty() { said.label } else { heads }, pointer: String::new(), text: said.text }
    }

    /// The heads of the columns at a place of an offer, as this table has them; what they are called, where it has none of them.
    fn heads(&self, pointer: &str) -> String {
        let own: Vec<&str> = self.table.columns.iter().filter(|(_, column)| column.is_at(pointer)).map(|(head, _)| head.as_str()).collect();
        if !own.is_empty() {
            return own.join(", ");
        }
        let all = columns(self.kind);
        all.iter().filter(|column| column.is_at(pointer)).map(|column| column.label(self.languages[0])).collect::<Vec<_>>().join(", ")
    }
}
