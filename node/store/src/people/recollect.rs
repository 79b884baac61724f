//! What two nodes tell each other when one of them was restored from a backup: what the one holds of the other's people, and what the other gave and ended.

use polder_consent::{DisclosureId, Epoch, FieldSet, Handle, Said, WorkerId};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use super::hear::Hear;
use super::learn::Learn;
use super::workers::{fields, id};
use super::{decide, kept};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;

/// Most lines of one page.
pub const LINES_OF_PAGE: u32 = 100;
/// Most copies of a line that are told one by one; of the others the epoch alone is.
pub const COPIES_OF_LINE: usize = 50;
/// Most copies of a line of which it is told that they alone are erased.
pub const ERASED_OF_LINE: usize = 200;

/// What is asked of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// What it holds of the asker's people, as their recipient.
    Holds,
    /// What it gave the asker of its people, and ended, as their source.
    Gave,
}

/// What a recipient knows a worker by, and what for: pages are in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineName {
    /// What the recipient knows the worker by.
    pub handle: Handle,
    /// What for.
    pub purpose: Purpose,
}

/// What is known of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recollected {
    /// What the recipient knows the worker by.
    pub handle: Handle,
    /// What for.
    pub purpose: Purpose,
    /// The latest epoch that has ended; 0 where none has.
    pub ended: Epoch,
    /// The epochs of which there are copies. Distinct, rising.
    pub held: Vec<Epoch>,
    /// Copies, one by one: at most [`COPIES_OF_LINE`].
    pub copies: Vec<RecollectedCopy>,
    /// Copies that were erased one by one, as a tombstone named them, and could still be used by their time: at most [`ERASED_OF_LINE`]. A source says so alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<DisclosureId>,
}

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecollectedCopy {
    /// The row of the ledger at the source.
    pub disclosure: DisclosureId,
    /// Under which epoch it is held.
    pub epoch: Epoch,
    /// What is in it.
    pub fields: FieldSet,
    /// For which offer of the recipient it was given.
    pub about: About,
    /// When.
    pub at: Timestamp,
    /// Until when it may be used.
    pub use_until: Timestamp,
}

/// How much a recipient may say that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostHeard {
    /// Of how many people who are not known here, as long as it has not said that it erased them.
    pub lost: u64,
    /// Of how many copies without a row in a day (UTC), of people who are known.
    pub rows: u64,
}

/// Why not everything was taken in that a recipient said that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHeard {
    /// Too many people who are not known here.
    #[error("it holds copies of more people who are not known here than it can have got; it is asked again when it has erased some")]
    People,
    /// Too many copies without a row.
    #[error(
        "it names more copies of which nothing is written here than are taken on its word in a day (UTC); the others are asked for tomorrow"
    )]
    Rows,
}

impl Recollected {
    /// Of whom, and what for.
    #[must_use]
    pub fn name(&self) -> LineName {
        LineName { handle: self.handle, purpose: self.purpose }
    }

    /// What of it [`Line::hear`](polder_consent::Line::hear) takes.
    #[must_use]
    pub fn said(&self) -> Said {
        Said { ended: self.ended, held: self.held.clone() }
    }
}

impl Store {
    /// What this node holds of a source's people, after that line: at most [`LINES_OF_PAGE`], and those of its clients counted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holds_of(&self, source: &PartnerId, after: Option<LineName>, now: Timestamp) -> Result<Vec<Recollected>, StoreError> {
        let lines = "SELECT handle, purpose FROM ended WHERE source = $1 UNION SELECT handle, purpose FROM copies WHERE source = $1
            UNION SELECT handle, purpose FROM erasures WHERE source = $1 AND NOT done";
        let mut found = Vec::new();
        for name in self.page(lines, source, after).await? {
            let of = line_values(source, &name);
            let sql = "SELECT epoch FROM ended WHERE source = $1 AND handle = $2 AND purpose = $3";
            let ended = self.epochs(sql, &of).await?.first().copied().unwrap_or_default();
            let sql = "SELECT epoch FROM copies WHERE source = $1 AND handle = $2 AND purpose = $3 AND use_until > $4
                UNION SELECT epoch FROM erasures WHERE source = $1 AND handle = $2 AND purpose = $3 AND NOT done ORDER BY epoch";
            let held = self.epochs_at(sql, &of, now).await?;
            let sql = "SELECT disclosure, epoch, fields, about, at, use_until FROM copies
                WHERE source = $1 AND handle = $2 AND purpose = $3 AND use_until > $4 ORDER BY at DESC, disclosure LIMIT $5";
            let copies = self.copies(sql, &of, now).await?;
            found.push(Recollected { handle: name.handle, purpose: name.purpose, ended, held, copies, erased: Vec::new() });
        }
        Ok(found)
    }

    /// What this node gave a recipient, and ended, after that line: at most [`LINES_OF_PAGE`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn gave_to(&self, recipient: &PartnerId, after: Option<LineName>, now: Timestamp) -> Result<Vec<Recollected>, StoreError> {
        // Of whom it never got anything it hears nothing.
        let lines = "SELECT handles.handle, disclosures.purpose FROM handles JOIN disclosures ON disclosures.worker = handles.worker
            AND disclosures.recipient = handles.recipient WHERE handles.recipient = $1
            UNION SELECT handle, purpose FROM tombstones WHERE recipient = $1";
        let mut found = Vec::new();
        for name in self.page(lines, recipient, after).await? {
            let Some(worker) = self.worker_by_handle(name.handle, recipient).await? else {
                found.push(self.owed_of_nobody(recipient, name).await?);
                continue;
            };
            let ended = self.ended_of(worker, name.purpose, recipient, now).await?;
            let worker = worker.to_string();
            let of = [recipient.as_str().to_owned(), worker, name.purpose.as_str().to_owned()];
            let sql = "SELECT DISTINCT held FROM disclosures WHERE recipient = $1 AND worker = $2 AND purpose = $3 AND NOT erased
                AND use_until > $4 ORDER BY held";
            let held = self.epochs_at(sql, &of, now).await?;
            let sql = "SELECT id, held, fields, about, at, use_until FROM disclosures
                WHERE recipient = $1 AND worker = $2 AND purpose = $3 AND NOT erased AND use_until > $4 ORDER BY leaf DESC LIMIT $5";
            let (copies, erased) = (self.copies(sql, &of, now).await?, self.erased_alone(&of, now).await?);
            found.push(Recollected { handle: name.handle, purpose: name.purpose, ended, held, copies, erased });
        }
        Ok(found)
    }

    /// A recipient said what it holds of this node's people: copies without a row get one, and what has ended is recalled. Of a worker who is not
    /// known here nothing is written but that it is recalled. Where there is no room for all, [`NotHeard`] says why: what came before is taken in.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of it was taken in then.
    pub async fn hear(
        &self,
        recipient: &PartnerId,
        said: Vec<Recollected>,
        most: MostHeard,
        now: Timestamp,
    ) -> Result<Result<(), NotHeard>, StoreError> {
        self.people(Hear { recipient: recipient.clone(), said, most, now }).await
    }

    /// A source said what it gave this node, and ended: copies that are not known are noted, and what has ended is erased whole. It is not known any
    /// more which of these clients has what: all of them are asked to erase. `is_last`: it has said everything, and the node is open to it from now on.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of it was taken in then.
    pub async fn learn(
        &self,
        source: &PartnerId,
        said: Vec<Recollected>,
        clients: &[String],
        is_last: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.people(Learn { source: source.clone(), said, clients: clients.to_vec(), is_last, now }).await
    }

    /// What a recipient is owed, or has erased, of somebody who is nobody here any more.
    async fn owed_of_nobody(&self, recipient: &PartnerId, name: LineName) -> Result<Recollected, StoreError> {
        let of = line_values(recipient, &name);
        let sql =
            "SELECT epoch FROM tombstones WHERE recipient = $1 AND handle = $2 AND purpose = $3 AND named = '' ORDER BY epoch DESC LIMIT 1";
        let ended = self.epochs(sql, &of).await?.first().copied().unwrap_or_default();
        let sql = "SELECT DISTINCT epoch FROM tombstones WHERE recipient = $1 AND handle = $2 AND purpose = $3 AND named = '' AND NOT done ORDER BY epoch";
        let held = self.epochs(sql, &of).await?;
        Ok(Recollected { handle: name.handle, purpose: name.purpose, ended, held, copies: Vec::new(), erased: Vec::new() })
    }

    /// The names of lines, after one.
    async fn page(&self, lines: &str, of: &PartnerId, after: Option<LineName>) -> Result<Vec<LineName>, StoreError> {
        let sql = format!(
            "SELECT handle, purpose FROM ({lines}) AS found WHERE handle > $2 OR handle = $2 AND purpose > $3 ORDER BY handle, purpose LIMIT $4"
        );
        let (handle, purpose) = after.map_or_else(Default::default, |after| (after.handle.to_string(), after.purpose.as_str()));
        let values = [of.as_str().into(), (&handle).into(), purpose.into(), i64::from(LINES_OF_PAGE).into()];
        let rows = self.readers.read(sql, &values).await?;
        rows.iter().map(|row| Ok(LineName { handle: id(row, 0)?, purpose: id(row, 1)? })).collect()
    }

    async fn epochs(&self, sql: &str, of: &[String; 3]) -> Result<Vec<Epoch>, StoreError> {
        epochs(&self.readers.read(sql, &[(&of[0]).into(), (&of[1]).into(), (&of[2]).into()]).await?)
    }

    async fn epochs_at(&self, sql: &str, of: &[String; 3], now: Timestamp) -> Result<Vec<Epoch>, StoreError> {
        epochs(&self.readers.read(sql, &[(&of[0]).into(), (&of[1]).into(), (&of[2]).into(), now.micros().into()]).await?)
    }

    async fn copies(&self, sql: &str, of: &[String; 3], now: Timestamp) -> Result<Vec<RecollectedCopy>, StoreError> {
        let most = i64::try_from(COPIES_OF_LINE).unwrap_or(i64::MAX);
        let values = [(&of[0]).into(), (&of[1]).into(), (&of[2]).into(), now.micros().into(), most.into()];
        self.readers.read(sql, &values).await?.iter().map(copy).collect()
    }

    /// Copies that the recipient has erased, the last ones first: those that were named, as those of an epoch that ended are told by that.
    async fn erased_alone(&self, of: &[String; 3], now: Timestamp) -> Result<Vec<DisclosureId>, StoreError> {
        let sql = "SELECT id FROM disclosures WHERE recipient = $1 AND worker = $2 AND purpose = $3 AND erased AND use_until > $4
            ORDER BY leaf DESC LIMIT $5";
        let most = i64::try_from(ERASED_OF_LINE).unwrap_or(i64::MAX);
        let values = [(&of[0]).into(), (&of[1]).into(), (&of[2]).into(), now.micros().into(), most.into()];
        self.readers.read(sql, &values).await?.iter().map(|row| id(row, 0)).collect()
    }

    /// The latest epoch of a line that has ended.
    async fn ended_of(&self, worker: WorkerId, purpose: Purpose, recipient: &PartnerId, now: Timestamp) -> Result<Epoch, StoreError> {
        let condition = "worker = $1 AND purpose = $2 AND recipient = $3 AND epoch = (SELECT max(epoch) FROM consents AS others
            WHERE others.worker = $1 AND others.purpose = $2 AND others.recipient = $3)";
        let name = worker.to_string();
        let values = [(&name).into(), purpose.as_str().into(), recipient.as_str().into()];
        let latest = kept::consents(&mut &self.readers, condition, &values).await?.pop();
        let sql = "SELECT epoch FROM lines WHERE worker = $1 AND purpose = $2 AND recipient = $3";
        let elsewhere = epochs(&self.readers.read(sql, &values).await?)?.first().copied().unwrap_or_default();
        Ok(decide::line(latest.as_ref(), elsewhere, now).ended())
    }
}

fn line_values(partner: &PartnerId, name: &LineName) -> [String; 3] {
    [partner.as_str().to_owned(), name.handle.to_string(), name.purpose.as_str().to_owned()]
}

fn epochs(rows: &[Row]) -> Result<Vec<Epoch>, StoreError> {
    rows.iter().map(|row| Ok(Epoch(row::counter(row, 0)?))).collect()
}

fn copy(row: &Row) -> Result<RecollectedCopy, StoreError> {
    Ok(RecollectedCopy {
        disclosure: id(row, 0)?,
        epoch: Epoch(row::counter(row, 1)?),
        fields: fields(row, 2)?,
        about: serde_json::from_str(row.text(3)?).map_err(|_| StoreError::Damaged("an offer that is none"))?,
        at: Timestamp::from_micros(row.integer(4)?),
        use_until: Timestamp::from_micros(row.integer(5)?),
    })
}
