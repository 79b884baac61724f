//! What must hold after a process was killed, of all that it had acknowledged; and that everything can be brought to an end from there.

use std::path::Path;

use polder_consent::State;
use polder_federation_tests::ledger;
use polder_federation_tests::people::seek;

use crate::scenario::{SYSTEM, Stage};

pub async fn check(directory: &Path, done: &[(String, String)]) {
    let stage = Stage::open(directory).await;
    let [source, recipient] = [0, 1].map(|number| &stage.federation.nodes[number]);
    let of = |what: &str| done.iter().filter(|(one, _)| one == what).map(|(_, which)| which.clone()).collect::<Vec<String>>();
    let consents = source.consents_of(stage.worker, None, 100).await.expect("read");
    let state =
        |epoch: &str| consents.iter().find(|(sight, _)| sight.consent.epoch.0.to_string() == epoch).and_then(|(sight, _)| sight.state);
    for epoch in of("given") {
        assert!(state(&epoch).is_some(), "a consent that was given: {epoch} of {consents:?}");
    }
    if !of("withdrawn").is_empty() {
        assert_eq!((state("1"), state("2")), (Some(State::Superseded), Some(State::Withdrawn)), "what ended has ended");
    }
    let rows = source.disclosures_of(stage.worker, None, 100).await.expect("read");
    let owed = !source.outstanding().await.expect("read").is_empty();
    for seen in of("seen") {
        let (id, handle) = seen.split_once(' ').expect("two words");
        let row = rows.iter().find(|row| row.disclosure.id.to_string() == id).expect("a row for what left");
        let handle = handle.parse().expect("a handle");
        let copies = recipient.store().holdings_for(&source.home().partner, handle).await.expect("read").copies.len();
        assert!(row.erased || copies > 0 || owed, "a copy is known to its recipient, or its source is still to hear that it is erased");
    }
    for number in of("erased") {
        let left = recipient.erasures(SYSTEM, 0, 100).await.expect("read");
        assert!(left.iter().all(|erasure| erasure.number.to_string() > number), "what a system has erased it is not told again");
    }
    if let Some(size) = of("signed").first() {
        assert!(source.store().log_size().await.expect("read").to_string() >= *size, "leaves that were signed are there");
    }
    // From here everything comes to its end.
    let withdrawn = source.withdraw_all(stage.worker).await.expect("withdrawn");
    assert!(seek(recipient).await.hits.is_empty(), "{withdrawn:?}");
    for _ in 0..3 {
        stage.erases().await;
    }
    assert!(source.outstanding().await.expect("read").is_empty(), "everyone has acknowledged");
    let rows = source.disclosures_of(stage.worker, None, 100).await.expect("read");
    assert!(rows.iter().all(|row| row.erased), "{rows:?}");
    stage.federation.tend_logs().await;
    for number in 0..2 {
        stage.federation.stop(number).await;
        assert_eq!(ledger::wrong(&stage.federation.database(number)).await, [""; 0]);
    }
}
