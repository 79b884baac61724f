//! A worker takes one application back, and no other: its recipient is to erase the copies of it alone, and the decision stays for the others.

use polder_consent::leaf::row_bytes;
use polder_consent::processing::Action;
use polder_consent::withdrawal::MOST_NAMED;
use polder_consent::{DisclosureId, Epoch, Event, State, What, WorkerId};
use polder_model::Timestamp;

use super::applications::{COLUMNS, PURPOSE, Progress, STANDS, SentApplication, Under, consent_of, sent};
use super::decide::{self, NotEnded};
use super::reopening::Openness;
use super::replay::Whose;
use super::send_application::about;
use super::workers::id;
use super::{Desk, Work, events, replay, tombstones, workers};
use crate::error::StoreError;
use crate::journal::Stopped;
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
        events::processed(desk, &kept.consent, Action::ApplicationStopped, self.now);
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
        let (epoch, copies) = self.copies(desk, application).await?;
        let stopped = Stopped {
            number: 0,
            worker: self.worker,
            recipient: application.recipient.clone(),
            handle: workers::known_handle(desk, self.worker, &application.recipient).await?,
            application: self.id.clone(),
            epoch,
            copies,
            at: self.now,
        };
        stop(desk, &stopped).await?;
        desk.batch.note_stopped(stopped);
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

/// Notes that it was stopped, and owes its recipient a tombstone that names the copies.
async fn stop(desk: &mut Desk<'_, '_>, stopped: &Stopped) -> Result<(), StoreError> {
    let sql = "UPDATE applications_sent SET state = $3, state_at = $4 WHERE id = $1 AND worker = $2";
    let (worker, state) = (stopped.worker.to_string(), Progress::Withdrawn.as_str());
    desk.transaction.run(sql, &[(&stopped.application).into(), (&worker).into(), state.into(), stopped.at.micros().into()]).await?;
    for some in stopped.copies.chunks(MOST_NAMED) {
        let whose = Whose { worker: stopped.worker, recipient: &stopped.recipient, purpose: PURPOSE };
        tombstones::owe_correction(desk, whose, stopped.epoch, some, stopped.at).await?;
    }
    Ok(())
}

/// The journal says that it was stopped: a database that went back does not know, and its recipient is owed a tombstone anew.
pub(super) async fn stop_again(desk: &mut Desk<'_, '_>, stopped: &Stopped) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM applications_sent WHERE id = $1 AND worker = $2 AND state <> $3";
    let (worker, state) = (stopped.worker.to_string(), Progress::Withdrawn.as_str());
    let stands = desk.transaction.read(sql, &[(&stopped.application).into(), (&worker).into(), state.into()]).await?;
    if stands.is_empty() {
        return Ok(());
    }
    if let Some(handle) = stopped.handle {
        replay::restore_handle(desk, stopped.worker, &stopped.recipient, handle).await?;
    }
    stop(desk, stopped).await
}
