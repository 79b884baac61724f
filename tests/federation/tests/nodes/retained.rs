//! What a recipient keeps because a law demands it (GDPR art. 17(3)): its system says so when it acknowledges, the worker sees it, and it ends.

use std::time::Duration;

use polder_consent::receipt::CopiesThen;
use polder_consent::{Epoch, Field, FieldSet, Retained, RetainedBasis};
use polder_exchange::people::Copies;
use polder_federation_tests::http::Client;
use polder_federation_tests::people::MATCHED;
use polder_federation_tests::register::message_key;
use polder_model::Timestamp;
use polder_store::people::{Keeps, NotKept};
use polder_trust::evidence::{EvidenceKind, sign};
use serde_json::{Value, json};

use super::people::Stage;
use super::workers::{call, decision, give, id, read, seek, stage, until};

const YEAR: Duration = Duration::from_secs(365 * 86_400);

fn keeps(number: u64, fields: &[Field], until: Timestamp) -> Keeps {
    let statute = "Archiefwet 1995, art. 3".parse().expect("a statute");
    Keeps { number, retained: Retained { fields: FieldSet::of(fields), basis: RetainedBasis::LegalObligation, statute, until } }
}

/// What the worker sees of what is to be erased.
async fn copies(stage: &Stage) -> Vec<Copies> {
    stage.node(0).copies_of(stage.worker).await.expect("read")
}

async fn states(stage: &Stage) -> Vec<String> {
    copies(stage).await.into_iter().map(|copies| copies.state).collect()
}

/// What the recipient's system is to erase.
async fn listed(stage: &Stage) -> Vec<(u64, Epoch)> {
    let listed = stage.node(1).erasures("operator", 0, 9).await.expect("read");
    listed.into_iter().map(|erasure| (erasure.number, erasure.epoch)).collect()
}

async fn erased(stage: &Stage, up_to: u64, kept: Vec<Keeps>) -> Result<usize, Vec<(usize, NotKept)>> {
    stage.node(1).erased("operator", up_to, kept).await.expect("noted")
}

/// A recipient that keeps the title of what it was told to erase, for a year.
async fn kept() -> (Stage, Timestamp) {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.withdraw(&consent).await;
    stage.node(0).deliver_once().await.expect("delivered");
    let number = listed(&stage).await[0].0;
    let until = stage.node(1).now().plus_seconds(i64::try_from(YEAR.as_secs()).expect("a year"));
    assert_eq!(erased(&stage, number, vec![keeps(number, &[Field::Title], until)]).await, Ok(1));
    // Said once more, word for word: it was noted.
    assert_eq!(erased(&stage, number, vec![keeps(number, &[Field::Title], until)]).await, Ok(0));
    assert_eq!(erased(&stage, number, vec![keeps(number, &[Field::Skills], until)]).await, Err(vec![(0, NotKept::Unknown)]));
    (stage, until)
}

async fn restart(stage: &mut Stage) {
    for at in [0, 1] {
        stage.federation.stop(at).await;
        stage.federation.start(at).await;
    }
}

#[tokio::test]
async fn what_is_kept_by_law_is_neither_erased_nor_outstanding_until_its_time_is_over() {
    let (mut stage, until) = kept().await;
    restart(&mut stage).await;
    let seen = copies(&stage).await.remove(0);
    let told = (seen.state.as_str(), seen.retained[0].fields, seen.retained[0].until, seen.retained[0].statute.as_str());
    assert_eq!(told, ("retained", FieldSet::of(&[Field::Title]), until, "Archiefwet 1995, art. 3"));
    let row = stage.node(0).disclosures_of(stage.worker, None, 9).await.expect("read").remove(0);
    assert_eq!((row.erased, row.retained), (true, FieldSet::of(&[Field::Title])));
    let kept = stage.node(0).store().consents_of(stage.worker).await.expect("read");
    let receipt = stage.node(0).receipts(&kept).await.expect("receipted").remove(0).1;
    assert_eq!(receipt.consents[0].copies, CopiesThen::Retained);
    assert_eq!((listed(&stage).await, stage.node(0).outstanding().await.expect("read")), (vec![], vec![]));

    // A year is no longer than the recipient remembers; nothing of it is swept before.
    stage.federation.clock.pass(YEAR - Duration::from_secs(1));
    for at in [0, 1] {
        stage.node(at).sweep_people().await.expect("swept");
    }
    assert_eq!((states(&stage).await, listed(&stage).await), (vec!["retained".to_owned()], vec![]));
    // Then it is to be erased as well: the system is told again, and the partner owes it again, since then alone.
    stage.federation.clock.pass(Duration::from_secs(1));
    // Also where the source comes first, and the recipient has not looked yet whose time is over.
    stage.node(0).sweep_people().await.expect("swept");
    assert_eq!(stage.node(0).deliver_once().await.expect("delivered"), 0, "its system has not even been told");
    stage.node(1).sweep_people().await.expect("swept");
    let seen = copies(&stage).await.remove(0);
    assert_eq!((seen.state.as_str(), seen.since, seen.retained), ("outstanding", until, vec![]));
    assert_eq!(stage.node(0).outstanding().await.expect("read")[0].since, until);
    assert_eq!(stage.node(0).deliver_once().await.expect("delivered"), 0, "the system has not erased it yet");
    let again = listed(&stage).await;
    assert!(again.len() == 1 && again[0].0 > 1, "under a number that nobody has acknowledged: {again:?}");
    // It may keep no more than it had left.
    let more = keeps(again[0].0, &[Field::Skills], until.plus_seconds(60));
    assert_eq!(erased(&stage, again[0].0, vec![more]).await, Err(vec![(0, NotKept::Fields(FieldSet::of(&[Field::Title])))]));
    assert_eq!(erased(&stage, again[0].0, Vec::new()).await, Ok(1));
    assert_eq!(states(&stage).await, ["erased"]);
}

/// A partner that says it too early, by its own clock, is asked again.
#[tokio::test]
async fn what_is_kept_is_said_again_to_a_source_that_lost_it_and_of_every_later_end() {
    let (mut stage, _) = kept().await;
    let backup = stage.federation.back_up(0).await;
    let again = stage.give(1, &MATCHED).await;
    assert_eq!(again.epoch, Epoch(2));
    stage.seek(1).await;
    stage.withdraw(&again).await;
    stage.node(0).deliver_once().await.expect("delivered");
    let number = listed(&stage).await[0].0;
    assert_eq!(erased(&stage, number, Vec::new()).await, Ok(1));
    // Copies of this epoch and before: of those before it keeps the title still.
    assert_eq!(states(&stage).await, ["retained", "retained"]);
    // The source loses what it was told, and is told again.
    stage.federation.restore(0, &backup).await;
    stage.federation.clock.pass(Duration::from_secs(120));
    stage.node(0).reopen_once().await.expect("asked");
    stage.node(0).deliver_once().await.expect("delivered");
    assert_eq!(states(&stage).await, ["retained", "retained"]);
    // Whoever erases the worker erases it.
    stage.node(0).erase(stage.worker).await.expect("erased");
    assert_eq!(copies(&stage).await, []);
}

#[tokio::test]
async fn nothing_is_kept_that_was_never_given() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.withdraw(&consent).await;
    stage.node(0).deliver_once().await.expect("delivered");
    let (number, until) = (listed(&stage).await[0].0, stage.node(1).now().plus_seconds(60));
    let refused = vec![(0, NotKept::Fields(FieldSet::of(&MATCHED))), (1, NotKept::Unknown)];
    let said = vec![keeps(number, &[Field::Title, Field::Hours], until), keeps(number + 1, &[Field::Title], until)];
    assert_eq!(erased(&stage, number, said).await, Err(refused));
    let many = (0..11).map(|second| keeps(number, &[Field::Title], until.plus_seconds(second))).collect();
    assert_eq!(erased(&stage, number, many).await, Err(vec![(10, NotKept::TooMany)]));
    assert_eq!(listed(&stage).await.len(), 1, "nothing of it was noted");
    // Another system's erasure is none of this one's.
    let others = stage.node(1).erased("ats", number, vec![keeps(number, &[Field::Title], until)]).await.expect("noted");
    assert_eq!(others, Err(vec![(0, NotKept::Unknown)]));
}

/// Whatever a partner signs.
#[tokio::test]
async fn an_acknowledgement_that_keeps_more_than_may_be_counts_for_nothing() {
    let stage = Stage::set().await;
    let consent = stage.give(1, &MATCHED).await;
    stage.seek(1).await;
    stage.withdraw(&consent).await;
    let (source, partner) = (stage.node(0), stage.node(1).home().partner.clone());
    let owed = source.store().owed_to(&partner, 0, 9).await.expect("read").remove(0);
    let member = source.register().member(&partner).cloned().expect("a member");
    let now = source.now();
    let take = async |kept: Value| {
        let said = json!({"tombstone": owed.id, "iss": partner, "aud": source.home().partner, "erasedAt": now, "copies": 1, "retained": kept,
                          "backupsGoneBy": now});
        let signed = sign(&message_key(partner.as_str()), EvidenceKind::Acknowledgement, &said).expect("signed");
        source.take_acknowledgements(&member, &[signed]).await.expect("read")
    };
    let one = |fields: Value, seconds: i64| json!({"fields": fields, "basis": "legal-obligation", "statute": "Archiefwet 1995, art. 3", "until": now.plus_seconds(seconds)});
    let with = |member: &str, value: Value| {
        let mut kept = one(json!(["/title"]), 60);
        kept[member] = value;
        kept
    };
    for kept in [
        json!([one(json!(["/title"]), 0)]),
        json!([one(json!(["/title"]), 7_305 * 86_400 + 1)]),
        json!([one(json!([]), 60)]),
        json!([one(json!(["/hours"]), 60)]),
        json!([one(json!(["/contact/name"]), 60)]),
        json!([with("basis", json!("consent"))]),
        json!([with("statute", json!("Anna Voorbeeld"))]),
        json!(vec![one(json!(["/title"]), 60); 501]),
    ] {
        assert_eq!((take(kept.clone()).await, states(&stage).await), (0, vec!["outstanding".to_owned()]), "{kept}");
    }
    assert_eq!((take(json!([one(json!(["/title"]), 60)])).await, states(&stage).await), (1, vec!["retained".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_says_by_which_law_it_keeps_a_part_and_the_worker_sees_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = stage(directory.path(), 2, &["P-1"]).await;
    let (worker, system) = (Client::of_worker(&nodes[0], "P-1").await, Client::of(&nodes[1]));
    let given = give(&worker, &decision(&[&nodes[1]])).await;
    seek(&nodes[1]).await;
    call(&worker, "DELETE", &format!("/v1/me/consents/{}", id(&given[0])), None).await;
    let erasure = until("the system is told", async || read(&system, "/v1/erasures").await["items"].get(0).cloned()).await;
    let right = json!({"number": erasure["number"], "fields": ["/title"], "basis": "public-task", "statute": "Archiefwet 1995, art. 3",
                       "until": "2040-01-01T00:00:00Z"});
    let said = |kept: Vec<Value>| json!({"upTo": erasure["number"], "retained": kept});
    let with = |member: &str, value: Value| {
        let mut kept = right.clone();
        kept[member] = value;
        kept
    };
    let path = "/v1/erasures/acknowledged";
    for (member, value, code) in [
        ("number", json!(erasure["number"].as_u64().expect("a number") + 1), "out-of-bounds"),
        ("fields", json!([]), "out-of-bounds"),
        ("fields", json!(["/title", "/hours"]), "out-of-bounds"),
        ("fields/1", json!(["/title", "/*"]), "unknown-code"),
        ("basis", json!("consent"), "unknown-code"),
        ("basis", json!("legitimate-interest"), "unknown-code"),
        ("statute", json!("Anna Voorbeeld"), "out-of-bounds"),
        ("statute", json!("Archiefwet art. 1112 22 333"), "not-allowed"),
        ("statute", json!(format!("Archiefwet {}, art. 3", "x".repeat(200))), "out-of-bounds"),
        ("until", json!("2020-01-01T00:00:00Z"), "out-of-bounds"),
        ("until", json!("2099-01-01T00:00:00Z"), "out-of-bounds"),
        ("until", json!("ooit"), "out-of-bounds"),
    ] {
        let wrong = with(member.split('/').next().expect("a member"), value.clone());
        let (status, problem) = call(&system, "POST", path, Some(&said(vec![wrong]))).await;
        let found = &problem["findings"][0];
        let expected = (400, json!(format!("/retained/0/{member}")), json!(code));
        assert_eq!((status, found["pointer"].clone(), found["code"].clone()), expected, "{value}: {problem}");
        assert!(!problem.to_string().contains("Anna") && !problem.to_string().contains("1112 22"), "{problem}");
    }
    let (status, problem) = call(&system, "POST", path, Some(&said(vec![right.clone(); 101]))).await;
    assert_eq!((status, &problem["findings"][0]["pointer"]), (400, &json!("/retained")), "{problem}");
    assert_eq!(read(&system, "/v1/erasures").await["items"].as_array().map(Vec::len), Some(1), "nothing was noted");

    let (status, settled) = call(&system, "POST", path, Some(&said(vec![right.clone()]))).await;
    assert_eq!((status, &settled), (200, &json!({"settled": 1})), "{settled}");
    let seen = until("the worker sees it", async || {
        let seen = read(&worker, "/v1/me/erasures").await["items"][0].clone();
        (seen["state"] != "outstanding").then_some(seen)
    })
    .await;
    let kept =
        json!([{"fields": ["/title"], "basis": "public-task", "statute": "Archiefwet 1995, art. 3", "until": "2040-01-01T00:00:00Z"}]);
    assert_eq!((&seen["state"], &seen["retained"]), (&json!("retained"), &kept), "{seen}");
    assert_eq!(read(&worker, "/v1/me/disclosures").await["items"][0]["retained"], json!(["/title"]));
    assert_eq!(read(&Client::of(&nodes[0]), "/v1/outstanding").await, json!({"items": []}));
    // In the overview of everything, as this node knows it, and as the partner says itself.
    let (_, access) = call(&worker, "POST", "/v1/me/access", None).await;
    let (here, there) = (&access["home"]["erasures"][0], &access["partners"][0]);
    assert_eq!(
        (&here["state"], &here["retained"], &there["copies"], &there["differences"]),
        (&json!("retained"), &kept, &json!([]), &json!([]))
    );
    let mut theirs = kept[0].clone();
    (theirs["purpose"], theirs["epoch"], theirs["system"]) = (json!("match-vacancy"), json!(1), json!("operator"));
    assert_eq!(there["retained"], json!([theirs]), "{there}");
    // What the worker takes along says it too.
    let (_, export) = call(&worker, "GET", "/v1/me/export", None).await;
    assert_eq!(export["content"]["erasures"][0]["retained"], kept);
    // The worker's own node forgets it with the worker.
    assert_eq!(call(&worker, "DELETE", "/v1/me", None).await.0, 200);
}
