//! Writing the index to its file: beside the one that is there, synced, marked in the store, and only then put in its place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use polder_index::{Snapshot, Stamp};
use polder_model::Timestamp;
use polder_store::{Store, StoreError};

use super::NAME;
use super::read::NotTaken;

/// Bytes that are written at a time.
const BUFFER: usize = 1 << 20;
/// Bytes after which they are synced, so that no sync takes long.
const SYNCED: usize = 16 << 20;

/// Why it could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotWritten {
    /// The disk is full, or read-only, or gone.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The word could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file that is taken away unless it is put in its place.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        // On a full disk the database needs the room; what cannot be removed now is removed at the next start.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that is written until a time that may be set meanwhile.
struct Bounded {
    file: File,
    unsynced: usize,
    ends: Arc<OnceLock<Instant>>,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.ends.get().is_some_and(|end| *end <= Instant::now()) {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the node stops, and it takes too long"));
        }
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= SYNCED {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes the file, until that time at the latest. How many bytes it has.
pub(super) async fn write(
    directory: &Path,
    snapshot: Arc<Snapshot>,
    change: u64,
    store: &Store,
    now: Timestamp,
    ends: &Arc<OnceLock<Instant>>,
) -> Result<u64, NotWritten> {
    let stamp = Stamp { word: uuid::Uuid::new_v4().simple().to_string(), change };
    let (word, place) = (stamp.word.clone(), directory.join(NAME));
    let beside = directory.join(format!("{NAME}.{word}"));
    let ends = Arc::clone(ends);
    let (beside, bytes) = blocking(move || write_beside(beside, &snapshot, stamp, ends)).await?;
    // Not before it is whole and on disk: the word says that what it holds is there.
    store.mark(&word, now).await?;
    blocking(move || put_in_place(&beside, &place)).await?;
    Ok(bytes)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|failed| Err(io::Error::other(failed)))
}

fn write_beside(path: PathBuf, snapshot: &Snapshot, stamp: Stamp, ends: Arc<OnceLock<Instant>>) -> io::Result<(Beside, u64)> {
    // Its owner alone reads it, as the database.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    let beside = Beside(path);
    let mut to = BufWriter::with_capacity(BUFFER, Bounded { file, unsynced: 0, ends });
    snapshot.write(stamp, &mut to)?;
    to.flush()?;
    let file = &to.get_ref().file;
    file.sync_all()?;
    let bytes = file.metadata()?.len();
    Ok((beside, bytes))
}

fn put_in_place(beside: &Beside, place: &Path) -> io::Result<()> {
    fs::rename(&beside.0, place)?;
    // So that the new name outlives a power cut; the old file would be as good.
    match place.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

/// Takes a file away that does not fit, so that it is said once and not at each start. It is no source of truth: the next one is written when it is due.
pub(super) fn remove(path: &Path, why: &NotTaken) {
    match fs::remove_file(path) {
        Ok(()) => tracing::warn!(
            file = %path.display(), %why,
            "the index is built anew from the database, not taken from its file; that file is removed, and another is written when it is due"
        ),
        Err(error) => tracing::warn!(
            file = %path.display(), %why, %error,
            "the index is built anew from the database, not taken from its file; that file cannot be removed: remove it, or this is said at each start"
        ),
    }
}

/// Takes away what a node that was cut off had begun to write.
pub(super) fn clear(directory: &Path) {
    let begun = |name: &str| name.strip_prefix(NAME).is_some_and(|rest| rest.starts_with('.'));
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(begun)
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(file = %entry.path().display(), %error, "a file that was begun and not finished cannot be removed");
        }
    }
}
