//! What is kept beside offers: settings, marks, and leases, which one process has at a time.

use futures::future::join_all;
use polder_store::Lease;

use crate::on_both_engines;
use crate::support::{Engine, Fixture, at, silent};

on_both_engines!(
    a_setting_is_replaced_by_who_knows_it,
    settings_are_kept,
    a_mark_stands_behind_what_was_committed,
    the_latest_marks_are_kept,
    a_lease_has_one_holder,
    of_many_who_want_a_lease_one_has_it,
);

async fn a_setting_is_replaced_by_who_knows_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let replace = async |expected: Option<&str>, value| fixture.store.replace_setting("x", expected, value).await.expect("written");
    assert!(!replace(Some("a"), "b").await, "it was never set");
    assert!(replace(None, "a").await);
    assert!(!replace(None, "b").await && !replace(Some("b"), "c").await && !replace(Some(""), "c").await);
    assert_eq!(fixture.store.setting("x").await.expect("read").as_deref(), Some("a"));
    assert!(replace(Some("a"), "b").await);
    // Of many who know the same, one goes on.
    let done = join_all((0..20).map(|number| {
        let value = number.to_string();
        let store = &fixture.store;
        async move { store.replace_setting("x", Some("b"), &value).await.expect("written") }
    }))
    .await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
}

async fn settings_are_kept(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    assert_eq!(fixture.store.setting("x").await.expect("read"), None);
    for value in ["1", "", "é'\"\n"] {
        fixture.store.set_setting("x", value).await.expect("set");
        assert_eq!(fixture.store.setting("x").await.expect("read").as_deref(), Some(value));
    }
    assert_eq!(fixture.store.setting("X").await.expect("read"), None);
    fixture.store.close().await;
    let again = fixture.place.open(silent()).await;
    assert_eq!(again.setting("x").await.expect("read").as_deref(), Some("é'\"\n"));
    assert_eq!(again.changes(0, 9).await.expect("read"), [], "a setting is no change of an offer");
}

async fn a_mark_stands_behind_what_was_committed(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    assert!(!fixture.store.is_marked("one").await.expect("read"));
    fixture.put("a", "1").await;
    fixture.store.mark("one", at(0)).await.expect("marked");
    assert!(fixture.store.is_marked("one").await.expect("read"));
    assert!(!fixture.store.is_marked("on").await.expect("read") && !fixture.store.is_marked("").await.expect("read"));
    assert!(fixture.store.mark("one", at(1)).await.is_err(), "a word is used once");
    assert!(fixture.offer("a").await.is_some());
}

async fn the_latest_marks_are_kept(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.store.set_setting("x", "1").await.expect("set");
    let marks = (0..1_003).map(|number| {
        let store = fixture.store.clone();
        async move { store.mark(&format!("m{number}"), at(number)).await.expect("marked") }
    });
    join_all(marks).await;
    let is_marked = async |number: i64| fixture.store.is_marked(&format!("m{number}")).await.expect("read");
    assert_eq!((is_marked(2).await, is_marked(3).await, is_marked(1_002).await), (false, true, true));
    assert_eq!(fixture.store.setting("x").await.expect("read").as_deref(), Some("1"));
}

async fn a_lease_has_one_holder(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = &fixture.store;
    let lease = |holder: &str| Lease { name: "greet".to_owned(), holder: holder.to_owned() };
    let (one, other) = (lease("one"), lease("other"));
    let take = async |lease, now, until| store.take_lease(lease, at(now), at(until)).await.expect("asked");
    assert!(take(&one, 0, 30).await);
    assert!(!take(&other, 29, 60).await, "it is held");
    assert!(take(&one, 20, 50).await, "by whom it is held, it can be prolonged");
    assert!(!take(&other, 49, 80).await, "it was prolonged");
    assert!(take(&other, 50, 80).await, "it has run out");
    assert!(!take(&one, 50, 90).await, "another one has it");
    assert!(!store.release_lease(&one).await.expect("asked"), "another one has it");
    assert!(store.release_lease(&other).await.expect("asked"));
    assert!(take(&one, 51, 80).await, "it was given back");
    let elsewhere = Lease { name: "sweep".to_owned(), holder: "other".to_owned() };
    assert!(take(&elsewhere, 51, 80).await, "each lease is its own");
    assert!(fixture.changes().await.is_empty());
}

async fn of_many_who_want_a_lease_one_has_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    // On PostgreSQL half of them are another replica.
    let second = if engine == Engine::Postgres { fixture.place.open(silent()).await } else { fixture.store.clone() };
    let tasks = (0..40).map(|number| {
        let store = if number % 2 == 0 { fixture.store.clone() } else { second.clone() };
        tokio::spawn(async move {
            let lease = Lease { name: "work".to_owned(), holder: format!("holder {number}") };
            store.take_lease(&lease, at(0), at(30)).await.expect("asked")
        })
    });
    assert_eq!(join_all(tasks).await.into_iter().filter(|had| *had.as_ref().expect("a task")).count(), 1);
}
