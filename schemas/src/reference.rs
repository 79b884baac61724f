//! The reference tables, as text. `polder-model` reads them into types.

/// Words that carry no meaning in a search, one a line.
pub const STOP_WORDS: &str = include_str!("../reference/stop-words.txt");
