//! Whole federations: real nodes with their own databases, in memory (`local`) or over sockets (`http`), checked against the oracle.

#![expect(clippy::expect_used, reason = "tests")]

pub mod alerts;
pub mod ats;
pub mod browser;
mod changes;
pub mod check;
pub mod client;
pub mod collector;
pub mod evil_provider;
pub mod exchange;
pub mod filling;
pub mod forms;
pub mod fsc;
pub mod h2;
pub mod http;
pub mod leaves;
pub mod ledger;
pub mod liar;
pub mod local;
pub mod logs;
pub mod no_peers;
pub mod not_run;
pub mod offers;
pub mod openapi;
pub mod pace;
pub mod peer;
pub mod people;
pub mod postgres;
pub mod problems;
pub mod proxy;
pub mod queries;
pub use polder_random as random;
pub mod receiver;
pub mod register;
pub mod resetter;
pub mod school;
pub mod surplus;
pub mod timing;
pub mod wire;

/// The client for whom these tests ask.
#[must_use]
pub fn operator() -> polder_exchange::For {
    polder_exchange::For::Client("operator".to_owned())
}
