//! Workers, and what each recipient knows them by.

use std::collections::HashMap;

use polder_consent::{FieldSet, Handle, WorkerId};
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};

use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::reader::Reader;
use crate::row::{self, Cells};
use crate::statement::{fill, list};

/// Reads a name that this program wrote.
/// Fields, as bits.
pub(super) fn fields(row: &impl Cells, column: usize) -> Result<FieldSet, StoreError> {
    let bits = u32::try_from(row.integer(column)?).map_err(|_| StoreError::Damaged("fields that are none"))?;
    Ok(FieldSet::from_bits(bits))
}

/// An instant, in microseconds.
pub(super) fn instant(row: &impl Cells, column: usize) -> Result<Timestamp, StoreError> {
    row.integer(column).map(Timestamp::from_micros)
}

pub(crate) fn id<T: std::str::FromStr>(row: &impl Cells, column: usize) -> Result<T, StoreError> {
    row.text(column)?.parse().map_err(|_| StoreError::Damaged("a name that is none"))
}

impl Store {
    /// The worker whom a skill offer is about; they are given a name the first time. `None` where there is no such offer.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn worker_of(&self, offer: &OfferKey, now: Timestamp) -> Result<Option<WorkerId>, StoreError> {
        self.people(Name { offer: offer.clone(), now }).await
    }

    /// The skill offer of a worker; `None` where there is no such worker.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offer_of(&self, worker: WorkerId) -> Result<Option<OfferKey>, StoreError> {
        self.reader().offer_of_worker(worker).await
    }

    /// The worker whom a recipient knows by a handle; `None` where it has no such handle.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn worker_by_handle(&self, handle: Handle, recipient: &PartnerId) -> Result<Option<WorkerId>, StoreError> {
        let sql = "SELECT worker FROM handles WHERE handle = $1 AND recipient = $2";
        let rows = self.readers.read(sql, &[(&handle.to_string()).into(), recipient.as_str().into()]).await?;
        rows.first().map(|found| id(found, 0)).transpose()
    }
}

impl Reader {
    /// The worker of a skill offer; `None` where none was ever named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn worker_of_offer(&self, offer: &OfferKey) -> Result<Option<WorkerId>, StoreError> {
        let rows = self.readers.read("SELECT id FROM workers WHERE offer = $1", &[offer.as_str().into()]).await?;
        rows.first().map(|found| id(found, 0)).transpose()
    }

    /// The skill offer of a worker; `None` where there is no such worker.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offer_of_worker(&self, worker: WorkerId) -> Result<Option<OfferKey>, StoreError> {
        let rows = self.readers.read("SELECT offer FROM workers WHERE id = $1", &[(&worker.to_string()).into()]).await?;
        rows.first().map(|found| row::key(found, 0)).transpose()
    }
}

struct Name {
    offer: OfferKey,
    now: Timestamp,
}

impl Work for Name {
    type Told = Option<WorkerId>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Option<WorkerId>, StoreError> {
        named(desk, &self.offer, self.now).await
    }
}

/// The worker whom a skill offer is about, with a name from now on; `None` where there is no such offer.
pub(super) async fn named(desk: &mut Desk<'_, '_>, key: &OfferKey, now: Timestamp) -> Result<Option<WorkerId>, StoreError> {
    if offer(desk, key).await?.is_none() {
        return Ok(None);
    }
    if let Some(known) = of_offer(desk, key).await? {
        return Ok(Some(known));
    }
    let worker = WorkerId::from_random(random::bytes()?);
    let sql = "INSERT INTO workers (id, offer, created_at) VALUES ($1, $2, $3)";
    let name = worker.to_string();
    desk.transaction.run(sql, &[(&name).into(), key.as_str().into(), now.micros().into()]).await?;
    Ok(Some(worker))
}

/// The worker whom a recipient knows by a handle.
pub(super) async fn of_handle(desk: &mut Desk<'_, '_>, handle: Handle, recipient: &PartnerId) -> Result<Option<WorkerId>, StoreError> {
    let sql = "SELECT worker FROM handles WHERE handle = $1 AND recipient = $2";
    let rows = desk.transaction.read(sql, &[(&handle.to_string()).into(), recipient.as_str().into()]).await?;
    rows.first().map(|found| id(found, 0)).transpose()
}

/// Whether there is such a worker still.
pub(super) async fn is_known(desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<bool, StoreError> {
    let name = worker.to_string();
    Ok(!desk.transaction.read("SELECT 1 FROM workers WHERE id = $1", &[(&name).into()]).await?.is_empty())
}

/// The worker of a skill offer, if they have a name.
pub(super) async fn of_offer(desk: &mut Desk<'_, '_>, offer: &OfferKey) -> Result<Option<WorkerId>, StoreError> {
    let rows = desk.transaction.read("SELECT id FROM workers WHERE offer = $1", &[offer.as_str().into()]).await?;
    rows.first().map(|found| id(found, 0)).transpose()
}

/// The skill offer of a worker, with its document as this transaction leaves it; `None` where there is none.
pub(super) async fn document_of(desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<Option<Vec<u8>>, StoreError> {
    let rows = desk.transaction.read("SELECT offer FROM workers WHERE id = $1", &[(&worker.to_string()).into()]).await?;
    match rows.first().map(|found| row::key(found, 0)).transpose()? {
        Some(key) => offer(desk, &key).await,
        None => Ok(None),
    }
}

pub(super) async fn offer(desk: &mut Desk<'_, '_>, key: &OfferKey) -> Result<Option<Vec<u8>>, StoreError> {
    if let Some(decided) = desk.batch.skill_offer(key) {
        return Ok(decided.map(|document| document.to_vec()));
    }
    let sql = "SELECT document FROM offers WHERE kind = $1 AND key = $2 AND NOT deleted";
    let rows = desk.transaction.read(sql, &[Kind::SkillOffer.as_str().into(), key.as_str().into()]).await?;
    rows.first().map(|found| found.bytes(0).map(<[u8]>::to_vec)).transpose()
}

/// What a recipient knows a worker by, and when it last learnt something of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub handle: Handle,
    /// The day, since 1970 (UTC); below 0: never.
    pub learnt: i64,
}

/// What a recipient knows a worker by; `None` where it never got to know of them.
pub(super) async fn known_handle(desk: &mut Desk<'_, '_>, worker: WorkerId, recipient: &PartnerId) -> Result<Option<Handle>, StoreError> {
    Ok(known(desk, &[worker], recipient).await?.get(&worker).map(|known| known.handle))
}

/// What a recipient knows a worker by; made the first time.
pub(super) async fn handle(desk: &mut Desk<'_, '_>, worker: WorkerId, recipient: &PartnerId) -> Result<Handle, StoreError> {
    match known_handle(desk, worker, recipient).await? {
        Some(known) => Ok(known),
        None => make_handle(desk, worker, recipient, -1).await,
    }
}

/// Those of these workers whom a recipient knows.
pub(super) async fn known(
    desk: &mut Desk<'_, '_>,
    workers: &[WorkerId],
    recipient: &PartnerId,
) -> Result<HashMap<WorkerId, Known>, StoreError> {
    let names: Vec<String> = workers.iter().map(WorkerId::to_string).collect();
    let mut found = HashMap::with_capacity(workers.len());
    for some in names.chunks(128) {
        let sql = format!("SELECT worker, handle, learnt FROM handles WHERE recipient = $1 AND worker IN {}", list(2, some.len()));
        let mut values = vec![recipient.as_str().into()];
        fill(&mut values, some.iter().map(String::as_str));
        for row in desk.transaction.read(sql, &values).await? {
            found.insert(id(&row, 0)?, Known { handle: id(&row, 1)?, learnt: row.integer(2)? });
        }
    }
    Ok(found)
}

/// A recipient learns something of these workers on that day: what it knows them by. `before` are those whom it knew.
pub(super) async fn learn(
    desk: &mut Desk<'_, '_>,
    workers: &[WorkerId],
    recipient: &PartnerId,
    day: i64,
    before: &HashMap<WorkerId, Known>,
) -> Result<HashMap<WorkerId, Handle>, StoreError> {
    let (mut handles, mut again) = (HashMap::with_capacity(workers.len()), Vec::new());
    for worker in workers {
        let handle = match before.get(worker) {
            Some(known) => {
                if known.learnt != day {
                    again.push(worker.to_string());
                }
                known.handle
            }
            None => make_handle(desk, *worker, recipient, day).await?,
        };
        handles.insert(*worker, handle);
    }
    for some in again.chunks(128) {
        let sql = format!("UPDATE handles SET learnt = $1 WHERE recipient = $2 AND worker IN {}", list(3, some.len()));
        let mut values = vec![day.into(), recipient.as_str().into()];
        fill(&mut values, some.iter().map(String::as_str));
        desk.transaction.run(sql, &values).await?;
    }
    Ok(handles)
}

async fn make_handle(desk: &mut Desk<'_, '_>, worker: WorkerId, recipient: &PartnerId, learnt: i64) -> Result<Handle, StoreError> {
    let handle = Handle::from_random(random::bytes()?);
    let sql = "INSERT INTO handles (worker, recipient, handle, learnt) VALUES ($1, $2, $3, $4)";
    let (name, text) = (worker.to_string(), handle.to_string());
    desk.transaction.run(sql, &[(&name).into(), recipient.as_str().into(), (&text).into(), learnt.into()]).await?;
    Ok(handle)
}
