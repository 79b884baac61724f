//! Taking the index from its file.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polder_index::{FileError, IndexChange, LONGEST_HEAD, Stamp};
use polder_model::{Kind, OfferKey};
use polder_store::{Store, StoreError};

use crate::index_feed::{self, Feed};

/// Changes that are taken into the index at a time.
const AT_ONCE: usize = 10_000;

/// Why the index is not taken from its file.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    /// There is none.
    #[error("there is no file")]
    Missing,
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is damaged, or of another partner or version.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database does not know its word.
    #[error("the file was not made from this database, or the database was restored from a backup that is older than the file")]
    Unknown,
    /// It says that it knows more than the database.
    #[error("the file holds changes up to {file}, the database up to {database}")]
    Later { file: u64, database: u64 },
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored offer cannot be read.
    #[error("the stored {0} {1} cannot be read")]
    Unreadable(Kind, OfferKey),
    /// The reading itself failed.
    #[error("reading it failed")]
    Failed,
}

impl NotTaken {
    /// Whether it is the file that does not fit, now and at the next start.
    pub(super) fn is_of_the_file(&self) -> bool {
        match self {
            Self::File(_) | Self::Unknown | Self::Later { .. } => true,
            Self::Missing | Self::Io(_) | Self::Store(_) | Self::Unreadable(..) | Self::Failed => false,
        }
    }
}

/// Fills the index from the file, then with what changed since, then with the offers about people, which are in no file. The number of the
/// latest change that is in the file. After an error the index may hold anything: it is to be built anew.
pub(super) async fn fill(feed: &Arc<Feed>, store: &Store, path: &Path) -> Result<u64, NotTaken> {
    let (file, start, stamp) = blocking(feed, path.to_owned(), |feed, path| begin(&feed, &path)).await?;
    if !store.is_marked(&stamp.word).await? {
        return Err(NotTaken::Unknown);
    }
    blocking(feed, (file, start), |feed, (file, start)| restore(&feed, file, start)).await?;
    let mut batch = Batch { feed, changes: Vec::new(), unreadable: None };
    let latest = store
        .each_change(stamp.change, |change| {
            if !change.kind.is_personal() {
                batch.add(index_feed::read(&change), change.kind, &change.key);
            }
        })
        .await?;
    if latest < stamp.change {
        return Err(NotTaken::Later { file: stamp.change, database: latest });
    }
    store.each_view(|view| batch.add(index_feed::read(&view), view.kind, &view.key)).await?;
    batch.finish()?;
    feed.knows(latest);
    Ok(stamp.change)
}

async fn blocking<A: Send + 'static, T: Send + 'static>(
    feed: &Arc<Feed>,
    with: A,
    work: impl FnOnce(Arc<Feed>, A) -> Result<T, NotTaken> + Send + 'static,
) -> Result<T, NotTaken> {
    let feed = Arc::clone(feed);
    tokio::task::spawn_blocking(move || work(feed, with)).await.map_err(|_| NotTaken::Failed)?
}

/// Opens the file and reads its start: whether it fits is known before the rest is read.
fn begin(feed: &Feed, path: &PathBuf) -> Result<(File, Vec<u8>, Stamp), NotTaken> {
    let mut file = File::open(path).map_err(|error| if error.kind() == ErrorKind::NotFound { NotTaken::Missing } else { error.into() })?;
    let mut start = Vec::with_capacity(LONGEST_HEAD);
    file.by_ref().take(LONGEST_HEAD as u64).read_to_end(&mut start)?;
    let stamp = feed.index.stamp(&start)?;
    Ok((file, start, stamp))
}

fn restore(feed: &Feed, mut file: File, start: Vec<u8>) -> Result<(), NotTaken> {
    let mut bytes = start;
    bytes.reserve_exact(usize::try_from(file.metadata()?.len()).unwrap_or(0).saturating_sub(bytes.len()));
    file.read_to_end(&mut bytes)?;
    feed.index.restore(&bytes)?;
    Ok(())
}

/// Changes on their way into the index.
struct Batch<'f> {
    feed: &'f Feed,
    changes: Vec<IndexChange>,
    unreadable: Option<(Kind, OfferKey)>,
}

impl Batch<'_> {
    fn add(&mut self, change: Option<IndexChange>, kind: Kind, key: &OfferKey) {
        match change {
            Some(change) => self.changes.push(change),
            None => self.unreadable = Some((kind, key.clone())),
        }
        if self.changes.len() >= AT_ONCE {
            self.feed.index.apply(self.changes.drain(..));
        }
    }

    fn finish(self) -> Result<(), NotTaken> {
        if let Some((kind, key)) = self.unreadable {
            return Err(NotTaken::Unreadable(kind, key));
        }
        if !self.changes.is_empty() {
            self.feed.index.apply(self.changes);
        }
        while self.feed.index.compact() {}
        Ok(())
    }
}
