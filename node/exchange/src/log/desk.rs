//! What this process remembers of its log and of its witnesses. Nothing of it is needed to go on after a restart.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use polder_model::PartnerId;

use super::QUORUM;
use super::standing::{LogNow, LogStanding};

/// The first pause after a witness that did not cosign, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(3_600));

/// The log's place in a node.
#[derive(Debug)]
pub(crate) struct LogDesk {
    /// How many others have to cosign, where there are as many.
    pub(super) quorum: usize,
    /// One round at a time.
    pub(super) round: tokio::sync::Mutex<()>,
    ways: Mutex<HashMap<PartnerId, Way>>,
    found: Mutex<(LogNow, LogStanding)>,
    two_histories: AtomicUsize,
}

/// What is known of a witness.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// The size that it last cosigned, as it said.
    size: u64,
    /// Until when it is left alone, by the steady clock, and for how long that is.
    pause: Option<(Duration, Duration)>,
}

impl LogDesk {
    /// Of a log that stands so.
    pub(crate) fn new(now: LogNow) -> Self {
        let found = Mutex::new((now, LogStanding::Cosigned));
        Self { quorum: QUORUM, round: tokio::sync::Mutex::default(), ways: Mutex::default(), found, two_histories: AtomicUsize::new(0) }
    }

    /// The same, where so many others have to cosign.
    pub(crate) fn with_quorum(self, quorum: usize) -> Self {
        Self { quorum, ..self }
    }

    /// How the log stood when it was last looked at.
    pub(super) fn now(&self) -> LogNow {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Notes how it stands. What was noted before, where the standing is another.
    pub(super) fn found(&self, now: LogNow, standing: LogStanding) -> Option<LogStanding> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *found, (now, standing));
        (before.1 != standing).then_some(before.1)
    }

    /// How many logs of other partners had two histories when it was last looked.
    pub(super) fn two_histories(&self) -> usize {
        self.two_histories.load(Ordering::Relaxed)
    }

    pub(super) fn found_histories(&self, count: usize) {
        self.two_histories.store(count, Ordering::Relaxed);
    }

    fn ways(&self) -> MutexGuard<'_, HashMap<PartnerId, Way>> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The size that a witness last cosigned, as far as this process knows.
    pub(super) fn size_at(&self, witness: &PartnerId) -> u64 {
        self.ways().get(witness).map_or(0, |way| way.size)
    }

    /// Whether a witness may be asked.
    pub(super) fn may_ask(&self, witness: &PartnerId, steady: Duration) -> bool {
        let until = self.ways().get(witness).and_then(|way| way.pause);
        until.is_none_or(|(until, _)| until <= steady)
    }

    /// A witness said what it last cosigned.
    pub(super) fn heard(&self, witness: &PartnerId, size: u64) {
        self.ways().entry(witness.clone()).or_default().size = size;
    }

    /// A witness cosigned that size.
    pub(super) fn cosigned(&self, witness: &PartnerId, size: u64) {
        self.ways().insert(witness.clone(), Way { size, pause: None });
    }

    /// A witness did not cosign.
    pub(super) fn failed(&self, witness: &PartnerId, steady: Duration) {
        let mut ways = self.ways();
        let way = ways.entry(witness.clone()).or_default();
        let pause = way.pause.map_or(PAUSES.0, |(_, last)| (last * 2).min(PAUSES.1));
        way.pause = Some((steady + pause, pause));
    }
}
