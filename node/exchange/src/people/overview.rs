//! What a worker sees: who may see what, who saw what, what was asked on their behalf, and what has been erased where.

use polder_consent::leaf::row_bytes;
use polder_consent::{Consent, DisclosureId, Epoch, FieldSet, Retained, State, WorkerId};
use polder_model::{PartnerId, Purpose, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Asked, Kept, LedgerRow, Tombstone};
use polder_trust::log::Export;
use serde::{Deserialize, Serialize};

use crate::log::{ExportRefused, LogRow};
use crate::node::Node;

/// Disclosures that are read at a time.
const PAGE: u32 = 1_000;

/// A consent, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sight {
    /// The record.
    pub consent: Consent,
    /// The name of the recipient in the register; empty where it has left.
    pub recipient_name: String,
    /// Where it stands; left out where its events cannot be read: it authorises nothing then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// What happened to it.
    pub events: Vec<polder_consent::Event>,
}

/// What became of the copies that a recipient has, or had, under a consent that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Copies {
    /// Who.
    pub recipient: PartnerId,
    /// Its name in the register; empty where it has left.
    pub recipient_name: String,
    /// For what they were given.
    pub purpose: Purpose,
    /// Copies of this epoch and before.
    pub epoch: Epoch,
    /// The fields that are to be erased; none: everything.
    pub fields: FieldSet,
    /// The disclosures that are meant, where something was corrected and the consent stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<DisclosureId>,
    /// `erased`; `retained`: erased, but for what the recipient keeps by law; `outstanding`; or `left`: it has left the federation and cannot be asked.
    pub state: String,
    /// Since when it is to be erased.
    pub since: Timestamp,
    /// When the recipient had erased it, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// What it keeps by law, as it says itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retained: Vec<Retained>,
}

impl Node {
    /// A consent as its worker sees it.
    #[must_use]
    pub fn sight(&self, kept: Kept) -> Sight {
        let state = kept.state(self.now());
        Sight { recipient_name: self.name_of(&kept.consent.recipient), state, consent: kept.consent, events: kept.events }
    }

    /// What a worker decided, the last one first, each with the number of its leaf of the log; those whose leaf is before that number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn consents_of(&self, worker: WorkerId, before: Option<u64>, most: u32) -> Result<Vec<(Sight, u64)>, StoreError> {
        let kept = self.store().consents_before(worker, before, most).await?;
        Ok(kept.into_iter().map(|(kept, leaf)| (self.sight(kept), leaf)).collect())
    }

    /// What is in force of it, the last one first, each with the number of its leaf of the log; those whose leaf is before that number. And how many there
    /// are in all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn consents_in_force(
        &self,
        worker: WorkerId,
        before: Option<u64>,
        most: u32,
    ) -> Result<(Vec<(Sight, u64)>, u64), StoreError> {
        let (kept, count) = self.store().consents_in_force(worker, before, most, self.now()).await?;
        Ok((kept.into_iter().map(|(kept, leaf)| (self.sight(kept), leaf)).collect(), count))
    }

    /// What of it whoever keeps their profile ended, or found that it never held, since then: the last one first, at most `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn consents_ended_for(&self, worker: WorkerId, since: Timestamp, most: u32) -> Result<Vec<Sight>, StoreError> {
        Ok(self.store().consents_ended_for(worker, since, most).await?.into_iter().map(|kept| self.sight(kept)).collect())
    }

    /// Who saw what of a worker, the last one first; those whose leaf of the log is before that number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn disclosures_of(&self, worker: WorkerId, before: Option<u64>, most: u32) -> Result<Vec<LedgerRow>, StoreError> {
        self.store().disclosures_of(worker, before, most).await
    }

    /// What is to be erased of a worker, by whom, and who has done it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn copies_of(&self, worker: WorkerId) -> Result<Vec<Copies>, StoreError> {
        Ok(self.store().tombstones_of(worker).await?.into_iter().map(|tombstone| self.copies(tombstone)).collect())
    }

    /// A page of the same, the last one first, and where the page ends, by instant and id; after such a place, where one is given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn copies_page(
        &self,
        worker: WorkerId,
        after: Option<(Timestamp, &str)>,
        most: u32,
    ) -> Result<Vec<(Copies, String)>, StoreError> {
        let found = self.store().tombstones_before(worker, after, most).await?;
        Ok(found.into_iter().map(|tombstone| (tombstone.id.to_string(), tombstone)).map(|(id, one)| (self.copies(one), id)).collect())
    }

    fn copies(&self, tombstone: Tombstone) -> Copies {
        let register = self.register();
        let state = match tombstone.acknowledged_at {
            Some(_) if tombstone.retained.is_empty() => "erased",
            Some(_) => "retained",
            None if register.member(&tombstone.recipient).is_none() => "left",
            None => "outstanding",
        };
        Copies {
            recipient_name: self.name_of(&tombstone.recipient),
            recipient: tombstone.recipient,
            purpose: tombstone.purpose,
            epoch: tombstone.epoch,
            fields: tombstone.fields,
            disclosures: tombstone.named,
            state: state.to_owned(),
            since: tombstone.at,
            erased_at: tombstone.acknowledged_at,
            retained: tombstone.retained,
        }
    }

    /// What was asked on a worker's behalf, the last one first; after that one, by its instant and id, where there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn asked_for(&self, worker: WorkerId, after: Option<(Timestamp, &str)>, most: u32) -> Result<Vec<Asked>, StoreError> {
        self.store().asked_for(worker, after, most).await
    }

    /// The proof that what this node wrote down of a worker stands in its log: every decision and every disclosure that is under a checkpoint already,
    /// and how many are not yet. `polder log verify` checks it without any node.
    ///
    /// # Errors
    /// When nothing was signed yet, or the log cannot be read or does not fit together.
    pub async fn proof_of(&self, worker: WorkerId) -> Result<(Export, usize), ExportRefused> {
        let signed = self.log_signed().await?;
        let mut rows: Vec<LogRow> = Vec::new();
        for (text, salt, seq) in self.store().decisions_of(worker).await? {
            rows.push(LogRow { seq, text: Some((text, salt)) });
        }
        let mut before = None;
        loop {
            let page = self.store().disclosures_of(worker, before, PAGE).await?;
            before = page.last().map(|row| row.leaf);
            let whole = page.len() == PAGE as usize;
            rows.extend(page.into_iter().map(|row| LogRow { seq: row.leaf, text: Some((row_bytes(&row.disclosure), row.salt)) }));
            if !whole {
                break;
            }
        }
        let all = rows.len();
        rows.retain(|row| row.seq < signed);
        rows.sort_unstable_by_key(|row| row.seq);
        let pending = all - rows.len();
        if rows.is_empty() && pending > 0 {
            return Err(ExportRefused::NotYet);
        }
        Ok((self.log_export(rows).await?, pending))
    }

    pub(super) fn name_of(&self, partner: &PartnerId) -> String {
        self.register().member(partner).map(|member| member.name.clone()).unwrap_or_default()
    }
}
