//! What several replicas of one node promise on one database of PostgreSQL.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures::future::join_all;
use polder_model::Kind;
use polder_store::{Change, Deleted, OnCommit, Precondition, Store};
use sqlx::{Connection, PgConnection};

use crate::support::{Engine, Place, at, key, put, put_if, refused, silent};

/// What a replica was told: the numbers in order, and the documents as its index would hold them.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Index>>);

#[derive(Default)]
struct Index {
    numbers: Vec<u64>,
    documents: HashMap<String, String>,
}

impl Told {
    pub(crate) fn listener(&self) -> OnCommit {
        let told = self.clone();
        Arc::new(move |changes: &[Change]| {
            let mut index = told.0.lock().expect("a lock");
            for change in changes {
                index.numbers.push(change.change);
                match &change.document {
                    Some(document) => index.documents.insert(change.key.to_string(), String::from_utf8_lossy(document).into_owned()),
                    None => index.documents.remove(change.key.as_str()),
                };
            }
        })
    }

    pub(crate) fn document(&self, name: &str) -> Option<String> {
        self.0.lock().expect("a lock").documents.get(name).cloned()
    }

    fn numbers(&self) -> Vec<u64> {
        self.0.lock().expect("a lock").numbers.clone()
    }
}

/// Two replicas, and what each was told.
pub(crate) struct Pair {
    pub(crate) place: Place,
    pub(crate) stores: [Store; 2],
    told: [Told; 2],
}

impl Pair {
    pub(crate) async fn new() -> Self {
        let place = Place::new(Engine::Postgres).await;
        let told = [Told::default(), Told::default()];
        // At the same time: one of them makes the tables.
        let (one, other) = tokio::join!(place.open(told[0].listener()), place.open(told[1].listener()));
        Self { place, stores: [one, other], told }
    }
}

/// Waits for a state, at most a while.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed().as_secs() < 20, "{what} does not come");
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_question_sees_what_was_acknowledged_elsewhere() {
    let pair = Pair::new().await;
    // Nobody follows unasked here: only the question itself makes sure.
    for number in 0..200 {
        let (writer, reader) = (number % 2, (number + 1) % 2);
        let document = number.to_string();
        pair.stores[writer].put_offer(put("a", &document)).await.expect("stored");
        pair.stores[reader].catch_up().await.expect("caught up");
        assert_eq!(pair.told[reader].document("a").as_deref(), Some(document.as_str()), "a publish of the other replica");
        if number % 10 == 9 {
            let deleted = pair.stores[writer].delete_offer(Kind::Vacancy, &key("a"), Precondition::None, at(1)).await;
            assert_eq!(deleted.expect("deleted"), Deleted::Done);
            pair.stores[reader].catch_up().await.expect("caught up");
            assert_eq!(pair.told[reader].document("a"), None, "a delete of the other replica");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_question_sees_it_also_where_many_ask_and_write_at_once() {
    let pair = Pair::new().await;
    for store in &pair.stores {
        store.follow().await;
    }
    let tasks = (0..16).map(|task| {
        let (writer, reader, told) =
            (pair.stores[task % 2].clone(), pair.stores[(task + 1) % 2].clone(), pair.told[(task + 1) % 2].clone());
        tokio::spawn(async move {
            for number in 0..40 {
                let (name, document) = (format!("k{task}"), number.to_string());
                writer.put_offer(put(&name, &document)).await.expect("stored");
                reader.catch_up().await.expect("caught up");
                assert_eq!(told.document(&name), Some(document), "{name}");
            }
        })
    });
    for task in join_all(tasks).await {
        task.expect("no task failed");
    }
    for told in &pair.told {
        let numbers = told.numbers();
        assert!(numbers.is_sorted_by(|before, after| before < after), "each change once and in order");
        assert_eq!(numbers.last(), Some(&640));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_question_is_not_answered_by_a_look_that_began_before_it() {
    let place = Place::new(Engine::Postgres).await;
    let writer = place.open(silent()).await;
    // A reader that takes in what it has read only when it is let: meanwhile its look is under way.
    let told = Told::default();
    let (listener, (reached, is_reached), (let_on, gate)) = (told.listener(), std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
    let gate = Mutex::new(gate);
    let on_commit = move |changes: &[Change]| {
        let _ = reached.send(());
        let _ = gate.lock().expect("a lock").recv();
        listener(changes);
    };
    let reader = place.open(Arc::new(on_commit)).await;
    writer.put_offer(put("before", "1")).await.expect("stored");
    let early = tokio::spawn({
        let reader = reader.clone();
        async move { reader.catch_up().await }
    });
    tokio::task::spawn_blocking(move || is_reached.recv()).await.expect("a task").expect("the look is under way");
    writer.put_offer(put("after", "1")).await.expect("stored");
    let late = tokio::spawn({
        let reader = reader.clone();
        async move { reader.catch_up().await }
    });
    // Let the question come in before the look ends: were this too short, the test would pass without having tried anything.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    drop(let_on);
    early.await.expect("a task").expect("caught up");
    late.await.expect("a task").expect("caught up");
    assert_eq!(told.numbers(), [1, 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_are_followed_unasked() {
    let pair = Pair::new().await;
    pair.stores[1].follow().await;
    for number in 0..5 {
        pair.stores[0].put_offer(put("a", &number.to_string())).await.expect("stored");
        until("the change", async || pair.told[1].document("a") == Some(number.to_string())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_replicas_each_put_gets_its_own_number_and_version() {
    let pair = Pair::new().await;
    let tasks = (0..200).map(|number| {
        let store = pair.stores[number % 2].clone();
        tokio::spawn(async move {
            let own = store.put_offer(put(&format!("k{number}"), "1")).await.expect("stored");
            let shared = store.put_offer(put("shared", &number.to_string())).await.expect("stored");
            ([own.change, shared.change], shared.version)
        })
    });
    let done: Vec<_> = join_all(tasks).await.into_iter().map(|task| task.expect("a task")).collect();
    assert_eq!(done.iter().flat_map(|(changes, _)| *changes).collect::<HashSet<_>>(), (1..=400).collect());
    assert_eq!(done.iter().map(|(_, version)| *version).collect::<HashSet<_>>(), (1..=200).collect(), "no update is lost");
    let changes = pair.stores[0].changes(0, 1_000).await.expect("read");
    assert_eq!(changes.iter().map(|change| change.change).collect::<Vec<_>>(), (1..=400).collect::<Vec<_>>());
    let (first, second) = (pair.stores[0].catch_up().await, pair.stores[1].catch_up().await);
    first.and(second).expect("caught up");
    assert_eq!(pair.told[0].document("shared"), pair.told[1].document("shared"));
    for told in &pair.told {
        assert!(told.numbers().is_sorted_by(|before, after| before < after));
        assert_eq!(told.0.lock().expect("a lock").documents.len(), 201);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_want_to_be_first_at_two_replicas_one_is() {
    let pair = Pair::new().await;
    let tasks = (0..50).map(|number| {
        let store = pair.stores[number % 2].clone();
        tokio::spawn(async move { store.put_offer(put_if("a", &number.to_string(), Precondition::Absent)).await })
    });
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(|outcome| outcome.expect("a task")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.into_iter().filter(|outcome| refused(outcome.clone())).count(), 49);
}

/// What a writer does, by hand: a number from the counter, an offer, a change; not committed.
async fn write_by_hand(connection: &mut PgConnection, name: &str) -> i64 {
    let number = "UPDATE counter SET change = change + 1 WHERE id = 1 RETURNING change";
    let change: i64 = sqlx::query_scalar(number).fetch_one(&mut *connection).await.expect("a number");
    let offer = "INSERT INTO offers (kind, key, version, deleted, modified_at, change, sha256, document)
        VALUES ('vacancy', $1, 1, false, 0, $2, '', 'x')";
    sqlx::query(offer).bind(name).bind(change).execute(&mut *connection).await.expect("an offer");
    let row = "INSERT INTO changes (change, kind, key, version, deleted, at) VALUES ($1, 'vacancy', $2, 1, false, 0)";
    sqlx::query(row).bind(change).bind(name).execute(connection).await.expect("a change");
    change
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_skips_no_change_whichever_transaction_commits_first() {
    let pair = Pair::new().await;
    pair.stores[1].follow().await;
    let (mut first, mut watching) = (pair.place.beside().await, pair.place.beside().await);
    let mut held = first.begin().await.expect("a transaction");
    assert_eq!(write_by_hand(&mut held, "first").await, 1);
    // A second writer begins while the first is open. Were it to commit now, with number 2, whoever reads on from 2 would never see 1.
    let store = pair.stores[0].clone();
    let second = tokio::spawn(async move { store.put_offer(put("second", "y")).await.expect("stored") });
    let waits =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%counter%' AND application_name = 'polder'
        AND backend_xid IS NULL";
    until("a writer that waits", async || {
        second.is_finished() || sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut watching).await.expect("a count") > 0
    })
    .await;
    assert!(!second.is_finished(), "a later number was committed before an earlier one");
    pair.stores[1].catch_up().await.expect("caught up");
    assert_eq!(pair.told[1].numbers(), [0; 0], "nothing is committed yet");
    held.commit().await.expect("committed");
    assert_eq!(second.await.expect("stored").change, 2);
    pair.stores[1].catch_up().await.expect("caught up");
    assert_eq!(pair.told[1].numbers(), [1, 2]);
    until("the change", async || pair.stores[0].catch_up().await.is_ok() && pair.told[0].numbers() == [1, 2]).await;
    assert_eq!(pair.stores[0].changes(0, 9).await.expect("read").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_that_was_rolled_back_is_given_again() {
    let pair = Pair::new().await;
    let mut other = pair.place.beside().await;
    let mut held = other.begin().await.expect("a transaction");
    assert_eq!(write_by_hand(&mut held, "gone").await, 1);
    held.rollback().await.expect("rolled back");
    assert_eq!(pair.stores[0].put_offer(put("a", "1")).await.expect("stored").change, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_question_is_refused_where_the_database_cannot_be_looked_at() {
    let pair = Pair::new().await;
    let mut beside = pair.place.beside().await;
    sqlx::query("ALTER TABLE offers RENAME TO elsewhere").execute(&mut beside).await.expect("renamed");
    let looked = pair.stores[0].catch_up().await;
    assert!(looked.is_err(), "never an answer that may be old");
    sqlx::query("ALTER TABLE elsewhere RENAME TO offers").execute(&mut beside).await.expect("renamed");
    pair.stores[0].catch_up().await.expect("caught up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_is_taken_once_by_all_replicas_together() {
    let pair = Pair::new().await;
    let [one, other] = &pair.stores;
    assert!(one.first_seen("m1", at(90), at(0)).await.expect("noted"));
    assert!(!other.first_seen("m1", at(90), at(0)).await.expect("noted"), "the other replica took it");
    assert!(!one.first_seen("m1", at(90), at(80)).await.expect("noted"));
    assert!(other.first_seen("m2", at(200), at(80)).await.expect("noted"));
    let both = (0..40).map(|number| pair.stores[number % 2].first_seen("m3", at(90), at(0)));
    assert_eq!(join_all(both).await.into_iter().filter(|first| *first.as_ref().expect("noted")).count(), 1, "of many at once, one");
    // What has run out is removed.
    assert!(one.first_seen("m4", at(300), at(180)).await.expect("noted"));
    let mut beside = pair.place.beside().await;
    let kept: Vec<String> = sqlx::query_scalar("SELECT digest FROM messages ORDER BY digest").fetch_all(&mut beside).await.expect("read");
    assert_eq!(kept, ["m2", "m4"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_replicas_that_start_at_once_make_the_tables_once() {
    let place = Place::new(Engine::Postgres).await;
    let stores = join_all((0..8).map(|_| place.open(silent()))).await;
    for (number, store) in stores.iter().enumerate() {
        assert_eq!(store.put_offer(put(&format!("k{number}"), "1")).await.expect("stored").change, number as u64 + 1);
    }
}

/// What a question pays for the rule. Printed, not judged: the machine is shared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_look_costs() {
    let pair = Pair::new().await;
    let puts = (0..5_000).map(|number| pair.stores[0].put_offer(put(&format!("k{number}"), "1")));
    let began = Instant::now();
    assert!(join_all(puts).await.iter().all(Result::is_ok));
    println!("5000 puts in {:?}", began.elapsed());
    pair.stores[1].catch_up().await.expect("caught up");
    let mut times = Vec::new();
    for _ in 0..2_000 {
        let began = Instant::now();
        pair.stores[1].catch_up().await.expect("caught up");
        times.push(began.elapsed());
    }
    times.sort();
    println!("a look where nothing changed: median {:?}, 99 % {:?}", times[1_000], times[1_980]);
    let began = Instant::now();
    let many = (0..64).map(|_| async {
        for _ in 0..100 {
            pair.stores[1].catch_up().await.expect("caught up")
        }
    });
    join_all(many).await;
    println!("64 at once, 100 times: {:?} for each", began.elapsed() / 100);
    let place = Place::new(Engine::Sqlite).await;
    let embedded = place.open(silent()).await;
    let began = Instant::now();
    for _ in 0..100_000 {
        embedded.catch_up().await.expect("nothing to do");
    }
    println!("on SQLite: {:?}", began.elapsed() / 100_000);
}
