//! The index follows the store: rebuilt from it at the start, changed after each commit and before the reply.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use polder_index::{Index, IndexChange, IndexEntry};
use polder_model::offer;
use polder_store::{Change, Store, StoredOffer};

use crate::node::OpenError;

/// Takes committed changes into the index.
pub(crate) fn follow(index: &Index, changes: &[Change]) {
    let deleted = |change: &Change| IndexChange::Delete { kind: change.kind, key: change.key.clone() };
    index.apply(changes.iter().map(|change| match &change.document {
        None => deleted(change),
        Some(document) => match offer::read_stored(change.kind, document) {
            Ok(features) => IndexChange::Put(Box::new(IndexEntry {
                kind: change.kind,
                key: change.key.clone(),
                version: change.version,
                modified: change.modified_at,
                features,
            })),
            Err(_) => {
                tracing::error!(kind = %change.kind, key = %change.key, "a committed offer cannot be read back");
                deleted(change)
            }
        },
    }));
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

/// Builds the index anew from everything that the store holds.
pub(crate) async fn rebuild(index: &Index, store: &Store) -> Result<(), OpenError> {
    let mut rebuild = index.rebuild();
    let mut unreadable = None;
    store
        .each_offer(|stored: StoredOffer| match offer::read_stored(stored.kind, &stored.document) {
            Ok(features) => rebuild.add(&IndexEntry {
                kind: stored.kind,
                key: stored.key,
                version: stored.version,
                modified: stored.modified_at,
                features,
            }),
            Err(_) => unreadable = Some((stored.kind, stored.key)),
        })
        .await?;
    if let Some((kind, key)) = unreadable {
        return Err(OpenError::Unreadable { kind, key });
    }
    rebuild.finish();
    Ok(())
}
