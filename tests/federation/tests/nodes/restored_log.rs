//! The log of a node whose database was restored from a backup, alone or with the journal beside it.

use std::time::Duration;

use polder_consent::State;
use polder_federation_tests::people::{MATCHED, seek};
use polder_model::answer::MissingReason;

use super::people::Stage;
use super::restored::{LATE, lacks, name, settle, states};

/// How many leaves of a node's log are there, are signed, and are cosigned by enough others.
async fn log(stage: &Stage, at: usize) -> (u64, u64, u64) {
    let state = stage.node(at).store().reader().log_state().await.expect("read");
    let size = |kept: Option<polder_store::KeptCheckpoint>| kept.map_or(0, |kept| kept.size);
    (state.leaves, size(state.last), size(state.cosigned))
}

// Witnesses have seen leaves that the backup does not have: the log has them all the same, and goes on.
#[tokio::test]
async fn the_log_goes_on_with_its_witnesses() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.federation.tend_logs().await;
    let backup = stage.federation.back_up(0).await;
    stage.seek(1).await;
    stage.withdraw(&consent).await;
    stage.federation.tend_logs().await;
    let (leaves, signed, cosigned) = log(&stage, 0).await;
    assert!(leaves > 3 && signed == leaves && cosigned == leaves, "{leaves} {signed} {cosigned}");
    let before = stage.node(0).store().leaves(0, 99).await.expect("read");
    stage.federation.restore(0, &backup).await;
    let after = stage.node(0).store().leaves(0, 99).await.expect("read");
    assert_eq!(after[..before.len()], before[..], "every leaf that was signed");
    assert!(after.len() > before.len(), "and what was replayed follows");
    stage.federation.clock.pass(LATE);
    stage.node(0).reopen_once().await.expect("asked");
    stage.give(2, &MATCHED).await;
    stage.federation.tend_logs().await;
    let (leaves, signed, cosigned) = log(&stage, 0).await;
    assert!(leaves > after.len() as u64 && signed == leaves && cosigned == leaves, "{leaves} {signed} {cosigned}");
    let (export, pending) = stage.node(0).proof_of(stage.worker).await.expect("proved");
    assert_eq!((super::logs::wrong(&export, stage.node(0), 2), pending), (Vec::new(), 0));
}

// The whole machine was restored, with its journal: a witness shows what this node signed, and it is told.
#[tokio::test]
async fn a_node_that_lost_its_journal_too_is_told_by_its_witnesses() {
    let mut stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.federation.tend_logs().await;
    let (database, files) = (stage.federation.back_up(0).await, ["journal", "leaves"]);
    let path = |stage: &Stage, name: &str| stage.federation.database(0).with_extension(name);
    let kept = files.map(|name| std::fs::read(path(&stage, name)).expect("a file"));
    stage.withdraw(&consent).await;
    settle(&stage).await;
    stage.federation.tend_logs().await;
    stage.federation.stop(0).await;
    for (name, bytes) in files.iter().zip(&kept) {
        std::fs::write(path(&stage, name), bytes).expect("written");
    }
    stage.federation.restore(0, &database).await;
    assert!(stage.node(0).openness().await.expect("read").is_open(), "nothing here says so");
    assert_eq!(states(&stage, stage.worker).await, [(1, Some(State::Given))]);
    stage.give(2, &MATCHED).await;
    stage.federation.tend_logs().await;
    assert!(stage.node(0).openness().await.expect("read").has_to_begin());
    let result = seek(stage.node(1)).await;
    assert_eq!((result.hits.len(), lacks(&result, &name(&stage, 0))), (0, Some(MissingReason::NoDisclosure)));
    stage.node(0).reopen_once().await.expect("begun");
    stage.federation.clock.pass(LATE);
    assert_eq!(stage.node(0).reopen_once().await.expect("asked").len(), 2);
    assert_eq!(states(&stage, stage.worker).await[0], (1, Some(State::Revoked)), "its recipient knows that it ended");
    assert_eq!(stage.seek(1).await.hits.len(), 0);
    // It is not told twice; its log is without witnesses, until people decide.
    stage.federation.clock.pass(Duration::from_secs(7_200));
    stage.federation.tend_logs().await;
    assert!(stage.node(0).openness().await.expect("read").is_open());
    let (_, signed, cosigned) = log(&stage, 0).await;
    assert!(cosigned < signed, "{cosigned} of {signed}");
}
