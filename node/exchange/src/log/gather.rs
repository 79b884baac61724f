//! Having a checkpoint cosigned by other partners.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use polder_model::PartnerId;
use polder_store::KeptCheckpoint;
use polder_store::people::Side;
use polder_trust::log::{Hash, Head, SignedCheckpoint, Span, Submission, Witnesses, consistency};
use polder_trust::register::{Member, Status};
use sha2::{Digest, Sha256};

use super::hashes::Hashes;
use super::tend::RENEWED_SECONDS;
use super::{LogFailed, LogPeers, WitnessReply};
use crate::node::Node;
use crate::people::{Recollection, RecollectionAsked};

/// How long a witness has to show what it cosigned.
const DEADLINE: Duration = Duration::from_secs(5);
/// How many partners are asked to cosign.
const ASKED: usize = 16;
/// How many where enough of those have not cosigned for an hour: as many as a note has place for, beside the log itself.
const ASKED_IN_NEED: usize = 63;
const NEED_SECONDS: i64 = 3_600;
/// How often a witness is sent a proof in one round. It knows another size than was thought, and says which; more happens when others are at it too.
const TRIES: usize = 3;

/// Who may cosign, and who is to be asked now.
pub(super) struct Asked {
    pub(super) witnesses: Witnesses,
    due: Vec<Arc<Member>>,
    /// Whether what is kept is to be written anew, whoever cosigns.
    is_old: bool,
}

impl Asked {
    pub(super) fn new(node: &Node, signed: &SignedCheckpoint, last: &KeptCheckpoint) -> Self {
        let (register, now, own) = (node.register(), node.now(), &node.home().partner);
        let is_other = |member: &&Arc<Member>| member.partner != *own && member.status == Status::Active;
        let mut others: Vec<&Arc<Member>> = register.members().iter().filter(is_other).collect();
        let keys_of = |member: &Arc<Member>| member.keys_at(now);
        let witnesses = Witnesses {
            own: register.member(own).map(keys_of).unwrap_or_default(),
            others: others.iter().map(|member| (member.partner.clone(), keys_of(member))).collect(),
            quorum: node.log().quorum.min(others.len()),
        };
        let renewed_before = now.plus_seconds(-RENEWED_SECONDS);
        let lacks = last.cosigned_at.is_none_or(|at| at < now.plus_seconds(-NEED_SECONDS)) && now >= last.at.plus_seconds(NEED_SECONDS);
        others.sort_by_cached_key(|member| rank(own, &member.partner));
        others.truncate(if lacks { ASKED_IN_NEED } else { ASKED });
        others.retain(|member| {
            let at = signed.cosigned(&member.partner, &keys_of(member)).ok().flatten();
            at.is_none_or(|at| at < renewed_before) && node.log().may_ask(&member.partner, node.clock().steady())
        });
        let is_old = witnesses.quorum == 0 && last.cosigned_at.is_none_or(|at| at < renewed_before);
        Self { witnesses, due: others.into_iter().map(Arc::clone).collect(), is_old }
    }

    /// Whether anything is to be done.
    pub(super) fn has_work(&self) -> bool {
        self.is_old || !self.due.is_empty()
    }
}

/// Each log asks others first, so that each partner is asked by as many.
fn rank(own: &PartnerId, other: &PartnerId) -> [u8; 32] {
    Sha256::new().chain_update(own.as_str()).chain_update([0]).chain_update(other.as_str()).finalize().into()
}

impl Node {
    /// Asks those who are due, side by side, and adds what they say.
    pub(super) async fn gather(&self, peers: &dyn LogPeers, signed: &mut SignedCheckpoint, asked: &Asked) -> Result<(), LogFailed> {
        let submitted = signed.clone();
        let replies = join_all(asked.due.iter().map(|member| self.submit(peers, member, &submitted))).await;
        for (member, reply) in asked.due.iter().zip(replies) {
            let witness = &member.partner;
            let added = match reply? {
                Ok(reply) => signed.add_reply(&reply, witness, &member.keys_at(self.now())).map_err(|error| error.to_string()),
                Err(why) => Err(why),
            };
            match added {
                Ok(Some(at)) => {
                    tracing::debug!(%witness, %at, "cosigned");
                    self.log().cosigned(witness, signed.checkpoint().size);
                }
                Ok(None) => self.in_vain(witness, "it replied without a cosignature under a key of its own"),
                Err(why) => self.in_vain(witness, &why),
            }
        }
        Ok(())
    }

    fn in_vain(&self, witness: &PartnerId, why: &str) {
        tracing::info!(%witness, why, "this partner did not cosign the log");
        self.log().failed(witness, self.clock().steady());
    }

    /// Sends a checkpoint with a proof from the size that the witness knows. Its reply, or why there is none.
    async fn submit(
        &self,
        peers: &dyn LogPeers,
        member: &Arc<Member>,
        signed: &SignedCheckpoint,
    ) -> Result<Result<Vec<u8>, String>, LogFailed> {
        let (witness, size) = (&member.partner, signed.checkpoint().size);
        let mut old = self.log().size_at(witness);
        for _ in 0..TRIES {
            old = old.min(size);
            let submission = Submission { old_size: old, proof: self.proof(old, size).await?, checkpoint: signed.clone() };
            match peers.add_checkpoint(Arc::clone(member), submission.to_string()).await {
                Ok(WitnessReply::Cosigned(reply)) => return Ok(Ok(reply)),
                Ok(WitnessReply::Knows(knows)) if knows > size => {
                    self.log().heard(witness, knows);
                    return Ok(Err(self.behind(member, knows, size).await?));
                }
                Ok(WitnessReply::Knows(knows)) if knows == old => {
                    self.look_for_proof(member, size).await?;
                    return Ok(Err(forked(witness, knows)));
                }
                Ok(WitnessReply::Knows(knows)) => {
                    self.log().heard(witness, knows);
                    old = knows;
                }
                Err(failed) => return Ok(Err(format!("{}: {}", failed.reason.as_str(), failed.detail))),
            }
        }
        Ok(Err("it says another size each time".to_owned()))
    }

    /// That the tree of the new size begins with that of the old.
    pub(super) async fn proof(&self, old: u64, size: u64) -> Result<Vec<Hash>, LogFailed> {
        let spans = consistency(old, size).unwrap_or_default();
        let hashes = Hashes::of_spans(self.store(), &spans).await?;
        spans.into_iter().map(|span| hashes.root(span)).collect()
    }

    /// A witness knows more leaves than were signed here: another replica was sooner, or the database is an old one.
    async fn behind(&self, member: &Arc<Member>, knows: u64, size: u64) -> Result<String, LogFailed> {
        let (witness, leaves) = (&member.partner, self.store().log_size().await?);
        if knows > leaves {
            self.look_for_proof(member, size).await?;
            tracing::error!(%witness, knows, leaves, "this log was longer when that partner cosigned it: the database was restored from a backup, \
                and leaves are lost; no witness cosigns what is written in their place (docs/log.md)");
        }
        Ok(format!("it has cosigned {knows} leaves already, and this checkpoint has {size}"))
    }
}

/// Under which name it is remembered of how many lost leaves there was proof.
const LOST: &str = "log-lost";

impl Node {
    /// A witness that knows more leaves, or others, shows the checkpoint that it cosigned: where this node signed it, its database went back, and everyone is asked
    /// what they hold. A size alone proves nothing: anyone can say one.
    async fn look_for_proof(&self, member: &Arc<Member>, signed: u64) -> Result<(), LogFailed> {
        let asked = RecollectionAsked { side: Side::Gave, after: None };
        let Ok(Recollection { log: Some(note), .. }) = self.peers().recollections(Arc::clone(member), asked, DEADLINE).await else {
            return Ok(());
        };
        let Some(shown) = self.own_head(&note) else { return Ok(()) };
        let size = shown.size;
        let is_known = if size > signed { size <= self.store().log_size().await? } else { self.root_of(size).await? == shown.root };
        if is_known {
            return Ok(());
        }
        // Once for each size: what is lost stays lost, and this node opens again when its partners have answered.
        let known = self.store().setting(LOST).await?;
        let before = known.as_deref().and_then(|size| size.parse::<u64>().ok()).unwrap_or_default();
        if size > before && self.store().replace_setting(LOST, known.as_deref(), &size.to_string()).await? {
            tracing::error!(witness = %member.partner, size, signed, "that partner has a checkpoint of this node's log that this node does not know, and signed: it asks all partners what they hold");
            self.store().say_restored(self.now()).await?;
        }
        Ok(())
    }

    /// The root of the first so many leaves, of those that are signed.
    async fn root_of(&self, size: u64) -> Result<Hash, LogFailed> {
        let span = Span::tree(size);
        Hashes::of_spans(self.store(), &[span]).await?.root(span)
    }

    /// What a checkpoint of this node's log says, where this node signed it.
    fn own_head(&self, note: &str) -> Option<Head> {
        let signed = SignedCheckpoint::parse(note.as_bytes()).ok()?;
        let register = self.register();
        let keys = register.member(&self.home().partner)?.keys_at(self.now());
        let is_own = self.log_origin().is_some_and(|origin| signed.checkpoint().origin == origin);
        let head = || Head { size: signed.checkpoint().size, root: signed.checkpoint().root };
        (is_own && signed.is_signed(&keys) == Ok(true)).then(head)
    }
}

/// It was sent a proof from the size that it knows, and refuses all the same: under that size it knows another root.
fn forked(witness: &PartnerId, size: u64) -> String {
    tracing::error!(%witness, size, "this partner has cosigned another history of this node's log: leaves were changed or lost after it did (docs/log.md)");
    format!("it has cosigned another history of {size} leaves")
}
