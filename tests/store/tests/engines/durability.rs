//! What the store promises when the power, the disk or the rights fail. Children of these tests are this same program, told by a variable what to do.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use polder_model::{Kind, OfferKey};
use polder_store::{ActsFor, Database, Precondition, Put, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::on_both_engines;
use crate::support::{Engine, Place, at, key, silent};

const DIRECTORY: &str = "POLDER_STORE_TEST_DIRECTORY";
const LIMITED: &str = "POLDER_STORE_TEST_LIMITED";

fn put(name: &str, document: &[u8]) -> Put {
    Put {
        kind: Kind::Vacancy,
        key: key(name),
        document: document.into(),
        features: None,
        organisation: "".into(),
        acts_for: ActsFor::Everyone,
        precondition: Precondition::None,
        now: at(0),
    }
}

async fn open(path: &Path) -> Store {
    Store::open(path, silent()).await.expect("a store")
}

/// The database that a child writes to.
const DATABASE: &str = "POLDER_STORE_TEST_DATABASE";

/// The folder that a child works in; `None` where this is no child.
fn told() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

/// The arguments that make this program run one test of its own.
fn alone(test: &str) -> [String; 4] {
    [format!("durability::{test}"), "--exact".to_owned(), "--nocapture".to_owned(), "--ignored".to_owned()]
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("this program")
}

async fn integrity(path: &Path) -> String {
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    let said = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.expect("a check");
    connection.close().await.expect("closed");
    said
}

/// Runs a shell line in a mount namespace of its own, then one test of this program. `None` where the system allows no such namespace.
fn in_own_mounts(prepare: &str, directory: &Path, test: &str) -> Option<Output> {
    for rights in [&["--mount"][..], &["--mount", "--map-root-user"]] {
        let allowed = Command::new("unshare").args(rights).args(["sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]).output();
        if allowed.is_ok_and(|output| output.status.success()) {
            let script = format!("{prepare} && shift && exec \"$@\"");
            let mut command = Command::new("unshare");
            command.args(rights).args(["sh", "-c", &script, "sh"]).arg(directory).arg(this_program()).args(alone(test));
            return Some(command.env(DIRECTORY, directory).output().expect("a child"));
        }
    }
    None
}

fn assert_passed(output: &Output) {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_full_disk_loses_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    if let Some(output) = in_own_mounts("mount -t tmpfs -o size=4m tmpfs \"$1\"", directory.path(), "child_on_a_small_disk") {
        return assert_passed(&output);
    }
    // No mounts here: files may not grow instead. That is another error of the system than a full disk.
    let script = "trap '' XFSZ; ulimit -S -f 1536; exec \"$@\"";
    let mut command = Command::new("bash");
    command.args(["-c", script, "bash"]).arg(this_program()).args(alone("child_on_a_small_disk"));
    assert_passed(&command.env(DIRECTORY, directory.path()).env(LIMITED, "1").output().expect("a child"));
}

#[tokio::test]
#[ignore = "a child of a_full_disk_loses_nothing"]
async fn child_on_a_small_disk() {
    let Some(directory) = told() else { return };
    let limited = std::env::var_os(LIMITED).is_some();
    let is_full = |error: &StoreError| matches!(error, StoreError::Full) || limited && matches!(error, StoreError::Database(_));
    let ballast = directory.join("ballast");
    std::fs::write(&ballast, vec![1; 600 * 1024]).expect("written");
    let path = directory.join("polder.db");
    let store = open(&path).await;
    let document = |number: usize| format!("{number:05}").repeat(1_000).into_bytes();
    let name = |number: usize| format!("k{number}");
    // A log that is full may find room once it is written back: the disk is full when five in a row do not fit.
    let (mut kept, mut refused, mut in_a_row) = (Vec::new(), Vec::new(), 0);
    for number in 0.. {
        match store.put_offer(put(&name(number), &document(number))).await {
            Ok(stored) => {
                kept.push(number);
                in_a_row = 0;
                assert_eq!((stored.version, stored.change), (1, kept.len() as u64));
            }
            Err(error) => {
                assert!(is_full(&error), "{number}: {error:?}");
                refused.push(number);
                in_a_row += 1;
            }
        }
        if in_a_row == 5 {
            break;
        }
        assert!(number < 1_000, "the disk is small");
    }
    assert!(kept.len() > 10, "{}", kept.len());

    // It stays full, says so each time, and reading goes on.
    for attempt in 0..3 {
        let error = store.put_offer(put("more", &document(attempt))).await.expect_err("the disk is full");
        assert!(is_full(&error), "{attempt}: {error:?}");
        let batch = futures::future::join_all((0..20).map(|number| store.put_offer(put(&format!("b{number}"), &document(1))))).await;
        assert!(
            batch.iter().all(|outcome| outcome.as_ref().is_err_and(|error| is_full(error) || matches!(error, StoreError::Busy))),
            "{batch:?}"
        );
        for &number in &kept {
            let offer = store.offer(Kind::Vacancy, &key(&name(number))).await.expect("read").expect("it is there");
            assert_eq!(offer.document, document(number), "{number}");
        }
    }

    std::fs::remove_file(&ballast).expect("removed");
    if limited {
        let me = std::process::id().to_string();
        let freed = Command::new("prlimit").args(["--pid", &me, "--fsize=unlimited"]).status().expect("prlimit");
        assert!(freed.success());
    }
    let stored = store.put_offer(put("after", b"{}")).await.expect("there is room again");
    assert_eq!(stored.change, kept.len() as u64 + 1, "what failed took no number");
    store.close().await;
    let again = open(&path).await;
    assert_eq!(again.count_offers(Kind::Vacancy).await.expect("read"), kept.len() as u64 + 1);
    for name in refused.into_iter().map(name).chain(["more".to_owned(), "b0".to_owned()]) {
        assert_eq!(again.offer(Kind::Vacancy, &key(&name)).await.expect("read"), None, "{name} was refused");
    }
    again.close().await;
    assert_eq!(integrity(&path).await, "ok");
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(&directory.path().join("polder.db")).await;
    store.put_offer(put("a", b"{}")).await.expect("stored");
    store.close().await;
    let prepare = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"";
    match in_own_mounts(prepare, directory.path(), "child_on_a_read_only_disk") {
        Some(output) => assert_passed(&output),
        None => {
            // No mounts here: the rights of the file do, and a child that is not root.
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            use std::os::unix::process::CommandExt;
            let closed = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
            closed(&directory.path().join("polder.db"), 0o444);
            closed(directory.path(), 0o555);
            // Nobody else may come at this program where it lies in the home of root.
            let open_to_all = tempfile::tempdir().expect("a directory");
            closed(open_to_all.path(), 0o755);
            let program = open_to_all.path().join("program");
            std::fs::copy(this_program(), &program).expect("a copy");
            let mut command = Command::new(&program);
            command.current_dir(open_to_all.path()).args(alone("child_on_a_read_only_disk")).env(DIRECTORY, directory.path());
            if std::fs::metadata(directory.path()).expect("a directory").uid() == 0 {
                command.uid(65_534).gid(65_534);
            }
            let output = command.output();
            closed(directory.path(), 0o755);
            closed(&directory.path().join("polder.db"), 0o644);
            assert_passed(&output.expect("a child"));
        }
    }
    let again = open(&directory.path().join("polder.db")).await;
    assert_eq!(again.count_offers(Kind::Vacancy).await.expect("read"), 1);
}

#[tokio::test]
#[ignore = "a child of a_database_that_cannot_be_written_is_refused"]
async fn child_on_a_read_only_disk() {
    let Some(directory) = told() else { return };
    let error = Store::open(&directory.join("polder.db"), silent()).await.err().expect("refused");
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    let error = Store::open(&directory.join("new.db"), silent()).await.err().expect("refused");
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
}

const TASKS: usize = 6;

/// A child that writes, and what it says.
fn writer(database: &Database, round: u32) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut command = Command::new(this_program());
    command.args(alone("child_that_writes")).env(DATABASE, database.to_string()).env("POLDER_STORE_TEST_ROUND", round.to_string());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child");
    let said = BufReader::new(child.stdout.take().expect("its output"));
    (child, said)
}

#[tokio::test]
#[ignore = "a child of what_was_acknowledged_outlives_a_kill"]
async fn child_that_writes() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let round = std::env::var("POLDER_STORE_TEST_ROUND").expect("a round");
    let store = Store::open(database.parse::<Database>().expect("a database"), silent()).await.expect("a store");
    let task = |task: usize| {
        let (store, round) = (store.clone(), round.clone());
        async move {
            for number in 0.. {
                // A new key each time, and one that is written again and again.
                for name in [format!("r{round}-t{task}-{number}"), format!("again-t{task}")] {
                    let document = format!("{name} {round} {number} {}", "x".repeat(number * 37 % 3_000));
                    let stored = store.put_offer(put(&name, document.as_bytes())).await.expect("stored");
                    let line = format!("\nacknowledged {name} {} {}\n", stored.version, document.len());
                    std::io::stdout().lock().write_all(line.as_bytes()).expect("written");
                }
            }
        }
    };
    futures::future::join_all((0..TASKS).map(task)).await;
}

on_both_engines!(what_was_acknowledged_outlives_a_kill);

async fn what_was_acknowledged_outlives_a_kill(engine: Engine) {
    let place = Place::new(engine).await;
    // The last acknowledged version of each key, and how long its document is.
    let mut acknowledged: HashMap<String, (u64, usize)> = HashMap::new();
    for round in 0..10 {
        let (mut child, mut said) = writer(&place.database, round);
        let mut line = String::new();
        let mut new = 0;
        let mut kill_at = None;
        loop {
            line.clear();
            let complete = said.read_line(&mut line).expect("its output") > 0;
            if !complete || !line.ends_with('\n') {
                break;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["acknowledged", name, version, length] = words[..] {
                acknowledged.insert(name.to_owned(), (version.parse().expect("a version"), length.parse().expect("a length")));
                new += 1;
                // From the first word on, it lives for a random while.
                kill_at.get_or_insert_with(|| {
                    let noise = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time").subsec_nanos();
                    let pause = Duration::from_micros(u64::from(noise / 1_000 % 120_000));
                    let pid = child.id().to_string();
                    std::thread::spawn(move || {
                        std::thread::sleep(pause);
                        Command::new("kill").args(["-9", &pid]).status().expect("kill");
                    })
                });
            }
        }
        kill_at.expect("it wrote").join().expect("killed");
        let status = child.wait().expect("it ended");
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "round {round}: {status}");
        assert!(new > 0);

        // On PostgreSQL this is another replica: what the killed one held is let go of by the server.
        let store = place.open(silent()).await;
        for (name, (version, length)) in &mut acknowledged {
            let offer = store.offer(Kind::Vacancy, &key(name)).await.expect("read");
            let offer = offer.unwrap_or_else(|| panic!("round {round}: {name} was acknowledged and is lost"));
            let again = name.starts_with("again-");
            // One more than was said may have been stored: the reply was on its way.
            assert!(offer.version == *version || again && offer.version == *version + 1, "{name}: {} for {version}", offer.version);
            // The next round begins with it, and may end before its writer has said anything.
            *version = offer.version;
            assert!(again || offer.document.len() == *length, "{name}");
            assert!(offer.document.starts_with(format!("{name} ").as_bytes()), "{name}");
        }
        let mut after = 0;
        let mut versions: HashMap<OfferKey, u64> = HashMap::new();
        loop {
            let changes = store.changes(after, 1_000).await.expect("read");
            for change in &changes {
                after += 1;
                assert_eq!(change.change, after, "no gap");
                let version = versions.entry(change.key.clone()).or_default();
                *version += 1;
                assert_eq!(change.version, *version, "each version is one change");
            }
            if changes.is_empty() {
                break;
            }
        }
        let mut offers = 0;
        let latest = store.each_offer(|offer| {
            offers += 1;
            assert_eq!(versions.get(&offer.key), Some(&offer.version));
        });
        assert_eq!(latest.await.expect("read"), after);
        assert_eq!(offers, versions.len());
        store.close().await;
        if engine == Engine::Sqlite {
            assert_eq!(integrity(&place.file()).await, "ok");
        }
    }
}
