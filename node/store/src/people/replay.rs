//! What the journal knows and the database does not: what ended there has ended here, and its recipient is owed a tombstone, whether or not a row says that
//! it has a copy; what was stopped alone is stopped again; and who was erased is erased again.

use polder_consent::{Epoch, Event, Handle, Line, Owed, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};

use super::reopening::{JOURNALS, Known, Look, Replayed};
use super::{Desk, decide, erase, kept, stop_application, tombstones, workers};
use crate::batch::Batch;
use crate::engine::Transaction;
use crate::error::StoreError;
use crate::journal::{Ended, Past};
use crate::open::Store;
use crate::row;
use crate::rows;

/// A worker, a purpose and a recipient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose<'w> {
    pub worker: WorkerId,
    pub purpose: Purpose,
    pub recipient: &'w PartnerId,
}

/// What of the journal was replayed in a transaction: up to which number, and whether that is all.
pub(crate) struct Ahead {
    last: Option<u64>,
    is_all: bool,
}

impl Store {
    /// Brings the database up to its journal: what ended, and is not known here, ends now, and who was erased is erased again. Where the journal says that the database went back, the node is
    /// open to nobody from then on ([`Store::reopen`]). To be called once, before anything about people is read or written.
    ///
    /// # Errors
    /// When the database cannot be written; nothing about people may be said then.
    pub async fn replay(&self, now: Timestamp) -> Result<(), StoreError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let says = journal.says();
        let known = Known::of_rows(&self.readers.read(JOURNALS, &[]).await?)?;
        let seen = known.seen(&says.name).unwrap_or(0);
        self.people(Look { says, known, is_shared: self.is_shared(), now }).await?;
        self.take_leaves_back(now).await?;
        journal.seen(seen);
        while !journal.ahead().0.is_empty() {
            self.people(Nothing).await?;
        }
        self.people(Replayed).await
    }
}

/// Nothing of its own: each transaction replays what there is to replay.
struct Nothing;

impl super::Work for Nothing {
    type Told = ();

    async fn carry_out(self, _: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Replays some of what the journal is ahead.
pub(crate) async fn replay(transaction: &mut Transaction<'_>, batch: &mut Batch) -> Result<Ahead, StoreError> {
    let (past, is_all) = batch.journal().map_or((Vec::new(), true), |journal| journal.ahead());
    let desk = &mut Desk { transaction, batch };
    for one in &past {
        match one {
            Past::Ended(ended) => end(desk, ended).await?,
            Past::Stopped(stopped) => stop_application::stop_again(desk, stopped).await?,
            Past::Erased(erased) => erase::erase_again(desk, erased.worker, erased.at).await?,
        }
    }
    Ok(Ahead { last: past.last().map(Past::number), is_all })
}

async fn end(desk: &mut Desk<'_, '_>, ended: &Ended) -> Result<(), StoreError> {
    let Ended { worker, purpose, recipient, epoch, at, .. } = ended;
    let whose = Whose { worker: *worker, purpose: *purpose, recipient };
    if let Some(handle) = ended.handle {
        restore_handle(desk, *worker, recipient, handle).await?;
    }
    let before = kept::latest(desk, *worker, *purpose, recipient).await?;
    let mut line = decide::line_of(desk, *worker, *purpose, recipient, before.as_ref(), *at).await?;
    let Some(owed) = line.replay(*epoch) else { return Ok(()) };
    if let Some(before) = before.filter(|before| before.is_given(*at)) {
        let event = ended.what.map(|what| Event { ground: ended.ground, ..Event::new(what, *at) });
        decide::write_end(desk, &before, event, *at).await?;
        desk.batch.unsettle(*worker, *at);
    }
    ended_elsewhere(desk, whose, &line).await?;
    recall(desk, whose, owed, *at).await
}

/// The latest epoch is known from elsewhere than the consents here.
pub(super) async fn ended_elsewhere(desk: &mut Desk<'_, '_>, whose: Whose<'_>, line: &Line) -> Result<(), StoreError> {
    let sql = "INSERT INTO lines (worker, purpose, recipient, epoch) VALUES ($1, $2, $3, $4) ON CONFLICT (worker, purpose, recipient)
        DO UPDATE SET epoch = CASE WHEN lines.epoch < excluded.epoch THEN excluded.epoch ELSE lines.epoch END";
    let (worker, epoch) = (whose.worker.to_string(), rows::number(line.epoch.0)?);
    let values = [(&worker).into(), whose.purpose.as_str().into(), whose.recipient.as_str().into(), epoch.into()];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// The latest epoch that is known from elsewhere; 0 where none is.
pub(super) async fn epoch_elsewhere(desk: &mut Desk<'_, '_>, whose: Whose<'_>) -> Result<Epoch, StoreError> {
    let sql = "SELECT epoch FROM lines WHERE worker = $1 AND purpose = $2 AND recipient = $3";
    let worker = whose.worker.to_string();
    let found = desk.transaction.read(sql, &[(&worker).into(), whose.purpose.as_str().into(), whose.recipient.as_str().into()]).await?;
    found.first().map_or(Ok(Epoch::default()), |row| Ok(Epoch(row::counter(row, 0)?)))
}

/// Owes a tombstone for everything that has ended, in the place of those for the same and later. Nothing, where the recipient never got to know of the
/// worker: it has no copy.
pub(super) async fn recall(desk: &mut Desk<'_, '_>, whose: Whose<'_>, owed: Owed, now: Timestamp) -> Result<(), StoreError> {
    if workers::known_handle(desk, whose.worker, whose.recipient).await?.is_none() {
        return Ok(());
    }
    let sql = "DELETE FROM tombstones WHERE worker = $1 AND purpose = $2 AND recipient = $3 AND NOT done AND epoch >= $4";
    let (worker, epoch) = (whose.worker.to_string(), rows::number(owed.epoch.0)?);
    let values = [(&worker).into(), whose.purpose.as_str().into(), whose.recipient.as_str().into(), epoch.into()];
    desk.transaction.run(sql, &values).await?;
    tombstones::owe(desk, whose, owed, now).await
}

/// A handle that the database has lost.
pub(super) async fn restore_handle(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    recipient: &PartnerId,
    handle: Handle,
) -> Result<(), StoreError> {
    let (worker, handle) = (worker.to_string(), handle.to_string());
    let sql = "INSERT INTO handles (worker, recipient, handle) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    desk.transaction.run(sql, &[(&worker).into(), recipient.as_str().into(), (&handle).into()]).await.map(drop)
}

/// Writes what ends with this transaction to the journal, and how much of the journal the database has seen with it. That number, where it is another.
pub(crate) async fn write_journal(
    transaction: &mut Transaction<'_>,
    batch: &mut Batch,
    replayed: Ahead,
) -> Result<Option<u64>, StoreError> {
    let (past, commits) = (batch.take_past(), batch.commits());
    let Some(journal) = batch.journal() else { return Ok(None) };
    let name = journal.says().name;
    let mut seen = replayed.last;
    if !past.is_empty() {
        let last = journal.append(past, commits).await?;
        // Where more is ahead, this is replayed again behind it, which changes nothing.
        seen = if replayed.is_all { Some(last) } else { seen };
    }
    let Some(number) = seen else { return Ok(None) };
    let sql = "INSERT INTO journals (name, seen) VALUES ($1, $2) ON CONFLICT (name)
        DO UPDATE SET seen = CASE WHEN journals.seen < excluded.seen THEN excluded.seen ELSE journals.seen END";
    transaction.run(sql, &[(&name).into(), rows::number(number)?.into()]).await?;
    Ok(Some(number))
}
