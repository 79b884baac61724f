//! What is owed to recipients whose copies must be erased, until each of them has said that it did.

use polder_consent::{Disclosure, DisclosureId, Epoch, FieldSet, Handle, Owed, Retained, TombstoneId, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};

use super::recollect::LineName;
use super::replay::Whose;
use super::sweep::AT_ONCE;
use super::workers::{self, fields, id};
use super::{Desk, erasures};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;
use crate::{random, rows};

/// A tombstone: a recipient must erase what it holds of that handle, for that purpose, of that epoch and before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its number among those of its recipient: later ones have higher ones.
    pub number: u64,
    /// Its id.
    pub id: TombstoneId,
    /// Whom it is about.
    pub worker: WorkerId,
    /// Who is told.
    pub recipient: PartnerId,
    /// The worker, as the recipient knows them.
    pub handle: Handle,
    /// For what the copies were given.
    pub purpose: Purpose,
    /// The epoch that ended.
    pub epoch: Epoch,
    /// The fields to erase; none: everything.
    pub fields: FieldSet,
    /// The disclosures that are meant, where something was corrected; none: all of the epoch and before.
    pub named: Vec<DisclosureId>,
    /// When the consent ended, or something was corrected.
    pub at: Timestamp,
    /// When the recipient had erased; `None` where it has not said so yet.
    pub acknowledged_at: Option<Timestamp>,
    /// What it keeps by law, as it says itself.
    pub retained: Vec<Retained>,
}

impl Tombstone {
    /// Whether a disclosure is among what is to be erased.
    #[must_use]
    pub fn means(&self, disclosure: &Disclosure) -> bool {
        let named = self.named.is_empty() || self.named.contains(&disclosure.id);
        named && self.recipient == disclosure.recipient && self.purpose == disclosure.purpose && disclosure.epoch <= self.epoch
    }
}

pub(super) const COLUMNS: &str =
    "number, id, worker, recipient, handle, purpose, epoch, fields, at, done, acknowledged_at, named, retained";

pub(super) fn tombstone(row: &Row) -> Result<Tombstone, StoreError> {
    let acknowledged_at = if row.boolean(9)? { Some(Timestamp::from_micros(row.integer(10)?)) } else { None };
    Ok(Tombstone {
        number: row::counter(row, 0)?,
        id: id(row, 1)?,
        worker: id(row, 2)?,
        recipient: id(row, 3)?,
        handle: id(row, 4)?,
        purpose: id(row, 5)?,
        epoch: Epoch(row::counter(row, 6)?),
        fields: fields(row, 7)?,
        named: ids(row, 11)?,
        at: Timestamp::from_micros(row.integer(8)?),
        acknowledged_at,
        retained: erasures::retained(row, 12)?,
    })
}

impl Store {
    /// Tombstones that a recipient has not acknowledged, after that number, in order; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owed_to(&self, recipient: &PartnerId, after: u64, most: u32) -> Result<Vec<Tombstone>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tombstones WHERE recipient = $1 AND NOT done AND number > $2 ORDER BY number LIMIT $3");
        let values = [recipient.as_str().into(), rows::number(after)?.into(), i64::from(most).into()];
        self.readers.read(sql, &values).await?.iter().map(tombstone).collect()
    }

    /// Who is owed tombstones, and since when the oldest of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recipients_owed(&self) -> Result<Vec<(PartnerId, Timestamp)>, StoreError> {
        let sql = "SELECT recipient, min(at) FROM tombstones WHERE NOT done GROUP BY recipient ORDER BY recipient";
        let rows = self.readers.read(sql, &[]).await?;
        rows.iter().map(|row| Ok((id(row, 0)?, Timestamp::from_micros(row.integer(1)?)))).collect()
    }

    /// Who has not said yet that it erased what it was to erase of a worker.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owing_for(&self, worker: WorkerId) -> Result<Vec<PartnerId>, StoreError> {
        let sql = "SELECT DISTINCT recipient FROM tombstones WHERE worker = $1 AND NOT done";
        self.readers.read(sql, &[(&worker.to_string()).into()]).await?.iter().map(|row| id(row, 0)).collect()
    }

    /// What recipients are to erase of a worker, and have not said that they did.
    pub(super) async fn owed_for(&self, worker: WorkerId) -> Result<Vec<Tombstone>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tombstones WHERE worker = $1 AND NOT done");
        self.readers.read(sql, &[(&worker.to_string()).into()]).await?.iter().map(tombstone).collect()
    }

    /// Everything that recipients were, or are, to erase of a worker.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tombstones_of(&self, worker: WorkerId) -> Result<Vec<Tombstone>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tombstones WHERE worker = $1 ORDER BY at, recipient, number");
        self.readers.read(sql, &[(&worker.to_string()).into()]).await?.iter().map(tombstone).collect()
    }

    /// A page of the same, the last one first, and those of one instant by their ids; after that one, by its instant and id, where there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tombstones_before(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
    ) -> Result<Vec<Tombstone>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM tombstones WHERE worker = $1 AND at <= $2 AND (at < $2 OR id > $3) ORDER BY at DESC, id LIMIT $4"
        );
        let (at, last) = after.map_or((i64::MAX, ""), |(at, last)| (at.micros(), last));
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into(), at.into(), last.into(), i64::from(most).into()]).await?.iter().map(tombstone).collect()
    }

    /// Those of them of which the recipient keeps something by law.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn retained_of(&self, worker: WorkerId) -> Result<Vec<Tombstone>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tombstones WHERE worker = $1 AND retained_until > 0 ORDER BY recipient, number");
        self.readers.read(sql, &[(&worker.to_string()).into()]).await?.iter().map(tombstone).collect()
    }

    /// Since when the oldest is owed of what a recipient is owed; `None` where it is owed nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owed_since(&self, recipient: &PartnerId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT at FROM tombstones WHERE recipient = $1 AND NOT done ORDER BY at LIMIT 1";
        let rows = self.readers.read(sql, &[recipient.as_str().into()]).await?;
        rows.first().map(|row| row.integer(0).map(Timestamp::from_micros)).transpose()
    }
}

/// Reads the names of disclosures.
pub(super) fn ids(row: &Row, column: usize) -> Result<Vec<DisclosureId>, StoreError> {
    let ids = row.text(column)?.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>();
    ids.map_err(|_| StoreError::Damaged("a name that is none"))
}

/// The same as they are kept.
pub(super) fn named(ids: &[DisclosureId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Writes what is owed.
pub(super) async fn owe(desk: &mut Desk<'_, '_>, whose: Whose<'_>, owed: Owed, now: Timestamp) -> Result<(), StoreError> {
    write(desk, whose, owed, &[], now).await
}

/// Writes that copies are owed a correction.
pub(super) async fn owe_correction(
    desk: &mut Desk<'_, '_>,
    whose: Whose<'_>,
    epoch: Epoch,
    named: &[DisclosureId],
    now: Timestamp,
) -> Result<(), StoreError> {
    write(desk, whose, Owed { epoch, fields: FieldSet::NONE }, named, now).await
}

async fn write(desk: &mut Desk<'_, '_>, whose: Whose<'_>, owed: Owed, ids: &[DisclosureId], now: Timestamp) -> Result<(), StoreError> {
    let handle = workers::handle(desk, whose.worker, whose.recipient).await?;
    let name = TombstoneId::from_random(random::bytes()?);
    insert(desk, (name, whose.worker.to_string(), handle), (whose.recipient, whose.purpose), owed, ids, now).await
}

/// Writes what is owed for somebody who is nobody here. It is by the tombstone's own name, and has nothing in common with any other.
pub(super) async fn owe_lost(
    desk: &mut Desk<'_, '_>,
    recipient: &PartnerId,
    name: LineName,
    owed: Owed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = TombstoneId::from_random(random::bytes()?);
    insert(desk, (id, id.to_string(), name.handle), (recipient, name.purpose), owed, &[], now).await
}

/// How many such a recipient has not acknowledged.
pub(super) async fn lost_to(desk: &mut Desk<'_, '_>, recipient: &PartnerId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM tombstones WHERE recipient = $1 AND NOT done AND worker = id";
    let found = desk.transaction.read(sql, &[recipient.as_str().into()]).await?;
    found.first().map_or(Ok(0), |row| row::counter(row, 0))
}

/// The latest that a recipient is owed of everything of a line, by the handle that it knows: its epoch, and whom it is about here.
pub(super) async fn owed_of_handle(
    desk: &mut Desk<'_, '_>,
    recipient: &PartnerId,
    name: LineName,
) -> Result<Option<(Epoch, TombstoneId, WorkerId)>, StoreError> {
    let sql =
        "SELECT epoch, id, worker FROM tombstones WHERE recipient = $1 AND NOT done AND handle = $2 AND purpose = $3 AND fields = 0 AND named = ''
        ORDER BY epoch DESC LIMIT 1";
    let handle = name.handle.to_string();
    let found = desk.transaction.read(sql, &[recipient.as_str().into(), (&handle).into(), name.purpose.as_str().into()]).await?;
    found.first().map(|row| Ok((Epoch(row::counter(row, 0)?), id(row, 1)?, id(row, 2)?))).transpose()
}

/// Takes away what is owed no more, or in whose place another comes, of somebody who is nobody here. Where it is the last, the names go too by which
/// the journal knew them.
pub(super) async fn forget(desk: &mut Desk<'_, '_>, tombstone: TombstoneId, worker: WorkerId) -> Result<(), StoreError> {
    desk.transaction.run("DELETE FROM tombstones WHERE id = $1", &[(&tombstone.to_string()).into()]).await?;
    let worker = worker.to_string();
    let rest = desk.transaction.read("SELECT 1 FROM tombstones WHERE worker = $1 LIMIT 1", &[(&worker).into()]).await?;
    if rest.is_empty() {
        desk.transaction.run("DELETE FROM handles WHERE worker = $1", &[(&worker).into()]).await?;
        desk.transaction.run("DELETE FROM lines WHERE worker = $1", &[(&worker).into()]).await?;
    }
    Ok(())
}

async fn insert(
    desk: &mut Desk<'_, '_>,
    (id, worker, handle): (TombstoneId, String, Handle),
    (recipient, purpose): (&PartnerId, Purpose),
    owed: Owed,
    ids: &[DisclosureId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO tombstone_numbers (recipient, number) VALUES ($1, 1)
        ON CONFLICT (recipient) DO UPDATE SET number = tombstone_numbers.number + 1 RETURNING number";
    let counted = desk.transaction.read(sql, &[recipient.as_str().into()]).await?;
    let number = counted.first().ok_or(StoreError::Damaged("no counter"))?.integer(0)?;
    let (name, handle) = (id.to_string(), handle.to_string());
    let sql =
        "INSERT INTO tombstones (number, id, worker, recipient, handle, purpose, epoch, fields, at, done, acknowledged_at, acknowledgement, named)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let named = named(ids);
    let values = [
        number.into(),
        (&name).into(),
        (&worker).into(),
        recipient.as_str().into(),
        (&handle).into(),
        purpose.as_str().into(),
        rows::number(owed.epoch.0)?.into(),
        i64::from(owed.fields.bits()).into(),
        now.micros().into(),
        false.into(),
        0.into(),
        "".into(),
        (&named).into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// Some of what recipients kept by law, and may keep no longer, they are to erase: it is owed again, since then. How many tombstones.
pub(super) async fn owe_again(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<u64, StoreError> {
    let sql =
        "UPDATE tombstones SET done = $2, at = retained_until, acknowledged_at = 0, acknowledgement = '', retained = '', retained_until = 0
        WHERE id IN (SELECT id FROM tombstones WHERE retained_until > 0 AND retained_until <= $1 ORDER BY retained_until LIMIT $3)";
    desk.transaction.run(sql, &[now.micros().into(), false.into(), AT_ONCE.into()]).await
}
