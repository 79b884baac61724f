//! Bounds on the scores of the offers of one chunk, in units of a few points, rounded up.

use std::cell::RefCell;

use super::kernel::Kernel;
use crate::postings::{CHUNK, Posting, place, tag};

/// Points of one unit. All that an offer can get together is fewer than 2¹⁶ units.
pub(super) const UNIT: u32 = 16;

thread_local! {
    static SUMS: RefCell<Option<Box<Sums>>> = const { RefCell::new(None) };
}

/// Units that cover these points.
pub(super) fn units(points: u32) -> u16 {
    u16::try_from(points.div_ceil(UNIT)).unwrap_or(u16::MAX)
}

/// At least the points that these units stand for.
pub(super) fn points(units: u16) -> u32 {
    u32::from(units) * UNIT
}

/// Sums of units by place in the chunk. What they hold between two blocks means nothing.
pub(super) struct Sums {
    slots: [u16; CHUNK as usize],
    /// The number of the criterion that was added last with [`Sums::add_first`].
    last: [u8; CHUNK as usize],
    /// Whether there is any such number.
    marked: bool,
}

/// An offer that may come among the best: its sum times [`CHUNK`], plus its place in the chunk.
pub(super) type Candidate = u32;

pub(super) const fn sum_of(candidate: Candidate) -> u16 {
    (candidate / CHUNK) as u16
}

pub(super) const fn place_of(candidate: Candidate) -> u32 {
    candidate % CHUNK
}

/// The same with units added.
pub(super) fn plus(candidate: Candidate, units: u16) -> Candidate {
    self::candidate(sum_of(candidate).saturating_add(units), place_of(candidate) as usize)
}

pub(super) fn candidate(sum: u16, place: usize) -> Candidate {
    u32::from(sum) * CHUNK + place as u32
}

impl Sums {
    /// Hands the thread's sums to `work`.
    pub(super) fn with<R>(work: impl FnOnce(&mut Self) -> R) -> R {
        let mut sums =
            SUMS.take().unwrap_or_else(|| Box::new(Self { slots: [0; CHUNK as usize], last: [0; CHUNK as usize], marked: false }));
        let result = work(&mut sums);
        SUMS.replace(Some(sums));
        result
    }

    /// The sums of these places.
    pub(super) fn slots(&mut self, places: std::ops::Range<usize>) -> &mut [u16] {
        &mut self.slots[places]
    }

    /// Sets the sums of these postings to 0.
    pub(super) fn clear(&mut self, postings: &[Posting]) {
        for posting in postings {
            self.slots[place(*posting)] = 0;
        }
    }

    /// Forgets which criteria have been added.
    pub(super) fn begin(&mut self) {
        if std::mem::take(&mut self.marked) {
            self.last.fill(0);
        }
    }

    /// Adds units by tag, unless this criterion, 1–255, was the last to add some there.
    pub(super) fn add_first(&mut self, postings: &[Posting], units: [u16; 4], criterion: u8) {
        self.marked = true;
        for posting in postings {
            let (place, units) = (place(*posting), units[tag(*posting)]);
            let first = std::mem::replace(&mut self.last[place], criterion) != criterion;
            let slot = &mut self.slots[place];
            *slot = slot.saturating_add(if first { units } else { 0 });
        }
    }

    /// Adds units by tag.
    pub(super) fn add_by_tag(&mut self, postings: &[Posting], units: [u16; 4]) {
        for posting in postings {
            let slot = &mut self.slots[place(*posting)];
            *slot = slot.saturating_add(units[tag(*posting)]);
        }
    }

    /// Adds units by impact.
    pub(super) fn add_by_impact(&mut self, postings: &[Posting], impacts: &[u8], units: &[u16; 256]) {
        for (posting, impact) in postings.iter().zip(impacts) {
            let slot = &mut self.slots[place(*posting)];
            *slot = slot.saturating_add(units[usize::from(*impact)]);
        }
    }

    /// Those of these places with at least that sum.
    pub(super) fn at_least(&self, least: u16, places: std::ops::Range<usize>, kernel: Kernel, found: &mut Vec<Candidate>) {
        if least == 0 {
            found.extend(places.clone().zip(&self.slots[places]).map(|(place, sum)| candidate(*sum, place)));
            return;
        }
        kernel.at_least(least, &self.slots[places.clone()], places.start, found);
    }

    /// Those of these postings with at least that sum, each once: their sums are 0 afterwards.
    pub(super) fn take_at_least(&mut self, least: u16, postings: &[Posting], found: &mut Vec<Candidate>) {
        for posting in postings {
            let sum = &mut self.slots[place(*posting)];
            if *sum >= least && *sum > 0 {
                found.push(candidate(std::mem::take(sum), place(*posting)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_cover_their_points() {
        for some in [0, 1, 15, 16, 17, 999_999, 1_000_000] {
            assert!(points(units(some)) >= some && points(units(some)) < some + UNIT);
        }
        assert_eq!(units(0), 0);
    }
}
