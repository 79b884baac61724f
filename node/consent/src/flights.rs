//! What is on its way: for each answer about people that a process has begun, whom it may carry. A withdrawal is acknowledged to the worker only
//! when every process has said that nothing which may carry them, of what was on its way, is on its way any more.
//!
//! An answer begins *before* the transaction that re-checks consent, and may then carry anyone; the transaction says whom it carries. So there is
//! no moment between the check and the bytes at which a withdrawal does not see it. What begins after the withdrawal cannot carry what was
//! withdrawn, and is not waited for.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::WorkerId;

/// The answers of one process that are on their way, by a number of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Flights {
    /// Whom each carries; `None`: not known yet, anyone.
    begun: BTreeMap<u64, Option<BTreeSet<WorkerId>>>,
}

/// What a withdrawal waits for in one process: the answers that were on their way when the process heard of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waiting {
    worker: WorkerId,
    answers: BTreeSet<u64>,
}

impl Flights {
    /// An answer begins; its transaction has not. Its number is one that no other has had since the process started.
    pub fn begin(&mut self, answer: u64) {
        self.begun.insert(answer, None);
    }

    /// Its transaction has committed: it carries these. Whether it may go on; not when it was cut, or never began.
    #[must_use]
    pub fn carries(&mut self, answer: u64, workers: impl IntoIterator<Item = WorkerId>) -> bool {
        let Some(whom) = self.begun.get_mut(&answer) else { return false };
        *whom = Some(workers.into_iter().collect());
        true
    }

    /// Its last byte was handed over, or none will be.
    pub fn end(&mut self, answer: u64) {
        self.begun.remove(&answer);
    }

    /// A withdrawal of that worker has committed. What it waits for here.
    #[must_use]
    pub fn withdraw(&self, worker: WorkerId) -> Waiting {
        let may_carry = |whom: &Option<BTreeSet<WorkerId>>| whom.as_ref().is_none_or(|workers| workers.contains(&worker));
        let answers = self.begun.iter().filter(|(_, whom)| may_carry(whom)).map(|(answer, _)| *answer).collect();
        Waiting { worker, answers }
    }

    /// Forgets what need not be waited for any more. Whether nothing is left.
    pub fn is_over(&self, waiting: &mut Waiting) -> bool {
        let still = self.withdraw(waiting.worker);
        waiting.answers.retain(|answer| still.answers.contains(answer));
        waiting.answers.is_empty()
    }

    /// Time is up: what is still waited for ends here, and hands over no more bytes. The answers whose connections are to be closed.
    pub fn cut(&mut self, waiting: &mut Waiting) -> BTreeSet<u64> {
        self.is_over(waiting);
        for answer in &waiting.answers {
            self.end(*answer);
        }
        std::mem::take(&mut waiting.answers)
    }

    /// How many are on their way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.begun.len()
    }

    /// Whether none is on its way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: WorkerId = WorkerId::from_random([1; 16]);
    const BRAM: WorkerId = WorkerId::from_random([2; 16]);

    #[test]
    fn a_withdrawal_waits_for_what_may_carry_the_worker_and_for_nothing_that_begins_later() {
        let mut flights = Flights::default();
        for answer in 1..=3 {
            flights.begin(answer);
        }
        assert!(flights.carries(1, [ANNA, BRAM]) && flights.carries(2, [BRAM]));
        let mut waiting = flights.withdraw(ANNA);
        flights.begin(4);
        assert!(flights.carries(4, [ANNA]), "it is of a consent that was given since");
        assert!(!flights.is_over(&mut waiting), "1 carries Anna, 3 may");
        assert!(flights.carries(3, [BRAM]));
        assert!(!flights.is_over(&mut waiting), "1 carries Anna");
        flights.end(1);
        assert!(flights.is_over(&mut waiting));
        assert_eq!(flights.len(), 3);
    }

    #[test]
    fn what_was_cut_hands_over_nothing_more() {
        let mut flights = Flights::default();
        assert!(flights.is_empty());
        flights.begin(1);
        flights.begin(2);
        flights.begin(3);
        assert!(flights.carries(1, [ANNA]) && flights.carries(2, [BRAM]));
        let mut waiting = flights.withdraw(ANNA);
        assert_eq!(flights.cut(&mut waiting), BTreeSet::from([1, 3]));
        assert!(flights.is_over(&mut waiting));
        assert_eq!([1, 2].map(|answer| flights.carries(answer, [BRAM])), [false, true]);
        assert!(!flights.carries(3, [ANNA]), "it was cut before its transaction committed");
        flights.end(2);
        assert!(flights.is_empty() && !flights.carries(2, [BRAM]));
    }
}
