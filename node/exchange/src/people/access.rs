//! Access (GDPR art. 15): what is held of a worker here, and what every partner that received something says that it holds, compared with the ledger.

use polder_consent::WorkerId;
use polder_consent::holdings::{Difference, Erasing, HeldCopy, Holdings, HoldingsRequest, Keeping};
use polder_model::{PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::people::Gathered;
use polder_trust::register::Member;
use serde::{Deserialize, Serialize};

use super::held::Home;
use super::receipts::ReceiptFailed;
use crate::node::Node;

/// Everything that is held of a worker.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// When it was put together.
    pub at: Timestamp,
    /// Who keeps the worker's data.
    pub controller: PartnerId,
    /// The worker, as this node names them.
    pub worker: WorkerId,
    /// When partners were asked, the last of them; left out where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// Where the values are that partners received: a node notes that something came, not what.
    pub values: &'static str,
    /// What is held here.
    pub home: Home,
    /// What partners hold, as they say.
    pub partners: Vec<PartnerHoldings>,
}

/// What a partner says that it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerHoldings {
    /// Who.
    pub partner: PartnerId,
    /// Its name in the register; empty where it has left.
    pub partner_name: String,
    /// Whether it has answered.
    pub state: HoldingsState,
    /// Since when it is asked.
    pub since: Timestamp,
    /// When it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Why it has not answered, the last time that it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it holds; left out where it has not answered.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub held: Option<Compared>,
}

/// Whether a partner has said what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldingsState {
    /// It has.
    Answered,
    /// It is asked until it has.
    Awaited,
    /// It had not when it left the federation, and cannot be asked.
    Left,
}

/// An answer, compared with the ledger when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Copies in use.
    pub copies: Vec<HeldCopy>,
    /// Copies that are being erased.
    pub erasing: Vec<Erasing>,
    /// What is kept by law; left out where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retained: Vec<Keeping>,
    /// Whether there is more than is listed.
    pub more: bool,
    /// How it differs from the ledger.
    pub differences: Vec<Difference>,
}

impl Node {
    /// What this node holds of a worker whom that member gave it; nothing of anyone else's.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn answer_holdings(&self, from: &Member, asked: HoldingsRequest) -> Result<Holdings, StoreError> {
        self.store().holdings_for(&from.partner, asked.handle).await
    }

    /// Everything that is held of a worker, as far as is known now.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn access(&self, worker: WorkerId) -> Result<Access, ReceiptFailed> {
        let partners = self.holdings_of(worker).await?;
        let asked_at = partners.iter().map(|one| one.since).max();
        let (at, controller) = (self.now(), self.home().partner.clone());
        Ok(Access { at, controller, worker, asked_at, values: "with-the-systems-named", home: self.held_here(worker).await?, partners })
    }

    /// What partners hold of a worker, as they said when they were asked last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn holdings_of(&self, worker: WorkerId) -> Result<Vec<PartnerHoldings>, StoreError> {
        self.store().gathered_of(worker).await?.into_iter().map(|one| self.of_partner(one)).collect()
    }

    fn of_partner(&self, gathered: Gathered) -> Result<PartnerHoldings, StoreError> {
        let held: Option<Compared> = match &gathered.answer {
            Some((_, text)) => Some(serde_json::from_str(text).map_err(|_| StoreError::Damaged("an answer that cannot be read"))?),
            None => None,
        };
        let state = match held {
            Some(_) => HoldingsState::Answered,
            None if self.register().member(&gathered.recipient).is_none() => HoldingsState::Left,
            None => HoldingsState::Awaited,
        };
        Ok(PartnerHoldings {
            partner_name: self.name_of(&gathered.recipient),
            partner: gathered.recipient,
            state,
            since: gathered.since,
            answered_at: gathered.answer.map(|(at, _)| at),
            reason: Some(gathered.reason).filter(|reason| !reason.is_empty()),
            held,
        })
    }
}
