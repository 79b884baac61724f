//! Events of which the partner's own systems are told: how long they are kept, and who of several replicas tells of them.

use polder_store::StoreError;

use crate::duties::Duty;
use crate::node::Node;

/// How long an event is kept, in days; changes of offers are kept for good.
pub const EVENT_DAYS: i64 = 30;

impl Node {
    /// Forgets what is older than that.
    ///
    /// # Errors
    /// When the store could not; the rest is forgotten the next time.
    pub async fn forget_events(&self) -> Result<(), StoreError> {
        let before = self.now().plus_seconds(-EVENT_DAYS * 86_400);
        // In between, other writers get their turn.
        while self.store().forget_events(before).await? {}
        Ok(())
    }

    /// Whether this replica tells systems of events; to be asked again and again while it does.
    ///
    /// # Errors
    /// When the store could not say; nothing is to be told then.
    pub async fn tells_of_events(&self) -> Result<bool, StoreError> {
        self.takes_on(Duty::DeliverEvents).await
    }
}
