//! Erasure (GDPR art. 17): everything ends and is deleted here, and whoever has a copy is told until it has erased it.

use std::collections::BTreeMap;

use polder_consent::erasure::{Counts, Erasure, ToldToErase};
use polder_consent::receipt::CopiesThen;
use polder_consent::{ReceiptId, WorkerId};
use polder_model::{PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Erased, Farewell};
use polder_trust::evidence::{self, EvidenceKind};
use serde::Serialize;

use super::decide::{DecideRefused, REPLICAS_SECONDS};
use super::receipts::ReceiptFailed;
use crate::node::Node;

/// A worker who is not there any more, with what they keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// When it took effect.
    pub at: Timestamp,
    /// The receipt of the erasure, signed; `None` where this node has no key: it was erased all the same.
    pub receipt: Option<String>,
    /// Receipts of the consents that ended.
    pub receipts: Vec<String>,
    /// How much was erased.
    pub counts: Counts,
    /// Whether anybody was told to erase too.
    pub is_told: bool,
}

/// A partner that was told to erase somebody who is not here any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StillThere {
    /// Its name in the register; its id, where it has left.
    pub name: String,
    /// How it stands.
    pub state: StillThereState,
    /// Until when it keeps a part by law, as it says itself.
    pub kept_until: Option<Timestamp>,
}

/// How it stands with copies of somebody who is not here any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StillThereState {
    /// The partner has not said that it erased them.
    Outstanding,
    /// It had not when it left the federation, and cannot be asked.
    Left,
    /// It has, but for what it keeps by law.
    Retained,
    /// It has.
    Erased,
}

impl Node {
    /// Ends and erases everything of a worker. When this returns nothing about them leaves any more, and what was on its way has landed or was cut off.
    ///
    /// # Errors
    /// [`DecideRefused::Unknown`] where there is no such worker; [`DecideRefused::Store`], and all is as it was then.
    pub async fn erase(&self, worker: WorkerId) -> Result<Gone, DecideRefused> {
        self.erase_and_follow(worker, None).await
    }

    /// The same, for somebody who has a link that nobody can guess: by [`Node::farewell`] they see who still has to erase.
    ///
    /// # Errors
    /// As [`Node::erase`].
    pub async fn erase_and_follow(&self, worker: WorkerId, link: Option<String>) -> Result<Gone, DecideRefused> {
        let at = self.now();
        let erased = self.store().erase_and_follow(worker, at.plus_seconds(-REPLICAS_SECONDS), at, link).await?;
        let erased = erased.ok_or(DecideRefused::Unknown)?;
        self.delivery().ring();
        self.flights().drain(worker).await;
        self.empty_write_ahead().await;
        self.wait_for_replicas(erased.left_lately).await;
        let receipts = self.last_receipts(&erased);
        let receipt = self.receipt_of(worker, &erased, at);
        for failed in [receipts.as_ref().err(), receipt.as_ref().err()].into_iter().flatten() {
            tracing::error!(error = %failed, "a worker who was erased gets no receipt");
        }
        let (counts, is_told) = (counts(&erased), !erased.told.is_empty());
        Ok(Gone { at, receipt: receipt.ok(), receipts: receipts.unwrap_or_default(), counts, is_told })
    }

    /// The names of all who would be told to erase if everything of a worker were erased now, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn would_be_told(&self, worker: WorkerId) -> Result<Vec<String>, StoreError> {
        let holders = self.store().holders_of(worker).await?;
        let named = |holder: &PartnerId| Some(self.name_of(holder)).filter(|name| !name.is_empty()).unwrap_or_else(|| holder.to_string());
        let mut names: Vec<String> = holders.iter().map(named).collect();
        names.sort();
        Ok(names)
    }

    /// How it stands with whoever was told to erase somebody who had themself erased, by their link: those who have not erased first, and then by name. Nobody
    /// where there is no such link, or its time is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn farewell(&self, link: &str) -> Result<Vec<StillThere>, StoreError> {
        let mut partners: BTreeMap<PartnerId, Farewell> = BTreeMap::new();
        for one in self.store().farewell(link, self.now()).await? {
            let all = partners.entry(one.recipient.clone()).or_insert_with(|| one.clone());
            (all.owed, all.kept_until) = (all.owed || one.owed, all.kept_until.max(one.kept_until));
        }
        let mut partners: Vec<StillThere> = partners.into_values().map(|one| self.still_there(one)).collect();
        partners.sort_by(|one, other| (one.state, &one.name).cmp(&(other.state, &other.name)));
        Ok(partners)
    }

    fn still_there(&self, of: Farewell) -> StillThere {
        let register = self.register();
        let member = register.member(&of.recipient);
        let state = match (of.owed, of.kept_until) {
            (true, _) if member.is_none() => StillThereState::Left,
            (true, _) => StillThereState::Outstanding,
            (false, Some(_)) => StillThereState::Retained,
            (false, None) => StillThereState::Erased,
        };
        let name = member.map_or_else(|| of.recipient.to_string(), |member| member.name.clone());
        StillThere { name, state, kept_until: of.kept_until.filter(|_| state == StillThereState::Retained) }
    }

    /// The ledger is gone: what is known of copies is what was owed for them.
    fn last_receipts(&self, erased: &Erased) -> Result<Vec<String>, ReceiptFailed> {
        let ended = erased.ended.iter().map(|ended| {
            let copies = if ended.owed { CopiesThen::ToErase } else { CopiesThen::None };
            (ended.kept.consent.clone(), ended.kept.events.clone(), copies)
        });
        let made = self.receipts_of(ended.collect())?;
        Ok(made.into_iter().map(|(signed, _)| signed).collect())
    }

    fn receipt_of(&self, worker: WorkerId, erased: &Erased, at: Timestamp) -> Result<String, ReceiptFailed> {
        let told = erased.told.iter().cloned().map(|(recipient, purpose, epoch)| ToldToErase { recipient, purpose, epoch });
        let counts = counts(erased);
        let id = ReceiptId::from_random(uuid::Uuid::new_v4().into_bytes());
        let payload = Erasure::new(id, self.home().partner.clone(), at, worker, counts, told.collect());
        let key = self.signing_key().ok_or(ReceiptFailed::NoKey)?;
        Ok(evidence::sign(key, EvidenceKind::Erasure, &payload)?)
    }
}

fn counts(erased: &Erased) -> Counts {
    Counts {
        consents: erased.consents,
        disclosures: erased.disclosures,
        questions: erased.questions,
        requests: erased.requests,
        handles: erased.handles,
    }
}
