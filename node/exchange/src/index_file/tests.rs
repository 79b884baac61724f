//! Offers about people are in no file: the index has them from the database.

use polder_consent::{Authentication, Consent, ConsentId, Epoch, Field, FieldSet, GrantId, LegalBasis, Notice, WorkerId};
use polder_index::Index;
use polder_model::{OfferKey, Purpose};
use polder_store::people::Giving;
use polder_store::{ActsFor, Precondition, Put};

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

/// A consent by which one partner sees what a match needs.
fn consent(worker: WorkerId) -> Consent {
    let now = SystemClock.now();
    Consent {
        id: ConsentId::from_random(uuid::Uuid::new_v4().into_bytes()),
        grant_id: GrantId::from_random([1; 16]),
        worker,
        controller: "kvk:10000001".parse().expect("a partner"),
        recipient: "kvk:10000002".parse().expect("a partner"),
        purpose: Purpose::MatchVacancy,
        epoch: Epoch::default(),
        activity: "urn:example:activity".to_owned(),
        legal_basis: LegalBasis::Consent,
        fields: FieldSet::of(&[Field::Title, Field::Skills]),
        lease_seconds: 60,
        notice: Notice { id: String::new(), sha256: String::new(), language: "nl".to_owned(), channel: "api".to_owned() },
        authentication: Authentication { issuer: String::new(), level: String::new(), at: now },
        assisted_by: None,
        from: now,
        until: now.plus_seconds(3_600),
        renews: None,
    }
}

#[tokio::test]
async fn offers_about_people_are_read_from_the_database() {
    let directory = tempfile::tempdir().expect("a directory");
    let (file, feed, store) = open(directory.path()).await;
    let put = |kind, key: &str, document: &str| {
        let key: OfferKey = key.parse().expect("a key");
        let (document, now) = (document.as_bytes().into(), SystemClock.now());
        store.put_offer(Put {
            kind,
            key,
            document,
            features: None,
            organisation: "".into(),
            acts_for: ActsFor::Everyone,
            precondition: Precondition::None,
            now,
        })
    };
    put(Kind::Vacancy, "V-1", r#"{"title":"Lasser","description":"Lassen","employer":{"name":"Werf"}}"#).await.expect("stored");
    let skills = r#"{"title":"Lasser","skills":[{"uri":"https://skills.example/1"}]}"#;
    for key in ["stays", "goes", "changes", "unseen"] {
        put(Kind::SkillOffer, key, skills).await.expect("stored");
        if key != "unseen" {
            let worker = store.worker_of(&key.parse().expect("a key"), SystemClock.now()).await.expect("read").expect("a worker");
            let giving = Giving { worker, consents: vec![consent(worker)], notice: Vec::new(), now: SystemClock.now() };
            store.give(giving).await.expect("given").expect("there is a profile");
        }
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
    assert_eq!(*file.kept.lock().await, Some(5), "it came from the file");
    let snapshot = feed.index.snapshot();
    assert_eq!((snapshot.count(Kind::Vacancy), snapshot.count(Kind::SkillOffer), feed.known()), (1, 2, before));
    assert_eq!(before, 7, "views are numbered apart");
}
