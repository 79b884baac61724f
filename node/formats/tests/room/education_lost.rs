//! What is lost of a catalogue is noted: other languages, and other addresses.

use polder_formats::education::{Offered, Version};
use serde_json::{Value, json};

use crate::education::{ID, course, only, sync, with};
use crate::notes;

#[test]
fn of_texts_in_several_languages_one_is_kept_and_the_others_are_noted() {
    let both = |nl: &str, en: &str| json!([{"language": "en-GB", "value": en}, {"language": "nl-NL", "value": nl}]);
    let texts = json!({"name": both("Lassen", "Welding"), "description": both("Je leert lassen.", "You learn welding."),
        "admissionRequirements": both("vmbo", "prevocational"), "enrolment": both("Bel ons.", "Call us."), "resources": ["helm"],
        "assessment": both("geen", "geen"), "qualificationRequirements": [{"language": "nl-NL", "value": "alles af"}]});
    let record = only(with(&course(texts), &[]));
    let noted = |notes: &[polder_formats::report::Note]| {
        let said = notes.iter().filter(|note| note.loss.to_string().contains("several languages"));
        said.map(|note| note.field.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    let expected = ["admissionRequirements", "description", "enrolment", "name"].map(str::to_owned);
    assert_eq!(noted(&record.notes), expected.into(), "the same text twice is none that is lost: {:?}", record.notes);
    assert!(!record.document.to_string().contains("elding"), "{}", record.document);
    // In the words of version 5, where a list has texts in lists.
    let five = json!({"courseId": ID, "name": "Kort", "learningOutcomes": [both("meten", "measuring")], "requirements": both("vmbo", "x"),
        "organization": {"organizationId": "x", "name": "School"}});
    let record = only(sync(Version::V5, &[], &[], &[Offered { object: &five, offerings: &[] }], &[]));
    assert_eq!(noted(&record.notes), ["learningOutcomes", "requirements"].map(str::to_owned).into(), "{:?}", record.notes);
}

#[test]
fn the_address_of_a_course_is_not_lost_beside_those_of_its_editions() {
    let (own, first, second) = ("https://school.example/lassen", "https://school.example/a", "https://school.example/b");
    let offering = |key: &str, link: &str, day: &str| json!({"courseOfferingId": key, "link": link, "startDateTime": day, "modesOfDelivery": ["online"]});
    let read = |object: Value, offerings: &[Value]| {
        let record = only(with(&course(object), offerings));
        let of_link: Vec<&'static str> = record.notes.iter().filter(|note| note.field == "link").map(|note| note.loss.code()).collect();
        let text = record.document["description"].as_str().expect("text").to_owned();
        (record.document["enrolment"]["url"].clone(), of_link, text.contains("Webadres: https://school.example/lassen"))
    };
    let both = [offering("a", first, "2027-01-11"), offering("b", second, "2027-02-11")];
    assert_eq!(read(json!({"link": own}), &[]), (json!(own), vec![], false), "it is where one enrols");
    assert_eq!(read(json!({"link": own}), &both[..1]), (json!(first), vec!["kept-as-text"], true));
    assert_eq!(read(json!({"link": first}), &both[..1]), (json!(first), vec![], false), "nothing is lost");
    assert_eq!(
        read(json!({}), &both),
        (json!(first), vec!["left-out"], false),
        "of several that of the first edition stands, which is noted"
    );
    // In the words of version 5 too, where the field has the same name.
    let five = json!({"courseId": ID, "name": "Kort", "link": own, "organization": {"organizationId": "x", "name": "School"}});
    let edition = json!({"offeringId": "a", "link": first, "modeOfDelivery": ["online"]});
    let record = only(sync(Version::V5, &[], &[], &[Offered { object: &five, offerings: &[edition] }], &[]));
    assert!(notes(&record).contains(&("link", "kept-as-text")), "{:?}", record.notes);
}
