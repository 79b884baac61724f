//! What recipients keep by law, at the node that gave it.

use polder_consent::{Field, FieldSet, Retained, RetainedBasis, What};
use polder_store::people::Acknowledged;

use crate::on_both_engines;
use crate::support::stage::{FIELDS, Stage, partner, stands};
use crate::support::{Engine, at};

on_both_engines!(what_is_kept_by_law_is_kept_and_forgotten);

async fn what_is_kept_by_law_is_kept_and_forgotten(engine: Engine) {
    let stage = Stage::set(engine).await;
    let (worker, store) = (stage.worker("P-1").await, &stage.store);
    let consent = stage.give(worker, 1, "tekst", (0, 1_000)).await;
    stage.disclose(1).await;
    store.end_consent(worker, consent.id, What::Withdraw, at(2)).await.expect("written").expect("ended");
    let owed = store.owed_to(&partner(2), 0, 9).await.expect("read").remove(0);
    let kept = |field, until| Retained {
        fields: FieldSet::of(&[field]),
        basis: RetainedBasis::LegalObligation,
        statute: "Zeldzaamhedenwet, art. 3".parse().expect("a statute"),
        until: at(until),
    };
    let say = async |kept: Vec<Retained>, now| {
        store.acknowledge(&partner(2), owed.id, "bewaard".to_owned(), kept, at(now)).await.expect("written")
    };
    assert_eq!(say(vec![kept(Field::Hours, 50)], 3).await, Acknowledged::NeverGiven, "it got title and skills");
    assert_eq!(say(vec![kept(Field::ContactName, 50)], 3).await, Acknowledged::NeverGiven, "nobody gets that for this purpose");
    assert_eq!(store.owed_since(&partner(2)).await.expect("read"), Some(at(2)), "it is owed still");
    let both = vec![kept(Field::Title, 50), kept(Field::Skills, 70)];
    assert_eq!(say(both.clone(), 4).await, Acknowledged::Done);
    assert_eq!(say(Vec::new(), 5).await, Acknowledged::Already);
    let seen = store.tombstones_of(worker).await.expect("read").remove(0);
    assert_eq!((&seen.retained, seen.acknowledged_at), (&both, Some(at(4))));
    let row = store.disclosures_of(worker, None, 9).await.expect("read").remove(0);
    assert_eq!((row.erased, row.retained), (true, FIELDS));
    assert_eq!(store.owed_since(&partner(2)).await.expect("read"), None);
    // From the first end on it is owed again, since then.
    store.sweep_copies(at(49)).await.expect("swept");
    assert_eq!(store.recipients_owed().await.expect("read"), []);
    store.sweep_copies(at(60)).await.expect("swept");
    assert_eq!(store.recipients_owed().await.expect("read"), [(partner(2), at(50))]);
    assert_eq!(store.disclosures_of(worker, None, 9).await.expect("read")[0].retained, FieldSet::NONE);
    assert_eq!(say(vec![kept(Field::Skills, 70)], 61).await, Acknowledged::Done);
    assert!(stands(&stage.everything().await, "Zeldzaamhedenwet"));
    store.erase_worker(worker, at(0), at(62)).await.expect("erased").expect("there was one");
    assert!(!stands(&stage.everything().await, "Zeldzaamhedenwet"));
}
