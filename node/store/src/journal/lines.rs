//! A file of lines that is only ever added to. Each line has a checksum, and those that are written together are a *batch*, which is on disk before anything
//! is done that relies on it.
//!
//! What a crash leaves of the last batch is recognised and cut off: nothing relied on it. Anything else that is not as it was written is refused, and no
//! line is guessed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// The first word of the line with which a batch begins; how many lines it has follows.
const BATCH: &str = "batch";
/// How long a process that has the file is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A file that is open.
#[derive(Debug)]
pub(super) struct LineFile {
    path: PathBuf,
    file: File,
    length: u64,
}

/// What a file says: its first line, and the lines of its batches, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    pub head: String,
    pub lines: Vec<String>,
    /// How many bytes of a batch that was never whole were cut off.
    pub torn: u64,
}

impl LineFile {
    /// Opens a file; where there is none it is made, with that first line.
    ///
    /// # Errors
    /// When it cannot be read and written, or is damaged: what to do stands in the error.
    pub(super) fn open(path: &Path, head: &str) -> io::Result<(Self, Contents)> {
        if !path.exists() {
            replace(path, head, &[])?;
        }
        let file = alone(path)?;
        let bytes = fs::read(path)?;
        let (contents, length) = read(&bytes).map_err(|line| damaged(path, line))?;
        let mut opened = Self { path: path.to_owned(), file, length };
        if contents.torn > 0 {
            opened.cut()?;
        }
        Ok((opened, contents))
    }

    /// What a file says as it is: nothing is made, locked or cut off. `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub(super) fn look(path: &Path) -> io::Result<Option<Contents>> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        read(&bytes).map(|(contents, _)| Some(contents)).map_err(|line| damaged(path, line))
    }

    /// Adds a batch; it is on disk when this returns. After an error the file is to be opened anew.
    ///
    /// # Errors
    /// When the disk does not take it. Nothing of it counts then.
    pub(super) fn append(&mut self, lines: &[String]) -> io::Result<()> {
        let bytes = batch(lines);
        let written = self.write(&bytes);
        match &written {
            Ok(()) => self.length += bytes.len() as u64,
            // What can be is taken back at once; what cannot is judged when it is read.
            Err(_) => drop(self.cut()),
        }
        written
    }

    /// Puts a file with these lines in the place of this one, whole or not at all.
    ///
    /// # Errors
    /// When the disk does not take it; the file is as it was then.
    pub(super) fn rewrite(&mut self, head: &str, lines: &[String]) -> io::Result<()> {
        replace(&self.path, head, lines)?;
        self.file = alone(&self.path)?;
        self.length = self.file.metadata()?.len();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Whoever moved it away, or put another one in its place, would look for these lines there.
        let (here, there) = (self.file.metadata()?, fs::metadata(&self.path)?);
        if (here.dev(), here.ino()) != (there.dev(), there.ino()) {
            return Err(io::Error::other("another file has taken its place"));
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)?;
        self.file.sync_data()
    }

    /// Cuts off what stands behind the last batch that is whole.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.sync_all()
    }
}

/// Opens a file that no other process writes. One that is just ending is waited for.
fn alone(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).open(path)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => std::thread::sleep(PATIENCE / 100),
            Err(TryLockError::WouldBlock) => {
                let why = format!(
                    "{}: another process writes it; each replica of a node needs one of its own (`journal`, docs/scaling.md)",
                    path.display()
                );
                return Err(io::Error::new(io::ErrorKind::WouldBlock, why));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn replace(path: &Path, head: &str, lines: &[String]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(line(head).as_bytes())?;
    if !lines.is_empty() {
        file.write_all(&batch(lines))?;
    }
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

fn batch(lines: &[String]) -> Vec<u8> {
    let mut bytes = line(&format!("{BATCH} {}", lines.len())).into_bytes();
    lines.iter().for_each(|text| bytes.extend_from_slice(line(text).as_bytes()));
    bytes
}

fn line(text: &str) -> String {
    format!("{} {text}\n", checksum(text))
}

/// The first 8 bytes of the SHA-256, in hexadecimal digits.
fn checksum(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}

/// The text of a line whose checksum holds.
fn text(line: &[u8]) -> Option<&str> {
    let (sum, text) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    (sum == checksum(text)).then_some(text)
}

/// Of how many lines a batch is that begins with this text; `None` where none does.
fn begins(text: &str) -> Option<usize> {
    text.strip_prefix(BATCH)?.strip_prefix(' ')?.parse().ok()
}

/// Reads a file: what it says, and how long what is whole of it is. Else the number of the line that is damaged.
fn read(bytes: &[u8]) -> Result<(Contents, u64), usize> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| (line.len(), line.strip_suffix(b"\n").and_then(text)));
    let Some((head_length, Some(head))) = lines.next() else { return Err(1) };
    let mut contents = Contents { head: head.to_owned(), ..Contents::default() };
    let (mut whole, mut number) = (head_length, 1);
    let rest: Vec<(usize, Option<&str>)> = lines.collect();
    let mut at = 0;
    while at < rest.len() {
        let count = rest[at].1.and_then(begins);
        let of_batch = count.and_then(|count| rest.get(at + 1..at + 1 + count));
        let Some(texts) = of_batch.and_then(|lines| lines.iter().map(|(_, text)| *text).collect::<Option<Vec<&str>>>()) else {
            // A later batch is written only once this one is on disk; and of this one there is no more than it says.
            let (behind, is_too_long) = (&rest[at + 1..], count.is_some_and(|count| rest.len() - at - 1 > count));
            if is_too_long || behind.iter().any(|(_, text)| text.and_then(begins).is_some()) {
                return Err(number + 1);
            }
            contents.torn = (bytes.len() - whole) as u64;
            break;
        };
        let end = at + 1 + texts.len();
        whole += rest[at..end].iter().map(|(length, _)| length).sum::<usize>();
        number += end - at;
        contents.lines.extend(texts.into_iter().map(str::to_owned));
        at = end;
    }
    Ok((contents, whole as u64))
}

fn damaged(path: &Path, line: usize) -> io::Error {
    let why = format!(
        "{} is damaged from line {line} on, and not by a crash: put a copy of it in its place, or move it away and run `polder restored`, so that the \
         partners are asked for what it said (docs/operating.md)",
        path.display()
    );
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "head 1";

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn opened(path: &Path) -> (LineFile, Contents) {
        LineFile::open(path, HEAD).expect("opened")
    }

    /// What a file says.
    fn says(file: LineFile) -> Contents {
        let path = file.path.clone();
        drop(file);
        opened(&path).1
    }

    #[test]
    fn what_was_added_is_read_back_also_after_it_was_written_anew() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.journal");
        let (mut file, new) = opened(&path);
        assert_eq!(new, Contents { head: HEAD.to_owned(), ..Contents::default() });
        file.append(&texts(&["a", "b c"])).expect("added");
        file.append(&texts(&["d"])).expect("added");
        assert!(LineFile::open(&path, HEAD).is_err_and(|error| error.to_string().contains("another process")));
        assert_eq!(says(file).lines, ["a", "b c", "d"]);
        let mut file = opened(&path).0;
        file.rewrite("head 2", &texts(&["d"])).expect("written");
        file.append(&texts(&["e"])).expect("added");
        assert_eq!(says(file), Contents { head: "head 2".to_owned(), lines: texts(&["d", "e"]), torn: 0 });
    }

    #[test]
    fn wherever_a_crash_cuts_the_last_batch_it_is_gone_and_the_others_are_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.journal");
        let mut file = opened(&path).0;
        file.append(&texts(&["a"])).expect("added");
        let whole = fs::read(&path).expect("read").len();
        file.append(&texts(&["b", "c"])).expect("added");
        let bytes = fs::read(&path).expect("read");
        drop(file);
        for cut in whole..bytes.len() {
            fs::write(&path, &bytes[..cut]).expect("written");
            let (mut again, contents) = opened(&path);
            assert_eq!((contents.lines, contents.torn), (texts(&["a"]), (cut - whole) as u64), "{cut}");
            again.append(&texts(&["d"])).expect("added");
            assert_eq!(says(again).lines, ["a", "d"], "{cut}");
        }
        // A disk may write the end before the middle.
        for hole in whole..bytes.len() {
            let mut torn = bytes.clone();
            torn[hole] = 0;
            fs::write(&path, &torn).expect("written");
            assert_eq!(opened(&path).1.lines, ["a"], "{hole}");
        }
    }

    #[test]
    fn damage_that_no_crash_makes_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.journal");
        let mut file = opened(&path).0;
        file.append(&texts(&["a"])).expect("added");
        let first = fs::read(&path).expect("read").len();
        file.append(&texts(&["b"])).expect("added");
        let bytes = fs::read(&path).expect("read");
        drop(file);
        for at in 0..first {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).expect("written");
            let error = LineFile::open(&path, HEAD).expect_err("refused");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{at}");
            assert!(error.to_string().contains("polder restored"), "{error}");
            assert_eq!(fs::read(&path).expect("read"), changed, "it is left as it is");
        }
        fs::write(&path, b"").expect("written");
        assert!(LineFile::open(&path, HEAD).is_err(), "it is made whole or not at all");
    }
}
