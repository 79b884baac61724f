//! Requests of partners to see something of a worker, as the worker sees them.

use std::collections::HashMap;

use polder_consent::purpose::REQUEST_DAYS;
use polder_consent::request::{AskedFor, MOST_OF_ONE};
use polder_consent::state::{state, step};
use polder_consent::{Event, FieldSet, RequestId, State, What, WorkerId};
use polder_model::about::About;
use polder_model::{Kind, PartnerId, Purpose, Timestamp};

use super::workers::{fields, id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::{Row, Value};

pub(super) const DAY_SECONDS: i64 = 86_400;
/// How long a request is kept, in days.
pub(super) const KEPT_DAYS: i64 = 400;
/// Requests, and applications, of a worker that are looked through for what offers are called.
const MOST_TITLES: i64 = 1_000;

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
    /// Whose node the worker brought it from, where they let it be seen there and moved: nobody asked for it here.
    pub brought_from: Option<PartnerId>,
    /// For which offer of the asker's own, as it says.
    pub about: Option<AskedFor>,
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
    /// What was asked of a worker, the last one first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_of(&self, worker: WorkerId) -> Result<Vec<Request>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE worker = $1 ORDER BY at DESC, id");
        let name = worker.to_string();
        self.readers.read(sql, &[(&name).into()]).await?.iter().map(request).collect()
    }

    /// Requests to a worker that are open, the last one first, and after them those that they put off, at most `most`; and how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_waiting(&self, worker: WorkerId, now: Timestamp, most: u32) -> Result<(Vec<Request>, u64), StoreError> {
        // Whatever is done with a request is a second event of it; one that was put off is open until a third.
        let put_off = "events LIKE '%\"defer\"%'";
        let waits = format!("worker = $1 AND at > $2 AND (events NOT LIKE '%}},{{%' OR {put_off} AND events NOT LIKE '%}},{{%}},{{%')");
        let (name, since) = (worker.to_string(), now.plus_seconds(-REQUEST_DAYS * DAY_SECONDS).micros());
        let sql =
            format!("SELECT {COLUMNS} FROM requests WHERE {waits} ORDER BY CASE WHEN {put_off} THEN 1 ELSE 0 END, at DESC, id LIMIT $3");
        let found = self.readers.read(sql, &[(&name).into(), since.into(), i64::from(most).into()]).await?;
        let sql = format!("SELECT count(*) FROM requests WHERE {waits}");
        let counted = self.readers.read(sql, &[(&name).into(), since.into()]).await?;
        let count = counted.first().map_or(Ok(0), |row| row::counter(row, 0))?;
        Ok((found.iter().map(request).collect::<Result<_, _>>()?, count))
    }

    /// A page of requests to which a worker did not say yes: refused, put off, or not answered in time; the last one first. After that one, by its instant
    /// and id, where there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn requests_not_given(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<Request>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM requests WHERE worker = $1 AND at <= $2 AND (at < $2 OR id > $3) AND events NOT LIKE '%\"give\"%'
            AND (events LIKE '%}},{{%' OR at <= $5) ORDER BY at DESC, id LIMIT $4"
        );
        let (at, last) = after.map_or((i64::MAX, ""), |(at, last)| (at.micros(), last));
        let (name, lapsed) = (worker.to_string(), now.plus_seconds(-REQUEST_DAYS * DAY_SECONDS).micros());
        let values = [(&name).into(), at.into(), last.into(), i64::from(most).into(), lapsed.into()];
        self.readers.read(sql, &values).await?.iter().map(request).collect()
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

    /// What offers are called for which a worker was asked or to which they applied, by the partner that named them and the offer: of the last ones of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn titles_of(&self, worker: WorkerId) -> Result<HashMap<(PartnerId, About), String>, StoreError> {
        let (name, mut titles) = (worker.to_string(), HashMap::new());
        let sql = "SELECT asker, about FROM requests WHERE worker = $1 AND about <> '' ORDER BY at DESC LIMIT $2";
        for row in self.readers.read(sql, &[(&name).into(), MOST_TITLES.into()]).await? {
            if let Some(AskedFor { kind, key, title, .. }) = about(&row, 1)? {
                titles.entry((id(&row, 0)?, About { kind, key })).or_insert(title);
            }
        }
        let sql = "SELECT recipient, vacancy, title FROM applications_sent WHERE worker = $1 ORDER BY at DESC LIMIT $2";
        for row in self.readers.read(sql, &[(&name).into(), MOST_TITLES.into()]).await? {
            let of = About { kind: Kind::Vacancy, key: row::key(&row, 1)? };
            titles.entry((id(&row, 0)?, of)).or_insert(row.text(2)?.to_owned());
        }
        Ok(titles)
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

/// What somebody brought along is asked at the instant at which it was taken in.
const COLUMNS: &str = "id, asker, recipient, purpose, fields, assisted_by, at, events, about,
    COALESCE((SELECT source FROM histories WHERE histories.worker = requests.worker AND histories.at = requests.at AND requests.about = '' LIMIT 1), '')";

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
        about: about(row, 8)?,
        brought_from: if row.text(9)?.is_empty() { None } else { Some(id(row, 9)?) },
    })
}

/// For what somebody is asked; nothing where it was not said.
pub(super) fn about(row: &Row, column: usize) -> Result<Option<AskedFor>, StoreError> {
    let said = Some(row.text(column)?).filter(|text| !text.is_empty());
    said.map(serde_json::from_str).transpose().map_err(|_| StoreError::Damaged("what is asked for cannot be read"))
}

/// The same as it is kept.
pub(super) fn about_text(about: Option<&AskedFor>) -> Result<String, StoreError> {
    let text = about.map(serde_json::to_string).transpose();
    Ok(text.map_err(|_| StoreError::Damaged("what is asked for cannot be written"))?.unwrap_or_default())
}

fn text(events: &[Event]) -> Result<String, StoreError> {
    serde_json::to_string(events).map_err(|_| StoreError::Damaged("events that cannot be written"))
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

pub(super) async fn insert(desk: &mut Desk<'_, '_>, worker: WorkerId, request: &Request, counts: bool) -> Result<(), StoreError> {
    let sql = "INSERT INTO requests (id, worker, asker, recipient, purpose, fields, assisted_by, at, events, counts, about)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (id, name, events, about) =
        (request.id.to_string(), worker.to_string(), text(&request.events)?, about_text(request.about.as_ref())?);
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
        (&about).into(),
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
