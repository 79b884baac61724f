//! Where the configuration is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// In the working directory.
pub(crate) const HERE: &str = "polder.toml";
/// For the machine.
pub(crate) const MACHINE: &str = "/etc/polder/polder.toml";

/// The configuration file: the one that was named, or the first that there is of `./polder.toml` and `/etc/polder/polder.toml`. One that this user
/// may not look at is there as well: that it cannot be read is then said.
pub(crate) fn find(named: Option<&Path>) -> Option<PathBuf> {
    let there = |path: &PathBuf| path.metadata().map_or_else(|error| error.kind() == ErrorKind::PermissionDenied, |_| true);
    let usual = || [HERE, MACHINE].into_iter().map(PathBuf::from).find(there);
    named.map(Path::to_owned).or_else(usual)
}
