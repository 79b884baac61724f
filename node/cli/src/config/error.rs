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
    /// There is no such key.
    #[error("{file}: there is no key `{key}`{}; docs/configuration.md lists every key", suggestion(nearest))]
    UnknownKey {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// The nearest known key.
        nearest: Option<&'static str>,
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

fn suggestion(nearest: &Option<&'static str>) -> String {
    nearest.map(|key| format!(" (did you mean `{key}`?)")).unwrap_or_default()
}
