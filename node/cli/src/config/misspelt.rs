//! Names in the environment that are nearly ours.

use super::keys::every_key;
use super::nearest::nearest;

const PREFIX: &str = "POLDER_";
/// Names that options of the command line read.
const OF_OPTIONS: [&str; 3] = ["POLDER_CONFIG", "POLDER_URL", "POLDER_TOKEN_FILE"];

/// A warning for each name that begins with `POLDER_`, is not known, and is much like one that is. Others are left alone: a cluster that has a
/// service called polder sets such names for purposes of its own.
pub(crate) fn misspelt(names: impl Iterator<Item = String>) -> Vec<String> {
    let known: Vec<String> = every_key().map(|key| key.environment()).chain(OF_OPTIONS.map(str::to_owned)).collect();
    // The nearest is sought among words in lower case.
    let lower: Vec<String> = known.iter().filter_map(|name| name.strip_prefix(PREFIX)).map(str::to_lowercase).collect();
    let mut warnings = Vec::new();
    for name in names.filter(|name| !known.contains(name)) {
        let Some(given) = name.strip_prefix(PREFIX) else { continue };
        if let Some(meant) = nearest(given, lower.iter().map(String::as_str)) {
            warnings.push(format!("the name {name} in the environment is not read (did you mean {PREFIX}{}?)", meant.to_uppercase()));
        }
    }
    warnings
}
