//! A worker takes one application back, and no other: its recipient is to erase the copies of it alone, and the decision stays for the others.

use polder_consent::leaf::row_bytes;
use polder_consent::withdrawal::MOST_NAMED;
use polder_consent::{DisclosureId, Epoch, Event, State, What, WorkerId};
use polder_model::Timestamp;

use super::applications::{COLUMNS, PURPOSE, Progress, STANDS, SentApplication, Under, consent_of, sent};
use super::decide::{self, NotEnded};
use super::reopening::Openness;
use super::replay::Whose;
use super::send_application::about;
use super::workers::id;
use super::{Desk, Work, tombstones};
use crate::error::StoreError;
use crate::open::Store;
use crate::row;

impl Store {
    /// Takes back one application of a worker. Where no other stands at its recipient, the decision under which it was sent ends; where others do, it stays for
    /// them, and the recipient is owed a tombstone that names the copies of this one. From then on nothing of it leaves.
    ///
    /// # Errors
    /// When the database cannot be written; it stands still.
    pub async fn stop_application(&self, worker: WorkerId, id: &str, now: Timestamp) -> Result<Result<(), NotEnded>, StoreError> {
        self.people(Stop { worker, id: id.to_owned(), now }).await
    }
}

struct Stop {
    worker: WorkerId,
    id: String,
    now: Timestamp,
}

impl Work for Stop {
    type Told = Result<(), NotEnded>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        let sql = format!("SELECT {COLUMNS} FROM applications_sent WHERE id = $1 AND worker = $2");
        let found = desk.transaction.read(sql, &[(&self.id).into(), (&self.worker.to_string()).into()]).await?;
        let Some(application) = found.first().map(sent).transpose()? else { return Ok(Err(NotEnded::Unknown)) };
        let Under::Given(kept) = consent_of(desk, &application, self.now).await? else { return Ok(Err(NotEnded::NotInForce(None))) };
        if application.progress == Progress::Withdrawn {
            return Ok(Err(NotEnded::NotInForce(Some(State::Withdrawn))));
        }
        // Rows may be missing while this node is not open to the recipient: then all of it is to be erased.
        let is_open = Openness::read(desk).await?.is_open_to(&application.recipient);
        if is_open && self.others_stand(desk, &application).await? {
            return self.stop_alone(desk, &application).await.map(Ok);
        }
        decide::end_by(desk, *kept, Event::new(What::Withdraw, self.now), self.now).await.map(|_| Ok(()))
    }
}

impl Stop {
    async fn others_stand(&self, desk: &mut Desk<'_, '_>, application: &SentApplication) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM applications_sent WHERE {STANDS} AND recipient = $4 AND id <> $5 LIMIT 1");
        let worker = self.worker.to_string();
        let recipient = application.recipient.as_str();
        let values = [(&worker).into(), PURPOSE.as_str().into(), self.now.micros().into(), recipient.into(), (&self.id).into()];
        Ok(!desk.transaction.read(sql, &values).await?.is_empty())
    }

    async fn stop_alone(&self, desk: &mut Desk<'_, '_>, application: &SentApplication) -> Result<(), StoreError> {
        let sql = "UPDATE applications_sent SET state = $2, state_at = $3 WHERE id = $1";
        desk.transaction.run(sql, &[(&self.id).into(), Progress::Withdrawn.as_str().into(), self.now.micros().into()]).await?;
        let (epoch, named) = self.copies(desk, application).await?;
        for some in named.chunks(MOST_NAMED) {
            let whose = Whose { worker: self.worker, recipient: &application.recipient, purpose: PURPOSE };
            tombstones::owe_correction(desk, whose, epoch, some, self.now).await?;
        }
        Ok(())
    }

    /// The copies of it that its recipient may have: all that left for this vacancy, as whatever did before was taken back too.
    async fn copies(&self, desk: &mut Desk<'_, '_>, application: &SentApplication) -> Result<(Epoch, Vec<DisclosureId>), StoreError> {
        let sql = "SELECT id, held FROM disclosures WHERE worker = $1 AND recipient = $2 AND purpose = $3 AND about = $4 AND NOT erased ORDER BY leaf";
        let (worker, about) = (self.worker.to_string(), String::from_utf8(row_bytes(&about(application))).unwrap_or_default());
        let values = [(&worker).into(), application.recipient.as_str().into(), PURPOSE.as_str().into(), (&about).into()];
        let (mut epoch, mut named) = (Epoch::default(), Vec::new());
        for found in desk.transaction.read(sql, &values).await? {
            epoch = epoch.max(Epoch(row::counter(&found, 1)?));
            named.push(id(&found, 0)?);
        }
        Ok((epoch, named))
    }
}
