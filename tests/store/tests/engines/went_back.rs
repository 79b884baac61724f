//! A database that went back: what its log and its copies are then.

use std::fs;

use polder_consent::processing::{Chain, TraceId};
use polder_consent::{DisclosureId, Epoch, Field, FieldSet, Handle, TombstoneId};
use polder_model::about::About;
use polder_model::{Kind, Purpose};
use polder_store::Store;
use polder_store::people::{Came, Sent};

use crate::journal::{Stage, open, partner};
use crate::support::{Engine, Place, at, key, put, silent};

crate::on_both_engines!(a_log_that_went_back_grows_the_same_history, a_node_that_is_closed_uses_no_copy_and_erases_whole,);

async fn a_log_that_went_back_grows_the_same_history(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let (worker, other) = (stage.worker("P-1").await, stage.worker("P-2").await);
    stage.given(worker, 1).await;
    let backup = stage.back_up().await;
    stage.given(other, 2).await;
    stage.withdraw(worker, 1).await.expect("withdrawn");
    // A checkpoint of these is about to be signed; of the last one none is.
    stage.store.keep_leaves_apart(0, 3).await.expect("kept");
    stage.withdraw(other, 2).await.expect("withdrawn");
    let before = stage.store.leaves(0, 9).await.expect("read");
    assert_eq!(before.len(), 4);
    stage.restore(&backup).await.expect("opened");
    let after = stage.store.leaves(0, 9).await.expect("read");
    assert_eq!((&after[..3], after.len()), (&before[..3], 4), "what was replayed comes behind it");
    assert_eq!(stage.store.log_size().await.expect("read"), 4);
    stage.store.keep_leaves_apart(3, 4).await.expect("kept");
    // A database of another history does not take them for its own.
    let another = Place::new(engine).await;
    let store = Store::open(another.database.clone(), silent()).await.expect("a store");
    store.close().await;
    let profile = Stage { place: another, directory: tempfile::tempdir().expect("a directory"), store };
    fs::create_dir(profile.directory.path().join("apart")).expect("a directory");
    let mut profile = Stage { store: open(&profile.place.database, &profile.journal()).await.expect("a store"), ..profile };
    let worker = profile.worker("P-1").await;
    profile.given(worker, 1).await;
    let own = profile.store.leaves(0, 9).await.expect("read");
    profile.store.close().await;
    fs::copy(stage.journal().with_extension("leaves"), profile.journal().with_extension("leaves")).expect("copied");
    let database = profile.place.database.clone();
    profile.restore(&database).await.expect("opened");
    assert_eq!(profile.store.leaves(0, 9).await.expect("read"), own);
    assert!(profile.journal().with_extension("leaves.lost").exists());
    profile.store.keep_leaves_apart(0, 1).await.expect("they are kept anew");
}

async fn a_node_that_is_closed_uses_no_copy_and_erases_whole(engine: Engine) {
    let mut stage = Stage::new(engine).await;
    let handle = Handle::from_random([7; 16]);
    let came = |number: u8| Came {
        disclosure: DisclosureId::from_random([number; 16]),
        source: partner(2),
        handle,
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FieldSet::of(&[Field::Title, Field::Skills]),
        about: About { kind: Kind::Vacancy, key: key("V-1") },
        client: "ats".to_owned(),
        chain: Chain { trace: TraceId::from_bytes([1; 16]), parent: None, transaction: None },
        use_until: at(500),
    };
    assert_eq!(stage.store.note_copies(vec![came(1)], at(0)).await.expect("noted"), [true]);
    let backup = stage.back_up().await;
    stage.store.put_offer(put("V-1", "{}")).await.expect("stored");
    stage.store.note_commits().await.expect("noted");
    stage.restore(&backup).await.expect("opened");
    assert!(!stage.is_open().await);
    assert_eq!(stage.store.note_copies(vec![came(2)], at(0)).await.expect("noted"), [false]);
    assert_eq!(stage.store.holdings_for(&partner(2), handle).await.expect("read").copies.len(), 1);
    // It would leave the title: but what there is may be older than what it leaves.
    let sent = Sent {
        tombstone: TombstoneId::from_random([1; 16]),
        source: partner(2),
        handle,
        purpose: Purpose::MatchVacancy,
        epoch: Epoch(1),
        fields: FieldSet::of(&[Field::Skills]),
        named: Vec::new(),
    };
    stage.store.take_tombstone(sent, &[], None, at(10)).await.expect("taken");
    assert_eq!(stage.store.holdings_for(&partner(2), handle).await.expect("read").copies.len(), 0);
}
