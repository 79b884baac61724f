//! What is wrong with a file.

use serde::Serialize;

/// Most findings of a file that are named; the others are counted.
const MOST_NAMED: usize = 50;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileFinding {
    /// The line on which the row begins, from 1; 0 for the whole file.
    pub line: u64,
    /// The column; empty for the whole line.
    pub column: String,
    /// What is wrong, and what is expected. Never a value.
    pub message: String,
}

/// What is wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The first.
    pub named: Vec<FileFinding>,
    /// How many there are besides.
    pub others: u64,
}

impl Findings {
    /// Adds one.
    pub fn add(&mut self, line: u64, column: impl Into<String>, message: impl Into<String>) {
        if self.named.len() < MOST_NAMED {
            self.named.push(FileFinding { line, column: column.into(), message: message.into() });
        } else {
            self.others += 1;
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}
