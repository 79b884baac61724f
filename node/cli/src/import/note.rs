//! What is said about a record beside its verdict.

use std::fmt;

/// How a record was mapped, or what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// What is said; records of which the same can be said have the same words here.
    pub says: String,
    /// What it is said of in this record; may be empty.
    pub of: String,
}

impl Note {
    /// A note that names what it is said of.
    pub(super) fn about(says: impl Into<String>, of: impl Into<String>) -> Self {
        Self { says: says.into(), of: of.into() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of.is_empty() { f.write_str(&self.says) } else { write!(f, "{} ({})", self.says, self.of) }
    }
}
