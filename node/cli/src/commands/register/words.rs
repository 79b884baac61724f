//! What a document changes, in words: what a steward or registrar reads before signing.
//!
//! `changes` lists every difference for machines; here each of them is said in a sentence, and what can do harm is marked.

mod keys;
mod members;
mod root;

use polder_model::Timestamp;
use polder_trust::register::Register;
use serde::Serialize;

use super::desk::Document;
use super::new::DAY;

/// One thing that a document changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Saying {
    /// In words.
    pub says: String,
    /// Whether it has to be looked at twice: whoever wants to do harm would want this.
    pub risk: bool,
}

/// Sentences as they are found.
#[derive(Default)]
struct Sayings(Vec<Saying>);

impl Sayings {
    fn plain(&mut self, says: impl Into<String>) {
        self.0.push(Saying { says: says.into(), risk: false });
    }

    fn risk(&mut self, says: impl Into<String>) {
        self.0.push(Saying { says: says.into(), risk: true });
    }

    /// What is the same for a root and a list: the region, the number, the end.
    fn frame(&mut self, region: (&str, &str), version: (u64, u64), expires: (Timestamp, Timestamp), (now, days): (Timestamp, i64)) {
        if region.0 != region.1 {
            self.risk(format!("it is of region {}, and this register is of {}", region.1, region.0));
        }
        match (version.0.checked_add(1), version) {
            (Some(next), (_, after)) if next == after => self.plain(format!("version {} → {after}", version.0)),
            (_, (before, after)) if before == after => {}
            (_, (before, after)) => self.risk(format!("version {before} → {after}: it does not follow on the one in force")),
        }
        if expires.0 != expires.1 {
            let says = format!("counts until {} (before: {})", expires.1.date(), expires.0.date());
            // A day more, for clocks and for the time on the way.
            if expires.1 > now.plus_seconds((days + 1) * DAY) {
                self.risk(format!("{says}, which is longer than the usual {days} days"));
            } else if expires.1 < expires.0 {
                self.risk(format!("{says}, which is sooner"));
            } else {
                self.plain(says);
            }
        }
    }
}

/// What a document changes in the register in force. Nothing is left out but the order of lists, which means nothing.
pub(super) fn of(register: &Register, document: &Document, now: Timestamp) -> Vec<Saying> {
    let mut found = Sayings::default();
    match document {
        Document::Root(next) => root::say(register.root(), next, now, &mut found),
        Document::Members(next) => members::say(register, next, now, &mut found),
        Document::Fresh(_) => {}
    }
    found.0
}

/// What a document says, where there is no register in force to compare it with.
pub(super) fn whole(document: &Document) -> Vec<Saying> {
    let mut found = Sayings::default();
    match document {
        Document::Root(root) => root::whole(root, &mut found),
        Document::Members(members) => members.members.iter().for_each(|member| members::entry(member, "", &mut found)),
        Document::Fresh(_) => {}
    }
    found.0
}

/// What a root says beside its keys, and of a list nothing: its table says it.
pub(super) fn whole_root(document: &Document) -> Vec<Saying> {
    if matches!(document, Document::Root(_)) { whole(document) } else { Vec::new() }
}

/// What two lists differ in: what is only in the first, what is only in the second.
pub(super) fn between<'a, T: PartialEq>(before: &'a [T], after: &'a [T]) -> (Vec<&'a T>, Vec<&'a T>) {
    let only = |these: &'a [T], others: &[T]| these.iter().filter(|one| !others.contains(one)).collect();
    (only(before, after), only(after, before))
}

/// A list in words, or "nothing".
fn listed<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| crate::output::clean(&one.to_string())).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}

#[cfg(test)]
mod tests;
