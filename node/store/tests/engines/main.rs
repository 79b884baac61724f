//! The store on both engines.
#![expect(clippy::expect_used, reason = "tests")]

mod applications;
mod batches;
mod contract;
mod durability;
mod expired;
mod farewells;
mod feed;
mod imports;
mod journal;
mod ledger;
mod log;
mod overview;
mod postgres_server;
mod recollections;
mod replicas;
mod retained;
mod revocations;
mod saved_searches;
mod seen_as;
mod settings;
mod sqlite_file;
mod support;
mod sweeps;
mod went_back;
mod workers;
