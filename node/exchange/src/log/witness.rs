//! The witness: this node cosigns logs of other partners that have only grown since it last looked.

use std::sync::Arc;

use polder_model::PartnerId;
use polder_store::{KeptHead, Reader, StoreError, Witnessed};
use polder_trust::log::{Hash, Head, Origin, Refused, Submission, SubmissionError, step};
use polder_trust::register::{Member, Register, Status};

use super::evidence;
use crate::node::Node;

/// How often a step is tried that another submission was sooner with.
const MOST_ATTEMPTS: usize = 8;

/// Why a checkpoint is not cosigned.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WitnessRefused {
    /// The body is not of its form.
    #[error(transparent)]
    Form(#[from] SubmissionError),
    /// Nobody whose log it could be is known here.
    #[error("this is no log of a partner that this node's registers hold")]
    UnknownLog,
    /// The rules of a witness.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// This node has no key.
    #[error("this node signs nothing")]
    NoKey,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Cosigns the log of another partner: the reply, a line. What was cosigned is remembered before, so that nothing else of that log ever is.
    ///
    /// # Errors
    /// Why it does not. Where a log has two histories, both checkpoints are kept as evidence.
    pub async fn add_checkpoint(&self, body: &[u8], from: &PartnerId) -> Result<String, WitnessRefused> {
        let submission = Submission::parse(body)?;
        let origin = &submission.checkpoint.checkpoint().origin;
        let member = self.whose_log(origin).ok_or(WitnessRefused::UnknownLog)?;
        let key = self.signing_key().ok_or(WitnessRefused::NoKey)?;
        let (keys, name) = (member.keys_at(self.now()), origin.to_string());
        for _ in 0..MOST_ATTEMPTS {
            let known = self.store().witnessed(&name).await?;
            let head = known.as_ref().map_or_else(Head::default, |known| of_kept(known.head));
            let (next, to_cosign) = match step(&head, &submission, &keys) {
                Ok(step) => step,
                Err(refused) => {
                    if let (Refused::Forked { .. }, Some(known)) = (refused, &known) {
                        self.keep_evidence(origin, &known.note, &submission.checkpoint.to_string(), from).await?;
                    }
                    return Err(refused.into());
                }
            };
            let now = Witnessed { head: kept(next), at: self.now(), note: submission.checkpoint.to_string() };
            if self.store().witness(&name, known.map(|known| known.head), now).await? {
                tracing::debug!(log = name, size = next.size, "cosigned the log of another partner");
                return Ok(format!("{}\n", to_cosign.cosign(&self.home().partner, key, self.now())));
            }
        }
        Err(StoreError::Busy.into())
    }

    /// The last checkpoint of a partner's log that this node cosigned.
    pub(crate) async fn cosigned_of(&self, partner: &PartnerId) -> Result<Option<String>, StoreError> {
        let Some(origin) = Origin::new(self.register().region(), partner.clone()) else { return Ok(None) };
        Ok(self.store().witnessed(&origin.to_string()).await?.map(|known| known.note))
    }

    /// The partner whose log that is, of this region or of one whose register is carried. Also one that takes part no more.
    fn whose_log(&self, origin: &Origin) -> Option<Arc<Member>> {
        let register = self.shared_register().of_region(origin.region())?;
        register.member(origin.partner()).map(Arc::clone)
    }

    /// Keeps two checkpoints that contradict each other. The first two of a log stay: they are enough.
    async fn keep_evidence(&self, origin: &Origin, known: &str, other: &str, from: &PartnerId) -> Result<(), StoreError> {
        let text = serde_json::to_string(&[known, other]).unwrap_or_default();
        if self.store().replace_setting(&format!("{EVIDENCE}{origin}"), None, &text).await? {
            evidence::write(self.data(), origin, [known, other], from).await;
        }
        Ok(())
    }

    /// The two checkpoints by which a log is known to have two histories, as this node found them; `None` where it knows of none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn log_evidence(&self, origin: &Origin) -> Result<Option<[String; 2]>, StoreError> {
        let text = self.store().setting(&format!("{EVIDENCE}{origin}")).await?;
        let read = text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged("evidence of two histories of a log")));
        read.transpose()
    }
}

/// The logs of which it is known that they have two histories, in the order of their names; also of a database that another process writes to.
///
/// # Errors
/// When the database cannot be read.
pub async fn two_histories(reader: &Reader) -> Result<Vec<Origin>, StoreError> {
    let names = reader.settings_named(EVIDENCE).await?;
    let origins = names.iter().filter_map(|name| name.strip_prefix(EVIDENCE)?.parse().ok());
    Ok(origins.collect())
}

/// Whether the stewards have settled it: the partner is expelled. Of a region whose register is not known here nobody knows.
#[must_use]
pub fn is_settled(origin: &Origin, register: &Register) -> bool {
    let member = register.member(origin.partner()).filter(|_| register.region() == origin.region());
    member.is_some_and(|member| member.status == Status::Expelled)
}

impl Node {
    /// How many logs of other partners had two histories when this process last looked, which it does every few seconds; those of expelled partners
    /// do not count.
    #[must_use]
    pub fn logs_with_two_histories(&self) -> usize {
        self.log().two_histories()
    }

    pub(super) async fn look_at_histories(&self) -> Result<(), StoreError> {
        let found = two_histories(&self.store().reader()).await?;
        let is_open = |origin: &&Origin| {
            let register = self.shared_register().of_region(origin.region());
            register.is_none_or(|register| !is_settled(origin, &register))
        };
        self.log().found_histories(found.iter().filter(is_open).count());
        Ok(())
    }
}

/// Before the name of a log, in the name of the setting.
const EVIDENCE: &str = "log-evidence ";

fn of_kept(kept: KeptHead) -> Head {
    Head { size: kept.size, root: Hash::from_bytes(kept.root) }
}

fn kept(head: Head) -> KeptHead {
    KeptHead { size: head.size, root: *head.root.as_bytes() }
}
