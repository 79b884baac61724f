//! Whole federations: real nodes with their own databases, in memory (`local`) or over sockets (`http`), checked against the oracle.

#![expect(clippy::expect_used, reason = "tests")]

pub mod check;
pub mod http;
pub mod local;
pub mod offers;
pub mod proxy;
pub mod queries;
pub mod random;
pub mod register;
