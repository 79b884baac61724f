//! A recipient says that it erased what a tombstone means, but for what it keeps by law.

use polder_consent::retained::fields_of;
use polder_consent::{Epoch, FieldSet, Retained, TombstoneId, rules};
use polder_model::{PartnerId, Timestamp};

use super::tombstones::{COLUMNS, Tombstone, forget, tombstone};
use super::workers::{self, fields};
use super::{Desk, Work, decide, erasures, farewells};
use crate::error::StoreError;
use crate::open::Store;
use crate::rows;

/// What an acknowledgement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledged {
    /// The tombstone is owed no more.
    Done,
    /// It was acknowledged before.
    Already,
    /// That partner is owed no such tombstone.
    Unknown,
    /// It says that it keeps what it never got: the tombstone is owed still.
    NeverGiven,
}

impl Store {
    /// A recipient has done what a tombstone asks, but for what it keeps by law. `text` is its signed word, which is kept.
    ///
    /// # Errors
    /// When the database cannot be written; the tombstone is owed still.
    pub async fn acknowledge(
        &self,
        recipient: &PartnerId,
        tombstone: TombstoneId,
        text: String,
        retained: Vec<Retained>,
        now: Timestamp,
    ) -> Result<Acknowledged, StoreError> {
        let done = self.people(Acknowledge { recipient: recipient.clone(), tombstone, text, retained, now }).await?;
        if done == Acknowledged::Done {
            // It may have been the last that was known of somebody.
            self.remains.left();
        }
        Ok(done)
    }
}

struct Acknowledge {
    recipient: PartnerId,
    tombstone: TombstoneId,
    text: String,
    retained: Vec<Retained>,
    now: Timestamp,
}

impl Work for Acknowledge {
    type Told = Acknowledged;

    async fn carry_out(self, desk: &mut Desk<'_, '_>) -> Result<Acknowledged, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tombstones WHERE id = $1 AND recipient = $2");
        let name = self.tombstone.to_string();
        let found = desk.transaction.read(sql, &[(&name).into(), self.recipient.as_str().into()]).await?;
        let Some(found) = found.first().map(tombstone).transpose()? else { return Ok(Acknowledged::Unknown) };
        if found.acknowledged_at.is_some() {
            return Ok(Acknowledged::Already);
        }
        if !self.was_given(desk, &found).await? {
            return Ok(Acknowledged::NeverGiven);
        }
        if found.named.is_empty() {
            let mut line = decide::line_of(desk, found.worker, found.purpose, &self.recipient, None, self.now).await?;
            let before = line.held.clone();
            line.acknowledged(found.epoch);
            self.write_held(desk, &found, &before, &line.held).await?;
        } else {
            self.write_corrected(desk, &found).await?;
        }
        if !workers::is_known(desk, found.worker).await? {
            // Whoever was erased, or is lost, leaves nothing behind but this, and now not even this; whoever has a link still sees what is kept.
            if let Some(until) = self.retained.iter().map(|kept| kept.until).max() {
                farewells::keeps(desk, found.id, until).await?;
            }
            forget(desk, found.id, found.worker).await?;
            return Ok(Acknowledged::Done);
        }
        let (retained, until) = erasures::retained_text(&self.retained)?;
        let sql =
            "UPDATE tombstones SET done = $2, acknowledged_at = $3, acknowledgement = $4, retained = $5, retained_until = $6 WHERE id = $1";
        let values = [(&name).into(), true.into(), self.now.micros().into(), (&self.text).into(), (&retained).into(), until.into()];
        desk.transaction.run(sql, &values).await?;
        Ok(Acknowledged::Done)
    }
}

impl Acknowledge {
    /// Whether the recipient may have what it says that it keeps: it was to erase it, and the ledger, where it is there still, says that it got it.
    async fn was_given(&self, desk: &mut Desk<'_, '_>, found: &Tombstone) -> Result<bool, StoreError> {
        let kept = fields_of(&self.retained);
        let allowed = rules(found.purpose).map_or(FieldSet::NONE, |rules| rules.allows);
        let meant = if found.fields.is_empty() { allowed } else { allowed.and(found.fields) };
        if kept.is_empty() || !kept.is_within(meant) {
            return Ok(kept.is_empty());
        }
        let sql = "SELECT DISTINCT fields FROM disclosures WHERE worker = $1 AND recipient = $2 AND purpose = $3";
        let worker = found.worker.to_string();
        let values = [(&worker).into(), self.recipient.as_str().into(), found.purpose.as_str().into()];
        let given = desk.transaction.read(sql, &values).await?;
        let all = given.iter().map(|row| fields(row, 0)).try_fold(FieldSet::NONE, |all, one| one.map(|one| all.or(one)))?;
        Ok(given.is_empty() || kept.is_within(all))
    }

    /// The copies that were named are erased, and nothing else.
    async fn write_corrected(&self, desk: &mut Desk<'_, '_>, found: &Tombstone) -> Result<(), StoreError> {
        for one in &found.named {
            let sql = "UPDATE disclosures SET erased = $4 WHERE id = $1 AND worker = $2 AND recipient = $3";
            let (name, worker) = (one.to_string(), found.worker.to_string());
            desk.transaction.run(sql, &[(&name).into(), (&worker).into(), self.recipient.as_str().into(), true.into()]).await?;
        }
        Ok(())
    }

    /// Brings the ledger to what the line says that the recipient holds: epochs that are gone are erased, or what was left of them is held under the next.
    async fn write_held(&self, desk: &mut Desk<'_, '_>, found: &Tombstone, before: &[Epoch], after: &[Epoch]) -> Result<(), StoreError> {
        let next = found.epoch.next();
        let moves = after.contains(&next) && !found.fields.is_empty();
        for epoch in before.iter().filter(|epoch| !after.contains(epoch)) {
            let sql = if moves {
                "UPDATE disclosures SET held = $5 WHERE worker = $1 AND recipient = $2 AND purpose = $3 AND NOT erased AND held = $4"
            } else {
                "UPDATE disclosures SET erased = $5 WHERE worker = $1 AND recipient = $2 AND purpose = $3 AND NOT erased AND held = $4"
            };
            let worker = found.worker.to_string();
            let last = if moves { rows::number(next.0)?.into() } else { true.into() };
            let values =
                [(&worker).into(), self.recipient.as_str().into(), found.purpose.as_str().into(), rows::number(epoch.0)?.into(), last];
            desk.transaction.run(sql, &values).await?;
        }
        Ok(())
    }
}
