//! Partners ask to see something of a worker: the worker alone gives, and whoever asked learns what is in force, and nothing else.

use std::time::Duration;

use polder_consent::request::{AskedFor, ConsentRequest};
use polder_consent::{Authentication, Field, FieldSet, Handle, RequestId, State, WorkerId};
use polder_exchange::AnswerRefused;
use polder_exchange::people::{
    DecideRefused, Decision, Language, NewRequest, RequestRefused, RequestSight, RequestStanding, StandingState,
};
use polder_federation_tests::people::{MATCHED, decision, give, morning, profile, put};
use polder_model::about::About;
use polder_model::{Kind, OfferKey, Purpose};
use polder_store::people::NotAnswered;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::people::Stage;

const DAY: Duration = Duration::from_secs(86_400);

fn key(text: &str) -> OfferKey {
    text.parse().expect("a key")
}

/// Time passes, and logs are cosigned as they always are.
async fn pass(stage: &Stage, time: Duration) {
    stage.federation.clock.pass(time);
    stage.federation.tend_logs().await;
}

/// Contact details of a person whom a result showed.
fn contact(stage: &Stage, key: &OfferKey, fields: &[Field]) -> NewRequest {
    NewRequest {
        partner: Some(stage.node(0).home().partner.clone()),
        key: key.clone(),
        recipient: None,
        purpose: Purpose::BeContacted,
        fields: FieldSet::of(fields),
        assisted_by: None,
        about: None,
        seen_as: String::new(),
    }
}

async fn ask(stage: &Stage, from: usize, wanted: &NewRequest) -> RequestStanding {
    stage.node(from).make_request(wanted, "ats").await.expect("asked")
}

async fn again(stage: &Stage, from: usize, made: &RequestStanding) -> RequestStanding {
    stage.node(from).request_standing(made.id, "ats").await.expect("looked")
}

async fn asked(stage: &Stage, worker: WorkerId) -> Vec<RequestSight> {
    stage.node(0).requests_of(worker).await.expect("read")
}

/// All that whoever asked sees, but for what it said itself.
fn seen(standing: &RequestStanding) -> String {
    let text = serde_json::to_string(standing).expect("JSON");
    text.replace(&standing.id.to_string(), "id").replace(standing.key.as_str(), "key").replace(&standing.at.to_string(), "at")
}

#[tokio::test]
async fn whoever_found_somebody_may_ask_for_more_and_the_worker_gives_as_much_as_they_like() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let handle = stage.seek(1).await.hits[0].key.clone();
    let made = ask(&stage, 1, &contact(&stage, &handle, &[Field::ContactName, Field::ContactTelephone])).await;
    assert_eq!((made.state, made.in_force), (StandingState::NotGiven, FieldSet::NONE));
    let requests = asked(&stage, stage.worker).await;
    let partner = &stage.node(1).home().partner;
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!((&request.asker, &request.recipient, request.purpose), (partner, partner, Purpose::BeContacted));
    assert_eq!((request.state, request.fields), (Some(State::Requested), made.fields));
    assert!(!request.asker_name.is_empty());
    assert_eq!(stage.node(0).consents_of(stage.worker, None, 9).await.expect("read").len(), 1, "nothing is given by itself");
    assert_eq!(again(&stage, 1, &made).await, made);

    let less = Decision { purpose: Purpose::BeContacted, ..decision(&[partner], &[Field::ContactTelephone]) };
    let consent = give(stage.node(0), stage.worker, &less).await.expect("given").remove(0);
    assert_eq!(asked(&stage, stage.worker).await[0].state, Some(State::Given), "it is answered");
    let given = again(&stage, 1, &made).await;
    assert_eq!((given.state, given.in_force), (StandingState::Given, FieldSet::of(&[Field::ContactTelephone])));
    assert!(matches!(stage.node(1).request_standing(made.id, "course-system").await, Err(RequestRefused::Unknown)), "another system's");
    // What is in force is not asked for; and when it ends it is as if it had never been.
    ask(&stage, 1, &contact(&stage, &handle, &[Field::ContactTelephone])).await;
    assert_eq!(asked(&stage, stage.worker).await.len(), 1);
    stage.withdraw(&consent).await;
    assert_eq!(again(&stage, 1, &made).await, made);
}

#[tokio::test]
async fn refused_put_off_lapsed_withdrawn_and_never_asked_are_the_same_to_whoever_asked() {
    let stage = Stage::set().await;
    let (node, partner) = (stage.node(0), &stage.node(1).home().partner);
    let names = ["lapsed", "refused", "deferred", "withdrawn", "erased", "open", "never"];
    let mut workers = Vec::new();
    for name in names {
        workers.push(put(node, name, &profile(&format!("Monteur {name}"))).await);
    }
    let find = async || {
        let mut handles = Vec::new();
        for worker in &workers {
            give(node, *worker, &decision(&[partner], &MATCHED)).await.expect("given");
        }
        let found = stage.seek(1).await;
        for name in names {
            let hit = found.hits.iter().find(|hit| hit.document.get().contains(&format!("Monteur {name}\""))).expect("found");
            handles.push(hit.key.clone());
        }
        handles
    };
    let handles = find().await;
    let fields = [Field::ContactTelephone];
    let mut made = vec![ask(&stage, 1, &contact(&stage, &handles[0], &fields)).await];
    pass(&stage, DAY * 30).await;
    let handles = find().await;
    for handle in &handles[1..6] {
        made.push(ask(&stage, 1, &contact(&stage, handle, &fields)).await);
    }
    let made_up = Handle::from_random([7; 16]).to_string();
    made.push(ask(&stage, 1, &contact(&stage, &key(&made_up), &fields)).await);
    let before: Vec<String> = made.iter().map(seen).collect();
    assert!(before.iter().all(|one| *one == before[0]), "{before:?}");
    let request = async |at: usize| asked(&stage, workers[at]).await[0].id;
    assert_eq!(asked(&stage, workers[0]).await[0].state, Some(State::Lapsed));
    for (at, refuses) in [(1, true), (2, false)] {
        node.answer_request(workers[at], request(at).await, refuses).await.expect("written").expect("it was open");
    }
    let wants = Decision { purpose: Purpose::BeContacted, ..decision(&[partner], &fields) };
    let consent = give(node, workers[3], &wants).await.expect("given").remove(0);
    let given = again(&stage, 1, &made[3]).await;
    assert_eq!(given.state, StandingState::Given);
    node.withdraw(workers[3], consent.id).await.expect("withdrawn");
    node.erase(workers[4]).await.expect("erased");
    assert!(asked(&stage, workers[6]).await.is_empty());
    let states: Vec<_> = [asked(&stage, workers[1]).await, asked(&stage, workers[2]).await].iter().map(|all| all[0].state).collect();
    assert_eq!(states, [Some(State::Refused), Some(State::Deferred)]);
    // The one who was never asked is looked at by a request that was dropped: one that comes too soon for another worker looks the same.
    let mut after = Vec::new();
    for one in &made {
        after.push(seen(&again(&stage, 1, one).await));
    }
    after.push(seen(&ask(&stage, 1, &contact(&stage, &handles[1], &fields)).await));
    assert!(after.iter().all(|one| *one == before[0]), "{after:?}");
    assert_ne!(seen(&given), before[0]);
}

#[tokio::test]
async fn nobody_is_asked_again_and_again() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let handle = stage.seek(1).await.hits[0].key.clone();
    let ask = async |purpose: Purpose, fields: &[Field]| {
        let wanted = NewRequest { purpose, ..contact(&stage, &handle, fields) };
        ask(&stage, 1, &wanted).await;
        asked(&stage, stage.worker).await.len()
    };
    let (name, email) = ([Field::ContactName], [Field::ContactEmail]);
    assert_eq!(ask(Purpose::BeContacted, &name).await, 1);
    assert_eq!(ask(Purpose::BeContacted, &email).await, 1, "one at a time for a purpose");
    let id = asked(&stage, stage.worker).await[0].id;
    let node = stage.node(0);
    pass(&stage, DAY).await;
    node.answer_request(stage.worker, id, false).await.expect("written").expect("it was open");
    let twice = node.answer_request(stage.worker, id, false).await.expect("read");
    assert_eq!(twice.err(), Some(NotAnswered::NotOpen), "it is put off already");
    pass(&stage, DAY * 29 + Duration::from_secs(86_399)).await;
    assert_eq!(ask(Purpose::BeContacted, &name).await, 1, "put off for 30 days");
    pass(&stage, Duration::from_secs(1)).await;
    assert_eq!(ask(Purpose::BeContacted, &name).await, 2);
    // Three in 30 days by one partner, whatever for.
    assert_eq!(ask(Purpose::Application, &name).await, 3);
    let more = [Field::Title, Field::Skills, Field::Hours];
    assert_eq!(ask(Purpose::TrainingAdvice, &MATCHED).await, 4);
    assert_eq!(ask(Purpose::MatchVacancy, &more).await, 4);
    pass(&stage, DAY * 30).await;
    assert_eq!(ask(Purpose::MatchVacancy, &more).await, 5);
    // Refused: not for 30 days.
    let id = asked(&stage, stage.worker).await[0].id;
    node.answer_request(stage.worker, id, true).await.expect("written").expect("it was open");
    assert_eq!(ask(Purpose::MatchVacancy, &more).await, 5);
    let nobodys = node.answer_request(stage.worker, RequestId::from_random([1; 16]), true).await.expect("read");
    assert_eq!(nobodys.err(), Some(NotAnswered::Unknown));
}

#[tokio::test]
async fn what_cannot_be_given_cannot_be_asked_for() {
    let stage = Stage::set().await;
    let handle = key(&Handle::from_random([7; 16]).to_string());
    let right = contact(&stage, &handle, &[Field::ContactName]);
    let own = NewRequest { partner: None, key: key("P-1"), ..right.clone() };
    let other = Some(stage.node(2).home().partner.clone());
    for (wrong, pointer) in [
        (NewRequest { fields: FieldSet::of(&[Field::Skills]), ..right.clone() }, "/fields"),
        (NewRequest { fields: FieldSet::NONE, ..right.clone() }, "/fields"),
        (NewRequest { purpose: Purpose::FindWork, ..right.clone() }, "/purpose"),
        (NewRequest { partner: Some("kvk:99999999".parse().expect("a partner")), ..right.clone() }, "/partner"),
        (NewRequest { key: key("P-1"), ..right.clone() }, "/key"),
        (NewRequest { recipient: other.clone(), ..right.clone() }, "/recipient"),
        (NewRequest { assisted_by: Some(key("m-17")), ..right.clone() }, "/assistedBy"),
        (NewRequest { recipient: Some("kvk:99999999".parse().expect("a partner")), ..own.clone() }, "/recipient"),
        (NewRequest { key: key("P-9"), ..own.clone() }, "/key"),
    ] {
        let from = usize::from(wrong.partner.is_some());
        match stage.node(from).make_request(&wrong, "ats").await {
            Err(RequestRefused::Invalid(findings)) => assert_eq!(findings[0].pointer, pointer, "{findings:?}"),
            outcome => panic!("{pointer}: {outcome:?}"),
        }
    }
    assert!(asked(&stage, stage.worker).await.is_empty());
}

#[tokio::test]
async fn a_worker_is_told_what_for_and_a_node_of_before_is_asked_without() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let handle = stage.seek(1).await.hits[0].key.clone();
    let about = Some(About { kind: Kind::Vacancy, key: key("V-1") });
    let wanted = NewRequest { about: about.clone(), ..contact(&stage, &handle, &[Field::ContactName]) };
    let made = ask(&stage, 1, &wanted).await;
    let said = made.about.clone().expect("it says what for");
    assert_eq!((said.title.as_str(), said.by.as_deref()), ("Monteur", Some("Proef BV")));
    assert_eq!(asked(&stage, stage.worker).await[0].about, made.about);
    assert_eq!(again(&stage, 1, &made).await, made);
    for (kind, named, at) in
        [(Kind::Vacancy, "V-9", "/about/key"), (Kind::SkillOffer, "P-1", "/about/kind"), (Kind::Training, "V-1", "/about/key")]
    {
        let wrong = NewRequest { about: Some(About { kind, key: key(named) }), ..wanted.clone() };
        let refused = stage.node(1).make_request(&wrong, "ats").await;
        assert!(matches!(&refused, Err(RequestRefused::Invalid(findings)) if findings[0].pointer == at), "{refused:?}");
    }
    // Nor does the worker's node take it from a node that says it all the same.
    let (node, asker) = (stage.node(0), stage.node(1).home().partner.clone());
    let member = node.register().member(&asker).cloned().expect("a member");
    let sent = ConsentRequest {
        id: made.id,
        asker,
        handle: handle.as_str().parse().expect("a handle"),
        purpose: made.purpose,
        fields: made.fields,
        about: Some(AskedFor { kind: Kind::SkillOffer, ..said }),
        as_of: node.now(),
        asks: true,
    };
    let refused = node.answer_consent_request(&member, &sent).await;
    assert!(matches!(&refused, Err(AnswerRefused::Invalid(findings)) if findings[0].pointer == "/about/kind"), "{refused:?}");

    let other = put(stage.node(0), "P-2", &profile("Lasser")).await;
    give(stage.node(0), other, &decision(&[&stage.node(1).home().partner], &MATCHED)).await.expect("given");
    let found = stage.seek(1).await;
    let handle = found.hits.iter().find(|hit| hit.document.get().contains("Lasser")).expect("found").key.clone();
    stage.federation.are_of_before();
    let made = ask(&stage, 1, &NewRequest { about, ..contact(&stage, &handle, &[Field::ContactName]) }).await;
    assert_eq!(made.about, None, "nobody here believes that the worker was told for which vacancy");
    assert_eq!(again(&stage, 1, &made).await, made);
    let seen = asked(&stage, other).await;
    assert_eq!((seen.len(), &seen[0].about), (1, &None), "the worker is asked all the same");
}

#[tokio::test]
async fn staff_help_and_do_not_give() {
    let stage = Stage::set().await;
    let (node, employer) = (stage.node(0), stage.node(1).home().partner.clone());
    let prepared = NewRequest {
        partner: None,
        key: key("P-1"),
        recipient: Some(employer.clone()),
        purpose: Purpose::MatchVacancy,
        fields: FieldSet::of(&MATCHED),
        assisted_by: Some(key("m-17")),
        about: None,
        seen_as: String::new(),
    };
    let made = node.make_request(&prepared, "dossier").await.expect("asked");
    assert_eq!(made.state, StandingState::Asked);
    assert!(stage.seek(1).await.hits.is_empty(), "nothing is given by asking");
    let request = asked(&stage, stage.worker).await.remove(0);
    assert_eq!((request.assisted_by.as_deref(), &request.asker, &request.recipient), (Some("m-17"), &node.home().partner, &employer));
    let answers = decision(&[&employer], &MATCHED);
    let other = decision(&[&stage.node(2).home().partner], &MATCHED);
    assert!(matches!(node.assistance(stage.worker, request.id, &other).await, Err(DecideRefused::Invalid(_))));
    let nobodys = node.assistance(WorkerId::from_random([3; 16]), request.id, &answers).await;
    assert!(matches!(nobodys, Err(DecideRefused::UnknownRequest)), "another worker's is like one that never was");
    let helper = node.assistance(stage.worker, request.id, &answers).await.expect("open");
    let notice = hex::encode(Sha256::digest(node.notice_for(&Decision { language: Language::Nl, ..answers.clone() }).expect("a text")));
    let authentication = Authentication { issuer: "proef".to_owned(), level: String::new(), at: morning() };
    let given = node.give(stage.worker, &answers, &notice, authentication, helper).await.expect("given").remove(0).kept.consent;
    assert_eq!(given.assisted_by.as_deref(), Some("m-17"));
    assert_eq!(stage.seek(1).await.hits.len(), 1);
    assert_eq!(
        node.request_standing(made.id, "dossier").await.expect("looked"),
        made,
        "what a worker decides towards others is not for staff to see"
    );
    assert!(matches!(node.assistance(stage.worker, request.id, &answers).await, Err(DecideRefused::NotOpen)));
    // It is in what the worker sees of everything, and goes with everything else.
    let access = serde_json::to_value(node.access(stage.worker).await.expect("put together")).expect("JSON");
    assert_eq!(access["home"]["requests"][0]["assistedBy"], json!("m-17"));
    let gone = node.erase(stage.worker).await.expect("erased");
    assert!(gone.receipt.is_some());
    assert!(matches!(node.request_standing(made.id, "dossier").await, Err(RequestRefused::Unknown)));
    assert!(asked(&stage, stage.worker).await.is_empty());
}
