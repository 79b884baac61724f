//! Where the work is, however it is written.

use polder_formats::report::Record;
use serde_json::{Value, json};

use super::{description, has_note, with};

fn place_of(location: &Value) -> (Value, Record) {
    let found = with(&json!({"jobLocation": location}));
    (found.document["location"].clone(), found)
}

#[test]
fn coordinates_become_the_nearest_postcode() {
    let (location, found) = place_of(&json!({"geo": {"latitude": "52.71", "longitude": 5.75}, "address": "Emmeloord, Nederland"}));
    assert_eq!((&location["postcode"], &location["place"]), (&json!("8301"), &json!("Emmeloord")));
    assert_eq!((&location["latitude"], &location["longitude"]), (&json!(52.71), &json!(5.75)));
    assert!(has_note(&found, "nearest to the coordinates"), "{:?}", found.notes);
    let (alone, _) = place_of(&json!({"@type": "Place", "geo": {"latitude": "52,641", "longitude": "5,724"}}));
    assert_eq!((&alone["postcode"], &alone["place"]), (&json!("8308"), &json!("Nagele")));
}

#[test]
fn coordinates_that_contradict_the_place_do_not_count() {
    // What a map gives that could not find the address: the middle of the country.
    let (location, found) = place_of(&json!({"geo": {"latitude": 52.15, "longitude": 5.38}, "address": {"addressLocality": "Urk"}}));
    assert_eq!((&location["place"], &location["latitude"]), (&json!("Urk"), &Value::Null));
    assert!(has_note(&found, "far from the place (Urk)"), "{:?}", found.notes);
}

#[test]
fn coordinates_far_from_every_known_place_are_no_location() {
    let (location, found) = place_of(&json!({"geo": {"latitude": 50.85, "longitude": 5.69}}));
    assert_eq!(location, Value::Null);
    assert!(has_note(&found, "by commute nobody finds it"), "{:?}", found.notes);
}

#[test]
fn an_address_on_one_line_is_read_by_its_parts() {
    for (text, postcode) in [
        ("Nijverheidstraat 10, 8302 AB Emmeloord", "8302AB"),
        ("Werkweg 1234, Emmeloord, Flevoland, NL", "8301"),
        ("8308 Nagele", "8308"),
        ("Gemeentehuis\nTollebeek\nNederland", "8309"),
        ("regio Nagele", "8308"),
    ] {
        for location in [json!(text), json!({"address": text}), json!({"address": {"addressLocality": text}}), json!({"name": text})] {
            let (found, notes) = place_of(&location);
            assert_eq!(found["postcode"], postcode, "{location}: {:?}", notes.notes);
        }
    }
}

#[test]
fn a_country_is_no_place() {
    for text in ["Nederland", "Hasselt, België", "The Netherlands"] {
        let (location, found) = place_of(&json!({"address": text}));
        assert_eq!(location, Value::Null, "{text}");
        assert!(has_note(&found, "by commute nobody finds it"), "{:?}", found.notes);
    }
}

#[test]
fn of_several_places_the_first_that_is_known_is_kept_and_the_others_are_named() {
    let (location, found) = place_of(&json!([
        {"address": {"addressLocality": "Nergenshuizen"}},
        {"address": {"postalCode": "9712 AB", "addressLocality": "Groningen"}},
        {"address": {"addressLocality": "Nagele"}}, {"address": {"postalCode": "8302"}}
    ]));
    assert_eq!(location["postcode"], "8308");
    assert!(description(&found).contains("Ook in:\nNergenshuizen\n9712 AB, Groningen\n8302"), "{}", found.document);
    let (unknown, _) = place_of(&json!([{"address": "Nergenshuizen"}, {"address": {"postalCode": "9712 AB"}}]));
    assert_eq!(unknown["postcode"], "9712 AB");
}

#[test]
fn work_from_home_needs_no_place() {
    for kind in [json!("TELECOMMUTE"), json!(["https://schema.org/TELECOMMUTE"]), json!("schema:TELECOMMUTE")] {
        let found = with(&json!({"jobLocationType": kind}));
        assert_eq!(found.document["location"], json!({"remoteShare": 100}));
        assert!(!has_note(&found, "commute"), "{:?}", found.notes);
    }
}
