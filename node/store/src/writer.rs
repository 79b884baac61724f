//! The one writer. A sync of the disk costs milliseconds, so everything that waits shares one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use polder_consent::NewLeaf;
use polder_model::{Kind, OfferKey, Timestamp};
use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::batch::Batch;
use crate::counts::Counts;
use crate::engine::{Connection, Transaction};
use crate::error::StoreError;
use crate::imports;
use crate::journal::SharedJournal;
use crate::lease::{self, Lease};
use crate::log;
use crate::told::Told;
use crate::types::{ActsFor, Change, Deleted, Precondition, Stored};
use crate::write::{self, Hashed};
use crate::{marks, people, postgres, processing};

mod queued;

pub use queued::Queued;

/// Most jobs that wait.
const QUEUE: usize = 4_096;
/// Most jobs of one transaction; a put counts as one.
pub(crate) const BATCH: usize = 1_000;
/// Most document bytes of one transaction, but for those of its last job.
pub(crate) const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// How long a caller waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one transaction of PostgreSQL may take in all: a server that has gone silent says neither yes nor no, and its own bounds bind it no more.
const SILENCE: Duration = Duration::from_millis(if cfg!(test) { 500 } else { 30_000 });
/// How long a connection that lay idle has to say that it lives.
const LIFE: Duration = Duration::from_millis(if cfg!(test) { 500 } else { 5_000 });
/// How long a connection may lie idle before it is tried: something on the way may have cut it.
const IDLE: Duration = Duration::from_secs(1);

pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Something to be written, and who waits for it.
pub(crate) enum Job {
    Puts { puts: Vec<Hashed>, reply: Reply<Vec<Result<Stored, StoreError>>> },
    Delete { kind: Kind, key: OfferKey, precondition: Precondition, acts_for: ActsFor, now: Timestamp, reply: Reply<Deleted> },
    Set { name: String, value: String, reply: Reply<()> },
    Mark { word: String, now: Timestamp, reply: Reply<()> },
    Replace { name: String, expected: Option<String>, value: String, leaf: Option<NewLeaf>, reply: Reply<bool> },
    Lease { lease: Lease, ask: lease::Ask, reply: Reply<bool> },
    Log { ask: log::Ask, reply: Reply<bool> },
    Import { ask: imports::Ask, reply: Reply<imports::Told> },
    Verdicts { import: String, row: imports::VerdictRow, reply: Reply<()> },
    People(Box<dyn people::Errand>),
    Close { reply: Reply<()> },
}

impl Job {
    /// What it takes of a transaction: how many puts or others, and how many bytes of documents.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Puts { puts, .. } => (puts.len(), puts.iter().map(|hashed| hashed.put.document.len()).sum()),
            _ => (1, 0),
        }
    }

    /// The offers that it is about.
    fn offers(&self, into: &mut Vec<(Kind, OfferKey)>) {
        match self {
            Self::Puts { puts, .. } => into.extend(puts.iter().map(|Hashed { put, .. }| (put.kind, put.key.clone()))),
            Self::Delete { kind, key, .. } => into.push((*kind, key.clone())),
            _ => {}
        }
    }
}

/// The way to the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    pub(crate) counts: Counts,
    /// How many offers may be.
    pub(crate) most_offers: Arc<AtomicU64>,
}

impl Writer {
    /// Queues a job and waits until it is on disk, or is refused.
    pub(crate) async fn run<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        self.queue(job).await.await
    }

    /// Queues a job. Those that one caller queues one after the other are done in that order.
    pub(crate) async fn queue<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Queued<T> {
        let (reply, answer) = oneshot::channel();
        let queued = self.jobs.send_timeout(job(reply), PATIENCE).await;
        Queued(queued.map(|()| answer).map_err(|_| StoreError::Busy))
    }

    pub(crate) async fn close(&self) {
        // A writer that is gone already has nothing left to store.
        let _ = self.run(|reply| Job::Close { reply }).await;
    }
}

/// Where the writer connects to.
pub(crate) enum Target {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

impl Target {
    pub(crate) async fn connect(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(options) => Connection::Sqlite(SqliteConnection::connect_with(options).await?),
            Self::Postgres(options) => Connection::Postgres(postgres::connect(options).await?),
        })
    }
}

/// Starts the writer.
pub(crate) fn start(connection: Connection, target: Target, told: Arc<Told>, journal: Option<SharedJournal>) -> Writer {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (counts, most_offers) = (Counts::default(), Arc::new(AtomicU64::new(u64::MAX)));
    let writer = Writer { jobs: sender, counts: counts.clone(), most_offers: Arc::clone(&most_offers) };
    tokio::spawn(Task { connection: Some(connection), target, told, used: Instant::now(), counts, most_offers, journal }.run(receiver));
    writer
}

/// A reply that is held back until the commit.
pub(crate) type Held = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Task {
    connection: Option<Connection>,
    target: Target,
    told: Arc<Told>,
    /// When the connection was last used.
    used: Instant,
    counts: Counts,
    most_offers: Arc<AtomicU64>,
    journal: Option<SharedJournal>,
}

impl Task {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut closers = Vec::new();
        while let Some(first) = jobs.recv().await {
            let (mut count, mut bytes) = first.size();
            let mut batch = vec![first];
            while count < BATCH && bytes < BATCH_BYTES {
                let Ok(job) = jobs.try_recv() else { break };
                let size = job.size();
                (count, bytes) = (count + size.0, bytes + size.1);
                batch.push(job);
            }
            let mut work = Vec::with_capacity(batch.len());
            for job in batch {
                match job {
                    Job::Close { reply } => {
                        jobs.close();
                        closers.push(reply);
                    }
                    other => work.push(other),
                }
            }
            if !work.is_empty() {
                self.write_batch(work).await;
            }
        }
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; it recovers when it is opened");
        }
        for closer in closers {
            let _ = closer.send(Ok(()));
        }
    }

    /// One transaction; every caller hears whether it was committed.
    async fn write_batch(&mut self, work: Vec<Job>) {
        let (began, jobs) = (Instant::now(), work.len());
        let mut held: Vec<Held> = Vec::with_capacity(jobs);
        let outcome = match self.target {
            Target::Sqlite(_) => self.transact(work, &mut held).await,
            Target::Postgres(_) => {
                let silent = || StoreError::Uncertain("the server does not answer".to_owned());
                tokio::time::timeout(SILENCE, self.transact(work, &mut held)).await.unwrap_or_else(|_| Err(silent()))
            }
        };
        self.counts.add(outcome.is_ok(), jobs, began.elapsed());
        match &outcome {
            Ok(changes) => {
                self.tell(changes).await;
                tracing::debug!(
                    transaction = "batch",
                    jobs,
                    changes = changes.len(),
                    ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
                    "committed"
                );
            }
            Err(error) => {
                tracing::error!(transaction = "batch", jobs, %error, "nothing of this batch was acknowledged");
                // The state of the connection is not known: it is opened anew for the next batch.
                self.connection = None;
            }
        }
        for reply in held {
            reply(outcome.as_ref().map(|_| ()).map_err(Clone::clone));
        }
    }

    /// Tells of what was committed. Where that takes reading and reading fails, whoever asks next has it read ([`crate::follow`]).
    async fn tell(&mut self, changes: &[Change]) {
        let Some(connection) = &mut self.connection else { return };
        let told = tokio::time::timeout(SILENCE, self.told.committed(connection, changes)).await;
        if let Err(error) = told.unwrap_or_else(|_| Err(StoreError::Unreachable("the server does not answer".to_owned()))) {
            tracing::warn!(%error, "what was committed is told later");
            self.connection = None;
        }
        self.used = Instant::now();
    }

    async fn transact(&mut self, work: Vec<Job>, held: &mut Vec<Held>) -> Result<Vec<Change>, StoreError> {
        let (mut work, most, journal) = (work.into_iter(), self.most_offers.load(Ordering::Relaxed), self.journal.clone());
        let result = async {
            let connection = self.ready().await?;
            let mut transaction = connection.transaction().await?;
            let mut offers = Vec::new();
            work.as_slice().iter().for_each(|job| job.offers(&mut offers));
            let mut batch = Batch::begin(&mut transaction, &offers, most, journal.clone()).await?;
            // What a transaction before could not end, though it stands in the journal, ends first.
            let replayed = people::replay(&mut transaction, &mut batch).await?;
            for job in work.by_ref() {
                run_job(&mut transaction, &mut batch, job, held).await?;
            }
            people::settle(&mut transaction, &mut batch).await?;
            processing::write(&mut transaction, batch.take_processed()).await?;
            let seen = people::write_journal(&mut transaction, &mut batch, replayed).await?;
            let changes = batch.write(&mut transaction).await?;
            if !changes.is_empty() {
                transaction.announce().await?;
            }
            transaction.commit().await?;
            if let (Some(journal), Some(seen)) = (journal, seen) {
                journal.seen(seen);
            }
            Ok(changes)
        }
        .await;
        // Whoever was not reached hears of the failure as well.
        for job in work {
            hold_unreached(job, held);
        }
        result
    }

    /// A connection that works.
    async fn ready(&mut self) -> Result<&mut Connection, StoreError> {
        let idle = self.used.elapsed() > IDLE;
        let mut kept = self.connection.take();
        if let Some(connection) = &mut kept
            && idle
            && !tokio::time::timeout(LIFE, connection.is_alive()).await.unwrap_or(false)
        {
            kept = None;
        }
        let connection = match kept {
            Some(connection) => connection,
            None => {
                let mut connection = self.target.connect().await?;
                // A commit that failed may be on disk all the same: the index hears of it before anything else is written.
                self.told.catch_up(&mut connection).await?;
                connection
            }
        };
        Ok(self.connection.insert(connection))
    }
}

/// Does one job: puts and deletes in memory, each of the others in a savepoint of its own. What a precondition refuses goes to its caller; an
/// error of the database fails the transaction.
async fn run_job(transaction: &mut Transaction<'_>, batch: &mut Batch, job: Job, held: &mut Vec<Held>) -> Result<(), StoreError> {
    match job {
        Job::Puts { puts, reply } => {
            let outcomes = puts.into_iter().map(|put| batch.put(put)).collect();
            hold(reply, Ok(outcomes), held);
            Ok(())
        }
        Job::Delete { kind, key, precondition, acts_for, now, reply } => {
            // Whoever deletes a profile ends what was to be seen of it.
            let may = if kind.is_personal() { batch.may_end().await } else { Ok(()) };
            hold(reply, may.and_then(|()| batch.delete(kind, key, &precondition, &acts_for, now)), held);
            Ok(())
        }
        Job::Set { name, value, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = write::set(&mut savepoint, &name, &value).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Mark { word, now, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = marks::add(&mut savepoint, &word, now).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Replace { name, expected, value, leaf, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = write::replace(&mut savepoint, &name, expected.as_deref(), &value, leaf).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Lease { lease, ask, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = lease::carry_out(&mut savepoint, &lease, &ask).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Log { ask, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = log::carry_out(&mut savepoint, &ask).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Import { ask, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = imports::carry_out(&mut savepoint, &ask).await;
            finish(savepoint, done, reply, held).await
        }
        Job::Verdicts { import, row, reply } => {
            let mut savepoint = transaction.savepoint().await?;
            let done = imports::add_verdicts(&mut savepoint, &import, &row).await;
            finish(savepoint, done, reply, held).await
        }
        Job::People(errand) => {
            let (reply, done) = errand.carry_out(transaction, batch).await;
            held.push(reply);
            match done {
                // It was refused before it had written anything.
                Err(StoreError::Journal(_)) => Ok(()),
                done => done,
            }
        }
        Job::Close { reply } => {
            held.push(Box::new(move |outcome| drop(reply.send(outcome))));
            Ok(())
        }
    }
}

/// Holds back what a job came to until the commit.
fn hold<T: Send + 'static>(reply: Reply<T>, done: Result<T, StoreError>, held: &mut Vec<Held>) {
    held.push(Box::new(move |outcome| drop(reply.send(outcome.and(done)))));
}

async fn finish<T: Send + 'static>(
    savepoint: Transaction<'_>,
    done: Result<T, StoreError>,
    reply: Reply<T>,
    held: &mut Vec<Held>,
) -> Result<(), StoreError> {
    let failed = done.as_ref().err().cloned();
    hold(reply, done, held);
    match failed {
        None => savepoint.commit().await,
        Some(error) => Err(error),
    }
}

fn hold_unreached(job: Job, held: &mut Vec<Held>) {
    held.push(match job {
        Job::Puts { reply, .. } => Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy))))),
        Job::Delete { reply, .. } => Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy))))),
        Job::Import { reply, .. } => Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy))))),
        Job::People(errand) => errand.unreached(),
        Job::Lease { reply, .. } | Job::Replace { reply, .. } | Job::Log { reply, .. } => {
            Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy)))))
        }
        Job::Set { reply, .. } | Job::Mark { reply, .. } | Job::Verdicts { reply, .. } | Job::Close { reply } => {
            Box::new(move |outcome| drop(reply.send(outcome.and(Err(StoreError::Busy)))))
        }
    });
}

#[cfg(test)]
mod tests;
