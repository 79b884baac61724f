//! The register as files in a directory: `root.1.json`, `root.2.json` …, `members.json`, `fresh.json`.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use polder_trust::register::Files;

/// Largest file, in bytes: a document of 4 MiB in base64url, with its signatures.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Most root documents.
const MOST_ROOTS: usize = 65;

/// Why the files of a register cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterFilesError {
    /// A file cannot be read or written.
    #[error("{path}: {source}{}", advice(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is larger than a register document can be.
    #[error("{0}: larger than 8 MiB, which no register document is")]
    TooLarge(PathBuf),
    /// There is no first root.
    #[error(
        "{0}: there is no root.1.json; put the register's files there (root.1.json, members.json, fresh.json): `polder join` does that with \
         the accession file of a registrar"
    )]
    NoRoot(PathBuf),
    /// A root is missing between two others.
    #[error("{directory}: root.{missing}.json is missing, but root.{present}.json is there; every root from the first on is needed")]
    Gap {
        /// The directory.
        directory: PathBuf,
        /// The version that is missing.
        missing: usize,
        /// A later version that is there.
        present: usize,
    },
}

/// What to do about what the system says, where that can be told.
fn advice(source: &std::io::Error) -> &'static str {
    if source.kind() == ErrorKind::PermissionDenied {
        return "; give the directory and its files to whoever runs this (chown), or run this as the node's user (sudo -u polder)";
    }
    ""
}

/// The path of a root.
pub(crate) fn root_path(directory: &Path, version: usize) -> PathBuf {
    directory.join(format!("root.{version}.json"))
}

/// The path of the members.
pub(crate) fn members_path(directory: &Path) -> PathBuf {
    directory.join("members.json")
}

/// The path of the freshness.
pub(crate) fn fresh_path(directory: &Path) -> PathBuf {
    directory.join("fresh.json")
}

/// Reads the files of a register.
///
/// # Errors
/// When one is missing, cannot be read, or is too large.
pub(crate) fn read_register(directory: &Path) -> Result<Files, RegisterFilesError> {
    let mut roots = Vec::new();
    while roots.len() < MOST_ROOTS && is_there(&root_path(directory, roots.len() + 1))? {
        roots.push(read_file(&root_path(directory, roots.len() + 1))?);
    }
    if let Some(present) = (roots.len() + 2..=MOST_ROOTS).find(|version| root_path(directory, *version).exists()) {
        return Err(RegisterFilesError::Gap { directory: directory.to_owned(), missing: roots.len() + 1, present });
    }
    if roots.is_empty() {
        return Err(RegisterFilesError::NoRoot(directory.to_owned()));
    }
    Ok(Files { roots, members: read_file(&members_path(directory))?, fresh: read_file(&fresh_path(directory))? })
}

/// Whether a directory has none of the files of a register.
pub(crate) fn are_missing(directory: &Path) -> bool {
    [root_path(directory, 1), members_path(directory), fresh_path(directory)].iter().all(|path| matches!(path.try_exists(), Ok(false)))
}

/// What may not be looked at is not taken for missing.
fn is_there(path: &Path) -> Result<bool, RegisterFilesError> {
    path.try_exists().map_err(|source| RegisterFilesError::Io { path: path.to_owned(), source })
}

/// Reads one file of a register.
///
/// # Errors
/// When it cannot be read, or is too large.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, RegisterFilesError> {
    let io = |source| RegisterFilesError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > LARGEST { Err(RegisterFilesError::TooLarge(path.to_owned())) } else { Ok(bytes) }
}

/// Writes a file that everyone may read, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), RegisterFilesError> {
    let io = |source| RegisterFilesError::Io { path: path.to_owned(), source };
    let mut file = temporary_beside(path).map_err(io)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).map_err(io)?;
    file.persist(path).map(|_| ()).map_err(|error| io(error.error))
}

/// A temporary file in the directory of another, to be renamed to it.
pub(crate) fn temporary_beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::NamedTempFile::new_in(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_missing() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("file");
        std::fs::write(&file, "").expect("written");
        let said = read_register(&file).expect_err("refused").to_string();
        assert!(said.contains("Not a directory") && !said.contains("there is no root.1.json"), "{said}");
        assert!(!are_missing(&file) && are_missing(directory.path()));
        let denied = RegisterFilesError::Io { path: file, source: ErrorKind::PermissionDenied.into() };
        assert!(denied.to_string().contains("sudo -u polder"), "{denied}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let directory = tempfile::tempdir().expect("a directory");
        let message = |path: &Path| read_register(path).expect_err("refused").to_string();
        assert!(message(directory.path()).contains("there is no root.1.json"));
        write_file(&root_path(directory.path(), 1), b"{}").expect("written");
        write_file(&root_path(directory.path(), 3), b"{}").expect("written");
        assert!(message(directory.path()).contains("root.2.json is missing, but root.3.json is there"));
        write_file(&root_path(directory.path(), 2), b"{}").expect("written");
        assert!(message(directory.path()).contains("members.json"));
        write_file(&members_path(directory.path()), b"{}").expect("written");
        write_file(&fresh_path(directory.path()), b"{}").expect("written");
        assert_eq!(read_register(directory.path()).expect("read").roots.len(), 3);
    }
}
