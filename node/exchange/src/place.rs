//! Where a node keeps what it has.

use std::path::{Path, PathBuf};

use polder_store::Database;

/// Where a node keeps what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its database.
    pub database: Database,
    /// The directory for what stands beside the database: what people read, such as evidence, and the index's file.
    pub data: PathBuf,
    /// The journal of what ended, apart from the database: best on another disk.
    pub journal: PathBuf,
}

/// A database in a file; the rest stands beside it.
impl From<&Path> for Place {
    fn from(file: &Path) -> Self {
        Self { database: file.into(), data: file.parent().unwrap_or(Path::new(".")).to_owned(), journal: file.with_extension("journal") }
    }
}

impl From<&PathBuf> for Place {
    fn from(file: &PathBuf) -> Self {
        file.as_path().into()
    }
}
