//! Sums of points, one for each offer that a query has met.

use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A slot holds a mark, times this, plus the sum. The most that an offer can get is less.
const MARK: u32 = 1 << 20;

/// Sums by offer, all zero between queries.
#[derive(Default)]
pub(super) struct Scratch {
    slots: Vec<u32>,
    met: Vec<u32>,
}

impl Scratch {
    /// Hands the thread's sums to `work`. Should that panic, they are thrown away.
    pub(super) fn with<R>(length: usize, work: impl FnOnce(&mut Self) -> R) -> R {
        let mut scratch = SCRATCH.take();
        if scratch.slots.len() < length {
            scratch.slots.resize(length, 0);
        }
        let result = work(&mut scratch);
        scratch.met.iter().for_each(|offer| scratch.slots[*offer as usize] = 0);
        scratch.met.clear();
        SCRATCH.replace(scratch);
        result
    }

    /// Adds points, more than 0, unless the offer has got some under that mark, 1–2,047, just before. An offer that is met for the first time
    /// begins with `first` points.
    pub(super) fn add(&mut self, offer: u32, first: u32, points: u32, mark: u32) {
        let slot = &mut self.slots[offer as usize];
        if *slot == 0 {
            self.met.push(offer);
            *slot = mark * MARK + first + points;
        } else if *slot / MARK != mark {
            *slot = mark * MARK + *slot % MARK + points;
        }
    }

    pub(super) fn sum(&self, offer: u32) -> u32 {
        self.slots[offer as usize] % MARK
    }

    /// The offers that have been met.
    pub(super) fn met(&self) -> &[u32] {
        &self.met
    }

    /// A sum that at least `count` offers reach, if there are as many, and hardly more do.
    pub(super) fn level(&self, count: usize) -> u32 {
        const WIDTH: u32 = 1 << 10;
        let mut offers_by_sum = [0_u32; (MARK / WIDTH) as usize];
        self.met.iter().for_each(|offer| offers_by_sum[(self.sum(*offer) / WIDTH) as usize] += 1);
        let mut left = count as u64;
        let reached = (0..MARK / WIDTH).rev().find(|at| {
            left = left.saturating_sub(u64::from(offers_by_sum[*at as usize]));
            left == 0
        });
        reached.map_or(0, |at| at * WIDTH)
    }
}
