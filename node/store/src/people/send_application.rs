//! An application on its way out: the worker's decision is checked anew each time, and the row of the ledger written, or found where it was sent before.

use polder_consent::processing::{Action, Chain, Processed, Subject, activity};
use polder_consent::view::{present, shown};
use polder_consent::{Disclosure, DisclosureId, Epoch, Field, FieldSet, ViewId};
use polder_model::about::About;
use polder_model::{Kind, Timestamp};
use serde_json::{Map, Value};

use super::application_told::set;
use super::applications::{COLUMNS, PURPOSE, Progress, Sending, SentApplication, Under, consent_of, sent};
use super::disclose::{Disclosed, Ledger, Person};
use super::kept::Kept;
use super::reopening::Openness;
use super::workers::{self, id, instant};
use super::{Desk, Work};
use crate::error::StoreError;
use crate::random;
use crate::row;

/// An application leaves.
pub(super) struct Send {
    pub id: String,
    pub foreign: bool,
    pub chain: Chain,
    pub now: Timestamp,
}

impl Work for Send {
    type Told = Sending;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Sending, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM applications_sent WHERE id = $1 AND state = 'waiting'");
        let found = desk.transaction.read(sql, &[(&self.id).into()]).await?;
        let Some(application) = found.first().map(sent).transpose()? else { return Ok(Sending::Nothing) };
        if !Openness::read(desk).await?.is_open_to(&application.recipient) {
            return Ok(Sending::NotOpen);
        }
        let Under::Given(kept) = consent_of(desk, &application, self.now).await? else {
            set(desk, &self.id, Progress::Withdrawn, self.now).await?;
            return Ok(Sending::Nothing);
        };
        let Some((fields, document)) = self.document(desk, &application, &kept).await? else { return Ok(Sending::Nothing) };
        let handle = workers::handle(desk, application.worker(), &application.recipient).await?;
        let row = match self.row_before(desk, &application, fields).await? {
            Some(row) => row,
            None => self.write(desk, &application, &kept, fields).await?,
        };
        let person = Person {
            // It is of no view: nobody finds a worker by it.
            view: ViewId::from_random([0; 16]),
            worker: application.worker(),
            handle,
            version: row.epoch.0,
            modified_at: application.at,
            document,
            disclosure: row.id,
            epoch: row.epoch,
            fields,
            use_until: row.use_until,
        };
        Ok(Sending::Ready(Disclosed::of_one(person)))
    }
}

impl Send {
    /// What the application shows of the profile as it is now, with the worker's words.
    async fn document(
        &self,
        desk: &mut Desk<'_, '_>,
        application: &SentApplication,
        kept: &Kept,
    ) -> Result<Option<(FieldSet, Vec<u8>)>, StoreError> {
        let Some(bytes) = workers::document_of(desk, application.worker()).await? else { return Ok(None) };
        let damaged = |_| StoreError::Damaged("a skill offer that cannot be read");
        let mut members: Map<String, Value> = serde_json::from_slice(&bytes).map_err(damaged)?;
        if !application.motivation.is_empty() {
            members.insert(Field::Motivation.pointer().trim_start_matches('/').to_owned(), Value::String(application.motivation.clone()));
        }
        let fields = present(&members, application.fields.and(kept.consent.fields));
        let document = shown(&members, fields);
        Ok((document != b"{}").then_some((fields, document)))
    }

    /// The row under which it was sent before, where that holds still: of the same fields, not erased, not corrected, and with time left.
    async fn row_before(
        &self,
        desk: &mut Desk<'_, '_>,
        application: &SentApplication,
        fields: FieldSet,
    ) -> Result<Option<Disclosure>, StoreError> {
        let Some(before) = application.disclosure else { return Ok(None) };
        let sql = "SELECT consent, epoch, about, at, use_until FROM disclosures
            WHERE id = $1 AND fields = $2 AND NOT erased AND use_until > $3";
        let name = before.to_string();
        let values = [(&name).into(), i64::from(fields.bits()).into(), self.now.micros().into()];
        let found = desk.transaction.read(sql, &values).await?;
        let Some(row) = found.first() else { return Ok(None) };
        Ok(Some(Disclosure {
            id: before,
            worker: application.worker(),
            recipient: application.recipient.clone(),
            purpose: PURPOSE,
            consent: id(row, 0)?,
            epoch: Epoch(row::counter(row, 1)?),
            fields,
            about: about(application),
            at: instant(row, 3)?,
            use_until: instant(row, 4)?,
            fsc_transaction: None,
        }))
    }

    async fn write(
        &self,
        desk: &mut Desk<'_, '_>,
        application: &SentApplication,
        kept: &Kept,
        fields: FieldSet,
    ) -> Result<Disclosure, StoreError> {
        let activity = activity(PURPOSE);
        let row = Disclosure {
            id: DisclosureId::from_random(random::bytes()?),
            worker: application.worker(),
            recipient: application.recipient.clone(),
            purpose: PURPOSE,
            consent: kept.consent.id,
            epoch: kept.consent.epoch,
            fields,
            about: about(application),
            at: self.now,
            use_until: kept.consent.use_until(self.now),
            fsc_transaction: None,
        };
        // The worker sends it, to one whom they chose: it counts for no budget.
        let ledger = Ledger { recipient: &application.recipient, purpose: PURPOSE, activity: &activity, now: self.now };
        ledger.write(desk, std::slice::from_ref(&row)).await?;
        let sql = "UPDATE applications_sent SET disclosure = $2 WHERE id = $1";
        desk.transaction.run(sql, &[(&self.id).into(), (&row.id.to_string()).into()]).await?;
        let record = Processed::at(self.now, Action::ApplicationSent, activity, Subject::Worker(row.worker));
        let processor = self.foreign.then(|| row.recipient.clone());
        desk.batch.note(Processed { chain: Some(self.chain), processor, ..record });
        Ok(row)
    }
}

pub(super) fn about(application: &SentApplication) -> About {
    About { kind: Kind::Vacancy, key: application.vacancy.clone() }
}
