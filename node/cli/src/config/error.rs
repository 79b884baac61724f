//! What is wrong with a configuration: where, which key, what is allowed.

/// What is wrong with a configuration. Names the file (or environment name or flag) and the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: {problem}")]
    File {
        /// The file.
        file: String,
        /// Why.
        problem: String,
    },
    /// There are no such keys.
    #[error("{file}: there is no key {}; docs/configuration.md lists every key", listed(keys))]
    UnknownKeys {
        /// The file.
        file: String,
        /// Every unknown key, with the nearest known one.
        keys: Vec<UnknownKey>,
    },
    /// A value is not of its form.
    #[error("{place}: {key}: {problem}")]
    Value {
        /// Where it stands: a file, an environment name, the command line.
        place: String,
        /// The key.
        key: String,
        /// What is wrong, and what is allowed.
        problem: String,
    },
    /// A key without a default is not given.
    #[error("{place}: {key} is missing ({says}); set it there or in {environment}, for example {example}")]
    Missing {
        /// Where it was looked for.
        place: String,
        /// The key.
        key: &'static str,
        /// What it is for.
        says: &'static str,
        /// Its environment name.
        environment: String,
        /// An example.
        example: &'static str,
    },
}

/// A key that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownKey {
    /// Its path.
    pub key: String,
    /// The nearest known key.
    pub nearest: Option<&'static str>,
}

fn listed(keys: &[UnknownKey]) -> String {
    let one = |unknown: &UnknownKey| {
        let hint = unknown.nearest.map(|key| format!(" (did you mean `{key}`?)"));
        format!("`{}`{}", unknown.key, hint.unwrap_or_default())
    };
    keys.iter().map(one).collect::<Vec<_>>().join(" and no key ")
}
