//! How the program ends: exit codes, and failures in words.

use std::fmt;
use std::process::ExitCode;

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

/// Why a command did not do what it was asked: what was wrong, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// Something was refused.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::Refused, message)
    }

    /// The command line, a file or the configuration is not right.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, message)
    }

    /// The node cannot be reached.
    pub(crate) fn unreachable(message: impl Into<String>) -> Self {
        Self::new(Exit::Unreachable, message)
    }

    /// The node does not allow it.
    pub(crate) fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(Exit::NotAllowed, message)
    }

    /// A fault of this program or machine.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(Exit::Internal, message)
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
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
