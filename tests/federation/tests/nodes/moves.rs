//! A worker takes everything along to another node: consents are asked anew there, and end at the old one when the worker says so.

use std::time::Duration;

use futures::future::try_join_all;
use polder_consent::export::{Export, LARGEST};
use polder_consent::{Field, FieldSet, State, WorkerId};
use polder_exchange::Node;
use polder_exchange::people::{Asked, Decision, MoveRefused, NewRequest};
use polder_federation_tests::http::{Client, start_all};
use polder_federation_tests::people::{MATCHED, decision, give, profile, put};
use polder_federation_tests::problems::refused;
use polder_federation_tests::register::message_key;
use polder_model::{OfferKey, PartnerId, Purpose};
use polder_trust::evidence::{EvidenceKind, sign};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::people::{Stage, shown};
use crate::workers::{about_people, call};

fn key(text: &str) -> OfferKey {
    text.parse().expect("a key")
}

/// What an export says; it follows its schema.
fn text(export: &Export) -> Value {
    let value = serde_json::from_str(export.content.get()).expect("JSON");
    follows("export", &value);
    value
}

/// Whether a value follows the schema of that name.
pub(crate) fn follows(name: &str, value: &Value) {
    let read = |name: &str| serde_json::from_str::<Value>(polder_schemas::schema(name).expect("a known name")).expect("JSON");
    let mut registry = jsonschema::Registry::new();
    for (known, _) in polder_schemas::SCHEMAS {
        registry = registry.add(format!("urn:polder:schema:{known}:1.0"), read(known)).expect("a schema can be registered");
    }
    let registry = registry.prepare().expect("every $ref resolves");
    let options = jsonschema::options().with_registry(&registry).with_pattern_options(jsonschema::PatternOptions::regex());
    let validator = options.build(&read(name)).expect("the schema compiles");
    let errors: Vec<String> = validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// The same export with something else in it, signed by a partner.
fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("JSON")
}

fn changed(export: &Export, by: &str, change: impl FnOnce(&mut Value)) -> Export {
    let mut value = text(export);
    change(&mut value);
    let text = value.to_string();
    let seal = json!({"iss": value["iss"], "iat": value["iat"], "sha256": hex::encode(Sha256::digest(&text))});
    Export::new(raw(&text), sign(&message_key(by), EvidenceKind::Export, &seal).expect("signed"))
}

#[tokio::test]
async fn a_worker_moves_and_nobody_sees_anything_before_they_give_it_anew() {
    let stage = Stage::set().await;
    let (old, new) = (stage.node(0), stage.node(2));
    let consent = stage.give(1, &[Field::Title, Field::Skills, Field::Hours]).await;
    let ended = stage.give(2, &MATCHED).await;
    stage.withdraw(&ended).await;
    stage.seek(1).await;
    let export = old.export_of(stage.worker).await.expect("exported");
    let written = text(&export);
    assert_eq!((&written["schema"], &written["iss"]), (&json!("urn:polder:schema:export:1.0"), &json!(old.home().partner)));
    assert_eq!((written["consents"].as_array().map(Vec::len), written["disclosures"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert_eq!(written["profile"]["document"], profile("Monteur zoekt werk"));

    let moved = new.take_in(key("W-7"), &export).await.expect("taken in");
    assert_eq!((&moved.from, moved.asked, moved.not_asked.len()), (&old.home().partner, 1, 0), "what had ended is not asked for");
    let worker = new.store().worker_of(&key("W-7"), new.now()).await.expect("read").expect("there is a profile");
    assert!(new.consents_of(worker, None, 9).await.expect("read").is_empty(), "nothing is given by itself");
    let found = stage.seek(1).await;
    let at_home: Vec<_> = found.hits.iter().map(|hit| &hit.partner).collect();
    assert_eq!(at_home, [&old.home().partner], "at the new node nobody is found, at the old one nothing has ended");
    assert!(new.disclosures_of(worker, None, 9).await.expect("read").is_empty());
    let request = new.requests_of(worker).await.expect("read").remove(0);
    assert_eq!((&request.asker, &request.recipient), (&new.home().partner, &stage.node(1).home().partner));
    assert_eq!((request.purpose, request.fields, request.state), (Purpose::MatchVacancy, consent.fields, Some(State::Requested)));
    let history = new.histories_of(worker).await.expect("read").remove(0);
    assert_eq!((&history.from, history.content.get()), (&old.home().partner, export.content.get()));
    assert!(matches!(new.take_in(key("W-8"), &export).await, Err(MoveRefused::Taken(_))), "once");
    assert!(new.store().offer(polder_model::Kind::SkillOffer, &key("W-8")).await.expect("read").is_none());

    // The worker answers at the new node, and leaves the old one.
    give(new, worker, &decision(&[&stage.node(1).home().partner], &MATCHED)).await.expect("given");
    assert_eq!(stage.seek(1).await.hits.len(), 2, "until the worker says so they are at both");
    old.erase(stage.worker).await.expect("erased");
    let found = stage.seek(1).await;
    assert_eq!(found.hits.iter().map(|hit| &hit.partner).collect::<Vec<_>>(), [&new.home().partner]);
    assert_eq!(shown(&found)[0]["title"], "Monteur zoekt werk");
    assert_eq!(old.outstanding().await.expect("read").len(), 1, "the copy of the old one is to be erased");
    // What was brought along goes along the next time, and is erased with everything else.
    assert_eq!(text(&new.export_of(worker).await.expect("exported"))["history"][0]["content"], written);
    new.erase(worker).await.expect("erased");
    assert!(new.histories_of(worker).await.expect("read").is_empty());
}

/// Notes questions that were asked for a worker, a second apart, each of so many partners.
async fn asked_for(node: &Node, worker: WorkerId, questions: u32, of: u32) {
    let partners: Vec<PartnerId> = (0..of).map(|number| format!("kvk:{:08}", 10_000_000 + number).parse().expect("a partner")).collect();
    for some in (0..questions).collect::<Vec<_>>().chunks(500) {
        let notes = some.iter().map(|number| {
            let asked = Asked {
                at: node.now().plus_seconds(-i64::from(*number)),
                query: format!("{number:08}"),
                purpose: Purpose::FindWork,
                partners: partners.clone(),
                fields: vec!["skills".to_owned()],
            };
            node.store().note_asked(worker, asked, polder_exchange::traces::chain())
        });
        try_join_all(notes).await.expect("noted");
    }
}

#[tokio::test]
async fn a_worker_with_thousands_of_rows_moves() {
    let stage = Stage::set().await;
    let (old, new) = (stage.node(0), stage.node(2));
    let recipients = [&stage.node(1).home().partner, &stage.node(2).home().partner];
    give(old, stage.worker, &decision(&recipients, &MATCHED)).await.expect("given");
    asked_for(old, stage.worker, 9_000, 40).await;
    let export = old.export_of(stage.worker).await.expect("exported");
    let written = text(&export);
    assert!(export.content.get().len() > 6 * 1024 * 1024, "{}", export.content.get().len());
    let count = |list: &str| written[list].as_array().map(Vec::len);
    assert_eq!((count("questions"), written.get("leftOut")), (Some(9_000), None), "all of it");
    assert_eq!((count("consents"), count("notices")), (Some(2), Some(1)), "one text for both, and once");
    let notice = written["notices"][0]["text"].as_str().expect("a text");
    assert_eq!(hex::encode(Sha256::digest(notice)), written["notices"][0]["sha256"]);
    assert_eq!(new.take_in(key("W-7"), &export).await.expect("taken in").asked, 2);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_named_and_the_worker_moves_all_the_same() {
    let stage = Stage::set().await;
    let (old, new) = (stage.node(0), stage.node(2));
    stage.give(1, &MATCHED).await;
    asked_for(old, stage.worker, 10_000, 80).await;
    let export = old.export_of(stage.worker).await.expect("exported");
    let written = text(&export);
    assert!(export.content.get().len() <= LARGEST && export.content.get().len() > LARGEST - 8 * 1024, "{}", export.content.get().len());
    let questions = written["questions"].as_array().expect("a list");
    assert_eq!((&written["leftOut"], &questions[0]["query"]), (&json!(["questions"]), &json!("00000000")), "the last one is in it");
    assert_eq!(written["consents"].as_array().map(Vec::len), Some(1));
    let all = old.asked_for(stage.worker, None, 20_000).await.expect("read");
    assert!(questions.len() < all.len() && all.len() == 10_000, "the others are on their pages: {}", questions.len());
    assert_eq!(new.take_in(key("W-7"), &export).await.expect("taken in").asked, 1);
    // What was brought along has no room in the next one, beside what is of that node.
    let worker = new.store().worker_of(&key("W-7"), new.now()).await.expect("read").expect("there is a profile");
    asked_for(new, worker, 100, 80).await;
    let next = text(&new.export_of(worker).await.expect("exported"));
    assert_eq!((&next["leftOut"], &next["history"]), (&json!(["history"]), &json!([])));
    assert_eq!(new.histories_of(worker).await.expect("read")[0].content.get(), export.content.get(), "it is all there still");
    // One that is longer than any node makes.
    let one = old.home().partner.as_str();
    let longer = changed(&export, one, |text| text["questions"].as_array_mut().expect("a list").push(json!(questions[0])));
    let longer = changed(&longer, one, |text| text["profile"]["document"]["description"] = json!("x".repeat(10_000)));
    assert!(matches!(new.take_in(key("W-8"), &longer).await, Err(MoveRefused::TooLarge)));
}

/// What comes in was written by others: with spaces and lines, its members in another order, and more of it escaped than has to be.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_longest_export_is_taken_in_however_it_is_written_and_what_no_node_makes_is_said_plainly() {
    let directory = tempfile::tempdir().expect("a directory");
    let nodes = start_all(&mut about_people(directory.path(), 2)).await;
    let put = Client::of(&nodes[0]).put("/v1/skill-offers/P-1", profile("Monteur zoekt werk").to_string()).await;
    assert_eq!(put.status(), 201);
    let (old, name) = (&nodes[0].node, key("P-1"));
    let worker = old.store().worker_of(&name, old.now()).await.expect("read").expect("there is a profile");
    asked_for(old, worker, 10_000, 80).await;
    let (status, export) = call(&Client::of_worker(&nodes[0], "P-1").await, "GET", "/v1/me/export", None).await;
    assert_eq!(status, 200);
    let (content, signature) = (&export["content"], &export["signature"]);
    let length = content.to_string().len();
    assert!(length > LARGEST - 8 * 1024 && length <= LARGEST, "{length}");
    let members = content.as_object().expect("an object").iter().rev();
    let members: Vec<String> = members.map(|(name, value)| format!("{}: {value:#}", json!(name))).collect();
    let written = format!("{{\n{}\n}}", members.join(",\n").replace("kvk", r"\u006bvk"));
    assert!(written.len() > LARGEST * 3 / 2, "{}", written.len());
    let take_in = async |body: String| {
        let request = Client::of(&nodes[1]).request("POST", "/v1/moves").header("content-type", "application/json");
        request.body(body).send().await.expect("a response")
    };
    let body = format!(r#"{{"key": "W-7", "export": {{"type": "polder-export/2", "content": {written}, "signature": {signature}}}}}"#);
    let taken = take_in(body).await;
    assert_eq!(taken.status(), 201, "{}", taken.text().await.expect("a body"));
    for length in [LARGEST + 1, 3 * LARGEST + 64 * 1024] {
        let longer =
            json!({"key": "W-8", "export": {"type": "polder-export/2", "content": {"a": " ".repeat(length)}, "signature": "e30.e30.AAAA"}});
        let refused = refused(take_in(longer.to_string()).await).await;
        assert_eq!(refused.is(), (413, "too-large"), "{}", refused.text);
    }
}

#[tokio::test]
async fn what_a_move_asks_anew_takes_nothing_from_what_partners_may_ask_and_gives_them_no_more() {
    let stage = Stage::set().await;
    let (old, new, other) = (stage.node(0), stage.node(2), stage.node(1));
    let give_contact = |fields: &[Field]| Decision { purpose: Purpose::BeContacted, ..decision(&[&other.home().partner], fields) };
    for to in [0, 1, 2] {
        stage.give(to, &MATCHED).await;
    }
    give(old, stage.worker, &give_contact(&[Field::ContactName])).await.expect("given");
    let export = old.export_of(stage.worker).await.expect("exported");
    assert_eq!(new.take_in(key("W-7"), &export).await.expect("taken in").asked, 4);
    let worker = new.store().worker_of(&key("W-7"), new.now()).await.expect("read").expect("there is a profile");
    let requests = async |worker| new.requests_of(worker).await.expect("read").len();
    assert_eq!(requests(worker).await, 4);
    // A system of the new node may ask as often as ever: three times in 30 days, and not for what stands open.
    let ask = async |key: &OfferKey, purpose, fields: &[Field], to: usize| {
        let recipient = Some(stage.node(to).home().partner.clone());
        let wanted = NewRequest {
            partner: None,
            key: key.clone(),
            recipient,
            purpose,
            fields: FieldSet::of(fields),
            assisted_by: None,
            about: None,
            seen_as: String::new(),
        };
        new.make_request(&wanted, "dossier").await.expect("asked");
    };
    ask(&key("W-7"), Purpose::MatchVacancy, &MATCHED, 1).await;
    assert_eq!(requests(worker).await, 4, "it stands open");
    for (number, to) in [0, 1, 2, 0].into_iter().enumerate() {
        let purpose = if number < 3 { Purpose::TrainingAdvice } else { Purpose::Application };
        ask(&key("W-7"), purpose, &[Field::Title, Field::Skills][usize::from(number == 3)..], to).await;
        assert_eq!(requests(worker).await, (5 + number).min(7), "request {number}");
    }

    // Whoever was asked before is asked as by any system, whatever export of theirs is brought.
    put(new, "W-9", &profile("Monteur zoekt werk")).await;
    for to in [0, 1, 2] {
        ask(&key("W-9"), Purpose::TrainingAdvice, &MATCHED, to).await;
    }
    let again = old.export_of(stage.worker).await.expect("exported");
    let moved = new.take_in(key("W-9"), &again).await.expect("taken in");
    assert_eq!((moved.asked, moved.not_asked.len()), (0, 4), "three were asked");
    // And once: the same again is not asked for again.
    let twice = old.export_of(stage.worker).await.expect("exported");
    let moved = new.take_in(key("W-7"), &twice).await.expect("taken in");
    assert_eq!((moved.asked, moved.not_asked.len(), requests(worker).await), (0, 4, 7));
}

#[tokio::test]
async fn what_no_partner_wrote_so_is_not_taken_in() {
    let stage = Stage::set().await;
    let (old, new) = (stage.node(0), stage.node(2));
    let (one, other) = (old.home().partner.as_str(), stage.node(1).home().partner.as_str());
    stage.give(1, &MATCHED).await;
    let export = old.export_of(stage.worker).await.expect("exported");
    let forged = Export::new(raw(&export.content.get().replace("Monteur", "Directeur")), export.signature.clone());
    let unsigned = Export::new(export.content.clone(), "e30.e30.AAAA".to_owned());
    let later = stage.node(0).now().plus_seconds(3_600);
    for (what, wrong) in [
        ("another content", forged),
        ("no signature", unsigned),
        ("signed by another partner", changed(&export, other, |_| {})),
        ("of another partner than who signed", changed(&export, one, |text| text["iss"] = json!(other))),
        ("of nobody", changed(&export, one, |text| text["iss"] = json!("kvk:99999999"))),
        ("of a time to come", changed(&export, one, |text| text["iat"] = json!(later))),
        ("of another schema", changed(&export, one, |text| text["schema"] = json!("urn:polder:schema:receipt:1.0"))),
        ("without a profile", changed(&export, one, |text| text["profile"] = Value::Null)),
        ("with a number of a citizen", changed(&export, one, |text| text["profile"]["document"]["bsn"] = json!("111222333"))),
    ] {
        let refused = new.take_in(key("W-7"), &wrong).await.expect_err(what);
        assert!(!refused.to_string().contains("111222333"), "{refused}");
        assert!(new.store().offer(polder_model::Kind::SkillOffer, &key("W-7")).await.expect("read").is_none(), "{what}");
    }
    assert!(matches!(old.take_in(key("W-7"), &export).await, Err(MoveRefused::NotNow(_))), "its own");
    put(new, "W-7", &profile("Iemand anders")).await;
    assert!(matches!(new.take_in(key("W-7"), &export).await, Err(MoveRefused::Taken(_))), "another skill offer has the key");
    // A recipient that the register does not let is named, and not asked for.
    let odd = changed(&export, one, |text| text["consents"][0]["consent"]["recipient"] = json!("kvk:99999999"));
    let moved = new.take_in(key("W-8"), &odd).await.expect("taken in");
    assert_eq!((moved.asked, moved.not_asked[0].recipient.as_str()), (0, "kvk:99999999"));
    stage.federation.clock.pass(Duration::from_secs(30 * 86_400 + 1));
    assert!(matches!(new.take_in(key("W-9"), &export).await, Err(MoveRefused::NotNow(_))), "too old");
}
