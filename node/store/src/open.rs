//! Opening and closing a database.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::counts::Written;
use crate::database::Database;
use crate::engine::{Connection, Readers};
use crate::error::StoreError;
use crate::follow::Follower;
use crate::journal::{KeptLeaves, SharedJournal};
use crate::messages::Messages;
use crate::remains::Remains;
use crate::told::Told;
use crate::types::OnCommit;
use crate::writer::{self, Target, Writer};
use crate::{postgres, read, sqlite};

/// A partner's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    /// What only a database needs that several replicas share.
    pub(crate) replicas: Option<Replicas>,
    /// What ended, apart from the database.
    pub(crate) journal: Option<SharedJournal>,
    /// The log's leaves, apart from the database.
    pub(crate) leaves: Option<KeptLeaves>,
    pub(crate) remains: Remains,
    /// How often this process changed a client.
    pub(crate) clients_changed: Arc<AtomicU64>,
}

#[derive(Clone)]
pub(crate) struct Replicas {
    pub(crate) follower: Follower,
    pub(crate) messages: Messages,
}

impl Store {
    /// Opens a database, making file and tables if they are not there. `on_commit` is told of every commit before its callers get their
    /// replies; of what other replicas commit, when [`Store::catch_up`] or [`Store::follow`] has it read.
    ///
    /// # Errors
    /// When the database cannot be used, or was written by another program or a later version of this one.
    pub async fn open(database: impl Into<Database>, on_commit: OnCommit) -> Result<Self, StoreError> {
        Self::open_with(database.into(), (None, None), on_commit).await
    }

    /// The same, beside a journal of what ends and a file of the log's leaves, made where they are not there. [`Store::replay`] is to be called before anything about people is written.
    ///
    /// # Errors
    /// As [`Store::open`], and where the journal cannot be used.
    pub async fn open_beside(database: impl Into<Database>, journal: &Path, on_commit: OnCommit) -> Result<Self, StoreError> {
        let leaves = KeptLeaves::open(journal).await?;
        let journal = SharedJournal::open(journal).await?;
        Self::open_with(database.into(), (Some(journal), Some(leaves)), on_commit).await
    }

    async fn open_with(
        database: Database,
        (journal, leaves): (Option<SharedJournal>, Option<KeptLeaves>),
        on_commit: OnCommit,
    ) -> Result<Self, StoreError> {
        let (readers, target, mut connection, shared) = match &database {
            Database::Sqlite(path) => {
                let (options, first) = sqlite::prepare(path).await?;
                (Readers::Sqlite(sqlite::readers(&options)), Target::Sqlite(options), Connection::Sqlite(first), None)
            }
            Database::Postgres(address) => {
                let options = postgres::prepare(address).await?;
                let target = Target::Postgres(postgres::writing(&options));
                let connection = target.connect().await?;
                (Readers::Postgres(postgres::readers(&options)), target, connection, Some(options))
            }
        };
        let remains = Remains::of(match &target {
            Target::Sqlite(options) => Some(options),
            Target::Postgres(_) => None,
        });
        let told = Arc::new(Told::new(on_commit, read::latest(&mut connection).await?));
        let replicas = shared.map(|options| Replicas {
            messages: Messages::new(postgres::aside(&options)),
            follower: Follower::start(options, Arc::clone(&told)),
        });
        let writer = writer::start(connection, target, told, journal.clone());
        Ok(Self { readers, writer, replicas, journal, leaves, remains, clients_changed: Arc::default() })
    }

    /// Returns when `on_commit` knows of everything that was committed before this call, by whichever replica. On SQLite, where there is one
    /// process, that is so already.
    ///
    /// # Errors
    /// When the database cannot be read; what was told may be old then.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        match &self.replicas {
            Some(replicas) => replicas.follower.catch_up().await,
            None => Ok(()),
        }
    }

    /// Returns when the database has answered: PostgreSQL what every question needs first ([`Store::catch_up`]), SQLite a small read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn answers(&self) -> Result<(), StoreError> {
        match &self.replicas {
            Some(_) => self.catch_up().await,
            None => self.reader().offers().await.map(drop),
        }
    }

    /// Whether several replicas of a node may share the database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.replicas.is_some()
    }

    /// From now on `on_commit` is told of what other replicas commit soon after they do, unasked. Called once whoever listens is ready for it.
    pub async fn follow(&self) {
        if let Some(replicas) = &self.replicas {
            replicas.follower.follow().await;
        }
    }

    /// From now on this process stores no offer that would be one more than these; without this call there is no bound. What is there may be
    /// replaced and deleted, however many there are.
    pub fn take_at_most(&self, offers: u64) {
        self.writer.most_offers.store(offers, Ordering::Relaxed);
    }

    /// What the writer did since the database was opened.
    #[must_use]
    pub fn written(&self) -> Written {
        self.writer.counts.written()
    }

    /// Stores what is queued, then closes the database.
    pub async fn close(&self) {
        self.writer.close().await;
        if let Some(replicas) = &self.replicas {
            replicas.follower.close().await;
            replicas.messages.pool.close().await;
        }
        self.readers.close().await;
        if let (Some(journal), Some(leaves)) = (&self.journal, &self.leaves) {
            journal.close();
            leaves.close();
        }
    }
}
