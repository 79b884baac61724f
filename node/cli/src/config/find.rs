//! Where the configuration is.

use std::path::{Path, PathBuf};

/// In the working directory.
pub(crate) const HERE: &str = "polder.toml";
/// For the machine.
const MACHINE: &str = "/etc/polder/polder.toml";

/// The configuration file: the one that was named, or the first that there is of `./polder.toml` and `/etc/polder/polder.toml`.
pub(crate) fn find(named: Option<&Path>) -> Option<PathBuf> {
    let usual = || [HERE, MACHINE].into_iter().map(PathBuf::from).find(|path| path.exists());
    named.map(Path::to_owned).or_else(usual)
}
