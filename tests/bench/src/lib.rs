//! Benchmarks: search, fan-out, deadlines.
