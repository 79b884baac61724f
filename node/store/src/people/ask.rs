//! Something is asked of a worker, or it is looked up what is in force of it. Either writes the same, whatever becomes of it: how many requests that
//! partner made today, and a record of the processing log. So nobody learns by the clock whether there is such a worker, or what they decided before.

use polder_consent::processing::{Action, Chain, Processed, Status, Subject, activity};
use polder_consent::request::{AskedFor, MOST_A_DAY};
use polder_consent::state::may_be_asked_from;
use polder_consent::{Event, FieldSet, Handle, RequestId, What, WorkerId};
use polder_model::{OfferKey, PartnerId, Purpose, Timestamp};

use super::disclose::Refused;
use super::kept::{self, Reads};
use super::requests::{self, Request};
use super::workers;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;
use crate::row;

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
    /// For which offer of the asker's own, as it says.
    pub about: Option<AskedFor>,
    /// Where it stands in a chain of processing.
    pub chain: Chain,
    /// Whether the asker is another partner than this node's.
    pub foreign: bool,
    /// The present instant.
    pub now: Timestamp,
}

impl Store {
    /// Asks a worker, unless nobody is there, it is in force, or they were asked enough.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn ask_consent(&self, asking: Requesting) -> Result<Result<(), Refused>, StoreError> {
        self.people(asking).await
    }

    /// Which of the fields that are asked for the recipient may see now, for whoever asks once more: that is written down, and nobody is asked.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is to be told then.
    pub async fn look(&self, asking: Requesting) -> Result<FieldSet, StoreError> {
        self.people(Look(asking)).await
    }

    /// The same, for what was asked just now, and written down then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn in_force(&self, asking: &Requesting) -> Result<FieldSet, StoreError> {
        in_force(&mut &self.readers, asking).await
    }
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
            self.record(desk, Action::ConsentAsked, None, false);
            return Ok(Err(Refused::BudgetSpent));
        }
        let worker = self.worker(desk).await?;
        let asks = match worker {
            Some(worker) => {
                self.is_to_be_asked(desk, worker).await? && requests::has_requests_left(desk, worker, &self.asker, self.now).await?
            }
            None => false,
        };
        if let Some(worker) = worker.filter(|_| asks) {
            self.write(desk, worker, true).await?;
        }
        self.record(desk, Action::ConsentAsked, worker, asks);
        Ok(Ok(()))
    }
}

/// A look at what is in force.
struct Look(Requesting);

impl Work for Look {
    type Told = FieldSet;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<FieldSet, StoreError> {
        let Self(asking) = self;
        let worker = asking.worker(desk).await?;
        asking.record(desk, Action::StandingTold, worker, worker.is_some());
        in_force(desk, &asking).await
    }
}

/// Which of the fields that are asked for the recipient may see now.
async fn in_force(from: &mut impl Reads, asking: &Requesting) -> Result<FieldSet, StoreError> {
    let (who, name) = match &asking.whom {
        Whom::Handle(handle) => ("SELECT worker FROM handles WHERE handle = $1 AND recipient = $2", handle.to_string()),
        Whom::Offer(key) => ("SELECT id FROM workers WHERE offer = $1 AND $2 <> ''", key.to_string()),
    };
    let condition = format!("worker IN ({who}) AND recipient = $2 AND purpose = $3 AND open AND until > $4");
    let values = [(&name).into(), asking.recipient.as_str().into(), asking.purpose.as_str().into(), asking.now.micros().into()];
    let found = kept::consents(from, &condition, &values).await?;
    let given = found.iter().filter(|kept| kept.is_given(asking.now));
    Ok(given.fold(FieldSet::NONE, |seen, kept| seen.or(kept.consent.fields)).and(asking.fields))
}

impl Requesting {
    /// A record of the processing log: one for each request, whoever is there.
    fn record(&self, desk: &mut Desk<'_, '_>, action: Action, worker: Option<WorkerId>, done: bool) {
        desk.batch.note(Processed {
            chain: Some(self.chain),
            span: None,
            action,
            status: if done { Status::Ok } else { Status::Unset },
            activity: activity(self.purpose),
            subject: worker.map(Subject::Worker),
            processor: self.foreign.then(|| self.asker.clone()),
            began: self.now,
            ended: self.now,
        });
    }

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
        let before = requests::of_line(desk, worker, self.purpose, &self.recipient).await?;
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
            brought_from: None,
            about: self.about.clone(),
            at: self.now,
            events: vec![Event::new(What::Request, self.now)],
        };
        requests::insert(desk, worker, &request, counts).await
    }
}
