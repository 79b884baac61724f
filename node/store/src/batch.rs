//! The puts and deletes of one transaction, decided in memory: what is there is read once, for all of them; each is then decided in its turn, on
//! what those before it left; and what came of it is written in a few statements with many rows.
//!
//! One that is refused leaves nothing behind. The rows are those that one after the other would have left.

mod sandbox;
mod trial;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use polder_consent::WorkerId;
use polder_consent::processing::Processed;
use polder_model::features::Features;
use polder_model::{Kind, OfferKey, Timestamp};

use crate::engine::{Transaction, either};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::journal::{Ended, Erased, Past, SharedJournal, Stopped};
use crate::row::{self, Cells};
use crate::rows::{self, Found, Latest};
use crate::types::{ActsFor, Change, Deleted, ETag, Outcome, Precondition, Stored};
use crate::write::Hashed;
pub use sandbox::{MOST_IN_SANDBOX, SANDBOX_SECONDS};
pub use trial::Trial;

/// The row of an offer that is or was there.
struct Present {
    version: u64,
    change: u64,
    deleted: bool,
    modified_at: Timestamp,
    sha256: String,
    organisation: Arc<str>,
}

impl Present {
    fn etag(&self) -> Option<ETag> {
        (!self.deleted).then(|| ETag::new(self.version, &self.sha256))
    }
}

/// What an offer comes to by the end of the transaction.
struct Last {
    sha256: String,
    organisation: Arc<str>,
    /// Its place among the changes.
    place: usize,
}

/// The exact bytes, and what ranking sees of them where the caller knows it.
type Document = (Arc<[u8]>, Option<Arc<Features>>);

/// The puts and deletes of one transaction, and what they and decisions of workers make of views.
pub(crate) struct Batch {
    /// The numbers of the latest changes before these, of offers and of views.
    counter: u64,
    views: u64,
    /// How many offers there are, as decided so far, and how many may be.
    offers: u64,
    most: u64,
    /// How many more vacancies and trainings there are than before; fewer, where that is negative.
    more: [i64; 2],
    present: HashMap<(Kind, OfferKey), Present>,
    changes: Vec<Change>,
    last: HashMap<(Kind, OfferKey), Last>,
    view_changes: Vec<Change>,
    /// Workers whose views are to be made anew.
    unsettled: BTreeMap<WorkerId, Timestamp>,
    /// Changes of skill offers that views do not follow yet, from that place on.
    followed: usize,
    /// Records of the processing log.
    processed: Vec<Processed>,
    /// What systems are told of beside changes of offers.
    events: Vec<NewEvent>,
    /// How many commits the database has made before this one.
    commits: u64,
    journal: Option<SharedJournal>,
    /// What ends with this transaction.
    past: Vec<Past>,
}

impl Batch {
    /// Reads what there is of these offers. `most` offers may be.
    pub(crate) async fn begin(
        transaction: &mut Transaction<'_>,
        about: &[(Kind, OfferKey)],
        most: u64,
        journal: Option<SharedJournal>,
    ) -> Result<Self, StoreError> {
        let sql = "UPDATE counter SET commits = commits + 1 WHERE id = 1 RETURNING change, offers, views, commits";
        let (counter, offers, views, commits) = either!(transaction, Transaction, |transaction| {
            let row = sqlx::query(sql).fetch_one(&mut **transaction).await?;
            (row::counter(&row, 0)?, row::counter(&row, 1)?, row::counter(&row, 2)?, row::counter(&row, 3)?)
        });
        let mut batch = Self::new(counter, views, offers, most);
        (batch.commits, batch.journal) = (commits.saturating_sub(1), journal);
        for kind in Kind::ALL {
            let keys: Vec<&OfferKey> = about.iter().filter(|(other, _)| *other == kind).map(|(_, key)| key).collect();
            if keys.is_empty() {
                continue;
            }
            for found in rows::read(transaction, kind, &keys).await? {
                either!(&found, Found, |rows| for row in rows {
                    let (key, present) = present_of(row)?;
                    batch.present.insert((kind, key), present);
                });
            }
        }
        Ok(batch)
    }

    /// Nothing decided yet, after so many changes of offers and of views, with so many offers.
    fn new(counter: u64, views: u64, offers: u64, most: u64) -> Self {
        Self {
            counter,
            views,
            offers,
            most,
            more: [0, 0],
            present: HashMap::new(),
            changes: Vec::new(),
            last: HashMap::new(),
            view_changes: Vec::new(),
            unsettled: BTreeMap::new(),
            followed: 0,
            processed: Vec::new(),
            events: Vec::new(),
            commits: 0,
            journal: None,
            past: Vec::new(),
        }
    }

    /// Reads what there is of one more offer, unless that is known.
    pub(crate) async fn know(&mut self, transaction: &mut Transaction<'_>, kind: Kind, key: &OfferKey) -> Result<(), StoreError> {
        if self.present.contains_key(&(kind, key.clone())) {
            return Ok(());
        }
        for found in rows::read(transaction, kind, &[key]).await? {
            either!(&found, Found, |rows| for row in rows {
                let (key, present) = present_of(row)?;
                self.present.insert((kind, key), present);
            });
        }
        Ok(())
    }

    /// Decides a put.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`], [`StoreError::AnotherOrganisation`] and [`StoreError::TooMany`] alone; nothing is done then.
    pub(crate) fn put(&mut self, Hashed { put, sha256 }: Hashed) -> Result<Stored, StoreError> {
        let name = (put.kind, put.key);
        let before = self.present.get(&name);
        let there = before.and_then(Present::etag);
        if let Some(before) = before.filter(|before| !before.deleted && !put.acts_for.includes(&before.organisation)) {
            return Err(StoreError::AnotherOrganisation(before.organisation.to_string()));
        }
        if !put.precondition.holds(there.as_ref()) {
            return Err(StoreError::PreconditionFailed);
        }
        if let (Some(before), Some(etag)) = (before, &there)
            && before.sha256 == sha256
        {
            let (version, change, modified_at) = (before.version, before.change, before.modified_at);
            return Ok(Stored { version, change, modified_at, etag: etag.clone(), outcome: Outcome::Unchanged });
        }
        let version = before.map_or(1, |before| before.version + 1);
        // One that is there may be replaced however many there are.
        if there.is_none() {
            if self.offers >= self.most {
                return Err(StoreError::TooMany { most: self.most });
            }
            self.offers += 1;
            self.count(name.0, 1);
        }
        let outcome = if there.is_some() { Outcome::Replaced } else { Outcome::Created };
        let etag = ETag::new(version, &sha256);
        let change = self.add(name, version, put.now, sha256, Some((put.document, put.features)), put.organisation);
        Ok(Stored { version, change, modified_at: put.now, etag, outcome })
    }

    /// Decides a delete.
    ///
    /// # Errors
    /// [`StoreError::PreconditionFailed`] alone; nothing is done then.
    pub(crate) fn delete(
        &mut self,
        kind: Kind,
        key: OfferKey,
        precondition: &Precondition,
        acts_for: &ActsFor,
        now: Timestamp,
    ) -> Result<Deleted, StoreError> {
        let name = (kind, key);
        let before = self.present.get(&name).filter(|before| acts_for.includes(&before.organisation));
        if !precondition.holds(before.and_then(Present::etag).as_ref()) {
            return Err(StoreError::PreconditionFailed);
        }
        match before {
            None => Ok(Deleted::Never),
            Some(before) if before.deleted => Ok(Deleted::Already),
            Some(before) => {
                let version = before.version + 1;
                self.offers = self.offers.saturating_sub(1);
                let organisation = Arc::clone(&before.organisation);
                self.count(kind, -1);
                self.add(name, version, now, String::new(), None, organisation);
                Ok(Deleted::Done)
            }
        }
    }

    /// There are so many more of a kind.
    fn count(&mut self, kind: Kind, more: i64) {
        match kind {
            Kind::Vacancy => self.more[0] += more,
            Kind::Training => self.more[1] += more,
            // What is left of all.
            Kind::SkillOffer => {}
        }
    }

    /// The next change, of an offer; without a document, a tombstone. Its number.
    fn add(
        &mut self,
        name: (Kind, OfferKey),
        version: u64,
        at: Timestamp,
        sha256: String,
        document: Option<Document>,
        organisation: Arc<str>,
    ) -> u64 {
        let change = self.counter + self.changes.len() as u64 + 1;
        let present = Present {
            version,
            change,
            deleted: document.is_none(),
            modified_at: at,
            sha256: sha256.clone(),
            organisation: Arc::clone(&organisation),
        };
        let last = Last { sha256, organisation, place: self.changes.len() };
        let (document, features) = document.map_or((None, None), |(document, features)| (Some(document), features));
        self.changes.push(Change {
            change,
            kind: name.0,
            key: name.1.clone(),
            version,
            modified_at: at,
            document,
            features,
            audience: None,
        });
        self.present.insert(name.clone(), present);
        self.last.insert(name, last);
        change
    }

    /// The views of this worker are to be made anew, as of that instant.
    pub(crate) fn unsettle(&mut self, worker: WorkerId, now: Timestamp) {
        let last = self.unsettled.entry(worker).or_insert(now);
        *last = now.max(*last);
    }

    /// Something was done with a person's data: a record of it is written with the transaction.
    pub(crate) fn note(&mut self, processed: Processed) {
        self.processed.push(processed);
    }

    /// Something happened of which systems of this partner are told. Whoever calls does it with this transaction.
    pub(crate) fn note_event(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// The records that are to be written.
    pub(crate) fn take_processed(&mut self) -> Vec<Processed> {
        std::mem::take(&mut self.processed)
    }

    /// Workers whose views are to be made anew, each once; they count as settled then.
    pub(crate) fn take_unsettled(&mut self) -> BTreeMap<WorkerId, Timestamp> {
        std::mem::take(&mut self.unsettled)
    }

    /// The skill offers that changed since this was asked last.
    pub(crate) fn take_skill_offers(&mut self) -> Vec<(OfferKey, Timestamp)> {
        let from = std::mem::replace(&mut self.followed, self.changes.len());
        let personal = self.changes[from..].iter().filter(|change| change.kind.is_personal());
        personal.map(|change| (change.key.clone(), change.modified_at)).collect()
    }

    /// How many commits the database has made before this one.
    pub(crate) fn commits(&self) -> u64 {
        self.commits
    }

    /// The journal of what ends.
    pub(crate) fn journal(&self) -> Option<&SharedJournal> {
        self.journal.as_ref()
    }

    /// That something may end: the journal can be written. To be asked before anything is.
    ///
    /// # Errors
    /// [`StoreError::Journal`].
    pub(crate) async fn may_end(&self) -> Result<(), StoreError> {
        match &self.journal {
            Some(journal) => journal.is_writable().await,
            None => Ok(()),
        }
    }

    /// Something ends with this transaction: it is in the journal before it is committed.
    pub(crate) fn note_end(&mut self, ended: Ended) {
        self.past.push(Past::Ended(ended));
    }

    /// An application is stopped alone with this transaction: it is in the journal before it is committed.
    pub(crate) fn note_stopped(&mut self, stopped: Stopped) {
        self.past.push(Past::Stopped(stopped));
    }

    /// A worker is erased with this transaction: it is in the journal before it is committed.
    pub(crate) fn note_erased(&mut self, erased: Erased) {
        self.past.push(Past::Erased(erased));
    }

    /// What was taken is noted again.
    pub(crate) fn note_again(&mut self, past: Vec<Past>) {
        self.past = past;
    }

    /// What ends with this transaction, and who is erased.
    pub(crate) fn take_past(&mut self) -> Vec<Past> {
        std::mem::take(&mut self.past)
    }

    /// A skill offer as this transaction leaves it: `None` where the transaction does not touch it, and `Some(None)` where it deletes it.
    pub(crate) fn skill_offer(&self, key: &OfferKey) -> Option<Option<Arc<[u8]>>> {
        let last = self.last.get(&(Kind::SkillOffer, key.clone()))?;
        Some(self.changes[last.place].document.clone())
    }

    /// The next change, of a view. Whoever calls writes the view's row.
    pub(crate) fn add_view(&mut self, change: impl FnOnce(u64) -> Change) -> &Change {
        self.views += 1;
        self.view_changes.push(change(self.views));
        // It was pushed just now.
        &self.view_changes[self.view_changes.len() - 1]
    }

    /// Writes what came of them. The changes, in order: those of offers, and then those of views. Events are numbered after the changes of offers.
    pub(crate) async fn write(mut self, transaction: &mut Transaction<'_>) -> Result<Vec<Change>, StoreError> {
        if !self.view_changes.is_empty() {
            transaction.run("UPDATE counter SET views = $1 WHERE id = 1", &[rows::number(self.views)?.into()]).await?;
        }
        let of_offers = self.counter + self.changes.len() as u64;
        if !self.events.is_empty() {
            events::write(transaction, of_offers, &self.events).await?;
            let latest = rows::number(of_offers + self.events.len() as u64)?;
            transaction.run("UPDATE counter SET change = $1 WHERE id = 1", &[latest.into()]).await?;
        }
        if self.changes.is_empty() {
            return Ok(self.view_changes);
        }
        let latest = rows::number(of_offers + self.events.len() as u64)?;
        let mut last: Vec<Last> = self.last.into_values().collect();
        last.sort_unstable_by_key(|last| last.place);
        let offers: Vec<Latest<'_>> = last.iter().map(|last| (&self.changes[last.place], &*last.sha256, &*last.organisation)).collect();
        rows::write_offers(transaction, &offers).await?;
        rows::write_changes(transaction, &self.changes).await?;
        let sql = "UPDATE counter SET change = $1, offers = $2, vacancies = vacancies + $3, trainings = trainings + $4 WHERE id = 1";
        let [vacancies, trainings] = self.more;
        transaction.run(sql, &[latest.into(), rows::number(self.offers)?.into(), vacancies.into(), trainings.into()]).await?;
        self.changes.append(&mut self.view_changes);
        Ok(self.changes)
    }
}

fn present_of(row: &impl Cells) -> Result<(OfferKey, Present), StoreError> {
    let present = Present {
        version: row::counter(row, 1)?,
        change: row::counter(row, 2)?,
        deleted: row.boolean(3)?,
        modified_at: Timestamp::from_micros(row.integer(4)?),
        sha256: row.text(5)?.to_owned(),
        organisation: row.text(6)?.into(),
    };
    Ok((row::key(row, 0)?, present))
}
