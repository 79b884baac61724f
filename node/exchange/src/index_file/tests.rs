//! What no question can see yet: offers about people.

use polder_index::Index;
use polder_model::OfferKey;
use polder_store::{Precondition, Put};

use super::*;
use crate::clock::SystemClock;

async fn open(directory: &std::path::Path) -> (IndexFile, Arc<Feed>, Store) {
    let feed = Arc::new(Feed::new(Index::new("kvk:12345678".parse().expect("a partner"))));
    let follower = Arc::clone(&feed);
    let on_commit = Arc::new(move |changes: &[polder_store::Change]| follower.follow(changes));
    let store = Store::open(directory.join("polder.db").as_path(), on_commit).await.expect("a store");
    let keeping = Keeping { least_offers: 1, ..Keeping::default() };
    let file = IndexFile::open(directory.to_owned(), Arc::clone(&feed), store.clone(), Arc::new(SystemClock), keeping).await;
    (file.expect("opened"), feed, store)
}

#[tokio::test]
async fn offers_about_people_are_read_from_the_database() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, feed, store) = open(directory.path()).await;
    let put = |kind, key: &str, document: &str| {
        let key: OfferKey = key.parse().expect("a key");
        let (document, now) = (document.as_bytes().into(), SystemClock.now());
        store.put_offer(Put { kind, key, document, features: None, precondition: Precondition::None, now })
    };
    put(Kind::Vacancy, "V-1", r#"{"title":"Lasser","description":"Lassen","employer":{"name":"Werf"}}"#).await.expect("stored");
    let skills = r#"{"title":"Lasser","skills":[{"uri":"https://skills.example/1"}]}"#;
    for key in ["stays", "goes", "changes"] {
        put(Kind::SkillOffer, key, skills).await.expect("stored");
    }
    file.write_at_stop().await;
    // After the file: what changed of people is not told twice, and what is gone is gone.
    put(Kind::SkillOffer, "changes", &skills.replace("/1", "/2")).await.expect("stored");
    store.delete_offer(Kind::SkillOffer, &"goes".parse().expect("a key"), Precondition::None, SystemClock.now()).await.expect("deleted");
    let before = feed.known();
    store.close().await;
    let bytes = std::fs::read(directory.path().join(NAME)).expect("a file");
    assert!(!bytes.windows(5).any(|bytes| bytes == b"stays"));

    let (file, feed, _store) = open(directory.path()).await;
    assert_eq!(*file.kept.lock().await, Some(4), "it came from the file");
    let snapshot = feed.index.snapshot();
    assert_eq!((snapshot.count(Kind::Vacancy), snapshot.count(Kind::SkillOffer), feed.known()), (1, 2, before));
}
