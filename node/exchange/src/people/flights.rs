//! Answers about people that are on their way out. A withdrawal waits for those that carry its worker, and has them cut off where they take too long.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use polder_consent::{self as consent, WorkerId};
use tokio::sync::Notify;

/// How long a withdrawal waits for answers on their way before it cuts them off.
const PATIENCE: Duration = Duration::from_millis(1_000);

/// How long an answer may be on its way where several replicas share a store: one that ends a consent does not know what the others have on their way.
const LONGEST_SHARED: Duration = Duration::from_millis(1_400);

/// How long it waits: that long, and as much more as a byte may take between the look at the time and TLS.
pub(super) const REPLICAS: Duration = Duration::from_millis(1_500);

/// What is on its way.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    on: Mutex<On>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct On {
    last: u64,
    flights: consent::Flights,
    /// Of every answer that has not ended: also of those that were cut off, until their connections are closed.
    cuts: BTreeMap<u64, Arc<Cut>>,
}

#[derive(Debug, Default)]
struct Cut {
    is: AtomicBool,
    told: Notify,
}

/// An answer on its way. It has ended when this is dropped: to be held until its last byte is out.
#[derive(Debug)]
pub struct OnItsWay {
    flights: Arc<Flights>,
    number: u64,
    cut: Arc<Cut>,
    /// From then on it is cut off, whoever does or does not say so.
    until: Option<Instant>,
}

impl Flights {
    fn on(&self) -> MutexGuard<'_, On> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer begins, before its ledger is written: a withdrawal that does not stop it has to wait for it.
    pub(crate) fn begin(self: &Arc<Self>, shared: bool) -> OnItsWay {
        let cut = Arc::<Cut>::default();
        let mut on = self.on();
        on.last += 1;
        let number = on.last;
        on.flights.begin(number);
        on.cuts.insert(number, Arc::clone(&cut));
        OnItsWay { flights: Arc::clone(self), number, cut, until: shared.then(|| Instant::now() + LONGEST_SHARED) }
    }

    /// Returns when no answer that began before this call carries that worker any more. Those that take longer than a second are cut off.
    pub(crate) async fn drain(&self, worker: WorkerId) {
        let mut waiting = self.on().flights.withdraw(worker);
        let until = Instant::now() + PATIENCE;
        loop {
            let ended = self.ended.notified();
            if self.on().flights.is_over(&mut waiting) {
                return;
            }
            if tokio::time::timeout_at(until.into(), ended).await.is_err() {
                break;
            }
        }
        let cut = self.on().flights.cut(&mut waiting);
        for number in &cut {
            if let Some(cut) = self.on().cuts.get(number) {
                cut.is.store(true, Ordering::SeqCst);
                cut.told.notify_waiters();
            }
        }
        // What was cut off ends as soon as its connection is closed; whoever closes it was told above.
        loop {
            let ended = self.ended.notified();
            if cut.iter().all(|number| !self.on().cuts.contains_key(number)) {
                return;
            }
            ended.await;
        }
    }
}

impl OnItsWay {
    /// Whom it carries, now that its ledger is written. Whether it may go on: not when it was cut off meanwhile.
    pub(crate) fn carries(&self, workers: impl IntoIterator<Item = WorkerId>) -> bool {
        let goes_on = self.flights.on().flights.carries(self.number, workers);
        self.flights.ended.notify_waiters();
        goes_on
    }

    /// Whether it was cut off: no byte of it may leave from now on.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut.is.load(Ordering::SeqCst) || self.until.is_some_and(|until| until <= Instant::now())
    }

    /// When it is cut off at the latest, whatever else happens; `None` where nothing but a withdrawal at this node cuts it off.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        self.until
    }

    /// Returns when it is cut off.
    pub async fn cut(&self) {
        loop {
            let told = self.cut.told.notified();
            if self.is_cut() {
                return;
            }
            match self.until {
                Some(until) => drop(tokio::time::timeout_at(until.into(), told).await),
                None => told.await,
            }
        }
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        {
            let mut on = self.flights.on();
            on.flights.end(self.number);
            on.cuts.remove(&self.number);
        }
        self.flights.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(number: u8) -> WorkerId {
        WorkerId::from_random([number; 16])
    }

    #[tokio::test]
    async fn a_withdrawal_waits_for_answers_that_may_carry_its_worker() {
        let flights = Arc::<Flights>::default();
        let (one, other) = (flights.begin(false), flights.begin(false));
        assert!(other.carries([worker(2)]));
        let waiting = tokio::spawn({
            let flights = Arc::clone(&flights);
            async move { flights.drain(worker(1)).await }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(!waiting.is_finished(), "whom the first answer carries is not known");
        // One that begins later has seen the withdrawal.
        let later = flights.begin(false);
        assert!(one.carries([worker(1)]));
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(!waiting.is_finished());
        drop(one);
        waiting.await.expect("drained");
        assert!(!other.is_cut() && !later.is_cut());
    }

    #[tokio::test]
    async fn an_answer_that_takes_too_long_is_cut_off() {
        let flights = Arc::<Flights>::default();
        let slow = flights.begin(false);
        assert!(slow.carries([worker(1)]));
        let sender = tokio::spawn(async move {
            slow.cut().await;
            assert!(slow.is_cut());
        });
        let began = tokio::time::Instant::now();
        flights.drain(worker(1)).await;
        assert!(began.elapsed() >= PATIENCE);
        sender.await.expect("it was told");
    }
}
