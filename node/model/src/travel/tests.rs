//! Places within reach.

use super::*;

fn from(postcode: &str, mode: TravelMode, limit: u32) -> Vec<String> {
    let reached = reach(Reference::starter(), postcode.parse().expect("a postcode"), mode, Measure::Minutes, limit);
    reached.iter().filter_map(|row| Reference::starter().place(row.0)).map(|place| place.name.clone()).collect()
}

fn metres(a: &str, b: &str, mode: TravelMode) -> Option<u32> {
    let reached = reach(Reference::starter(), a.parse().expect("a postcode"), mode, Measure::Metres, 300_000);
    reached.iter().find(|row| row.0.to_string() == b).map(|row| row.1)
}

#[test]
fn half_an_hour_from_emmeloord() {
    let near = from("8302", TravelMode::Car, 30);
    for place in ["Emmeloord", "Urk", "Ens", "Lemmer", "Marknesse"] {
        assert!(near.iter().any(|name| name == place), "{place} in {near:?}");
    }
    for place in ["Almere", "Enkhuizen", "Zwolle", "Amsterdam"] {
        assert!(!near.iter().any(|name| name == place), "{place}");
    }
}

#[test]
fn nobody_drives_over_open_water() {
    // Lelystad – Enkhuizen: over the Houtribdijk, about 30 km; Urk – Enkhuizen: round by Lelystad, twice the straight 25 km.
    let dike = metres("8232", "1601", TravelMode::Car).expect("there is a way");
    assert!((25_000..42_000).contains(&dike), "{dike}");
    let round = metres("8321", "1601", TravelMode::Car).expect("there is a way");
    assert!(round > 50_000, "{round}");
    // The motorway over the Ketelbrug has a road beside it.
    assert_eq!(metres("8302", "8232", TravelMode::Walk), metres("8302", "8232", TravelMode::Car));
}

#[test]
fn ways_are_the_same_back() {
    for (a, b) in [("8302", "8232"), ("1315", "3845"), ("8251", "8261"), ("8321", "8531")] {
        let (there, back) = (metres(a, b, TravelMode::Car).expect("a way"), metres(b, a, TravelMode::Car).expect("a way"));
        assert!(there.abs_diff(back) <= 1, "{a} {b}: {there} {back}");
    }
}

#[test]
fn what_lies_around_counts_the_straight_line() {
    let near = |kilometres| -> Vec<String> {
        let places = around(Reference::starter(), "8232".parse().expect("a postcode"), kilometres);
        places.iter().map(|(postcode, _)| postcode.to_string()).collect()
    };
    assert_eq!(near(0), ["8232"]);
    // Over the water it is some 17 km to Urk.
    assert!(near(24).contains(&"8321".to_owned()) && !near(10).contains(&"8321".to_owned()), "{:?}", near(24));
    assert!(around(Reference::starter(), "9999".parse().expect("a postcode"), 999).is_empty());
}
