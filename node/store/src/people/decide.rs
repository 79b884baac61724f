//! What workers decide: consents are given, and end. Whoever holds a copy under what ended is owed a tombstone, in the same transaction.

use polder_consent::leaf::{LeafKind, row_bytes};
use polder_consent::processing::Action;
use polder_consent::purpose::MOST_DECISIONS_A_DAY;
use polder_consent::state::step;
use polder_consent::{Consent, ConsentId, Epoch, Event, Line, Owed, State, What, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};
use sha2::{Digest, Sha256};

use super::events::{hashed_end, leaf, note, processed};
use super::kept::{self, Kept};
use super::reopening::Openness;
use super::replay::{self, Whose};
use super::tombstones;
use super::{Desk, Work, requests, workers};
use crate::error::StoreError;
use crate::journal;
use crate::log::append;
use crate::open::Store;
use crate::rows;

/// Consents that a worker gives on one screen. They have passed their checks; epochs, and which consents they come in the place of, are filled in.
#[derive(Clone, Debug)]
pub struct Giving {
    /// Whose.
    pub worker: WorkerId,
    /// The consents: one for each purpose and recipient.
    pub consents: Vec<Consent>,
    /// The text that was read; each record has its hash.
    pub notice: Vec<u8>,
    /// The present instant.
    pub now: Timestamp,
}

/// A consent that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The record, as it is kept.
    pub kept: Kept,
    /// Whether the recipient is owed a tombstone: for fields that it may see no more, or since what it had was over by its date.
    pub owed: bool,
}

/// A consent that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The record, and what happened.
    pub kept: Kept,
    /// Whether the recipient is owed a tombstone: it holds a copy.
    pub owed: bool,
}

/// Why nothing was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotGiven {
    /// The worker has no skill offer: there is nothing to be seen.
    #[error("there is no profile to share")]
    NoOffer,
    /// The worker has decided as often today as one may.
    #[error("there were as many decisions today as one may make")]
    Enough,
    /// Other applications of the worker to the same partner show more than the text says that stays of them.
    #[error("another application was sent meanwhile")]
    OthersShowMore,
    /// This node was restored from a backup, and this partner has not said yet what it holds.
    #[error("{0} has not said yet what it holds")]
    ClosedTo(PartnerId),
}

/// Why a consent did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEnded {
    /// This worker has no such consent.
    #[error("there is no such consent")]
    Unknown,
    /// It is not in force; `None` where its events cannot be read.
    #[error("the consent is not in force")]
    NotInForce(Option<State>),
}

impl Store {
    /// Gives consents, all of them or none. Those in force for the same purpose and recipient end in their favour.
    ///
    /// # Errors
    /// When the database cannot be written; nothing was given then.
    pub async fn give(&self, giving: Giving) -> Result<Result<Vec<Given>, NotGiven>, StoreError> {
        self.people(giving).await
    }

    /// Ends a consent of a worker. From then on nothing of it leaves: what is asked later finds no consent.
    ///
    /// # Errors
    /// When the database cannot be written; it is in force still.
    pub async fn end_consent(
        &self,
        worker: WorkerId,
        consent: ConsentId,
        what: What,
        now: Timestamp,
    ) -> Result<Result<Ended, NotEnded>, StoreError> {
        self.people(End { worker, consent, what, now }).await
    }

    /// Ends every consent of a worker that is in force.
    ///
    /// # Errors
    /// When the database cannot be written; all are in force still.
    pub async fn end_all_consents(&self, worker: WorkerId, what: What, now: Timestamp) -> Result<Vec<Ended>, StoreError> {
        self.people(EndAll { worker, what, now }).await
    }

    /// Closes some of the consents that time has ended, so that recipients are told. How many; to be called again until there are none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn expire_consents(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.people(Expire { now }).await
    }
}

impl Work for Giving {
    type Told = Result<Vec<Given>, NotGiven>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        // What could not be ended is not given.
        desk.batch.may_end().await?;
        if workers::document_of(desk, self.worker).await?.is_none() {
            return Ok(Err(NotGiven::NoOffer));
        }
        if kept::decisions_of_day(desk, self.worker, self.now).await? >= MOST_DECISIONS_A_DAY {
            return Ok(Err(NotGiven::Enough));
        }
        let open = Openness::read(desk).await?;
        if let Some(closed) = self.consents.iter().find(|consent| !open.is_open_to(&consent.recipient)) {
            return Ok(Err(NotGiven::ClosedTo(closed.recipient.clone())));
        }
        let sha256 = hex::encode(Sha256::digest(&self.notice));
        let sql = "INSERT INTO notices (sha256, text, version, language) VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING";
        let (version, language) = self.consents.first().map_or(("", ""), |first| (&first.notice.id, &first.notice.language));
        desk.transaction.run(sql, &[(&sha256).into(), self.notice.as_slice().into(), version.into(), language.into()]).await?;
        let expired = expire(desk, self.worker, self.now).await?;
        let mut given = Vec::with_capacity(self.consents.len());
        for consent in self.consents {
            let (purpose, recipient) = (consent.purpose, consent.recipient.clone());
            let was_owed = |ended: &Ended| ended.owed && ended.kept.consent.purpose == purpose && ended.kept.consent.recipient == recipient;
            let mut one = give(desk, consent, self.now).await?;
            one.owed |= expired.iter().any(was_owed);
            given.push(one);
        }
        desk.batch.unsettle(self.worker, self.now);
        Ok(Ok(given))
    }
}

async fn give(desk: &mut Desk<'_, '_>, mut consent: Consent, now: Timestamp) -> Result<Given, StoreError> {
    let before = kept::latest(desk, consent.worker, consent.purpose, &consent.recipient).await?;
    let mut line = line_of(desk, consent.worker, consent.purpose, &consent.recipient, before.as_ref(), now).await?;
    let mut owed = None;
    match before {
        Some(before) if before.is_given(now) => {
            consent.renews = Some(before.consent.id);
            let lost = before.consent.fields.without(consent.fields);
            (owed, consent.epoch) = line.replace(lost).ok_or(StoreError::Damaged("a consent in force without its line"))?;
            let replaced = Some(Event::new(What::Replace, now));
            write_end(desk, &before, replaced, now).await?;
            note_end(desk, &before.consent, replaced, now).await?;
        }
        _ => consent.epoch = line.give(),
    }
    if let Some(owed) = owed {
        tombstones::owe(desk, whose(&consent), owed, now).await?;
    }
    let record = row_bytes(&consent);
    let sql = "INSERT INTO consents (id, worker, purpose, recipient, epoch, fields, until, open, notice, record)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let (id, worker) = (consent.id.to_string(), consent.worker.to_string());
    let values = [
        (&id).into(),
        (&worker).into(),
        consent.purpose.as_str().into(),
        consent.recipient.as_str().into(),
        rows::number(consent.epoch.0)?.into(),
        i64::from(consent.fields.bits()).into(),
        consent.until.micros().into(),
        true.into(),
        (&consent.notice.sha256).into(),
        record.as_slice().into(),
    ];
    desk.transaction.run(sql, &values).await?;
    let event = Event::new(What::Give, now);
    note(desk, &consent, 0, event).await?;
    requests::close(desk, consent.worker, consent.purpose, &consent.recipient, now).await?;
    Ok(Given { kept: Kept { consent, events: vec![event] }, owed: owed.is_some() })
}

struct End {
    worker: WorkerId,
    consent: ConsentId,
    what: What,
    now: Timestamp,
}

impl Work for End {
    type Told = Result<Ended, NotEnded>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        let Some(kept) = kept::by_id(desk, self.consent).await?.filter(|kept| kept.consent.worker == self.worker) else {
            return Ok(Err(NotEnded::Unknown));
        };
        let state = kept.state(self.now);
        if state == Some(State::Expired) {
            expire(desk, self.worker, self.now).await?;
        }
        if state.is_none() || step(state, self.what).is_err() {
            return Ok(Err(NotEnded::NotInForce(state)));
        }
        end(desk, kept, Some(Event::new(self.what, self.now)), self.now).await.map(Ok)
    }
}

struct EndAll {
    worker: WorkerId,
    what: What,
    now: Timestamp,
}

impl Work for EndAll {
    type Told = Vec<Ended>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        end_all(desk, self.worker, self.what, self.now).await
    }
}

/// Ends what is in force of a worker. What time had ended before is told to its recipients, and is not among what is returned.
pub(super) async fn end_all(desk: &mut Desk<'_, '_>, worker: WorkerId, what: What, now: Timestamp) -> Result<Vec<Ended>, StoreError> {
    expire(desk, worker, now).await?;
    let mut ended = Vec::new();
    for kept in kept::open_of(desk, worker).await? {
        if kept.is_given(now) {
            ended.push(end(desk, kept, Some(Event::new(what, now)), now).await?);
        }
    }
    Ok(ended)
}

/// Most consents that one transaction closes since their time was over.
const EXPIRED_AT_ONCE: i64 = 100;

struct Expire {
    now: Timestamp,
}

impl Work for Expire {
    type Told = usize;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<usize, StoreError> {
        desk.batch.may_end().await?;
        let condition = "open AND id IN (SELECT id FROM consents WHERE open AND until <= $1 ORDER BY until LIMIT $2)";
        let expired = kept::consents(desk, condition, &[self.now.micros().into(), EXPIRED_AT_ONCE.into()]).await?;
        let count = expired.len();
        for kept in expired {
            end(desk, kept, None, self.now).await?;
        }
        Ok(count)
    }
}

/// Closes what time has ended of a worker: where something else is decided, no end is left to be seen to later.
pub(super) async fn expire(desk: &mut Desk<'_, '_>, worker: WorkerId, now: Timestamp) -> Result<Vec<Ended>, StoreError> {
    let (worker, mut ended) = (worker.to_string(), Vec::new());
    for kept in kept::consents(desk, "worker = $1 AND open AND until <= $2", &[(&worker).into(), now.micros().into()]).await? {
        ended.push(end(desk, kept, None, now).await?);
    }
    Ok(ended)
}

/// Ends a consent by an event; one that has ended before has it written down.
pub(super) async fn end_by(desk: &mut Desk<'_, '_>, mut kept: Kept, event: Event, now: Timestamp) -> Result<Ended, StoreError> {
    if kept.is_given(now) {
        return end(desk, kept, Some(event), now).await;
    }
    note(desk, &kept.consent, kept.events.len(), event).await?;
    kept.events.push(event);
    Ok(Ended { kept, owed: false })
}

/// Ends a consent that was in force until now, by an event, or by the clock: then there is none, and the leaf speaks for the record's end.
async fn end(desk: &mut Desk<'_, '_>, mut kept: Kept, event: Option<Event>, now: Timestamp) -> Result<Ended, StoreError> {
    let Consent { worker, purpose, .. } = kept.consent;
    let mut line = line_of(desk, worker, purpose, &kept.consent.recipient, Some(&kept), now).await?;
    line.live = true;
    let mut owed = line.end().flatten();
    if !Openness::read(desk).await?.is_open_to(&kept.consent.recipient) {
        // Rows may be missing: whatever they say, it is to be erased.
        let recalled = line.recall();
        replay::recall(desk, whose(&kept.consent), recalled, now).await?;
        owed = Some(recalled);
    } else if let Some(owed) = owed {
        tombstones::owe(desk, whose(&kept.consent), owed, now).await?;
    }
    write_end(desk, &kept, event, now).await?;
    kept.events.extend(event);
    note_end(desk, &kept.consent, event, now).await?;
    desk.batch.unsettle(worker, now);
    Ok(Ended { kept, owed: owed.is_some() })
}

/// Whether its recipient would be told to erase something, if a consent that is in force ended now.
pub(super) async fn would_owe(desk: &mut Desk<'_, '_>, kept: &Kept, now: Timestamp) -> Result<bool, StoreError> {
    let Consent { worker, purpose, .. } = kept.consent;
    let mut line = line_of(desk, worker, purpose, &kept.consent.recipient, Some(kept), now).await?;
    line.live = true;
    Ok(line.end().flatten().is_some() || !Openness::read(desk).await?.is_open_to(&kept.consent.recipient))
}

/// Writes that a consent has ended, and its leaf. `event` is `None` where it ended by the clock.
pub(super) async fn write_end(desk: &mut Desk<'_, '_>, kept: &Kept, event: Option<Event>, now: Timestamp) -> Result<(), StoreError> {
    close(desk, kept.consent.id).await?;
    if let Some(event) = event {
        return note(desk, &kept.consent, kept.events.len(), event).await;
    }
    let leaf = leaf(&kept.consent, LeafKind::Withdrawal, now, hashed_end(&kept.consent))?;
    append::append_with_row(desk.transaction, leaf).await?;
    processed(desk, &kept.consent, Action::ConsentEnded, now);
    Ok(())
}

/// Has the end of a consent written to the journal, before this transaction is committed.
pub(super) async fn note_end(desk: &mut Desk<'_, '_>, consent: &Consent, event: Option<Event>, now: Timestamp) -> Result<(), StoreError> {
    let handle = workers::known_handle(desk, consent.worker, &consent.recipient).await?;
    let Consent { worker, purpose, epoch, .. } = *consent;
    let (recipient, what, ground) = (consent.recipient.clone(), event.map(|event| event.what), event.and_then(|event| event.ground));
    desk.batch.note_end(journal::Ended { number: 0, worker, purpose, recipient, handle, epoch, what, ground, at: now });
    Ok(())
}

fn whose(consent: &Consent) -> Whose<'_> {
    Whose { worker: consent.worker, purpose: consent.purpose, recipient: &consent.recipient }
}

/// The source's side of what a recipient got of a worker for a purpose.
pub(super) async fn line_of(
    desk: &mut Desk<'_, '_>,
    worker: WorkerId,
    purpose: Purpose,
    recipient: &PartnerId,
    latest: Option<&Kept>,
    now: Timestamp,
) -> Result<Line, StoreError> {
    let name = worker.to_string();
    let values = [(&name).into(), purpose.as_str().into(), recipient.as_str().into()];
    let sql = "SELECT DISTINCT held FROM disclosures WHERE worker = $1 AND purpose = $2 AND recipient = $3 AND NOT erased ORDER BY held";
    let mut held = Vec::new();
    for row in desk.transaction.read(sql, &values).await? {
        held.push(Epoch(crate::row::counter(&row, 0)?));
    }
    let sql = "SELECT epoch, fields FROM tombstones WHERE worker = $1 AND purpose = $2 AND recipient = $3 AND NOT done AND named = '' ORDER BY epoch";
    let mut owed = Vec::new();
    for row in desk.transaction.read(sql, &values).await? {
        owed.push(Owed { epoch: Epoch(crate::row::counter(&row, 0)?), fields: workers::fields(&row, 1)? });
    }
    // What is known from elsewhere to have ended has ended, also where its consent is lost.
    let elsewhere = replay::epoch_elsewhere(desk, Whose { worker, purpose, recipient }).await?;
    Ok(Line { held, owed, ..line(latest, elsewhere, now) })
}

/// The same, without what the recipient holds and is owed.
pub(super) fn line(latest: Option<&Kept>, elsewhere: Epoch, now: Timestamp) -> Line {
    let epoch = latest.map_or(Epoch::default(), |kept| kept.consent.epoch);
    let live = epoch > elsewhere && latest.is_some_and(|kept| kept.is_given(now));
    Line { epoch: epoch.max(elsewhere), live, ..Line::default() }
}

async fn close(desk: &mut Desk<'_, '_>, consent: ConsentId) -> Result<(), StoreError> {
    desk.transaction.run("UPDATE consents SET open = $2 WHERE id = $1", &[(&consent.to_string()).into(), false.into()]).await.map(drop)
}
