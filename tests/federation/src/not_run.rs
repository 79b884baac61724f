//! What a machine does not allow is said, not passed over.

use std::io::Write;

/// Notes what this machine does not allow, where `tests/run` shows it.
///
/// # Panics
/// Without `tests/run`, where nobody would see it.
pub fn not_run(what: &str) {
    let notes = std::env::var_os("POLDER_NOT_RUN").unwrap_or_else(|| panic!("{what}"));
    let file = std::fs::OpenOptions::new().append(true).create(true).open(notes);
    writeln!(file.expect("the file of tests/run"), "{what}").expect("noted");
}
