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
mod kept_replies;
mod ledger;
mod log;
mod overview;
mod postgres_server;
mod recollections;
mod replicas;
mod retained;
mod revocations;
mod sandboxes;
mod saved_searches;
mod sealed_pages;
mod seen_as;
mod settings;
mod sqlite_file;
mod support;
mod sweeps;
mod syncs;
mod trials;
mod went_back;
mod workers;
