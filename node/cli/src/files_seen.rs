//! How late the register's files were when this node last read them. Files that go back are worth a warning: nodes take nothing older, but whoever
//! put them there may believe that they did, or does not know.

use std::path::PathBuf;

use polder_trust::register::Adopted;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::register_files::write_file;

/// What to do.
pub(crate) const ADVICE: &str = "nothing older is taken, and what is in force stays; put the newest files there (a registrar has them). If nobody here put \
                                 older ones there, find out who did";

/// What the files said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    root: u64,
    epoch: u64,
    version: u64,
}

impl Seen {
    fn of(adopted: &Adopted) -> Self {
        Self { root: adopted.root, epoch: adopted.epoch, version: adopted.version }
    }

    /// Whether files with this are older, in their root or in their list, than those of before.
    fn is_back_from(self, before: Self) -> bool {
        self.root < before.root || (self.epoch, self.version) < (before.epoch, before.version)
    }
}

fn path(config: &Config) -> PathBuf {
    config.data.join("register-files.json")
}

fn seen(config: &Config) -> Option<Seen> {
    serde_json::from_slice(&std::fs::read(path(config)).ok()?).ok()
}

/// What the files were of before, where these are older.
pub(crate) fn went_back(config: &Config, files: &Adopted) -> Option<String> {
    seen(config).filter(|before| Seen::of(files).is_back_from(*before)).map(in_words)
}

/// Notes what the files say, where they did not go back.
pub(crate) fn note(config: &Config, files: &Adopted) {
    let now = Seen::of(files);
    if seen(config).is_some_and(|before| before == now || now.is_back_from(before)) {
        return;
    }
    let written = serde_json::to_vec(&now).map_err(std::io::Error::other).map(|text| write_file(&path(config), &text));
    if let Ok(Err(error)) = written {
        tracing::warn!(%error, "how late the register's files are could not be noted: if older ones take their place, nothing warns of it");
    }
}

/// Such as `root 1, members 1.3`.
pub(crate) fn words(adopted: &Adopted) -> String {
    in_words(Seen::of(adopted))
}

fn in_words(Seen { root, epoch, version }: Seen) -> String {
    format!("root {root}, members {epoch}.{version}")
}
