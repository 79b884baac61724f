//! A partner's privacy officer ends consents of its own workers, or finds that they never held: the way of a withdrawal, on a ground that each worker
//! sees.

use std::collections::BTreeSet;

use polder_consent::{Ground, WorkerId};
use polder_model::Timestamp;
use polder_store::people::{Ended, NotEnded, Which};

use super::decide::{DecideRefused, Withdrawn};
use crate::node::Node;

impl Node {
    /// Ends these consents, or finds that they never held. When this returns nothing leaves under them any more, and what was on its way has landed or was
    /// cut off.
    ///
    /// # Errors
    /// [`DecideRefused`]. What was named is as it was then; of what was given on a text some may have ended: the same again ends the rest.
    pub async fn revoke(&self, which: Which, ground: Ground) -> Result<Withdrawn, DecideRefused> {
        let (at, mut ended) = (self.now(), Vec::new());
        let outcome = self.revoke_all(which, ground, at, &mut ended).await;
        let workers: BTreeSet<WorkerId> = ended.iter().map(|one| one.kept.consent.worker).collect();
        futures::future::join_all(workers.into_iter().map(|worker| self.is_over(worker, at))).await;
        tracing::info!(ground = ground.as_str(), consents = ended.len(), "a privacy officer ended consents");
        outcome.map(|()| Withdrawn { ended, at })
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
