//! The store on both engines.
#![expect(clippy::expect_used, reason = "tests")]

mod applications;
mod batches;
mod contract;
mod durability;
mod imports;
mod journal;
mod log;
mod recollections;
mod replicas;
mod retained;
mod revocations;
mod sqlite_file;
mod support;
mod sweeps;
mod workers;
