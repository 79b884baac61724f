//! What a worker takes along: rows with the proof that they stand in the log.

use std::collections::BTreeMap;

use polder_consent::{Leaf, Salt};
use polder_store::StoreError;
use polder_trust::log::{Export, Hash, Row, SignedCheckpoint, Span, Witnesses, inclusion, leaf_hash, verify_inclusion};
use polder_trust::register::{Member, Status};

use super::LogFailed;
use super::hashes::Hashes;
use super::sign::read;
use crate::node::Node;

/// Rows whose proofs are made together.
const AT_ONCE: usize = 256;

/// A row that is to be proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The number of its leaf.
    pub seq: u64,
    /// Its bytes and its salt, as they were hashed; `None` after they were erased.
    pub text: Option<(Vec<u8>, Salt)>,
}

/// Why there is no export.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ExportRefused {
    /// A leaf is under no checkpoint yet.
    #[error("the latest of it is not signed yet; try again in a minute")]
    NotYet,
    /// A row is not text.
    #[error("a row is no text")]
    NoText,
    /// The log.
    #[error(transparent)]
    Log(#[from] LogFailed),
}

impl From<StoreError> for ExportRefused {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

impl Node {
    /// These rows, in their order, with proofs under one checkpoint: the last that enough partners cosigned, or the last of all where that has not all of
    /// them yet. Each proof is verified before it is given.
    ///
    /// # Errors
    /// When a leaf is under no checkpoint yet, the database cannot be read, or what is kept does not fit together.
    pub async fn log_export(&self, rows: Vec<LogRow>) -> Result<Export, ExportRefused> {
        let above = rows.iter().map(|row| row.seq + 1).max().unwrap_or(0);
        let signed = self.checkpoint_over(above).await?;
        let mut proved = Vec::with_capacity(rows.len());
        for some in rows.chunks(AT_ONCE) {
            proved.extend(self.prove(some, &signed).await?);
        }
        Ok(Export::new(&signed, proved))
    }

    /// The proof that the tree of the new size begins with that of the old (RFC 6962, section 2.1.2): for whoever kept a checkpoint of it.
    ///
    /// # Errors
    /// When the old one is larger, the new one is not signed yet, or the log cannot be read.
    pub async fn log_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, ExportRefused> {
        if old > new || new > self.log_signed().await? {
            return Err(ExportRefused::NotYet);
        }
        Ok(self.proof(old, new).await?)
    }

    /// Who may have cosigned this node's log, as the register has it: also those who have left since, with all their keys.
    #[must_use]
    pub fn log_witnesses(&self) -> Witnesses {
        let (register, own) = (self.register(), &self.home().partner);
        let keys = |member: &Member| member.message_keys.iter().map(|key| key.public_key).collect();
        let others: Vec<_> = register.members().iter().filter(|member| member.partner != *own).collect();
        let active = others.iter().filter(|member| member.status == Status::Active).count();
        Witnesses {
            own: register.member(own).map(|member| keys(member)).unwrap_or_default(),
            others: others.iter().map(|member| (member.partner.clone(), keys(member))).collect(),
            quorum: self.log().quorum.min(active),
        }
    }

    /// How many leaves are under the last checkpoint.
    pub(crate) async fn log_signed(&self) -> Result<u64, ExportRefused> {
        Ok(self.store().reader().log_state().await?.last.map_or(0, |kept| kept.size))
    }

    async fn checkpoint_over(&self, leaves: u64) -> Result<SignedCheckpoint, ExportRefused> {
        let state = self.store().reader().log_state().await?;
        let origin = self.log_origin().ok_or(LogFailed::Damaged("the region has no name"))?;
        let found = [state.cosigned, state.last].into_iter().flatten().find(|kept| kept.size >= leaves);
        Ok(read(&found.ok_or(ExportRefused::NotYet)?, &origin)?)
    }

    async fn prove(&self, rows: &[LogRow], signed: &SignedCheckpoint) -> Result<Vec<Row>, ExportRefused> {
        let checkpoint = signed.checkpoint();
        let seqs: Vec<u64> = rows.iter().map(|row| row.seq).collect();
        let leaves: BTreeMap<u64, Vec<u8>> = self.store().leaves_numbered(&seqs).await?;
        let mut spans: Vec<Vec<Span>> = Vec::with_capacity(rows.len());
        for seq in seqs {
            spans.push(inclusion(seq, checkpoint.size).ok_or(ExportRefused::NotYet)?);
        }
        let hashes = Hashes::of_spans(self.store(), &spans.concat()).await?;
        let mut proved = Vec::with_capacity(rows.len());
        for (row, spans) in rows.iter().zip(spans) {
            let bytes = leaves.get(&row.seq).ok_or(LogFailed::Damaged("a leaf is missing"))?;
            let leaf: Leaf = serde_json::from_slice(bytes).map_err(|_| LogFailed::Damaged("a leaf cannot be read"))?;
            let proof = spans.into_iter().map(|span| hashes.root(span)).collect::<Result<Vec<_>, _>>()?;
            if !verify_inclusion(&leaf_hash(bytes), row.seq, checkpoint.size, &proof, &checkpoint.root) || leaf.bytes() != *bytes {
                return Err(LogFailed::Damaged("a leaf is not the one that was signed").into());
            }
            let (text, salt) = match &row.text {
                Some((text, salt)) => {
                    let text = String::from_utf8(text.clone()).map_err(|_| ExportRefused::NoText)?;
                    (Some(text), Some(salt.to_hex()))
                }
                None => (None, None),
            };
            proved.push(Row { leaf, proof, row: text, salt });
        }
        Ok(proved)
    }
}
