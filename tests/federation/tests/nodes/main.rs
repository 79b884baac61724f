//! Nodes, in this process or reached over sockets, of which no test needs the process to itself: none looks at all that is logged or at memory.
#![expect(clippy::expect_used, reason = "tests")]

mod answers;
mod bulk;
mod decisions;
mod desk;
mod erased;
mod joins;
mod log_witnesses;
mod logs;
mod many_partners;
mod moves;
mod offers_api;
mod openapi;
mod pages;
mod peer_links;
mod people;
mod policy;
mod portal;
mod processing;
mod reference_tables;
mod regions;
mod register_seeds;
mod replicas;
mod requests;
mod restored;
mod restored_recipient;
mod retained;
mod revocations;
mod rights;
mod signatures;
mod smuggling;
mod stopping;
mod storage;
mod unauthorised;
mod withdrawals;
mod workers;
