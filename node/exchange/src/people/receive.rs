//! The recipient's half: what came is noted before any client gets it; a tombstone erases it, and is acknowledged once every client has erased too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use polder_consent::retained::MOST_RETAINED_IN_ALL;
use polder_consent::withdrawal::{Acknowledgement, MOST_NAMED, Tombstone};
use polder_consent::{TombstoneId, withdrawal};
use polder_model::PartnerId;
use polder_store::StoreError;
use polder_store::people::{Acknowledged, Erasure, Keeps, NotErased, NotKept, Sent, Settled, TombstoneTaken};
use polder_trust::evidence::{self, EvidenceError, EvidenceKind};
use polder_trust::register::Member;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::node::Node;
use crate::traces;

/// When the last backup of a node that holds what was erased is gone, in seconds after the erasure: 35 days.
const BACKUPS_SECONDS: i64 = 35 * 86_400;
/// Acknowledgements of one call.
const AT_ONCE: usize = 100;
/// How long a source has to take an acknowledgement that it does not wait for.
const DEADLINE: Duration = Duration::from_secs(2);

/// Signed evidence on its way to another node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Tombstones or acknowledgements, each a compact JWS.
    pub evidence: Vec<String>,
}

/// What a recipient says of tombstones that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivered {
    /// Those that are done with: acknowledgements, each a compact JWS.
    pub acknowledgements: Vec<String>,
    /// Those that a client of the recipient is behind with. They are acknowledged later.
    pub pending: Vec<TombstoneId>,
}

/// Why evidence of a partner is not taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveRefused {
    /// It is not signed by that partner, or not of its form.
    #[error("evidence is not signed by this partner, or not of its form: {0}")]
    Evidence(#[from] EvidenceError),
    /// What it says is not of its form.
    #[error("what the evidence says is not of its form")]
    Form,
    /// It is of another partner, or for another one.
    #[error("the evidence is of another partner than who sent it, or for another one")]
    NotTheirs,
    /// What it says to be kept by law is not what may be.
    #[error("what it keeps by law has no field, or its time is over or too long, or there is too much of it")]
    Retained,
    /// A client says that it erased more than it was told to.
    #[error("{}", not_listed(*.last))]
    NotListed {
        /// The number of the last that it was told; 0 where there is none.
        last: u64,
    },
    /// This node has no key to sign with.
    #[error("this node has no key to sign with")]
    NoKey,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn not_listed(last: u64) -> String {
    match last {
        0 => "there is nothing that this system is to erase: GET /v1/erasures lists nothing".to_owned(),
        _ => format!(
            "upTo is at most {last}, the last number that is there for this system; read GET /v1/erasures, erase, and say the last number that you read"
        ),
    }
}

impl Node {
    /// Takes tombstones of a partner in: all are read before the first is carried out.
    ///
    /// # Errors
    /// [`ReceiveRefused`]: one of them does not hold, or the store could not; those before it may have been carried out then, which does no harm.
    pub async fn take_tombstones(&self, from: &Member, said: &[String]) -> Result<Delivered, ReceiveRefused> {
        let mut tombstones: Vec<Tombstone> = Vec::with_capacity(said.len());
        for one in said {
            let tombstone: Tombstone = self.read(EvidenceKind::Tombstone, one, from)?;
            if tombstone.iss != from.partner || tombstone.aud != self.home().partner {
                return Err(ReceiveRefused::NotTheirs);
            }
            if tombstone.disclosures.len() > MOST_NAMED {
                return Err(ReceiveRefused::Form);
            }
            tombstones.push(tombstone);
        }
        let (now, clients) = (self.now(), self.clients().await?);
        let clients = &clients;
        let taken = tombstones.into_iter().map(async |tombstone| {
            let Tombstone { id, handle, purpose, epoch, fields, disclosures: named, .. } = tombstone;
            let sent = Sent { tombstone: id, source: from.partner.clone(), handle, purpose, epoch, fields, named };
            (id, self.store().take_tombstone(sent, clients, Some(traces::chain()), now).await)
        });
        let mut delivered = Delivered::default();
        // They are queued in their order, and share transactions.
        for (id, taken) in join_all(taken).await {
            let taken = taken?;
            if taken.waiting == 0 {
                delivered.acknowledgements.push(self.sign_acknowledgement(&from.partner, id, taken)?);
            } else {
                delivered.pending.push(id);
            }
        }
        Ok(delivered)
    }

    /// Takes an acknowledgement in. Whether it was owed still; what does not hold is logged and counts for nothing.
    pub(crate) async fn take_acknowledgement(&self, from: &Member, said: &str) -> Result<bool, StoreError> {
        let read = self.read::<Acknowledgement>(EvidenceKind::Acknowledgement, said, from);
        let now = self.now();
        let ours = read.and_then(|read| {
            let kept = &read.retained;
            match read.iss == from.partner && read.aud == self.home().partner {
                false => Err(ReceiveRefused::NotTheirs),
                true if kept.len() > MOST_RETAINED_IN_ALL || kept.iter().any(|kept| kept.check(now).is_err()) => {
                    Err(ReceiveRefused::Retained)
                }
                true => Ok(read),
            }
        });
        let acknowledgement = match ours {
            Ok(acknowledgement) => acknowledgement,
            Err(why) => {
                tracing::warn!(partner = %from.partner, %why, "an acknowledgement does not hold");
                return Ok(false);
            }
        };
        let Acknowledgement { tombstone, retained, .. } = acknowledgement;
        let done = self.store().acknowledge(&from.partner, tombstone, said.to_owned(), retained, now).await?;
        if done == Acknowledged::NeverGiven {
            tracing::warn!(partner = %from.partner, "this partner says that it keeps by law what it never got: it is owed the tombstone still");
        }
        Ok(done == Acknowledged::Done)
    }

    /// Takes acknowledgements of a partner in. How many were owed still.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn take_acknowledgements(&self, from: &Member, said: &[String]) -> Result<usize, StoreError> {
        let mut count = 0;
        for done in join_all(said.iter().map(|one| self.take_acknowledgement(from, one))).await {
            count += usize::from(done?);
        }
        Ok(count)
    }

    /// Tombstones of this node that a partner is owed, after that number: it may fetch what did not reach it.
    ///
    /// # Errors
    /// When the store cannot be read, or nothing can be signed.
    pub async fn tombstones_for(&self, partner: &PartnerId, after: u64, most: u32) -> Result<Vec<String>, ReceiveRefused> {
        let owed = self.store().owed_to(partner, after, most).await?;
        owed.iter().map(|tombstone| self.sign_tombstone(tombstone).ok_or(ReceiveRefused::NoKey)).collect()
    }

    /// What a client of this node is to erase, after that number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn erasures(&self, client: &str, after: u64, most: u32) -> Result<Vec<Erasure>, StoreError> {
        self.store().erasures_for(client, after, most).await
    }

    /// A client says that it has erased everything up to that number, but for what it keeps by law. Sources whose tombstones are done with hear of it at
    /// once; one that cannot be reached asks again. How many tombstones are done with; where it cannot keep something, which of it and why.
    ///
    /// # Errors
    /// When the store could not.
    pub async fn erased(
        &self,
        client: &str,
        up_to: u64,
        keeps: Vec<Keeps>,
    ) -> Result<Result<usize, Vec<(usize, NotKept)>>, ReceiveRefused> {
        match self.store().erased_up_to(client, up_to, keeps, self.now()).await? {
            Ok(settled) => self.settled(settled).await.map(Ok),
            Err(NotErased::NotListed { last }) => Err(ReceiveRefused::NotListed { last }),
            Err(NotErased::NotKept(refused)) => Ok(Err(refused)),
        }
    }

    /// The same of these alone, of which it keeps nothing; where one of them is listed no more, nothing is noted.
    ///
    /// # Errors
    /// When the store could not, or one of them is not listed.
    pub async fn erased_these(&self, client: &str, numbers: BTreeSet<u64>) -> Result<usize, ReceiveRefused> {
        match self.store().erased_these(client, numbers, self.now()).await? {
            Ok(settled) => self.settled(settled).await,
            Err(NotErased::NotListed { last }) => Err(ReceiveRefused::NotListed { last }),
            // Nothing is said to be kept.
            Err(NotErased::NotKept(_)) => Ok(0),
        }
    }

    /// Tells sources what is done with. How much that is.
    async fn settled(&self, settled: Vec<Settled>) -> Result<usize, ReceiveRefused> {
        let (count, mut said) = (settled.len(), BTreeMap::<PartnerId, Vec<String>>::new());
        for Settled { source, tombstone, taken } in settled {
            let signed = self.sign_acknowledgement(&source, tombstone, taken)?;
            said.entry(source).or_default().push(signed);
        }
        let register = self.register();
        let known = said.into_iter().filter_map(|(source, said)| Some((Arc::clone(register.member(&source)?), said)));
        for done in join_all(known.map(|(member, said)| self.say_erased(member, said))).await {
            done?;
        }
        Ok(count)
    }

    /// Tells a source what is done with. What does not reach it is asked again.
    async fn say_erased(&self, to: Arc<Member>, said: Vec<String>) -> Result<(), StoreError> {
        for some in said.chunks(AT_ONCE) {
            if to.partner == self.home().partner {
                self.take_acknowledgements(&to, some).await?;
            } else if let Err(failure) = self.peers().acknowledgements(Arc::clone(&to), some.to_vec(), DEADLINE).await {
                tracing::info!(partner = %to.partner, why = failure.detail, "acknowledgements were not delivered; their source asks again");
                break;
            }
        }
        Ok(())
    }

    fn sign_acknowledgement(&self, source: &PartnerId, tombstone: TombstoneId, taken: TombstoneTaken) -> Result<String, ReceiveRefused> {
        let (now, TombstoneTaken { clients: copies, retained, .. }) = (self.now(), taken);
        let said = withdrawal::Acknowledgement {
            tombstone,
            iss: self.home().partner.clone(),
            aud: source.clone(),
            erased_at: now,
            copies,
            retained,
            backups_gone_by: now.plus_seconds(BACKUPS_SECONDS),
        };
        let key = self.signing_key().ok_or(ReceiveRefused::NoKey)?;
        Ok(evidence::sign(key, EvidenceKind::Acknowledgement, &said)?)
    }

    pub(super) fn read<T: DeserializeOwned>(&self, kind: EvidenceKind, said: &str, from: &Member) -> Result<T, ReceiveRefused> {
        let payload = evidence::verify_of(kind, said, from, self.now())?;
        serde_json::from_slice(&payload).map_err(|_| ReceiveRefused::Form)
    }
}
