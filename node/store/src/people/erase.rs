//! Erasing a worker (GDPR art. 17): everything ends, and everything that says something about them is deleted, in one transaction. What stays are leaves
//! of the log, which say nothing without their salts, and what is owed to recipients until they have erased too.

use polder_consent::{Epoch, State, TombstoneId, What, WorkerId};
use polder_model::{Kind, PartnerId, Purpose, Timestamp};

use super::decide::{self, Ended};
use super::overview::DAY;
use super::workers::id;
use super::{Desk, Work, accounts, events, farewells, kept};
use crate::error::StoreError;
use crate::journal;
use crate::open::Store;
use crate::random;
use crate::row::{self, Cells};
use crate::types::{ActsFor, Precondition};

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Consents that were in force, and ended.
    pub ended: Vec<Ended>,
    /// How many consents there were in all.
    pub consents: u64,
    /// How many rows of the ledger.
    pub disclosures: u64,
    /// How many questions that were asked for the worker.
    pub questions: u64,
    /// How many requests of partners.
    pub requests: u64,
    /// By how many handles recipients knew the worker.
    pub handles: u64,
    /// Who is told to erase, and has not said yet that it did.
    pub told: Vec<(PartnerId, Purpose, Epoch)>,
    /// Whether anything left in the time that was asked about.
    pub left_lately: bool,
}

impl Store {
    /// Erases a worker; `None` where there is no such worker. `since`: from when on it is asked whether anything left.
    ///
    /// # Errors
    /// When the database cannot be written; all is as it was then.
    pub async fn erase_worker(&self, worker: WorkerId, since: Timestamp, now: Timestamp) -> Result<Option<Erased>, StoreError> {
        self.erase_and_follow(worker, since, now, None).await
    }

    /// The same, for somebody who has a link by which they see who still has to erase: [`Store::farewell`].
    ///
    /// # Errors
    /// As [`Store::erase_worker`].
    pub async fn erase_and_follow(
        &self,
        worker: WorkerId,
        since: Timestamp,
        now: Timestamp,
        link: Option<String>,
    ) -> Result<Option<Erased>, StoreError> {
        let erased = self.people(Erase { worker, since, now, link }).await?;
        self.remains.left();
        Ok(erased)
    }
}

struct Erase {
    worker: WorkerId,
    since: Timestamp,
    now: Timestamp,
    /// By which they see who still has to erase.
    link: Option<String>,
}

impl Work for Erase {
    type Told = Option<Erased>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Option<Erased>, StoreError> {
        desk.batch.may_end().await?;
        let Some(erased) = self.erase(desk).await? else { return Ok(None) };
        desk.batch.note_erased(journal::Erased { number: 0, worker: self.worker, at: self.now });
        Ok(Some(erased))
    }
}

/// Erases a worker of whom the journal says that they were erased: the database was restored from a backup that knows them, or knows them by an end that was
/// replayed.
pub(super) async fn erase_again(desk: &mut Desk<'_, '_>, worker: WorkerId, at: Timestamp) -> Result<(), StoreError> {
    let noted = desk.batch.take_past();
    let erased = Erase { worker, since: at, now: at, link: None }.erase(desk).await?;
    // The journal has the erasure; an end behind it would be replayed behind it, and bring names back.
    drop(desk.batch.take_past());
    desk.batch.note_again(noted);
    if erased.is_none() {
        delete_names(desk, &worker.to_string()).await?;
    }
    Ok(())
}

impl Erase {
    async fn erase(&self, desk: &mut Desk<'_, '_>) -> Result<Option<Erased>, StoreError> {
        let name = self.worker.to_string();
        let found = desk.transaction.read("SELECT offer FROM workers WHERE id = $1", &[(&name).into()]).await?;
        let Some(offer) = found.first().map(|found| row::key(found, 0)).transpose()? else { return Ok(None) };
        let ended = decide::end_all(desk, self.worker, What::Withdraw, self.now).await?;
        desk.batch.know(desk.transaction, Kind::SkillOffer, &offer).await?;
        desk.batch.delete(Kind::SkillOffer, offer.clone(), &Precondition::None, &ActsFor::Everyone, self.now)?;
        // The views go before the worker's name does: whoever follows them has to hear it.
        super::settle(desk.transaction, desk.batch).await?;
        let told = told(desk, &name).await?;
        if let Some(link) = &self.link {
            let owed: Vec<(TombstoneId, PartnerId)> = told.iter().map(|(id, recipient, ..)| (*id, recipient.clone())).collect();
            farewells::write(desk, link, &owed, self.now).await?;
        }
        let sql = "SELECT 1 FROM disclosures WHERE worker = $1 AND at >= $2 LIMIT 1";
        let left_lately = !desk.transaction.read(sql, &[(&name).into(), self.since.micros().into()]).await?.is_empty();
        self.delete_rows_of_ends(desk).await?;
        // Before the rows themselves go.
        let sql = "INSERT INTO erased_from_ledger (recipient, first_day, last_day)
            SELECT recipient, min(at) / $2, max(at) / $2 FROM disclosures WHERE worker = $1 GROUP BY recipient";
        desk.transaction.run(sql, &[(&name).into(), DAY.into()]).await?;
        let consents = delete_consents(desk, &name).await?;
        let erased = Erased {
            ended,
            consents,
            disclosures: delete(desk, "DELETE FROM disclosures WHERE worker = $1", &name).await?,
            questions: delete(desk, "DELETE FROM asked WHERE worker = $1", &name).await?,
            requests: delete(desk, "DELETE FROM requests WHERE worker = $1", &name).await?,
            handles: delete(desk, "DELETE FROM handles WHERE worker = $1", &name).await?,
            told: told.into_iter().map(|(_, recipient, purpose, epoch)| (recipient, purpose, epoch)).collect(),
            left_lately,
        };
        desk.transaction.run("DELETE FROM requests_made WHERE key = $1", &[offer.as_str().into()]).await?;
        accounts::forget(desk, &offer).await?;
        delete(desk, "DELETE FROM applications_sent WHERE worker = $1", &name).await?;
        delete(desk, "DELETE FROM histories WHERE worker = $1", &name).await?;
        delete(desk, "DELETE FROM holdings WHERE worker = $1", &name).await?;
        delete(desk, "DELETE FROM workers WHERE id = $1", &name).await?;
        delete_names(desk, &name).await?;
        Ok(Some(erased))
    }

    /// The end of a consent by its date has a row of its own in the log.
    async fn delete_rows_of_ends(&self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let name = self.worker.to_string();
        for kept in kept::consents(desk, "worker = $1", &[(&name).into()]).await? {
            if kept.state(self.now) == Some(State::Expired) {
                let row = events::hashed_end(&kept.consent);
                desk.transaction.run("DELETE FROM leaf_rows WHERE row = $1", &[row.as_slice().into()]).await?;
            }
        }
        Ok(())
    }
}

/// Deletes by what names recipients know a worker, and renames what is owed to them still.
async fn delete_names(desk: &mut Desk<'_, '_>, worker: &String) -> Result<(), StoreError> {
    delete(desk, "DELETE FROM handles WHERE worker = $1", worker).await?;
    delete(desk, "DELETE FROM lines WHERE worker = $1", worker).await?;
    rename_what_stays(desk, worker).await
}

async fn delete(desk: &mut Desk<'_, '_>, sql: &str, worker: &String) -> Result<u64, StoreError> {
    desk.transaction.run(sql, &[worker.into()]).await
}

async fn told(desk: &mut Desk<'_, '_>, worker: &String) -> Result<Vec<(TombstoneId, PartnerId, Purpose, Epoch)>, StoreError> {
    let sql = "SELECT id, recipient, purpose, epoch FROM tombstones WHERE worker = $1 AND NOT done ORDER BY at, recipient, number";
    let rows = desk.transaction.read(sql, &[worker.into()]).await?;
    rows.iter().map(|row| Ok((id(row, 0)?, id(row, 1)?, id(row, 2)?, Epoch(row::counter(row, 3)?)))).collect()
}

/// Deletes consents, their events with the salts, and the texts that nobody else read. How many consents.
async fn delete_consents(desk: &mut Desk<'_, '_>, worker: &String) -> Result<u64, StoreError> {
    let texts = desk.transaction.read("SELECT DISTINCT notice FROM consents WHERE worker = $1", &[worker.into()]).await?;
    delete(desk, "DELETE FROM consent_events WHERE consent IN (SELECT id FROM consents WHERE worker = $1)", worker).await?;
    let consents = delete(desk, "DELETE FROM consents WHERE worker = $1", worker).await?;
    for text in texts {
        let sql = "DELETE FROM notices WHERE sha256 = $1 AND NOT EXISTS (SELECT 1 FROM consents WHERE notice = $1)";
        desk.transaction.run(sql, &[text.text(0)?.into()]).await?;
    }
    Ok(consents)
}

/// What stays has no name in common any more: views without a document, which say that they are gone, and tombstones that are owed still.
async fn rename_what_stays(desk: &mut Desk<'_, '_>, worker: &String) -> Result<(), StoreError> {
    delete(desk, "DELETE FROM tombstones WHERE worker = $1 AND done", worker).await?;
    for row in desk.transaction.read("SELECT id FROM tombstones WHERE worker = $1", &[worker.into()]).await? {
        let name = WorkerId::from_random(random::bytes()?).to_string();
        desk.transaction.run("UPDATE tombstones SET worker = $1 WHERE id = $2", &[(&name).into(), row.text(0)?.into()]).await?;
    }
    for row in desk.transaction.read("SELECT id FROM views WHERE worker = $1", &[worker.into()]).await? {
        let name = WorkerId::from_random(random::bytes()?).to_string();
        desk.transaction.run("UPDATE views SET worker = $1 WHERE id = $2", &[(&name).into(), row.text(0)?.into()]).await?;
    }
    Ok(())
}
