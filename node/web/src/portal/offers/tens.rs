//! Which of the offers that fit are shown, and in which order: those for an occupation that the worker wants before all others, each by score. The order is made
//! of all that a question gives, so that it is the same for the page, for its script and in each part of ten.

use polder_model::answer::{QueryResult, ResultHit};
use polder_model::rank::points;
use polder_model::reason::{Ground, Reason};

/// Offers on the page.
const SHOWN: u16 = 10;
/// Pages of them: no question gives more.
const PARTS: u16 = 10;
/// Offers that are asked for, whichever part is shown.
pub(super) const ASKED: u16 = SHOWN * PARTS;

/// Ten of the offers, by their place in the order: from 1 to [`PARTS`].
#[derive(Clone, Copy)]
pub(super) struct Ten(u16);

impl Ten {
    pub(super) const FIRST: Self = Self(1);

    /// That one, or the nearest that there is.
    pub(super) fn new(number: u16) -> Self {
        Self(number.clamp(1, PARTS))
    }

    pub(super) const fn number(self) -> u16 {
        self.0
    }

    /// Whether another one can come after it.
    pub(super) const fn goes_on(self) -> bool {
        self.0 < PARTS
    }

    /// The offers of this part.
    pub(super) fn of(self, mut hits: Vec<ResultHit>) -> Vec<ResultHit> {
        // The order by score stays within both.
        hits.sort_by_key(|hit| !hit.reasons.iter().any(is_wanted));
        hits.into_iter().skip(usize::from(SHOWN * (self.0 - 1))).take(usize::from(SHOWN)).collect()
    }

    /// The same of a result; there is more where others come after them.
    pub(super) fn of_result(self, result: QueryResult) -> QueryResult {
        let more = result.more || result.hits.len() > usize::from(SHOWN * self.0);
        QueryResult { more, hits: self.of(result.hits), ..result }
    }
}

/// Whether an offer is for the occupation that is wanted itself: one of the same ISCO code is worth less.
pub(super) fn is_wanted(reason: &Reason) -> bool {
    matches!(reason.ground, Ground::Occupation { .. }) && u64::from(reason.points) == points::OCCUPATION
}
