//! A node that was restored from a backup hears from a recipient what it holds of this node's people.

use polder_consent::{Disclosure, Epoch, Event, FieldSet, Owed, What, WorkerId};
use polder_model::{PartnerId, Timestamp};

use super::recollect::{MostHeard, NotHeard, Recollected, RecollectedCopy};
use super::replay::{self, Whose};
use super::workers::{self, id};
use super::{Desk, Work, decide, disclose, kept, tombstones};
use crate::error::StoreError;
use crate::row::{self, Cells};
use crate::{random, rows};

pub(super) struct Hear {
    pub recipient: PartnerId,
    pub said: Vec<Recollected>,
    pub most: MostHeard,
    pub now: Timestamp,
}

/// What a recipient may say, in one transaction.
struct Room {
    /// How many more rows may be written today on its word.
    rows: u64,
    /// Whether it said more.
    is_short: bool,
}

impl Work for Hear {
    type Told = Result<(), NotHeard>;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Self::Told, StoreError> {
        desk.batch.may_end().await?;
        let mut lost = tombstones::lost_to(desk, &self.recipient).await?;
        let before = self.most.rows.saturating_sub(self.said_today(desk).await?);
        let mut room = Room { rows: before, is_short: false };
        let told = self.hear(desk, &mut lost, &mut room).await?;
        self.note_said(desk, before - room.rows).await?;
        Ok(told)
    }
}

impl Hear {
    async fn hear(&self, desk: &mut Desk<'_, '_>, lost: &mut u64, room: &mut Room) -> Result<Result<(), NotHeard>, StoreError> {
        for said in self.said.iter().filter(|said| said.ended > Epoch(0) || !said.held.is_empty()) {
            let known = match workers::of_handle(desk, said.handle, &self.recipient).await? {
                Some(worker) if workers::is_known(desk, worker).await? => Some(worker),
                _ => None,
            };
            match known {
                Some(worker) => self.line(desk, worker, said, room).await?,
                None => match self.lost(desk, said, *lost < self.most.lost).await? {
                    Some(more) => *lost += more,
                    None => return Ok(Err(NotHeard::People)),
                },
            }
            if room.is_short {
                return Ok(Err(NotHeard::Rows));
            }
        }
        Ok(Ok(()))
    }

    /// How many rows there are on the word of this recipient since the day began.
    async fn said_today(&self, desk: &mut Desk<'_, '_>) -> Result<u64, StoreError> {
        let sql = "SELECT said FROM budgets WHERE recipient = $1 AND day = $2";
        let found = desk.transaction.read(sql, &[self.recipient.as_str().into(), disclose::day_of(self.now).into()]).await?;
        found.first().map_or(Ok(0), |row| row::counter(row, 0))
    }

    async fn note_said(&self, desk: &mut Desk<'_, '_>, rows: u64) -> Result<(), StoreError> {
        if rows == 0 {
            return Ok(());
        }
        let sql = "INSERT INTO budgets (recipient, day, workers, narrow, said) VALUES ($1, $2, 0, 0, $3)
            ON CONFLICT (recipient, day) DO UPDATE SET said = budgets.said + excluded.said";
        let values = [self.recipient.as_str().into(), disclose::day_of(self.now).into(), rows::number(rows)?.into()];
        desk.transaction.run(sql, &values).await.map(drop)
    }

    /// Takes a line in: also where there is no room for its rows, what has ended of it is recalled.
    async fn line(&self, desk: &mut Desk<'_, '_>, worker: WorkerId, said: &Recollected, room: &mut Room) -> Result<(), StoreError> {
        let whose = Whose { worker, purpose: said.purpose, recipient: &self.recipient };
        let before = kept::latest(desk, worker, whose.purpose, whose.recipient).await?;
        let mut line = decide::line_of(desk, worker, whose.purpose, whose.recipient, before.as_ref(), self.now).await?;
        let was = (line.epoch, line.live);
        let owed = line.hear(&said.said());
        for copy in &said.copies {
            let activity = before.as_ref().map(|before| before.consent.activity.clone());
            self.row(desk, whose, copy, activity, room).await?;
        }
        if was != (line.epoch, line.live) {
            if let Some(before) = before.filter(|before| before.is_given(self.now)) {
                let revoked = Some(Event::new(What::Revoke, self.now));
                decide::write_end(desk, &before, revoked, self.now).await?;
                decide::note_end(desk, &before.consent, revoked, self.now).await?;
                desk.batch.unsettle(worker, self.now);
            }
            replay::ended_elsewhere(desk, whose, &line).await?;
        }
        match owed {
            Some(owed) => replay::recall(desk, whose, owed, self.now).await,
            None => Ok(()),
        }
    }

    /// Recalls what is held of somebody who is nobody here, or not any more: the database has lost them, or the recipient made them up. All that is
    /// written is that a tombstone is owed, and it goes when that is acknowledged. How many more are owed than before; `None` where there is no
    /// room for another.
    async fn lost(&self, desk: &mut Desk<'_, '_>, said: &Recollected, has_room: bool) -> Result<Option<u64>, StoreError> {
        let Some(newest) = said.held.last() else { return Ok(Some(0)) };
        let owed = Owed { epoch: *newest, fields: FieldSet::NONE };
        let before = tombstones::owed_of_handle(desk, &self.recipient, said.name()).await?;
        match before {
            Some((epoch, ..)) if epoch >= owed.epoch => return Ok(Some(0)),
            Some((_, tombstone, worker)) => tombstones::forget(desk, tombstone, worker).await?,
            None if !has_room => return Ok(None),
            None => {}
        }
        tombstones::owe_lost(desk, &self.recipient, said.name(), owed, self.now).await?;
        Ok(Some(u64::from(before.is_none())))
    }

    /// A row for a copy that has none. One whose row says that it is erased is held all the same.
    async fn row(
        &self,
        desk: &mut Desk<'_, '_>,
        whose: Whose<'_>,
        copy: &RecollectedCopy,
        activity: Option<String>,
        room: &mut Room,
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
        if room.rows == 0 {
            room.is_short = true;
            return Ok(());
        }
        room.rows -= 1;
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
            fsc_transaction: None,
        };
        disclose::write_found(desk, row, activity).await
    }
}
