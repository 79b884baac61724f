//! What the journal forgets: ends of whoever was erased, once nobody has a copy of them, and everything that is older than ends are remembered.

use std::collections::HashSet;

use polder_consent::{Handle, WorkerId};
use polder_model::Timestamp;

use super::{Ended, Entry, Journal, Past, SharedJournal, Stopped, aside};
use crate::error::StoreError;

/// How much later than it may be something old is forgotten at most, in seconds: the file is written anew for it once a day.
const LATE_SECONDS: i64 = 86_400;

/// What may be forgotten, known without reading the file.
#[derive(Debug, Default)]
pub(super) struct Over {
    /// Whether somebody was erased since it was looked last.
    erased: bool,
    /// By what handles those know whoever was erased who are to erase still.
    waits: HashSet<Handle>,
    /// When the oldest that stands in the file was.
    oldest: Option<Timestamp>,
}

impl Over {
    /// Before anything is known of what is owed.
    pub(super) fn at_first(past: &[Past]) -> Self {
        let mut over = Self::default();
        over.add(past);
        over
    }

    pub(super) fn add(&mut self, past: &[Past]) {
        self.erased |= past.iter().any(|past| matches!(past, Past::Erased(_)));
        self.oldest = self.oldest.into_iter().chain(past.iter().map(Past::at)).min();
    }

    fn is_due(&self, owed: &HashSet<Handle>, before: Timestamp) -> bool {
        let is_late = self.oldest.is_some_and(|oldest| oldest < before.plus_seconds(-LATE_SECONDS));
        self.erased || is_late || self.waits.iter().any(|handle| !owed.contains(handle))
    }
}

impl SharedJournal {
    /// The number of the latest end that the database has seen.
    pub(crate) fn known(&self) -> u64 {
        self.lock().seen
    }

    /// Forgets what is over. `seen`: what the database had seen before `owed` was read from it. `owed`: the handles of which somebody is to erase copies still. `before`: what is older is remembered no more. How many lines.
    pub(crate) async fn forget(&self, seen: u64, owed: HashSet<Handle>, before: Timestamp) -> Result<usize, StoreError> {
        if !self.lock().over.is_due(&owed, before) {
            return Ok(0);
        }
        let journal = self.clone();
        aside(move || journal.lock().forget(seen, &owed, before)).await
    }
}

impl Journal {
    /// What the database has not seen stays.
    fn forget(&mut self, seen: u64, owed: &HashSet<Handle>, before: Timestamp) -> Result<usize, StoreError> {
        self.file = None;
        let mut past = self.read()?;
        let all = past.len();
        let erased: HashSet<WorkerId> = past.iter().filter(|past| past.number() <= seen).filter_map(erased).collect();
        let mut waits = HashSet::new();
        past.retain(|past| match past {
            past if past.number() > seen => true,
            past if past.at() < before => false,
            Past::Erased(_) => true,
            Past::Ended(Ended { worker, handle, .. }) | Past::Stopped(Stopped { worker, handle, .. }) => {
                if !erased.contains(worker) {
                    return true;
                }
                let waited = handle.filter(|handle| owed.contains(handle));
                waits.extend(waited);
                waited.is_some()
            }
        });
        if past.len() < all {
            self.rewrite(&past)?;
        }
        let is_seen = self.latest <= seen;
        self.over = Over { erased: !is_seen, waits, oldest: past.iter().map(Past::at).min() };
        Ok(all - past.len())
    }

    fn rewrite(&mut self, past: &[Past]) -> Result<(), StoreError> {
        let mut lines = vec![Entry::Commits(self.commits).line()];
        lines.extend(past.iter().cloned().map(|past| Entry::from(past).line()));
        let head = self.head();
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.rewrite(&head, &lines).map_err(|error| self.failed(&error))?;
        self.file = Some(file);
        Ok(())
    }
}

fn erased(past: &Past) -> Option<WorkerId> {
    match past {
        Past::Erased(erased) => Some(erased.worker),
        Past::Ended(_) | Past::Stopped(_) => None,
    }
}
