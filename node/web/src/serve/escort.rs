//! An answer about people on its way out. A withdrawal that is acknowledged promises that no byte of what it ended is handed to TLS any more, so the answer
//! counts as on its way until its last byte has been, or its connection is closed.
//!
//! - Its body says that it ends only when it is asked for more: HTTP/2 does that once what was handed out may be sent, whatever window the reader gives.
//! - What was handed out is written by the connection's own task. Which streams are still open on the wire is seen there, frame by frame; once they are no
//!   more than the requests that are worked on, all that had ended is out.
//! - Whatever takes too long is cut off, with its connection. Where replicas share a store it has a time of its own for that, at which a withdrawal
//!   elsewhere counts on its silence: the connection's stream looks at that time before each byte.

#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};
use std::time::Duration;

use polder_exchange::OnItsWay;
use tokio::sync::oneshot;

use super::activity::Activity;
use super::connection::Connection;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(2);

/// Said of a response by whoever made it: it carries people.
#[derive(Clone, Debug)]
pub(crate) struct CarriesPeople(pub(crate) Arc<OnItsWay>);

/// What the body of such a response holds. The rest is done when it is dropped.
#[derive(Debug)]
pub(super) struct Escorted {
    on_its_way: Arc<OnItsWay>,
    activity: Weak<Activity>,
    ended: Option<oneshot::Sender<u64>>,
}

impl Escorted {
    /// Begins to watch over a response.
    pub(super) fn begin(CarriesPeople(on_its_way): CarriesPeople, connection: &Arc<Connection>, activity: &Arc<Activity>) -> Self {
        let (sender, ended) = oneshot::channel();
        if let Some(until) = on_its_way.until() {
            activity.is_silent_from(until.into());
        }
        tokio::spawn(escort(Arc::clone(&on_its_way), Arc::clone(connection), Arc::downgrade(activity), ended));
        Self { on_its_way, activity: Arc::downgrade(activity), ended: Some(sender) }
    }

    /// Whether no byte of it may leave any more.
    pub(super) fn is_cut(&self) -> bool {
        self.on_its_way.is_cut()
    }
}

impl Drop for Escorted {
    /// How often all was handed on is noted now: a task that looked later could wait for what had happened already.
    fn drop(&mut self) {
        let flushes = self.activity.upgrade().map_or(0, |activity| activity.flushes());
        // Nobody waits for it where it was cut off.
        let _ = self.ended.take().map(|ended| ended.send(flushes));
    }
}

async fn escort(on_its_way: Arc<OnItsWay>, connection: Arc<Connection>, activity: Weak<Activity>, ended: oneshot::Receiver<u64>) {
    let out = async {
        let at_end = ended.await.unwrap_or(u64::MAX);
        let mut looks = 0;
        // A connection that is gone sends nothing.
        while let Some(activity) = activity.upgrade().filter(|activity| activity.is_open()) {
            // Twice, so that a request whose response has just passed is not taken for one that is worked on still.
            looks = if activity.all_is_out(at_end) { looks + 1 } else { 0 };
            if looks == 2 {
                return;
            }
            drop(activity);
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = out => {
            if let (Some(until), Some(activity)) = (on_its_way.until(), activity.upgrade()) {
                activity.may_speak(until.into());
            }
            return;
        }
        () = on_its_way.cut() => {}
    }
    tracing::info!("an answer about people was cut off: it was not taken in time");
    connection.leave();
    while activity.upgrade().is_some_and(|activity| activity.is_open()) {
        tokio::time::sleep(LOOK).await;
    }
}
