//! The processing log on its way: what is next to be sent, and what is old enough to be forgotten.

use polder_store::StoreError;
use polder_store::processing::{ProcessingRecord, Pruned};

use crate::duties::Duty;
use crate::node::Node;

/// Records that are sent together, at most.
const AT_ONCE: u32 = 512;
const DAY: i64 = 86_400;

impl Node {
    /// The records that are to be sent next, in order; none where another replica sends them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn processing_to_send(&self) -> Result<Vec<ProcessingRecord>, StoreError> {
        if !self.takes_on(Duty::KeepProcessing).await? {
            return Ok(Vec::new());
        }
        self.store().unsent_processing(AT_ONCE).await
    }

    /// Forgets records that are older than the partner keeps them, and keys of months for which nobody is to be told any more. What was forgotten.
    ///
    /// # Errors
    /// When the store could not; the rest is done the next time.
    pub async fn prune_processing(&self) -> Result<Pruned, StoreError> {
        let mut pruned = Pruned::default();
        if !self.takes_on(Duty::KeepProcessing).await? {
            return Ok(pruned);
        }
        let (now, policy) = (self.now(), self.policy());
        let (before, keys_before) = (now.plus_seconds(-policy.processing_days * DAY), now.plus_seconds(-policy.processing_keys_days * DAY));
        loop {
            let some = self.store().prune_processing(before, keys_before).await?;
            if some.records == 0 {
                return Ok(pruned);
            }
            pruned = Pruned { records: pruned.records + some.records, unsent: pruned.unsent + some.unsent };
        }
    }
}
