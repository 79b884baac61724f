//! Requests of partners to see something of a worker, as they are kept: those that the worker sees, and those that this node's own systems made.

use polder_consent::state::{state, step};
use polder_consent::{Event, FieldSet, RequestId, State, What, WorkerId};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};

use super::workers::id;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::{Row, Value};

const DAY_SECONDS: i64 = 86_400;
/// How long a request is kept, in days.
const KEPT_DAYS: i64 = 400;

/// A request as its worker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id at this node.
    pub id: RequestId,
    /// Whose system asked.
    pub asker: PartnerId,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// Who helps.
    pub assisted_by: Option<String>,
    /// When it was asked.
    pub at: Timestamp,
    /// What happened to it.
    pub events: Vec<Event>,
}

impl Request {
    /// Where it stands; `None` where its events cannot be read as a life.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Option<State> {
        // What was given stands on its own from then on, and ends by itself.
        state(&self.events, Timestamp::from_micros(i64::MAX), now)
    }

    /// Whether the worker may still answer it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.state(now), Some(State::Requested | State::Deferred))
    }
}

/// Why a worker's answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnswered {
    /// This worker has no such request.
    #[error("there is no such request")]
    Unknown,
    /// It is open no more.
    #[error("the request is open no more")]
    NotOpen,
}

/// A request that a system of this node made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub id: RequestId,
    /// Which system.
    pub client: String,
    /// The partner at whose node the worker is.
    pub partner: PartnerId,
    /// The worker, as the system named them.
    pub key: OfferKey,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// When it was made.
    pub at: Timestamp,
}

impl Store {
    /// What was asked of a worker, the last one first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_of(&self, worker: WorkerId) -> Result<Vec<Request>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE worker = $1 ORDER BY at DESC, id");
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into()]).await?.iter().map(request).collect()
    }

    /// One request to a worker; `None` where it is nobody's or another's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn request_of(&self, worker: WorkerId, request: RequestId) -> Result<Option<Request>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE worker = $1 AND id = $2");
        let (name, request) = (worker.to_string(), request.to_string());
        self.readers.read(sql, &[(&name).into(), (&request).into()]).await?.first().map(self::request).transpose()
    }

    /// A worker refuses a request, or closes it for now.
    ///
    /// # Errors
    /// When the database cannot be written; it is as it was then.
    pub async fn answer_request(
        &self,
        worker: WorkerId,
        request: RequestId,
        what: What,
        now: Timestamp,
    ) -> Result<Result<Request, NotAnswered>, StoreError> {
        self.people(Answer { worker, request, what, now }).await
    }

    /// Notes that a system of this node asks.
    ///
    /// # Errors
    /// When the database cannot be written; it is not to ask then.
    pub async fn note_request(&self, made: Made) -> Result<(), StoreError> {
        self.people(made).await
    }

    /// A request that a system of this node made; `None` where it made none of that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn request_made(&self, client: &str, request: RequestId) -> Result<Option<Made>, StoreError> {
        let sql = "SELECT id, client, partner, key, recipient, purpose, fields, at FROM requests_made WHERE id = $1 AND client = $2";
        let name = request.to_string();
        self.readers.read(sql, &[(&name).into(), client.into()]).await?.first().map(made).transpose()
    }
}

const COLUMNS: &str = "id, asker, recipient, purpose, fields, assisted_by, at, events";

fn fields(row: &Row, column: usize) -> Result<FieldSet, StoreError> {
    let bits = u32::try_from(row.integer(column)?).map_err(|_| StoreError::Damaged("fields that are none"))?;
    Ok(FieldSet::from_bits(bits))
}

fn request(row: &Row) -> Result<Request, StoreError> {
    Ok(Request {
        id: id(row, 0)?,
        asker: id(row, 1)?,
        recipient: id(row, 2)?,
        purpose: id(row, 3)?,
        fields: fields(row, 4)?,
        assisted_by: Some(row.text(5)?.to_owned()).filter(|who| !who.is_empty()),
        at: Timestamp::from_micros(row.integer(6)?),
        events: serde_json::from_str(row.text(7)?).map_err(|_| StoreError::Damaged("events that cannot be read"))?,
    })
}

fn made(row: &Row) -> Result<Made, StoreError> {
    Ok(Made {
        id: id(row, 0)?,
        client: row.text(1)?.to_owned(),
        partner: id(row, 2)?,
        key: row::key(row, 3)?,
        recipient: id(row, 4)?,
        purpose: id(row, 5)?,
        fields: fields(row, 6)?,
        at: Timestamp::from_micros(row.integer(7)?),
    })
}

fn text(events: &[Event]) -> Result<String, StoreError> {
    serde_json::to_string(events).map_err(|_| StoreError::Damaged("events that cannot be written"))
}

/// Writes a request to a worker.
pub(super) async fn insert(desk: &mut Desk<'_, '_>, worker: WorkerId, request: &Request) -> Result<(), StoreError> {
    let sql = "INSERT INTO requests (id, worker, asker, recipient, purpose, fields, assisted_by, at, events)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (id, name, events) = (request.id.to_string(), worker.to_string(), text(&request.events)?);
    let values = [
        (&id).into(),
        (&name).into(),
        request.asker.as_str().into(),
        request.recipient.as_str().into(),
        request.purpose.as_str().into(),
        i64::from(request.fields.bits()).into(),
        request.assisted_by.as_deref().unwrap_or_default().into(),
        request.at.micros().into(),
        (&events).into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// The requests to a worker for a purpose and a recipient.
pub(super) async fn of_line(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    purpose: Purpose,
    recipient: &PartnerId,
) -> Result<Vec<Request>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM requests WHERE worker = $1 AND purpose = $2 AND recipient = $3");
    let name = worker.to_string();
    let values: [Value<'_>; 3] = [(&name).into(), purpose.as_str().into(), recipient.as_str().into()];
    desk.transaction.read(sql, &values).await?.iter().map(request).collect()
}

/// Whatever a worker gives answers what they were asked for it.
pub(super) async fn close(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    purpose: Purpose,
    recipient: &PartnerId,
    now: Timestamp,
) -> Result<(), StoreError> {
    for mut request in of_line(desk, worker, purpose, recipient).await? {
        if request.is_open(now) {
            write_event(desk, &mut request, What::Give, now).await?;
        }
    }
    Ok(())
}

async fn write_event(desk: &mut Desk<'_, '_>, request: &mut Request, what: What, now: Timestamp) -> Result<(), StoreError> {
    request.events.push(Event::new(what, now));
    let (name, events) = (request.id.to_string(), text(&request.events)?);
    desk.transaction.run("UPDATE requests SET events = $2 WHERE id = $1", &[(&name).into(), (&events).into()]).await.map(drop)
}

struct Answer {
    worker: WorkerId,
    request: RequestId,
    what: What,
    now: Timestamp,
}

impl Work for Answer {
    type Told = Result<Request, NotAnswered>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE worker = $1 AND id = $2");
        let (name, wanted) = (self.worker.to_string(), self.request.to_string());
        let found = desk.transaction.read(sql, &[(&name).into(), (&wanted).into()]).await?;
        let Some(mut found) = found.first().map(request).transpose()? else { return Ok(Err(NotAnswered::Unknown)) };
        let state = found.state(self.now);
        if !found.is_open(self.now) || step(state, self.what).is_err() {
            return Ok(Err(NotAnswered::NotOpen));
        }
        write_event(desk, &mut found, self.what, self.now).await?;
        Ok(Ok(found))
    }
}

impl Work for Made {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO requests_made (id, client, partner, key, recipient, purpose, fields, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let name = self.id.to_string();
        let values = [
            (&name).into(),
            (&self.client).into(),
            self.partner.as_str().into(),
            self.key.as_str().into(),
            self.recipient.as_str().into(),
            self.purpose.as_str().into(),
            i64::from(self.fields.bits()).into(),
            self.at.micros().into(),
        ];
        desk.transaction.run(sql, &values).await.map(drop)
    }
}

/// Forgets requests that are old enough.
pub(super) async fn sweep(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<(), StoreError> {
    let old = now.plus_seconds(-KEPT_DAYS * DAY_SECONDS);
    desk.transaction.run("DELETE FROM requests WHERE at < $1", &[old.micros().into()]).await?;
    desk.transaction.run("DELETE FROM requests_made WHERE at < $1", &[old.micros().into()]).await?;
    desk.transaction.run("DELETE FROM requests_of_day WHERE day < $1", &[i64::from(now.date().days() - 1).into()]).await.map(drop)
}
