use std::collections::HashSet;

use polder_model::reference::Reference;
use polder_model::{Date, Kind, Postcode4};

use super::roles::Of;
use super::{Sample, offers, programmes, roles_care, roles_public, roles_technical, roles_trade};

const PARTNERS: [&str; 8] = ["provincie", "almere", "lelystad", "roc", "windesheim", "flevolandwerkt", "employer-a", "employer-b"];

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

fn all(count: usize) -> Vec<Sample> {
    PARTNERS.iter().flat_map(|partner| offers(partner, count, 1, today())).collect()
}

#[test]
fn every_sample_is_an_offer() {
    for partner in PARTNERS {
        for seed in [0, 1, 20_261_124] {
            for sample in offers(partner, 400, seed, today()) {
                let bytes = serde_json::to_vec(&sample.document).unwrap();
                let parsed = polder_model::offer::parse(sample.kind, &bytes);
                assert!(parsed.is_ok(), "{partner} {}: {:?}\n{}", sample.key, parsed.err(), sample.document);
                sample.key.parse::<polder_model::OfferKey>().unwrap();
                if sample.kind == Kind::Vacancy {
                    assert!(sample.document["startDate"].as_str() > sample.document["closingDate"].as_str());
                }
                let text = sample.document["description"].as_str().unwrap();
                let sentences = text.matches(['.', '?']).count();
                assert!(sentences >= 3 && !text.contains("  "), "{text}");
            }
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let text = |samples: &[Sample]| -> Vec<String> { samples.iter().map(|sample| format!("{} {}", sample.key, sample.document)).collect() };
    for partner in PARTNERS {
        let long = text(&offers(partner, 300, 7, today()));
        assert_eq!(long, text(&offers(partner, 300, 7, today())));
        assert_eq!(long[..40], text(&offers(partner, 40, 7, today())));
        assert_ne!(long, text(&offers(partner, 300, 8, today())));
        assert!(offers(partner, 0, 7, today()).is_empty());
    }
}

#[test]
fn texts_seldom_repeat() {
    for partner in PARTNERS {
        let samples = offers(partner, 1000, 3, today());
        let texts: HashSet<&str> = samples.iter().filter_map(|sample| sample.document["description"].as_str()).collect();
        assert!(texts.len() > 970, "{partner}: {} of 1000", texts.len());
    }
}

#[test]
fn the_mix_is_as_meant() {
    let count = |partner, kind| offers(partner, 100, 5, today()).iter().filter(|sample| sample.kind == kind).count();
    assert_eq!(count("provincie", Kind::Vacancy), 100);
    assert_eq!(count("almere", Kind::Training), 10);
    assert_eq!(count("roc", Kind::Training), 80);
    assert_eq!(count("windesheim", Kind::Vacancy), 20);
    assert_eq!(count("flevolandwerkt", Kind::SkillOffer), 20);
    assert_eq!(count("flevolandwerkt", Kind::Training), 10);
    assert_eq!(count("employer-b", Kind::Vacancy), 100);
}

#[test]
fn the_tables_know_everything_that_a_sample_names() {
    for sample in all(60) {
        let parsed = polder_model::offer::parse(sample.kind, sample.document.to_string().as_bytes()).unwrap();
        assert_eq!(parsed.notes(Reference::starter(), today()), [], "{}", sample.key);
    }
}

#[test]
fn every_label_is_in_the_tables() {
    let tables = Reference::starter();
    for role in [roles_technical::ROLES, roles_trade::ROLES, roles_care::ROLES, roles_public::ROLES].into_iter().flatten() {
        let Of(label) = role.of;
        assert!(tables.occupation_labelled(label).is_some(), "{label}");
        role.more.iter().for_each(|label| assert!(tables.skill_labelled(label).is_some(), "{label}"));
    }
    for programme in [programmes::ROC, programmes::WINDESHEIM, programmes::WORKSHOPS].into_iter().flatten() {
        let known = |label: &str| tables.occupation_labelled(label).is_some();
        assert!(programme.occupation.is_empty() && !programme.teaches.is_empty() || known(programme.occupation), "{}", programme.title);
        programme.teaches.iter().for_each(|label| assert!(tables.skill_labelled(label).is_some(), "{label}"));
    }
    for employer in PARTNERS.iter().flat_map(|partner| super::employers::of_partner(partner)) {
        for postcode in employer.postcodes {
            let place = Postcode4::from_number(*postcode).and_then(|postcode| tables.place(postcode));
            assert!(
                place.is_some_and(
                    |place| ["GM0034", "GM0995", "GM0303", "GM0171", "GM0184", "GM0050"].contains(&place.municipality.as_str())
                )
            );
        }
        for field in employer.fields {
            assert!(!super::roles::of_fields(&[*field]).is_empty(), "{}", employer.name);
        }
    }
}

#[test]
fn the_demo_questions_have_candidates() {
    let samples = all(60);
    let uris = |label: &str| -> HashSet<String> {
        let occupation = Reference::starter().occupation_labelled(label).unwrap();
        occupation.skills.iter().map(|(uri, _)| uri.as_str().to_owned()).collect()
    };
    let has = |list: &serde_json::Value, wanted: &HashSet<String>| {
        list.as_array().into_iter().flatten().filter(|skill| skill["uri"].as_str().is_some_and(|uri| wanted.contains(uri))).count()
    };
    let technical = uris("onderhoudsmonteur machines");
    let near = samples.iter().filter(|sample| {
        let vacancy = &sample.document;
        let place = vacancy["location"]["municipality"].as_str().unwrap_or_default();
        let (least, most) = (vacancy["hours"]["min"].as_u64().unwrap_or(99), vacancy["hours"]["max"].as_u64().unwrap_or(0));
        sample.kind == Kind::Vacancy
            && ["GM0171", "GM0184"].contains(&place)
            && least <= 24
            && most >= 16
            && has(&vacancy["skills"], &technical) >= 2
    });
    let near: Vec<_> = near.collect();
    assert!(near.len() >= 10, "{}", near.len());
    assert!(near.iter().filter(|sample| sample.document["welcomesSharing"] == true).count() >= 5);
    for label in ["onderhoudsmonteur machines", "lasser"] {
        let wanted = uris(label);
        let teaching =
            samples.iter().filter(|sample| sample.kind == Kind::Training && has(&sample.document["skillsTaught"], &wanted) >= 2).count();
        assert!(teaching >= 5, "{label}: {teaching}");
    }
}

#[test]
fn the_title_of_a_worker_tells_neither_hours_nor_place() {
    for sample in all(400).into_iter().filter(|sample| sample.kind == Kind::SkillOffer) {
        let title = sample.document["title"].as_str().unwrap();
        let home: Postcode4 = sample.document["postcode"].as_str().unwrap().parse().unwrap();
        assert!(!title.contains(|c: char| c.is_ascii_digit()) && !title.contains("deeltijd"), "{title}");
        assert!(!title.contains(super::codes::place_name(home.number())), "{title}");
    }
}
