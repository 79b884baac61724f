//! How the program ends: exit codes, and failures in words.

use std::fmt;
use std::process::ExitCode;

use polder_model::Finding;

use crate::print::Lang;

/// What `--help` and docs/configuration.md say about exit codes.
pub(crate) const EXIT_CODES: &str = "Exit codes:
  0  done
  1  something was refused, or is incomplete
  2  the command line, a file or the configuration is not right
  3  the node cannot be reached
  4  the node does not allow it (401 or 403)
  5  a fault of this program or machine
  6  polder doctor found nothing that fails, and something to look at";

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All was done.
    Done = 0,
    /// Something was refused, or is incomplete.
    Refused = 1,
    /// The command line, a file or the configuration is not right.
    Configuration = 2,
    /// The node cannot be reached.
    Unreachable = 3,
    /// The node does not allow it.
    NotAllowed = 4,
    /// A fault of this program or machine.
    Internal = 5,
    /// Nothing fails, and something is to be looked at.
    Warned = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What is said to people: in English, and in Dutch where workers meet it.
#[derive(Debug)]
pub(crate) struct Words {
    en: String,
    nl: Option<String>,
}

impl Words {
    /// In that language, or in English where it is said in no other.
    fn said(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Nl => self.nl.as_deref().unwrap_or(&self.en),
        }
    }
}

impl From<String> for Words {
    fn from(en: String) -> Self {
        Self { en, nl: None }
    }
}

impl From<&str> for Words {
    fn from(en: &str) -> Self {
        en.to_owned().into()
    }
}

/// English, then Dutch.
impl<T: Into<String>> From<(T, T)> for Words {
    fn from((en, nl): (T, T)) -> Self {
        Self { en: en.into(), nl: Some(nl.into()) }
    }
}

/// Why a command did not do what it was asked: what was wrong, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    words: Words,
    findings: Vec<Finding>,
}

impl Failure {
    fn new(exit: Exit, words: impl Into<Words>) -> Self {
        Self { exit, words: words.into(), findings: Vec::new() }
    }

    /// Something was refused.
    pub(crate) fn refused(words: impl Into<Words>) -> Self {
        Self::new(Exit::Refused, words)
    }

    /// The command line, a file or the configuration is not right.
    pub(crate) fn configuration(words: impl Into<Words>) -> Self {
        Self::new(Exit::Configuration, words)
    }

    /// The node cannot be reached.
    pub(crate) fn unreachable(words: impl Into<Words>) -> Self {
        Self::new(Exit::Unreachable, words)
    }

    /// The node does not allow it.
    pub(crate) fn not_allowed(words: impl Into<Words>) -> Self {
        Self::new(Exit::NotAllowed, words)
    }

    /// A fault of this program or machine.
    pub(crate) fn internal(words: impl Into<Words>) -> Self {
        Self::new(Exit::Internal, words)
    }

    /// The same, with what a node found, for machines.
    pub(crate) fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }

    /// What a node found, each with its place.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What is said, in that language.
    pub(crate) fn said(&self, lang: Lang) -> &str {
        self.words.said(lang)
    }
}

/// In English, as machines and the log have it.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said(Lang::En))
    }
}

impl std::error::Error for Failure {}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        // Who reads along, as `head` does, may stop when it has enough.
        let exit = if error.kind() == std::io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::Internal };
        Self::new(exit, format!("output cannot be written: {error}"))
    }
}
