//! A node that starts from the file of its index answers as one that builds it anew, and takes no file that does not fit its database.
#![expect(clippy::expect_used, clippy::print_stderr, reason = "tests")]

mod index_files;

use std::time::Duration;

use index_files::{Stage, Start, copy};
use polder_federation_tests::offers::PARTNERS;
use polder_federation_tests::{logs, postgres};
use polder_store::Database;

/// Stops and starts in all ways, with changes in between.
async fn restarts(mut stage: Stage) {
    for round in 0..6 {
        let mut node = stage.open().await;
        assert_eq!(node.start, if round == 0 { Start::Database } else { Start::File }, "round {round}");
        stage.change(&node, 60).await;
        node.close().await;
        // Stopped cleanly, then changed and cut off: the file is older than the database.
        node = stage.open().await;
        assert_eq!(node.start, Start::File);
        let asked = stage.ask(&node).await;
        stage.change(&node, 25).await;
        assert_ne!(stage.ask(&node).await, asked, "what changed is seen");
        let asked = stage.ask(&node).await;
        drop(node);
        stage.answers_as_rebuilt(Start::File, Some(asked)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_from_the_file_is_a_rebuild_on_sqlite() {
    for seed in 1..4 {
        restarts(Stage::new(seed, None)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_from_the_file_is_a_rebuild_on_postgresql() {
    restarts(Stage::new(7, Some(postgres::database().await))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_damaged_or_another_is_not_taken() {
    let mut stage = Stage::new(20, None);
    stage.fill(150).await;
    let whole = std::fs::read(stage.file()).expect("a file");
    let end = whole.iter().position(|byte| *byte == b'\n').expect("a first line");
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    for cut in [0, 1, end, end + 1, whole.len() / 2, whole.len() - 1] {
        cases.push((format!("cut at {cut}"), whole[..cut].to_vec()));
    }
    for at in (0..whole.len()).step_by(whole.len() / 12).chain([whole.len() - 1]) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        cases.push((format!("a bit at {at}"), flipped));
    }
    let head = String::from_utf8(whole[..end].to_vec()).expect("text");
    for (from, to) in [
        ("\"form\":", "\"form\":9"),
        ("\"program\":\"", "\"program\":\"0."),
        ("\"ranking\":\"", "\"ranking\":\"x"),
        (PARTNERS[0], PARTNERS[1]),
    ] {
        assert!(head.contains(from), "{head}");
        cases.push((format!("{from} is {to}"), [head.replace(from, to).as_bytes(), &whole[end..]].concat()));
    }
    cases.push(("longer".to_owned(), [&whole[..], b"x"].concat()));
    cases.push(("no such file".to_owned(), vec![b'x'; 3_000_000]));
    for (case, bytes) in cases {
        std::fs::write(stage.file(), bytes).expect("written");
        stage.answers_as_rebuilt(Start::Database, None).await;
        assert!(stage.warned(), "the log says why: {case}");
        assert!(!stage.file().exists(), "it is taken away: {case}");
    }
    stage.answers_as_rebuilt(Start::Database, None).await;
    assert!(!stage.warned(), "it is said once");
    std::fs::create_dir(stage.file()).expect("a directory");
    stage.answers_as_rebuilt(Start::Database, None).await;
    std::fs::remove_dir(stage.file()).expect("removed");
    // The whole one is taken still.
    std::fs::write(stage.file(), whole).expect("written");
    stage.answers_as_rebuilt(Start::File, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_another_database_is_not_taken() {
    let (mut one, mut other, mut stranger) = (Stage::new(31, None), Stage::new(32, None), Stage::of(PARTNERS[1], 33, None));
    one.fill(200).await;
    other.fill(100).await;
    stranger.fill(100).await;
    for from in [&other, &stranger] {
        std::fs::copy(from.file(), one.file()).expect("copied");
        one.answers_as_rebuilt(Start::Database, None).await;
        assert!(one.warned() && !one.file().exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_restored_from_an_older_backup_is_noticed() {
    let mut stage = Stage::new(40, None);
    stage.fill(100).await;
    let (backup, older_file) = (stage.directory.path().join("backup.db"), stage.directory.path().join("older"));
    copy(&stage.database_file(), &backup);
    std::fs::copy(stage.file(), &older_file).expect("copied");
    // The file goes on with the database; then the database goes back, and takes another way past the file's number.
    stage.fill(100).await;
    std::fs::copy(stage.file(), stage.directory.path().join("newer")).expect("copied");
    copy(&backup, &stage.database_file());
    stage.answers_as_rebuilt(Start::Database, None).await;
    let newer = std::fs::read(stage.directory.path().join("newer")).expect("a file");
    let node = stage.open_without_file_written().await;
    assert_eq!(node.start, Start::Database);
    stage.change(&node, 400).await;
    drop(node);
    std::fs::write(stage.file(), newer).expect("written");
    stage.answers_as_rebuilt(Start::Database, None).await;
    // A file from before the backup was made is good: the database holds its word, and leads on from there.
    std::fs::copy(&older_file, stage.file()).expect("copied");
    stage.answers_as_rebuilt(Start::File, None).await;
    // From the next file on it is as ever.
    std::fs::remove_file(stage.file()).expect("removed");
    stage.fill(10).await;
    stage.answers_as_rebuilt(Start::File, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_restored_from_a_dump_is_noticed() {
    let (database, before, after) = (postgres::database().await, postgres::database().await, postgres::database().await);
    let mut stage = Stage::new(50, Some(database.clone()));
    stage.fill(80).await;
    postgres::copy(&database, &before).await;
    stage.fill(80).await;
    postgres::copy(&database, &after).await;
    let node = stage.open().await;
    stage.change(&node, 30).await;
    drop(node);
    // The older one takes another way, past the number of the file.
    let file = std::fs::read(stage.file()).expect("a file");
    stage.database = before.clone();
    let node = stage.open_without_file_written().await;
    stage.change(&node, 300).await;
    drop(node);
    for (dump, start) in [(before, Start::Database), (after, Start::File), (database, Start::File)] {
        stage.database = dump;
        std::fs::write(stage.file(), &file).expect("written");
        stage.answers_as_rebuilt(start, None).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_have_a_file_each() {
    let database: Database = postgres::database().await;
    let (mut one, mut other) = (Stage::new(60, Some(database.clone())), Stage::new(61, Some(database)));
    one.fill(80).await;
    other.fill(80).await;
    for round in 0..3 {
        let (node, replica) = (one.open().await, other.open().await);
        assert_eq!((node.start, replica.start), (Start::File, Start::File), "round {round}");
        one.change(&node, 30).await;
        other.change(&replica, 30).await;
        node.close().await;
        replica.close().await;
    }
    one.answers_as_rebuilt(Start::File, None).await;
    // They are of one database: a new replica may begin with the file of another one.
    std::fs::copy(one.file(), other.file()).expect("copied");
    other.answers_as_rebuilt(Start::File, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_written_in_the_background_when_enough_changed() {
    let mut stage = Stage::new(70, None);
    stage.keeping.every = Duration::from_millis(20);
    stage.keeping.part = 4;
    stage.keeping.least_offers = 40;
    let node = stage.open().await;
    stage.publish(&node, 39).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!stage.file().exists(), "a small node needs none");
    stage.publish(&node, 1).await;
    stage.until_written().await;
    let first = std::fs::read(stage.file()).expect("a file");
    stage.publish(&node, 5).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(std::fs::read(stage.file()).expect("a file"), first, "five of 45 are not enough");
    stage.publish(&node, 10).await;
    stage.until(|stage| std::fs::read(stage.file()).expect("a file") != first).await;
    drop(node);
    stage.answers_as_rebuilt(Start::File, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_cannot_be_written_is_a_warning() {
    let mut stage = Stage::new(80, None);
    stage.data = stage.directory.path().join("not there");
    let node = stage.open().await;
    stage.publish(&node, 30).await;
    node.close().await;
    assert!(stage.warned());
    stage.answers_as_rebuilt(Start::Database, None).await;
}

/// What is not written in the time of a stop is taken away, and the file of before is as good as it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_the_file() {
    let mut stage = Stage::new(85, None);
    stage.fill(60).await;
    let before = std::fs::read(stage.file()).expect("a file");
    stage.keeping.at_stop = Duration::ZERO;
    let node = stage.open().await;
    stage.change(&node, 30).await;
    let asked = stage.ask(&node).await;
    node.close().await;
    assert!(stage.warned() && !logs::lines_with(&["it takes too long", &*stage.data.to_string_lossy()]).is_empty());
    assert_eq!(std::fs::read(stage.file()).expect("a file"), before);
    let begun = index_files::names(&stage.data).into_iter().find(|name| name.starts_with("index.snapshot."));
    assert_eq!(begun, None, "what was begun is taken away");
    stage.answers_as_rebuilt(Start::File, Some(asked)).await;
}

/// Nor for its word, where the database hangs: what was written is taken away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_the_word_of_the_file() {
    let database = postgres::database().await;
    let mut stage = Stage::new(86, Some(database.clone()));
    stage.fill(60).await;
    let before = std::fs::read(stage.file()).expect("a file");
    stage.keeping.at_stop = Duration::from_millis(200);
    let node = stage.open().await;
    stage.change(&node, 30).await;
    let hanging = postgres::Hanging::of(&database).await;
    let stopped = tokio::time::timeout(Duration::from_secs(20), node.close()).await;
    drop(hanging);
    stopped.expect("it stops");
    assert!(stage.warned() && !logs::lines_with(&["did not reply in time", &*stage.data.to_string_lossy()]).is_empty());
    assert_eq!(std::fs::read(stage.file()).expect("a file"), before);
    stage.until(|stage| !index_files::names(&stage.data).iter().any(|name| name.starts_with("index.snapshot."))).await;
    stage.answers_as_rebuilt(Start::File, None).await;
}

#[test]
fn a_full_disk_is_a_warning_and_is_not_filled() {
    index_files::on_a_small_disk("child_on_a_full_disk");
}

#[tokio::test]
#[ignore = "a child of a_full_disk_is_a_warning_and_is_not_filled"]
async fn child_on_a_full_disk() {
    let Some(small) = index_files::told() else { return };
    let mut stage = Stage::new(90, None);
    stage.data = small.clone();
    let node = stage.open().await;
    stage.publish(&node, 300).await;
    node.close().await;
    assert!(stage.warned() && !logs::lines_with(&["No space left", "could not be written to its file"]).is_empty());
    assert_eq!(std::fs::read_dir(small).expect("a directory").count(), 0, "what was begun is taken away");
    stage.answers_as_rebuilt(Start::Database, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_at_any_moment_of_writing() {
    let mut stage = Stage::new(100, None);
    let (mut begun, mut starts) = (0, Vec::new());
    for round in 0..12 {
        stage.forget_register().await;
        index_files::killed_while_writing(&stage, "child_that_writes_without_end", Duration::from_millis(40 + 37 * round)).await;
        begun += usize::from(index_files::names(&stage.data).iter().any(|name| name.starts_with("index.snapshot.")));
        let node = stage.open().await;
        starts.push(node.start);
        stage.until(|stage| !index_files::names(&stage.data).iter().any(|name| name.starts_with("index.snapshot."))).await;
        drop(node);
        let start = if stage.file().exists() { Start::File } else { Start::Database };
        stage.answers_as_rebuilt(start, None).await;
    }
    println!("of 12 kills {begun} left a file that was begun; starts: {starts:?}");
    assert!(starts.contains(&Start::File));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a child of cut_off_at_any_moment_of_writing"]
async fn child_that_writes_without_end() {
    let Some(directory) = index_files::told() else { return };
    let mut stage = Stage::at(&directory, 101);
    stage.keeping.every = Duration::ZERO;
    stage.keeping.part = u64::MAX / 1_000_000;
    let node = stage.open().await;
    stage.change(&node, 200).await;
    println!("ready");
    loop {
        stage.change(&node, 10).await;
    }
}
