//! A partner's privacy officer ends consents of its own workers, or finds that they never held: the way of a withdrawal, on a ground that each worker
//! sees.

use std::collections::BTreeSet;

use polder_consent::{Ground, WorkerId};
use polder_model::Timestamp;
use polder_store::people::{Ended, NotEnded, Seal, Which};

use super::decide::{DecideRefused, Withdrawn};
use crate::node::Node;

/// Consents that one transaction ends.
const AT_ONCE: usize = 100;

impl Node {
    /// Ends these consents, or finds that they never held. When this returns nothing leaves under them any more, and what was on its way has landed or was
    /// cut off.
    ///
    /// # Errors
    /// [`DecideRefused`]. What was named is as it was then; of what was given on a text some may have ended: the same again ends the rest.
    pub async fn revoke(&self, which: Which, ground: Ground) -> Result<Withdrawn, DecideRefused> {
        let (at, mut ended) = (self.now(), Vec::new());
        let outcome = self.revoke_all(which, ground, at, &mut ended).await;
        self.are_over(&ended, ground, at).await;
        outcome.map(|()| Withdrawn { ended, at })
    }

    /// The same of exactly what was looked at before ([`polder_store::Store::what_ends`]); `None` where anything is different by now, and nothing has ended
    /// then.
    ///
    /// # Errors
    /// [`DecideRefused`]. Of many consents some may have ended.
    pub async fn revoke_sealed(&self, which: Which, ground: Ground, sealed: Seal) -> Result<Option<Withdrawn>, DecideRefused> {
        let at = self.now();
        let Some((mut ended, rest)) = self.store().revoke_sealed(which, ground, sealed, at).await? else { return Ok(None) };
        let mut outcome = Ok(());
        for some in rest.chunks(AT_ONCE) {
            outcome = self.revoke_all(Which::These(some.to_vec()), ground, at, &mut ended).await;
            if outcome.is_err() {
                break;
            }
        }
        self.are_over(&ended, ground, at).await;
        outcome.map(|()| Some(Withdrawn { ended, at }))
    }

    /// Nothing leaves any more under what ended, when this returns.
    async fn are_over(&self, ended: &[Ended], ground: Ground, at: Timestamp) {
        let workers: BTreeSet<WorkerId> = ended.iter().map(|one| one.kept.consent.worker).collect();
        futures::future::join_all(workers.into_iter().map(|worker| self.is_over(worker, at))).await;
        tracing::info!(ground = ground.as_str(), consents = ended.len(), "a privacy officer ended consents");
    }

    async fn revoke_all(&self, which: Which, ground: Ground, at: Timestamp, ended: &mut Vec<Ended>) -> Result<(), DecideRefused> {
        let mut after = None;
        loop {
            let some = self.store().revoke(which.clone(), after, ground, at).await?.map_err(|not| match not {
                NotEnded::Unknown => DecideRefused::Unknown,
                NotEnded::NotInForce(state) => DecideRefused::NotInForce(state),
            })?;
            ended.extend(some.ended);
            after = some.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}
