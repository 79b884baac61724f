//! What is exchanged, from outside the room.
#![expect(clippy::expect_used, reason = "tests")]

mod full_size;
mod imported;
mod notes;
mod places;
mod reference;
mod schemas;
mod travel;
