//! What the writer did, in numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What the writer did since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Transactions that were committed.
    pub commits: u64,
    /// Transactions that failed.
    pub failures: u64,
    /// Pieces of work that they held.
    pub jobs: u64,
    /// The time that they took.
    pub milliseconds: u64,
}

/// The same, while it goes on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    commits: AtomicU64,
    failures: AtomicU64,
    jobs: AtomicU64,
    microseconds: AtomicU64,
}

impl Counts {
    pub(crate) fn add(&self, committed: bool, jobs: usize, took: Duration) {
        let outcomes = if committed { &self.0.commits } else { &self.0.failures };
        outcomes.fetch_add(1, Ordering::Relaxed);
        self.0.jobs.fetch_add(jobs as u64, Ordering::Relaxed);
        self.0.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn written(&self) -> Written {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Written {
            commits: of(&self.0.commits),
            failures: of(&self.0.failures),
            jobs: of(&self.0.jobs),
            milliseconds: of(&self.0.microseconds) / 1_000,
        }
    }
}
