//! Register, keys, signatures and TLS identities, from outside the room.
#![expect(clippy::expect_used, reason = "tests")]

mod keys;
mod messages;
mod register;
mod steps;
mod tls;
