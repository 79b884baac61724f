//! A privacy officer ends consents of the partner's own workers: the way of a withdrawal, with a ground that the worker sees.

use polder_consent::processing::Action;
use polder_consent::{ConsentId, Field, Ground, State, WorkerId};
use polder_exchange::people::DecideRefused;
use polder_federation_tests::http::Client;
use polder_federation_tests::people::{MATCHED, decision, give, profile, put};
use polder_federation_tests::problems::refused_as;
use polder_model::Timestamp;
use polder_store::people::Which;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::people::Stage;
use crate::workers::{self, call};

/// Where a worker's consents stand, with the ground of the last event of each.
async fn stand(stage: &Stage, worker: WorkerId) -> Vec<(ConsentId, Option<State>, Option<Ground>)> {
    let all = stage.node(0).consents_of(worker, None, 100).await.expect("read");
    all.into_iter().map(|(one, _)| (one.consent.id, one.state, one.events.last().and_then(|event| event.ground))).collect()
}

#[tokio::test]
async fn what_an_officer_ends_is_gone_everywhere_and_says_why() {
    let stage = Stage::set().await;
    let node = stage.node(0);
    let (one, other) = (stage.give(1, &MATCHED).await, stage.give(2, &MATCHED).await);
    stage.seek(1).await;
    stage.seek(2).await;
    let ended = node.revoke(Which::Of(stage.worker, vec![one.id]), Ground::RecipientUnfit).await.expect("ended");
    assert_eq!((ended.ended.len(), ended.ended[0].owed), (1, true));
    assert!(stage.seek(1).await.hits.is_empty());
    assert_eq!(stage.seek(2).await.hits.len(), 1, "ending one touches no other");
    let mut stands = stand(&stage, stage.worker).await;
    stands.sort_by_key(|(id, ..)| *id != one.id);
    assert_eq!(stands[0], (one.id, Some(State::Revoked), Some(Ground::RecipientUnfit)));
    assert_eq!(stands[1], (other.id, Some(State::Given), None));

    // The copy goes as after a withdrawal, and the worker sees that.
    node.deliver_once().await.expect("delivered");
    let erasures = stage.node(1).erasures("operator", 0, 9).await.expect("read");
    assert_eq!(stage.node(1).erased("operator", erasures[0].number, Vec::new()).await.expect("erased"), Ok(1));
    assert_eq!(node.copies_of(stage.worker).await.expect("read")[0].state, "erased");
    assert!(matches!(node.withdraw(stage.worker, one.id).await, Err(DecideRefused::NotInForce(Some(State::Revoked)))));

    // The receipt that the worker can have says it, in our words and in others'.
    let kept = node.store().consent_of(stage.worker, one.id).await.expect("read").expect("there");
    let (_, receipt) = node.receipts(&[kept]).await.expect("a receipt").remove(0);
    assert_eq!(receipt.consents[0].events[1].ground, Some(Ground::RecipientUnfit));
    let dpv = serde_json::to_value(node.in_dpv(&receipt)).expect("JSON");
    let status = &dpv["dpv:hasRecordOfActivity"][0]["dpv:hasConsentStatus"][1];
    assert_eq!(status["dpv:hasJustification"]["@id"], "urn:polder:ground:recipient-unfit");

    // So does the row under its leaf in the log, to the letter.
    let decisions = node.store().decisions_of(stage.worker).await.expect("read");
    let said = |row: &[u8]| String::from_utf8_lossy(row).contains(r#""ground":"recipient-unfit""#);
    let (row, salt, leaf) = decisions.into_iter().find(|(row, ..)| said(row)).expect("the ground is in what was hashed");
    let leaf: Value = serde_json::from_slice(&node.store().leaves(leaf, 1).await.expect("read")[0]).expect("JSON");
    let hash = hex::encode(Sha256::new().chain_update(hex::decode(salt.to_hex()).expect("hexadecimal")).chain_update(&row).finalize());
    assert_eq!((&leaf["kind"], &leaf["row"]), (&json!("withdrawal"), &json!(hash)));
    let ever = (Timestamp::from_micros(0), Timestamp::from_micros(i64::MAX));
    let records = node.store().reader().processing(0, ever, 1_000).await.expect("read");
    assert_eq!(records.iter().filter(|record| record.action == Action::ConsentEnded).count(), 1);
}

#[tokio::test]
async fn what_is_named_ends_together_or_not_at_all() {
    let stage = Stage::set().await;
    let (node, other) = (stage.node(0), put(stage.node(0), "P-2", &profile("Lasser zoekt werk")).await);
    let own = [stage.give(1, &MATCHED).await.id, stage.give(2, &MATCHED).await.id];
    let recipient = &stage.node(1).home().partner;
    let others = give(node, other, &decision(&[recipient], &MATCHED)).await.expect("given").remove(0).id;
    for unknown in [others, ConsentId::from_random([7; 16])] {
        let refused = node.revoke(Which::Of(stage.worker, vec![own[0], unknown]), Ground::WorkerAsked).await;
        assert!(matches!(refused, Err(DecideRefused::Unknown)), "{refused:?}");
    }
    assert!(stand(&stage, stage.worker).await.iter().all(|(_, state, _)| *state == Some(State::Given)));
    // Named twice it ends once; what has ended cannot end again, and never having held is another matter.
    let twice = node.revoke(Which::Of(stage.worker, vec![own[0], own[0]]), Ground::WorkerAsked).await.expect("ended");
    assert_eq!(twice.ended.len(), 1);
    let again = node.revoke(Which::Of(stage.worker, own.to_vec()), Ground::WorkerAsked).await;
    assert!(matches!(again, Err(DecideRefused::NotInForce(Some(State::Revoked)))), "{again:?}");
    let never = node.revoke(Which::Of(stage.worker, own.to_vec()), Ground::AnotherPerson).await.expect("found");
    assert_eq!(never.ended.len(), 2);
    assert!(stand(&stage, stage.worker).await.iter().all(|one| (one.1, one.2) == (Some(State::Invalidated), Some(Ground::AnotherPerson))));
    // Without names: all to which it can happen, of this worker alone.
    let anew = stage.give(1, &MATCHED).await.id;
    let all = node.revoke(Which::Of(stage.worker, Vec::new()), Ground::WorkerAsked).await.expect("ended");
    assert_eq!(all.ended.iter().map(|ended| ended.kept.consent.id).collect::<Vec<_>>(), [anew]);
    assert_eq!(stand(&stage, other).await, [(others, Some(State::Given), None)]);
}

#[tokio::test]
async fn a_wrong_text_reaches_back_over_all_who_read_it() {
    let stage = Stage::set().await;
    let (node, other) = (stage.node(0), put(stage.node(0), "P-2", &profile("Lasser zoekt werk")).await);
    let recipient = &stage.node(1).home().partner;
    let one = stage.give(1, &MATCHED).await;
    let same = give(node, other, &decision(&[recipient], &MATCHED)).await.expect("given").remove(0);
    let another = give(node, other, &decision(&[&stage.node(2).home().partner], &[Field::Title, Field::Skills, Field::Hours])).await;
    let another = another.expect("given").remove(0);
    assert_eq!(one.notice.sha256, same.notice.sha256, "they read the same text");
    assert_ne!(one.notice.sha256, another.notice.sha256);
    assert_eq!(stage.seek(1).await.hits.len(), 2);
    stage.withdraw(&one).await;
    let ended = node.revoke(Which::OnNotice(one.notice.sha256.clone()), Ground::NoticeWrong).await.expect("ended");
    let owed: Vec<bool> = ended.ended.iter().map(|ended| ended.owed).collect();
    assert_eq!((owed.len(), owed.iter().filter(|owed| **owed).count()), (2, 1), "who withdrew had it erased before");
    assert!(stage.seek(1).await.hits.is_empty());
    assert_eq!(stand(&stage, stage.worker).await, [(one.id, Some(State::Invalidated), Some(Ground::NoticeWrong))]);
    let others = stand(&stage, other).await;
    assert!(others.contains(&(same.id, Some(State::Invalidated), Some(Ground::NoticeWrong))), "{others:?}");
    assert!(others.contains(&(another.id, Some(State::Given), None)), "{others:?}");
    let again = node.revoke(Which::OnNotice(one.notice.sha256), Ground::NoticeWrong).await.expect("nothing to do");
    assert!(again.ended.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_says_whose_and_why_and_sees_no_more_than_how_many() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = workers::stage(directory.path(), 2, &["P-1"]).await;
    let (officer, worker) = (Client::of(&nodes[0]), Client::of_worker(&nodes[0], "P-1").await);
    let given = workers::give(&worker, &workers::decision(&[&nodes[1]])).await;
    assert_eq!(workers::seek(&nodes[1]).await.as_array().map(Vec::len), Some(1));
    let revoke = async |client: &Client, asked: Value| call(client, "POST", "/v1/revocations", Some(&asked)).await;

    let asked = json!({"key": "P-1", "ground": "worker-asked"});
    let (status, problem) = revoke(&worker, asked.clone()).await;
    assert_eq!(refused_as(status, problem.to_string()).is(), (403, "forbidden"));
    assert!(problem.to_string().contains("consent:revoke"), "{problem}");
    let notice = "ab".repeat(32);
    for (wrong, pointer) in [
        (json!({"key": "P-1", "ground": "because"}), "/ground"),
        (json!({"ground": "worker-asked"}), "/key"),
        (json!({"key": "P-1", "notice": notice, "ground": "worker-asked"}), "/key"),
        (json!({"key": "a b", "ground": "worker-asked"}), "/key"),
        (json!({"key": "P-1", "consents": ["x"], "ground": "worker-asked"}), "/consents/0"),
        (json!({"key": "P-1", "consents": vec!["0".repeat(32); 201], "ground": "worker-asked"}), "/consents"),
        (json!({"notice": "AB".repeat(32), "ground": "notice-wrong"}), "/notice"),
        (json!({"notice": notice, "consents": ["0".repeat(32)], "ground": "notice-wrong"}), "/consents"),
    ] {
        let (status, problem) = revoke(&officer, wrong.clone()).await;
        assert_eq!((status, &problem["findings"][0]["pointer"]), (400, &json!(pointer)), "{wrong}: {problem}");
    }
    let (status, problem) = revoke(&officer, json!({"key": "P-1", "ground": "not-free", "why": "x"})).await;
    assert_eq!((status, &problem["type"]), (400, &json!("urn:polder:problem:invalid-request")));
    for nobody in
        [json!({"key": "P-9", "ground": "worker-asked"}), json!({"key": "P-1", "consents": ["0".repeat(32)], "ground": "worker-asked"})]
    {
        assert_eq!(revoke(&officer, nobody).await.0, 404);
    }
    assert_eq!(revoke(&officer, json!({"notice": notice, "ground": "notice-wrong"})).await.0, 404, "nobody read it");
    let none = json!({"key": "P-1", "consents": [], "ground": "worker-asked"});
    assert_eq!(revoke(&officer, none).await.0, 400, "none of them is not all of them");

    let (status, done) = revoke(&officer, asked.clone()).await;
    assert_eq!(
        (status, &done["consents"], &done["erases"], &done["ground"]),
        (200, &json!(1), &json!(1), &json!("worker-asked")),
        "{done}"
    );
    assert!(!done.to_string().contains(nodes[1].node.home().partner.as_str()), "towards whom is the worker's to see: {done}");
    assert_eq!(workers::seek(&nodes[1]).await, json!([]));
    let (_, all) = call(&worker, "GET", "/v1/me/consents", None).await;
    assert_eq!((&all["items"][0]["state"], &all["items"][0]["events"][1]["ground"]), (&json!("revoked"), &json!("worker-asked")));
    let (status, receipt) = call(&worker, "GET", &format!("/v1/me/consents/{}/receipt", workers::id(&given[0])), None).await;
    assert!(status == 200 && receipt["dpv"].to_string().contains("urn:polder:ground:worker-asked"), "{receipt}");
    assert_eq!(revoke(&officer, asked).await.1["consents"], 0, "there is nothing left to end");
    // Whoever's profile is gone can still be found to have given what never held.
    let gone = officer.request("DELETE", "/v1/skill-offers/P-1").send().await.expect("a response");
    assert_eq!(gone.status(), 204);
    let (status, never) = revoke(&officer, json!({"key": "P-1", "ground": "not-free"})).await;
    assert_eq!((status, &never["consents"], &never["erases"]), (200, &json!(1), &json!(0)), "{never}");
}
