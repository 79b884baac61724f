//! Consents as they are kept: the record, and what happened to it.

use std::collections::HashMap;

use polder_consent::state::{self, Event};
use polder_consent::{Consent, ConsentId, Ground, State, What, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use super::Desk;
use super::ledger::consent;
use crate::engine::Readers;
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, Value, fill, list};

/// A consent and its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The record, written once.
    pub consent: Consent,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Kept {
    /// Where it stands; `None` where its events cannot be read as a life: it authorises nothing then.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Option<State> {
        state::state(&self.events, self.consent.until, now)
    }

    /// Whether it authorises anything.
    #[must_use]
    pub fn is_given(&self, now: Timestamp) -> bool {
        self.state(now) == Some(State::Given)
    }
}

/// Whoever can read: a transaction, or a reader.
pub(super) trait Reads {
    fn rows(&mut self, sql: String, values: &[Value<'_>]) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
}

impl Reads for Desk<'_, '_> {
    async fn rows(&mut self, sql: String, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.transaction.read(sql, values).await
    }
}

impl Reads for &Readers {
    async fn rows(&mut self, sql: String, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.read(sql, values).await
    }
}

/// Consents under a condition on the columns of `consents`, by purpose, recipient and epoch.
pub(super) async fn consents(from: &mut impl Reads, condition: &str, values: &[Value<'_>]) -> Result<Vec<Kept>, StoreError> {
    let found = from.rows(format!("SELECT id, record FROM consents WHERE {condition} ORDER BY purpose, recipient, epoch"), values).await?;
    let ids = found.iter().map(|row| row.text(0)).collect::<Result<Vec<&str>, _>>()?;
    let mut events: HashMap<String, Vec<Event>> = HashMap::new();
    for some in ids.chunks(128) {
        let sql = format!(
            "SELECT consent, what, at, ground FROM consent_events WHERE consent IN {} ORDER BY consent, number",
            list(1, some.len())
        );
        let mut values = Vec::new();
        fill(&mut values, some.iter().copied());
        for row in from.rows(sql, &values).await? {
            let event = Event { what: what(row.text(1)?)?, at: Timestamp::from_micros(row.integer(2)?), ground: ground(row.text(3)?)? };
            events.entry(row.text(0)?.to_owned()).or_default().push(event);
        }
    }
    let kept = |row: &Row| Ok(Kept { consent: consent(row.bytes(1)?)?, events: events.remove(row.text(0)?).unwrap_or_default() });
    found.iter().map(kept).collect()
}

/// The words of events are those of JSON.
pub(super) fn what(word: &str) -> Result<What, StoreError> {
    What::deserialize(StrDeserializer::<Error>::new(word)).map_err(|_| StoreError::Damaged("an event that is none"))
}

/// Why; the empty word is no ground.
pub(super) fn ground(word: &str) -> Result<Option<Ground>, StoreError> {
    Some(word).filter(|word| !word.is_empty()).map(str::parse).transpose().map_err(|_| StoreError::Damaged("a ground that is none"))
}

/// The consent of that id.
pub(super) async fn by_id(desk: &mut Desk<'_, '_>, consent: ConsentId) -> Result<Option<Kept>, StoreError> {
    Ok(consents(desk, "id = $1", &[(&consent.to_string()).into()]).await?.pop())
}

/// The consents of a worker that are worth looking at: neither ended nor declined.
pub(super) async fn open_of(desk: &mut Desk<'_, '_>, worker: WorkerId) -> Result<Vec<Kept>, StoreError> {
    consents(desk, "worker = $1 AND open", &[(&worker.to_string()).into()]).await
}

/// The latest consent of a worker for a purpose and a recipient.
pub(super) async fn latest(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    purpose: Purpose,
    recipient: &PartnerId,
) -> Result<Option<Kept>, StoreError> {
    let condition = "worker = $1 AND purpose = $2 AND recipient = $3 AND epoch = (SELECT max(epoch) FROM consents AS others
        WHERE others.worker = $1 AND others.purpose = $2 AND others.recipient = $3)";
    let name = worker.to_string();
    Ok(consents(desk, condition, &[(&name).into(), purpose.as_str().into(), recipient.as_str().into()]).await?.pop())
}

/// How often a worker has decided on the day of that instant (UTC). What was decided on one screen has one instant.
pub(super) async fn decisions_of_day(desk: &mut Desk<'_, '_>, worker: WorkerId, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT count(DISTINCT consent_events.at) FROM consents JOIN consent_events ON consent = consents.id AND number = 1
        WHERE worker = $1 AND consent_events.at >= $2";
    let name = worker.to_string();
    let found = desk.transaction.read(sql, &[(&name).into(), now.date().start().micros().into()]).await?;
    found.first().map_or(Ok(0), |row| row::counter(row, 0))
}

impl Store {
    /// Everything that a worker decided, by purpose, recipient and epoch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_of(&self, worker: WorkerId) -> Result<Vec<Kept>, StoreError> {
        consents(&mut &self.readers, "worker = $1", &[(&worker.to_string()).into()]).await
    }

    /// A page of what a worker decided, the last one first: those whose leaf of the log is before that number, each with it; at most `most`, which is a
    /// few hundred.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_before(&self, worker: WorkerId, before: Option<u64>, most: u32) -> Result<Vec<(Kept, u64)>, StoreError> {
        self.consents_page(worker, before, most, " AND $4 = $4", Timestamp::from_micros(0)).await
    }

    async fn consents_page(
        &self,
        worker: WorkerId,
        before: Option<u64>,
        most: u32,
        which: &str,
        now: Timestamp,
    ) -> Result<Vec<(Kept, u64)>, StoreError> {
        let sql = format!(
            "SELECT consents.id, leaf FROM consents JOIN consent_events ON consent = consents.id AND number = 1
            WHERE worker = $1 AND leaf < $2{which} ORDER BY leaf DESC LIMIT $3"
        );
        let (name, before) = (worker.to_string(), before.map_or(Ok(i64::MAX), rows::number)?);
        let found = self.readers.read(sql, &[(&name).into(), before.into(), i64::from(most).into(), now.micros().into()]).await?;
        let ids = found.iter().map(|row| row.text(0)).collect::<Result<Vec<&str>, _>>()?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = Vec::new();
        fill(&mut values, ids.iter().copied());
        let kept = consents(&mut &self.readers, &format!("id IN {}", list(1, ids.len())), &values).await?;
        let mut by_id: HashMap<String, Kept> = kept.into_iter().map(|one| (one.consent.id.to_string(), one)).collect();
        let mut page = Vec::with_capacity(found.len());
        for row in &found {
            // What was erased between the two is not there any more.
            if let Some(kept) = by_id.remove(row.text(0)?) {
                page.push((kept, row::counter(row, 1)?));
            }
        }
        Ok(page)
    }

    /// A page of what is in force of a worker, the last one first: those whose leaf of the log is before that number, each with it; at most `most`. And how
    /// many there are in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_in_force(
        &self,
        worker: WorkerId,
        before: Option<u64>,
        most: u32,
        now: Timestamp,
    ) -> Result<(Vec<(Kept, u64)>, u64), StoreError> {
        let sql = "SELECT count(*) FROM consents WHERE worker = $1 AND open AND until > $2";
        let name = worker.to_string();
        let counted = self.readers.read(sql, &[(&name).into(), now.micros().into()]).await?;
        let count = counted.first().map_or(Ok(0), |row| row::counter(row, 0))?;
        Ok((self.consents_page(worker, before, most, " AND open AND until > $4", now).await?, count))
    }

    /// What a worker gave and somebody else ended, or found that it never held, after that instant: that which was given last first, at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents_ended_for(&self, worker: WorkerId, since: Timestamp, most: u32) -> Result<Vec<Kept>, StoreError> {
        let ended = " AND EXISTS (SELECT 1 FROM consent_events AS other WHERE other.consent = consents.id AND other.at > $4
            AND other.what IN ('revoke', 'invalidate'))";
        Ok(self.consents_page(worker, None, most, ended, since).await?.into_iter().map(|(kept, _)| kept).collect())
    }

    /// To how many partners a worker lets anything be seen.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_who_may_see(&self, worker: WorkerId, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT count(DISTINCT recipient) FROM consents WHERE worker = $1 AND open AND until > $2";
        let name = worker.to_string();
        let counted = self.readers.read(sql, &[(&name).into(), now.micros().into()]).await?;
        counted.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    /// What a worker lets a partner see for a purpose, where anything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn in_force_for(
        &self,
        worker: WorkerId,
        purpose: Purpose,
        recipient: &PartnerId,
        now: Timestamp,
    ) -> Result<Option<Kept>, StoreError> {
        let condition = "worker = $1 AND purpose = $2 AND recipient = $3 AND open";
        let name = worker.to_string();
        let values = [(&name).into(), purpose.as_str().into(), recipient.as_str().into()];
        let found = consents(&mut &self.readers, condition, &values).await?;
        Ok(found.into_iter().rfind(|kept| kept.is_given(now)))
    }

    /// One of a worker's consents; `None` where it is nobody's or another's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent_of(&self, worker: WorkerId, consent: ConsentId) -> Result<Option<Kept>, StoreError> {
        let (consent, worker) = (consent.to_string(), worker.to_string());
        Ok(consents(&mut &self.readers, "id = $1 AND worker = $2", &[(&consent).into(), (&worker).into()]).await?.pop())
    }

    /// The text that a worker read, by the SHA-256 of its bytes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notice(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.readers.read("SELECT text FROM notices WHERE sha256 = $1", &[sha256.into()]).await?;
        rows.first().map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
    }
}
