//! What the command line says about the configuration: which file, and which values stand over it.

use std::path::{Path, PathBuf};

use super::keys::{every_key, find as find_key};
use super::nearest::nearest;
use super::{Config, find};
use crate::exit::Failure;

/// A value that the command line gives to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    key: &'static str,
    value: String,
}

impl Setting {
    /// The key, and its value as text.
    pub(super) fn parts(&self) -> (&'static str, &str) {
        (self.key, &self.value)
    }
}

impl std::str::FromStr for Setting {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("a key and a value are expected, such as client.listen=127.0.0.1:8080")?;
        let Some(key) = find_key(name.trim()) else {
            let hint = nearest(name.trim(), every_key().map(|key| key.path)).map(|key| format!("; did you mean {key}?"));
            return Err(format!("there is no such key{}", hint.unwrap_or_default()));
        };
        Ok(Self { key: key.path, value: value.to_owned() })
    }
}

/// Where the configuration of a command comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'c> {
    /// The file that was named.
    pub file: Option<&'c Path>,
    /// What stands over file and environment.
    pub set: &'c [Setting],
}

impl Source<'_> {
    /// The file that counts: the one that was named, or the usual one that there is.
    pub(crate) fn found(&self) -> Option<PathBuf> {
        find(self.file)
    }

    /// Loads the configuration.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn load(&self) -> Result<Config, Failure> {
        let loaded = Config::load(self.found().as_deref(), std::env::vars(), self.set);
        loaded.map_err(|error| Failure::configuration(error.to_string()))
    }
}
