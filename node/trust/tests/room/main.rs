//! Register, keys, signatures and TLS identities, from outside the room.

mod keys;
mod messages;
mod register;
mod steps;
mod tls;
