//! The loops that touch every offer of a block, once in plain Rust and once for the vector instructions of the machine.
//!
//! Which of them runs is chosen when the program first searches. All give the same: a test holds them against each other.

use std::sync::LazyLock;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u16x32};

use super::freshness::Freshness;
use super::sums::{Candidate, candidate};

/// Offers that are looked at together when candidates are sought.
const LANES: usize = 64;
/// Lanes of one vector.
const HALF: usize = LANES / 2;

/// The vector instructions that a search uses.
#[derive(Clone, Copy, Debug)]
pub struct Kernel(Choice);

#[derive(Clone, Copy, Debug)]
enum Choice {
    Plain,
    Vectors(Level),
}

static BEST: LazyLock<Kernel> = LazyLock::new(|| Kernel::all().pop().unwrap_or(Kernel(Choice::Plain)));

impl Kernel {
    /// The best one on this machine.
    #[must_use]
    pub fn best() -> Self {
        *BEST
    }

    /// Those that this machine can run, the best one last.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self(Choice::Plain)];
        all.extend(levels(Level::new()).into_iter().map(|level| Self(Choice::Vectors(level))));
        all
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Choice::Plain => "plain",
            Choice::Vectors(level) => name(level),
        }
    }

    /// Sets sums to the units for travel and for freshness by the day of the last change.
    pub(super) fn fill(self, sums: &mut [u16], days: &[u16], travel: u16, freshness: Freshness) {
        match self.0 {
            Choice::Plain => fill(sums, days, travel, freshness),
            Choice::Vectors(level) => dispatch!(level, simd => fill_by(simd, sums, days, travel, freshness)),
        }
    }

    /// Those with at least that sum, which is more than 0; the first sum is that of place `first`.
    pub(super) fn at_least(self, least: u16, sums: &[u16], first: usize, found: &mut Vec<Candidate>) {
        match self.0 {
            Choice::Plain => at_least(least, sums, first, found),
            Choice::Vectors(level) => dispatch!(level, simd => at_least_by(simd, least, sums, first, found)),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn levels(level: Level) -> Vec<Level> {
    [level.as_avx2().map(Level::Avx2), level.as_avx512().map(Level::Avx512)].into_iter().flatten().collect()
}

#[cfg(target_arch = "x86_64")]
fn name(level: Level) -> &'static str {
    if level.as_avx512().is_some() { "AVX-512" } else { "AVX2" }
}

/// Elsewhere the compiler's own vectors are as good.
#[cfg(not(target_arch = "x86_64"))]
fn levels(_: Level) -> Vec<Level> {
    Vec::new()
}

#[cfg(not(target_arch = "x86_64"))]
fn name(_: Level) -> &'static str {
    "vectors"
}

#[inline(always)]
fn fill(sums: &mut [u16], days: &[u16], travel: u16, freshness: Freshness) {
    for (sum, day) in sums.iter_mut().zip(days) {
        *sum = travel + freshness.units(*day);
    }
}

/// The same loop: the compiler makes vectors of it as wide as the machine has them.
#[inline(always)]
fn fill_by<S: Simd>(_: S, sums: &mut [u16], days: &[u16], travel: u16, freshness: Freshness) {
    fill(sums, days, travel, freshness);
}

fn at_least(least: u16, sums: &[u16], first: usize, found: &mut Vec<Candidate>) {
    let below = least - 1;
    for (start, sums) in (first..).step_by(LANES).zip(sums.chunks(LANES)) {
        if sums.iter().fold(0, |any, sum| any | sum.saturating_sub(below)) != 0 {
            each_at_least(least, sums, start, found);
        }
    }
}

fn each_at_least(least: u16, sums: &[u16], start: usize, found: &mut Vec<Candidate>) {
    found.extend((start..).zip(sums).filter(|(_, sum)| **sum >= least).map(|(place, sum)| candidate(*sum, place)));
}

/// Compares to a mask of bits, and looks at the bits that are set.
#[inline(always)]
fn at_least_by<S: Simd>(simd: S, least: u16, sums: &[u16], first: usize, found: &mut Vec<Candidate>) {
    let wanted = u16x32::splat(simd, least);
    let (whole, rest) = sums.as_chunks::<LANES>();
    for (start, sums) in (first..).step_by(LANES).zip(whole) {
        let low = u16x32::from_slice(simd, &sums[..HALF]).simd_ge(wanted).to_bitmask();
        let high = u16x32::from_slice(simd, &sums[HALF..]).simd_ge(wanted).to_bitmask();
        let mut mask = low | high << HALF;
        while mask != 0 {
            let at = mask.trailing_zeros() as usize;
            found.push(candidate(sums[at % LANES], start + at));
            mask &= mask - 1;
        }
    }
    each_at_least(least, rest, first + whole.len() * LANES, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::testing::random;

    #[test]
    fn all_kernels_do_the_same() {
        let plain = Kernel(Choice::Plain);
        let others: Vec<Kernel> = Kernel::all().split_off(1);
        let mut seen = 0;
        for seed in 0..400 {
            let mut below = random(seed);
            let length = if seed % 4 == 0 { below(16_385) } else { below(300) } as usize;
            let range = [10, 5_000, 65_536][below(3) as usize];
            let sums: Vec<u16> = (0..length).map(|_| below(range) as u16).collect();
            let (least, first) = ((1 + below(range)).min(65_535) as u16, below(1_000) as usize);
            let mut wanted = vec![7];
            plain.at_least(least, &sums, first, &mut wanted);
            let by_hand = sums.iter().filter(|sum| **sum >= least).count();
            assert_eq!(wanted.len(), 1 + by_hand);
            let freshness = Freshness::on([-5, 3, 95, 300, 20_000, 65_600][below(6) as usize]);
            let travel = below(12_501) as u16;
            let mut filled = vec![0; length];
            plain.fill(&mut filled, &sums, travel, freshness);
            for kernel in &others {
                let mut found = vec![7];
                kernel.at_least(least, &sums, first, &mut found);
                assert_eq!(found, wanted, "{kernel:?}");
                let mut sums_of_kernel = vec![0; length];
                kernel.fill(&mut sums_of_kernel, &sums, travel, freshness);
                assert_eq!(sums_of_kernel, filled, "{kernel:?}");
                seen += found.len();
            }
        }
        assert!(others.is_empty() || seen > 10_000);
    }
}
