//! Puts that are tried: they come to what they would have come to, and nothing is there afterwards.

use std::sync::Arc;

use polder_model::Kind;
use polder_store::{ActsFor, Outcome, Precondition, Put, StoreError};

use crate::on_both_engines;
use crate::support::{Engine, Fixture, put, put_if};

on_both_engines!(a_trial_says_what_would_be_and_writes_nothing);

async fn a_trial_says_what_would_be_and_writes_nothing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.put("a", "1").await;
    fixture.put("gone", "1").await;
    fixture.delete("gone").await;
    fixture.store.put_offer(Put { organisation: "kvk:00000002".into(), ..put("theirs", "1") }).await.expect("stored");
    fixture.store.take_at_most(4);
    let before = fixture.store.changes(0, 100).await.expect("read");
    let own = ActsFor::These(Arc::new(["".to_owned()].into()));
    let puts = || {
        vec![
            put("a", "1"),
            put("a", "2"),
            put("a", "2"),
            put("gone", "1"),
            put_if("b", "1", Precondition::Exists),
            put("b", "1"),
            put("b", "2"),
            Put { kind: Kind::Training, ..put("b", "1") },
            Put { acts_for: own.clone(), ..put("theirs", "2") },
        ]
    };
    let mut trial = fixture.store.trial().await.expect("read");
    let tried: Vec<_> = trial.put(puts()).await.expect("read");
    // Whether it comes in one piece or in many makes no difference.
    let (mut pieces, mut one_by_one) = (fixture.store.trial().await.expect("read"), Vec::new());
    for put in puts() {
        one_by_one.extend(pieces.put(vec![put]).await.expect("read"));
    }
    let said = |outcome: &Result<polder_store::Stored, StoreError>| match outcome {
        Ok(stored) => format!("{:?} {} {}", stored.outcome, stored.version, stored.change),
        Err(error) => error.to_string(),
    };
    let texts = |outcomes: &[_]| outcomes.iter().map(said).collect::<Vec<_>>();
    assert_eq!(texts(&tried), texts(&one_by_one));
    assert!(tried[0].as_ref().is_ok_and(|stored| stored.outcome == Outcome::Unchanged), "{:?}", texts(&tried));
    assert_eq!(fixture.store.changes(0, 100).await.expect("read"), before, "nothing was written");
    assert_eq!(fixture.offer("b").await, None);
    let stored = fixture.store.put_offers(puts()).await;
    assert_eq!(texts(&stored), texts(&tried), "as it then is");
    assert!(stored.iter().any(|outcome| matches!(outcome, Err(StoreError::AnotherOrganisation(_)))));
    assert!(stored.iter().any(|outcome| matches!(outcome, Err(StoreError::PreconditionFailed))));
    assert!(stored.iter().any(|outcome| matches!(outcome, Err(StoreError::TooMany { .. }))));
}
