//! Applications at home, as they are read: what a worker sends to the partner that published a vacancy, how far that is, and under which decision.

use std::collections::HashMap;

use polder_consent::processing::Chain;
use polder_consent::{DisclosureId, Epoch, FieldSet, State, WorkerId};
use polder_model::application::ApplicationState;
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};
use serde::Serialize;

use super::disclose::Disclosed;
use super::kept::{self, Kept, Reads};
use super::send_application::Send;
use super::workers::{fields, id, instant};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::Row;

pub(super) const PURPOSE: Purpose = Purpose::Application;
/// Most applications of one worker that are read: one more than are listed.
const MOST_READ: u32 = 1_001;
/// Applications that are sent, or looked after, in one round.
pub const MOST_AT_ONCE: u32 = 50;

/// How far an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// It has not reached its recipient yet.
    Waiting,
    /// Its recipient has it.
    Received,
    /// Its recipient is done with it.
    Closed,
    /// Its recipient does not take it: the vacancy is there no more.
    Refused,
    /// The worker took it back, or the time of the decision is over.
    Withdrawn,
}

impl Progress {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl std::str::FromStr for Progress {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let all = [Self::Waiting, Self::Received, Self::Closed, Self::Refused, Self::Withdrawn];
        all.into_iter().find(|one| one.as_str() == text).ok_or(StoreError::Damaged("how far an application is"))
    }
}

/// Of which applications their recipients are asked what became of them.
#[derive(Clone, Copy, Debug)]
pub struct AskAfter {
    /// Open ones, told of before.
    pub open_told_before: Timestamp,
    /// Closed ones, which may be opened again, told of before.
    pub closed_told_before: Timestamp,
    /// Those that were closed later than this.
    pub closed_since: Timestamp,
}

impl From<ApplicationState> for Progress {
    fn from(state: ApplicationState) -> Self {
        match state {
            ApplicationState::Received => Self::Received,
            ApplicationState::Closed => Self::Closed,
        }
    }
}

/// An application as its worker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SentApplication {
    /// Its id.
    pub id: String,
    /// Who gets it.
    pub recipient: PartnerId,
    /// The vacancy of the recipient.
    pub vacancy: OfferKey,
    /// What the worker saw of the vacancy.
    pub title: String,
    /// Who offers the work.
    pub employer: String,
    /// What of the profile goes along.
    pub fields: FieldSet,
    /// What the worker wrote.
    pub motivation: String,
    /// When it was sent.
    pub at: Timestamp,
    /// How far it is.
    pub progress: Progress,
    /// Since when.
    pub since: Timestamp,
    /// Whether it stands no more since its time is over, and nobody took it back.
    #[serde(skip)]
    pub is_over: bool,
    /// Until when its recipient may use what it has; `None` where nothing has left yet.
    #[serde(skip)]
    pub use_until: Option<Timestamp>,
    #[serde(skip)]
    worker: WorkerId,
    #[serde(skip)]
    epoch: Epoch,
    #[serde(skip)]
    pub(super) disclosure: Option<DisclosureId>,
}

impl SentApplication {
    /// Whose.
    #[must_use]
    pub fn worker(&self) -> WorkerId {
        self.worker
    }
}

/// Which applications of a worker ($1), under a decision for [`PURPOSE`] ($2), stand now ($3): not what was refused, taken back, or is over.
pub(super) const STANDS: &str = "worker = $1 AND state IN ('waiting', 'received', 'closed')
    AND EXISTS (SELECT 1 FROM consents WHERE consents.worker = $1 AND purpose = $2 AND consents.recipient = applications_sent.recipient
        AND consents.epoch >= applications_sent.epoch AND open AND until > $3)";

/// What applications of a worker to a recipient ($4) show that stand.
pub(super) fn of_others() -> String {
    format!("SELECT DISTINCT fields FROM applications_sent WHERE {STANDS} AND recipient = $4")
}

/// All that these rows of fields name.
pub(super) fn together(rows: &[Row]) -> Result<FieldSet, StoreError> {
    rows.iter().map(|row| fields(row, 0)).try_fold(FieldSet::NONE, |all, one| Ok(all.or(one?)))
}

pub(super) const COLUMNS: &str =
    "id, worker, recipient, vacancy, title, employer, fields, motivation, epoch, at, disclosure, state, state_at,
    COALESCE((SELECT use_until FROM disclosures WHERE disclosures.id = applications_sent.disclosure), 0)";

pub(super) fn sent(row: &Row) -> Result<SentApplication, StoreError> {
    let disclosure = Some(row.text(10)?).filter(|text| !text.is_empty()).map(str::parse).transpose();
    Ok(SentApplication {
        id: row.text(0)?.to_owned(),
        worker: id(row, 1)?,
        recipient: id(row, 2)?,
        vacancy: row::key(row, 3)?,
        title: row.text(4)?.to_owned(),
        employer: row.text(5)?.to_owned(),
        fields: fields(row, 6)?,
        motivation: row.text(7)?.to_owned(),
        epoch: Epoch(row::counter(row, 8)?),
        at: instant(row, 9)?,
        disclosure: disclosure.map_err(|_| StoreError::Damaged("a disclosure that is none"))?,
        progress: row.text(11)?.parse()?,
        since: instant(row, 12)?,
        is_over: false,
        use_until: Some(row.integer(13)?).filter(|until| *until > 0).map(Timestamp::from_micros),
    })
}

/// Where the consent under which an application is sent stands.
pub(super) enum Under {
    /// It is in force, or a later one that came in its place.
    Given(Box<Kept>),
    /// It ended.
    Ended {
        /// When.
        at: Timestamp,
        /// Whether by its date: nobody took it back.
        is_over: bool,
    },
}

pub(super) async fn consent_of(from: &mut impl Reads, application: &SentApplication, now: Timestamp) -> Result<Under, StoreError> {
    let (worker, epoch) = (application.worker.to_string(), rows::number(application.epoch.0)?);
    let condition = "worker = $1 AND purpose = $2 AND recipient = $3 AND epoch >= $4";
    let values = [(&worker).into(), PURPOSE.as_str().into(), application.recipient.as_str().into(), epoch.into()];
    for kept in kept::consents(from, condition, &values).await? {
        if kept.is_given(now) {
            return Ok(Under::Given(Box::new(kept)));
        }
        match kept.state(now) {
            Some(State::Superseded) => {}
            Some(State::Expired) => return Ok(Under::Ended { at: kept.consent.until, is_over: true }),
            _ => {
                let at = kept.events.last().map_or(application.since, |event| event.at);
                return Ok(Under::Ended { at, is_over: false });
            }
        }
    }
    Ok(Under::Ended { at: application.since, is_over: false })
}

/// What is sent now.
#[derive(Debug)]
pub enum Sending {
    /// It may leave: its row is in the ledger.
    Ready(Disclosed),
    /// Nothing may leave: the worker took it back, it was sent before, or there is nothing that it shows.
    Nothing,
    /// Not before this node is open to the recipient again.
    NotOpen,
}

impl Store {
    /// Applications of a worker, the last one first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_of(&self, worker: WorkerId, now: Timestamp) -> Result<Vec<(SentApplication, Option<Kept>)>, StoreError> {
        self.applications_sent_before(worker, None, MOST_READ, now).await
    }

    /// To which vacancies a worker applies, by partner and key, and since when: not what was refused, taken back, or is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applied_to(&self, worker: WorkerId, now: Timestamp) -> Result<HashMap<(PartnerId, OfferKey), Timestamp>, StoreError> {
        let sql = format!("SELECT recipient, vacancy, max(at) FROM applications_sent WHERE {STANDS} GROUP BY recipient, vacancy LIMIT $4");
        let name = worker.to_string();
        let values = [(&name).into(), PURPOSE.as_str().into(), now.micros().into(), i64::from(MOST_READ).into()];
        let rows = self.readers.read(sql, &values).await?;
        rows.iter().map(|row| Ok(((id(row, 0)?, row::key(row, 1)?), instant(row, 2)?))).collect()
    }

    /// What vacancies were called to which a worker applied whose decision ended whole, with that epoch and at that instant: not what they had stopped alone
    /// before, or by an earlier end. The last one first; at most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn titles_ended(
        &self,
        worker: WorkerId,
        recipient: &PartnerId,
        (epoch, at): (Epoch, Timestamp),
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT title FROM applications_sent WHERE worker = $1 AND recipient = $2 AND epoch <= $3 AND disclosure <> ''
            AND (state <> $4 OR state_at >= $5)
            AND epoch > COALESCE((SELECT max(t.epoch) FROM tombstones t WHERE t.worker = $1 AND t.recipient = $2 AND t.purpose = $6
                AND t.fields = 0 AND t.named = '' AND t.epoch < $3), -1)
            ORDER BY at DESC, id LIMIT $7";
        let (name, state) = (worker.to_string(), Progress::Withdrawn.as_str());
        let values = [
            (&name).into(),
            recipient.as_str().into(),
            rows::number(epoch.0)?.into(),
            state.into(),
            at.micros().into(),
            PURPOSE.as_str().into(),
            i64::from(most).into(),
        ];
        self.readers.read(sql, &values).await?.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// Those of [`Store::applied_to`], each with what it shows, the last one first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_standing(&self, worker: WorkerId, now: Timestamp) -> Result<Vec<SentApplication>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM applications_sent WHERE {STANDS} ORDER BY at DESC, id LIMIT $4");
        let name = worker.to_string();
        let values = [(&name).into(), PURPOSE.as_str().into(), now.micros().into(), i64::from(MOST_READ).into()];
        self.readers.read(sql, &values).await?.iter().map(sent).collect()
    }

    /// What the applications of a worker to a recipient show together: not what was refused, taken back, or is over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applied_fields(&self, worker: WorkerId, recipient: &PartnerId, now: Timestamp) -> Result<FieldSet, StoreError> {
        let name = worker.to_string();
        let values = [(&name).into(), PURPOSE.as_str().into(), now.micros().into(), recipient.as_str().into()];
        together(&self.readers.read(&of_others(), &values).await?)
    }

    /// A page of applications of a worker, the last one first, and those of one instant by their ids; after that one, by its instant and id, where there is
    /// one. At most `most`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_sent_before(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<(SentApplication, Option<Kept>)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM applications_sent WHERE worker = $1 AND at <= $2 AND (at < $2 OR id > $3) ORDER BY at DESC, id LIMIT $4"
        );
        let (at, last) = after.map_or((i64::MAX, ""), |(at, last)| (at.micros(), last));
        let name = worker.to_string();
        let mut found = Vec::new();
        for row in self.readers.read(sql, &[(&name).into(), at.into(), last.into(), i64::from(most).into()]).await? {
            let mut application = sent(&row)?;
            let consent = match consent_of(&mut &self.readers, &application, now).await? {
                Under::Given(kept) => Some(*kept),
                Under::Ended { at, is_over } => {
                    let is_answered = matches!(application.progress, Progress::Closed | Progress::Refused);
                    // What was taken back alone was so before the end of the others.
                    let was_before = application.progress == Progress::Withdrawn && application.since < at;
                    if !(was_before || is_over && is_answered) {
                        (application.progress, application.since, application.is_over) = (Progress::Withdrawn, at, is_over);
                    }
                    None
                }
            };
            found.push((application, consent));
        }
        Ok(found)
    }

    /// Applications that have not reached their recipients, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_waiting(&self) -> Result<Vec<SentApplication>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM applications_sent WHERE state = 'waiting' ORDER BY told_at, at, id LIMIT $1");
        self.readers.read(sql, &[i64::from(MOST_AT_ONCE).into()]).await?.iter().map(sent).collect()
    }

    /// Applications that their recipients have, and of which it is time to ask what became of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_to_ask_after(&self, when: AskAfter) -> Result<Vec<SentApplication>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM applications_sent
                WHERE state = 'received' AND told_at < $1 OR state = 'closed' AND told_at < $2 AND state_at > $3 ORDER BY told_at, id LIMIT $4"
        );
        let AskAfter { open_told_before, closed_told_before, closed_since } = when;
        let values = [
            open_told_before.micros().into(),
            closed_told_before.micros().into(),
            closed_since.micros().into(),
            i64::from(MOST_AT_ONCE).into(),
        ];
        self.readers.read(sql, &values).await?.iter().map(sent).collect()
    }

    /// Discloses what an application sends, as the profile and the worker's decision are now. What is sent again, since nobody knows whether it came, is under
    /// the row that it has.
    ///
    /// # Errors
    /// When the database cannot be written; nothing may leave then.
    pub async fn send_application(&self, id: &str, foreign: bool, chain: Chain, now: Timestamp) -> Result<Sending, StoreError> {
        self.people(Send { id: id.to_owned(), foreign, chain, now }).await
    }
}
