//! What is exchanged, from outside the room.

mod full_size;
mod imported;
mod notes;
mod places;
mod reference;
mod schemas;
mod travel;
