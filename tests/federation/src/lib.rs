//! Whole federations in one process: real nodes with their own databases, reached through the `Peers` trait, checked against the oracle.

#![expect(clippy::expect_used, reason = "tests")]

pub mod check;
pub mod local;
pub mod offers;
pub mod queries;
pub mod random;
pub mod register;
