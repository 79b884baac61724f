//! Seeded property runs over everything that reads what others wrote: inputs are made from examples by changes that know their grammar.
//!
//! Stable Rust tells nobody which code an input reached. Two things stand in for that: changes follow the grammar of the input (members are dropped,
//! doubled, renamed, moved between documents, and get values that programs stumble over), and an input whose *outcome* was not seen before (which findings at
//! which places) joins the corpus and is changed further.
//!
//! A run takes `POLDER_FUZZ_SECONDS` (1) per target from the seed `POLDER_FUZZ_SEED` (1). A failure prints the seed, the smallest input that still
//! fails, the file in `target/fuzz` that holds it, and the command that tries it again (`POLDER_FUZZ_REPLAY=FILE`). What once failed is kept in
//! `corpus/TARGET/`, which every run begins with.

#![expect(clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "tests")]

mod bytes;
pub mod campaign;
pub mod examples;
mod minimise;
pub use polder_random as random;
mod settings;
mod tree;
mod words;

pub use campaign::{Grammar, Target};

/// Stands in inputs as a value that must be in no message about them.
pub const MARK: &str = "geheim4711";
