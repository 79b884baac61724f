//! Notices a clock that is set while the node runs.
//!
//! Consents and the register's terms end at an instant. A clock that is set back an hour would give an hour of them back, so nothing about
//! people leaves a node while its clock is further than [`MOST_SECONDS`] from where it would be, had nobody set it since the start. Over
//! when the clock is where it would be again, or at the next start: whoever starts a node vouches for its clock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polder_model::Timestamp;

use crate::clock::Clock;
use crate::node::Node;

/// How far the clock may be set while a node runs, in seconds. A clock that is kept in step is moved by far less.
pub const MOST_SECONDS: u64 = 60;

/// Where the clock was at the start.
pub(crate) struct ClockGuard {
    wall: Timestamp,
    steady: Duration,
    told: AtomicBool,
}

/// Proof that the clock had not been set when it was looked at: nothing about people is released without.
#[derive(Debug)]
pub struct SteadyClock(());

/// The clock was set while the node ran, so far ahead (below zero: back), in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this node's clock was set {} s {} while it ran: nothing about people leaves it until the clock is right again or the node is started anew",
    .0.unsigned_abs(), if *.0 < 0 { "back" } else { "ahead" }
)]
pub struct ClockWasSet(pub i64);

impl ClockGuard {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { wall: clock.now(), steady: clock.steady(), told: AtomicBool::new(false) }
    }

    /// How far ahead the clock is of where it would be, in microseconds.
    fn ahead(&self, clock: &dyn Clock) -> i64 {
        let passed = i64::try_from(clock.steady().saturating_sub(self.steady).as_micros()).unwrap_or(i64::MAX);
        clock.now().micros().saturating_sub(self.wall.micros()).saturating_sub(passed)
    }
}

impl Node {
    /// How far ahead this node's clock was set since the node started, in whole seconds; below zero: back.
    #[must_use]
    pub fn clock_set_by(&self) -> i64 {
        self.clock_guard().ahead(self.clock()) / 1_000_000
    }

    /// Looks whether the clock was set, and logs when that begins and ends.
    ///
    /// # Errors
    /// [`ClockWasSet`] while it is further than [`MOST_SECONDS`] from where it would be.
    pub fn look_at_clock(&self) -> Result<SteadyClock, ClockWasSet> {
        let guard = self.clock_guard();
        let ahead = guard.ahead(self.clock());
        let (was_set, seconds) = (ahead.unsigned_abs() > MOST_SECONDS * 1_000_000, ahead / 1_000_000);
        match (guard.told.swap(was_set, Ordering::SeqCst), was_set) {
            (false, true) => tracing::error!(
                seconds,
                "the clock was set while the node ran: nothing about people leaves it; set the clock right, or, where it is right now, start the node anew"
            ),
            (true, false) => tracing::info!(seconds, "the clock is where it was before it was set: people are answered about again"),
            _ => {}
        }
        if was_set { Err(ClockWasSet(seconds)) } else { Ok(SteadyClock(())) }
    }
}
