//! A node that is stopped and started, and a twin of it that builds its index anew.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polder_exchange::{Home, Keeping, Node, Place, Publication};
use polder_federation_tests::local::ManualClock;
use polder_federation_tests::logs;
use polder_federation_tests::no_peers::NoPeers;
use polder_federation_tests::offers::{PARTNERS, document};
use polder_federation_tests::queries::query;
use polder_federation_tests::random::Random;
use polder_federation_tests::register;
use polder_model::answer::Answer;
use polder_model::query::Query;
use polder_model::{Kind, OfferKey, PartnerId, Timestamp};
use polder_store::{Database, Precondition};
use polder_trust::register::SharedRegister;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::io::AsyncBufReadExt;
use tracing::Level;

/// Tells a child which directory to use.
const DIRECTORY: &str = "POLDER_TEST_DIRECTORY";
/// How long is waited for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Keys of offers.
const KEYS: usize = 240;

/// Where the index came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    File,
    Database,
}

/// A node at work.
pub struct Open {
    pub node: Node,
    pub start: Start,
}

impl Open {
    pub async fn close(self) {
        self.node.keep_index().await;
        self.node.close().await;
    }
}

/// Where a node is stopped and started.
pub struct Stage {
    pub directory: tempfile::TempDir,
    pub database: Database,
    pub data: PathBuf,
    pub keeping: Keeping,
    partner: PartnerId,
    random: Random,
    warnings: usize,
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

impl Stage {
    pub fn new(seed: u64, database: Option<Database>) -> Self {
        Self::of(PARTNERS[0], seed, database)
    }

    /// In a database of that address; where there is none, of SQLite.
    pub fn of(partner: &str, seed: u64, database: Option<Database>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().to_owned();
        let mut stage = Self::in_directory(&path, seed, directory);
        stage.partner = partner.parse().expect("a partner");
        stage.database = database.unwrap_or(stage.database);
        stage
    }

    /// In a directory that is another's.
    pub fn at(directory: &Path, seed: u64) -> Self {
        Self::in_directory(directory, seed, tempfile::tempdir().expect("a directory"))
    }

    fn in_directory(path: &Path, seed: u64, directory: tempfile::TempDir) -> Self {
        logs::keep_all();
        let (database, data) = (path.join("polder.db").into(), path.join("data"));
        std::fs::create_dir_all(&data).expect("a directory");
        let keeping = Keeping { least_offers: 1, every: Duration::from_secs(3_600), ..Keeping::default() };
        Self {
            directory,
            database,
            data,
            keeping,
            partner: PARTNERS[0].parse().expect("a partner"),
            random: Random::new(seed),
            warnings: 0,
        }
    }

    pub fn file(&self) -> PathBuf {
        self.data.join("index.snapshot")
    }

    pub fn database_file(&self) -> PathBuf {
        self.directory.path().join("polder.db")
    }

    pub async fn open(&self) -> Open {
        self.open_in(&self.data, self.keeping).await
    }

    pub async fn open_without_file_written(&self) -> Open {
        self.open_in(&self.data, Keeping { least_offers: usize::MAX, ..self.keeping }).await
    }

    async fn open_in(&self, data: &Path, keeping: Keeping) -> Open {
        let home = Home::named(self.partner.clone(), "A partner".to_owned());
        let register = SharedRegister::new(register::of(&PARTNERS[..2], now()));
        // Beside the place of the index's file: what is tried with that is not to be done to this.
        let journal = self.directory.path().join(data.file_name().expect("a name")).with_extension("journal");
        let place = Place { database: self.database.clone(), data: data.to_owned(), journal };
        let ready = || logs::lines_with(&["the index is ready", &*data.to_string_lossy()]);
        let before = ready().len();
        let node = Node::open_keeping(home, place, register, Arc::new(NoPeers), Arc::new(ManualClock::at(now())), keeping).await;
        let node = node.expect("it never fails");
        let lines = ready();
        assert_eq!(lines.len(), before + 1, "one start, one line");
        let from_file = lines.last().is_some_and(|line| line.text.contains("from_file=true"));
        Open { node, start: if from_file { Start::File } else { Start::Database } }
    }

    /// Random puts and deletes, some at once.
    pub async fn change(&mut self, open: &Open, count: usize) {
        let mut puts = Vec::new();
        for _ in 0..count {
            let kind = *self.random.pick(&Kind::ALL);
            let key: OfferKey = format!("k{}", self.random.below(KEYS)).parse().expect("a key");
            if self.random.chance(25) {
                self.publish_all(open, std::mem::take(&mut puts)).await;
                open.node.delete(kind, &key, Precondition::None).await.expect("deleted");
            } else {
                let document = document(kind, &mut self.random, now()).as_bytes().into();
                puts.push(Publication { kind, key, document, precondition: Precondition::None });
            }
        }
        self.publish_all(open, puts).await;
    }

    /// So many vacancies that were not there.
    pub async fn publish(&mut self, open: &Open, count: usize) {
        let mut puts = Vec::new();
        for _ in 0..count {
            let key = format!("new-{}", self.random.bits()).parse().expect("a key");
            let document = document(Kind::Vacancy, &mut self.random, now()).as_bytes().into();
            puts.push(Publication { kind: Kind::Vacancy, key, document, precondition: Precondition::None });
        }
        self.publish_all(open, puts).await;
    }

    async fn publish_all(&self, open: &Open, puts: Vec<Publication>) {
        for verdict in open.node.publish_many(puts).await {
            verdict.expect("stored");
        }
    }

    /// Starts, changes, and stops: the file holds everything then.
    pub async fn fill(&mut self, count: usize) {
        let open = self.open().await;
        self.change(&open, count).await;
        open.close().await;
        assert!(self.file().exists());
    }

    /// The answers to forty questions.
    pub async fn ask(&self, open: &Open) -> Vec<Answer> {
        let asker = register::member(PARTNERS[1]);
        let mut random = Random::new(9);
        let mut answers = Vec::new();
        for _ in 0..40 {
            let query: Arc<Query> = Arc::new(query(&mut random, &asker.partner, now()));
            answers.push(open.node.answer(&asker, &query).await.expect("an answer").into_inner());
        }
        let hits: usize = answers.iter().map(|answer| answer.hits.len()).sum();
        assert!(hits > 0, "the questions find something");
        answers
    }

    /// Starts as expected, and answers as a node that builds its index anew.
    pub async fn answers_as_rebuilt(&mut self, start: Start, expected: Option<Vec<Answer>>) {
        let open = self.open_without_file_written().await;
        assert_eq!(open.start, start);
        let asked = self.ask(&open).await;
        assert!(expected.is_none_or(|expected| expected == asked), "the answers are those of before");
        let elsewhere = tempfile::tempdir().expect("a directory");
        let twin = self.open_in(elsewhere.path(), Keeping { least_offers: usize::MAX, ..self.keeping }).await;
        assert_eq!(twin.start, Start::Database);
        assert_eq!(self.ask(&twin).await, asked);
    }

    /// Whether the log has warned about this stage's file since the last look.
    pub fn warned(&mut self) -> bool {
        let lines = logs::lines_with(&["its file", &*self.data.to_string_lossy()]);
        let warnings = lines.iter().filter(|line| line.level == Level::WARN).count();
        std::mem::replace(&mut self.warnings, warnings) < warnings
    }

    /// Forgets the register: each process has keys of its own for it.
    pub async fn forget_register(&self) {
        if !self.database_file().exists() {
            return;
        }
        let options = SqliteConnectOptions::new().filename(self.database_file());
        let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
        sqlx::query("DELETE FROM settings WHERE name LIKE 'register-%'").execute(&mut connection).await.expect("deleted");
        connection.close().await.expect("closed");
    }

    pub async fn until_written(&self) {
        self.until(|stage| stage.file().exists()).await;
    }

    pub async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "it happens in time");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Puts a copy of a database of SQLite, whole, in the place of another.
pub fn copy(from: &Path, to: &Path) {
    let beside = |path: &Path, ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(to, ending));
        assert!(!beside(from, ending).exists(), "it was closed");
    }
    std::fs::copy(from, to).expect("copied");
}

/// What a directory holds.
pub fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The directory that a child works in; `None` where this is no child.
pub fn told() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

/// Runs a test of this program on a disk of 16 KiB.
pub fn on_a_small_disk(test: &str) {
    let directory = tempfile::tempdir().expect("a directory");
    let spaces = [&["unshare", "--mount", "bash"][..], &["unshare", "--mount", "--map-root-user", "bash"]];
    for space in spaces {
        let script = "mount -t tmpfs -o size=16k tmpfs \"$1\" || exit 77; shift; exec \"$@\"";
        let mut command = std::process::Command::new(space[0]);
        command.args(&space[1..]).args(["-c", script, "bash"]).arg(directory.path()).arg(std::env::current_exe().expect("this program"));
        command.args(["--exact", test, "--ignored", "--nocapture"]).env(DIRECTORY, directory.path());
        let output = command.output().expect("a child");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.code() != Some(77) && !said.contains("unshare failed") {
            return assert!(output.status.success() && said.contains("1 passed"), "{said}");
        }
    }
    eprintln!("no mounts are allowed here: the full disk is not tried");
}

/// Runs a test of this program in the directory of a stage, and kills it so long after it says that it is ready.
pub async fn killed_while_writing(stage: &Stage, test: &str, after: Duration) {
    let mut command = tokio::process::Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", test, "--ignored", "--nocapture"]).env(DIRECTORY, stage.directory.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().expect("a child");
    let mut lines = tokio::io::BufReader::new(child.stdout.take().expect("its output")).lines();
    let ready = async {
        while let Some(line) = lines.next_line().await.expect("a line") {
            if line.contains("ready") {
                return true;
            }
        }
        false
    };
    assert!(tokio::time::timeout(PATIENCE, ready).await.expect("it begins in time"), "it begins");
    tokio::time::sleep(after).await;
    child.kill().await.expect("killed");
    stage.forget_register().await;
}
