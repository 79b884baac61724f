//! How what a worker let be seen ends, and what is proved of it.

use std::time::Duration;

use polder_consent::receipt::CopiesThen;
use polder_consent::withdrawal::{Acknowledgement, Tombstone};
use polder_consent::{Budget, Field, Handle, Receipt, State, TombstoneId};
use polder_exchange::Node;
use polder_exchange::log::ExportRefused;
use polder_exchange::people::{DecideRefused, Decision};
use polder_federation_tests::people::{MATCHED, decision, erase_all, give, morning, request};
use polder_federation_tests::register::message_key;
use polder_model::{Kind, Purpose};
use polder_store::Precondition;
use polder_store::people::Came;
use polder_trust::evidence::{EvidenceKind, sign, verify_of};
use serde_json::json;

use super::people::{Stage, shown};

/// A tombstone as a node would sign it, but for what is changed.
fn tombstone(stage: &Stage, signs: usize, change: impl FnOnce(&mut Tombstone)) -> String {
    let partner = |at: usize| stage.node(at).home().partner.clone();
    let mut said = Tombstone {
        id: TombstoneId::from_random([9; 16]),
        iss: partner(0),
        aud: partner(1),
        handle: Handle::from_random([8; 16]),
        purpose: Purpose::MatchVacancy,
        epoch: polder_consent::Epoch(1),
        fields: polder_consent::FieldSet::NONE,
        disclosures: Vec::new(),
        iat: morning(),
        seq: 1,
    };
    change(&mut said);
    sign(&message_key(partner(signs).as_str()), EvidenceKind::Tombstone, &said).expect("signed")
}

/// How many people a node answers with.
async fn answers(home: &Node, asker: &Node) -> usize {
    let member = home.register().member(&asker.home().partner).cloned().expect("a member");
    let query = asker.self_contained(&request("V-1")).expect("a query");
    home.answer_about_people(&member, &std::sync::Arc::new(query)).await.expect("answered").into_parts().0.people.len()
}

#[tokio::test]
async fn a_withdrawal_reaches_every_copy() {
    let stage = Stage::set().await;
    let (one, other) = (stage.give(1, &MATCHED).await, stage.give(2, &MATCHED).await);
    let found = stage.seek(1).await;
    stage.seek(2).await;
    stage.withdraw(&one).await;
    assert!(stage.seek(1).await.hits.is_empty());
    assert_eq!(stage.seek(2).await.hits.len(), 1, "ending one touches no other");
    let copies = async || stage.node(0).copies_of(stage.worker).await.expect("read");
    let outstanding = copies().await;
    assert_eq!(outstanding.len(), 1);
    assert_eq!((&outstanding[0].recipient, outstanding[0].state.as_str()), (&one.recipient, "outstanding"));
    // The recipient's client is told, and says that it has erased.
    assert_eq!(stage.node(0).deliver_once().await.expect("delivered"), 0, "its client has not erased yet");
    assert_eq!(copies().await[0].state, "outstanding", "never erased without an acknowledgement");
    let erasures = stage.node(1).erasures("operator", 0, 100).await.expect("read");
    assert_eq!(erasures.len(), 1);
    assert_eq!(erasures[0].handle.to_string(), found.hits[0].key.as_str());
    assert_eq!(stage.node(1).erased("operator", erasures[0].number, Vec::new()).await.expect("erased"), Ok(1));
    let erased = copies().await;
    assert_eq!((erased[0].state.as_str(), erased[0].erased_at), ("erased", Some(morning())));
    assert!(
        stage
            .node(0)
            .disclosures_of(stage.worker, None, 9)
            .await
            .expect("read")
            .iter()
            .any(|row| row.erased && row.disclosure.consent == one.id)
    );
    assert!(stage.node(0).outstanding().await.expect("read").is_empty());
    // What has ended stays so; another consent is another epoch, which no old tombstone touches.
    assert!(matches!(stage.node(0).withdraw(stage.worker, one.id).await, Err(DecideRefused::NotInForce(Some(State::Withdrawn)))));
    let again = stage.give(1, &MATCHED).await;
    assert_eq!((again.epoch.0, other.epoch.0), (2, 1));
    assert_eq!(stage.seek(1).await.hits[0].disclosure.as_ref().map(|under| under.epoch), Some(2));
}

/// By the very instant, partners who compare would know that one worker ended both.
#[tokio::test]
async fn a_tombstone_says_the_minute_alone() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.federation.clock.pass(std::time::Duration::from_millis(75_500));
    stage.withdraw(&consent).await;
    let (home, recipient) = (stage.node(0), &stage.node(1).home().partner);
    let told = home.tombstones_for(recipient, 0, 9).await.expect("read");
    let own = home.register().member(&home.home().partner).cloned().expect("a member");
    let payload = verify_of(EvidenceKind::Tombstone, &told[0], &own, home.now()).expect("its signature holds");
    let said: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    assert_eq!((told.len(), &said["iat"], &said["seq"]), (1, &"2026-03-02T09:31:00Z".into(), &1.into()), "{said}");
}

#[tokio::test]
async fn narrowing_erases_what_is_named_no_more() {
    let stage = Stage::set().await;
    let wide = stage.give(1, &[Field::Title, Field::Skills, Field::Hours, Field::Postcode]).await;
    stage.seek(1).await;
    let narrow = stage.give(1, &[Field::Title, Field::Skills, Field::Hours]).await;
    assert_eq!((narrow.epoch.0, narrow.renews), (2, Some(wide.id)));
    stage.node(0).deliver_once().await.expect("delivered");
    let erasures = stage.node(1).erasures("operator", 0, 100).await.expect("read");
    assert_eq!(erasures.iter().map(|erasure| erasure.fields).collect::<Vec<_>>(), [polder_consent::FieldSet::of(&[Field::Postcode])]);
    assert!(shown(&stage.seek(1).await)[0].get("postcode").is_none());
    stage.node(1).erased("operator", erasures[0].number, Vec::new()).await.expect("erased").expect("nothing is kept");
    let ledger = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read");
    let erased: Vec<_> = ledger.into_iter().map(|row| stage.node(0).seen(row)).map(|seen| (seen.erased, seen.erased_fields)).collect();
    assert_eq!(erased, [(false, polder_consent::FieldSet::NONE), (false, polder_consent::FieldSet::of(&[Field::Postcode]))]);
    // The copy of the first epoch lives on under the second, and goes with it.
    stage.withdraw(&narrow).await;
    stage.node(0).deliver_once().await.expect("delivered");
    let rest = stage.node(1).erasures("operator", erasures[0].number, 100).await.expect("read");
    assert_eq!(rest.len(), 1);
    assert!(rest[0].fields.is_empty());
    stage.node(1).erased("operator", rest[0].number, Vec::new()).await.expect("erased").expect("nothing is kept");
    let ledger = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read");
    assert!(ledger.len() == 2 && ledger.iter().all(|row| row.erased), "{ledger:?}");
    // Widening to the same again tells nobody to erase.
    stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.give(1, &[Field::Title, Field::Skills, Field::Hours]).await;
    assert!(stage.node(0).outstanding().await.expect("read").is_empty());
}

#[tokio::test]
async fn what_time_ends_is_told_as_well() {
    let stage = Stage::set().await;
    let recipient = stage.node(1).home().partner.clone();
    let soon = Decision { until: Some(morning().plus_seconds(3_600)), ..decision(&[&recipient], &MATCHED) };
    give(stage.node(0), stage.worker, &soon).await.expect("given");
    let under = stage.seek(1).await.hits[0].disclosure.clone().expect("under what it was given");
    assert_eq!(under.use_until, morning().plus_seconds(3_600), "no copy outlives its consent");
    stage.federation.clock.pass(Duration::from_secs(3_600));
    assert!(stage.seek(1).await.hits.is_empty(), "at its very end, before anything is swept");
    assert_eq!(stage.node(0).sweep_people().await.expect("swept"), 1);
    assert_eq!(stage.node(0).outstanding().await.expect("read").len(), 1);
    assert_eq!(stage.node(0).consents_of(stage.worker, None, 9).await.expect("read")[0].0.state, Some(State::Expired));
    // Its end is in what the worker takes along, as the grant and the disclosure are.
    stage.federation.tend_logs().await;
    let (proof, pending) = stage.node(0).proof_of(stage.worker).await.expect("proved");
    assert_eq!((proof.rows.len(), pending), (3, 0));
    assert_eq!(crate::logs::wrong(&proof, stage.node(0), 2), [""; 0]);
    // The recipient forgets by itself what it may use no more.
    let handle = stage.node(0).copies_of(stage.worker).await.expect("read").len();
    assert_eq!(handle, 1);
    stage.node(1).sweep_people().await.expect("swept");
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(stage.node(1).erasures("operator", 0, 9).await.expect("read").is_empty());
    assert_eq!(stage.node(0).copies_of(stage.worker).await.expect("read")[0].state, "erased");
}

#[tokio::test]
async fn a_profile_that_is_deleted_ends_what_was_to_be_seen_of_it() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.node(0).delete(Kind::SkillOffer, &"P-1".parse().expect("a key"), Precondition::None).await.expect("deleted");
    assert!(stage.seek(1).await.hits.is_empty());
    assert_eq!(stage.node(0).consents_of(stage.worker, None, 9).await.expect("read")[0].0.state, Some(State::Revoked));
    assert_eq!(stage.node(0).outstanding().await.expect("read").len(), 1);
    let nothing = give(stage.node(0), stage.worker, &decision(&[&stage.node(1).home().partner], &MATCHED)).await;
    assert!(matches!(nothing, Err(DecideRefused::NoOffer)));
}

#[tokio::test]
async fn receipts_are_signed_and_say_how_a_consent_stood() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    let node = stage.node(0);
    let own = node.register().member(&node.home().partner).cloned().expect("a member");
    let receipted = async || {
        let kept = node.store().consent_of(stage.worker, consent.id).await.expect("read").expect("it is there");
        let (signed, receipt) = node.receipts(&[kept]).await.expect("receipted").remove(0);
        let payload = verify_of(EvidenceKind::Receipt, &signed, &own, node.now()).expect("its signature holds");
        assert_eq!(serde_json::from_slice::<Receipt>(&payload).expect("a receipt"), receipt);
        assert!(verify_of(EvidenceKind::Tombstone, &signed, &own, node.now()).is_err(), "it is evidence of nothing else");
        let one = receipt.consents[0].clone();
        assert_eq!(one.consent, consent);
        let dpv = serde_json::to_string(&node.in_dpv(&receipt)).expect("JSON");
        assert!(dpv.contains("dpv:ConsentReceipt") && dpv.contains(&consent.notice.sha256), "{dpv}");
        (one.state, one.copies)
    };
    assert_eq!(receipted().await, (State::Given, CopiesThen::None));
    stage.seek(1).await;
    assert_eq!(receipted().await, (State::Given, CopiesThen::InUse));
    stage.withdraw(&consent).await;
    assert_eq!(receipted().await, (State::Withdrawn, CopiesThen::ToErase));
    node.deliver_once().await.expect("delivered");
    erase_all(stage.node(1), "operator").await;
    assert_eq!(receipted().await, (State::Withdrawn, CopiesThen::Erased));
}

#[tokio::test]
async fn what_was_written_down_of_a_worker_is_proved_without_any_node() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.withdraw(&consent).await;
    assert!(matches!(stage.node(0).proof_of(stage.worker).await, Err(ExportRefused::NotYet)), "nothing is signed yet");
    stage.federation.tend_logs().await;
    let (export, pending) = stage.node(0).proof_of(stage.worker).await.expect("proved");
    assert_eq!((export.rows.len(), pending), (3, 0), "given, seen, withdrawn");
    assert_eq!(super::logs::wrong(&export, stage.node(0), 2), [""; 0]);
    // What stands in the rows is what the node says that it did.
    let texts: Vec<&str> = export.rows.iter().filter_map(|row| row.row.as_deref()).collect();
    assert_eq!(serde_json::from_str::<polder_consent::Consent>(texts[0]).expect("the record"), consent);
    let seen = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").remove(0).disclosure;
    assert_eq!(serde_json::from_str::<polder_consent::Disclosure>(texts[1]).expect("the row"), seen);
    assert!(texts[2].contains("withdraw"), "{}", texts[2]);
    // Whoever changes any of it is found out.
    let mut changed = export.clone();
    changed.rows[1].row = Some(texts[1].replace(seen.recipient.as_str(), stage.node(2).home().partner.as_str()));
    assert_eq!(super::logs::wrong(&changed, stage.node(0), 2).len(), 2, "its leaf is not of that row, and names another recipient");
    // A leaf says nothing of a worker.
    let leaves = serde_json::to_string(&export.rows.iter().map(|row| &row.leaf).collect::<Vec<_>>()).expect("JSON");
    assert!(!leaves.contains(&stage.worker.to_string()) && !leaves.contains(&consent.id.to_string()), "{leaves}");
}

#[tokio::test]
async fn only_who_gave_a_copy_has_it_erased() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    let handle: Handle = found.hits[0].key.as_str().parse().expect("a handle");
    let (recipient, source) = (stage.node(1), stage.node(0).home().partner.clone());
    let member = |at: usize| recipient.register().member(&stage.node(at).home().partner).cloned().expect("a member");
    let other = stage.node(2).home().partner.clone();
    let copies = async || recipient.store().holdings_for(&source, handle).await.expect("read").copies.len();
    assert_eq!(copies().await, 1);
    // In the name of the source, signed by another; sent by another; to another; and no evidence at all. Nothing of the batch is carried out then.
    let right = || tombstone(&stage, 0, |said| said.handle = handle);
    for (from, said) in [
        (2, vec![tombstone(&stage, 2, |said| said.handle = handle)]),
        (0, vec![right(), tombstone(&stage, 2, |said| said.handle = handle)]),
        (2, vec![right()]),
        (0, vec![tombstone(&stage, 0, |said| (said.handle, said.aud) = (handle, other.clone()))]),
        (0, vec![tombstone(&stage, 0, |said| (said.handle, said.iss) = (handle, other.clone()))]),
        (0, vec!["e30.e30.e30".to_owned()]),
    ] {
        assert!(recipient.take_tombstones(&member(from), &said).await.is_err(), "{from}");
        assert_eq!(copies().await, 1, "{from}");
    }
    // A partner's own tombstone for a handle that another gave is its own affair: it is acknowledged, and touches nothing.
    let own = tombstone(&stage, 2, |said| (said.handle, said.iss) = (handle, other.clone()));
    let taken = recipient.take_tombstones(&member(2), &[own]).await.expect("taken");
    assert_eq!((taken.acknowledgements.len(), copies().await), (1, 1));
    // An acknowledgement of nothing, or in another's name, ends nothing that is owed.
    stage.node(0).withdraw_all(stage.worker).await.expect("withdrawn");
    let acknowledgement =
        sign(&message_key(other.as_str()), EvidenceKind::Acknowledgement, &json!({"tombstone": "0".repeat(32)})).expect("signed");
    let source_node = stage.node(0);
    let forger = source_node.register().member(&other).cloned().expect("a member");
    assert_eq!(source_node.take_acknowledgements(&forger, &[acknowledgement]).await.expect("read"), 0);
    assert_eq!(source_node.outstanding().await.expect("read").len(), 1);
}

/// Two recipients are owed a tombstone each. Neither erases for the other, however right what it says is in itself.
#[tokio::test]
async fn nobody_acknowledges_what_another_is_owed() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    stage.give(2, &MATCHED).await;
    stage.seek(1).await;
    stage.seek(2).await;
    stage.node(0).withdraw_all(stage.worker).await.expect("withdrawn");
    let source = stage.node(0);
    let owed = async |at: usize| source.store().owed_to(&stage.node(at).home().partner, 0, 9).await.expect("read");
    let (of_one, of_other) = (owed(1).await[0].id, owed(2).await[0].id);
    let said = |signs: usize, named: usize, tombstone: TombstoneId| {
        let said = Acknowledgement {
            tombstone,
            iss: stage.node(named).home().partner.clone(),
            aud: source.home().partner.clone(),
            erased_at: morning(),
            copies: 1,
            retained: Vec::new(),
            backups_gone_by: morning(),
        };
        sign(&message_key(stage.node(signs).home().partner.as_str()), EvidenceKind::Acknowledgement, &said).expect("signed")
    };
    for (from, said, why) in [
        (2, said(2, 2, of_one), "its own word, of a tombstone that another is owed"),
        (2, said(2, 1, of_one), "in the name of whom it is owed"),
        (2, said(1, 1, of_one), "the right word, brought by another"),
        (1, said(2, 2, of_one), "another's word, brought by whom it is owed"),
        (1, said(1, 1, of_other), "its own word, of another's"),
    ] {
        assert_eq!(source.take_acknowledgements(&stage.member(from), &[said]).await.expect("read"), 0, "{why}");
        assert_eq!((owed(1).await.len(), owed(2).await.len()), (1, 1), "{why}");
        let states: Vec<String> = source.copies_of(stage.worker).await.expect("read").into_iter().map(|copies| copies.state).collect();
        assert_eq!(states, ["outstanding", "outstanding"], "{why}: the worker is told that neither has erased");
    }
    // What is right counts, once, and for whom it is of alone.
    let right = [said(1, 1, of_one)];
    for counts in [1, 0] {
        assert_eq!(source.take_acknowledgements(&stage.member(1), &right).await.expect("read"), counts);
    }
    assert_eq!((owed(1).await.len(), owed(2).await.len()), (0, 1));
}

#[tokio::test]
async fn a_copy_that_comes_late_dies_and_another_epoch_lives() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    let (recipient, hit) = (stage.node(1), &found.hits[0]);
    let handle: Handle = hit.key.as_str().parse().expect("a handle");
    let came = |number: u8, epoch: u64| Came {
        disclosure: polder_consent::DisclosureId::from_random([number; 16]),
        source: stage.node(0).home().partner.clone(),
        handle,
        purpose: Purpose::MatchVacancy,
        epoch: polder_consent::Epoch(epoch),
        fields: polder_consent::FieldSet::of(&MATCHED),
        about: polder_model::about::About { kind: Kind::Vacancy, key: "V-1".parse().expect("a key") },
        client: "operator".to_owned(),
        use_until: morning().plus_seconds(60),
        chain: polder_exchange::traces::chain(),
    };
    let note = async |came: Came| recipient.store().note_copies(vec![came], morning()).await.expect("noted").remove(0);
    let member = recipient.register().member(&stage.node(0).home().partner).cloned().expect("a member");
    // The tombstone overtakes a copy of its epoch.
    let said = tombstone(&stage, 0, |said| (said.handle, said.epoch) = (handle, polder_consent::Epoch(3)));
    for _ in 0..2 {
        recipient.take_tombstones(&member, std::slice::from_ref(&said)).await.expect("taken");
    }
    assert!(!note(came(1, 1)).await && !note(came(2, 3)).await, "they come late");
    assert!(note(came(3, 4)).await, "that was given anew");
    // An older tombstone brings nothing back, and takes nothing of the new one.
    let older = tombstone(&stage, 0, |said| (said.handle, said.id) = (handle, TombstoneId::from_random([7; 16])));
    recipient.take_tombstones(&member, &[older]).await.expect("taken");
    assert!(!note(came(4, 3)).await);
    assert_eq!(recipient.store().holdings_for(&member.partner, handle).await.expect("read").copies.len(), 1);
    let late = Came { use_until: morning(), ..came(5, 4) };
    assert!(!note(late).await, "its time is over");
}

#[tokio::test]
async fn giving_and_withdrawing_a_hundred_times_stays_in_step() {
    let stage = Stage::set_within(Budget { workers: 500, narrow: 1_000 }).await;
    for round in 1..=100 {
        let consent = stage.give(1, &MATCHED).await;
        assert_eq!(consent.epoch.0, round);
        assert_eq!(answers(stage.node(0), stage.node(1)).await, 1, "{round}");
        stage.withdraw(&consent).await;
        assert_eq!(answers(stage.node(0), stage.node(1)).await, 0, "{round}");
    }
    stage.node(0).deliver_once().await.expect("delivered");
    let erasures = stage.node(1).erasures("operator", 0, 1_000).await.expect("read");
    assert!(erasures.is_empty(), "nobody got what was not asked for by a client");
    assert!(stage.node(0).outstanding().await.expect("read").is_empty());
    let ledger = stage.node(0).disclosures_of(stage.worker, None, 1_000).await.expect("read");
    assert!(ledger.len() == 100 && ledger.iter().all(|row| row.erased), "{}", ledger.len());
}
