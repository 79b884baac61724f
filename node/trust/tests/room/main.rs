//! Register, keys, signatures, evidence, the log and TLS identities, from outside the room.
#![expect(clippy::expect_used, reason = "tests")]

mod evidence;
mod keys;
mod log;
mod messages;
mod register;
mod steps;
mod tls;
