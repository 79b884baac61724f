//! The journal of what ended: beside the database, apart from it, and never behind it.
//!
//! A consent that ends, or an application that is stopped alone, is written here, and synced, before the transaction that ends it commits. So a database that was restored from a backup learns what
//! ended since ([`crate::people`] replays it), and a crash between the two ends what the worker asked to be ended. It also notes now and then how many
//! commits the database has made: where there were more than the database knows of, it went back.
//!
//! No name, text or value of anybody stands in it. What does is still personal data: the random name of a worker, with whom and what for, the handle by which
//! that recipient knows them, and when. Ends of whoever was erased are forgotten once their recipient has erased ([`Journal::forget`]), and everything once
//! ends are remembered no more. When it is opened it is written anew where most of it is over: the latest end for each worker, purpose and recipient stays,
//! what was stopped alone, and who was erased.

mod entry;
mod forget;
mod leaves;
mod lines;

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::StoreError;
use crate::random;
use entry::Entry;
pub(crate) use entry::{Ended, Erased, Past, Stopped};
use forget::Over;
pub(crate) use leaves::{KeptLeaf, KeptLeaves};
use lines::{Contents, LineFile};

/// What a journal's first line begins with; its name and the number of its latest end before the other lines follow.
const HEAD: &str = "polder-journal 1";
/// Most ends that are replayed in one transaction.
const AT_ONCE: usize = 1_000;
/// A journal of fewer lines is never written anew.
const SMALL: usize = 10_000;

/// The journal of a process.
#[derive(Debug)]
struct Journal {
    path: PathBuf,
    /// A name that no other journal has: by it the database knows how much of it it has seen.
    name: String,
    /// `None` after a failure: it is opened anew before it is used again.
    file: Option<LineFile>,
    /// The number of the latest end in it.
    latest: u64,
    /// The number of commits that it noted last.
    commits: u64,
    /// The number of the latest end that the database has seen; what is after it stands in `ahead`.
    seen: u64,
    ahead: Vec<Past>,
    /// Whether it is known what the database has seen. Before that nothing is replayed.
    is_known: bool,
    /// How many lines were read.
    lines: usize,
    /// What of it may be forgotten soon.
    over: Over,
}

/// What a journal says as it is, beside a node that may be running; `None` where there is none.
pub(crate) async fn look(path: &Path) -> Result<Option<Says>, StoreError> {
    let path = path.to_owned();
    aside(move || {
        let Some(Contents { head, lines, .. }) = LineFile::look(&path).map_err(|error| failed(&path, &error))? else { return Ok(None) };
        let (name, mut latest) = read_head(&head).ok_or_else(|| damaged(&path, NO_HEAD))?;
        let (name, mut commits) = (name.to_owned(), 0);
        for line in lines {
            match Entry::read(&line).ok_or_else(|| damaged(&path, NO_LINE))? {
                Entry::Commits(noted) => commits = noted,
                Entry::Ended(ended) => latest = latest.max(ended.number),
                Entry::Stopped(stopped) => latest = latest.max(stopped.number),
                Entry::Erased(erased) => latest = latest.max(erased.number),
            }
        }
        Ok(Some(Says { name, latest, commits }))
    })
    .await
}

const NO_HEAD: &str = "its first line is none of a journal";
const NO_LINE: &str = "a line is none of a journal";

/// The name of a journal and the number of the latest end before the other lines, by its first line.
fn read_head(head: &str) -> Option<(&str, u64)> {
    let (name, before) = head.strip_prefix(HEAD)?.trim_start().split_once(' ')?;
    Some((name, before.parse().ok()?))
}

/// What the system refused, where, and what to do where that can be told.
fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    let advice = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "; the node's user has to write this file and make others beside it. Under systemd a place outside /var/lib/polder is read-only until the \
             unit names it in ReadWritePaths= (docs/operating.md)"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; make room on the disk that holds it",
        ErrorKind::NotFound => "; make its directory, or see that its disk is mounted",
        _ => "",
    };
    StoreError::Journal(format!("{}: {error}{advice}", path.display()))
}

fn damaged(path: &Path, what: &str) -> StoreError {
    StoreError::Journal(format!("{}: {what}; put a copy of it in its place, or move it away and run `polder restored`", path.display()))
}

/// The same, shared.
#[derive(Clone, Debug)]
pub(crate) struct SharedJournal(Arc<Mutex<Journal>>);

/// What a journal says when a node starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Says {
    pub(crate) name: String,
    pub(crate) latest: u64,
    pub(crate) commits: u64,
}

impl SharedJournal {
    /// Opens a journal, and makes it where there is none.
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let opened = aside(move || Journal::open(path)).await?;
        Ok(Self(Arc::new(Mutex::new(opened))))
    }

    pub(crate) fn says(&self) -> Says {
        let journal = self.lock();
        Says { name: journal.name.clone(), latest: journal.latest, commits: journal.commits }
    }

    /// The database has seen this much of it. What is after it is to be replayed.
    pub(crate) fn seen(&self, number: u64) {
        let mut journal = self.lock();
        // A copy of before was put in its place: numbers go on after those that the database knows.
        journal.latest = journal.latest.max(number);
        journal.seen = journal.seen.max(number);
        journal.is_known = true;
        journal.ahead.retain(|past| past.number() > number);
    }

    /// What the database has not seen, in order, as much as one transaction takes; and whether that is all.
    pub(crate) fn ahead(&self) -> (Vec<Past>, bool) {
        let journal = self.lock();
        if !journal.is_known {
            return (Vec::new(), true);
        }
        let some: Vec<Past> = journal.ahead.iter().take(AT_ONCE).cloned().collect();
        let is_all = some.len() == journal.ahead.len();
        (some, is_all)
    }

    /// That it can be written; after a failure that is tried.
    pub(crate) async fn is_writable(&self) -> Result<(), StoreError> {
        if self.lock().file.is_some() {
            return Ok(());
        }
        let journal = self.clone();
        aside(move || {
            let mut journal = journal.lock();
            let commits = journal.commits;
            journal.append(&[Entry::Commits(commits)])
        })
        .await
    }

    /// Writes what ended and who was erased, on disk when this returns. `commits`: how many the database has made. The number of the last.
    pub(crate) async fn append(&self, past: Vec<Past>, commits: u64) -> Result<u64, StoreError> {
        let journal = self.clone();
        aside(move || {
            let mut journal = journal.lock();
            journal.add(past, commits)
        })
        .await
    }

    /// Notes how many commits the database has made, where that is another number than before.
    pub(crate) async fn note(&self, commits: u64) -> Result<(), StoreError> {
        if self.lock().commits == commits {
            return Ok(());
        }
        let journal = self.clone();
        aside(move || journal.lock().append(&[Entry::Commits(commits)])).await
    }

    /// Lets the file go.
    pub(crate) fn close(&self) {
        self.lock().file = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Journal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    fn open(path: PathBuf) -> Result<Self, StoreError> {
        let name = hex::encode(random::bytes::<16>()?);
        let mut journal = Self {
            path,
            name,
            file: None,
            latest: 0,
            commits: 0,
            seen: 0,
            ahead: Vec::new(),
            is_known: false,
            lines: 0,
            over: Over::default(),
        };
        journal.over = Over::at_first(&journal.read()?);
        journal.compact()?;
        Ok(journal)
    }

    /// Opens the file, and takes in what it says that is not known yet.
    fn read(&mut self) -> Result<Vec<Past>, StoreError> {
        let (file, Contents { head, lines, torn }) = LineFile::open(&self.path, &self.head()).map_err(|error| self.failed(&error))?;
        let (name, before) = read_head(&head).ok_or_else(|| self.damaged(NO_HEAD))?;
        self.latest = self.latest.max(before);
        self.name = name.to_owned();
        if torn > 0 {
            tracing::warn!(journal = %self.path.display(), bytes = torn, "what a crash left of the last lines of the journal was cut off: nothing relied on it");
        }
        self.lines = lines.len();
        let mut all = Vec::new();
        let known = self.ahead.last().map_or(self.seen, Past::number);
        for line in lines {
            let past = match Entry::read(&line).ok_or_else(|| self.damaged(NO_LINE))? {
                Entry::Commits(commits) => {
                    self.commits = commits;
                    continue;
                }
                Entry::Ended(ended) => Past::Ended(ended),
                Entry::Stopped(stopped) => Past::Stopped(stopped),
                Entry::Erased(erased) => Past::Erased(erased),
            };
            self.latest = self.latest.max(past.number());
            all.push(past);
        }
        self.ahead.extend(all.iter().filter(|past| past.number() > known).cloned());
        self.file = Some(file);
        Ok(all)
    }

    fn add(&mut self, mut past: Vec<Past>, commits: u64) -> Result<u64, StoreError> {
        if self.file.is_none() {
            self.read()?;
        }
        for (one, number) in past.iter_mut().zip(self.latest + 1..) {
            one.set_number(number);
        }
        let mut entries = vec![Entry::Commits(commits)];
        entries.extend(past.iter().cloned().map(Entry::from));
        self.append(&entries)?;
        self.latest += past.len() as u64;
        self.over.add(&past);
        // Until the transaction has committed it is ahead of the database.
        self.ahead.extend(past);
        Ok(self.latest)
    }

    fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if self.file.is_none() {
            self.read()?;
        }
        let Some(mut file) = self.file.take() else { return Err(self.damaged("it is not open")) };
        let lines: Vec<String> = entries.iter().map(Entry::line).collect();
        file.append(&lines).map_err(|error| self.failed(&error))?;
        self.file = Some(file);
        for entry in entries {
            if let Entry::Commits(commits) = entry {
                self.commits = *commits;
            }
        }
        Ok(())
    }

    /// Writes it anew without what is over, where that is most of it.
    fn compact(&mut self) -> Result<(), StoreError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut latest: HashMap<_, u64> = HashMap::new();
        let mut stays: HashSet<u64> = HashSet::new();
        for past in &self.ahead {
            match past {
                Past::Ended(ended) => drop(latest.insert((ended.worker, ended.purpose, &ended.recipient), ended.number)),
                Past::Stopped(stopped) => drop(stays.insert(stopped.number)),
                Past::Erased(erased) => drop(stays.insert(erased.number)),
            }
        }
        stays.extend(latest.into_values());
        if self.lines < SMALL.max(stays.len() * 2) {
            return Ok(());
        }
        let left: Vec<Past> = self.ahead.iter().filter(|past| stays.contains(&past.number())).cloned().collect();
        let mut lines = vec![Entry::Commits(self.commits).line()];
        lines.extend(left.iter().cloned().map(|past| Entry::from(past).line()));
        let head = format!("{HEAD} {} {}", self.name, self.latest);
        if let Err(error) = file.rewrite(&head, &lines) {
            tracing::warn!(%error, "the journal is written anew another time");
            return Ok(());
        }
        tracing::info!(
            lines = left.len(),
            before = self.lines,
            "the journal was written anew: for each worker, purpose and recipient the latest end, what was stopped alone, and who was erased"
        );
        self.ahead = left;
        Ok(())
    }

    fn head(&self) -> String {
        format!("{HEAD} {} {}", self.name, self.latest)
    }

    fn failed(&self, error: &std::io::Error) -> StoreError {
        failed(&self.path, error)
    }

    fn damaged(&self, what: &str) -> StoreError {
        damaged(&self.path, what)
    }
}

/// Waits for the disk where nobody else waits.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(StoreError::Journal("it was not written".to_owned())))
}
