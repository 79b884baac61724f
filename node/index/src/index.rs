//! The index that changes: it makes new snapshots out of old ones.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use polder_model::fault::{Fault, planted};
use polder_model::{Kind, PartnerId};

use crate::build::{self, Builder};
use crate::compact;
use crate::entry::{IndexChange, IndexEntry};
use crate::file::{self, FileError, Stamp};
use crate::snapshot::{Snapshot, View, Views, place_of};

/// A segment is merged with the one before it unless that one is this many times as large.
pub(crate) const GROWTH: usize = 4;
/// Most offers of segments that are merged while a writer waits. Larger ones wait for [`Index::compact`].
const AT_ONCE: usize = 1_000;
/// Most offers of a segment in a rebuild before it is put aside and another one begun.
const CHUNK: usize = 20_000;

/// The index over one partner's offers.
#[derive(Debug)]
pub struct Index {
    home: PartnerId,
    current: RwLock<Arc<Snapshot>>,
    writing: Mutex<()>,
    compacting: Mutex<()>,
}

impl Index {
    /// An empty index of that partner's offers.
    #[must_use]
    pub fn new(home: PartnerId) -> Self {
        let snapshot = Snapshot::new(home.clone(), Views::default());
        Self { home, current: RwLock::new(Arc::new(snapshot)), writing: Mutex::new(()), compacting: Mutex::new(()) }
    }

    /// The index as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes changes in, in order, all at once: whoever takes a snapshot afterwards sees all of them.
    pub fn apply(&self, changes: impl IntoIterator<Item = IndexChange>) {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let changes: Vec<IndexChange> = changes.into_iter().collect();
        let mut views = self.snapshot().views.clone();
        for change in &changes {
            let keep = match change {
                IndexChange::Put(_) => planted(Fault::StaleIndexEntry),
                IndexChange::Delete { .. } => planted(Fault::TombstoneIgnored),
            };
            let (kind, key) = change.offer();
            if !keep {
                views[place_of(kind)].iter_mut().for_each(|view| view.delete(key.as_str()));
            }
        }
        let mut seen = std::collections::HashSet::new();
        let mut put: [Vec<&IndexEntry>; 3] = Default::default();
        // Of several changes of one offer the last one counts.
        for change in changes.iter().rev() {
            if let (true, IndexChange::Put(entry)) = (seen.insert(change.offer()), change) {
                put[place_of(entry.kind)].push(entry);
            }
        }
        for (views, mut entries) in views.iter_mut().zip(put) {
            build::sort(&mut entries);
            let mut builder = Builder::default();
            entries.iter().for_each(|entry| builder.add(entry));
            push(views, builder);
        }
        self.publish(views);
    }

    /// Merges two segments of like size, or makes one anew of which most is deleted; `false` where there is nothing to do. Readers and
    /// writers go on meanwhile. To be called off the threads that serve, until it says `false`, after changes.
    pub fn compact(&self) -> bool {
        let _one_at_a_time = self.compacting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.snapshot();
        let Some((kind, old)) = before.views.iter().enumerate().find_map(|(kind, views)| Some((kind, compact::due(views)?))) else {
            return false;
        };
        let old = &before.views[kind][old];
        let merged = compact::merge(old);
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut views = self.snapshot().views.clone();
        if compact::replace(&mut views[kind], old, merged) {
            self.publish(views);
        }
        true
    }

    /// The stamp of a file that [`Snapshot::write`] has written, by its first [`LONGEST_HEAD`](crate::LONGEST_HEAD) bytes.
    ///
    /// # Errors
    /// When it is another partner's or another program's, or begins as no such file does.
    pub fn stamp(&self, start: &[u8]) -> Result<Stamp, FileError> {
        file::stamp(&self.home, start).map(|(stamp, _)| stamp)
    }

    /// Takes the index from what [`Snapshot::write`] has written, in the place of the present one. Gives back the stamp. The changes that the
    /// snapshot did not hold, and the offers about people, are to be applied then.
    ///
    /// # Errors
    /// When it is another partner's or another program's, or not whole; the index is as it was then.
    pub fn restore(&self, bytes: &[u8]) -> Result<Stamp, FileError> {
        let (stamp, views) = file::read(&self.home, bytes)?;
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.publish(views);
        Ok(stamp)
    }

    /// Begins the index anew.
    #[must_use]
    pub fn rebuild(&self) -> Rebuild<'_> {
        Rebuild { index: self, builders: Default::default(), views: Views::default() }
    }

    fn publish(&self, views: Views) {
        let snapshot = Arc::new(Snapshot::new(self.home.clone(), views));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
    }
}

/// Adds a segment, and merges from the small end while segments are small and of like size.
fn push(views: &mut Vec<View>, builder: Builder) {
    if builder.len() > 0 {
        views.push(View::new(builder.finish()));
    }
    views.retain(|view| view.live() > 0);
    while let [.., before, last] = views.as_slice()
        && before.live() < GROWTH * last.live()
        && before.live() + last.live() <= AT_ONCE
    {
        merge_last_two(views);
    }
}

fn merge_last_two(views: &mut Vec<View>) {
    let merged = compact::merge(&views.split_off(views.len() - 2));
    views.push(merged);
}

/// An index in the making, to take the place of the present one.
#[derive(Debug)]
pub struct Rebuild<'i> {
    index: &'i Index,
    builders: [Builder; 3],
    views: Views,
}

impl Rebuild<'_> {
    /// Takes an offer in; each only once.
    pub fn add(&mut self, entry: &IndexEntry) {
        let place = place_of(entry.kind);
        self.builders[place].add(entry);
        if self.builders[place].len() >= CHUNK {
            self.views[place].push(View::new(std::mem::take(&mut self.builders[place]).finish()));
        }
    }

    /// Puts the new index in the place of the old one.
    pub fn finish(mut self) {
        let _one_at_a_time = self.index.writing.lock().unwrap_or_else(PoisonError::into_inner);
        for (views, builder) in self.views.iter_mut().zip(self.builders) {
            if builder.len() > 0 {
                views.push(View::new(builder.finish()));
            }
            if views.len() > 1 {
                *views = vec![compact::merge(views)];
            }
        }
        self.index.publish(self.views);
    }

    /// How many offers of a kind were taken in.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        let place = place_of(kind);
        self.builders[place].len() + self.views[place].iter().map(View::live).sum::<usize>()
    }
}
