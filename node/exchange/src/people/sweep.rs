//! What time alone ends: consents whose day has come, copies that may be used no longer, and whatever was kept long enough.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use polder_store::StoreError;
use polder_store::people::Old;

use crate::duties::Duty;
use crate::node::Node;

const DAY: i64 = 86_400;
/// How often is looked, in seconds. A consent authorises nothing from its very end on; this is how soon after it recipients are told.
pub const PEOPLE_SECONDS: u64 = 10;
/// How often the journal notes how far the database is, in seconds: a database that went back by less is not found out by it.
const NOTED_SECONDS: u64 = 60;

/// When the journal noted last how far the database is, by the steady clock.
#[derive(Debug, Default)]
pub(crate) struct Noted(Mutex<Option<Duration>>);

impl Noted {
    fn is_due(&self, now: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now >= last + Duration::from_secs(NOTED_SECONDS));
        if due {
            *last = Some(now);
        }
        due
    }
}

impl Node {
    /// Notes in the journal how far the database is, now and then, and has it forget what is over.
    async fn note_commits(&self) {
        if !self.noted().is_due(self.clock().steady()) {
            return;
        }
        if let Err(error) = self.store().note_commits().await {
            tracing::warn!(%error, "how far the database is is noted in the journal later");
        }
        match self.store().forget_ends(self.now().plus_seconds(-self.policy().remembered_days * DAY)).await {
            Ok(0) => {}
            Ok(lines) => tracing::info!(lines, "the journal has forgotten ends of whoever was erased, or that are old"),
            Err(error) => tracing::warn!(%error, "what is over is forgotten from the journal later"),
        }
    }

    /// Has nothing of whoever was erased stand beside the database any more. Where somebody reads just now it is done later.
    pub(super) async fn empty_write_ahead(&self) {
        match self.store().empty_write_ahead().await {
            Ok(true) => {}
            Ok(false) => tracing::debug!("the write-ahead file of the database is emptied later: somebody reads"),
            Err(error) => tracing::warn!(%error, "the write-ahead file of the database is emptied later"),
        }
    }

    /// Closes consents whose time is over, so that recipients are told, and forgets copies that may be used no longer and what was kept long enough. How
    /// many consents were closed.
    ///
    /// # Errors
    /// When the store could not; the rest is done the next time.
    pub async fn sweep_people(&self) -> Result<usize, StoreError> {
        self.note_commits().await;
        self.empty_write_ahead().await;
        if !self.takes_on(Duty::SweepPeople).await? {
            return Ok(0);
        }
        let (now, mut closed) = (self.now(), 0);
        loop {
            let some = self.store().expire_consents(now).await?;
            closed += some;
            if some == 0 {
                break;
            }
        }
        if closed > 0 {
            tracing::info!(closed, "consents are over; recipients of copies are told");
            self.delivery().ring();
        }
        let (mut forgotten, policy) = (0, self.policy());
        loop {
            let swept = self.store().sweep_copies(now).await?;
            forgotten += swept.copies;
            if swept.is_all {
                break;
            }
        }
        if forgotten > 0 {
            tracing::info!(forgotten, "copies of other partners' people may be used no longer, and were forgotten");
        }
        let (ledger_before, remembered_before) =
            (now.plus_seconds(-policy.ledger_days * DAY), now.plus_seconds(-policy.remembered_days * DAY));
        let mut old = 0;
        loop {
            let rows = self.store().prune_ledger(ledger_before, now).await?;
            let some = rows + self.store().sweep_old(Old { ledger_before, remembered_before, now }).await?;
            old += some;
            if some == 0 {
                break;
            }
        }
        if old > 0 {
            tracing::info!(old, "rows about people were older than they are kept, and were deleted");
        }
        Ok(closed)
    }
}
