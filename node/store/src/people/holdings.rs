//! What recipients hold of a worker who asked: here as a recipient, what this node notes of another's; as a source, whom it asked, and what they said.

use polder_consent::holdings::{Erasing, HeldCopy, Holdings, Keeping, MOST_HELD, Noted};
use polder_consent::{Epoch, Handle, Retained, WorkerId};
use polder_model::{PartnerId, Timestamp};

use super::application_readers::READERS_OF;
use super::workers::{fields, id, instant};
use super::{Desk, Work, erasures};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Who answered so shortly ago is not asked anew, in seconds.
const RECENT_SECONDS: i64 = 60;

/// A recipient that is asked what it holds of a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Whom it is about.
    pub worker: WorkerId,
    /// Who is asked.
    pub recipient: PartnerId,
    /// The worker, as the recipient knows them.
    pub handle: Handle,
}

/// What came of asking a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// Who was asked.
    pub recipient: PartnerId,
    /// Since when.
    pub since: Timestamp,
    /// When it answered, and what, as it was kept; `None` where it has not.
    pub answer: Option<(Timestamp, String)>,
    /// Why it did not, the last time; empty before the first.
    pub reason: String,
}

impl Store {
    /// What this node holds of a handle that a source gave it; nothing of any other.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holdings_for(&self, source: &PartnerId, handle: Handle) -> Result<Holdings, StoreError> {
        let (name, most) = (handle.to_string(), MOST_HELD as usize);
        let values = [source.as_str().into(), (&name).into(), (i64::from(MOST_HELD) + 1).into()];
        let sql = format!(
            "SELECT disclosure, purpose, epoch, fields, at, use_until, {READERS_OF} FROM copies WHERE source = $1 AND handle = $2
            ORDER BY at, disclosure LIMIT $3"
        );
        let mut copies = self.readers.read(sql, &values).await?.iter().map(copy).collect::<Result<Vec<_>, _>>()?;
        let sql = "SELECT purpose, epoch, fields, at, client FROM erasures WHERE source = $1 AND handle = $2 AND NOT done ORDER BY number LIMIT $3";
        let mut erasing = self.readers.read(sql, &values).await?.iter().map(erasing).collect::<Result<Vec<_>, _>>()?;
        let sql = "SELECT purpose, epoch, client, retained FROM erasures WHERE source = $1 AND handle = $2 AND retained_until > 0 ORDER BY number LIMIT $3";
        let mut retained = Vec::new();
        for row in self.readers.read(sql, &values).await? {
            keeping(&row, &mut retained)?;
        }
        let more = copies.len() > most || erasing.len() > most || retained.len() > most;
        copies.truncate(most);
        erasing.truncate(most);
        retained.truncate(most);
        Ok(Holdings { handle, copies, erasing, retained, more })
    }

    /// Begins to ask everyone who received something of a worker. Who answered a moment ago is not asked anew; who has not is awaited since before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_gathering(&self, worker: WorkerId, now: Timestamp) -> Result<(), StoreError> {
        self.people(Begin { worker, now }).await
    }

    /// Recipients that are asked of that worker and have not answered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holdings_awaited(&self, of: WorkerId) -> Result<Vec<Awaited>, StoreError> {
        let sql = format!("{AWAITED} AND holdings.worker = $1 ORDER BY holdings.recipient");
        self.readers.read(sql, &[(&of.to_string()).into()]).await?.iter().map(awaited).collect()
    }

    /// What a recipient has not answered, of whomever: what it was not asked for the longest first; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holdings_awaited_from(&self, recipient: &PartnerId, most: u32) -> Result<Vec<Awaited>, StoreError> {
        let sql = format!("{AWAITED} AND holdings.recipient = $1 ORDER BY tried_at, since, holdings.worker LIMIT $2");
        self.readers.read(sql, &[recipient.as_str().into(), i64::from(most).into()]).await?.iter().map(awaited).collect()
    }

    /// Recipients that have not answered something.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recipients_awaited(&self) -> Result<Vec<PartnerId>, StoreError> {
        let sql = "SELECT DISTINCT recipient FROM holdings WHERE answered_at = 0 ORDER BY recipient";
        self.readers.read(sql, &[]).await?.iter().map(|row| id(row, 0)).collect()
    }

    /// Notes what came of asking: an answer, as it is to be kept, or why there was none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_holdings(&self, of: &Awaited, came: Result<String, String>, now: Timestamp) -> Result<(), StoreError> {
        self.people(NoteHeld { of: of.clone(), came, now }).await
    }

    /// What came of asking, by recipient.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn gathered_of(&self, worker: WorkerId) -> Result<Vec<Gathered>, StoreError> {
        let sql = "SELECT recipient, since, answered_at, answer, reason FROM holdings WHERE worker = $1 ORDER BY recipient";
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into()]).await?.iter().map(gathered).collect()
    }

    /// Whoever has something of a worker, or has not said yet that it erased what it had: each would be told if everything were erased now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holders_of(&self, worker: WorkerId) -> Result<Vec<PartnerId>, StoreError> {
        let sql = "SELECT recipient FROM disclosures WHERE worker = $1 AND NOT erased
            UNION SELECT recipient FROM tombstones WHERE worker = $1 AND NOT done ORDER BY recipient";
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into()]).await?.iter().map(|row| id(row, 0)).collect()
    }

    /// What the ledger says that a recipient got of a worker, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn noted_for(&self, worker: WorkerId, recipient: &PartnerId) -> Result<Vec<Noted>, StoreError> {
        let sql = "SELECT id, purpose, epoch, fields, at, use_until, erased, (SELECT count(*) FROM tombstones
                WHERE tombstones.worker = disclosures.worker AND tombstones.recipient = disclosures.recipient
                AND tombstones.purpose = disclosures.purpose AND tombstones.epoch >= disclosures.epoch
                AND (named = '' OR named LIKE '%' || disclosures.id || '%'))
            FROM disclosures WHERE worker = $1 AND recipient = $2 ORDER BY leaf";
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into(), recipient.as_str().into()]).await?.iter().map(noted).collect()
    }
}

const AWAITED: &str = "SELECT holdings.worker, holdings.recipient, handle FROM holdings
    JOIN handles ON handles.worker = holdings.worker AND handles.recipient = holdings.recipient WHERE answered_at = 0";

fn awaited(row: &Row) -> Result<Awaited, StoreError> {
    Ok(Awaited { worker: id(row, 0)?, recipient: id(row, 1)?, handle: id(row, 2)? })
}

fn copy(row: &Row) -> Result<HeldCopy, StoreError> {
    Ok(HeldCopy {
        disclosure: id(row, 0)?,
        purpose: id(row, 1)?,
        epoch: Epoch(row::counter(row, 2)?),
        fields: fields(row, 3)?,
        at: instant(row, 4)?,
        use_until: instant(row, 5)?,
        system: row.text(6)?.to_owned(),
    })
}

fn erasing(row: &Row) -> Result<Erasing, StoreError> {
    Ok(Erasing {
        purpose: id(row, 0)?,
        epoch: Epoch(row::counter(row, 1)?),
        fields: fields(row, 2)?,
        since: instant(row, 3)?,
        system: row.text(4)?.to_owned(),
    })
}

/// What a client keeps by law of one erasure.
fn keeping(row: &Row, all: &mut Vec<Keeping>) -> Result<(), StoreError> {
    for Retained { fields, basis, statute, until } in erasures::retained(row, 3)? {
        let (purpose, epoch, system) = (id(row, 0)?, Epoch(row::counter(row, 1)?), row.text(2)?.to_owned());
        all.push(Keeping { purpose, epoch, fields, basis, statute, until, system });
    }
    Ok(())
}

fn gathered(row: &Row) -> Result<Gathered, StoreError> {
    let answered = row.integer(2)?;
    let answer = if answered == 0 { None } else { Some((Timestamp::from_micros(answered), row.text(3)?.to_owned())) };
    Ok(Gathered { recipient: id(row, 0)?, since: instant(row, 1)?, answer, reason: row.text(4)?.to_owned() })
}

fn noted(row: &Row) -> Result<Noted, StoreError> {
    Ok(Noted {
        disclosure: id(row, 0)?,
        purpose: id(row, 1)?,
        epoch: Epoch(row::counter(row, 2)?),
        fields: fields(row, 3)?,
        at: instant(row, 4)?,
        use_until: instant(row, 5)?,
        erased: row.boolean(6)?,
        told: row.integer(7)? > 0,
    })
}

struct Begin {
    worker: WorkerId,
    now: Timestamp,
}

impl Work for Begin {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO holdings (worker, recipient, since, tried_at, answered_at, reason, answer)
            SELECT DISTINCT worker, recipient, $2, 0, 0, '', '' FROM disclosures WHERE worker = $1
            ON CONFLICT (worker, recipient) DO UPDATE SET since = excluded.since, tried_at = 0, answered_at = 0, reason = '', answer = ''
            WHERE holdings.answered_at <> 0 AND holdings.answered_at <= $3";
        let (worker, recent) = (self.worker.to_string(), self.now.plus_seconds(-RECENT_SECONDS));
        desk.transaction.run(sql, &[(&worker).into(), self.now.micros().into(), recent.micros().into()]).await.map(drop)
    }
}

struct NoteHeld {
    of: Awaited,
    came: Result<String, String>,
    now: Timestamp,
}

impl Work for NoteHeld {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let (worker, recipient) = (self.of.worker.to_string(), self.of.recipient.as_str());
        let (set, text) = match &self.came {
            Ok(answer) => ("answered_at = $4, answer = $3, reason = ''", answer),
            Err(reason) => ("reason = $3", reason),
        };
        let sql = format!("UPDATE holdings SET tried_at = $4, {set} WHERE worker = $1 AND recipient = $2 AND answered_at = 0");
        desk.transaction.run(sql, &[(&worker).into(), recipient.into(), text.into(), self.now.micros().into()]).await.map(drop)
    }
}
