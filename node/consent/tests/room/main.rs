//! Consent, from outside the room: what a recipient can learn of a worker, and what the worker gets.
#![expect(clippy::expect_used, reason = "tests")]

mod made;
mod receipts;
mod visible;
