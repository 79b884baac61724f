//! Leaves of the log, kept apart before a checkpoint of them is signed: a database that went back takes them from here, and grows the same history.
//!
//! There is nothing personal in a leaf. Those of the last [`KEPT_SECONDS`] are kept: by then the last backup that knows less is gone.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polder_consent::Leaf;
use polder_model::Timestamp;

use super::lines::{Contents, LineFile};
use super::{aside, failed};
use crate::error::StoreError;

const HEAD: &str = "polder-leaves 1";
/// How long leaves are kept here, in seconds: 40 days. Backups are kept for 35 at most.
const KEPT_SECONDS: i64 = 40 * 86_400;
/// A file of fewer leaves is never written anew.
const SMALL: usize = 10_000;

/// The file of leaves of a process.
#[derive(Clone, Debug)]
pub(crate) struct KeptLeaves(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    path: PathBuf,
    /// `None` after a failure: it is opened anew before it is used again.
    file: Option<LineFile>,
    /// The number after the last leaf that is kept; `None` where there is none.
    next: Option<u64>,
}

/// A leaf that is kept: its number, when it was made, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptLeaf {
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

impl KeptLeaves {
    /// Opens the file beside a journal.
    pub(crate) async fn open(journal: &Path) -> Result<Self, StoreError> {
        let mut kept = Kept { path: journal.with_extension("leaves"), file: None, next: None };
        let kept = aside(move || kept.read().map(|_| kept)).await?;
        Ok(Self(Arc::new(Mutex::new(kept))))
    }

    /// The number after the last leaf that is kept; `None` where there is none.
    pub(crate) fn next(&self) -> Option<u64> {
        self.lock().next
    }

    /// Everything that is kept, in order.
    pub(crate) async fn all(&self) -> Result<Vec<KeptLeaf>, StoreError> {
        let kept = self.clone();
        aside(move || kept.lock().read()).await
    }

    /// Keeps leaves that follow on those that are kept; on disk when this returns.
    pub(crate) async fn append(&self, first: u64, leaves: Vec<Vec<u8>>) -> Result<(), StoreError> {
        let kept = self.clone();
        aside(move || kept.lock().append(first, leaves)).await
    }

    /// Forgets leaves that no backup lacks any more, where they are most of the file.
    pub(crate) async fn compact(&self, now: Timestamp) -> Result<(), StoreError> {
        let kept = self.clone();
        aside(move || kept.lock().compact(now)).await
    }

    /// Puts what is kept aside, and begins anew: it does not follow on what the database has. Where it is now.
    pub(crate) async fn begin_anew(&self) -> Result<PathBuf, StoreError> {
        let kept = self.clone();
        aside(move || kept.lock().begin_anew()).await
    }

    /// Lets the file go.
    pub(crate) fn close(&self) {
        self.lock().file = None;
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn read(&mut self) -> Result<Vec<KeptLeaf>, StoreError> {
        self.file = None;
        let (file, Contents { head, lines, torn }) = LineFile::open(&self.path, HEAD).map_err(|error| self.failed(&error))?;
        if head != HEAD {
            return Err(self.damaged());
        }
        if torn > 0 {
            tracing::warn!(leaves = %self.path.display(), bytes = torn, "what a crash left of the last leaves was cut off: no checkpoint of them was signed");
        }
        let mut leaves: Vec<KeptLeaf> = Vec::with_capacity(lines.len());
        for text in lines {
            let Leaf { seq, at, .. } = serde_json::from_str(&text).map_err(|_| self.damaged())?;
            if leaves.last().is_some_and(|last| seq != last.seq + 1) {
                return Err(self.damaged());
            }
            leaves.push(KeptLeaf { seq, at, text });
        }
        self.next = leaves.last().map(|last| last.seq + 1);
        self.file = Some(file);
        Ok(leaves)
    }

    fn append(&mut self, first: u64, leaves: Vec<Vec<u8>>) -> Result<(), StoreError> {
        if self.file.is_none() {
            self.read()?;
        }
        // Another thread was sooner.
        if self.next.is_some_and(|next| next != first) {
            return Err(StoreError::Busy);
        }
        let Some(mut file) = self.file.take() else { return Err(self.damaged()) };
        let lines = leaves.into_iter().map(String::from_utf8).collect::<Result<Vec<String>, _>>();
        let lines = lines.map_err(|_| StoreError::Damaged("a leaf that is no text"))?;
        file.append(&lines).map_err(|error| self.failed(&error))?;
        self.next = Some(first + lines.len() as u64);
        self.file = Some(file);
        Ok(())
    }

    fn compact(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let leaves = self.read()?;
        let before = now.plus_seconds(-KEPT_SECONDS);
        let old = leaves.iter().take_while(|leaf| leaf.at < before).count();
        // The last one stays whatever its age: by it the others follow on.
        let old = old.min(leaves.len().saturating_sub(1));
        if leaves.len() < SMALL || old * 2 < leaves.len() {
            return Ok(());
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let left: Vec<String> = leaves.into_iter().skip(old).map(|leaf| leaf.text).collect();
        match file.rewrite(HEAD, &left) {
            Ok(()) => tracing::info!(left = left.len(), old, "leaves that every backup has are kept apart no more"),
            Err(error) => tracing::warn!(%error, "the file of leaves is written anew another time"),
        }
        Ok(())
    }

    fn begin_anew(&mut self) -> Result<PathBuf, StoreError> {
        let aside = self.path.with_extension("leaves.lost");
        self.file = None;
        std::fs::rename(&self.path, &aside).map_err(|error| self.failed(&error))?;
        self.read()?;
        Ok(aside)
    }

    fn failed(&self, error: &std::io::Error) -> StoreError {
        failed(&self.path, error)
    }

    fn damaged(&self) -> StoreError {
        StoreError::Journal(format!(
            "{}: a line is no leaf of a log, or one is missing; put a copy of it in its place",
            self.path.display()
        ))
    }
}
