//! Requests of partners to see something of a worker, as the worker sees them.
//!
//! A request writes the same, whatever becomes of it: how many that partner made today. So nobody learns by the clock whether there is such a worker, or
//! what they decided before.

use polder_consent::purpose::REQUEST_DAYS;
use polder_consent::request::{MOST_A_DAY, MOST_OF_ONE};
use polder_consent::state::{may_be_asked_from, state, step};
use polder_consent::{Event, FieldSet, Handle, RequestId, State, What, WorkerId};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};

use super::disclose::Refused;
use super::kept;
use super::workers::{self, fields, id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::row::{self, Cells};
use crate::statement::{Row, Value};

const DAY_SECONDS: i64 = 86_400;
/// How long a request is kept, in days.
const KEPT_DAYS: i64 = 400;

/// A worker, as whoever asks names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// By the handle that a partner was given.
    Handle(Handle),
    /// By a skill offer of this node, for its own systems.
    Offer(OfferKey),
}

/// Something is asked of a worker.
#[derive(Clone, Debug)]
pub struct Requesting {
    /// Whose system asks.
    pub asker: PartnerId,
    /// Of whom.
    pub whom: Whom,
    /// Who is to see it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub fields: FieldSet,
    /// Who helps the worker, by the node's own id for them.
    pub assisted_by: Option<String>,
    /// The present instant.
    pub now: Timestamp,
}

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

impl Store {
    /// Asks a worker, unless nobody is there, it is in force, or they were asked enough.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn ask_consent(&self, requesting: Requesting) -> Result<Result<(), Refused>, StoreError> {
        self.people(requesting).await
    }

    /// Which of these fields a recipient may see of a worker now, for a purpose.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn in_force(
        &self,
        whom: &Whom,
        recipient: &PartnerId,
        purpose: Purpose,
        fields: FieldSet,
        now: Timestamp,
    ) -> Result<FieldSet, StoreError> {
        let (who, name) = match whom {
            Whom::Handle(handle) => ("SELECT worker FROM handles WHERE handle = $1 AND recipient = $2", handle.to_string()),
            Whom::Offer(key) => ("SELECT id FROM workers WHERE offer = $1 AND $2 <> ''", key.to_string()),
        };
        let condition = format!("worker IN ({who}) AND recipient = $2 AND purpose = $3 AND open AND until > $4");
        let values = [(&name).into(), recipient.as_str().into(), purpose.as_str().into(), now.micros().into()];
        let found = kept::consents(&mut &self.readers, &condition, &values).await?;
        let given = found.iter().filter(|kept| kept.is_given(now));
        Ok(given.fold(FieldSet::NONE, |seen, kept| seen.or(kept.consent.fields)).and(fields))
    }

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
}

const COLUMNS: &str = "id, asker, recipient, purpose, fields, assisted_by, at, events";

fn request(row: &Row) -> Result<Request, StoreError> {
    Ok(Request {
        id: id(row, 0)?,
        asker: id(row, 1)?,
        recipient: id(row, 2)?,
        purpose: id(row, 3)?,
        fields: fields(row, 4)?,
        assisted_by: Some(row.text(5)?.to_owned()).filter(|who| !who.is_empty()),
        at: instant(row, 6)?,
        events: serde_json::from_str(row.text(7)?).map_err(|_| StoreError::Damaged("events that cannot be read"))?,
    })
}

fn text(events: &[Event]) -> Result<String, StoreError> {
    serde_json::to_string(events).map_err(|_| StoreError::Damaged("events that cannot be written"))
}

impl Work for Requesting {
    type Told = Result<(), Refused>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let sql = "INSERT INTO requests_of_day (asker, day, requests) VALUES ($1, $2, 1) ON CONFLICT (asker, day)
            DO UPDATE SET requests = requests_of_day.requests + 1 RETURNING requests";
        let day = i64::from(self.now.date().days());
        let counted = desk.transaction.read(sql, &[self.asker.as_str().into(), day.into()]).await?;
        let today = counted.first().map_or(Ok(0), |row| row::counter(row, 0))?;
        if today > MOST_A_DAY {
            return Ok(Err(Refused::BudgetSpent));
        }
        if let Some(worker) = self.worker(desk).await?
            && self.is_to_be_asked(desk, worker).await?
            && has_requests_left(desk, worker, &self.asker, self.now).await?
        {
            self.write(desk, worker, true).await?;
        }
        Ok(Ok(()))
    }
}

impl Requesting {
    /// The worker, if there is one with a profile.
    async fn worker(&self, desk: &mut Desk<'_, '_>) -> Result<Option<WorkerId>, StoreError> {
        let worker = match &self.whom {
            Whom::Handle(handle) => workers::of_handle(desk, *handle, &self.asker).await?,
            Whom::Offer(key) => workers::named(desk, key, self.now).await?,
        };
        match worker {
            Some(worker) if workers::document_of(desk, worker).await?.is_some() => Ok(Some(worker)),
            _ => Ok(None),
        }
    }

    /// Whether the worker may be asked for this: it is not in force, and not what they were asked a short while ago.
    pub(super) async fn is_to_be_asked(&self, desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<bool, StoreError> {
        let given = kept::latest(desk, worker, self.purpose, &self.recipient).await?;
        if given.is_some_and(|kept| kept.is_given(self.now) && self.fields.is_within(kept.consent.fields)) {
            return Ok(false);
        }
        let before = of_line(desk, worker, self.purpose, &self.recipient).await?;
        Ok(!before.iter().any(|request| may_be_asked_from(&request.events).is_some_and(|from| self.now < from)))
    }

    /// Asks the worker. `counts`: whether it is one of the few that its asker has.
    pub(super) async fn write(&self, desk: &mut Desk<'_, '_>, worker: WorkerId, counts: bool) -> Result<(), StoreError> {
        let request = Request {
            id: RequestId::from_random(random::bytes()?),
            asker: self.asker.clone(),
            recipient: self.recipient.clone(),
            purpose: self.purpose,
            fields: self.fields,
            assisted_by: self.assisted_by.clone(),
            at: self.now,
            events: vec![Event { what: What::Request, at: self.now }],
        };
        insert(desk, worker, &request, counts).await
    }
}

/// Whether a partner may ask a worker for something more.
pub(super) async fn has_requests_left(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    asker: &PartnerId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM requests WHERE worker = $1 AND asker = $2 AND at > $3 AND counts";
    let (name, since) = (worker.to_string(), now.plus_seconds(-REQUEST_DAYS * DAY_SECONDS));
    let found = desk.transaction.read(sql, &[(&name).into(), asker.as_str().into(), since.micros().into()]).await?;
    Ok(found.first().map_or(Ok(0), |row| row::counter(row, 0))? < MOST_OF_ONE)
}

/// Whether a worker was asked for anything before.
pub(super) async fn was_asked(desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<bool, StoreError> {
    let name = worker.to_string();
    Ok(!desk.transaction.read("SELECT 1 FROM requests WHERE worker = $1 LIMIT 1", &[(&name).into()]).await?.is_empty())
}

async fn insert(desk: &mut Desk<'_, '_>, worker: WorkerId, request: &Request, counts: bool) -> Result<(), StoreError> {
    let sql = "INSERT INTO requests (id, worker, asker, recipient, purpose, fields, assisted_by, at, events, counts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
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
        counts.into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// The requests to a worker for a purpose and a recipient.
async fn of_line(desk: &mut Desk<'_, '_>, worker: WorkerId, purpose: Purpose, recipient: &PartnerId) -> Result<Vec<Request>, StoreError> {
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
    request.events.push(Event { what, at: now });
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

/// Forgets requests that are old enough.
pub(super) async fn sweep(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<(), StoreError> {
    let old = now.plus_seconds(-KEPT_DAYS * DAY_SECONDS);
    desk.transaction.run("DELETE FROM requests WHERE at < $1", &[old.micros().into()]).await?;
    desk.transaction.run("DELETE FROM requests_made WHERE at < $1", &[old.micros().into()]).await?;
    desk.transaction.run("DELETE FROM requests_of_day WHERE day < $1", &[i64::from(now.date().days() - 1).into()]).await.map(drop)
}
