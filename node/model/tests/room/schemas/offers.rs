//! Offers: what is read and written, and what is refused without telling what it holds.

use polder_model::offer::{self, parse, required_members};
use polder_model::{FindingCode, Kind};
use serde_json::json;

use super::{TYPED, assert_nothing_leaks, examples, schema, typed, value};

#[test]
fn valid_offers_are_read_and_written_unchanged() {
    let (mut all, mut sure) = (0, 0);
    for kind in Kind::ALL {
        for (file, bytes) in examples(kind.as_str(), "valid") {
            let parsed = parse(kind, &bytes).unwrap_or_else(|findings| panic!("{}: {findings:?}", file.display()));
            let value = value(&bytes);
            assert_eq!(typed(&parsed.offer), value, "{}", file.display());
            assert!(offer::read_stored(kind, &bytes).is_ok(), "{}", file.display());
            (all, sure) = (all + 1, sure + usize::from(offer::is_surely_good(kind, &bytes)));
        }
    }
    assert!(sure * 4 >= all * 3, "most offers need no judge: {sure} of {all}");
}

#[test]
fn invalid_offers_are_refused_without_telling_what_they_hold() {
    for kind in Kind::ALL {
        for (file, bytes) in examples(kind.as_str(), "invalid") {
            let what = file.display().to_string();
            let findings = parse(kind, &bytes).expect_err(&what);
            assert!(!findings.is_empty(), "{what}");
            assert!(findings.iter().all(|finding| !finding.message.contains(TYPED)), "{what}: the schema lets it pass");
            assert_nothing_leaks(kind, &value(&bytes), &findings, &what);
        }
    }
}

#[test]
fn a_member_for_special_data_is_named_as_such() {
    for (kind, example) in [(Kind::Vacancy, "bsn-member"), (Kind::SkillOffer, "bsn-member"), (Kind::SkillOffer, "birth-date-member")] {
        let (_, bytes) = examples(kind.as_str(), "invalid")
            .into_iter()
            .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == example))
            .expect("that example");
        let findings = parse(kind, &bytes).expect_err("refused");
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [FindingCode::NotAllowed], "{kind} {example}");
    }
}

#[test]
fn rules_of_the_domain_refuse_without_telling_what_they_saw() {
    let nearly_everything = |kind: Kind| {
        let (_, bytes) = examples(kind.as_str(), "valid")
            .into_iter()
            .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == "nearly-everything"))
            .expect("that example");
        value(&bytes)
    };
    // Kind, place, value that the schema lets pass, finding.
    let edits = [
        (Kind::Vacancy, "/hours/min", json!(37), FindingCode::Contradiction),
        (Kind::Vacancy, "/salary/min", json!(99_999_999), FindingCode::Contradiction),
        (Kind::Vacancy, "/description", json!("Mijn nummer is 111.222.333, bel gerust"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/employer/name", json!("Voorbeeld\u{202e} B.V. onzichtbaar"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/employer/name", json!("V\u{43e}orbeeld Windonderhoud"), FindingCode::NotAllowed),
        (Kind::Vacancy, "/terms/fields", json!(["beroepen"]), FindingCode::UnknownCode),
        (Kind::Vacancy, "/location", json!({"place": "Swifterbant"}), FindingCode::Missing),
        (Kind::Training, "/editions/0/endDate", json!("2027-01-31"), FindingCode::Contradiction),
        (Kind::Training, "/hoursPerWeek/max", json!(7), FindingCode::Contradiction),
        (Kind::SkillOffer, "/description", json!("Ik val onder de banenafspraak sinds kort"), FindingCode::NotAllowed),
        (Kind::SkillOffer, "/interests/0", json!("nummer 111222333"), FindingCode::NotAllowed),
        (Kind::SkillOffer, "/availableUntil", json!("2026-11-30"), FindingCode::Contradiction),
        (Kind::SkillOffer, "/periodWishes/0/until", json!("2027-05-31"), FindingCode::Contradiction),
    ];
    for (kind, place, wrong, code) in edits {
        let mut document = nearly_everything(kind);
        *document.pointer_mut(place).expect("that place") = wrong;
        let what = format!("{kind} {place}");
        let findings = parse(kind, document.to_string().as_bytes()).expect_err(&what);
        assert!(findings.iter().any(|finding| finding.code == code), "{what}: {findings:?}");
        assert_nothing_leaks(kind, &document, &findings, &what);
    }
}

#[test]
fn codes_of_occupations_stand_once() {
    let (_, bytes) = examples("skill-offer", "valid")
        .into_iter()
        .find(|(file, _)| file.file_stem().is_some_and(|stem| stem == "nearly-everything"))
        .expect("that example");
    for member in ["occupationsWanted", "occupationsHeld"] {
        let mut document = value(&bytes);
        let mut again = document[member][0].clone();
        // Another label: the schema sees two different entries.
        again["label"] = json!({"nl": "Anders genoemd"});
        document[member].as_array_mut().expect("a list").push(again);
        let findings = parse(Kind::SkillOffer, document.to_string().as_bytes()).expect_err(member);
        let found: Vec<(&str, FindingCode)> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
        assert_eq!(found, [(format!("/{member}").as_str(), FindingCode::Contradiction)]);
    }
}

#[test]
fn an_integer_written_as_a_fraction_is_named_by_its_place() {
    let document =
        br#"{"title":"Lasser","description":"Je last windmolenmasten.","employer":{"name":"Voorbeeld"},"hours":{"min":24.0,"max":3.2e1},
        "location":{"postcode":"8225","latitude":52,"longitude":5.4}}"#;
    let findings = parse(Kind::Vacancy, document).expect_err("refused");
    let found: Vec<(&str, FindingCode)> = findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect();
    assert_eq!(found, [("/hours/max", FindingCode::WrongType), ("/hours/min", FindingCode::WrongType)]);
}

#[test]
fn required_members_are_those_of_the_schema() {
    for kind in Kind::ALL {
        assert_eq!(schema(kind.as_str())["required"], json!(required_members(kind)), "{kind}");
    }
}
