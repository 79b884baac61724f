//! A recipient whose database was restored from a backup does not know which of its systems has what came since: all of them are asked to erase it.

use std::time::Duration;

use polder_consent::holdings::HoldingsRequest;
use polder_consent::{Consent, Handle};
use polder_exchange::For;
use polder_federation_tests::people::{MATCHED, erase_all, request};

use super::people::Stage;

/// What was sent before has arrived after this.
const LATE: Duration = Duration::from_secs(120);
const SYSTEMS: [&str; 2] = ["ats", "lms"];

/// A recipient with two systems. One of them was told of a worker after the backup that is put back.
async fn put_back() -> (Stage, Consent, Handle) {
    let mut stage = Stage::set().await;
    stage.federation.clients = SYSTEMS.map(str::to_owned).to_vec();
    let consent = stage.give(1, &MATCHED).await;
    let backup = stage.federation.back_up(1).await;
    let found = stage.node(1).ask(&request("V-1"), &For::Client("lms".to_owned()), None).await.expect("asked");
    let handle = found.hits[0].key.as_str().parse().expect("a handle");
    stage.node(1).sweep_people().await.expect("swept");
    stage.federation.restore(1, &backup).await;
    (stage, consent, handle)
}

/// How much each system is to erase.
async fn listed(stage: &Stage) -> [usize; 2] {
    let mut counts = [0; 2];
    for (count, system) in counts.iter_mut().zip(SYSTEMS) {
        *count = stage.node(1).erasures(system, 0, 9).await.expect("read").len();
    }
    counts
}

async fn erases(stage: &Stage, system: &str) {
    erase_all(stage.node(1), system).await;
}

async fn owed(stage: &Stage) -> usize {
    stage.node(0).deliver_once().await.expect("tried");
    stage.node(0).outstanding().await.expect("read").len()
}

/// It is outstanding until each has said that it erased; who never had it says so too.
async fn each_has_to_say_so(stage: &Stage) {
    assert_eq!((owed(stage).await, listed(stage).await), (1, [1, 1]));
    erases(stage, "ats").await;
    assert_eq!((owed(stage).await, listed(stage).await), (1, [0, 1]), "the other one may have it");
    // It is told again and again, and asks nobody anew.
    stage.federation.clock.pass(Duration::from_secs(30));
    assert_eq!((owed(stage).await, listed(stage).await), (1, [0, 1]));
    erases(stage, "lms").await;
    assert_eq!((owed(stage).await, listed(stage).await), (0, [0, 0]));
    assert_eq!(stage.node(0).copies_of(stage.worker).await.expect("read")[0].state, "erased");
}

#[tokio::test]
async fn what_is_withdrawn_later_every_system_is_asked_to_erase() {
    let (stage, consent, handle) = put_back().await;
    stage.federation.clock.pass(LATE);
    stage.node(1).reopen_once().await.expect("asked");
    let member = stage.node(1).register().member(&stage.node(0).home().partner).cloned().expect("a member");
    let held = stage.node(1).answer_holdings(&member, HoldingsRequest { handle }).await.expect("read");
    assert_eq!(held.copies.iter().map(|copy| copy.system.as_str()).collect::<Vec<_>>(), [""], "nobody knows which");
    assert_eq!(listed(&stage).await, [0, 0], "it may be used");
    stage.withdraw(&consent).await;
    each_has_to_say_so(&stage).await;
}

#[tokio::test]
async fn what_is_withdrawn_before_it_knows_again_every_system_is_asked_to_erase() {
    let (stage, consent, _) = put_back().await;
    // It knows of no copy, and may not say for that that there is none.
    stage.withdraw(&consent).await;
    each_has_to_say_so(&stage).await;
    stage.federation.clock.pass(LATE);
    stage.node(1).reopen_once().await.expect("asked");
    assert!(stage.node(1).openness().await.expect("read").is_open());
    assert_eq!(listed(&stage).await, [0, 0], "its source knows that it is erased");
}

#[tokio::test]
async fn what_was_withdrawn_and_is_not_erased_is_asked_for_once() {
    let (stage, consent, _) = put_back().await;
    stage.withdraw(&consent).await;
    assert_eq!((owed(&stage).await, listed(&stage).await), (1, [1, 1]));
    stage.federation.clock.pass(LATE);
    // Its source says that it gave it, and that it has ended: that is asked for already.
    stage.node(1).reopen_once().await.expect("asked");
    assert!(stage.node(1).openness().await.expect("read").is_open());
    each_has_to_say_so(&stage).await;
}
