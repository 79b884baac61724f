//! A worker takes everything along to another node: consents are asked anew there, and end at the old one when the worker says so.

use std::time::Duration;

use polder_consent::export::Export;
use polder_consent::{Field, State};
use polder_exchange::people::MoveRefused;
use polder_federation_tests::people::{MATCHED, decision, give, profile, put};
use polder_federation_tests::register::message_key;
use polder_model::{OfferKey, Purpose};
use polder_trust::evidence::{EvidenceKind, sign};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::people::{Stage, shown};

fn key(text: &str) -> OfferKey {
    text.parse().expect("a key")
}

/// What an export says; it follows its schema.
fn text(export: &Export) -> Value {
    let value = serde_json::from_str(&export.text).expect("JSON");
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
fn changed(export: &Export, by: &str, change: impl FnOnce(&mut Value)) -> Export {
    let mut value = text(export);
    change(&mut value);
    let text = value.to_string();
    let seal = json!({"iss": value["iss"], "iat": value["iat"], "sha256": hex::encode(Sha256::digest(&text))});
    Export::new(text, sign(&message_key(by), EvidenceKind::Export, &seal).expect("signed"))
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
    assert!(new.consents_of(worker).await.expect("read").is_empty(), "nothing is given by itself");
    let found = stage.seek(1).await;
    let at_home: Vec<_> = found.hits.iter().map(|hit| &hit.partner).collect();
    assert_eq!(at_home, [&old.home().partner], "at the new node nobody is found, at the old one nothing has ended");
    assert!(new.disclosures_of(worker, None, 9).await.expect("read").is_empty());
    let request = new.requests_of(worker).await.expect("read").remove(0);
    assert_eq!((&request.asker, &request.recipient), (&new.home().partner, &stage.node(1).home().partner));
    assert_eq!((request.purpose, request.fields, request.state), (Purpose::MatchVacancy, consent.fields, Some(State::Requested)));
    let history = new.histories_of(worker).await.expect("read").remove(0);
    assert_eq!((&history.from, &history.text), (&old.home().partner, &export.text));
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
    assert_eq!(text(&new.export_of(worker).await.expect("exported"))["history"][0]["text"], json!(export.text));
    new.erase(worker).await.expect("erased");
    assert!(new.histories_of(worker).await.expect("read").is_empty());
}

#[tokio::test]
async fn what_no_partner_wrote_so_is_not_taken_in() {
    let stage = Stage::set().await;
    let (old, new) = (stage.node(0), stage.node(2));
    let (one, other) = (old.home().partner.as_str(), stage.node(1).home().partner.as_str());
    stage.give(1, &MATCHED).await;
    let export = old.export_of(stage.worker).await.expect("exported");
    let forged = Export::new(export.text.replace("Monteur", "Directeur"), export.signature.clone());
    let unsigned = Export::new(export.text.clone(), "e30.e30.AAAA".to_owned());
    let later = stage.node(0).now().plus_seconds(3_600);
    for (what, wrong) in [
        ("another text", forged),
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
