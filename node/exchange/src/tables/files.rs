//! The files of imported tables.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use polder_model::reference::{Content, Imported, Table, TableError, TableVersion};
use serde::{Deserialize, Serialize};

/// Largest file of a table, in bytes.
const LARGEST: u64 = 128 * 1024 * 1024;
/// Largest list of tables, in bytes.
const LARGEST_LIST: u64 = 64 * 1024;
/// How many times reading begins anew where an import goes on at the same time.
const ATTEMPTS: usize = 3;
const LIST: &str = "tables.json";

/// Why tables cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file does not hold what was imported.
    #[error("{path}: {fault}; import the table again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: String,
    },
    /// The tables do not hold together.
    #[error("the imported tables: {0}")]
    Content(#[source] TableError),
}

/// A table that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptTable {
    /// Its name, version and SHA-256.
    #[serde(flatten)]
    pub version: TableVersion,
    /// How many rows it has.
    pub rows: u64,
    /// The name of the file that it was read from.
    pub source: String,
    /// When it was imported.
    pub imported_at: polder_model::Timestamp,
}

/// Every table that was imported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The tables.
    pub tables: Vec<KeptTable>,
}

/// Where the tables of a node are, whose data directory this is.
#[must_use]
pub fn directory(data: &Path) -> PathBuf {
    data.join("reference")
}

fn failed(path: &Path) -> impl Fn(io::Error) -> TablesError {
    let path = path.to_owned();
    move |source| TablesError::Io { path: path.clone(), source }
}

fn damaged(path: &Path, fault: impl Into<String>) -> TablesError {
    TablesError::Damaged { path: path.to_owned(), fault: fault.into() }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, TablesError> {
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed(path))?;
    if bytes.len() as u64 > most { Err(damaged(path, "it is larger than any that is imported")) } else { Ok(bytes) }
}

/// The list of tables as it is on disk; `None` where nothing was imported.
pub(super) fn names(directory: &Path) -> Result<Option<Vec<u8>>, TablesError> {
    match read(&directory.join(LIST), LARGEST_LIST) {
        Err(TablesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// What was imported, by name.
fn kept(directory: &Path) -> Result<Kept, TablesError> {
    let Some(bytes) = names(directory)? else { return Ok(Kept::default()) };
    let path = directory.join(LIST);
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| damaged(&path, error.to_string()))?;
    // A name becomes part of a path.
    let known = |table: &KeptTable| {
        let sha256 = table.version.sha256.len() == 64 && table.version.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        sha256 && table.version.name.parse::<Table>().is_ok()
    };
    if kept.tables.iter().all(known) { Ok(kept) } else { Err(damaged(&path, "it names what is no table")) }
}

fn path_of(directory: &Path, version: &TableVersion) -> PathBuf {
    directory.join(format!("{}-{}.csv", version.name, version.sha256.get(..16).unwrap_or_default()))
}

/// What was imported, whole.
///
/// # Errors
/// When a table cannot be read, or is not what was imported.
pub fn load(directory: &Path) -> Result<(Imported, Kept), TablesError> {
    let mut attempt = 1;
    loop {
        match load_once(directory) {
            // An import that ends just now removes what no list names any more.
            Err(TablesError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            other => return other,
        }
    }
}

fn load_once(directory: &Path) -> Result<(Imported, Kept), TablesError> {
    let (kept, mut imported) = (kept(directory)?, Imported::none());
    for one in &kept.tables {
        let (path, bytes) = (path_of(directory, &one.version), as_imported(directory, &one.version)?);
        let table: Table = one.version.name.parse().map_err(|_| damaged(&path, "it is no table"))?;
        let content = Content::from_csv(table, &bytes).map_err(|error| damaged(&path, error.to_string()))?;
        imported.put(table, one.version.clone(), content);
    }
    Ok((imported, kept))
}

/// The bytes of a table, if they are still those that were imported.
fn as_imported(directory: &Path, version: &TableVersion) -> Result<Vec<u8>, TablesError> {
    let path = path_of(directory, version);
    let bytes = read(&path, LARGEST)?;
    if TableVersion::of("", "", &bytes).sha256 == version.sha256 {
        return Ok(bytes);
    }
    Err(damaged(&path, "its SHA-256 is not that of what was imported"))
}

/// What was imported, by name; every file is held against its SHA-256.
///
/// # Errors
/// When the list or a table cannot be read, or a table is not what was imported.
pub fn check(directory: &Path) -> Result<Kept, TablesError> {
    let kept = kept(directory)?;
    kept.tables.iter().try_for_each(|one| as_imported(directory, &one.version).map(drop))?;
    Ok(kept)
}

/// Keeps tables beside those that are there, in the place of those of the same name: all of them or none. They are on disk when this returns.
///
/// # Errors
/// When they cannot be written; what was there stays.
pub fn keep(directory: &Path, tables: &[(KeptTable, Vec<u8>)]) -> Result<(), TablesError> {
    fs::create_dir_all(directory).map_err(failed(directory))?;
    let _lock = lock(directory)?;
    let mut kept = kept(directory).unwrap_or_default();
    for (table, bytes) in tables {
        write(&path_of(directory, &table.version), bytes)?;
        kept.tables.retain(|known| known.version.name != table.version.name);
        kept.tables.push(table.clone());
    }
    replace_list(directory, &kept)
}

/// Takes tables out. Gives those that were there.
///
/// # Errors
/// When the list cannot be written.
pub fn remove(directory: &Path, tables: &[Table]) -> Result<Vec<String>, TablesError> {
    if names(directory)?.is_none() {
        return Ok(Vec::new());
    }
    let _lock = lock(directory)?;
    let named = |table: &KeptTable| tables.iter().any(|gone| gone.as_str() == table.version.name);
    // A list that cannot be read goes as a whole, where everything is to go.
    let kept = match kept(directory) {
        Err(TablesError::Damaged { .. }) if tables.len() == Table::ALL.len() => Kept::default(),
        other => other?,
    };
    let (gone, stays): (Vec<KeptTable>, Vec<KeptTable>) = kept.tables.into_iter().partition(named);
    replace_list(directory, &Kept { tables: stays })?;
    Ok(gone.into_iter().map(|table| table.version.name).collect())
}

/// One import at a time; the lock ends with the process.
fn lock(directory: &Path) -> Result<File, TablesError> {
    let path = directory.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path).map_err(failed(&path))?;
    file.lock().map_err(failed(&path))?;
    Ok(file)
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), TablesError> {
    let temporary = path.with_extension("new");
    let written = || {
        // Left behind by an import that was cut off.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().create_new(true).write(true).mode(0o644).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    written().map_err(|error| {
        // The reason is said; the temporary file is of no use.
        let _ = fs::remove_file(&temporary);
        failed(path)(error)
    })
}

/// The new list takes the place of the old one; what it does not name is removed.
fn replace_list(directory: &Path, kept: &Kept) -> Result<(), TablesError> {
    let (mut kept, path) = (kept.clone(), directory.join(LIST));
    kept.tables.sort_by(|a, b| a.version.name.cmp(&b.version.name));
    let bytes = serde_json::to_vec_pretty(&kept).map_err(|error| damaged(&path, error.to_string()))?;
    write(&path, &bytes)?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(failed(directory))?;
    let named: Vec<PathBuf> = kept.tables.iter().map(|table| path_of(directory, &table.version)).collect();
    for entry in fs::read_dir(directory).map_err(failed(directory))?.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let ours = name.ends_with(".new") || name.ends_with(".csv") && Table::ALL.iter().any(|table| name.starts_with(table.as_str()));
        if ours && !named.contains(&path) {
            // What is left behind does no harm.
            let _ = fs::remove_file(&path);
        }
    }
    Ok(())
}
