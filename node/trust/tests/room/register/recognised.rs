//! Members of regions that a root recognises.

use polder_model::Purpose;
use polder_trust::register::{Files, Recognised, Status};

use super::{DAY, Region, now, pin};

/// Another region, with registrars and members of its own; `region` recognises it for training.
fn recognised(region: &mut Region, name: &str) -> Region {
    let mut other = Region::new();
    (other.root.region, other.members.region) = (name.to_owned(), name.to_owned());
    for (index, number) in [(0, 3), (1, 4)] {
        other.change_member(index, |member| {
            member.partner = format!("kvk:9000000{number}").parse().expect("a partner");
            member.tls_pins[0].sha256 = pin(number);
            member.purposes = vec![Purpose::FindWork, Purpose::FindTraining];
        });
    }
    let fingerprint = other.root().sha256();
    let purposes = vec![Purpose::FindTraining, Purpose::MatchVacancy];
    region.root.recognised = vec![Recognised { region: name.to_owned(), root_fingerprint: fingerprint, purposes }];
    other
}

#[test]
fn members_of_a_recognised_region_may_what_both_allow() {
    let mut home = Region::new();
    let other = recognised(&mut home, "elders");
    let (ours, theirs) = (home.outcome(None).expect("it holds"), other.outcome(None).expect("it holds"));
    let guest = ours.guest(&theirs, &pin(3), now()).expect("recognised");
    assert_eq!((guest.partner.as_str(), &guest.purposes), ("kvk:90000003", &vec![Purpose::FindTraining]));
    assert_eq!(ours.guest(&theirs, &pin(9), now()), None);
    assert_eq!(theirs.guest(&ours, &pin(1), now()), None, "recognition goes one way");
    assert_eq!(ours.guest(&theirs, &pin(3), now().plus_seconds(9 * DAY)), None, "their register is out of date");
}

#[test]
fn recognition_is_by_fingerprint_and_is_not_passed_on() {
    let mut home = Region::new();
    let mut other = recognised(&mut home, "elders");
    // The same name with other people behind it.
    let impostor = recognised(&mut Region::new(), "elders");
    let ours = home.outcome(None).expect("it holds");
    assert!(ours.recognises(&impostor.outcome(None).expect("it holds")).is_none());
    // A third region that the second recognises.
    let third = recognised(&mut other, "derde");
    let (theirs, thirds) = (other.outcome(None), third.outcome(None).expect("it holds"));
    assert!(theirs.expect("it holds").recognises(&thirds).is_some());
    assert!(ours.recognises(&thirds).is_none());
}

#[test]
fn another_region_decides_over_its_own_entries_alone() {
    let mut home = Region::new();
    let mut other = recognised(&mut home, "elders");
    home.change_member(1, |member| member.status = Status::Expelled);
    let ours = home.outcome(None).expect("it holds");
    // The partner that home expelled, under its name or with its key, does not come back by way of the other region.
    other.change_member(0, |member| member.partner = "kvk:90000002".parse().expect("a partner"));
    other.change_member(1, |member| member.tls_pins[0].sha256 = pin(2));
    let theirs = other.outcome(None).expect("it holds");
    assert_eq!((ours.guest(&theirs, &pin(3), now()), ours.guest(&theirs, &pin(2), now())), (None, None));
    // Nor does the other region's list count as a list of this one, whoever signed it.
    let files = Files { members: other.files().members, ..home.files() };
    assert!(home.load(&files, None).is_err());
}
