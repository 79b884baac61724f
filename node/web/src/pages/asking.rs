//! Questions to the federation that a page asks: they share with those of clients how many may be on their way, and are counted with them.

use std::sync::Arc;
use std::time::Duration;

use polder_model::answer::QueryResult;
use tokio::sync::OwnedSemaphorePermit;

use super::{Known, PageError, Pages};
use crate::metrics::Metrics;
use crate::quota::Place;

/// A question on its way.
pub(crate) struct Asking {
    metrics: Arc<Metrics>,
    _places: (Place, OwnedSemaphorePermit),
}

impl Pages {
    /// Lets a question of somebody who is logged in go out, if there is room for it.
    pub(crate) fn asking(&self, known: &Known) -> Result<Asking, PageError> {
        let busy = |_| PageError::Busy(Duration::from_secs(1));
        let among_all = Arc::clone(&self.0.questions).try_acquire_owned().map_err(busy)?;
        let own = self.callers().of(&known.is.session.login).admit(true)?;
        Ok(Asking { metrics: Arc::clone(&self.0.metrics), _places: (own, among_all) })
    }
}

impl Asking {
    /// The question has its result.
    pub(crate) fn ended(self, result: &QueryResult) {
        self.metrics.question(result);
    }
}
