//! The processing log: a record for each person and action, of one chain over all nodes, sent until the collector has it; and nothing personal leaves without.

use std::time::Duration;

use polder_consent::processing::{Action, Status, Subject};
use polder_consent::{Budget, Field, FieldSet, Handle, WorkerId};
use polder_exchange::Node;
use polder_exchange::people::NewRequest;
use polder_federation_tests::collector::{Came, Collector, Does};
use polder_federation_tests::http::{Client, region_of, start_all, vacancy};
use polder_federation_tests::people::{MATCHED, erase_all, profile};
use polder_model::{OfferKey, Purpose, Timestamp};
use polder_store::processing::ProcessingRecord;
use serde_json::json;
use sqlx::Connection;

use crate::people::Stage;
use crate::workers::{about_people, call, decision, give, id, seek, until};

const DAY: Duration = Duration::from_secs(86_400);

/// Every record of a node.
async fn records(node: &Node) -> Vec<ProcessingRecord> {
    let ever = (Timestamp::from_micros(0), Timestamp::from_micros(i64::MAX));
    node.store().reader().processing(0, ever, 10_000).await.expect("read")
}

/// The records of one action.
async fn of(node: &Node, action: Action) -> Vec<ProcessingRecord> {
    records(node).await.into_iter().filter(|record| record.action == action).collect()
}

/// Each record of a node points to an activity of its record of processing activities, which has such records.
async fn is_of_an_activity(node: &Node) {
    let activities = node.activities().items;
    for record in records(node).await {
        let activity = activities.iter().find(|one| one.activity == record.activity).unwrap_or_else(|| panic!("{record:?}"));
        assert!(activity.records.iter().any(|name| name == record.action.as_str()), "{record:?} is none of {activity:?}");
    }
}

/// Whom a record is about.
async fn about(node: &Node, record: &ProcessingRecord) -> Option<Subject> {
    let keys = node.store().reader().processing_keys().await.expect("keys");
    keys.open(record.sealed()?)
}

#[tokio::test]
async fn each_person_and_action_has_a_record() {
    let stage = Stage::set().await;
    let (home, asker) = (stage.node(0), stage.node(1));
    let worker = Some(Subject::Worker(stage.worker));
    let consent = stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await;
    stage.withdraw(&consent).await;
    home.deliver_once().await.expect("delivered");

    let matching = "urn:polder:activity:match-vacancy:1";
    for (action, activity) in [
        (Action::ProfilePublished, "urn:polder:activity:profile:1"),
        (Action::ConsentGiven, matching),
        (Action::ProfileMatched, matching),
        (Action::ConsentWithdrawn, matching),
    ] {
        let found = of(home, action).await;
        assert_eq!(found.len(), 1, "{action:?}: {found:?}");
        assert_eq!((found[0].activity.as_str(), found[0].status), (activity, Status::Ok));
        assert_eq!(about(home, &found[0]).await, worker, "{action:?}");
    }
    // The answer has a record of its own, and its people stand below it; the copy is of the same chain.
    let (answers, matched) = (of(home, Action::PeopleAnswered).await, of(home, Action::ProfileMatched).await);
    let answer = answers.iter().find(|answer| answer.span == matched[0].parent.expect("below something")).expect("the answer");
    assert_eq!((answer.trace, &answer.subject, &answer.processor), (matched[0].trace, &None, &Some(asker.home().partner.clone())));
    let received = of(asker, Action::CopyReceived).await;
    assert_eq!((received.len(), received[0].trace), (1, answer.trace));
    let handle: Handle = found.hits[0].key.as_str().parse().expect("a handle");
    let person = Some(Subject::Person { source: home.home().partner.clone(), handle });
    assert_eq!(about(asker, &received[0]).await, person);
    // Its systems are told, and erased it is once they have said so.
    assert!(of(asker, Action::CopyErased).await.is_empty());
    erase_all(asker, "operator").await;
    for action in [Action::ErasurePassedOn, Action::CopyErased] {
        let erased = of(asker, action).await;
        assert_eq!((erased.len(), &erased[0].processor), (1, &Some(home.home().partner.clone())), "{action:?}");
        assert_eq!(about(asker, &erased[0]).await, person);
    }
    is_of_an_activity(home).await;
    is_of_an_activity(asker).await;
    // One with another key opens nothing, and nothing says in the clear whom a record is about.
    assert_eq!(about(stage.node(2), &matched[0]).await, None);
    for record in records(home).await {
        assert!(!format!("{record:?}").contains(&stage.worker.to_string()), "{record:?}");
    }
}

/// Whoever asks a worker leaves a record, whoever is there, and so does a look at what is in force.
#[tokio::test]
async fn a_request_has_a_record_whoever_is_there() {
    let stage = Stage::set().await;
    let (home, asker) = (stage.node(0), stage.node(1));
    stage.give(1, &MATCHED).await;
    let found = stage.seek(1).await.hits[0].key.clone();
    let nobody = Handle::from_random([7; 16]).to_string().parse().expect("a key");
    let request = |key: &OfferKey| NewRequest {
        partner: Some(home.home().partner.clone()),
        key: key.clone(),
        recipient: None,
        purpose: Purpose::BeContacted,
        fields: FieldSet::of(&[Field::ContactName]),
        assisted_by: None,
        about: None,
        seen_as: String::new(),
    };
    let mut made = Vec::new();
    // The second is dropped: the worker was asked already.
    for key in [&found, &found, &nobody] {
        made.push(asker.make_request(&request(key), "ats").await.expect("asked").id);
    }
    let worker = Some(Subject::Worker(stage.worker));
    let asked = of(home, Action::ConsentAsked).await;
    let mut seen = Vec::new();
    for record in &asked {
        assert_eq!(
            (record.activity.as_str(), record.processor.as_ref()),
            ("urn:polder:activity:be-contacted:1", Some(&asker.home().partner))
        );
        seen.push((record.status, about(home, record).await));
    }
    assert_eq!(seen, [(Status::Ok, worker.clone()), (Status::Unset, worker.clone()), (Status::Unset, None)]);
    assert!(of(home, Action::StandingTold).await.is_empty(), "the reply to a request is part of it");
    for id in [made[0], made[2]] {
        asker.request_standing(id, "ats").await.expect("looked");
    }
    let mut seen = Vec::new();
    for record in of(home, Action::StandingTold).await {
        assert_eq!(record.processor.as_ref(), Some(&asker.home().partner));
        seen.push((record.status, about(home, &record).await));
    }
    assert_eq!(seen, [(Status::Ok, worker.clone()), (Status::Unset, None)]);
    // Of this partner's own systems too: nobody else asked for it.
    let own = NewRequest { partner: None, key: "P-1".parse().expect("a key"), purpose: Purpose::Application, ..request(&found) };
    let id = home.make_request(&own, "dossier").await.expect("asked").id;
    home.request_standing(id, "dossier").await.expect("looked");
    for action in [Action::ConsentAsked, Action::StandingTold] {
        let last = of(home, action).await.pop().expect("a record");
        assert_eq!(
            (last.activity.as_str(), &last.processor, about(home, &last).await),
            ("urn:polder:activity:application:1", &None, worker.clone())
        );
    }
    is_of_an_activity(home).await;
    // Where it cannot be written nobody is asked, and nothing is told.
    change(&stage, 0, "ALTER TABLE processing RENAME TO away").await;
    assert!(asker.request_standing(made[0], "ats").await.is_err());
    let before = home.requests_of(stage.worker).await.expect("read").len();
    let another = NewRequest { purpose: Purpose::TrainingAdvice, fields: FieldSet::of(&MATCHED), ..request(&found) };
    assert!(asker.make_request(&another, "ats").await.is_err());
    assert_eq!(home.requests_of(stage.worker).await.expect("read").len(), before);
}

#[tokio::test]
async fn what_is_refused_or_over_has_its_record_too() {
    let stage = Stage::set_within(Budget { workers: 1, narrow: 1 }).await;
    stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    let refused = polder_federation_tests::people::seek(stage.node(1)).await;
    assert!(!refused.complete, "the budget is spent");
    let statuses: Vec<Status> = of(stage.node(0), Action::PeopleAnswered).await.iter().map(|record| record.status).collect();
    assert_eq!(statuses, [Status::Ok, Status::Unset]);
    assert_eq!(of(stage.node(0), Action::ProfileMatched).await.len(), 1, "nobody was in the second answer");
    // What may be used no longer is erased, and so is a consent ended by its date.
    stage.federation.clock.pass(DAY);
    stage.node(1).sweep_people().await.expect("swept");
    assert_eq!(of(stage.node(1), Action::CopyErased).await.len(), 1);
    stage.federation.clock.pass(365 * DAY);
    stage.node(0).sweep_people().await.expect("swept");
    assert_eq!(of(stage.node(0), Action::ConsentEnded).await.len(), 1);
}

/// What the file of the database holds, changed past the program.
async fn change(stage: &Stage, node: usize, sql: &'static str) {
    let path = stage.federation.directory().join(format!("{node}.db"));
    let mut file = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.expect("opened");
    sqlx::query(sql).execute(&mut file).await.expect("changed");
    file.close().await.expect("closed");
}

#[tokio::test]
async fn nothing_leaves_where_its_record_cannot_be_written() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    change(&stage, 0, "ALTER TABLE processing RENAME TO away").await;
    let nothing = polder_federation_tests::people::seek(stage.node(1)).await;
    assert!(nothing.hits.is_empty() && !nothing.complete, "{:?}", nothing.missing);
    assert!(stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").is_empty(), "no row of the ledger either");
    change(&stage, 0, "ALTER TABLE away RENAME TO processing").await;
    assert_eq!(stage.seek(1).await.hits.len(), 1);
    // Whoever receives writes it down too, or gets nothing.
    change(&stage, 1, "ALTER TABLE processing RENAME TO away").await;
    assert!(stage.node(1).ask(&polder_federation_tests::people::request("V-1"), &polder_federation_tests::operator(), None).await.is_err());
}

#[tokio::test]
async fn records_and_keys_are_forgotten_in_time() {
    let stage = Stage::set().await;
    stage.give(1, &MATCHED).await;
    let (home, clock) = (stage.node(0), &stage.federation.clock);
    let first = records(home).await;
    clock.pass(89 * DAY);
    assert_eq!(home.prune_processing().await.expect("pruned").records, 0);
    polder_federation_tests::people::put(home, "P-2", &profile("Lasser zoekt werk")).await;
    clock.pass(2 * DAY);
    let pruned = home.prune_processing().await.expect("pruned");
    assert_eq!((pruned.records, pruned.unsent), (first.len() as u64, first.len() as u64));
    let left = records(home).await;
    assert!(!left.is_empty() && left.iter().all(|record| record.number > first[first.len() - 1].number), "{left:?}");
    // A record that went elsewhere opens as long as its key is there.
    assert_eq!(about(home, &first[0]).await, Some(Subject::Worker(stage.worker)));
    clock.pass(731 * DAY);
    home.prune_processing().await.expect("pruned");
    assert_eq!(about(home, &first[0]).await, None);
}

/// The records of that name that came from a node, as its collector has them.
fn came(collector: &Collector, name: &str) -> Vec<Came> {
    collector.spans().into_iter().filter(|came| came.name() == name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_go_to_the_collector_once_it_takes_them_and_nothing_of_anyone_is_in_the_clear() {
    let directory = tempfile::tempdir().expect("a directory");
    let collector = Collector::start(Does::Refuse).await;
    let mut partners = about_people(directory.path(), 2);
    for partner in &mut partners {
        partner.processing_log = collector.processing_log();
    }
    let mut nodes = start_all(&mut partners).await;
    let put = Client::of(&nodes[0]).put("/v1/skill-offers/sleutel-77", profile("Zeppelinbouwer zoekt werk").to_string()).await;
    assert_eq!(put.status(), 201);
    assert_eq!(Client::of(&nodes[1]).put("/v1/vacancies/V-1", vacancy("Monteur").to_string()).await.status(), 201);
    let worker = Client::of_worker(&nodes[0], "sleutel-77").await;
    let given = give(&worker, &decision(&[&nodes[1]])).await;
    let mut contact = decision(&[&nodes[1]]);
    (contact["purpose"], contact["fields"]) = (json!("be-contacted"), json!(["/contact/name"]));
    give(&worker, &contact).await;
    let hits = seek(&nodes[1]).await;
    let asked = json!({"partner": nodes[0].node.home().partner, "key": hits[0]["key"], "about": {"kind": "vacancy", "key": "V-1"}});
    let (status, reached) = call(&Client::of(&nodes[1]), "POST", "/v1/contacts", Some(&asked)).await;
    assert_eq!(status, 200, "{reached}");
    let (status, _) = call(&worker, "POST", "/v1/queries", Some(&json!({"kind": "vacancy", "text": "kwartelkundige"}))).await;
    assert_eq!(status, 200);
    let (status, _) = call(&worker, "DELETE", &format!("/v1/me/consents/{}", id(&given[0])), None).await;
    assert_eq!(status, 200);
    until("the erasure is passed on", async || (!of(&nodes[1].node, Action::ErasurePassedOn).await.is_empty()).then_some(())).await;

    // The collector was asked and took nothing: all of it waits, also over a start.
    until("it was asked", async || (collector.headers().len() > 1).then_some(())).await;
    assert!(collector.spans().is_empty());
    let before: Vec<ProcessingRecord> = records(&nodes[0].node).await;
    nodes.remove(0).stop().await;
    collector.takes_from_now_on();
    let register = region_of(&partners).register(polder_exchange::Clock::now(&polder_exchange::SystemClock));
    nodes.insert(0, partners[0].start(register).await);
    until("everything came", async || {
        let came = collector.spans();
        let has = |record: &ProcessingRecord| came.iter().any(|came| came.id() == record.span.to_string());
        before.iter().all(has).then_some(())
    })
    .await;
    let received = until("the copy came", async || Some(came(&collector, "copy received")).filter(|all| all.len() == 2)).await;
    for (name, count) in [
        ("profile published", 1),
        ("consent given", 2),
        ("question about people answered", 1),
        ("profile matched", 1),
        ("contact disclosed", 1),
        ("question asked for a worker", 1),
        ("consent withdrawn", 1),
    ] {
        assert_eq!(came(&collector, name).iter().filter(|came| came.node() == partners[0].id.as_str()).count(), count, "{name}");
    }
    // One chain over both nodes: the question of the one, the answer of the other, the people below it.
    let at_home = |name: &str| came(&collector, name).into_iter().find(|came| came.node() == partners[0].id.as_str()).expect(name);
    let (answer, matched) = (&at_home("question about people answered"), &at_home("profile matched"));
    assert_eq!((matched.trace(), matched.below()), (answer.trace(), answer.id()));
    let disclosed = &came(&collector, "contact disclosed")[0];
    let mut chains = [answer.trace(), disclosed.trace()];
    let mut copies = [received[0].trace(), received[1].trace()];
    chains.sort();
    copies.sort();
    assert_eq!(chains, copies);
    assert_eq!((answer.below().len(), answer.says("dpl.core.data_subject_id").as_str()), (16, ""));
    assert_eq!(answer.says("dpl.core.foreign_operation.processor"), format!("urn:polder:partner:{}", partners[1].id));
    assert_eq!(matched.says("dpl.core.processing_activity_id"), "urn:polder:activity:match-vacancy:1");
    assert_eq!(matched.says("dpl.core.data_subject_id_type"), "urn:polder:subject:worker:1");
    // Sealed: who it is, what they look for, what was asked.
    let name = nodes[0].node.store().worker_of(&"sleutel-77".parse().expect("a key"), nodes[0].node.now()).await;
    let name: WorkerId = name.expect("read").expect("there");
    let bytes = collector.bytes();
    for word in ["sleutel-77", "Zeppelin", "kwartelkundig", "Anna", &name.to_string(), hits[0]["key"].as_str().expect("a key")] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    // What was taken is not sent again: each record came once.
    let mut ids: Vec<String> = collector.spans().iter().map(Came::id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), collector.spans().len());
    for node in nodes {
        node.stop().await;
    }
}
