//! Applications at the partner that gets them: what it takes in, how long it has that, and what it has after a backup was put back.

use std::time::Duration;

use polder_exchange::people::ApplicationRefused;
use polder_federation_tests::people::{erase_all, vacancy};
use polder_model::answer::Disclosed;
use polder_model::application::{Application as Sent, ApplicationCopy};
use polder_store::people::Progress;
use serde_json::{Value, json};

use crate::applications::{CHOSEN, application, apply, came, send, sights, try_apply, withdraw};
use crate::people::Stage;

#[tokio::test]
async fn what_shows_more_than_it_may_is_not_taken() {
    let stage = Stage::set().await;
    let (home, node) = (stage.member(0), stage.node(1));
    let until = node.now().plus_seconds(3_600);
    let with = |document: Value, fields: &[&str], seconds: i64| Sent {
        id: "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(),
        partner: home.partner.clone(),
        vacancy: "V-1".parse().expect("a key"),
        as_of: node.now(),
        copy: Some(ApplicationCopy {
            handle: "0f6c2f4e9b1d4a7c8e5f3a2b1c0d9e8f".parse().expect("a key"),
            document: serde_json::value::to_raw_value(&document).expect("JSON"),
            disclosure: Disclosed {
                id: "7a1e5c3b2d4f6a8091b2c3d4e5f60718".to_owned(),
                epoch: 1,
                fields: fields.iter().map(|&field| field.to_owned()).collect(),
                use_until: until.plus_seconds(seconds),
            },
        }),
    };
    let motivation = json!({"motivation": "Graag."});
    for (sent, why) in [
        (with(json!({"motivation": "Graag.", "title": "Lasser"}), &["/motivation"], 0), "a member that is not said"),
        (with(json!({"motivation": "Graag.", "bsn": "111222333"}), &["/motivation", "/bsn"], 0), "no field"),
        (with(json!({"contact": {"name": "An", "email": "a@b.example"}}), &["/contact/name"], 0), "a part that is not said"),
        (with(json!({"motivation": 3}), &["/motivation"], 0), "no text"),
        (with(json!({"motivation": "a".repeat(2_001)}), &["/motivation"], 0), "a long text"),
        (with(motivation.clone(), &[], 0), "nothing"),
        (with(motivation.clone(), &["/motivation"], -3_600), "a time that is over"),
        (with(motivation.clone(), &["/motivation"], 8 * 86_400), "a long time"),
    ] {
        let refused = node.receive_application(&home, &sent).await;
        assert!(matches!(refused, Err(ApplicationRefused::Invalid(_))), "{why}: {refused:?}");
    }
    let late = Sent { as_of: node.now().plus_seconds(-31), ..with(motivation.clone(), &["/motivation"], 0) };
    assert!(matches!(node.receive_application(&home, &late).await, Err(ApplicationRefused::ClockSkew)));
    assert!(came(&stage, 1).await.is_empty());
    node.receive_application(&home, &with(motivation, &["/motivation"], 0)).await.expect("this one may");
}

#[tokio::test]
async fn who_never_read_an_application_has_nothing_to_erase() {
    let stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    withdraw(&stage).await;
    stage.node(0).deliver_once().await.expect("delivered");
    assert_eq!(stage.node(1).erasures("operator", 0, 10).await.expect("read"), []);
    let copies = stage.node(0).copies_of(stage.worker).await.expect("read");
    assert_eq!((copies.len(), copies[0].state.as_str()), (1, "erased"), "the node had it alone, and has it no more");
}

#[tokio::test]
async fn a_copy_past_its_time_is_gone() {
    let stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    stage.federation.clock.pass(Duration::from_secs(7 * 86_400 + 1));
    assert!(came(&stage, 1).await.is_empty(), "at once");
    stage.node(1).sweep_people().await.expect("swept");
    let kept = stage.node(1).store().application_state(&stage.node(0).home().partner, &sights(&stage).await[0].application.id).await;
    assert_eq!(kept.expect("read"), None, "and nothing of it is kept");
}

#[tokio::test]
async fn a_node_that_was_restored_shows_no_application_before_its_source_has_said_what_ended() {
    let mut stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    let backup = stage.federation.back_up(1).await;
    assert_eq!(came(&stage, 1).await.len(), 1);
    withdraw(&stage).await;
    stage.node(0).deliver_once().await.expect("delivered");
    stage.node(1).sweep_people().await.expect("swept");
    stage.federation.restore(1, &backup).await;
    assert!(came(&stage, 1).await.is_empty(), "it may have ended");
    for _ in 0..3 {
        stage.federation.clock.pass(Duration::from_secs(60));
        stage.node(1).reopen_once().await.expect("asked");
    }
    assert!(stage.node(1).openness_now().is_open_to(&stage.node(0).home().partner), "it is open again");
    assert!(came(&stage, 1).await.is_empty(), "it has ended");
}

/// Two applications to node 1, of which the later one is stopped alone; and what stood in the nodes' backups before that.
async fn one_of_two_is_stopped() -> (Stage, [Vec<u8>; 2]) {
    let mut stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    stage.federation.clock.pass(Duration::from_secs(1));
    vacancy(stage.node(1), "V-2").await;
    try_apply(&stage, &application(&stage, 1, "V-2", &CHOSEN, "Ook hier.")).await.expect("applied");
    send(&stage).await;
    assert_eq!(came(&stage, 1).await.len(), 2);
    let backups = [stage.federation.back_up(0).await, stage.federation.back_up(1).await];
    stage.federation.clock.pass(Duration::from_secs(1));
    let stopped = sights(&stage).await.remove(0).application;
    assert_eq!(stopped.vacancy.as_str(), "V-2");
    stage.node(0).withdraw_application(stage.worker, &stopped.id).await.expect("stopped");
    (stage, backups)
}

async fn until_open(stage: &Stage, at: usize) {
    for _ in 0..3 {
        stage.federation.clock.pass(Duration::from_secs(60));
        stage.node(at).reopen_once().await.expect("asked");
    }
    assert!(stage.node(at).openness().await.expect("read").is_open(), "it is open again");
}

async fn standing(stage: &Stage) -> Vec<(String, Progress)> {
    let all = sights(stage).await.into_iter();
    all.map(|one| (one.application.vacancy.to_string(), one.application.progress)).collect()
}

#[tokio::test]
async fn a_stopped_one_does_not_come_back_with_a_backup_of_its_recipient() {
    let (mut stage, [_, backup]) = one_of_two_is_stopped().await;
    stage.node(0).deliver_once().await.expect("delivered");
    erase_all(stage.node(1), "operator").await;
    stage.federation.clock.pass(Duration::from_secs(60));
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(stage.node(0).outstanding().await.expect("read").is_empty(), "its recipient has said that it is erased");
    stage.node(1).sweep_people().await.expect("swept");
    stage.federation.restore(1, &backup).await;
    until_open(&stage, 1).await;
    let words: Vec<Value> = came(&stage, 1).await.iter().map(|one| one["motivation"].clone()).collect();
    assert!(!words.contains(&json!("Ook hier.")), "{words:?}");
    // The other one was under a decision that another took the place of: what the recipient has lost of it comes anew.
    stage.federation.clock.pass(Duration::from_secs(3_601));
    stage.node(0).ask_after_applications().await.expect("asked");
    send(&stage).await;
    let words: Vec<Value> = came(&stage, 1).await.iter().map(|one| one["motivation"].clone()).collect();
    assert_eq!(words, ["Ik werk graag buiten."]);
    assert_eq!(standing(&stage).await, [("V-2".to_owned(), Progress::Withdrawn), ("V-1".to_owned(), Progress::Received)]);
}

#[tokio::test]
async fn a_stopped_one_stays_stopped_with_a_backup_of_its_source() {
    let (mut stage, [backup, _]) = one_of_two_is_stopped().await;
    stage.node(0).sweep_people().await.expect("swept");
    stage.federation.restore(0, &backup).await;
    assert_eq!(
        standing(&stage).await,
        [("V-2".to_owned(), Progress::Withdrawn), ("V-1".to_owned(), Progress::Received)],
        "its journal says so"
    );
    assert_eq!(came(&stage, 1).await.len(), 2, "its recipient was not told yet");
    stage.node(0).deliver_once().await.expect("delivered");
    let words: Vec<Value> = came(&stage, 1).await.iter().map(|one| one["motivation"].clone()).collect();
    assert_eq!(words, ["Ik werk graag buiten."], "it is told all the same");
    until_open(&stage, 0).await;
    assert_eq!(standing(&stage).await, [("V-2".to_owned(), Progress::Withdrawn), ("V-1".to_owned(), Progress::Received)]);
}
