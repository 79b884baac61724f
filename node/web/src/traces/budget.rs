//! How many spans are recorded: so many a second, whoever asks for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use polder_exchange::traces::Origin;

use crate::metrics::Metrics;
use crate::quota::Bucket;

/// What offers, and each partner, may take of it: one that floods leaves room for the questions of this node and of the others.
const OF_ONE: f64 = 0.25;

/// Spans that may be recorded. A trace is begun where something is left, and then recorded whole: how many spans it has is known only then. What it took
/// too much is paid off before the next one begins.
#[derive(Debug)]
pub(super) struct Budget {
    per_second: f64,
    left: Mutex<Left>,
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Left {
    all: Bucket,
    /// There are no more than partners that the register ever held.
    of_one: HashMap<Origin, Bucket>,
}

impl Budget {
    pub(super) fn new(spans_per_second: u32, metrics: Arc<Metrics>) -> Self {
        let per_second = f64::from(spans_per_second);
        let left = Left { all: Bucket::new(per_second, per_second, Instant::now()), of_one: HashMap::new() };
        Self { per_second, left: Mutex::new(left), metrics }
    }

    /// Whether a trace of that origin may begin.
    pub(super) fn admits(&self, origin: &Origin) -> bool {
        let admitted = self.with(origin, Instant::now(), |all, one| all.holds(1.0) && one.is_none_or(|one| one.holds(1.0)));
        if !admitted {
            self.metrics.trace_over_limit();
        }
        admitted
    }

    /// Counts a span that is recorded.
    pub(super) fn spend(&self, origin: &Origin) {
        self.with(origin, Instant::now(), |all, one| {
            all.spend(1.0);
            if let Some(one) = one {
                one.spend(1.0);
            }
        });
    }

    fn with<T>(&self, origin: &Origin, now: Instant, work: impl FnOnce(&mut Bucket, Option<&mut Bucket>) -> T) -> T {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let Left { all, of_one } = &mut *left;
        all.fill(now);
        if *origin == Origin::Question {
            return work(all, None);
        }
        let most = (self.per_second * OF_ONE).max(1.0);
        if !of_one.contains_key(origin) {
            of_one.insert(origin.clone(), Bucket::new(most, most, now));
        }
        let mut one = of_one.get_mut(origin);
        if let Some(one) = &mut one {
            one.fill(now);
        }
        work(all, one)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn begun(budget: &Budget, origin: &Origin, now: Instant, spans_of_a_trace: usize) -> usize {
        let mut begun = 0;
        while begun < 100_000 && budget.with(origin, now, |all, one| all.holds(1.0) && one.is_none_or(|one| one.holds(1.0))) {
            for _ in 0..spans_of_a_trace {
                budget.with(origin, now, |all, one| {
                    all.spend(1.0);
                    if let Some(one) = one {
                        one.spend(1.0);
                    }
                });
            }
            begun += 1;
        }
        begun
    }

    #[test]
    fn one_partner_takes_a_quarter_and_leaves_the_rest() {
        let (budget, now) = (Budget::new(100, Arc::new(Metrics::new())), Instant::now());
        let partner = |digit: u8| Origin::Partner(format!("kvk:1000000{digit}").parse().expect("a partner"));
        assert_eq!(begun(&budget, &partner(1), now, 1), 25);
        assert_eq!(begun(&budget, &partner(1), now, 1), 0);
        assert_eq!(begun(&budget, &partner(2), now, 1), 25);
        assert_eq!(begun(&budget, &Origin::Offers, now, 1), 25);
        assert_eq!(begun(&budget, &Origin::Question, now, 1), 25, "all of the rest");
        assert_eq!(begun(&budget, &partner(3), now, 1), 0, "nothing is left of all");
        assert_eq!(begun(&budget, &partner(1), now + Duration::from_secs(1), 1), 25);
    }

    #[test]
    fn a_trace_that_took_too_much_is_paid_off() {
        let (budget, now) = (Budget::new(10, Arc::new(Metrics::new())), Instant::now());
        assert_eq!(begun(&budget, &Origin::Question, now, 200), 1);
        assert_eq!(begun(&budget, &Origin::Question, now + Duration::from_secs(18), 1), 0);
        assert_eq!(begun(&budget, &Origin::Question, now + Duration::from_millis(19_200), 1), 2);
    }
}
