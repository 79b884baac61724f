//! Benchmarks: search, fan-out, deadlines, restart, import, tokens. What several of them use.
#![expect(clippy::expect_used, reason = "benchmarks")]

pub mod documents;
pub mod figures;
pub mod raw;
