//! How others are served while one is attacking, and what it costs in memory.

use std::time::{Duration, Instant};

/// How long calls took.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The median.
    pub median: Duration,
    /// 99 of 100 took less.
    pub p99: Duration,
    /// What a call cost this process on average, in time of processors.
    pub cost: Duration,
}

impl Pace {
    /// Makes so many calls, one after the other.
    pub async fn of(calls: usize, call: impl AsyncFn()) -> Self {
        let (mut took, spent) = (Vec::with_capacity(calls), processor_time());
        for _ in 0..calls {
            let began = Instant::now();
            call().await;
            took.push(began.elapsed());
        }
        took.sort_unstable();
        let cost = processor_time().saturating_sub(spent) / u32::try_from(calls).unwrap_or(u32::MAX);
        let at = |share: usize| took.get((took.len() * share / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default();
        Self { median: at(50), p99: at(99), cost }
    }

    /// Others may wait three times as long as before, and a twentieth of a second for the machine: attacker, node and caller share its processors,
    /// and connections that end while others call are counted to the calls. What a call costs may not be three times as much either: that is counted,
    /// and holds also where something else keeps the machine busy.
    ///
    /// # Panics
    /// When they wait longer, or cost more.
    pub fn is_bearable_after(&self, before: &Self) {
        let bound = before.p99 * 3 + Duration::from_millis(50);
        assert!(self.p99 <= bound, "others waited {self:?}, before it was {before:?}");
        // A tick of the clock by which it is counted, spread over the calls, is the rest.
        assert!(self.cost <= before.cost * 3 + Duration::from_millis(1), "others cost {self:?}, before it was {before:?}");
    }
}

/// The time of processors that this process took so far, in steps of 10 ms.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    // What stands before the last parenthesis may hold anything; then come state, and 10 numbers before these two.
    let numbers = text.rsplit_once(')').expect("a name").1.split_whitespace();
    let ticks: u64 = numbers.skip(11).take(2).map(|number| number.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
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
