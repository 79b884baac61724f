//! Applying: one partner gets what its worker chose, as long as they let it; nobody else does, whatever is sent again, late or after the end.

use std::time::Duration;

use polder_consent::{Field, FieldSet};
use polder_exchange::people::{Application, ApplicationRefused, ApplicationSight, ApplyRefused, DecideRefused, Decision};
use polder_federation_tests::people::{decision, erase_all, profile, put, vacancy};
use polder_model::answer::Disclosed;
use polder_model::application::{Application as Sent, ApplicationCopy, ApplicationState};
use polder_model::{Kind, Purpose};
use polder_store::Precondition;
use polder_store::people::Progress;
use serde_json::{Value, json};

use crate::people::Stage;

pub(crate) const CHOSEN: [Field; 2] = [Field::Skills, Field::ContactEmail];

pub(crate) fn application(stage: &Stage, to: usize, key: &str, fields: &[Field], motivation: &str) -> Application {
    let decision = Decision { purpose: Purpose::Application, ..decision(&[&stage.node(to).home().partner], fields) };
    Application {
        decision,
        vacancy: key.parse().expect("a key"),
        title: "Monteur".to_owned(),
        employer: "Proef BV".to_owned(),
        motivation: motivation.to_owned(),
    }
}

pub(crate) async fn try_apply(stage: &Stage, application: &Application) -> Result<(), ApplyRefused> {
    use sha2::{Digest, Sha256};
    let node = stage.node(0);
    let notice = hex::encode(Sha256::digest(node.application_notice(stage.worker, application).await?));
    let authentication = polder_consent::Authentication { issuer: "proef".to_owned(), level: String::new(), at: node.now() };
    node.apply(stage.worker, application, &notice, authentication).await
}

/// A worker applies to the vacancy of node 1 with skills, e-mail address and some words.
pub(crate) async fn apply(stage: &Stage) {
    try_apply(stage, &application(stage, 1, "V-1", &CHOSEN, "Ik werk graag buiten.")).await.expect("applied");
}

pub(crate) async fn sights(stage: &Stage) -> Vec<ApplicationSight> {
    stage.node(0).applications_of(stage.worker).await.expect("read")
}

async fn progress(stage: &Stage) -> Progress {
    sights(stage).await[0].application.progress
}

/// The documents that a node has of applications, as its operator reads them.
pub(crate) async fn came(stage: &Stage, at: usize) -> Vec<Value> {
    let found = stage.node(at).applications_after(0, 100).await.expect("read");
    let found = stage.node(at).hand_out("operator", found).await.expect("noted");
    found.iter().map(|one| serde_json::from_slice(&one.document).expect("JSON")).collect()
}

/// What a document shows.
fn members(document: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in document.as_object().expect("an object") {
        match value.as_object().filter(|_| name == "contact") {
            Some(parts) => names.extend(parts.keys().map(|part| format!("/contact/{part}"))),
            None => names.push(format!("/{name}")),
        }
    }
    names.sort();
    names
}

pub(crate) async fn send(stage: &Stage) {
    stage.node(0).send_applications().await.expect("sent");
}

pub(crate) async fn withdraw(stage: &Stage) {
    let consent = sights(stage).await[0].consent.expect("it is in force");
    stage.node(0).withdraw(stage.worker, consent).await.expect("withdrawn");
}

#[tokio::test]
async fn one_partner_gets_what_was_chosen_and_says_what_became_of_it() {
    let stage = Stage::set().await;
    apply(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Waiting, Vec::new()));
    send(&stage).await;
    let offered = profile("");
    let seen =
        json!({"skills": offered["skills"], "contact": {"email": offered["contact"]["email"]}, "motivation": "Ik werk graag buiten."});
    assert_eq!(came(&stage, 1).await, [seen], "what was chosen, and no more");
    assert!(came(&stage, 0).await.is_empty() && came(&stage, 2).await.is_empty(), "nobody else");
    assert_eq!(progress(&stage).await, Progress::Received);
    let ledger = stage.node(0).disclosures_of(stage.worker, None, 10).await.expect("read");
    assert_eq!(ledger.len(), 1);
    let row = &ledger[0].disclosure;
    assert_eq!((row.purpose, &row.recipient), (Purpose::Application, &stage.node(1).home().partner));
    assert_eq!(row.fields, FieldSet::of(&[Field::Skills, Field::ContactEmail, Field::Motivation]));
    send(&stage).await;
    assert_eq!(stage.node(0).disclosures_of(stage.worker, None, 10).await.expect("read").len(), 1, "it is sent once");

    let number = stage.node(1).applications_after(0, 1).await.expect("read")[0].number;
    assert!(stage.node(1).set_application(number, ApplicationState::Closed).await.expect("written"));
    assert!(!stage.node(1).set_application(number + 1, ApplicationState::Closed).await.expect("written"));
    stage.node(0).ask_after_applications().await.expect("asked");
    stage.federation.clock.pass(Duration::from_secs(61));
    stage.node(0).ask_after_applications().await.expect("asked");
    assert_eq!(progress(&stage).await, Progress::Closed);
    // Whoever takes back what was dealt with has taken it back.
    withdraw(&stage).await;
    let last = sights(&stage).await.remove(0).application;
    assert_eq!((last.progress, last.is_over), (Progress::Withdrawn, false));
    // Seeking people shows nothing of it.
    assert!(stage.seek(1).await.hits.is_empty() && stage.seek(2).await.hits.is_empty());
}

#[tokio::test]
async fn another_worker_sees_nothing_of_it_and_nothing_is_sent_without_a_decision() {
    let stage = Stage::set().await;
    let other = put(stage.node(0), "P-2", &profile("Lasser")).await;
    apply(&stage).await;
    assert!(stage.node(0).applications_of(other).await.expect("read").is_empty());
    let authentication = polder_consent::Authentication { issuer: "proef".to_owned(), level: String::new(), at: stage.node(0).now() };
    let unread = application(&stage, 1, "V-1", &CHOSEN, "");
    let refused = stage.node(0).apply(other, &unread, &"0".repeat(64), authentication).await;
    assert!(matches!(refused, Err(ApplyRefused::Decide(_))), "on another text: {refused:?}");
    for (fields, motivation, why) in [
        (&CHOSEN[..], "Mijn BSN is 111222333.", "a citizen service number"),
        (&CHOSEN[..], "Ik zit in de Wajong.", "health"),
        (&CHOSEN[..], "Mail mij op anna@voorbeeld.example.", "an address"),
        (&[][..], "", "nothing"),
    ] {
        let refused = try_apply(&stage, &application(&stage, 1, "V-1", fields, motivation)).await;
        assert!(matches!(refused, Err(ApplyRefused::TooPersonal | ApplyRefused::Nothing)), "{why}: {refused:?}");
    }
    let long = "a ".repeat(1_001);
    assert!(matches!(try_apply(&stage, &application(&stage, 1, "V-1", &CHOSEN, &long)).await, Err(ApplyRefused::TooLong)));
    assert_eq!(stage.node(0).applications_of(other).await.expect("read").len(), 0);
    assert_eq!(sights(&stage).await.len(), 1);
}

#[tokio::test]
async fn what_is_taken_back_before_it_was_sent_is_never_sent() {
    let mut stage = Stage::set().await;
    apply(&stage).await;
    withdraw(&stage).await;
    send(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Withdrawn, Vec::new()));
    assert!(
        stage.node(0).disclosures_of(stage.worker, None, 10).await.expect("read").is_empty(),
        "nothing left, and the ledger has nothing"
    );

    // The same where its recipient was away when it was tried.
    stage.federation.clock.pass(Duration::from_secs(1));
    stage.federation.stop(1).await;
    apply(&stage).await;
    send(&stage).await;
    assert_eq!(progress(&stage).await, Progress::Waiting);
    withdraw(&stage).await;
    stage.federation.start(1).await;
    stage.federation.clock.pass(Duration::from_secs(60));
    send(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Withdrawn, Vec::new()));
}

#[tokio::test]
async fn what_is_taken_back_is_erased_and_does_not_come_back() {
    let stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    let before = stage.node(1).applications_after(0, 1).await.expect("read").remove(0);
    let again = Sent {
        id: sights(&stage).await[0].application.id.clone(),
        partner: stage.node(0).home().partner.clone(),
        vacancy: "V-1".parse().expect("a key"),
        as_of: stage.node(1).now(),
        copy: Some(ApplicationCopy {
            handle: before.handle.to_string().parse().expect("a key"),
            document: serde_json::from_slice(&before.document).expect("JSON"),
            disclosure: Disclosed {
                id: before.disclosure.to_string(),
                epoch: before.epoch.0,
                fields: before.fields.iter().map(|field| field.pointer().to_owned()).collect(),
                use_until: before.use_until,
            },
        }),
    };
    let (home, stranger) = (stage.member(0), stage.member(2));
    let twice = stage.node(1).receive_application(&home, &again).await.expect("it came before");
    assert_eq!((twice.state, came(&stage, 1).await.len()), (ApplicationState::Received, 1), "it is one application");
    let refused = stage.node(1).receive_application(&stranger, &again).await;
    assert!(matches!(refused, Err(ApplicationRefused::AnotherPartner)), "{refused:?}");
    let look = Sent { copy: None, partner: stranger.partner.clone(), ..again.clone() };
    let refused = stage.node(1).receive_application(&stranger, &look).await;
    assert!(matches!(refused, Err(ApplicationRefused::Unknown)), "what another partner's worker sent is nothing of theirs: {refused:?}");

    withdraw(&stage).await;
    stage.node(0).deliver_once().await.expect("delivered");
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Withdrawn, Vec::new()));
    let owed = stage.node(1).erasures("operator", 0, 10).await.expect("read");
    assert_eq!((owed.len(), owed[0].purpose), (1, Purpose::Application), "whoever has read it is to erase it");
    let replayed = stage.node(1).receive_application(&home, &again).await;
    assert!(matches!(replayed, Err(ApplicationRefused::Ended)) && came(&stage, 1).await.is_empty(), "{replayed:?}");
    assert!(!stage.node(1).set_application(before.number, ApplicationState::Closed).await.expect("written"));
    assert_eq!(erase_all(stage.node(1), "operator").await, 1);
    stage.federation.clock.pass(Duration::from_secs(60));
    stage.node(0).deliver_once().await.expect("delivered");
    let copies = stage.node(0).copies_of(stage.worker).await.expect("read");
    assert_eq!((copies.len(), copies[0].state.as_str()), (1, "erased"));
}

#[tokio::test]
async fn one_is_taken_back_and_the_other_stays() {
    let stage = Stage::set().await;
    let other = put(stage.node(0), "P-2", &profile("Lasser")).await;
    apply(&stage).await;
    stage.federation.clock.pass(Duration::from_secs(1));
    vacancy(stage.node(1), "V-2").await;
    try_apply(&stage, &application(&stage, 1, "V-2", &CHOSEN, "Ook hier.")).await.expect("applied");
    send(&stage).await;
    assert_eq!(came(&stage, 1).await.len(), 2);
    let id_of = async |key: &str| {
        let all = sights(&stage).await;
        all.into_iter().find(|one| one.application.vacancy.as_str() == key).expect("it was sent").application.id
    };
    let (first, second) = (id_of("V-1").await, id_of("V-2").await);
    let of_another = stage.node(0).withdraw_application(other, &first).await;
    assert!(matches!(of_another, Err(DecideRefused::Unknown)) && came(&stage, 1).await.len() == 2, "{of_another:?}");

    stage.federation.clock.pass(Duration::from_secs(1));
    stage.node(0).withdraw_application(stage.worker, &first).await.expect("stopped");
    stage.node(0).deliver_once().await.expect("delivered");
    let left = came(&stage, 1).await;
    assert_eq!((left.len(), &left[0]["motivation"]), (1, &json!("Ook hier.")), "the other one is there");
    let standing = async || -> Vec<(String, Progress, bool)> {
        let all = sights(&stage).await.into_iter();
        all.map(|one| (one.application.vacancy.to_string(), one.application.progress, one.consent.is_some())).collect()
    };
    let expected = [("V-2".to_owned(), Progress::Received, true), ("V-1".to_owned(), Progress::Withdrawn, false)];
    assert_eq!(standing().await, expected);
    let now = stage.node(0).now();
    assert_eq!(stage.node(0).store().applications_standing(stage.worker, now).await.expect("read").len(), 1);
    let owed = stage.node(1).erasures("operator", 0, 10).await.expect("read");
    assert_eq!((owed.len(), owed[0].purpose), (1, Purpose::Application), "whoever has read it is to erase it");
    // It stays gone, whatever is corrected or sent again; and is not stopped twice.
    let mut changed = profile("Monteur zoekt werk");
    changed["contact"]["email"] = json!("anders@voorbeeld.example");
    put(stage.node(0), "P-1", &changed).await;
    stage.node(0).deliver_once().await.expect("delivered");
    send(&stage).await;
    let left = came(&stage, 1).await;
    assert_eq!((left.len(), &left[0]["contact"]["email"]), (1, &json!("anders@voorbeeld.example")));
    let twice = stage.node(0).withdraw_application(stage.worker, &first).await;
    assert!(matches!(twice, Err(DecideRefused::NotInForce(_))), "{twice:?}");

    // The last one ends the decision; both are the worker's to send anew.
    stage.node(0).withdraw_application(stage.worker, &second).await.expect("stopped");
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(came(&stage, 1).await.is_empty());
    assert_eq!(stage.node(0).consents_in_force(stage.worker, None, 9).await.expect("read").1, 0);
    let when: Vec<_> = sights(&stage).await.into_iter().map(|one| (one.application.progress, one.application.since)).collect();
    assert!(when[1].0 == Progress::Withdrawn && when[1].1 < when[0].1.plus_seconds(1), "the first one was stopped when it was: {when:?}");
    stage.federation.clock.pass(Duration::from_secs(1));
    apply(&stage).await;
    send(&stage).await;
    assert_eq!(came(&stage, 1).await.len(), 1);
}

#[tokio::test]
async fn no_vacancy_no_application() {
    let stage = Stage::set().await;
    apply(&stage).await;
    stage.node(1).delete(Kind::Vacancy, &"V-1".parse().expect("a key"), Precondition::None).await.expect("deleted");
    send(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Refused, Vec::new()));
    vacancy(stage.node(1), "V-1").await;
    send(&stage).await;
    assert!(came(&stage, 1).await.is_empty(), "what was refused is not sent again by itself");
    // Another partner's vacancy.
    stage.federation.clock.pass(Duration::from_secs(1));
    vacancy(stage.node(2), "V-9").await;
    try_apply(&stage, &application(&stage, 1, "V-9", &CHOSEN, "")).await.expect("applied");
    send(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await), (Progress::Refused, Vec::new()));
    assert!(came(&stage, 2).await.is_empty());
}

#[tokio::test]
async fn a_worker_who_is_erased_leaves_no_application_behind() {
    let stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    try_apply(&stage, &application(&stage, 2, "V-1", &CHOSEN, "Nog een keer.")).await.expect("applied");
    stage.node(0).erase(stage.worker).await.expect("erased");
    assert!(sights(&stage).await.is_empty());
    send(&stage).await;
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(came(&stage, 1).await.is_empty() && came(&stage, 2).await.is_empty());
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_nothing_and_sends_nothing_twice() {
    let mut stage = Stage::set().await;
    apply(&stage).await;
    stage.federation.stop(0).await;
    stage.federation.start(0).await;
    stage.federation.stop(1).await;
    send(&stage).await;
    assert_eq!(progress(&stage).await, Progress::Waiting, "its recipient is away");
    stage.federation.stop(0).await;
    stage.federation.start(0).await;
    stage.federation.start(1).await;
    send(&stage).await;
    assert_eq!((progress(&stage).await, came(&stage, 1).await.len()), (Progress::Received, 1));
    assert_eq!(stage.node(0).disclosures_of(stage.worker, None, 10).await.expect("read").len(), 1, "it was sent again under its row");
    stage.federation.stop(1).await;
    stage.federation.start(1).await;
    assert_eq!(came(&stage, 1).await.len(), 1);
}

#[tokio::test]
async fn what_is_corrected_comes_anew_and_what_is_not_let_any_more_goes() {
    let stage = Stage::set().await;
    apply(&stage).await;
    send(&stage).await;
    let mut changed = profile("Monteur zoekt werk");
    changed["contact"]["email"] = json!("anders@voorbeeld.example");
    put(stage.node(0), "P-1", &changed).await;
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(came(&stage, 1).await.is_empty(), "the old one is erased");
    send(&stage).await;
    let now = came(&stage, 1).await;
    assert_eq!((now.len(), &now[0]["contact"]["email"]), (1, &json!("anders@voorbeeld.example")));

    // A second application with less, and a third one with more: each shows what was chosen for it, also when it is sent anew.
    stage.federation.clock.pass(Duration::from_secs(1));
    vacancy(stage.node(1), "V-2").await;
    try_apply(&stage, &application(&stage, 1, "V-2", &[Field::ContactEmail], "")).await.expect("applied");
    stage.node(0).deliver_once().await.expect("delivered");
    send(&stage).await;
    let less = json!({"contact": {"email": "anders@voorbeeld.example"}});
    assert_eq!(came(&stage, 1).await, [now[0].clone(), less.clone()], "the first one is not cut down");
    stage.federation.clock.pass(Duration::from_secs(1));
    vacancy(stage.node(1), "V-3").await;
    let more = application(&stage, 1, "V-3", &[Field::ContactEmail, Field::ContactName], "");
    let text = stage.node(0).application_notice(stage.worker, &more).await.expect("a text");
    let stays: Vec<&str> = text.lines().filter(|line| line.contains("andere sollicitaties")).collect();
    assert!(stays.len() == 1 && stays[0].contains("uw vaardigheden") && !stays[0].contains("uw naam"), "{text}");
    assert!(text.contains("- uw naam\n") && !text.contains("- uw vaardigheden"), "what goes along is said apart: {text}");
    try_apply(&stage, &more).await.expect("applied");
    stage.node(0).deliver_once().await.expect("delivered");
    send(&stage).await;
    let third = json!({"contact": {"email": "anders@voorbeeld.example", "name": changed["contact"]["name"]}});
    assert_eq!(came(&stage, 1).await, [now[0].clone(), less, third], "and none is widened");
    changed["contact"]["email"] = json!("weer@voorbeeld.example");
    put(stage.node(0), "P-1", &changed).await;
    stage.node(0).deliver_once().await.expect("delivered");
    send(&stage).await;
    let mut keys: Vec<Vec<String>> = came(&stage, 1).await.iter().map(members).collect();
    keys.sort();
    assert_eq!(keys, [vec!["/contact/email"], vec!["/contact/email", "/contact/name"], vec!["/contact/email", "/motivation", "/skills"]]);
    // What is taken back is all that this partner has.
    withdraw(&stage).await;
    stage.node(0).deliver_once().await.expect("delivered");
    assert!(came(&stage, 1).await.is_empty());
    assert!(sights(&stage).await.iter().all(|one| one.application.progress == Progress::Withdrawn));
}
