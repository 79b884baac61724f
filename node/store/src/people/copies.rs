//! What this node received of people at other partners. What was in it is kept nowhere here: only that it came, to which client, until when; and which
//! epochs have ended, so that a late copy dies when it comes.

use std::collections::{BTreeMap, HashSet};

use polder_consent::leaf::row_bytes;
use polder_consent::processing::{Action, Chain, Processed, Status, Subject, activity};
use polder_consent::{Copies, Copy, DisclosureId, Epoch, FieldSet, Handle, Owed, TombstoneId, rules};
use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};

use super::erasures::{self, TombstoneTaken};
use super::looked::{Had, Looked, name_offers};
use super::reopening::Openness;
use super::sweep::AT_ONCE;
use super::workers::{fields, id, instant};
use super::{Desk, Work, application_readers, applications_received, requests_made, tombstones};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{self, Cells};
use crate::rows;
use crate::statement::{Row, fill, list};

/// A copy that came, and to whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The row of the ledger at its source.
    pub disclosure: DisclosureId,
    /// Whose node gave it.
    pub source: PartnerId,
    /// The worker, as this node knows them.
    pub handle: Handle,
    /// What for.
    pub purpose: Purpose,
    /// The epoch.
    pub epoch: Epoch,
    /// What is in it.
    pub fields: FieldSet,
    /// For which offer of this partner it was given.
    pub about: About,
    /// The client of this node that gets it; empty where that is not known any more; [`READERS`] where it is read here.
    pub client: String,
    /// Until when it may be used.
    pub use_until: Timestamp,
    /// Where the question that it came of stands in a chain of processing.
    pub chain: Chain,
}

/// In the place of the name of a client, where it is not known which one has a copy: this node was restored from a backup.
pub(super) const UNKNOWN: &str = "";

/// In the place of the name of a client, where each that reads it here is noted.
pub const READERS: &str = "*";

/// A tombstone that a source sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id at the source.
    pub tombstone: TombstoneId,
    /// Who sent it.
    pub source: PartnerId,
    /// The worker, as this node knows them.
    pub handle: Handle,
    /// For what copies were given.
    pub purpose: Purpose,
    /// The epoch that ended.
    pub epoch: Epoch,
    /// The fields to erase; none: everything.
    pub fields: FieldSet,
    /// The disclosures that are meant, where something was corrected; none: all of the epoch and before.
    pub named: Vec<DisclosureId>,
}

impl Store {
    /// Notes copies that came, before anyone gets them. Of each, whether it may be kept: not when its epoch has ended, and not past its time.
    ///
    /// # Errors
    /// When the database cannot be written; nobody may get any of them then.
    pub async fn note_copies(&self, came: Vec<Came>, now: Timestamp) -> Result<Vec<bool>, StoreError> {
        self.people(Note { came, now }).await
    }

    /// Takes a tombstone in, perhaps not for the first time: from now on no copy that it means is used, and clients that have one are to erase it.
    /// Where it is not known which of this node's clients have one, all of them are.
    ///
    /// # Errors
    /// When the database cannot be written; it is not taken then.
    pub async fn take_tombstone(
        &self,
        sent: Sent,
        clients: &[String],
        chain: Option<Chain>,
        now: Timestamp,
    ) -> Result<TombstoneTaken, StoreError> {
        self.people(Take { sent, clients: clients.to_vec(), is_recall: false, chain, now }).await
    }

    /// Forgets some of the copies whose time is over, and has some of what was kept by law be erased whose time is over; to be called again until that is
    /// all.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep_copies(&self, now: Timestamp) -> Result<Swept, StoreError> {
        self.people(Sweep { now }).await
    }
}

/// The latest epoch that has ended at a source; 0 where none has.
async fn ended(desk: &mut Desk<'_, '_>, source: &PartnerId, handle: Handle, purpose: Purpose) -> Result<Epoch, StoreError> {
    let sql = "SELECT epoch FROM ended WHERE source = $1 AND handle = $2 AND purpose = $3";
    let found = desk.transaction.read(sql, &[source.as_str().into(), (&handle.to_string()).into(), purpose.as_str().into()]).await?;
    found.first().map_or(Ok(Epoch::default()), |row| Ok(Epoch(row::counter(row, 0)?)))
}

pub(super) struct Note {
    pub came: Vec<Came>,
    pub now: Timestamp,
}

impl Work for Note {
    type Told = Vec<bool>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Vec<bool>, StoreError> {
        let open = Openness::read(desk).await?;
        let mut kept = Vec::with_capacity(self.came.len());
        for came in self.came {
            let mut known = Copies { ended: ended(desk, &came.source, came.handle, came.purpose).await?, held: Vec::new() };
            let copy = Copy { epoch: came.epoch, fields: came.fields, use_until: came.use_until };
            // Before its source has said what it ended, nothing of its people is used.
            let keeps = open.is_open_to(&came.source) && known.receive(copy, self.now) && !was_corrected(desk, &came).await?;
            if keeps {
                insert(desk, &came, self.now).await?;
            }
            let subject = Subject::Person { source: came.source, handle: came.handle };
            let record = Processed::at(self.now, Action::CopyReceived, activity(came.purpose), subject);
            let status = if keeps { Status::Ok } else { Status::Unset };
            desk.batch.note(Processed { chain: Some(came.chain), status, ..record });
            kept.push(keeps);
        }
        Ok(kept)
    }
}

/// Whether the source has said that this very copy is to be erased.
async fn was_corrected(desk: &mut Desk<'_, '_>, came: &Came) -> Result<bool, StoreError> {
    // What may be used for a day alone is never corrected.
    if !rules(came.purpose).is_some_and(|rules| rules.tells_corrections()) {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM corrected WHERE disclosure = $1 AND source = $2";
    let name = came.disclosure.to_string();
    Ok(!desk.transaction.read(sql, &[(&name).into(), came.source.as_str().into()]).await?.is_empty())
}

pub(super) async fn insert(desk: &mut Desk<'_, '_>, came: &Came, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO copies (disclosure, source, handle, purpose, epoch, fields, client, at, use_until, about)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (disclosure) DO NOTHING";
    let (disclosure, handle) = (came.disclosure.to_string(), came.handle.to_string());
    let about = String::from_utf8(row_bytes(&came.about)).unwrap_or_default();
    let values = [
        (&disclosure).into(),
        came.source.as_str().into(),
        (&handle).into(),
        came.purpose.as_str().into(),
        rows::number(came.epoch.0)?.into(),
        i64::from(came.fields.bits()).into(),
        (&came.client).into(),
        now.micros().into(),
        came.use_until.micros().into(),
        (&about).into(),
    ];
    desk.transaction.run(sql, &values).await.map(drop)
}

/// What a source says that it ended, and this node may hold still: whatever it knows, all of its clients are asked that are not at it already.
pub(super) async fn recall(desk: &mut Desk<'_, '_>, sent: Sent, clients: &[String], now: Timestamp) -> Result<(), StoreError> {
    let mut asked = Vec::new();
    for client in clients {
        if !erasures::is_at(desk, &sent, client).await? {
            asked.push(client.clone());
        }
    }
    Take { sent, clients: asked, is_recall: true, chain: None, now }.carry_out(desk).await.map(drop)
}

/// What its source knows to be erased, copy by copy, is not there any more: nobody is asked for it, and none of it comes back.
pub(super) async fn take_away(
    desk: &mut Desk<'_, '_>,
    source: &PartnerId,
    handle: Handle,
    erased: &[DisclosureId],
    now: Timestamp,
) -> Result<(), StoreError> {
    for one in erased {
        delete_named(desk, source, handle, *one, now).await?;
    }
    if erased.is_empty() { Ok(()) } else { applications_received::follow_copies(desk, now).await }
}

/// Deletes a copy that a tombstone names, and remembers that it was named. What was there of it.
async fn delete_named(
    desk: &mut Desk<'_, '_>,
    source: &PartnerId,
    handle: Handle,
    named: DisclosureId,
    now: Timestamp,
) -> Result<Vec<Row>, StoreError> {
    let (name, source, handle) = (named.to_string(), source.as_str(), handle.to_string());
    let sql = "INSERT INTO corrected (disclosure, source, at) VALUES ($1, $2, $3) ON CONFLICT (disclosure) DO NOTHING";
    desk.transaction.run(sql, &[(&name).into(), source.into(), now.micros().into()]).await?;
    let sql = "DELETE FROM copies WHERE disclosure = $1 AND source = $2 AND handle = $3 RETURNING client, fields, at, about";
    desk.transaction.read(sql, &[(&name).into(), source.into(), (&handle).into()]).await
}

/// Clients of this node, with what each had.
type Clients = BTreeMap<String, Had>;

fn had(clients: &mut Clients, client: &str, had: Had) {
    clients.entry(client.to_owned()).or_default().add(had);
}

/// Who had a copy: its client, or each that it was read by.
async fn had_by(desk: &mut Desk<'_, '_>, clients: &mut Clients, disclosure: &str, client: &str, copy: Had) -> Result<(), StoreError> {
    if client != READERS {
        had(clients, client, copy);
        return Ok(());
    }
    for reader in application_readers::of(desk, disclosure).await? {
        had(clients, &reader, copy.clone());
    }
    Ok(())
}

/// What a copy was: its fields, when it came and for what.
fn copy(row: &Row, columns: [usize; 3]) -> Result<Had, StoreError> {
    let [of_fields, at, about] = columns;
    let about: Option<About> = serde_json::from_str(row.text(about)?).ok();
    let at = instant(row, at)?;
    Ok(Had {
        fields: fields(row, of_fields)?,
        looked: about.map(|about| Looked { at, about: about.key, kind: about.kind, title: String::new() }).into_iter().collect(),
        ..Had::default()
    })
}

struct Take {
    sent: Sent,
    clients: Vec<String>,
    /// Whether no tombstone came, and nobody waits for an acknowledgement.
    is_recall: bool,
    /// Where it stands in a chain of processing; one of its own where there is none.
    chain: Option<Chain>,
    now: Timestamp,
}

impl Work for Take {
    type Told = TombstoneTaken;

    async fn carry_out(mut self, desk: &mut Desk<'_, '_>) -> Result<TombstoneTaken, StoreError> {
        let is_open = Openness::read(desk).await?.is_open_to(&self.sent.source);
        if !is_open {
            // What there is may be older than what the tombstone leaves.
            self.sent.fields = FieldSet::NONE;
        }
        let mut clients = if self.sent.named.is_empty() { self.end(desk).await? } else { self.correct(desk).await? };
        if !is_open {
            // Copies may have come that are not known here any more.
            let fields = rules(self.sent.purpose).map_or(FieldSet::NONE, |rules| rules.allows);
            had(&mut clients, UNKNOWN, Had { fields, ..Had::default() });
        }
        applications_received::follow_copies(desk, self.now).await?;
        self.ask_all(desk, &mut clients).await?;
        // Of the same worker several things may have ended, one after the other: each is known again by the same line.
        let mut seen = erasures::seen_as(desk, &self.sent.source, self.sent.handle).await?;
        seen.extend(requests_made::take_seen(desk, &self.sent.source, self.sent.handle).await?);
        for (client, seen_as) in seen {
            clients.get_mut(&client).into_iter().for_each(|had| had.seen_as.clone_from(&seen_as));
        }
        name_offers(desk, clients.values_mut()).await?;
        for (client, had) in &clients {
            erasures::pass_on(desk, &self.sent, client, had, self.now).await?;
        }
        if !clients.is_empty() {
            let subject = Subject::Person { source: self.sent.source.clone(), handle: self.sent.handle };
            let record = Processed::at(self.now, Action::ErasurePassedOn, activity(self.sent.purpose), subject);
            desk.batch.note(Processed { chain: self.chain, processor: Some(self.sent.source.clone()), ..record });
        }
        erasures::taken(desk, &self.sent, self.now).await
    }
}

impl Take {
    /// In the place of a client that is not known come all those that were not asked yet.
    async fn ask_all(&self, desk: &mut Desk<'_, '_>, clients: &mut Clients) -> Result<(), StoreError> {
        let Some(held) = clients.remove(UNKNOWN) else { return Ok(()) };
        let asked = erasures::asked(desk, self.sent.tombstone).await?;
        for client in self.clients.iter().filter(|client| !asked.contains(*client)) {
            had(clients, client, held.clone());
        }
        Ok(())
    }

    /// An epoch has ended: erases the copies that it means. The clients that had any, with the fields in them.
    async fn end(&self, desk: &mut Desk<'_, '_>) -> Result<Clients, StoreError> {
        let Sent { source, handle, purpose, epoch, .. } = &self.sent;
        let handle = handle.to_string();
        let sql = "INSERT INTO ended (source, handle, purpose, epoch, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, handle, purpose)
            DO UPDATE SET epoch = CASE WHEN ended.epoch < excluded.epoch THEN excluded.epoch ELSE ended.epoch END, at = excluded.at";
        let line = [source.as_str().into(), (&handle).into(), purpose.as_str().into()];
        let number = rows::number(epoch.0)?;
        desk.transaction.run(sql, &[&line[..], &[number.into(), self.now.micros().into()]].concat()).await?;
        let sql = "SELECT disclosure, client, epoch, fields, use_until, at, about FROM copies
            WHERE source = $1 AND handle = $2 AND purpose = $3 AND epoch <= $4";
        let mut clients = Clients::new();
        for found in desk.transaction.read(sql, &[&line[..], &[number.into()]].concat()).await? {
            had_by(desk, &mut clients, found.text(0)?, found.text(1)?, copy(&found, [3, 5, 6])?).await?;
            self.erase(desk, &found).await?;
        }
        if !self.is_recall {
            for (client, held) in erasures::behind(desk, &self.sent).await? {
                had(&mut clients, &client, held);
            }
        }
        Ok(clients)
    }

    /// Something was corrected: erases the copies that are named, and remembers them. The clients that had any, with the fields in them.
    async fn correct(&self, desk: &mut Desk<'_, '_>) -> Result<Clients, StoreError> {
        let mut clients = Clients::new();
        for named in &self.sent.named {
            for row in delete_named(desk, &self.sent.source, self.sent.handle, *named, self.now).await? {
                had_by(desk, &mut clients, &named.to_string(), row.text(0)?, copy(&row, [1, 2, 3])?).await?;
            }
        }
        Ok(clients)
    }

    /// Erases a copy, or the fields of it that are named.
    async fn erase(&self, desk: &mut Desk<'_, '_>, found: &Row) -> Result<(), StoreError> {
        let disclosure = found.text(0)?;
        let (epoch, use_until) = (Epoch(row::counter(found, 2)?), instant(found, 4)?);
        let mut copies = Copies { ended: Epoch::default(), held: vec![Copy { epoch, fields: fields(found, 3)?, use_until }] };
        copies.tombstone(Owed { epoch: self.sent.epoch, fields: self.sent.fields });
        match copies.held.first() {
            None => desk.transaction.run("DELETE FROM copies WHERE disclosure = $1", &[disclosure.into()]).await.map(drop),
            Some(left) => {
                let values = [disclosure.into(), rows::number(left.epoch.0)?.into(), i64::from(left.fields.bits()).into()];
                desk.transaction.run("UPDATE copies SET epoch = $2, fields = $3 WHERE disclosure = $1", &values).await?;
                applications_received::cut_down(desk, disclosure, left.fields).await
            }
        }
    }
}

/// What time was over for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swept {
    /// How many copies were forgotten.
    pub copies: u64,
    /// Whether nothing is left to be done.
    pub is_all: bool,
}

struct Sweep {
    now: Timestamp,
}

impl Work for Sweep {
    type Told = Swept;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Swept, StoreError> {
        let mut most = erasures::reopen(desk, self.now).await?;
        most = most.max(tombstones::owe_again(desk, self.now).await?);
        most = most.max(requests_made::forget_seen(desk, self.now).await?);
        let sql = "SELECT disclosure, source, handle, purpose FROM copies WHERE use_until <= $1 ORDER BY use_until, disclosure LIMIT $2";
        let lapsed = desk.transaction.read(sql, &[self.now.micros().into(), AT_ONCE.into()]).await?;
        for some in lapsed.chunks(128) {
            let mut values = Vec::new();
            let names = some.iter().map(|found| found.text(0)).collect::<Result<Vec<&str>, _>>()?;
            fill(&mut values, names.into_iter());
            desk.transaction.run(format!("DELETE FROM copies WHERE disclosure IN {}", list(1, some.len())), &values).await?;
        }
        applications_received::follow_copies(desk, self.now).await?;
        let mut told = HashSet::new();
        for found in &lapsed {
            let (source, handle, purpose): (PartnerId, Handle, Purpose) = (id(found, 1)?, id(found, 2)?, id(found, 3)?);
            if told.insert((source.clone(), handle, purpose)) {
                let subject = Subject::Person { source, handle };
                desk.batch.note(Processed::at(self.now, Action::CopyErased, activity(purpose), subject));
            }
        }
        let copies = lapsed.len() as u64;
        Ok(Swept { copies, is_all: most.max(copies) < AT_ONCE.unsigned_abs() })
    }
}
