//! Applications at home: what a worker sends to the partner that published a vacancy. One that is sent leaves under the worker's decision, which is checked
//! anew each time, in the transaction that writes the ledger.

use std::collections::HashMap;

use polder_consent::processing::Chain;
use polder_consent::{DisclosureId, Epoch, FieldSet, State, WorkerId};
use polder_model::application::ApplicationState;
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};
use serde::Serialize;

use super::decide::{Given, Giving, NotGiven};
use super::disclose::Disclosed;
use super::kept::{self, Kept, Reads};
use super::send_application::Send;
use super::workers::{fields, id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::Row;

pub(super) const PURPOSE: Purpose = Purpose::Application;
/// Most applications of one worker that are read: one more than are listed.
const MOST_READ: u32 = 1_001;
/// So long after it left an application is sent anew at the earliest, where its recipient has it no more.
const LOST_AFTER_SECONDS: i64 = 3_600;
/// Applications that are sent, or looked after, in one round.
pub const MOST_AT_ONCE: u32 = 50;

/// An application that a worker sends.
#[derive(Clone, Debug)]
pub struct Applying {
    /// The decision: one consent, for the recipient.
    pub giving: Giving,
    /// Its id, a UUID.
    pub id: String,
    /// The vacancy of the recipient.
    pub vacancy: OfferKey,
    /// What the worker saw of the vacancy.
    pub title: String,
    /// Who offers the work.
    pub employer: String,
    /// What of the profile goes along: no more than the consent names.
    pub fields: FieldSet,
    /// What the worker wrote.
    pub motivation: String,
}

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
fn of_others() -> String {
    format!("SELECT DISTINCT fields FROM applications_sent WHERE {STANDS} AND recipient = $4")
}

/// All that these rows of fields name.
fn together(rows: &[Row]) -> Result<FieldSet, StoreError> {
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
    /// A worker applies: the decision and the application are kept together, or neither. `None` where they apply to that vacancy already, as
    /// [`Store::applied_to`] says: it is sent once, however often it is clicked.
    ///
    /// # Errors
    /// When the database cannot be written; nothing was decided then.
    pub async fn apply(&self, applying: Applying) -> Result<Result<Option<Given>, NotGiven>, StoreError> {
        self.people(applying).await
    }

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

    /// The same, each with what it shows, the last one first.
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

    /// Applications that their recipients have, and of which they were not asked since an instant what became of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applications_open(&self, asked_before: Timestamp) -> Result<Vec<SentApplication>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM applications_sent WHERE state = 'received' AND told_at < $1 ORDER BY told_at, id LIMIT $2");
        self.readers.read(sql, &[asked_before.micros().into(), i64::from(MOST_AT_ONCE).into()]).await?.iter().map(sent).collect()
    }

    /// Discloses what an application sends, as the profile and the worker's decision are now. What is sent again, since nobody knows whether it came, is under
    /// the row that it has.
    ///
    /// # Errors
    /// When the database cannot be written; nothing may leave then.
    pub async fn send_application(&self, id: &str, foreign: bool, chain: Chain, now: Timestamp) -> Result<Sending, StoreError> {
        self.people(Send { id: id.to_owned(), foreign, chain, now }).await
    }

    /// Its recipient had an application and has it no more, though nobody took it back: it is sent anew, under a row of its own, where the last one left some
    /// time ago.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn application_lost(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.people(Lost { id: id.to_owned(), now }).await
    }

    /// Notes how far an application is, as its recipient says; `None`: it said nothing, and was asked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn application_told(&self, id: &str, progress: Option<Progress>, now: Timestamp) -> Result<(), StoreError> {
        self.people(Told { id: id.to_owned(), progress, now }).await
    }
}

impl Work for Applying {
    type Told = Result<Option<Given>, NotGiven>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let (worker, now) = (self.giving.worker, self.giving.now);
        if self.is_sent(desk).await? {
            return Ok(Ok(None));
        }
        if !self.is_named(desk).await? {
            return Ok(Err(NotGiven::OthersShowMore));
        }
        let given = match self.giving.carry_out(desk).await? {
            Ok(given) => given.into_iter().next().ok_or(StoreError::Damaged("an application without a decision"))?,
            Err(not) => return Ok(Err(not)),
        };
        let consent = &given.kept.consent;
        let sql = "INSERT INTO applications_sent (id, worker, recipient, vacancy, title, employer, fields, motivation, epoch, at, state, state_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $10)";
        let worker = worker.to_string();
        let values = [
            (&self.id).into(),
            (&worker).into(),
            consent.recipient.as_str().into(),
            self.vacancy.as_str().into(),
            (&self.title).into(),
            (&self.employer).into(),
            i64::from(self.fields.and(consent.fields).bits()).into(),
            (&self.motivation).into(),
            rows::number(consent.epoch.0)?.into(),
            now.micros().into(),
        ];
        desk.transaction.run(sql, &values).await?;
        Ok(Ok(Some(given)))
    }
}

impl Applying {
    /// Whether the consent names all that other applications to that recipient show: what it did not name they would lose.
    async fn is_named(&self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Some(consent) = self.giving.consents.first() else { return Ok(true) };
        let (worker, now, recipient) = (self.giving.worker.to_string(), self.giving.now.micros(), consent.recipient.as_str());
        let shown = desk.transaction.read(of_others(), &[(&worker).into(), PURPOSE.as_str().into(), now.into(), recipient.into()]).await?;
        Ok(together(&shown)?.is_within(consent.fields))
    }

    /// Whether the worker applies to that vacancy of that recipient already.
    async fn is_sent(&self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let Some(consent) = self.giving.consents.first() else { return Ok(false) };
        let sql = format!("SELECT 1 FROM applications_sent WHERE {STANDS} AND recipient = $4 AND vacancy = $5 LIMIT 1");
        let (worker, now) = (self.giving.worker.to_string(), self.giving.now.micros());
        let (recipient, vacancy) = (consent.recipient.as_str(), self.vacancy.as_str());
        let values = [(&worker).into(), PURPOSE.as_str().into(), now.into(), recipient.into(), vacancy.into()];
        Ok(!desk.transaction.read(sql, &values).await?.is_empty())
    }
}

struct Lost {
    id: String,
    now: Timestamp,
}

impl Work for Lost {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE applications_sent SET state = 'waiting', state_at = $2, disclosure = '' WHERE id = $1 AND state = 'received'
            AND EXISTS (SELECT 1 FROM disclosures WHERE disclosures.id = applications_sent.disclosure AND disclosures.at < $3)";
        let before = self.now.plus_seconds(-LOST_AFTER_SECONDS);
        desk.transaction.run(sql, &[(&self.id).into(), self.now.micros().into(), before.micros().into()]).await.map(drop)
    }
}

struct Told {
    id: String,
    progress: Option<Progress>,
    now: Timestamp,
}

impl Work for Told {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let sql = "UPDATE applications_sent SET told_at = $2 WHERE id = $1";
        desk.transaction.run(sql, &[(&self.id).into(), self.now.micros().into()]).await?;
        match self.progress {
            Some(progress) => set(desk, &self.id, progress, self.now).await,
            None => Ok(()),
        }
    }
}

/// Notes how far an application is. What is closed, refused or withdrawn stays so.
pub(super) async fn set(desk: &mut Desk<'_, '_>, id: &String, progress: Progress, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE applications_sent SET state = $2, state_at = $3 WHERE id = $1 AND state IN ('waiting', 'received') AND state <> $2";
    desk.transaction.run(sql, &[id.into(), progress.as_str().into(), now.micros().into()]).await.map(drop)
}

/// Copies were corrected: their applications are sent anew, as the profile is now.
pub(super) async fn send_again(desk: &mut Desk<'_, '_>, corrected: &[DisclosureId]) -> Result<(), StoreError> {
    for disclosure in corrected {
        let sql =
            "UPDATE applications_sent SET state = 'waiting', disclosure = '' WHERE disclosure = $1 AND state IN ('waiting', 'received')";
        desk.transaction.run(sql, &[(&disclosure.to_string()).into()]).await?;
    }
    Ok(())
}
