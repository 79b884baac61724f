//! What can be wrong with a node, one file for each part of it. `polder doctor` looks at everything, `polder join` at what a newcomer needs.
//!
//! A check says what it found in words, and where it is not fine what to do. It changes nothing, and shows no secret.

pub(crate) mod catalogue;
pub(crate) mod clock;
pub(crate) mod configuration;
pub(crate) mod database;
pub(crate) mod disk;
pub(crate) mod erasures;
pub(crate) mod histories;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod login;
pub(crate) mod partners;
pub(crate) mod ports;
pub(crate) mod regions;
pub(crate) mod register;
pub(crate) mod reopening;
pub(crate) mod tls;

use std::io::ErrorKind;

use polder_trust::keys::KeyFileError;
use serde::Serialize;

use crate::output::Style;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    /// As it should be.
    Ok,
    /// It works, and someone has to look at it.
    Warning,
    /// It does not work.
    Failure,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// What, in one word, or the partner.
    pub about: String,
    /// How bad it is.
    pub grade: Grade,
    /// What was found.
    pub says: String,
    /// What to do, where something is to be done.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Check {
    pub(crate) fn ok(about: &str, says: impl Into<String>) -> Self {
        Self { about: about.to_owned(), grade: Grade::Ok, says: says.into(), advice: None }
    }

    pub(crate) fn warning(about: &str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { about: about.to_owned(), grade: Grade::Warning, says: says.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn failure(about: &str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { about: about.to_owned(), grade: Grade::Failure, says: says.into(), advice: Some(advice.into()) }
    }
}

/// What to do about the file of a secret that cannot be used; `otherwise` where it is missing or damaged.
pub(crate) fn secret(error: &KeyFileError, otherwise: &str) -> String {
    match error {
        KeyFileError::Open(path) => format!("chmod 600 {}   {COPIED}", path.display()),
        KeyFileError::Io { path, source } if source.kind() == ErrorKind::PermissionDenied => {
            format!(
                "run this as the node's user (sudo -u polder polder doctor); if that is who runs this: chown and chmod 600 {}",
                path.display()
            )
        }
        KeyFileError::Io { .. } => otherwise.to_owned(),
    }
}

/// Why a secret that was open to others is a matter for people.
pub(crate) const COPIED: &str =
    "(until now other users of this machine could copy it; if somebody may have, have it replaced: docs/operating.md, A key has leaked)";

/// The worst of them.
pub(crate) fn worst(checks: &[Check]) -> Grade {
    checks.iter().map(|check| check.grade).max().unwrap_or(Grade::Ok)
}

/// Lines for people: a word, what it is about, what was found, and below it what to do.
pub(crate) fn lines(checks: &[Check], style: Style) -> Vec<String> {
    let width = checks.iter().map(|check| check.about.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for check in checks {
        let word = match check.grade {
            Grade::Ok => style.dim("ok     "),
            Grade::Warning => style.bold("warning"),
            Grade::Failure => style.red("failure"),
        };
        lines.push(format!("{word}  {:<width$}  {}", check.about, check.says));
        lines.extend(check.advice.iter().map(|advice| format!("{:>width$}  → {advice}", "", width = width + 9)));
    }
    lines
}
