//! Receipts: schema and type say the same, and what others read of them is what it should be.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{PatternOptions, Validator};
use polder_consent::dpv::{Party, Surroundings, export};
use polder_consent::leaf::row_bytes;
use polder_consent::purpose::{LegalBasis, rules};
use polder_consent::receipt::{CopiesThen, MOST_CONSENTS, NoReceipt, SCHEMA};
use polder_consent::{Consent, Event, Field, FieldSet, Ground, Receipt, ReceiptId, State, What, WorkerId};
use polder_model::Purpose;
use polder_random::Random;
use serde_json::{Value, json};

use super::made::{self, now, recipients};

/// Largest payload of which a signed text has at most 256 KiB: base64url makes four bytes of three; header and signature have less than 300.
const LARGEST_PAYLOAD: usize = (256 * 1024 - 300) / 4 * 3;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/receipt").join(name)
}

fn schema() -> Value {
    serde_json::from_slice(&fs::read(folder("1.0.json")).expect("a schema")).expect("JSON")
}

fn validator() -> Validator {
    let options = jsonschema::options().with_pattern_options(PatternOptions::regex()).should_validate_formats(true);
    options.build(&schema()).expect("the schema compiles")
}

fn examples(kind: &str) -> Vec<(String, Value)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder("examples").join(kind)).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let read = |file: PathBuf| (file.display().to_string(), serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON"));
    files.into_iter().map(read).collect()
}

fn id() -> ReceiptId {
    ReceiptId::from_random([9; 16])
}

fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn examples_are_read_and_written_as_they_are() {
    for (file, value) in examples("valid") {
        let receipt: Receipt = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(serde_json::to_value(&receipt).expect("JSON"), value, "{file}");
        let again = receipt.consents.iter().map(|one| (one.consent.clone(), one.events.clone(), one.copies)).collect();
        assert_eq!(Receipt::new(receipt.id, again, receipt.iat), Ok(receipt), "{file}: it says what follows from its events");
    }
    // The rest of what the schema refuses are numbers of things, and codes that have a meaning elsewhere.
    let typed = ["field-twice", "id-with-capitals", "other-schema", "statute-as-basis", "consent-without-notice", "unknown", "wildcard"];
    for (file, value) in examples("invalid").into_iter().filter(|(file, _)| typed.iter().any(|part| file.contains(part))) {
        assert!(serde_json::from_value::<Receipt>(value).is_err(), "{file}");
    }
}

#[test]
fn what_is_made_is_what_the_schema_says() {
    let (mut random, validator, mut count) = (Random::new(1), validator(), 0);
    for _ in 0..500 {
        let mut consents = Vec::new();
        for purpose in Purpose::ALL.into_iter().filter(|purpose| rules(*purpose).is_some()) {
            let (consent, events, is_live) = made::consent(purpose, random.pick(&recipients()), &mut random);
            if !events.is_empty() {
                consents.push((consent, events, is_live));
            }
        }
        let parts = consents.iter().map(|(consent, events, _)| (consent.clone(), events.clone(), CopiesThen::None)).collect();
        let receipt = Receipt::new(id(), parts, now()).expect("a receipt");
        for (one, (.., is_live)) in receipt.consents.iter().zip(&consents) {
            assert_eq!(one.state == State::Given, *is_live, "{one:?}");
        }
        let value = serde_json::to_value(&receipt).expect("JSON");
        assert!(errors(&validator, &value).is_empty(), "{:?}", errors(&validator, &value));
        assert_eq!(value["schema"], SCHEMA);
        assert_eq!(serde_json::from_slice::<Receipt>(&row_bytes(&receipt)).expect("a receipt"), receipt);
        count += receipt.consents.len();
    }
    assert!(count > 1_000);
}

#[test]
fn a_receipt_is_about_one_worker_and_fits_into_evidence() {
    let (consent, ..) = made::consent(Purpose::MatchVacancy, &recipients()[0], &mut Random::new(1));
    let given = vec![Event::new(What::Give, now())];
    let part = |consent: &Consent, events: &[Event]| (consent.clone(), events.to_vec(), CopiesThen::None);
    let make = |parts: Vec<_>| Receipt::new(id(), parts, now());
    assert_eq!(make(Vec::new()), Err(NoReceipt::Count));
    assert_eq!(make(vec![part(&consent, &given); MOST_CONSENTS + 1]), Err(NoReceipt::Count));
    let other = Consent { worker: WorkerId::from_random([7; 16]), ..consent.clone() };
    assert_eq!(make(vec![part(&consent, &given), part(&other, &given)]), Err(NoReceipt::Several));
    let elsewhere = Consent { controller: recipients()[0].clone(), ..consent.clone() };
    assert_eq!(make(vec![part(&consent, &given), part(&elsewhere, &given)]), Err(NoReceipt::Several));
    assert_eq!(make(vec![part(&consent, &[])]), Err(NoReceipt::Events));

    // The largest that the schema lets be, but for the number of events: each life has four at most.
    let schema = schema();
    let consents = "/properties/consents/items/properties";
    let longest = |pointer: &str| {
        let most = schema.pointer(&format!("{consents}/consent/properties{pointer}/maxLength")).and_then(Value::as_u64).expect("a bound");
        "x".repeat(usize::try_from(most).expect("a length"))
    };
    let mut largest = consent;
    largest.fields = FieldSet::of(&Field::ALL);
    largest.activity = longest("/activity");
    largest.notice.id = longest("/notice/properties/id");
    largest.notice.channel = longest("/notice/properties/channel");
    largest.authentication.issuer = longest("/authentication/properties/issuer");
    largest.authentication.level = longest("/authentication/properties/level");
    largest.assisted_by = Some(longest("/assistedBy"));
    largest.renews = Some(largest.id);
    let life = [What::Request, What::Defer, What::Give, What::Withdraw].map(|what| Event::new(what, now().plus_micros(-1)));
    let receipt = make(vec![part(&largest, &life); MOST_CONSENTS]).expect("a receipt");
    assert!(row_bytes(&receipt).len() <= LARGEST_PAYLOAD, "{} bytes", row_bytes(&receipt).len());
    assert_eq!(schema.pointer("/properties/consents/maxItems"), Some(&json!(MOST_CONSENTS)));
}

fn surroundings() -> Surroundings {
    // Of a recipient it is not known where it has its seat.
    let party = |number: u8, name: &str| Party {
        partner: format!("kvk:9000000{number}").parse().expect("a partner"),
        name: name.to_owned(),
        address: Some("Voorbeeldplein 1, 8232 XX Lelystad".to_owned()).filter(|_| number == 1),
        contact: Some("mailto:privacy@voorbeeld.example".to_owned()),
    };
    Surroundings {
        parties: vec![party(1, "Gemeente Voorbeeld"), party(2, "Zorggroep Voorbeeld")],
        withdraw_at: "https://gemeente.voorbeeld.example/portal".to_owned(),
        rights_at: "https://gemeente.voorbeeld.example/rechten".to_owned(),
        stored_in: "NL".to_owned(),
        jurisdiction: "NL".to_owned(),
    }
}

fn exported(receipt: &Receipt) -> Value {
    serde_json::to_value(export(receipt, &surroundings())).expect("JSON")
}

/// `POLDER_WRITE=yes` writes the files anew; what they say is reviewed like code.
#[test]
fn the_export_is_the_one_that_was_reviewed() {
    for (file, value) in examples("valid") {
        let receipt = serde_json::from_value(value).expect("a receipt");
        let name = Path::new(&file).file_name().expect("a name");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/room/dpv").join(name);
        let made = format!("{:#}\n", exported(&receipt));
        if std::env::var("POLDER_WRITE").is_ok_and(|word| word == "yes") {
            fs::write(&golden, &made).expect("written");
        }
        assert_eq!(fs::read_to_string(&golden).expect("a file"), made, "{}", golden.display());
    }
}

/// What ISO/IEC TS 27560:2023 wants of a record, where the guide puts it.
const COMPULSORY: [&str; 21] = [
    "/dct:conformsTo/@id",
    "/dct:identifier",
    "/dpv:hasDataSubject/@id",
    "/dpv:hasNotice/@id",
    "/dpv:hasNotice/dct:language",
    "/dpv:hasProcess/dpv:hasPurpose/@id",
    "/dpv:hasProcess/dpv:hasPersonalData/0/skos:broader/@id",
    "/dpv:hasProcess/dpv:hasLegalBasis/@id",
    "/dpv:hasProcess/dpv:hasDataController/dct:identifier",
    "/dpv:hasProcess/dpv:hasDataController/dpv:hasName",
    "/dpv:hasProcess/dpv:hasDataController/dpv:hasAddress",
    "/dpv:hasProcess/dpv:hasDataController/dpv:hasContact",
    "/dpv:hasProcess/dpv:hasRecipient/dct:identifier",
    "/dpv:hasProcess/dpv:hasStorageCondition/0/dpv:hasLocation/@id",
    "/dpv:hasProcess/dpv:hasStorageCondition/1/dpv:hasDuration/rdf:value",
    "/dpv:hasJurisdiction/@id",
    "/dpv:hasConsentControl/dpv:isExercisedAt/@id",
    "/dpv:hasRight/dpv:isExercisedAt/@id",
    "/dpv:hasConsentStatus/0/dpv:isIndicatedAtTime",
    "/dpv:hasConsentStatus/0/dpv:isIndicatedBy/@id",
    "/dpv:hasConsentStatus/0/@type/0",
];

/// Every name with a prefix.
fn prefixed<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(list) => list.iter().for_each(|inner| prefixed(inner, found)),
        Value::Object(members) => members.iter().for_each(|(name, inner)| {
            found.push(name);
            prefixed(inner, found);
        }),
        _ => {}
    }
}

#[test]
fn the_export_has_what_the_standard_wants() {
    let mut random = Random::new(2);
    for purpose in Purpose::ALL.into_iter().filter(|purpose| rules(*purpose).is_some()) {
        for what in [What::Give, What::Withdraw, What::Replace, What::Revoke, What::Invalidate, What::Refuse, What::Defer, What::Request] {
            let (consent, ..) = made::consent(purpose, &recipients()[1], &mut random);
            let consent = Consent { controller: recipients()[0].clone(), ..consent };
            let first = if matches!(what, What::Give) { None } else { Some(What::Give) };
            let first = if matches!(what, What::Refuse | What::Defer) { Some(What::Request) } else { first };
            let first = first.filter(|_| what != What::Request);
            let at = consent.from.max(now().plus_seconds(-60));
            let events: Vec<Event> =
                first.into_iter().chain([what]).map(|what| Event::new(what, at.min(consent.until.plus_micros(-1)))).collect();
            let receipt = Receipt::new(id(), vec![(consent.clone(), events.clone(), CopiesThen::None)], now()).expect("a receipt");
            let all = exported(&receipt);
            let record = &all["dpv:hasRecordOfActivity"][0];
            for pointer in COMPULSORY {
                assert!(
                    record.pointer(pointer).is_some_and(|found| found.as_str().is_some_and(|text| !text.is_empty())),
                    "{pointer}: {record}"
                );
            }
            assert_eq!(record["dpv:hasProcess"]["dpv:hasPersonalData"].as_array().map(Vec::len), Some(consent.fields.iter().count()));
            // Times are those of the events, not of when this was written.
            let times: Vec<Value> = events.iter().map(|event| json!(event.at)).collect();
            let statuses = record["dpv:hasConsentStatus"].as_array().expect("a list");
            assert!(statuses.iter().zip(&times).all(|(status, at)| status["dpv:isIndicatedAtTime"] == *at), "{statuses:?}");
            assert_eq!(statuses.len(), events.len() + usize::from(matches!(receipt.consents[0].state, State::Expired | State::Lapsed)));
            // Only a consent that is in force ends on a word that lets data be used.
            let last = statuses.last().expect("a status")["@type"][0].clone();
            assert_eq!(last == "dpv:ConsentGiven", receipt.consents[0].state == State::Given);
            assert_eq!(json!(receipt.consents[0].state.dpv().replace("https://w3id.org/dpv#", "dpv:")), last);
            let mut names = Vec::new();
            prefixed(&all, &mut names);
            let context = all["@context"].as_object().expect("a context");
            for name in names.into_iter().filter(|name| !name.contains("://") && !name.starts_with("urn:") && !name.starts_with("mailto:"))
            {
                let Some((prefix, word)) =
                    name.split_once(':').filter(|(prefix, _)| prefix.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                else {
                    continue;
                };
                assert!(context.contains_key(prefix) || matches!(prefix, "sha256" | "kvk"), "{name}");
                assert!(!word.is_empty());
            }
            let basis = if consent.legal_basis == LegalBasis::Consent { "eu-gdpr:A6-1-a" } else { "eu-gdpr:A6-1-b-enter-into-contract" };
            assert_eq!(record["dpv:hasProcess"]["dpv:hasLegalBasis"]["@id"], basis);
        }
    }
}

#[test]
fn what_a_partner_ended_says_why_and_by_whom() {
    let (consent, ..) = made::consent(Purpose::MatchVacancy, &recipients()[1], &mut Random::new(3));
    let consent = Consent { controller: recipients()[0].clone(), ..consent };
    let at = consent.from.max(now().plus_seconds(-60));
    let controller = format!("urn:polder:partner:{}", recipients()[0]);
    for ground in Ground::ALL {
        let ended = Event { ground: Some(ground), ..Event::new(ground.what(), at) };
        let events = vec![Event::new(What::Give, at), ended];
        let receipt = Receipt::new(id(), vec![(consent.clone(), events, CopiesThen::None)], now()).expect("a receipt");
        let said = serde_json::to_value(&receipt).expect("JSON");
        assert_eq!(said.pointer("/consents/0/events/1/ground"), Some(&json!(ground.as_str())));
        assert_eq!(said.pointer("/consents/0/events/0/ground"), None);
        assert_eq!(serde_json::from_value::<Receipt>(said).expect("a receipt"), receipt);
        let all = exported(&receipt);
        let status = &all["dpv:hasRecordOfActivity"][0]["dpv:hasConsentStatus"][1];
        assert_eq!(status["dpv:hasJustification"]["@id"], format!("urn:polder:ground:{}", ground.as_str()));
        let by = if ground == Ground::Authority { "dpv:Authority" } else { controller.as_str() };
        assert_eq!(status["dpv:isIndicatedBy"]["@id"], by, "{ground:?}");
        let reaches_back = matches!(ground, Ground::NoticeWrong | Ground::NotFree | Ground::AnotherPerson | Ground::Authority);
        assert_eq!(receipt.consents[0].state, if reaches_back { State::Invalidated } else { State::Revoked });
    }
}
