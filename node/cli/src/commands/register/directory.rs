//! The directory of a registrar: the register's files, and keys below `keys/`.

use std::path::{Path, PathBuf};

use polder_trust::keys::SigningKey;
use polder_trust::register::{DocumentType, KeySet, Signed};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::Failure;
use crate::register_files::write_file;

/// The file of a key: `keys/steward-1.key`.
pub(super) fn key_path(directory: &Path, role: &str, number: usize) -> PathBuf {
    directory.join("keys").join(format!("{role}-{number}.key"))
}

/// The keys of a role that are at hand: the files of `keys/` whose names begin with it and end in `.key`. A key that another registrar keeps is not
/// here, and need not be.
pub(super) fn keys_at_hand(directory: &Path, role: &str) -> Result<Vec<SigningKey>, Failure> {
    let entries = std::fs::read_dir(directory.join("keys")).into_iter().flatten().flatten().map(|entry| entry.path());
    let of_role = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| is_key_of(name, role));
    let mut paths: Vec<PathBuf> = entries.filter(of_role).collect();
    paths.sort();
    let load = |path: PathBuf| SigningKey::load(&path).map_err(|error| Failure::configuration(format!("{}: {error}", path.display())));
    paths.into_iter().map(load).collect()
}

/// Such as `registrar.key`, `registrar-2.key`.
fn is_key_of(name: &str, role: &str) -> bool {
    name.strip_prefix(role).and_then(|rest| rest.strip_suffix(".key")).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// A document with the signatures of those keys that belong to the set.
pub(super) fn signed(document: DocumentType, value: &impl Serialize, set: &KeySet, keys: &[SigningKey]) -> Result<Signed, Failure> {
    let bytes = serde_json::to_vec(value).map_err(|error| Failure::internal(format!("{}: {error}", document.as_str())))?;
    let mut signed = Signed::unsigned(bytes);
    for key in keys.iter().filter(|key| set.keys.contains_key(&key.public().id())) {
        signed.sign(document, key);
    }
    Ok(signed)
}

/// Writes the file form.
pub(super) fn write(path: &Path, signed: &Signed) -> Result<(), Failure> {
    write_file(path, signed.to_file().as_bytes()).map_err(|error| Failure::configuration(error.to_string()))
}

/// What a file says, whoever signed it.
pub(super) fn unverified<T: DeserializeOwned>(path: &Path, file: &[u8]) -> Result<(Signed, T), Failure> {
    let refused = |problem: String| Failure::refused(format!("{}: {problem}", path.display()));
    let signed = Signed::parse(file).map_err(|error| refused(error.to_string()))?;
    let value = serde_json::from_slice(&signed.bytes).map_err(|error| refused(format!("not of its form: {error}")))?;
    Ok((signed, value))
}
