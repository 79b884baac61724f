//! What runs begin with: the examples of the schemas, right and wrong, and what is kept in `corpus`.

use std::path::{Path, PathBuf};

/// Every example of these schemas, right and wrong.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn of_schemas(names: &[&str]) -> Vec<Vec<u8>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas"));
    let mut all = Vec::new();
    for name in names {
        for kind in ["valid", "invalid"] {
            all.extend(files(&root.join(name).join("examples").join(kind)));
        }
    }
    assert!(!all.is_empty(), "examples of {names:?}");
    all
}

/// What is kept for a target: seeds, and what once failed.
#[must_use]
pub fn kept(target: &str) -> Vec<Vec<u8>> {
    files(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).join(target))
}

/// The files of a directory in the order of their names; none where there is no such directory.
///
/// # Panics
/// When one cannot be read.
#[must_use]
pub fn files(directory: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a file")).collect()
}
