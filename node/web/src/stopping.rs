//! The node stops: what would take long ends by itself, and says so, before its connection is cut.

use std::time::Duration;

use tokio::sync::watch;

/// Time for what is on its way; a second less than its connection has.
const TIME: Duration = Duration::from_secs(2);

/// Whether the node stops.
#[derive(Clone, Debug)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// As that channel says.
    pub(crate) fn new(told: watch::Receiver<bool>) -> Self {
        Self(told)
    }

    /// Ends when the node was told to stop, and what was on its way had its time.
    pub(crate) async fn time_is_up(mut self) {
        // The end of whoever tells to stop is a word to stop as well.
        let _ = self.0.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(TIME).await;
    }
}
