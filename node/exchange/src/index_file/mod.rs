//! The index in a file of the data directory, so that a node with many offers starts without reading each of them.
//!
//! The file is no source of truth: where anything does not fit, the index is built from the store, and the log says why. It is taken only where
//! the store holds its word, which was written there (a mark of the store) once the file was whole and on disk. Everything that is in
//! the file was committed before that word. So whatever database holds the word, be it a copy or restored from a backup, has all of that
//! in its past, and the changes after the file's number lead from there to its present. Why that holds at each point where a node may be
//! cut off stands in `docs/decisions/0010-index-file.md`.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use polder_model::Kind;
use polder_store::Store;

use crate::clock::Clock;
use crate::index_feed::Feed;
use crate::open_error::OpenError;

/// The name of the file; with an ending of its own while it is written.
const NAME: &str = "index.snapshot";

/// When the index is written to its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// With fewer offers that are not about people there is no file: reading them takes no time worth mentioning.
    pub least_offers: usize,
    /// How often is looked whether it is due.
    pub every: Duration,
    /// It is due when there was one change for so many offers.
    pub part: u64,
    /// How long a stop may take for it: what is not whole by then is taken away.
    pub at_stop: Duration,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { least_offers: 10_000, every: Duration::from_mins(10), part: 50, at_stop: Duration::from_millis(2_500) }
    }
}

/// Time for a piece that is being written when the time of a stop is over, and for a database that is away.
const LAST: Duration = Duration::from_millis(500);

/// The index's file, and what is in it.
pub(crate) struct IndexFile {
    directory: PathBuf,
    feed: Arc<Feed>,
    store: Store,
    clock: Arc<dyn Clock>,
    keeping: Keeping,
    /// The number of the latest change that is in the file for certain; `None` where there is no file that can be used. Held while it is written.
    kept: tokio::sync::Mutex<Option<u64>>,
    /// When writing has to end, once the node stops.
    ends: Arc<OnceLock<Instant>>,
}

const NOT_WRITTEN: &str =
    "the index could not be written to its file; nothing is lost, but the next start reads what changed since from the database";

/// Ends a task when it is dropped.
pub(crate) struct Ending(tokio::task::JoinHandle<()>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl IndexFile {
    /// Fills the index: from the file and what changed since, or from the store alone.
    pub(crate) async fn open(
        directory: PathBuf,
        feed: Arc<Feed>,
        store: Store,
        clock: Arc<dyn Clock>,
        keeping: Keeping,
    ) -> Result<Self, OpenError> {
        let began = Instant::now();
        let path = directory.join(NAME);
        let kept = match read::fill(&feed, &store, &path).await {
            Ok(kept) => Some(kept),
            Err(why) => {
                if why.is_of_the_file() {
                    write::remove(&path, &why);
                } else if !matches!(why, read::NotTaken::Missing) {
                    tracing::warn!(file = %path.display(), %why, "the index is built anew from the database, not taken from its file");
                }
                feed.rebuild(&store).await?;
                None
            }
        };
        let offers = Kind::ALL.map(|kind| feed.index.snapshot().count(kind)).iter().sum::<usize>();
        tracing::info!(file = %path.display(), offers, from_file = kept.is_some(), ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX), "the index is ready");
        Ok(Self { directory, feed, store, clock, keeping, kept: tokio::sync::Mutex::new(kept), ends: Arc::default() })
    }

    /// Writes the file whenever it is due, in the background, until what is returned is dropped.
    pub(crate) fn keep(self: &Arc<Self>) -> Ending {
        let file = Arc::clone(self);
        Ending(tokio::spawn(async move {
            write::clear(&file.directory);
            loop {
                file.write_if(|changes, offers| changes * file.keeping.part >= offers).await;
                tokio::time::sleep(file.keeping.every).await;
            }
        }))
    }

    /// Writes the file if there is anything that it does not hold, and never again. What takes longer than a stop may is given up, also what was begun
    /// before: the file of before stays.
    pub(crate) async fn write_at_stop(&self) {
        // Whoever stops twice has the time of the first.
        let _ = self.ends.set(Instant::now() + self.keeping.at_stop);
        let writing = self.write_if(|changes, _| changes > 0);
        if tokio::time::timeout(self.keeping.at_stop + LAST, writing).await.is_err() {
            let error = "the disk or the database did not reply in time";
            tracing::warn!(directory = %self.directory.display(), error, "{NOT_WRITTEN}");
        }
    }

    /// Writes the file where there is none, or where so many changes since, of so many offers, are enough.
    async fn write_if(&self, enough: impl Fn(u64, u64) -> bool) {
        let mut kept = self.kept.lock().await;
        let known = self.feed.known();
        let snapshot = self.feed.index.snapshot();
        let offers = Kind::ALL.into_iter().filter(|kind| !kind.is_personal()).map(|kind| snapshot.count(kind)).sum::<usize>();
        let due = kept.is_none_or(|kept| enough(known.saturating_sub(kept), u64::try_from(offers).unwrap_or(u64::MAX)));
        if offers < self.keeping.least_offers || !due {
            return;
        }
        let began = Instant::now();
        match write::write(&self.directory, snapshot, known, &self.store, self.clock.now(), &self.ends).await {
            Ok(bytes) => {
                *kept = Some(known);
                tracing::info!(
                    offers,
                    bytes,
                    change = known,
                    ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
                    "the index was written to its file"
                );
            }
            Err(error) => {
                tracing::warn!(directory = %self.directory.display(), %error, "{NOT_WRITTEN}");
            }
        }
    }
}
