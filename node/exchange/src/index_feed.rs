//! The index follows the store: filled from it at the start, changed after each commit and before the reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use polder_index::{Index, IndexChange, IndexEntry};
use polder_model::features::Features;
use polder_model::offer;
use polder_store::{Change, Store, StoredOffer};

use crate::open_error::OpenError;

/// The index, and how far it has followed the store.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) index: Arc<Index>,
    known: AtomicU64,
}

impl Feed {
    pub(crate) fn new(index: Index) -> Self {
        Self { index: Arc::new(index), known: AtomicU64::new(0) }
    }

    /// The number of a change which, with all before it, the index holds for certain. Whoever takes a snapshot afterwards has them too.
    pub(crate) fn known(&self) -> u64 {
        self.known.load(Ordering::Acquire)
    }

    /// Everything up to that change is in the index now.
    pub(crate) fn knows(&self, change: u64) {
        self.known.fetch_max(change, Ordering::AcqRel);
    }

    /// Takes committed changes into the index.
    pub(crate) fn follow(&self, changes: &[Change]) {
        // Of people the index holds what somebody may see, and nothing else.
        let seen = changes.iter().filter(|change| !change.kind.is_personal() || change.audience.is_some());
        self.index.apply(seen.map(|change| {
            read(change).unwrap_or_else(|| {
                tracing::error!(kind = %change.kind, key = %change.key, "a committed offer cannot be read back");
                IndexChange::Delete { kind: change.kind, key: change.key.clone() }
            })
        }));
        if let Some(last) = changes.iter().rfind(|change| change.audience.is_none()) {
            self.knows(last.change);
        }
    }

    /// Builds the index anew from everything that the store holds.
    pub(crate) async fn rebuild(&self, store: &Store) -> Result<(), OpenError> {
        let mut rebuild = self.index.rebuild();
        let mut unreadable = None;
        let latest = store
            .each_offer(|stored: StoredOffer| match entry(&stored) {
                _ if stored.kind.is_personal() => {}
                Some(entry) => rebuild.add(&entry),
                None => unreadable = Some((stored.kind, stored.key)),
            })
            .await?;
        store
            .each_view(|view| match read(&view) {
                Some(IndexChange::Put(entry)) => rebuild.add(&entry),
                Some(IndexChange::Delete { .. }) | None => unreadable = Some((view.kind, view.key)),
            })
            .await?;
        if let Some((kind, key)) = unreadable {
            return Err(OpenError::Unreadable { kind, key });
        }
        rebuild.finish();
        self.knows(latest);
        Ok(())
    }
}

/// What the index is to be told of a change; `None` where its document cannot be read.
pub(crate) fn read(change: &Change) -> Option<IndexChange> {
    let Some(document) = &change.document else { return Some(IndexChange::Delete { kind: change.kind, key: change.key.clone() }) };
    let features = match (&change.features, &change.audience) {
        (Some(read), _) => Arc::clone(read),
        (None, None) => Arc::new(offer::read_stored(change.kind, document).ok()?),
        (None, Some(audience)) => Arc::new(Features { audience: audience.clone(), ..offer::read_stored(change.kind, document).ok()? }),
    };
    let (kind, key) = (change.kind, change.key.clone());
    Some(IndexChange::Put(Box::new(IndexEntry { kind, key, version: change.version, modified: change.modified_at, features })))
}

/// What the index holds of an offer; `None` where its document cannot be read.
pub(crate) fn entry(stored: &StoredOffer) -> Option<IndexEntry> {
    let features = Arc::new(offer::read_stored(stored.kind, &stored.document).ok()?);
    let (kind, key) = (stored.kind, stored.key.clone());
    Some(IndexEntry { kind, key, version: stored.version, modified: stored.modified_at, features })
}

/// Starts the thread that compacts the index each time that it is told of changes, until nobody can tell it any more.
pub(crate) fn start_compacting(index: &Arc<Index>) -> std::io::Result<SyncSender<()>> {
    let (sender, receiver) = sync_channel(1);
    let index = Arc::clone(index);
    std::thread::Builder::new().name("compaction".to_owned()).spawn(move || {
        while receiver.recv().is_ok() {
            while index.compact() {}
        }
    })?;
    Ok(sender)
}
