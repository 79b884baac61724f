//! Access (GDPR art. 15): what is held of a worker here, and what every partner that received something says that it holds, compared with the ledger.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use polder_consent::holdings::{Difference, Erasing, HeldCopy, Holdings, HoldingsRequest, Keeping, MOST_HELD, differences};
use polder_consent::{Disclosure, FieldSet, WorkerId};
use polder_model::answer::MissingReason;
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use polder_store::StoreError;
use polder_store::people::{Asked, Awaited, Gathered, LedgerRow};
use polder_trust::register::Member;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::moves::Brought;
use super::overview::{Copies, Sight};
use super::receipts::ReceiptFailed;
use super::requests::RequestSight;
use crate::duties::Duty;
use crate::node::Node;
use crate::peers::PeerFailure;

/// How long a partner has to say what it holds.
const DEADLINE: Duration = Duration::from_secs(5);
/// How often is looked for who has not answered.
const ROUND: Duration = Duration::from_secs(1);
/// Most disclosures, and most questions, that are listed at once; the rest is on pages of its own.
const MOST_LISTED: u32 = 10_000;

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

/// What is held of a worker at their own node.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// The profile; left out where it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Everything that was decided, with the text that was read.
    pub consents: Vec<WithText>,
    /// What partners asked for.
    pub requests: Vec<RequestSight>,
    /// Who saw what.
    pub disclosures: Vec<Seen>,
    /// What became of copies under what ended.
    pub erasures: Vec<Copies>,
    /// What was asked on the worker's behalf.
    pub questions: Vec<Asked>,
    /// Signed receipts of all consents, as they stand.
    pub receipts: Vec<String>,
    /// What was brought along from other nodes.
    pub history: Vec<Brought>,
}

/// A profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profile {
    /// Its key at the partner.
    pub key: OfferKey,
    /// Its bytes.
    pub document: Box<RawValue>,
}

/// A consent, with the text that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithText {
    /// The consent.
    #[serde(flatten)]
    pub sight: Sight,
    /// What was read when it was decided.
    pub text: String,
}

/// A disclosure as its worker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The row of the ledger.
    #[serde(flatten)]
    pub disclosure: Disclosure,
    /// The name of the recipient in the register; empty where it has left.
    pub recipient_name: String,
    /// Whether the recipient has said that it erased the copy, but for what it keeps by law.
    pub erased: bool,
    /// What of it the recipient keeps by law, as it says itself.
    #[serde(default, skip_serializing_if = "FieldSet::is_nothing")]
    pub retained: FieldSet,
    /// The number of its leaf in the log of this node.
    pub leaf: u64,
}

/// What a partner says that it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerHoldings {
    /// Who.
    pub partner: PartnerId,
    /// Its name in the register; empty where it has left.
    pub partner_name: String,
    /// `answered` or `awaited`.
    pub state: &'static str,
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

    /// Asks everyone who received something of a worker what they hold. Who does not answer in time is asked again later.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn gather_holdings(&self, worker: WorkerId) -> Result<(), StoreError> {
        self.store().begin_gathering(worker, self.now()).await?;
        let awaited = self.store().holdings_awaited(Some(worker)).await?;
        for done in join_all(awaited.iter().map(|one| self.ask_holdings(one))).await {
            done?;
        }
        Ok(())
    }

    /// Asks again whoever has not answered, without end.
    pub async fn gather_again(&self) {
        loop {
            tokio::time::sleep(ROUND).await;
            let done = match self.takes_on(Duty::GatherHoldings).await {
                Ok(true) => self.gather_once().await,
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                tracing::warn!(%error, "what partners hold of workers is asked later");
            }
        }
    }

    /// Asks everyone who has not answered and whose turn it is.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn gather_once(&self) -> Result<(), StoreError> {
        let awaited = self.store().holdings_awaited(None).await?;
        let now = self.clock().steady();
        let turns = awaited.iter().filter(|one| self.gathering().may_try(&one.recipient, now));
        for done in join_all(turns.map(|one| self.ask_holdings(one))).await {
            done?;
        }
        Ok(())
    }

    async fn ask_holdings(&self, of: &Awaited) -> Result<(), StoreError> {
        let before = self.store().noted_for(of.worker, &of.recipient).await?;
        let asked_at = self.now();
        let said = self.holdings_of_partner(of).await;
        self.gathering().tried(&of.recipient, said.is_ok(), self.clock().steady());
        let came = match said {
            Ok(said) => {
                let after = self.store().noted_for(of.worker, &of.recipient).await?;
                let differences = differences(&before, &after, &said, asked_at, self.now());
                let Holdings { copies, erasing, retained, more, .. } = said;
                serde_json::to_string(&Compared { copies, erasing, retained, more, differences }).map_err(|_| MissingReason::Untrustworthy)
            }
            Err(failure) => {
                tracing::info!(partner = %of.recipient, reason = failure.reason.as_str(), detail = failure.detail, "a partner did not say what it holds; it is asked again");
                Err(failure.reason)
            }
        };
        self.store().note_holdings(of, came.map_err(|reason| reason.as_str().to_owned()), self.now()).await
    }

    async fn holdings_of_partner(&self, of: &Awaited) -> Result<Holdings, PeerFailure> {
        let register = self.register();
        let gone = || PeerFailure::new(MissingReason::NotAMember, "it has left the register");
        let member = register.member(&of.recipient).cloned().ok_or_else(gone)?;
        let asked = HoldingsRequest { handle: of.handle };
        if member.partner == self.home().partner {
            let said = self.answer_holdings(&member, asked).await;
            return said.map_err(|error| PeerFailure::new(MissingReason::Refused, error.to_string()));
        }
        let said = tokio::time::timeout(DEADLINE, self.peers().holdings(Arc::clone(&member), asked, DEADLINE)).await;
        let said = said.unwrap_or_else(|_| Err(PeerFailure::new(MissingReason::Slow, "no reply before the deadline")))?;
        let most = MOST_HELD as usize;
        if said.handle != of.handle || said.copies.len() > most || said.erasing.len() > most || said.retained.len() > most {
            return Err(PeerFailure::new(MissingReason::Untrustworthy, "it is of another person, or more than was asked"));
        }
        Ok(said)
    }

    /// Everything that is held of a worker, as far as is known now.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn access(&self, worker: WorkerId) -> Result<Access, ReceiptFailed> {
        let gathered = self.store().gathered_of(worker).await?;
        let asked_at = gathered.iter().map(|one| one.since).max();
        let partners = gathered.into_iter().map(|one| self.of_partner(one)).collect::<Result<_, _>>()?;
        let (at, controller) = (self.now(), self.home().partner.clone());
        Ok(Access { at, controller, worker, asked_at, values: "with-the-systems-named", home: self.held_here(worker).await?, partners })
    }

    fn of_partner(&self, gathered: Gathered) -> Result<PartnerHoldings, StoreError> {
        let held: Option<Compared> = match &gathered.answer {
            Some((_, text)) => Some(serde_json::from_str(text).map_err(|_| StoreError::Damaged("an answer that cannot be read"))?),
            None => None,
        };
        Ok(PartnerHoldings {
            partner_name: self.name_of(&gathered.recipient),
            partner: gathered.recipient,
            state: if held.is_some() { "answered" } else { "awaited" },
            since: gathered.since,
            answered_at: gathered.answer.map(|(at, _)| at),
            reason: Some(gathered.reason).filter(|reason| !reason.is_empty()),
            held,
        })
    }

    /// Everything that is held of a worker here.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn held_here(&self, worker: WorkerId) -> Result<Home, ReceiptFailed> {
        let kept = self.store().consents_of(worker).await?;
        let receipts = self.receipts(&kept).await?.into_iter().map(|(signed, _)| signed).collect();
        let mut consents = Vec::with_capacity(kept.len());
        for one in kept {
            let text = self.store().notice(&one.consent.notice.sha256).await?.unwrap_or_default();
            let text = String::from_utf8(text).map_err(|_| StoreError::Damaged("a text that is none"))?;
            consents.push(WithText { sight: self.sight(one), text });
        }
        let disclosures = self.disclosures_of(worker, None, MOST_LISTED).await?;
        Ok(Home {
            profile: self.profile_of(worker).await?,
            consents,
            requests: self.requests_of(worker).await?,
            disclosures: disclosures.into_iter().map(|row| self.seen(row)).collect(),
            erasures: self.copies_of(worker).await?,
            questions: self.asked_for(worker, None, MOST_LISTED).await?,
            receipts,
            history: self.histories_of(worker).await?,
        })
    }

    async fn profile_of(&self, worker: WorkerId) -> Result<Option<Profile>, StoreError> {
        let Some(key) = self.store().offer_of(worker).await? else { return Ok(None) };
        let Some(offer) = self.store().offer(Kind::SkillOffer, &key).await? else { return Ok(None) };
        let document = String::from_utf8(offer.document).ok().and_then(|text| RawValue::from_string(text).ok());
        Ok(Some(Profile { key, document: document.ok_or(StoreError::Damaged("a skill offer that cannot be read"))? }))
    }

    /// A disclosure as its worker sees it.
    #[must_use]
    pub fn seen(&self, row: LedgerRow) -> Seen {
        let LedgerRow { disclosure, erased, retained, leaf, .. } = row;
        Seen { recipient_name: self.name_of(&disclosure.recipient), disclosure, erased, retained, leaf }
    }
}
