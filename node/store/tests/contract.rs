//! What the store promises to the rooms above it.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{join, join_all};
use polder_model::{Kind, OfferKey, Timestamp};
use polder_store::{Change, ChangeRow, Deleted, ETag, OnCommit, Outcome, Precondition, Put, Store, StoreError, Stored, StoredOffer};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

fn at(seconds: i64) -> Timestamp {
    "2026-11-23T12:00:00Z".parse::<Timestamp>().expect("an instant").plus_seconds(seconds)
}

fn key(text: &str) -> OfferKey {
    text.parse().expect("a key")
}

fn put(name: &str, document: &str) -> Put {
    put_if(name, document, Precondition::None)
}

fn put_if(name: &str, document: &str, precondition: Precondition) -> Put {
    Put { kind: Kind::Vacancy, key: key(name), document: document.as_bytes().into(), precondition, now: at(0) }
}

fn silent() -> OnCommit {
    Arc::new(|_: &[Change]| {})
}

/// A store in a folder of its own.
struct Fixture {
    store: Store,
    path: PathBuf,
    _directory: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        Self::telling(silent()).await
    }

    async fn telling(on_commit: OnCommit) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("polder.db");
        let store = Store::open(&path, on_commit).await.expect("a store");
        Self { store, path, _directory: directory }
    }

    async fn put(&self, name: &str, document: &str) -> Stored {
        self.store.put_offer(put(name, document)).await.expect("stored")
    }

    async fn offer(&self, name: &str) -> Option<StoredOffer> {
        self.store.offer(Kind::Vacancy, &key(name)).await.expect("read")
    }

    async fn delete(&self, name: &str) -> Deleted {
        self.store.delete_offer(Kind::Vacancy, &key(name), Precondition::None, at(1)).await.expect("deleted")
    }

    async fn changes(&self) -> Vec<ChangeRow> {
        self.store.changes(0, 1_000).await.expect("read")
    }

    async fn keys(&self, after: Option<&str>, limit: u32) -> Vec<String> {
        let after = after.map(key);
        let listed = self.store.list_offers(Kind::Vacancy, after.as_ref(), limit).await.expect("read");
        listed.into_iter().map(|offer| offer.key.to_string()).collect()
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::PreconditionFailed))
}

#[tokio::test]
async fn exact_bytes_come_back() {
    let fixture = Fixture::new().await;
    let documents: [&[u8]; 4] =
        ["{ \"title\" :\t\"Lässer \u{1f600}\"}\r\n".as_bytes(), b"", b"\x00\xff'\"; DROP TABLE offers", &[b'x'; 65_536]];
    for (number, document) in documents.into_iter().enumerate() {
        let put = Put { document: document.into(), ..put(&format!("k{number}"), "") };
        let stored = fixture.store.put_offer(put).await.expect("stored");
        let offer = fixture.offer(&format!("k{number}")).await.expect("it is there");
        assert_eq!(offer.document, document);
        assert_eq!((offer.version, offer.change, offer.modified_at, &offer.etag), (1, stored.change, at(0), &stored.etag));
    }
    assert_eq!(fixture.offer("other").await, None);
    assert_eq!(fixture.store.offer(Kind::Training, &key("k0")).await.expect("read"), None, "a key is one of its kind");
}

#[tokio::test]
async fn versions_count_on_through_a_delete() {
    let fixture = Fixture::new().await;
    let did = |stored: Stored| (stored.version, stored.change, stored.outcome);
    assert_eq!(did(fixture.put("a", "1").await), (1, 1, Outcome::Created));
    assert_eq!(did(fixture.put("a", "2").await), (2, 2, Outcome::Replaced));
    assert_eq!(did(fixture.put("a", "2").await), (2, 2, Outcome::Unchanged));
    assert_eq!(did(fixture.put("a", "1").await), (3, 3, Outcome::Replaced), "bytes that were there before are a change");
    assert_eq!(fixture.delete("a").await, Deleted::Done);
    assert_eq!(fixture.offer("a").await, None);
    assert_eq!((fixture.delete("a").await, fixture.delete("b").await), (Deleted::Already, Deleted::Never));
    assert_eq!(did(fixture.put("a", "1").await), (5, 5, Outcome::Created), "the delete was version 4");
    assert_eq!(fixture.store.count_offers(Kind::Vacancy).await.expect("read"), 1);
    let training = Put { kind: Kind::Training, ..put("a", "1") };
    assert_eq!(did(fixture.store.put_offer(training).await.expect("stored")), (1, 6, Outcome::Created));
}

#[tokio::test]
async fn an_unchanged_put_changes_nothing() {
    let fixture = Fixture::new().await;
    let first = fixture.put("a", "1").await;
    let again = fixture.store.put_offer(Put { now: at(60), ..put("a", "1") }).await.expect("stored");
    assert_eq!(again, Stored { outcome: Outcome::Unchanged, ..first });
    assert_eq!(fixture.changes().await.len(), 1);
}

#[tokio::test]
async fn the_time_of_an_offer_is_that_of_its_change() {
    let fixture = Fixture::new().await;
    fixture.store.put_offer(Put { now: at(60), ..put("a", "1") }).await.expect("stored");
    // A clock that was wrong for a moment leaves no trace: versions order the changes, not times.
    assert_eq!(fixture.put("a", "2").await.modified_at, at(0), "the clock was set right meanwhile");
    assert_eq!(fixture.store.put_offer(Put { now: at(61), ..put("a", "3") }).await.expect("stored").modified_at, at(61));
}

#[tokio::test]
async fn preconditions_hold_or_nothing_is_done() {
    let fixture = Fixture::new().await;
    let outcome = |document: &'static str, precondition| fixture.store.put_offer(put_if("a", document, precondition));
    let elsewhere: ETag = "\"1-0000000000000000\"".parse().expect("a tag");
    assert!(refused(outcome("1", Precondition::Exists).await), "If-Match: * of what is not there");
    assert!(refused(outcome("1", Precondition::Matches(vec![elsewhere.clone()])).await));
    let first = outcome("1", Precondition::Absent).await.expect("If-None-Match: *");
    assert!(refused(outcome("1", Precondition::Absent).await), "also where the bytes are the same");
    assert!(refused(outcome("2", Precondition::Matches(vec![elsewhere.clone()])).await));
    assert!(refused(outcome("2", Precondition::Matches(Vec::new())).await));
    assert_eq!(fixture.offer("a").await.expect("it is there").document, b"1");
    assert_eq!(fixture.changes().await.len(), 1, "what was refused took no number");

    let same = outcome("1", Precondition::Matches(vec![first.etag.clone()])).await.expect("it matches");
    assert_eq!(same.outcome, Outcome::Unchanged);
    let second = outcome("2", Precondition::Matches(vec![elsewhere, first.etag.clone()])).await.expect("one of them matches");
    assert_eq!((second.version, second.change), (2, 2));
    assert!(refused(outcome("3", Precondition::Matches(vec![first.etag.clone()])).await), "an old tag");
    assert_eq!(outcome("3", Precondition::Exists).await.expect("it is there").version, 3);

    let delete = |precondition| fixture.store.delete_offer(Kind::Vacancy, &KEY_A, precondition, at(0));
    assert!(refused(delete(Precondition::Matches(vec![second.etag])).await));
    assert!(refused(delete(Precondition::Absent).await));
    let third = fixture.offer("a").await.expect("it is there").etag;
    assert_eq!(delete(Precondition::Matches(vec![third.clone()])).await.expect("it matches"), Deleted::Done);
    assert!(refused(delete(Precondition::Matches(vec![third])).await));
    assert!(refused(delete(Precondition::Exists).await));
    assert!(refused(outcome("4", Precondition::Exists).await), "a deleted offer is not there");
    assert_eq!(outcome("1", Precondition::Absent).await.expect("a deleted offer is absent").version, 5);
    assert_ne!(fixture.offer("a").await.expect("it is there").etag, first.etag, "the same bytes in another version have another tag");
}

static KEY_A: std::sync::LazyLock<OfferKey> = std::sync::LazyLock::new(|| key("a"));

#[test]
fn tags_have_one_form() {
    let tag = ETag::new(3, &"ab".repeat(32));
    assert_eq!(tag.to_string(), "\"3-abababababababab\"");
    assert_eq!(tag.to_string().parse(), Ok(tag));
    for bad in ["", "*", "3-ab", "W/\"3-ab\"", "\"3-ab", "\"", "\"a\"b\"", &format!("\"{}\"", "x".repeat(65))] {
        assert!(bad.parse::<ETag>().is_err(), "{bad}");
    }
}

#[tokio::test]
async fn lists_are_in_the_order_of_keys() {
    let fixture = Fixture::new().await;
    for name in ["b", "a10", "A", "a2", "~", "-", "a", "_x", "gone"] {
        fixture.put(name, name).await;
    }
    fixture.delete("gone").await;
    let all = ["-", "A", "_x", "a", "a10", "a2", "b", "~"];
    assert_eq!(fixture.keys(None, 100).await, all);
    assert_eq!(fixture.keys(None, 3).await, all[..3]);
    assert_eq!(fixture.keys(Some("_x"), 3).await, all[3..6]);
    assert_eq!(fixture.keys(Some("a1"), 1).await, ["a10"], "after a key that is not there");
    assert_eq!(fixture.keys(Some("gone"), 9).await, ["~"]);
    assert_eq!(fixture.keys(Some("~"), 100).await, [""; 0]);
    assert_eq!(fixture.keys(None, 0).await, [""; 0]);
    let mut paged = Vec::new();
    while let [.., last] = fixture.keys(paged.last().map(String::as_str), 3).await.as_slice() {
        let page = fixture.keys(paged.last().map(String::as_str), 3).await;
        assert_eq!(page.last(), Some(last));
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let wanted = ["b", "gone", "none", "a"].map(key);
    let mut found: Vec<String> =
        fixture.store.offers(Kind::Vacancy, &wanted).await.expect("read").into_iter().map(|offer| offer.key.to_string()).collect();
    found.sort();
    assert_eq!(found, ["a", "b"]);
}

#[tokio::test]
async fn a_page_is_bounded() {
    let fixture = Fixture::new().await;
    let puts = (0..1_005).map(|number| fixture.store.put_offer(put(&format!("k{number:04}"), "1")));
    assert!(join_all(puts).await.iter().all(Result::is_ok));
    assert_eq!(fixture.keys(None, u32::MAX).await.len(), 1_000);
    assert_eq!(fixture.keys(Some("k0999"), u32::MAX).await.len(), 5);
    assert_eq!(fixture.store.changes(0, u32::MAX).await.expect("read").len(), 1_000);
    assert_eq!(fixture.store.changes(1_000, u32::MAX).await.expect("read").len(), 5);
}

#[tokio::test]
async fn changes_tell_what_happened_in_order() {
    let fixture = Fixture::new().await;
    fixture.put("a", "1").await;
    fixture.put("b", "1").await;
    fixture.put("a", "2").await;
    fixture.delete("a").await;
    fixture.put("b", "1").await;
    let changes = fixture.changes().await;
    let told: Vec<(u64, &str, u64, bool)> =
        changes.iter().map(|change| (change.change, change.key.as_str(), change.version, change.deleted)).collect();
    assert_eq!(told, [(1, "a", 1, false), (2, "b", 1, false), (3, "a", 2, false), (4, "a", 3, true)]);
    assert_eq!(changes[3].at, at(1));
    assert_eq!(fixture.store.changes(2, 1).await.expect("read"), changes[2..3]);
    assert_eq!(fixture.store.changes(4, 9).await.expect("read"), []);
    assert_eq!(fixture.store.changes(u64::MAX, 9).await.expect("read"), []);
}

#[tokio::test]
async fn each_offer_is_shown_once_in_the_order_of_change() {
    let fixture = Fixture::new().await;
    let mut seen = Vec::new();
    assert_eq!(fixture.store.each_offer(|_| unreachable!("there is none")).await.expect("read"), 0);
    for (name, document) in [("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")] {
        fixture.put(name, document).await;
    }
    fixture.delete("b").await;
    let latest = fixture.store.each_offer(|offer| seen.push((offer.key.to_string(), offer.document))).await.expect("read");
    assert_eq!(latest, 5, "a delete counts");
    assert_eq!(seen, [("c".to_owned(), b"3".to_vec()), ("a".to_owned(), b"4".to_vec())]);
}

#[tokio::test]
async fn settings_are_kept() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.store.setting("x").await.expect("read"), None);
    for value in ["1", "", "é'\"\n"] {
        fixture.store.set_setting("x", value).await.expect("set");
        assert_eq!(fixture.store.setting("x").await.expect("read").as_deref(), Some(value));
    }
    assert_eq!(fixture.store.setting("X").await.expect("read"), None);
    fixture.store.close().await;
    let again = Store::open(&fixture.path, silent()).await.expect("a store");
    assert_eq!(again.setting("x").await.expect("read").as_deref(), Some("é'\"\n"));
    assert_eq!(again.changes(0, 9).await.expect("read"), [], "a setting is no change of an offer");
}

#[tokio::test]
async fn closing_stores_what_is_queued() {
    let fixture = Fixture::new().await;
    let puts = join_all((0..50).map(|number| fixture.store.put_offer(put(&format!("k{number}"), "1"))));
    let (stored, ()) = join(puts, fixture.store.close()).await;
    assert!(stored.iter().all(Result::is_ok), "{stored:?}");
    let late = fixture.store.put_offer(put("late", "1")).await;
    assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
    fixture.store.close().await;
    let again = Store::open(&fixture.path, silent()).await.expect("a store");
    assert_eq!(again.count_offers(Kind::Vacancy).await.expect("read"), 50);
    let stored = again.put_offer(put("after", "1")).await.expect("stored");
    assert_eq!(stored.change, 51);
}

type Told = Arc<Mutex<Vec<(u64, String, bool)>>>;

fn listener(told: &Told, pause: Duration) -> OnCommit {
    let told = Arc::clone(told);
    Arc::new(move |changes: &[Change]| {
        std::thread::sleep(pause);
        let mut told = told.lock().expect("a lock");
        told.extend(changes.iter().map(|change| (change.change, change.key.to_string(), change.document.is_some())));
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_listener_knows_before_the_caller() {
    let told = Told::default();
    let fixture = Fixture::telling(listener(&told, Duration::from_millis(30))).await;
    for name in ["a", "b"] {
        let stored = fixture.put(name, "1").await;
        assert_eq!(told.lock().expect("a lock").last(), Some(&(stored.change, name.to_owned(), true)));
    }
    fixture.delete("a").await;
    assert_eq!(told.lock().expect("a lock").last(), Some(&(3, "a".to_owned(), false)));
    fixture.put("b", "1").await;
    fixture.delete("a").await;
    assert!(refused(fixture.store.put_offer(put_if("b", "2", Precondition::Absent)).await));
    assert_eq!(told.lock().expect("a lock").len(), 3, "nothing is told where nothing changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_at_once_get_a_number_each() {
    let told = Told::default();
    let fixture = Fixture::telling(listener(&told, Duration::ZERO)).await;
    let tasks = (0..200).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.put_offer(put(&format!("k{number}"), &number.to_string())).await.expect("stored").change })
    });
    let numbers: HashSet<u64> = join_all(tasks).await.into_iter().map(|change| change.expect("a task")).collect();
    assert_eq!(numbers, (1..=200).collect());
    let all: Vec<u64> = (1..=200).collect();
    assert_eq!(told.lock().expect("a lock").iter().map(|(change, ..)| *change).collect::<Vec<_>>(), all);
    assert_eq!(fixture.changes().await.iter().map(|change| change.change).collect::<Vec<_>>(), all);
    assert_eq!(fixture.keys(None, 1_000).await.len(), 200);
    for number in 0..200 {
        assert_eq!(fixture.offer(&format!("k{number}")).await.expect("it is there").document, number.to_string().as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_of_one_key_get_a_version_each() {
    let fixture = Fixture::new().await;
    let tasks = (0..200).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.put_offer(put("a", &number.to_string())).await.expect("stored").version })
    });
    let versions: HashSet<u64> = join_all(tasks).await.into_iter().map(|version| version.expect("a task")).collect();
    assert_eq!(versions, (1..=200).collect());
    assert_eq!(fixture.offer("a").await.expect("it is there").version, 200);
    assert_eq!(fixture.keys(None, 9).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_want_to_be_first_one_is() {
    let fixture = Fixture::new().await;
    let tasks = (0..50).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.put_offer(put_if("a", &number.to_string(), Precondition::Absent)).await })
    });
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(|outcome| outcome.expect("a task")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.into_iter().filter(|outcome| refused(outcome.clone())).count(), 49);
    assert_eq!(fixture.changes().await.len(), 1);
}

/// Does something to a database file with plain SQLite.
async fn with_sqlite(path: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).disable_statement_logging();
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("done");
    connection.close().await.expect("closed");
}

/// Opens what must not be opened: what was said, and the file before and after.
async fn refusal(path: &Path) -> StoreError {
    let before = std::fs::read(path).expect("a file");
    let error = Store::open(path, silent()).await.err().expect("refused");
    assert!(std::fs::read(path).expect("a file") == before, "a file that is refused is left as it was");
    error
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let fixture = Fixture::new().await;
    fixture.put("a", "1").await;
    fixture.store.close().await;
    with_sqlite(&fixture.path, "PRAGMA user_version = 2").await;
    let error = refusal(&fixture.path).await;
    assert!(matches!(error, StoreError::UnknownSchema { found: 2, known: 1 }), "{error}");
    assert!(error.to_string().contains("schema version 2"), "{error}");
    with_sqlite(&fixture.path, "PRAGMA user_version = -1").await;
    assert!(matches!(refusal(&fixture.path).await, StoreError::UnknownSchema { found: -1, .. }));
    with_sqlite(&fixture.path, "PRAGMA user_version = 1").await;
    let again = Store::open(&fixture.path, silent()).await.expect("a store");
    assert_eq!(again.count_offers(Kind::Vacancy).await.expect("read"), 1);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, sql) in [
        ("tables", "CREATE TABLE offers (x)"),
        ("versioned", "PRAGMA user_version = 1; CREATE TABLE offers (x)"),
        ("named", "PRAGMA application_id = 1234; CREATE TABLE offers (x)"),
        ("named and empty", "PRAGMA application_id = 1234"),
    ] {
        let path = directory.path().join(name);
        with_sqlite(&path, sql).await;
        let error = refusal(&path).await.to_string();
        assert!(error.contains("another program"), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("garbage");
    std::fs::write(&path, "this is not a database ".repeat(1_000)).expect("written");
    let error = refusal(&path).await.to_string();
    assert!(error.contains("not a database"), "{error}");
    let error = Store::open(&directory.path().join("none/polder.db"), silent()).await.err().expect("refused");
    assert!(matches!(error, StoreError::Database(_)), "{error}");
    std::fs::write(directory.path().join("empty"), b"").expect("written");
    assert!(Store::open(&directory.path().join("empty"), silent()).await.is_ok(), "an empty file is a new database");
}

#[tokio::test]
async fn the_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("polder.db");
    let store = Store::open(&path, Arc::new(|_: &[polder_store::Change]| {})).await.expect("opened");
    store.put_offer(put("a", "1")).await.expect("stored");
    for entry in std::fs::read_dir(directory.path()).expect("files") {
        let entry = entry.expect("a file");
        let mode = entry.metadata().expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}
