//! What the store promises to the rooms above it, on either engine.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{join, join_all};
use polder_model::{Kind, OfferKey};
use polder_store::{Change, Deleted, ETag, OnCommit, Outcome, Precondition, Put, StoreError, Stored};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, key, put, put_if, refused, silent};

on_both_engines!(
    exact_bytes_come_back,
    versions_count_on_through_a_delete,
    an_unchanged_put_changes_nothing,
    the_time_of_an_offer_is_that_of_its_change,
    preconditions_hold_or_nothing_is_done,
    lists_are_in_the_order_of_keys,
    a_page_is_bounded,
    changes_tell_what_happened_in_order,
    each_offer_is_shown_once_in_the_order_of_change,
    changes_are_told_anew_from_any_number,
    closing_stores_what_is_queued,
    the_listener_knows_before_the_caller,
    two_hundred_at_once_get_a_number_each,
    two_hundred_of_one_key_get_a_version_each,
    of_those_who_want_to_be_first_one_is,
    no_more_offers_are_stored_than_may_be,
);

/// Whoever would be one too many is refused, alone; the others of its transaction are stored, and what is there can change and go.
async fn no_more_offers_are_stored_than_may_be(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.put("a", "1").await;
    fixture.store.take_at_most(3);
    let puts = vec![put("b", "1"), put("b", "2"), Put { kind: Kind::Training, ..put("b", "1") }, put("c", "1"), put("a", "2")];
    let outcomes = fixture.store.put_offers(puts).await;
    let too_many = |outcome: &Result<Stored, StoreError>| matches!(outcome, Err(StoreError::TooMany { .. }));
    assert_eq!(outcomes.iter().map(too_many).collect::<Vec<_>>(), [false, false, false, true, false], "{outcomes:?}");
    assert_eq!((fixture.offer("a").await.map(|offer| offer.version), fixture.offer("c").await), (Some(2), None));
    assert!(too_many(&fixture.store.put_offer(put("c", "1")).await));
    // The precondition is looked at first: it says more.
    assert!(refused(fixture.store.put_offer(put_if("c", "1", Precondition::Exists)).await));
    assert_eq!((fixture.delete("a").await, fixture.delete("a").await), (Deleted::Done, Deleted::Already));
    fixture.put("c", "1").await;
    assert!(too_many(&fixture.store.put_offer(put("a", "3")).await), "one that was deleted comes anew");
    // A bound that is lower than what is there takes nothing away.
    fixture.store.take_at_most(1);
    fixture.put("c", "2").await;
    assert!(too_many(&fixture.store.put_offer(put("d", "1")).await));
    // The count is that of the database, not of the process.
    let again = fixture.place.open(silent()).await;
    again.take_at_most(3);
    assert!(too_many(&again.put_offer(put("d", "1")).await));
    again.take_at_most(4);
    assert!(again.put_offer(put("d", "1")).await.is_ok());
}

async fn exact_bytes_come_back(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn versions_count_on_through_a_delete(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn an_unchanged_put_changes_nothing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let first = fixture.put("a", "1").await;
    let again = fixture.store.put_offer(Put { now: at(60), ..put("a", "1") }).await.expect("stored");
    assert_eq!(again, Stored { outcome: Outcome::Unchanged, ..first });
    assert_eq!(fixture.changes().await.len(), 1);
}

async fn the_time_of_an_offer_is_that_of_its_change(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.store.put_offer(Put { now: at(60), ..put("a", "1") }).await.expect("stored");
    // A clock that was wrong for a moment leaves no trace: versions order the changes, not times.
    assert_eq!(fixture.put("a", "2").await.modified_at, at(0), "the clock was set right meanwhile");
    assert_eq!(fixture.store.put_offer(Put { now: at(61), ..put("a", "3") }).await.expect("stored").modified_at, at(61));
}

async fn preconditions_hold_or_nothing_is_done(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn lists_are_in_the_order_of_keys(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn a_page_is_bounded(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let puts = (0..1_005).map(|number| fixture.store.put_offer(put(&format!("k{number:04}"), "1")));
    assert!(join_all(puts).await.iter().all(Result::is_ok));
    assert_eq!(fixture.keys(None, u32::MAX).await.len(), 1_000);
    assert_eq!(fixture.keys(Some("k0999"), u32::MAX).await.len(), 5);
    assert_eq!(fixture.store.changes(0, u32::MAX).await.expect("read").len(), 1_000);
    assert_eq!(fixture.store.changes(1_000, u32::MAX).await.expect("read").len(), 5);
}

async fn changes_tell_what_happened_in_order(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn each_offer_is_shown_once_in_the_order_of_change(engine: Engine) {
    let fixture = Fixture::new(engine).await;
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

async fn changes_are_told_anew_from_any_number(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    for (name, document) in [("a", "1"), ("b", "2"), ("c", "3"), ("a", "4")] {
        fixture.put(name, document).await;
    }
    fixture.delete("b").await;
    let told = async |after: u64| {
        let mut told = Vec::new();
        let latest = fixture.store.each_change(after, |change| {
            let document = change.document.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            told.push((change.change, change.key.to_string(), change.version, document));
        });
        assert_eq!(latest.await.expect("read"), 5);
        told
    };
    let row =
        |change: u64, name: &str, version: u64, document: Option<&str>| (change, name.to_owned(), version, document.map(str::to_owned));
    let all = [row(3, "c", 1, Some("3")), row(4, "a", 2, Some("4")), row(5, "b", 2, None)];
    assert_eq!(told(0).await, all);
    assert_eq!(told(3).await, all[1..]);
    assert_eq!(told(5).await, []);
    assert_eq!(told(u64::MAX).await, []);
}

async fn closing_stores_what_is_queued(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let puts = join_all((0..50).map(|number| fixture.store.put_offer(put(&format!("k{number}"), "1"))));
    let (stored, ()) = join(puts, fixture.store.close()).await;
    assert!(stored.iter().all(Result::is_ok), "{stored:?}");
    let late = fixture.store.put_offer(put("late", "1")).await;
    assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
    fixture.store.close().await;
    let again = fixture.place.open(silent()).await;
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

async fn the_listener_knows_before_the_caller(engine: Engine) {
    let told = Told::default();
    let fixture = Fixture::telling(engine, listener(&told, Duration::from_millis(30))).await;
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

async fn two_hundred_at_once_get_a_number_each(engine: Engine) {
    let told = Told::default();
    let fixture = Fixture::telling(engine, listener(&told, Duration::ZERO)).await;
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

async fn two_hundred_of_one_key_get_a_version_each(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let tasks = (0..200).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.put_offer(put("a", &number.to_string())).await.expect("stored").version })
    });
    let versions: HashSet<u64> = join_all(tasks).await.into_iter().map(|version| version.expect("a task")).collect();
    assert_eq!(versions, (1..=200).collect());
    assert_eq!(fixture.offer("a").await.expect("it is there").version, 200);
    assert_eq!(fixture.keys(None, 9).await, ["a"]);
}

async fn of_those_who_want_to_be_first_one_is(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let tasks = (0..50).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.put_offer(put_if("a", &number.to_string(), Precondition::Absent)).await })
    });
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(|outcome| outcome.expect("a task")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.into_iter().filter(|outcome| refused(outcome.clone())).count(), 49);
    assert_eq!(fixture.changes().await.len(), 1);
}
