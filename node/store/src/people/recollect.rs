//! What two nodes tell each other when one of them was restored from a backup: what the one holds of the other's people, and what the other gave and ended.

use polder_consent::processing::{Chain, TraceId};
use polder_consent::{Disclosure, DisclosureId, Epoch, FieldSet, Handle, Owed, Said, TombstoneId, What, WorkerId};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use super::copies::{self, Came, Sent};
use super::disclose;
use super::replay::{self, Whose};
use super::workers::{fields, id};
use super::{Desk, Work, decide, kept, reopening};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::statement::Row;
use crate::{random, rows};

/// Most lines of one page.
pub const LINES_OF_PAGE: u32 = 100;
/// Most copies of a line that are told one by one; of the others the epoch alone is.
pub const COPIES_OF_LINE: usize = 50;

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
            found.push(Recollected { handle: name.handle, purpose: name.purpose, ended, held, copies: self.copies(sql, &of, now).await? });
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
            let Some(worker) = self.worker_by_handle(name.handle, recipient).await? else { continue };
            let ended = self.ended_of(worker, name.purpose, recipient, now).await?;
            let worker = worker.to_string();
            let of = [recipient.as_str().to_owned(), worker, name.purpose.as_str().to_owned()];
            let sql = "SELECT DISTINCT held FROM disclosures WHERE recipient = $1 AND worker = $2 AND purpose = $3 AND NOT erased
                AND use_until > $4 ORDER BY held";
            let held = self.epochs_at(sql, &of, now).await?;
            let sql = "SELECT id, held, fields, about, at, use_until FROM disclosures
                WHERE recipient = $1 AND worker = $2 AND purpose = $3 AND NOT erased AND use_until > $4 ORDER BY leaf DESC LIMIT $5";
            found.push(Recollected { handle: name.handle, purpose: name.purpose, ended, held, copies: self.copies(sql, &of, now).await? });
        }
        Ok(found)
    }

    /// A recipient said what it holds of this node's people: copies without a row get one, and what has ended is recalled.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of it was taken in then.
    pub async fn hear(&self, recipient: &PartnerId, said: Vec<Recollected>, now: Timestamp) -> Result<(), StoreError> {
        self.people(Hear { recipient: recipient.clone(), said, now }).await
    }

    /// A source said what it gave this node, and ended: copies that are not known are noted, under that client's name, and what has ended is erased whole.
    /// `is_last`: it has said everything, and the node is open to it from now on.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of it was taken in then.
    pub async fn learn(
        &self,
        source: &PartnerId,
        said: Vec<Recollected>,
        client: &str,
        is_last: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.people(Learn { source: source.clone(), said, client: client.to_owned(), is_last, now }).await
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

struct Hear {
    recipient: PartnerId,
    said: Vec<Recollected>,
    now: Timestamp,
}

impl Work for Hear {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        desk.batch.may_end().await?;
        for said in &self.said {
            if said.ended > Epoch(0) || !said.held.is_empty() {
                self.line(desk, said).await?;
            }
        }
        Ok(())
    }
}

impl Hear {
    async fn line(&self, desk: &mut Desk<'_, '_>, said: &Recollected) -> Result<(), StoreError> {
        let worker = self.worker(desk, said.handle).await?;
        let whose = Whose { worker, purpose: said.purpose, recipient: &self.recipient };
        let before = kept::latest(desk, worker, whose.purpose, whose.recipient).await?;
        let mut line = decide::line_of(desk, worker, whose.purpose, whose.recipient, before.as_ref(), self.now).await?;
        let was = (line.epoch, line.live);
        let owed = line.hear(&said.said());
        for copy in &said.copies {
            let activity = before.as_ref().map(|before| before.consent.activity.clone());
            self.row(desk, whose, copy, activity).await?;
        }
        if was != (line.epoch, line.live) {
            if let Some(before) = before.filter(|before| before.is_given(self.now)) {
                decide::write_end(desk, &before, Some(What::Revoke), self.now).await?;
                decide::note_end(desk, &before.consent, Some(What::Revoke), self.now).await?;
                desk.batch.unsettle(worker, self.now);
            }
            replay::ended_elsewhere(desk, whose, &line).await?;
        }
        match owed {
            Some(owed) => replay::recall(desk, whose, owed, self.now).await,
            None => Ok(()),
        }
    }

    /// The worker of a handle. One that is lost is nobody whom anyone here knows: by a name of its own what is held of them is recalled.
    async fn worker(&self, desk: &mut Desk<'_, '_>, handle: Handle) -> Result<WorkerId, StoreError> {
        let (name, recipient) = (handle.to_string(), self.recipient.as_str());
        let sql = "SELECT worker FROM handles WHERE handle = $1 AND recipient = $2";
        if let Some(found) = desk.transaction.read(sql, &[(&name).into(), recipient.into()]).await?.first() {
            return id(found, 0);
        }
        let worker = WorkerId::from_random(random::bytes()?);
        let sql = "INSERT INTO handles (worker, recipient, handle) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        desk.transaction.run(sql, &[(&worker.to_string()).into(), recipient.into(), (&name).into()]).await?;
        Ok(worker)
    }

    /// A row for a copy that has none. One whose row says that it is erased is held all the same.
    async fn row(
        &self,
        desk: &mut Desk<'_, '_>,
        whose: Whose<'_>,
        copy: &RecollectedCopy,
        activity: Option<String>,
    ) -> Result<(), StoreError> {
        let name = copy.disclosure.to_string();
        let sql = "SELECT erased, worker, recipient, purpose FROM disclosures WHERE id = $1";
        if let Some(found) = desk.transaction.read(sql, &[(&name).into()]).await?.first() {
            let theirs = found.text(1)? == whose.worker.to_string() && found.text(2)? == whose.recipient.as_str();
            if theirs && found.text(3)? == whose.purpose.as_str() && found.boolean(0)? {
                let sql = "UPDATE disclosures SET erased = $2, held = $3 WHERE id = $1";
                desk.transaction.run(sql, &[(&name).into(), false.into(), rows::number(copy.epoch.0)?.into()]).await?;
            }
            return Ok(());
        }
        let worker = whose.worker.to_string();
        let sql = "SELECT id FROM consents WHERE worker = $1 AND purpose = $2 AND recipient = $3 AND epoch = $4";
        let of = [(&worker).into(), whose.purpose.as_str().into(), whose.recipient.as_str().into(), rows::number(copy.epoch.0)?.into()];
        let consent = match desk.transaction.read(sql, &of).await?.first() {
            Some(found) => id(found, 0)?,
            // It is lost.
            None => polder_consent::ConsentId::from_random(random::bytes()?),
        };
        let row = Disclosure {
            id: copy.disclosure,
            worker: whose.worker,
            recipient: whose.recipient.clone(),
            purpose: whose.purpose,
            consent,
            epoch: copy.epoch,
            fields: copy.fields,
            about: copy.about.clone(),
            at: copy.at.min(self.now),
            use_until: copy.use_until,
        };
        disclose::write_found(desk, row, activity).await
    }
}

struct Learn {
    source: PartnerId,
    said: Vec<Recollected>,
    client: String,
    is_last: bool,
    now: Timestamp,
}

impl Work for Learn {
    type Told = ();

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<(), StoreError> {
        for said in &self.said {
            self.line(desk, said).await?;
        }
        if self.is_last {
            reopening::answered(desk, &self.source).await?;
        }
        Ok(())
    }
}

impl Learn {
    async fn line(&self, desk: &mut Desk<'_, '_>, said: &Recollected) -> Result<(), StoreError> {
        let (handle, purpose) = (said.handle, said.purpose);
        for copy in said.copies.iter().filter(|copy| copy.use_until > self.now) {
            let came = Came {
                disclosure: copy.disclosure,
                source: self.source.clone(),
                handle,
                purpose,
                epoch: copy.epoch,
                fields: copy.fields,
                about: copy.about.clone(),
                client: self.client.clone(),
                // It belongs to no question of now.
                chain: Chain { trace: TraceId::from_bytes([0; 16]), parent: None },
                use_until: copy.use_until,
            };
            copies::insert(desk, &came, copy.at).await?;
        }
        if said.ended == Epoch(0) {
            return Ok(());
        }
        let whole = Owed { epoch: said.ended, fields: FieldSet::NONE };
        let tombstone = TombstoneId::from_random(random::bytes()?);
        let sent =
            Sent { tombstone, source: self.source.clone(), handle, purpose, epoch: whole.epoch, fields: whole.fields, named: Vec::new() };
        copies::take(desk, sent, self.now).await.map(drop)
    }
}
