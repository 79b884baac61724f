//! Applications that came for vacancies of this partner. They are there as long as their copies are: what ends, is corrected or is past its time is erased here
//! in the same transaction.

use std::collections::BTreeMap;

use polder_consent::view::shown;
use polder_consent::{DisclosureId, Epoch, FieldSet, Handle};
use polder_model::application::ApplicationState;
use polder_model::event::EventType;
use polder_model::{OfferKey, PartnerId, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use super::copies::{Came, Note};
use super::reopening::Openness;
use super::workers::{fields, id, instant};
use super::{Desk, Work, application_readers};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, fill, list};

/// An application that came.
#[derive(Clone, Debug)]
pub struct Receiving {
    /// Its id at its source.
    pub id: String,
    /// The copy.
    pub came: Came,
    /// The vacancy of this partner.
    pub vacancy: OfferKey,
    /// What may be seen.
    pub document: Vec<u8>,
    /// How many applications of one source may be here at the same time.
    pub most: u32,
    /// The present instant.
    pub now: Timestamp,
}

/// Why an application is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReceived {
    /// What it was given under has ended, or its source has not said yet what has.
    #[error("what it was given under has ended")]
    Ended,
    /// As many of its source are here as may be.
    #[error("as many applications of this source are here as may be")]
    TooMany,
}

/// An application as clients of this node see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedApplication {
    /// Its number among all that came.
    pub number: u64,
    /// The partner whose worker applies.
    pub source: PartnerId,
    /// What this partner knows the worker by.
    pub handle: Handle,
    /// The vacancy.
    pub vacancy: OfferKey,
    /// For which organisation the vacancy is or was published; `?` where that is not known.
    pub organisation: String,
    /// When it came first.
    pub at: Timestamp,
    /// What became of it.
    pub state: ApplicationState,
    /// What may be seen.
    pub document: Vec<u8>,
    /// The row of the ledger at its source.
    pub disclosure: DisclosureId,
    /// The epoch under which it was given.
    pub epoch: Epoch,
    /// What is in it.
    pub fields: FieldSet,
    /// Until when it may be used.
    pub use_until: Timestamp,
}

/// How many applied to a vacancy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// In all.
    pub all: u64,
    /// Of those, how many nobody is done with yet.
    pub waiting: u64,
}

const SEEN: &str = "applications.number, applications.source, copies.handle, applications.vacancy, applications.at, applications.state,
    applications.document, copies.disclosure, copies.epoch, copies.fields, copies.use_until, COALESCE(offers.organisation, '?')
    FROM applications JOIN copies ON copies.disclosure = applications.disclosure
    LEFT JOIN offers ON offers.kind = 'vacancy' AND offers.key = applications.vacancy";

fn received(row: &Row) -> Result<ReceivedApplication, StoreError> {
    Ok(ReceivedApplication {
        number: row::counter(row, 0)?,
        source: id(row, 1)?,
        handle: id(row, 2)?,
        vacancy: row::key(row, 3)?,
        at: instant(row, 4)?,
        state: row.text(5)?.parse().map_err(|_| StoreError::Damaged("a state that is none"))?,
        document: row.bytes(6)?.to_vec(),
        disclosure: id(row, 7)?,
        epoch: Epoch(row::counter(row, 8)?),
        fields: fields(row, 9)?,
        use_until: instant(row, 10)?,
        organisation: row.text(11)?.to_owned(),
    })
}

impl Store {
    /// Takes an application in, perhaps not for the first time. What became of it.
    ///
    /// # Errors
    /// When the database cannot be written; it did not come then.
    pub async fn receive_application(&self, receiving: Receiving) -> Result<Result<ApplicationState, NotReceived>, StoreError> {
        self.people(receiving).await
    }

    /// What became of an application that a source sent; `None` where there is none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn application_state(&self, source: &PartnerId, id: &str) -> Result<Option<ApplicationState>, StoreError> {
        let sql = "SELECT state FROM applications WHERE source = $1 AND id = $2";
        let rows = self.readers.read(sql, &[source.as_str().into(), id.into()]).await?;
        let state = |row: &Row| row.text(0)?.parse().map_err(|_| StoreError::Damaged("a state that is none"));
        rows.first().map(state).transpose()
    }

    /// Applications that came after one with that number, in their order; at most `most`. Of those whose source this node is not open to there are none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_after(
        &self,
        after: u64,
        open: &Openness,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ReceivedApplication>, StoreError> {
        let closed = self.closed_sources(open).await?;
        let sql = format!(
            "SELECT {SEEN} WHERE applications.number > $1 AND copies.use_until > $2 AND applications.source NOT IN {}
            ORDER BY applications.number LIMIT $3",
            list(4, closed.len())
        );
        let mut values = vec![rows::number(after)?.into(), now.micros().into(), i64::from(most).into()];
        fill(&mut values, closed.iter().map(PartnerId::as_str));
        self.readers.read(sql, &values).await?.iter().map(received).collect()
    }

    /// Applications with a lower number, the newest first, for one vacancy or for all; at most `most`. And from where the older ones go on, where there may be
    /// some. Of those whose source this node is not open to there are none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_before(
        &self,
        before: u64,
        vacancy: Option<&OfferKey>,
        open: &Openness,
        now: Timestamp,
        most: u32,
    ) -> Result<(Vec<ReceivedApplication>, Option<u64>), StoreError> {
        let closed = self.closed_sources(open).await?;
        let sql = format!(
            "SELECT {SEEN} WHERE applications.number < $1 AND copies.use_until > $2 AND ($4 = '' OR applications.vacancy = $4)
            AND applications.source NOT IN {} ORDER BY applications.number DESC LIMIT $3",
            list(5, closed.len())
        );
        let vacancy = vacancy.map_or("", OfferKey::as_str);
        let mut values = vec![rows::number(before)?.into(), now.micros().into(), i64::from(most).into(), vacancy.into()];
        fill(&mut values, closed.iter().map(PartnerId::as_str));
        let found = self.readers.read(sql, &values).await?;
        let items = found.iter().map(received).collect::<Result<Vec<_>, _>>()?;
        let older = items.last().filter(|_| items.len() == most as usize).map(|last| last.number);
        Ok((items, older))
    }

    /// Partners of which there are applications, and to which this node is not open.
    async fn closed_sources(&self, open: &Openness) -> Result<Vec<PartnerId>, StoreError> {
        if open.is_open() {
            return Ok(Vec::new());
        }
        let found = self.readers.read("SELECT DISTINCT source FROM applications", &[]).await?;
        let mut sources = found.iter().map(|row| id(row, 0)).collect::<Result<Vec<PartnerId>, StoreError>>()?;
        sources.retain(|source| !open.is_open_to(source));
        Ok(sources)
    }

    /// One application; `None` where there is none of that number, or not any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn application_numbered(
        &self,
        number: u64,
        open: &Openness,
        now: Timestamp,
    ) -> Result<Option<ReceivedApplication>, StoreError> {
        let sql = format!("SELECT {SEEN} WHERE applications.number = $1 AND copies.use_until > $2");
        let found = self.readers.read(sql, &[rows::number(number)?.into(), now.micros().into()]).await?;
        let found = found.first().map(received).transpose()?;
        Ok(found.filter(|one| open.is_open_to(&one.source)))
    }

    /// Vacancies to which somebody applied, and to each how many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_counted(&self, open: &Openness, now: Timestamp) -> Result<BTreeMap<OfferKey, Applied>, StoreError> {
        let sql = "SELECT applications.vacancy, applications.source, count(*), count(CASE WHEN applications.state = 'received' THEN 1 ELSE NULL END)
            FROM applications JOIN copies ON copies.disclosure = applications.disclosure
            WHERE copies.use_until > $1 GROUP BY applications.vacancy, applications.source";
        let mut counted = BTreeMap::new();
        for found in self.readers.read(sql, &[now.micros().into()]).await? {
            if open.is_open_to(&id(&found, 1)?) {
                let applied: &mut Applied = counted.entry(row::key(&found, 0)?).or_default();
                applied.all += row::counter(&found, 2)?;
                applied.waiting += row::counter(&found, 3)?;
            }
        }
        Ok(counted)
    }

    /// The highest number that an application ever had here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_application(&self) -> Result<u64, StoreError> {
        let found = self.readers.read("SELECT applications FROM counter WHERE id = 1", &[]).await?;
        found.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// Says what became of an application. Whether there is one of that number.
    ///
    /// # Errors
    /// When the database cannot be written; it is as it was then.
    pub async fn set_application(&self, number: u64, state: ApplicationState, now: Timestamp) -> Result<bool, StoreError> {
        self.people(SetState { number, state, now }).await
    }
}

impl Work for Receiving {
    type Told = Result<ApplicationState, NotReceived>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let Self { id, came, vacancy, document, most, now } = self;
        let (source, disclosure) = (came.source.clone(), came.disclosure.to_string());
        let others = "SELECT count(*) FROM applications WHERE source = $1 AND id <> $2";
        let others = desk.transaction.read(others, &[source.as_str().into(), (&id).into()]).await?;
        if others.first().map_or(Ok(0), |row| row::counter(row, 0))? >= u64::from(most) {
            return Ok(Err(NotReceived::TooMany));
        }
        // Whoever sends anew what was erased here meanwhile has not heard of it yet: it stays erased.
        let note = Note { came: vec![came], now };
        if note.carry_out(desk).await? != [true] {
            return Ok(Err(NotReceived::Ended));
        }
        let counter = "UPDATE counter SET applications = applications + 1 WHERE id = 1 RETURNING applications";
        let counted = desk.transaction.read(counter, &[]).await?;
        let number = counted.first().ok_or(StoreError::Damaged("no counter"))?.integer(0)?;
        let sql = "INSERT INTO applications (source, id, number, disclosure, vacancy, at, state, state_at, document)
            VALUES ($1, $2, $3, $4, $5, $6, 'received', $6, $7)
            ON CONFLICT (source, id) DO UPDATE SET disclosure = excluded.disclosure, document = excluded.document,
                number = CASE WHEN applications.disclosure = excluded.disclosure THEN applications.number ELSE excluded.number END
            RETURNING state, number";
        let values = [
            source.as_str().into(),
            (&id).into(),
            number.into(),
            (&disclosure).into(),
            vacancy.as_str().into(),
            now.micros().into(),
            document.as_slice().into(),
        ];
        let kept = desk.transaction.read(sql, &values).await?;
        let kept = kept.first().ok_or(StoreError::Damaged("an application that is not kept"))?;
        // One that is sent again is none that came.
        if kept.integer(1)? == number {
            desk.batch.note_event(event(EventType::ApplicationReceived, vacancy.as_str(), number, now));
        }
        let state = kept.text(0)?.parse();
        state.map(Ok).map_err(|_| StoreError::Damaged("a state that is none"))
    }
}

struct SetState {
    number: u64,
    state: ApplicationState,
    now: Timestamp,
}

impl Work for SetState {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let sql = "UPDATE applications SET state = $2, state_at = $3 WHERE number = $1 AND disclosure IN (SELECT disclosure FROM copies)";
        let values = [rows::number(self.number)?.into(), self.state.as_str().into(), self.now.micros().into()];
        Ok(desk.transaction.run(sql, &values).await? > 0)
    }
}

/// Erases what has no copy any more, and cuts down what has fewer fields in its copy.
pub(super) async fn follow_copies(desk: &mut Desk<'_, '_>, now: Timestamp) -> Result<(), StoreError> {
    let gone = "DELETE FROM applications WHERE NOT EXISTS (SELECT 1 FROM copies WHERE copies.disclosure = applications.disclosure)
        RETURNING number, vacancy";
    for gone in desk.transaction.read(gone, &[]).await? {
        desk.batch.note_event(event(EventType::ApplicationEnded, gone.text(1)?, gone.integer(0)?, now));
    }
    application_readers::follow_copies(desk).await
}

/// Whoever may read applications to a vacancy is told of one.
fn event(is: EventType, vacancy: &str, number: i64, at: Timestamp) -> NewEvent {
    NewEvent { is, client: String::new(), vacancy: vacancy.to_owned(), subject: number.to_string(), at }
}

/// Cuts an application down to the fields that are left of its copy.
pub(super) async fn cut_down(desk: &mut Desk<'_, '_>, disclosure: &str, left: FieldSet) -> Result<(), StoreError> {
    let found = desk.transaction.read("SELECT document FROM applications WHERE disclosure = $1", &[disclosure.into()]).await?;
    let Some(row) = found.first() else { return Ok(()) };
    let members: Map<String, Value> =
        serde_json::from_slice(row.bytes(0)?).map_err(|_| StoreError::Damaged("an application that cannot be read"))?;
    let document = shown(&members, left);
    let sql = "UPDATE applications SET document = $2 WHERE disclosure = $1";
    desk.transaction.run(sql, &[disclosure.into(), document.as_slice().into()]).await.map(drop)
}
