//! Where a part is kept while it comes in: a file without a name, so that a crash leaves nothing behind.

use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::form::Form;

/// A part that comes in.
pub struct Spool {
    file: tokio::fs::File,
    sha256: Sha256,
    ends: u64,
    last: u8,
}

/// A part that has come in.
pub struct Spooled {
    file: File,
    sha256: String,
    lines: u64,
    form: Form,
}

impl Spool {
    pub(super) fn new(directory: &Path) -> io::Result<Self> {
        let file = tokio::fs::File::from_std(tempfile::tempfile_in(directory)?);
        Ok(Self { file, sha256: Sha256::new(), ends: 0, last: b'\n' })
    }

    /// Takes some bytes.
    ///
    /// # Errors
    /// When they cannot be written, as on a full disk.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.ends += bytes.iter().filter(|b| **b == b'\n').count() as u64;
        self.last = bytes.last().copied().unwrap_or(self.last);
        self.file.write_all(bytes).await
    }

    /// Says that the part is whole.
    ///
    /// # Errors
    /// When it cannot be written or read back.
    pub async fn finish(mut self) -> io::Result<Spooled> {
        self.file.flush().await?;
        self.file.rewind().await?;
        let lines = self.ends + u64::from(self.last != b'\n');
        Ok(Spooled { file: self.file.into_std().await, sha256: hex::encode(self.sha256.finalize()), lines, form: Form::Lines })
    }
}

impl Spooled {
    /// The same, written in another form than lines.
    #[must_use]
    pub fn of(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// How it is written.
    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// What takes its number: its bytes, read as what it is.
    pub(super) fn taken_by(&self) -> String {
        match self.form {
            Form::Lines => self.sha256.clone(),
            form => format!("{} {}", self.sha256, form.name()),
        }
    }

    /// How many lines it has, empty ones among them.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The SHA-256 of its bytes, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    pub(super) fn into_file(self) -> File {
        self.file
    }
}
