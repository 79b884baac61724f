//! The offers as lines, in place of publishing them.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::exit::Failure;
use crate::import::Verdict;
use crate::output::Output;
use crate::register_files::temporary_beside;

/// Where the lines go.
pub(super) enum Lines {
    /// To standard output.
    Standard,
    /// To a file, which appears when it is whole.
    File(PathBuf, BufWriter<NamedTempFile>),
}

impl Lines {
    /// To a path; `-` is standard output.
    ///
    /// # Errors
    /// When no file can be written there.
    pub(super) fn to(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Standard);
        }
        if path.exists() && !path.is_file() {
            return Err(Failure::configuration((
                format!("--output {}: there is something that is not a file", path.display()),
                format!("--output {}: daar staat iets dat geen bestand is", path.display()),
            )));
        }
        let file = temporary_beside(path).map_err(|error| failed(path, &error))?;
        Ok(Self::File(path.to_owned(), BufWriter::new(file)))
    }

    /// Writes the offer of a verdict, if it has one.
    pub(super) fn write(&mut self, verdict: &Verdict, output: &Output) -> Result<(), Failure> {
        let (Some(kind), Some(key), Some(document)) = (verdict.kind, &verdict.key, &verdict.document) else { return Ok(()) };
        // JSON has no line ends but between its members.
        let document = document.replace(['\n', '\r'], " ");
        let line = format!("{{\"kind\":\"{kind}\",\"key\":\"{key}\",\"document\":{document}}}");
        match self {
            Self::Standard => output.line(line),
            Self::File(path, file) => writeln!(file, "{line}").map_err(|error| failed(path, &error)),
        }
    }

    /// Ends the file, which appears under its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Self::File(path, file) = self else { return Ok(()) };
        let file = file.into_inner().map_err(|error| failed(&path, error.error()))?;
        file.as_file().sync_all().map_err(|error| failed(&path, &error))?;
        file.persist(&path).map(drop).map_err(|error| failed(&path, &error.error))
    }
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::configuration(format!("--output {}: {error}", path.display()))
}
