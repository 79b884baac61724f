//! An offer in the making: members, texts that are kept, and notes. What breaks a rule is left out and noted, where the offer can do without it.

use std::collections::BTreeSet;

use polder_model::{Finding, Kind, OfferKey, offer};
use serde_json::{Map, Value};

use crate::fields::{Fate, Table};
use crate::report::{Loss, Note, Place, Record, Refused, Why};
use crate::text::{at_most, one_line, tidy};

/// Most notes about one record; one more says how many others there are.
const MOST_NOTES: usize = 50;
/// Longest description and title, in characters.
const LONGEST_DESCRIPTION: usize = 10_000;
const LONGEST_TITLE: usize = 200;
/// So long is a text that stands in the description by no chance, in bytes: it is not said twice.
const LONG_ENOUGH: usize = 30;
/// Members that break a rule and are left out, before the record itself is refused.
const MOST_LEFT_OUT: usize = 20;

/// An offer in the making.
pub(crate) struct Draft {
    kind: Kind,
    table: Table,
    english: bool,
    members: Map<String, Value>,
    kept: Vec<String>,
    /// Members that are left out without a note where they break a rule.
    may_lack: BTreeSet<String>,
    notes: Notes,
}

/// Notes, of which only so many are listed.
#[derive(Default)]
pub(crate) struct Notes {
    listed: Vec<Note>,
    others: u64,
}

impl Notes {
    pub(crate) fn add(&mut self, field: &str, loss: Loss) {
        self.add_of(field, loss, "");
    }

    fn add_of(&mut self, field: &str, loss: Loss, of: &str) {
        let short = |text: &str| at_most(&one_line(text), 100).0.to_owned();
        let note = Note { field: short(field), loss, of: short(of) };
        if self.listed.contains(&note) {
            return;
        }
        if self.listed.len() < MOST_NOTES { self.listed.push(note) } else { self.others += 1 }
    }

    pub(crate) fn finish(mut self) -> Vec<Note> {
        if self.others > 0 {
            self.listed.push(Note { field: String::new(), loss: Loss::More { count: self.others }, of: String::new() });
        }
        self.listed
    }
}

impl Draft {
    pub(crate) fn new(kind: Kind, table: Table) -> Self {
        Self { kind, table, english: false, members: Map::new(), kept: Vec::new(), may_lack: BTreeSet::new(), notes: Notes::default() }
    }

    /// The language of the texts, two letters: also of the labels of what is kept as text.
    pub(crate) fn language(&mut self, language: &str) {
        self.english = language == "en";
        self.put("language", language);
    }

    pub(crate) fn put(&mut self, member: &str, value: impl Into<Value>) {
        self.members.insert(member.to_owned(), value.into());
    }

    /// Puts a list, if there is anything in it; what an offer has no room for is noted.
    pub(crate) fn put_list(&mut self, field: &str, member: &str, mut list: Vec<Value>, most: usize) {
        let mut seen = std::collections::HashSet::new();
        list.retain(|value| seen.insert(value.get("uri").unwrap_or(value).to_string()));
        if list.len() > most {
            list.truncate(most);
            self.notes.add(field, Loss::ListShortened { most: most as u64 });
        }
        if !list.is_empty() {
            self.put(member, list);
        }
    }

    pub(crate) const fn table(&self) -> Table {
        self.table
    }

    pub(crate) fn has(&self, member: &str) -> bool {
        self.members.contains_key(member)
    }

    /// The level of a training so far.
    pub(crate) fn level(&self) -> Option<u64> {
        self.members.get("level").and_then(Value::as_u64)
    }

    /// Takes a list out, to put more into it.
    pub(crate) fn take_list(&mut self, member: &str) -> Vec<Value> {
        match self.members.remove(member) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        }
    }

    /// Members of which the record itself says nothing: where one breaks a rule, nothing of the record is lost with it.
    pub(crate) fn may_lack(&mut self, members: BTreeSet<String>) {
        self.may_lack = members;
    }

    pub(crate) fn note(&mut self, field: &str, loss: Loss) {
        self.notes.add(field, loss);
    }

    /// The same, and of what it is said.
    pub(crate) fn note_of(&mut self, field: &str, loss: Loss, of: &str) {
        self.notes.add_of(field, loss, of);
    }

    pub(crate) fn not_understood(&mut self, field: &str, allowed: &str) {
        self.note(field, Loss::NotUnderstood { allowed: allowed.to_owned() });
    }

    /// Keeps the text of a field in the description, under the label in the table, or else under the given one.
    pub(crate) fn keep(&mut self, field: &str, text: &str, labels: (&str, &str)) {
        let (nl, en) = match self.table.field(field).map(|field| field.fate) {
            Some(Fate::Text(nl, en)) => (nl, en),
            _ => labels,
        };
        let text = tidy(text);
        let own = self.members.get("description").and_then(Value::as_str);
        if text.is_empty() || text.len() >= LONG_ENOUGH && own.is_some_and(|own| own.contains(&text)) {
            return;
        }
        let label = if self.english { en } else { nl };
        let between = if text.contains('\n') { "\n" } else { " " };
        self.kept.push(format!("{label}:{between}{text}"));
        self.note_of(field, Loss::KeptAsText, &text);
    }

    /// Title and description; the texts that were kept follow the description.
    fn texts(&mut self) {
        if let Some(Value::String(title)) = self.members.get_mut("title") {
            let line = one_line(title);
            let (short, cut) = at_most(&line, LONGEST_TITLE);
            *title = short.to_owned();
            if cut {
                self.notes.add(self.table.field_of("/title"), Loss::Shortened { most: LONGEST_TITLE as u64 });
            }
        }
        let own = self.members.get("description").and_then(Value::as_str).map(tidy).unwrap_or_default();
        let parts = std::iter::once(own).chain(self.kept.drain(..)).filter(|part| !part.is_empty());
        let whole = parts.collect::<Vec<_>>().join("\n\n");
        let (short, cut) = at_most(&whole, LONGEST_DESCRIPTION);
        if cut {
            self.notes.add(self.table.field_of("/description"), Loss::Shortened { most: LONGEST_DESCRIPTION as u64 });
        }
        if short.is_empty() {
            self.members.remove("description");
        } else {
            self.members.insert("description".to_owned(), short.into());
        }
    }

    /// The offer, judged; without the members that break a rule, where it can do without them.
    pub(crate) fn finish(mut self, place: Place, key: OfferKey) -> Result<Record, Refused> {
        self.texts();
        let mut document = Value::Object(self.members);
        for _ in 0..=MOST_LEFT_OUT {
            let findings = match offer::parse(self.kind, document.to_string().as_bytes()) {
                Ok(_) => return Ok(Record { place, key, kind: self.kind, document, notes: self.notes.finish() }),
                Err(findings) => findings,
            };
            let Some(first) = findings.first() else { break };
            let field = self.table.field_of(&first.pointer);
            if !leave_out(self.kind, &mut document, &first.pointer) {
                return Err(Refused::new(place, field, Why::Rule(first.clone())).of(key));
            }
            if !first.pointer.split('/').nth(1).is_some_and(|member| self.may_lack.contains(member)) {
                self.notes.add(field, Loss::NotUnderstood { allowed: first.message.clone() });
            }
        }
        let finding = Finding::new("", polder_model::FindingCode::OutOfBounds, "too many of its fields break a rule of offers");
        Err(Refused::new(place, "", Why::Rule(finding)).of(key))
    }
}

/// Leaves out what a pointer leads to: the entry of a list, or an optional member. Says no where the offer cannot do without it.
fn leave_out(kind: Kind, document: &mut Value, pointer: &str) -> bool {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let Some((first, rest)) = steps.split_first() else { return false };
    let Some(members) = document.as_object_mut() else { return false };
    if let (Some(Value::Array(list)), Some(index)) = (members.get_mut(*first), rest.first().and_then(|step| step.parse::<usize>().ok()))
        && index < list.len()
    {
        list.remove(index);
        return true;
    }
    if !offer::required_members(kind).contains(first) {
        return members.remove(*first).is_some();
    }
    // Within a required member, such as the number of an employer.
    match (members.get_mut(*first), rest) {
        (Some(Value::Object(inner)), [name]) if *name != "name" => inner.remove(*name).is_some(),
        _ => false,
    }
}
