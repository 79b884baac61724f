//! Whether this node is open to a partner: after a restore from a backup it is not, until that partner has said what it holds and what it ended.
//!
//! It stands among the settings, and is read in the transactions that depend on it.

use std::path::Path;

use polder_consent::{Found, Reopening};
use polder_model::{PartnerId, Timestamp};

use super::workers::id;
use super::{Desk, Work, application_readers};
use crate::engine::{Readers, Transaction};
use crate::error::StoreError;
use crate::journal::{self, Says};
use crate::open::Store;
use crate::reader::Reader;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Where what is still to be done stands.
const REOPENING: &str = "reopening";
/// Set by whoever finds that the database was restored, until it is known whom to ask: since when, in microseconds.
const RESTORED: &str = "restored";
/// Set where the database had a journal and found another, new one at its start, until it has its own again or somebody says that it was restored: the
/// name of the new one.
const JOURNAL_LOST: &str = "journal-lost";
const READ: &str = "SELECT name, value FROM settings WHERE name IN ('reopening', 'restored', 'journal-lost')";

/// How far this node is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Openness {
    reopening: Reopening,
    /// Since when it is known that the database was restored, where it is not known yet whom to ask.
    restored: Option<Timestamp>,
    /// The name of the journal that stands where another one was.
    instead: Option<String>,
}

impl Openness {
    /// Whether anything may be disclosed to that partner, consent be given for it, and copies of its people be used.
    #[must_use]
    pub fn is_open_to(&self, partner: &PartnerId) -> bool {
        self.restored.is_none() && self.instead.is_none() && self.reopening.is_open_to(partner)
    }

    /// Whether it is open to all.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.restored.is_none() && self.instead.is_none() && self.reopening.is_open()
    }

    /// Whether it was found that the database was restored, and nobody has said yet whom to ask.
    #[must_use]
    pub fn has_to_begin(&self) -> bool {
        self.restored.is_some()
    }

    /// Whether the database had a journal and has it no more: whether anything ended that it does not know, nobody can tell.
    #[must_use]
    pub fn has_lost_its_journal(&self) -> bool {
        self.instead.is_some()
    }

    /// What has to be done.
    #[must_use]
    pub fn reopening(&self) -> &Reopening {
        &self.reopening
    }

    fn of_rows(rows: &[Row]) -> Result<Self, StoreError> {
        let mut found = Self::default();
        for row in rows {
            match row.text(0)? {
                REOPENING => {
                    found.reopening =
                        serde_json::from_str(row.text(1)?).map_err(|_| StoreError::Damaged("how far this node is open cannot be read"))?;
                }
                JOURNAL_LOST => found.instead = Some(row.text(1)?.to_owned()),
                _ => {
                    let micros = row.text(1)?.parse().map_err(|_| StoreError::Damaged("an instant that is none"))?;
                    found.restored = Some(Timestamp::from_micros(micros));
                }
            }
        }
        Ok(found)
    }

    pub(super) async fn read(desk: &mut Desk<'_, '_>) -> Result<Self, StoreError> {
        Self::of_rows(&desk.transaction.read(READ, &[]).await?)
    }

    async fn write(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let text = serde_json::to_string(&self.reopening).unwrap_or_default();
        crate::write::set(transaction, REOPENING, &text).await?;
        let restored = self.restored.map(|since| since.micros().to_string());
        for (name, value) in [(RESTORED, &restored), (JOURNAL_LOST, &self.instead)] {
            match value {
                Some(value) => crate::write::set(transaction, name, value).await?,
                None => drop(transaction.run("DELETE FROM settings WHERE name = $1", &[name.into()]).await?),
            }
        }
        Ok(())
    }
}

impl Reader {
    /// How far this node is open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn openness(&self) -> Result<Openness, StoreError> {
        Openness::of_rows(&self.readers.read(READ, &[]).await?)
    }

    /// What a journal knows and the database does not, as the next start will find it; of a node that does not run. The schema must be the latest.
    ///
    /// # Errors
    /// When the database or the journal cannot be read.
    pub async fn behind(&self, journal: &Path) -> Result<Behind, StoreError> {
        let known = Known::of_rows(&self.readers.read(JOURNALS, &[]).await?)?;
        let is_alone = matches!(self.readers, Readers::Sqlite(_));
        let Some(says) = journal::look(journal).await? else {
            return Ok(Behind { lost_journal: is_alone && !known.0.is_empty(), ..Behind::default() });
        };
        let seen = known.seen(&says.name);
        let commits = self.readers.read("SELECT commits FROM counter WHERE id = 1", &[]).await?;
        let commits = row::counter(commits.first().ok_or(StoreError::Damaged("no counter"))?, 0)?;
        let lost_journal = is_alone && known.has_another(&says.name);
        Ok(Behind { was_restored: says.commits > commits, ends: says.latest.saturating_sub(seen.unwrap_or(0)), lost_journal })
    }
}

/// What a journal knows and the database does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Whether the database is older than the journal: it was restored from a backup.
    pub was_restored: bool,
    /// How many ends the database has not seen.
    pub ends: u64,
    /// Whether the database had another journal, and this one, or none, stands in its place.
    pub lost_journal: bool,
}

/// The journals that a database knows.
pub(super) const JOURNALS: &str = "SELECT name, seen FROM journals";

/// How much it has seen of each of them.
pub(super) struct Known(Vec<(String, u64)>);

impl Known {
    pub(super) fn of_rows(rows: &[Row]) -> Result<Self, StoreError> {
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row::counter(row, 1)?))).collect::<Result<_, StoreError>>().map(Self)
    }

    /// How much it has seen of that one; `None` where it does not know it.
    pub(super) fn seen(&self, name: &str) -> Option<u64> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, seen)| *seen)
    }

    /// Whether it knows some, and not that one.
    pub(super) fn has_another(&self, name: &str) -> bool {
        !self.0.is_empty() && self.seen(name).is_none()
    }
}

impl Store {
    /// Somebody says that the database was restored from a backup: from now on the node is open to nobody, until [`Store::reopen`] says whom to ask.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn say_restored(&self, now: Timestamp) -> Result<(), StoreError> {
        self.set_setting(RESTORED, &now.micros().to_string()).await
    }

    /// Begins to reopen, where it was found that the database was restored: all these partners are to be asked. Whether it did.
    ///
    /// # Errors
    /// When the database cannot be written; the node is open to nobody then.
    pub async fn reopen(&self, partners: Vec<PartnerId>, now: Timestamp) -> Result<bool, StoreError> {
        if !self.reader().openness().await?.has_to_begin() {
            return Ok(false);
        }
        let began = self.people(Begin { partners, now }).await?;
        self.note_commits().await?;
        Ok(began)
    }

    /// Partners that have left the register are waited for no more: those that stay are these.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn wait_only_for(&self, members: Vec<PartnerId>) -> Result<(), StoreError> {
        self.people(Members(members)).await
    }

    /// Notes in the journal how many commits the database has made: by that it is found out when it goes back.
    ///
    /// # Errors
    /// When the database cannot be read, or the journal not written.
    pub async fn note_commits(&self) -> Result<(), StoreError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let rows = self.readers.read("SELECT commits FROM counter WHERE id = 1", &[]).await?;
        let commits = row::counter(rows.first().ok_or(StoreError::Damaged("no counter"))?, 0)?;
        journal.note(commits).await
    }

    /// Has the journal forget the ends of whoever was erased, where nobody has a copy of them any more, and what is older than that. How many lines.
    ///
    /// # Errors
    /// When the database cannot be read, or the journal not written.
    pub async fn forget_ends(&self, before: Timestamp) -> Result<usize, StoreError> {
        let Some(journal) = &self.journal else { return Ok(0) };
        let seen = journal.known();
        let rows = self.readers.read("SELECT DISTINCT handle FROM tombstones WHERE NOT done", &[]).await?;
        let owed = rows.iter().map(|row| id(row, 0)).collect::<Result<_, _>>()?;
        journal.forget(seen, owed, before).await
    }
}

/// What the journal says beside what the database knows, when a node starts.
pub(super) struct Look {
    pub says: Says,
    pub known: Known,
    /// Whether replicas share the database: each has a journal, and a new one is that of a new replica.
    pub is_shared: bool,
    pub now: Timestamp,
}

impl Look {
    /// Whether the journal of the database is not there, and another one is.
    fn is_instead(&self, before: Option<&str>) -> bool {
        // What ended since has made the new one known.
        before == Some(self.says.name.as_str()) || (!self.is_shared && self.known.has_another(&self.says.name))
    }
}

impl Work for Look {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let mut open = Openness::read(desk).await?;
        let change = desk.batch.commits();
        let seen = self.known.seen(&self.says.name).unwrap_or(0);
        let found = Found { told: false, journal: self.says.latest, seen, journal_change: self.says.commits, change };
        open.reopening.start(found, [], self.now);
        if found.journal_change > change {
            tracing::error!(
                noted = found.journal_change,
                found = change,
                "the database is older than the journal beside it: it was restored from a backup. Nothing about people leaves until the partners have said what they hold"
            );
            open.restored = Some(self.now);
        } else if open.reopening.has_to_replay() {
            tracing::warn!(
                ends = self.says.latest.saturating_sub(seen),
                "the journal knows of ends that the database does not: they are replayed"
            );
        }
        // Who is restored asks the partners, whatever became of the journal.
        let is_instead = open.restored.is_none() && self.is_instead(open.instead.as_deref());
        open.instead = is_instead.then(|| self.says.name.clone());
        if is_instead {
            tracing::error!(
                "the database had a journal of what ended, and finds a new one in its place: whether somebody withdrew whom it does not know cannot be told. \
                 Nothing about people leaves, and no consent can be given. Stop the node; put consent.journal and consent.leaves back in their place \
                 (`journal` says where that is), or where they are lost run `polder restored`; then start it"
            );
        } else {
            if self.is_shared && self.known.has_another(&self.says.name) {
                tracing::warn!(
                    journals = self.known.0.len(),
                    "this replica has a journal that is new to the database: right for a new replica. If its journal was lost, stop all and run `polder restored`"
                );
            }
            let sql = "INSERT INTO journals (name, seen) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING";
            desk.transaction.run(sql, &[(&self.says.name).into()]).await?;
        }
        open.write(desk.transaction).await
    }
}

/// The journal was replayed.
pub(super) struct Replayed;

impl Work for Replayed {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let mut open = Openness::read(desk).await?;
        open.reopening.replayed();
        open.write(desk.transaction).await
    }
}

struct Begin {
    partners: Vec<PartnerId>,
    now: Timestamp,
}

impl Work for Begin {
    type Told = bool;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<bool, StoreError> {
        let mut open = Openness::read(desk).await?;
        if open.restored.take().is_none() {
            return Ok(false);
        }
        open.instead = None;
        let told = Found { told: true, journal: 0, seen: 0, journal_change: 0, change: 0 };
        open.reopening.start(told, self.partners, self.now);
        // The journal was replayed when this process started.
        open.reopening.replayed();
        open.write(desk.transaction).await?;
        // Who read applications since the backup nobody knows.
        application_readers::forget(desk).await?;
        Ok(true)
    }
}

struct Members(Vec<PartnerId>);

impl Work for Members {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        let mut open = Openness::read(desk).await?;
        open.reopening.members(|partner| self.0.contains(partner));
        open.write(desk.transaction).await
    }
}

/// A partner has said everything: what it holds, and what it ended.
pub(super) async fn answered(desk: &mut Desk<'_, '_>, partner: &PartnerId) -> Result<(), StoreError> {
    let mut open = Openness::read(desk).await?;
    open.reopening.answered(partner);
    open.write(desk.transaction).await
}
