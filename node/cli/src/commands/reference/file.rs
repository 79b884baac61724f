//! The files that are to be imported: what each is, and which version.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use polder_model::Timestamp;
use polder_model::reference::Table;
use polder_model::reference::official::{Recognised, recognise};

use crate::exit::Failure;
use crate::output::{Progress, clean};

/// Largest file, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;
/// So much of a file holds its first two lines.
const BEGINNING: u64 = 64 * 1024;

/// A file of a table.
#[derive(Debug)]
pub(super) struct TableFile {
    pub path: PathBuf,
    pub table: Table,
    pub separator: u8,
    /// Whether its labels are English.
    pub english: bool,
    pub bytes: u64,
    /// When it last changed.
    pub modified: Timestamp,
}

/// A file that is not used, and what it holds.
pub(super) struct Unused {
    pub source: String,
    pub what: &'static str,
}

/// What the files are. Each table has one file; the English labels of a table come beside the Dutch ones.
pub(super) fn look(paths: &[PathBuf]) -> Result<(Vec<TableFile>, Vec<Unused>), Failure> {
    let (mut files, mut unused): (Vec<TableFile>, Vec<Unused>) = (Vec::new(), Vec::new());
    for path in paths {
        let refused = |what: &str| Failure::configuration(format!("{}: {what}", path.display()));
        let mut file = File::open(path).map_err(|error| refused(&error.to_string()))?;
        let about = file.metadata().map_err(|error| refused(&error.to_string()))?;
        if !about.is_file() {
            return Err(refused("a file is expected"));
        }
        if about.len() > LARGEST {
            return Err(refused("larger than 256 MiB, which no such table is"));
        }
        let mut beginning = Vec::new();
        (&mut file).take(BEGINNING).read_to_end(&mut beginning).map_err(|error| refused(&error.to_string()))?;
        let (table, separator) = match recognise(&beginning) {
            Recognised::Table(table, separator) => (table, separator),
            Recognised::Unused(what) => {
                unused.push(Unused { source: name(path), what });
                continue;
            }
            Recognised::Unknown(what) => return Err(refused(&what)),
        };
        let english = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_en"))
            && matches!(table, Table::Skills | Table::SkillGroups | Table::Occupations);
        if let Some(other) = files.iter().find(|other| (other.table, other.english) == (table, english)) {
            return Err(refused(&format!("the table {} is given already, in {}", table.as_str(), other.path.display())));
        }
        let since = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        let modified = Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(0));
        files.push(TableFile { path: path.clone(), table, separator, english, bytes: about.len(), modified });
    }
    if let Some(alone) = files.iter().find(|file| file.english && !files.iter().any(|other| !other.english && other.table == file.table)) {
        let what = "English labels come beside the file with the Dutch ones; give both";
        return Err(Failure::configuration(format!("{}: {what}", alone.path.display())));
    }
    Ok((files, unused))
}

impl TableFile {
    /// The name of the file.
    pub fn source(&self) -> String {
        name(&self.path)
    }

    /// Opens it again; what is read moves the progress on.
    pub fn open<'p>(&self, progress: &'p Progress) -> Result<impl BufRead + use<'p>, Failure> {
        let failed = |error: io::Error| Failure::configuration(format!("{}: {error}", self.path.display()));
        let mut file = File::open(&self.path).map_err(failed)?;
        file.rewind().map_err(failed)?;
        Ok(BufReader::with_capacity(256 * 1024, Counted { file: file.take(LARGEST), progress }))
    }

    /// What its version is called: a number such as `v1.2.0` in its name or that of its directory, or else the day on which it last changed.
    pub fn release(&self) -> String {
        let directory = self.path.parent().map(name).unwrap_or_default();
        let number = [self.source(), directory].iter().find_map(|text| version_in(text));
        number.unwrap_or_else(|| self.modified.to_string().chars().take(10).collect())
    }
}

fn name(path: &Path) -> String {
    let name: String = path.file_name().map(|name| clean(&name.to_string_lossy())).unwrap_or_default();
    name.chars().take(100).collect()
}

/// `v1.2.0` of `ESCO dataset - v1.2.0 - classification - nl - csv`.
fn version_in(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).find_map(|part| {
        let number = part.strip_prefix(['v', 'V'])?.trim_end_matches(|c: char| !c.is_ascii_digit());
        let form = number.contains('.') && number.split('.').all(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
        (form && number.len() <= 20).then(|| format!("v{number}"))
    })
}

struct Counted<'p> {
    file: io::Take<File>,
    progress: &'p Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_names() {
        for (text, expected) in [
            ("ESCO dataset - v1.2.0 - classification - nl - csv", Some("v1.2.0")),
            ("skills_v1.2.csv", Some("v1.2")),
            ("skills_nl.csv", None),
            ("v2", None),
            ("vv1.2", None),
        ] {
            assert_eq!(version_in(text).as_deref(), expected, "{text}");
        }
    }
}
