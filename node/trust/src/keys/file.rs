//! Secrets in files: mode 0600, refused when anyone else can read them.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::Zeroizing;

/// Largest secret, in bytes.
const LARGEST: u64 = 64 * 1024;
/// Secrets that this process wrote: each has a name of its own until it is whole.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Why a secret cannot be read or written. Names the file, never its content.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others can read it.
    #[error("{0} can be read by others: run `chmod 600` on it")]
    Open(PathBuf),
}

/// Writes a secret to a new file that only its owner can read. Whoever reads it meanwhile finds all of it, or no file; nor does a crash leave a part of it there.
///
/// # Errors
/// When the file is there already or cannot be written.
pub fn write_secret(path: &Path, secret: &[u8]) -> Result<(), KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_owned(), source };
    let mut name = path.file_name().ok_or_else(|| io(ErrorKind::InvalidFilename.into()))?.to_owned();
    name.push(format!(".{}-{}.new", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(io)?;
    // Unlike a rename, a link never takes the place of what is there.
    let written = file.write_all(secret).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    written.and(removed).map_err(io)
}

/// Reads a secret.
///
/// # Errors
/// When it cannot be read, or others can read it too.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let io = |source| KeyFileError::Io { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.mode() & 0o077 != 0 {
        return Err(KeyFileError::Open(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LARGEST).read_to_string(&mut text).map_err(io)?;
    Ok(text)
}
