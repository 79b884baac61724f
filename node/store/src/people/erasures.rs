//! What clients of this node are to erase of people at other partners: passed on when a tombstone comes, until each has said that it erased. What a law
//! demands that it keeps it names then; when the time for that is over, it is to erase it as well.

use std::collections::BTreeSet;

use polder_consent::retained::{MOST_RETAINED, fields_of, first_until};
use polder_consent::{DisclosureId, Epoch, FieldSet, Handle, Retained, TombstoneId};
use polder_model::event::EventType;
use polder_model::{PartnerId, Purpose, Timestamp};

use super::Desk;
use super::copies::Sent;
use super::looked::{Had, Looked, looked, looked_text};
use super::said_erased::{Done, Meant};
use super::sweep::AT_ONCE;
use super::tombstones::{ids, named};
use super::workers::{fields, id, instant};
use crate::engine::Readers;
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::open::Store;
use crate::reader::Reader;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::Row;

/// What taking a tombstone in came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TombstoneTaken {
    /// How many clients of this node had a copy.
    pub clients: u64,
    /// How many of them have not said yet that they erased it.
    pub waiting: u64,
    /// What clients keep of it by law.
    pub retained: Vec<Retained>,
}

/// Something that a client of this node is to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its number: later ones have higher ones.
    pub number: u64,
    /// Whose node gave it.
    pub source: PartnerId,
    /// The worker, as this node and its clients know them.
    pub handle: Handle,
    /// For what it was given.
    pub purpose: Purpose,
    /// Copies of this epoch and before are meant.
    pub epoch: Epoch,
    /// The fields to erase; none: everything.
    pub fields: FieldSet,
    /// The disclosures that are meant, where something was corrected; none: all of the epoch and before.
    pub named: Vec<DisclosureId>,
    /// The tombstone that it is for.
    pub tombstone: TombstoneId,
    /// Since when.
    pub at: Timestamp,
    /// For which offers of this partner, and when, the client had it, as far as that is known.
    pub looked: BTreeSet<Looked>,
    /// As what the client saw them when it asked them something; empty where that is not known.
    pub seen_as: String,
}

/// Something that a client keeps of an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeps {
    /// The number of the erasure.
    pub number: u64,
    /// What, and by which law.
    pub retained: Retained,
}

/// Why a client cannot keep something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Nothing of that number waits for this client.
    #[error("this is the number of an erasure that is listed for this system, and not after upTo")]
    Unknown,
    /// It never had these fields.
    #[error("of what is to be erased this system had {}", names(*.0))]
    Fields(FieldSet),
    /// It names too much of one erasure.
    #[error("at most {MOST_RETAINED} for one erasure")]
    TooMany,
}

fn names(fields: FieldSet) -> String {
    fields.iter().map(polder_consent::Field::pointer).collect::<Vec<_>>().join(", ")
}

/// A tombstone that is done with here: no client is behind with it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Whose it is.
    pub source: PartnerId,
    /// Its id there.
    pub tombstone: TombstoneId,
    /// What is to be said of it.
    pub taken: TombstoneTaken,
}

/// Why nothing is noted of what a client says that it erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotErased {
    /// It was not told so much.
    NotListed {
        /// The number of the last that it was told; 0 where there is none.
        last: u64,
    },
    /// It cannot keep some of what it says that it keeps: which, by place, and why.
    NotKept(Vec<(usize, NotKept)>),
}

/// What a client of this node is still to erase, altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The client.
    pub client: String,
    /// How much.
    pub count: u64,
    /// Since when the oldest of it is due.
    pub since: Timestamp,
}

impl Reader {
    /// What clients of this node are still to erase, the one that is longest behind first. The schema must be the latest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasures_due(&self) -> Result<Vec<Due>, StoreError> {
        due(&self.readers).await
    }
}

async fn due(readers: &Readers) -> Result<Vec<Due>, StoreError> {
    let sql = "SELECT client, count(*), min(at) FROM erasures WHERE NOT done GROUP BY client ORDER BY min(at), client";
    let due = |row: &Row| Ok(Due { client: row.text(0)?.to_owned(), count: row::counter(row, 1)?, since: instant(row, 2)? });
    readers.read(sql, &[]).await?.iter().map(due).collect()
}

impl Store {
    /// What clients of this node are still to erase, the one that is longest behind first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasures_due(&self) -> Result<Vec<Due>, StoreError> {
        due(&self.readers).await
    }

    /// What a client is still to erase, after that number, in order; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasures_for(&self, client: &str, after: u64, most: u32) -> Result<Vec<Erasure>, StoreError> {
        let sql = "SELECT number, source, handle, purpose, epoch, fields, tombstone, at, named, looked, seen_as FROM erasures
            WHERE client = $1 AND NOT done AND number > $2 ORDER BY number LIMIT $3";
        self.readers.read(sql, &[client.into(), rows::number(after)?.into(), i64::from(most).into()]).await?.iter().map(erasure).collect()
    }

    /// How much a client is still to erase.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_erasures(&self, client: &str) -> Result<u64, StoreError> {
        let found = self.readers.read("SELECT count(*) FROM erasures WHERE client = $1 AND NOT done", &[client.into()]).await?;
        found.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// A client has erased what it was to, up to that number, but for what it keeps by law. Which tombstones may be acknowledged now: those that no
    /// client is behind with. Where it says more than it was told, or cannot keep something, nothing is noted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erased_up_to(
        &self,
        client: &str,
        number: u64,
        keeps: Vec<Keeps>,
        now: Timestamp,
    ) -> Result<Result<Vec<Settled>, NotErased>, StoreError> {
        self.people(Done { client: client.to_owned(), meant: Meant::UpTo(number), keeps, now }).await
    }

    /// The same of these alone; where one of them is not there any more, nothing is noted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erased_these(
        &self,
        client: &str,
        numbers: BTreeSet<u64>,
        now: Timestamp,
    ) -> Result<Result<Vec<Settled>, NotErased>, StoreError> {
        self.people(Done { client: client.to_owned(), meant: Meant::These(numbers), keeps: Vec::new(), now }).await
    }
}

fn erasure(found: &Row) -> Result<Erasure, StoreError> {
    Ok(Erasure {
        number: row::counter(found, 0)?,
        source: id(found, 1)?,
        handle: id(found, 2)?,
        purpose: id(found, 3)?,
        epoch: Epoch(row::counter(found, 4)?),
        fields: fields(found, 5)?,
        tombstone: id(found, 6)?,
        at: instant(found, 7)?,
        named: ids(found, 8)?,
        looked: looked(found, 9)?,
        seen_as: found.text(10)?.to_owned(),
    })
}

/// What is kept by law, as it stands in the database.
pub(super) fn retained(found: &Row, column: usize) -> Result<Vec<Retained>, StoreError> {
    match found.text(column)? {
        "" => Ok(Vec::new()),
        text => serde_json::from_str(text).map_err(|_| StoreError::Damaged("what is kept by law cannot be read")),
    }
}

/// The same as it is written, and when the first of it is to be erased; an empty text and 0 where nothing is kept.
pub(super) fn retained_text(retained: &[Retained]) -> Result<(String, i64), StoreError> {
    let Some(until) = first_until(retained) else { return Ok((String::new(), 0)) };
    let text = serde_json::to_string(retained).map_err(|_| StoreError::Damaged("what is kept by law cannot be written"))?;
    Ok((text, until.micros()))
}

/// How a tombstone stands with the clients. What one keeps of an earlier epoch it keeps, whichever tombstone is asked about: it means that epoch too.
pub(super) async fn taken(desk: &mut Desk<'_, '_>, sent: &Sent, now: Timestamp) -> Result<TombstoneTaken, StoreError> {
    let (tombstone, handle) = (sent.tombstone.to_string(), sent.handle.to_string());
    let sql = "SELECT count(*), count(CASE WHEN done THEN NULL ELSE 1 END) FROM erasures WHERE tombstone = $1";
    let counted = desk.transaction.read(sql, &[(&tombstone).into()]).await?;
    let counted = counted.first().ok_or(StoreError::Damaged("no count"))?;
    let line = [sent.source.as_str().into(), (&handle).into(), sent.purpose.as_str().into(), rows::number(sent.epoch.0)?.into()];
    let sql = "SELECT retained, tombstone, retained_until FROM erasures WHERE source = $1 AND handle = $2 AND purpose = $3 AND epoch <= $4
        AND retained_until > 0";
    let (mut kept, mut over) = (Vec::new(), 0);
    for found in desk.transaction.read(sql, &line).await? {
        if !sent.named.is_empty() && found.text(1)? != tombstone {
            continue;
        }
        if found.integer(2)? > now.micros() {
            kept.extend(retained(&found, 0)?);
        } else {
            // Its time is over, and the client is to hear of it: it has not erased that.
            over += 1;
        }
    }
    kept.sort_unstable();
    kept.dedup();
    Ok(TombstoneTaken { clients: row::counter(counted, 0)?, waiting: row::counter(counted, 1)? + over, retained: kept })
}

/// Clients that are behind with something earlier of the line of a tombstone have a copy still, whoever asks for it now: a restored source asks anew.
/// With what each had.
pub(super) async fn behind(desk: &mut Desk<'_, '_>, sent: &Sent) -> Result<Vec<(String, Had)>, StoreError> {
    let (tombstone, handle) = (sent.tombstone.to_string(), sent.handle.to_string());
    let sql =
        "SELECT client, held, looked, seen_as FROM erasures WHERE source = $1 AND handle = $2 AND purpose = $3 AND epoch <= $4 AND NOT done
        AND client NOT IN (SELECT client FROM erasures WHERE tombstone = $5 AND (NOT done OR retained_until > 0))";
    let values = [
        sent.source.as_str().into(),
        (&handle).into(),
        sent.purpose.as_str().into(),
        rows::number(sent.epoch.0)?.into(),
        (&tombstone).into(),
    ];
    let found = desk.transaction.read(sql, &values).await?;
    found
        .iter()
        .map(|row| {
            Ok((row.text(0)?.to_owned(), Had { fields: fields(row, 1)?, looked: looked(row, 2)?, seen_as: row.text(3)?.to_owned() }))
        })
        .collect()
}

/// As what clients saw somebody of whom they are to erase something already.
pub(super) async fn seen_as(desk: &mut Desk<'_, '_>, source: &PartnerId, handle: Handle) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT client, seen_as FROM erasures WHERE source = $1 AND handle = $2 AND NOT done AND seen_as <> '' ORDER BY number";
    let found = desk.transaction.read(sql, &[source.as_str().into(), (&handle.to_string()).into()]).await?;
    found.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Which clients were asked for a tombstone, whether they have erased or not.
pub(super) async fn asked(desk: &mut Desk<'_, '_>, tombstone: TombstoneId) -> Result<BTreeSet<String>, StoreError> {
    let found = desk.transaction.read("SELECT client FROM erasures WHERE tombstone = $1", &[(&tombstone.to_string()).into()]).await?;
    found.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// Whether a client is to erase already all that a tombstone means, for whichever.
pub(super) async fn is_at(desk: &mut Desk<'_, '_>, sent: &Sent, client: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM erasures WHERE source = $1 AND handle = $2 AND purpose = $3 AND epoch >= $4 AND client = $5
        AND NOT done AND fields = 0 AND named = '' LIMIT 1";
    let handle = sent.handle.to_string();
    let line = [sent.source.as_str().into(), (&handle).into(), sent.purpose.as_str().into(), rows::number(sent.epoch.0)?.into()];
    Ok(!desk.transaction.read(sql, &[&line[..], &[client.into()]].concat()).await?.is_empty())
}

/// The number of something that a client is to erase, which is told of it.
async fn next_number(desk: &mut Desk<'_, '_>, client: &str, now: Timestamp) -> Result<i64, StoreError> {
    let counter = desk.transaction.read("UPDATE counter SET erasures = erasures + 1 WHERE id = 1 RETURNING erasures", &[]).await?;
    let number = counter.first().ok_or(StoreError::Damaged("no counter"))?.integer(0)?;
    let (is, client, vacancy) = (EventType::ErasureDue, client.to_owned(), String::new());
    desk.batch.note_event(NewEvent { is, client, vacancy, subject: number.to_string(), at: now });
    Ok(number)
}

/// A client is to erase what a tombstone means, of which it had that; once more, where it had done so.
pub(super) async fn pass_on(desk: &mut Desk<'_, '_>, sent: &Sent, client: &str, had: &Had, now: Timestamp) -> Result<(), StoreError> {
    let number = next_number(desk, client, now).await?;
    let (handle, tombstone, named) = (sent.handle.to_string(), sent.tombstone.to_string(), named(&sent.named));
    desk.transaction.run("DELETE FROM erasures WHERE tombstone = $1 AND client = $2", &[(&tombstone).into(), client.into()]).await?;
    let held = if sent.fields.is_empty() { had.fields } else { had.fields.and(sent.fields) };
    let looked = looked_text(&had.looked)?;
    let sql =
        "INSERT INTO erasures (number, client, source, handle, purpose, epoch, fields, tombstone, at, done, named, held, looked, seen_as)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let values = [
        number.into(),
        client.into(),
        sent.source.as_str().into(),
        (&handle).into(),
        sent.purpose.as_str().into(),
        rows::number(sent.epoch.0)?.into(),
        i64::from(sent.fields.bits()).into(),
        (&tombstone).into(),
        now.micros().into(),
        false.into(),
        (&named).into(),
        i64::from(held.bits()).into(),
        (&looked).into(),
        (&had.seen_as).into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// Some of what clients kept by law, and may keep no longer, they are to erase. How many rows.
pub(super) async fn reopen(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT number, retained, client FROM erasures WHERE retained_until > 0 AND retained_until <= $1 ORDER BY number LIMIT $2";
    let over = desk.transaction.read(sql, &[now.micros().into(), AT_ONCE.into()]).await?;
    for found in &over {
        let number = next_number(desk, found.text(2)?, now).await?;
        let held = fields_of(&retained(found, 1)?);
        let sql = "UPDATE erasures SET number = $2, done = $3, held = $4, at = $5, retained = '', retained_until = 0 WHERE number = $1";
        let values = [found.integer(0)?.into(), number.into(), false.into(), i64::from(held.bits()).into(), now.micros().into()];
        desk.transaction.run(sql, &values).await?;
    }
    Ok(over.len() as u64)
}
