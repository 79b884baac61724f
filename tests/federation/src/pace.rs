//! How others are served while one is attacking, and what it costs in memory.

use std::time::{Duration, Instant};

/// How long calls took.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The median.
    pub median: Duration,
    /// 99 of 100 took less.
    pub p99: Duration,
}

impl Pace {
    /// Makes so many calls, one after the other.
    pub async fn of(calls: usize, call: impl AsyncFn()) -> Self {
        let mut took = Vec::with_capacity(calls);
        for _ in 0..calls {
            let began = Instant::now();
            call().await;
            took.push(began.elapsed());
        }
        took.sort_unstable();
        let at = |share: usize| took.get((took.len() * share / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
        Self { median: at(50), p99: at(99) }
    }

    /// Others may wait ten times as long as before, and a quarter of a second for the machine: attacker, node and caller share its processors.
    ///
    /// # Panics
    /// When they wait longer.
    pub fn is_bearable_after(&self, before: &Self) {
        let bound = before.p99 * 10 + Duration::from_millis(250);
        assert!(self.p99 <= bound, "others waited {self:?}, before it was {before:?}");
    }
}

/// The most memory that this process ever had, in KiB.
///
/// # Panics
/// Where there is no `/proc`.
#[must_use]
pub fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}
