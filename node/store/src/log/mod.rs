//! The log of what was done with people's data: leaves, in the order of commits; tiles of hashes, of which proofs are made; what was signed of it, and
//! what this node cosigned of the logs of others.

mod apart;
pub(crate) mod append;
mod keep;
mod read;
mod state;
mod types;

pub(crate) use keep::{Ask, carry_out};
pub use state::LogState;
pub use types::{KeptCheckpoint, KeptHead, Tile, Witnessed};
