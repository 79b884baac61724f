//! Travel times, held against trips that people of the region know.

use polder_model::code::TravelMode::{self, Bike, Car, PublicTransport as Transit, Walk};
use polder_model::query::Measure;
use polder_model::reference::Reference;
use polder_model::travel::reach;

/// From, to, how, and the minutes from door to door, rounded.
const TRIPS: [(&str, &str, TravelMode, u16); 26] = [
    ("Lelystad", "Almere", Transit, 40),
    ("Lelystad", "Zwolle", Transit, 55),
    ("Lelystad", "Amsterdam", Transit, 65),
    ("Almere", "Amsterdam", Transit, 45),
    ("Dronten", "Zwolle", Transit, 40),
    ("Almere", "Utrecht", Transit, 65),
    ("Emmeloord", "Lelystad", Transit, 55),
    ("Emmeloord", "Zwolle", Transit, 70),
    ("Emmeloord", "Almere", Transit, 90),
    ("Emmeloord", "Lelystad", Car, 27),
    ("Emmeloord", "Almere", Car, 42),
    ("Emmeloord", "Zwolle", Car, 35),
    ("Emmeloord", "Urk", Car, 15),
    ("Emmeloord", "Urk", Bike, 45),
    ("Lelystad", "Almere", Car, 30),
    ("Lelystad", "Amsterdam", Car, 50),
    ("Dronten", "Lelystad", Car, 22),
    ("Dronten", "Lelystad", Bike, 75),
    ("Urk", "Dronten", Bike, 90),
    ("Swifterbant", "Nagele", Bike, 60),
    ("Zeewolde", "Almere", Car, 22),
    ("Zeewolde", "Harderwijk", Car, 12),
    ("Zeewolde", "Harderwijk", Bike, 30),
    ("Zeewolde", "Harderwijk", Transit, 35),
    ("Lelystad", "Enkhuizen", Car, 30),
    ("Ens", "Kampen", Car, 18),
];

fn minutes(from: &str, to: &str, mode: TravelMode) -> Option<u16> {
    let place = |name: &str| Reference::starter().place_named(name).unwrap_or_else(|| panic!("{name} is not in the table")).postcode;
    let reached = reach(Reference::starter(), place(from), mode, Measure::Minutes, 240);
    reached.iter().find(|row| row.0 == place(to)).map(|row| row.2)
}

#[test]
fn trips_take_about_as_long_as_people_know() {
    let mut wrong = Vec::new();
    for (from, to, mode, known) in TRIPS {
        let found = minutes(from, to, mode);
        let line = format!("{from}–{to} {mode}: known {known}, computed {found:?}");
        println!("{line}");
        // A quarter off, or eight minutes where that is more.
        if found.is_none_or(|found| found.abs_diff(known) > (known / 4).max(8)) {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_trip_takes_as_long_back() {
    for (from, to, mode, _) in TRIPS {
        let (there, back) = (minutes(from, to, mode).expect(from), minutes(to, from, mode).expect(to));
        assert!(there.abs_diff(back) <= 1, "{from}–{to} {mode}: {there} there, {back} back");
    }
}

#[test]
fn nobody_waits_for_a_bus_that_is_slower_than_walking() {
    for place in Reference::starter().places() {
        let of = |mode| reach(Reference::starter(), place.postcode, mode, Measure::Minutes, 30);
        let (transit, walk) = (of(Transit), of(Walk));
        for row in walk {
            let other = transit.iter().find(|other| other.0 == row.0);
            assert!(other.is_some_and(|other| other.2 <= row.2), "{} to {}", place.postcode, row.0);
        }
    }
}

#[test]
fn the_ketelbrug_is_crossed_on_foot_and_by_bike() {
    let ketelbrug = Reference::starter().crossings().iter().find(|crossing| crossing.name == "Ketelbrug").expect("the bridge");
    assert!([Car, Bike, Transit, Walk].iter().all(|mode| ketelbrug.modes.contains(mode)));
    assert!(minutes("Swifterbant", "Nagele", Walk).is_some_and(|minutes| (120..200).contains(&minutes)));
}
