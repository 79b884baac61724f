//! The names by which people call places.

use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, TravelAsked, expand};
use polder_model::{Finding, FindingCode, Kind, Timestamp};

fn from(place: &str) -> Result<u32, Vec<Finding>> {
    let mut request = QueryRequest::new(Kind::Vacancy);
    request.travel = Some(TravelAsked { from: place.to_owned(), mode: None, max_minutes: None, max_kilometres: Some(1) });
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
    let asker = "kvk:12345678".parse().expect("a partner");
    let query = expand(&request, Reference::starter(), &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now)?;
    let reach = query.criteria.travel.expect("asked").reach;
    Ok(u32::from(reach.iter().find(|row| row.1 == 0).expect("where one is, is within reach").0.number()))
}

#[test]
fn names_that_people_use_are_known() {
    for (name, postcode) in [
        ("Bunschoten", 3751),
        ("Spakenburg", 3752),
        ("Bunschoten-Spakenburg", 3751),
        ("Almere Haven", 1354),
        ("almere buiten", 1338),
        ("Almere Stad", 1315),
        ("Almere Poort", 1362),
        ("Almere", 1315),
        ("Lelystad", 8232),
        ("Lelystad-Haven", 8244),
        ("Ketelhaven", 8251),
        ("Amsterdam Zuidoost", 1102),
        ("Emmeloord", 8301),
        // Several names for one postcode.
        ("Genemuiden", 8281),
        ("Wormerveer", 1521),
        ("Westknollendam", 1525),
        ("Koog aan de Zaan", 1541),
        ("Loosdrecht", 1216),
        ("Hierden", 3849),
        // A name that a place has alone is that place, wherever it stands besides.
        ("Bussum", 1404),
        ("Nunspeet", 8071),
        ("Putten", 3882),
    ] {
        let found = from(name);
        assert!(found.as_ref().is_ok_and(|found| *found == postcode), "{name}: {found:?}");
    }
}

#[test]
fn no_name_holds_several() {
    for place in Reference::starter().places() {
        assert!(!place.name.contains('/'), "{}", place.name);
    }
}

#[test]
fn a_name_of_several_places_is_refused_with_all_of_them() {
    let findings = from("Haven").expect_err("which one?");
    let [Finding { pointer, code, message }] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((pointer.as_str(), *code), ("/travel/from", FindingCode::UnknownCode));
    assert!(message.contains("1354 Almere; 8244 Lelystad"), "{message}");
    let findings = from("Amsterdm Zuidoost").expect_err("unknown");
    assert!(findings[0].message.contains("Amsterdam Zuidoost"), "{findings:?}");
}
