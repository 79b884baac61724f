use std::sync::Mutex;

use super::*;
use crate::told::Latest;
use crate::{OnCommit, Put, Store, sqlite};

fn put(key: &str) -> Put {
    let document = Arc::from(b"{}".as_slice());
    Put {
        kind: Kind::Vacancy,
        key: key.parse().expect("a key"),
        document,
        features: None,
        organisation: "".into(),
        acts_for: ActsFor::Everyone,
        precondition: Precondition::None,
        now: Timestamp::from_micros(0),
    }
}

#[tokio::test]
async fn what_was_committed_unheard_is_told_before_anything_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("polder.db");
    let store = Store::open(&path, Arc::new(|_: &[Change]| {})).await.expect("opened");
    for key in ["a", "b"] {
        store.put_offer(put(key)).await.expect("stored");
    }
    store.delete_offer(Kind::Vacancy, &"a".parse().expect("a key"), Precondition::None, Timestamp::from_micros(1)).await.expect("deleted");
    store.close().await;
    // A writer that has lost its connection and was told of the first change alone.
    let changes: Arc<Mutex<Vec<(u64, bool)>>> = Arc::default();
    let heard = Arc::clone(&changes);
    let on_commit: OnCommit = Arc::new(move |told: &[Change]| {
        heard.lock().expect("a lock").extend(told.iter().map(|change| (change.change, change.document.is_some())));
    });
    let (sender, receiver) = mpsc::channel(1);
    let (options, _) = sqlite::prepare(&path).await.expect("options");
    let target = Target::Sqlite(options);
    let told = Arc::new(Told::new(on_commit, Latest { offers: 1, views: 0 }));
    let (counts, most_offers) = (Counts::default(), Arc::new(AtomicU64::new(u64::MAX)));
    let writer = Writer { jobs: sender, counts: counts.clone(), most_offers: Arc::clone(&most_offers) };
    tokio::spawn(Task { connection: None, target, told, used: Instant::now(), counts, most_offers, journal: None }.run(receiver));
    writer.run(|reply| Job::Puts { puts: vec![put("c").into()], reply }).await.expect("stored");
    assert_eq!(*changes.lock().expect("a lock"), [(2, true), (3, false), (4, true)]);
    writer.close().await;
}
