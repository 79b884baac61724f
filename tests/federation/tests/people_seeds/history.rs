//! What workers decided and were told, what left, and what of it must not be. Nothing of this uses the code that is looked at: it has its own idea of
//! which consent holds when, from what workers were told alone.

use std::collections::{BTreeMap, BTreeSet};

use polder_consent::{Consent, ConsentId, DisclosureId, Field, FieldSet, Handle, WorkerId};
use polder_model::answer::{Disclosed, PersonHit};
use polder_model::contact::Contact;
use polder_model::{Purpose, Timestamp};
use polder_store::people::LedgerRow;
use serde_json::Value;

/// A worker of a node, a recipient, a purpose.
pub type LineOf = (usize, usize, usize, Purpose);

/// Something about a person, on its way.
#[derive(Clone, Debug)]
pub struct Item {
    pub disclosure: DisclosureId,
    pub handle: Handle,
    pub purpose: Purpose,
    pub epoch: u64,
    pub fields: FieldSet,
    pub use_until: Timestamp,
    pub document: String,
}

impl Item {
    pub fn of_person(person: &PersonHit) -> Self {
        Self::new(person.handle.as_str(), Purpose::MatchVacancy, &person.disclosure, person.document.get())
    }

    pub fn of_contact(contact: &Contact) -> Self {
        Self::new(contact.handle.as_str(), Purpose::BeContacted, &contact.disclosure, contact.document.get())
    }

    pub fn new(handle: &str, purpose: Purpose, under: &Disclosed, document: &str) -> Self {
        let fields: Vec<Field> = under.fields.iter().map(|field| field.parse().expect("a field")).collect();
        Self {
            disclosure: under.id.parse().expect("an id"),
            handle: handle.parse().expect("a handle"),
            purpose,
            epoch: under.epoch,
            fields: FieldSet::of(&fields),
            use_until: under.use_until,
            document: document.to_owned(),
        }
    }

    /// The fields that stand in the document.
    fn shown(&self) -> FieldSet {
        let document: Value = serde_json::from_str(&self.document).expect("JSON");
        let named = |name: String| name.parse::<Field>().expect("a field");
        let mut shown = Vec::new();
        for (name, value) in document.as_object().expect("an object") {
            match value.as_object().filter(|_| name == "contact") {
                Some(inner) => shown.extend(inner.keys().map(|part| named(format!("/contact/{part}")))),
                None => shown.push(named(format!("/{name}"))),
            }
        }
        FieldSet::of(&shown)
    }
}

/// A consent, as its worker knows it.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: ConsentId,
    pub epoch: u64,
    pub fields: FieldSet,
    pub until: Timestamp,
    /// It has ended: nobody writes a row under it any more.
    pub ended: bool,
    /// The worker was told that it is over, or narrower: no byte of it may leave any more.
    pub told: bool,
}

impl Grant {
    /// One that was given just now.
    pub fn of(consent: &Consent) -> Self {
        let Consent { id, epoch, fields, until, .. } = consent;
        Self { id: *id, epoch: epoch.0, fields: *fields, until: *until, ended: false, told: false }
    }
}

/// What happened.
#[derive(Default)]
pub struct History {
    lines: BTreeMap<LineOf, Vec<Grant>>,
    workers: BTreeMap<WorkerId, usize>,
    known: BTreeMap<DisclosureId, LineOf>,
    handles: BTreeSet<(usize, usize, Handle)>,
    pub violations: Vec<String>,
    /// How much of what was looked for there was.
    pub left: usize,
}

impl History {
    pub fn know(&mut self, worker: WorkerId, number: usize) {
        self.workers.insert(worker, number);
    }

    pub fn broken(&mut self, what: String) {
        self.violations.push(what);
    }

    pub fn lines(&self) -> impl Iterator<Item = (&LineOf, &Vec<Grant>)> {
        self.lines.iter()
    }

    /// The latest consent of a line, where it has not ended.
    pub fn live(&self, line: &LineOf) -> Option<&Grant> {
        self.lines.get(line)?.last().filter(|grant| !grant.ended)
    }

    /// A worker was told that a consent is given; it comes in the place of what was in force. One that had ended by the clock ended with it, if the
    /// node had not seen it before.
    pub fn given(&mut self, line: LineOf, grant: Grant) {
        let grants = self.lines.entry(line).or_default();
        if let Some(before) = grants.last_mut() {
            if before.epoch + 1 != grant.epoch {
                let what = format!("{line:?}: epoch {} comes after {}", grant.epoch, before.epoch);
                self.violations.push(what);
            }
            if !before.ended {
                before.ended = true;
                before.told = !before.fields.is_within(grant.fields);
            }
        }
        grants.push(grant);
    }

    /// These consents of a worker have ended; `told`: the worker was told so.
    pub fn ended(&mut self, node: usize, which: impl Fn(&LineOf, &Grant) -> bool, told: bool) {
        for (line, grants) in self.lines.iter_mut().filter(|(line, _)| line.0 == node) {
            for grant in grants.iter_mut().filter(|grant| which(line, grant)) {
                grant.ended = true;
                grant.told |= told;
            }
        }
    }

    /// A node has made an answer; these are the rows of its ledger at that moment.
    pub fn answered(&mut self, source: usize, recipient: usize, item: &Item, worker: Option<WorkerId>, rows: &[LedgerRow]) {
        let Some(number) = worker.and_then(|worker| self.workers.get(&worker).copied()) else {
            return self.broken(format!("node {source}: a handle of nobody"));
        };
        let line = (source, number, recipient, item.purpose);
        self.known.insert(item.disclosure, line);
        self.handles.insert((recipient, source, item.handle));
        let row = rows.iter().map(|row| &row.disclosure).find(|row| row.id == item.disclosure);
        if row.is_none_or(|row| row.epoch.0 != item.epoch || row.fields != item.fields || row.use_until != item.use_until) {
            self.broken(format!("W3: {line:?}: no row of the ledger for what is about to leave"));
        }
        let grant = self.lines.get(&line).and_then(|grants| grants.iter().find(|grant| grant.epoch == item.epoch)).cloned();
        let Some(grant) = grant else { return self.broken(format!("W7: {line:?}: nobody gave epoch {}", item.epoch)) };
        if grant.ended {
            self.broken(format!("W2: {line:?}: a row under epoch {}, which had ended", item.epoch));
        }
        if !item.fields.is_within(grant.fields) || item.shown() != item.fields {
            self.broken(format!("W7: {line:?}: {:?} of {:?} granted", item.shown(), grant.fields));
        }
        if item.use_until > grant.until {
            self.broken(format!("W8: {line:?}: to be used longer than the consent holds"));
        }
    }

    /// Bytes leave a node.
    pub fn left(&mut self, source: usize, recipient: usize, items: &[Item]) {
        self.left += items.len();
        for item in items {
            let told = self.line_of(item.disclosure).is_some_and(|line| {
                self.lines.get(&line).is_some_and(|grants| grants.iter().any(|grant| grant.epoch == item.epoch && grant.told))
            });
            if told {
                let epoch = item.epoch;
                self.broken(format!("W1: node {source} to {recipient}: bytes of epoch {epoch} after its worker was told that it is over"));
            }
        }
    }

    /// What a node knows workers of others by.
    pub fn handles_of(&self, recipient: usize) -> Vec<(usize, Handle)> {
        self.handles.iter().filter(|(to, _, _)| *to == recipient).map(|(_, source, handle)| (*source, *handle)).collect()
    }

    /// Of whom something is.
    pub fn line_of(&self, disclosure: DisclosureId) -> Option<LineOf> {
        self.known.get(&disclosure).copied()
    }
}
