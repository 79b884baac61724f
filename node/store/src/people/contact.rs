//! Contact details of one worker, for a recipient that found them before: a second step, with a consent of its own.

use polder_consent::processing::{Action, Chain, Processed, Subject};
use polder_consent::view::{Grant, present, shown, visible};
use polder_consent::{Budget, Disclosure, DisclosureId, FieldSet, Handle, NARROW, ViewId, WorkerId};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};

use super::disclose::{Disclosed, Ledger, Person, Refused};
use super::kept::{self, Kept};
use super::reopening::Openness;
use super::workers;
use super::{Desk, Work};
use crate::error::StoreError;
use crate::open::Store;
use crate::random;

/// Whom a partner wants to reach.
#[derive(Clone, Debug)]
pub struct Contacting {
    /// Who asks.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// The worker, as the recipient knows them.
    pub handle: Handle,
    /// For which offer of the recipient.
    pub about: About,
    /// The entry of the record of processing activities.
    pub activity: String,
    /// What the recipient may learn in a day.
    pub budget: Budget,
    /// Where it stands in a chain of processing.
    pub chain: Chain,
    /// Whether the recipient is another partner than this node's.
    pub foreign: bool,
    /// The present instant.
    pub now: Timestamp,
}

impl Store {
    /// Discloses what a worker lets one partner see for a purpose that is carried out for one worker at a time. `None` where there is nothing: nobody of
    /// that handle, no consent, or nothing that it shows.
    ///
    /// # Errors
    /// When the database cannot be written; nothing may leave then.
    pub async fn disclose_one(&self, contacting: Contacting) -> Result<Result<Option<Disclosed>, Refused>, StoreError> {
        self.people(contacting).await
    }
}

impl Work for Contacting {
    type Told = Result<Option<Disclosed>, Refused>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        let ledger = Ledger { recipient: &self.recipient, purpose: self.purpose, activity: &self.activity, now: self.now };
        if !Openness::read(desk).await?.is_open_to(&self.recipient) {
            return Ok(Err(Refused::NotOpen));
        }
        let Some((worker, kept)) = self.worker(desk).await? else { return Ok(Ok(None)) };
        let Some((fields, document)) = self.document(desk, worker, &kept).await? else { return Ok(Ok(None)) };
        // It singles somebody out who was found before: it counts as one person, and not as a narrow question.
        let Some(spending) = ledger.spend(desk, self.budget, &[worker], NARROW).await? else { return Ok(Err(Refused::BudgetSpent)) };
        ledger.learn(desk, &spending, &[worker]).await?;
        let row = Disclosure {
            id: DisclosureId::from_random(random::bytes()?),
            worker,
            recipient: self.recipient.clone(),
            purpose: self.purpose,
            consent: kept.consent.id,
            epoch: kept.consent.epoch,
            fields,
            about: self.about.clone(),
            at: self.now,
            use_until: kept.consent.use_until(self.now),
            fsc_transaction: self.chain.transaction,
        };
        let person = Person {
            // It is of no view: nobody finds a worker by it.
            view: ViewId::from_random([0; 16]),
            worker,
            handle: self.handle,
            version: kept.consent.epoch.0,
            modified_at: kept.consent.from,
            document,
            disclosure: row.id,
            epoch: row.epoch,
            fields,
            use_until: row.use_until,
        };
        ledger.write(desk, &[row]).await?;
        let record = Processed::at(self.now, Action::ContactDisclosed, self.activity, Subject::Worker(worker));
        desk.batch.note(Processed { chain: Some(self.chain), processor: self.foreign.then_some(self.recipient), ..record });
        Ok(Ok(Some(Disclosed::of_one(person))))
    }
}

impl Contacting {
    /// The worker of the handle, and the consent by which this partner may see something for this purpose.
    async fn worker(&self, desk: &mut Desk<'_, '_>) -> Result<Option<(WorkerId, Kept)>, StoreError> {
        let Some(worker) = workers::of_handle(desk, self.handle, &self.recipient).await? else { return Ok(None) };
        let latest = kept::latest(desk, worker, self.purpose, &self.recipient).await?;
        Ok(latest.filter(|kept| kept.is_given(self.now)).map(|kept| (worker, kept)))
    }

    /// What the consent shows of the profile as it is now.
    async fn document(&self, desk: &mut Desk<'_, '_>, worker: WorkerId, kept: &Kept) -> Result<Option<(FieldSet, Vec<u8>)>, StoreError> {
        let Some(bytes) = workers::document_of(desk, worker).await? else { return Ok(None) };
        let damaged = |_| StoreError::Damaged("a skill offer that cannot be read");
        let grant = Grant { purpose: self.purpose, recipient: self.recipient.clone(), fields: kept.consent.fields };
        let Some(fields) = visible(&grant) else { return Ok(None) };
        let members = serde_json::from_slice(&bytes).map_err(damaged)?;
        // What is not there does not leave, and the ledger does not say so.
        let (fields, document) = (present(&members, fields), shown(&members, fields));
        Ok((document != b"{}").then_some((fields, document)))
    }
}
