use std::fmt::Write;

use super::*;

pub(super) const TODAY: &str = "2026-11-29T20:00:00Z";
pub(super) const PASSPORT: &str = include_str!("samples/passport.xml");
pub(super) const CANDIDATE: &str = include_str!("samples/candidate.xml");
pub(super) const RESUME: &str = include_str!("samples/resume.json");

fn filled(file: &str, mut draft: Draft) -> (Draft, Imported) {
    let said = fill(read(file.as_bytes(), TODAY).expect("a CV"), &mut draft, Reference::starter(), Language::Nl);
    (draft, said)
}

#[test]
fn each_form_fills_the_same_profile_and_what_is_nobodys_business_is_not_read() {
    for (file, licences) in [(PASSPORT, 2), (CANDIDATE, 2), (RESUME, 0)] {
        let (draft, said) = filled(file, Draft::default());
        let whole = format!("{draft:?} {said:?}");
        assert!(!whole.contains("4711") && !whole.contains("1988") && !whole.contains("111222333"), "{whole}");
        let texts = [&draft.title, &draft.name, &draft.email, &draft.telephone, &draft.postcode, &draft.education];
        assert_eq!(texts, ["Lasser", "Sanne Verzonnen", "sanne@voorbeeld.example", "+31 6 12345678", "8251", "30"], "{whole}");
        assert_eq!((draft.languages["nl"].as_str(), draft.languages["en"].as_str(), draft.licences.len()), ("C2", "B1", licences));
        let labels: Vec<&str> = draft.skills.iter().map(|skill| skill.label.as_str()).collect();
        assert_eq!(labels, ["lastechnieken"], "by another word for it");
        assert_eq!(draft.occupations.len(), 1, "what is wanted: {:?}", draft.occupations);
        assert!(said.maybe_skills.iter().any(|coded| coded.label == "rekenbladen gebruiken"), "{:?}", said.maybe_skills);
        assert!(said.maybe_occupations.iter().any(|coded| coded.label == "bakker"), "{:?}", said.maybe_occupations);
        assert_eq!(said.unknown, ["Qwxzvk"]);
        for left in [Left::Photo, Left::Address, Left::Employers, Left::Schools, Left::Texts] {
            assert!(said.left.contains(&left), "{left:?}: {:?}", said.left);
        }
        assert!(["title", "skills", "contact", "languages"].iter().all(|part| said.taken.contains(part)), "{:?}", said.taken);
    }
    let (draft, said) = filled(CANDIDATE, Draft::default());
    assert_eq!(draft.description, "Ik werk graag precies.");
    assert!([Left::Birth, Left::Gender, Left::Nationality, Left::Health].iter().all(|left| said.left.contains(left)), "{:?}", said.left);
}

#[test]
fn what_was_written_about_work_proposes_skills_with_its_words_and_is_not_taken() {
    for file in [
        RESUME.replace("\"summary\": \"geheim4711\"", "\"summary\": \"In de hal reed ik heftruck en pakte ik in.\""),
        CANDIDATE.replace("&lt;p&gt;geheim4711&lt;/p&gt;", "&lt;p&gt;In de hal reed ik heftruck en pakte ik in.&lt;/p&gt;"),
        PASSPORT.replace("<Activities>geheim4711", "<Activities>In de hal reed ik heftruck en pakte ik in."),
    ] {
        let (draft, said) = filled(&file, Draft::default());
        let proposed = serde_json::to_value(&said.proposed).expect("JSON");
        let truck = proposed.as_array().and_then(|all| all.iter().find(|one| one["label"] == "heftruck rijden"));
        let truck = truck.unwrap_or_else(|| panic!("{proposed}"));
        assert!(truck["said"].as_str().is_some_and(|said| said.contains("heftruck")) && truck["before"] == "In de hal reed ik ", "{truck}");
        let whole = format!("{draft:?}");
        assert!(!whole.contains("heftruck") && said.left.contains(&Left::Texts), "nothing of it stands in the profile: {whole}");
        assert!(!proposed.to_string().contains("lastechnieken"), "what the CV names itself is picked already: {proposed}");
    }
    let secret = RESUME.replace("\"summary\": \"geheim4711\"", "\"summary\": \"Sinds mijn burn-out rijd ik heftruck.\"");
    let (_, said) = filled(&secret, Draft::default());
    assert!(said.proposed.is_empty() && said.left.contains(&Left::Personal), "{:?}", said.proposed);
}

#[test]
fn what_stands_in_a_profile_stays() {
    let there = Draft { title: "Bakker zoekt werk".to_owned(), education: "40".to_owned(), ..Draft::default() };
    let (draft, said) = filled(RESUME, there);
    assert_eq!((draft.title.as_str(), draft.education.as_str()), ("Bakker zoekt werk", "40"));
    assert!(!said.taken.contains("title") && !said.taken.contains("education") && said.taken.contains("skills"));
}

#[test]
fn a_text_that_may_not_stand_in_a_profile_is_left_out() {
    for text in ["Mijn BSN is 111222333.", "sinds mijn burn-out", "mail an@voorbeeld.example"] {
        let file = serde_json::json!({"basics": {"summary": text, "label": text}, "skills": [{"name": text}]}).to_string();
        let (draft, said) = filled(&file, Draft::default());
        assert_eq!((draft.description.as_str(), draft.title.as_str()), ("", ""), "{text}");
        assert!(said.left.contains(&Left::Personal) && said.unknown.is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_cv_is_refused_by_what_it_is() {
    let laughs = {
        let mut text = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\">".to_owned();
        for (one, before) in ('b'..='j').zip('a'..='i') {
            write!(text, "<!ENTITY {one} \"{}\">", format!("&{before};").repeat(10)).expect("text");
        }
        text + "]><Candidate>&j;</Candidate>"
    };
    let file = "<!DOCTYPE Candidate [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><Candidate>&f;</Candidate>";
    let many = format!("<Candidate>{}</Candidate>", "<a/>".repeat(60_000));
    // Each attribute of a tag is compared with all others.
    let attributes = |value: &str| (0..20_000).map(|number| format!(" a{number}=\"{value}\"")).collect::<String>();
    let (attributes, quoted) =
        (format!("<Candidate{}/>", attributes("")), format!("<Candidate><!-- > --><a{}/></Candidate>", attributes(">")));
    let deep = format!("{}{}", "<a>".repeat(300_000), "</a>".repeat(40_000));
    for (text, refused) in [
        ("", Unread::Nothing),
        (" \n", Unread::Nothing),
        ("%PDF-1.7 …", Unread::Pdf),
        (laughs.as_str(), Unread::Entities),
        (file, Unread::Entities),
        ("<Candidate>&eacute;</Candidate>", Unread::Entities),
        (many.as_str(), Unread::Large),
        (attributes.as_str(), Unread::Large),
        (quoted.as_str(), Unread::Large),
        (deep.as_str(), Unread::Large),
        ("<html></html>", Unread::Form),
        ("<Candidate>", Unread::Form),
        ("{}", Unread::Form),
        ("{\"basics\": 7}", Unread::Form),
        ("[]", Unread::Form),
        ("PK\u{3}\u{4}", Unread::Form),
    ] {
        assert_eq!(read(text.as_bytes(), TODAY).err(), Some(refused), "{}", text.chars().take(60).collect::<String>());
    }
    assert_eq!(read(b"\xff\xfe<\0", TODAY).err(), Some(Unread::Form), "not UTF-8");
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    assert_eq!(read(nested.as_bytes(), TODAY).err(), Some(Unread::Form));
}

#[test]
fn the_worst_file_of_the_largest_size_takes_a_moment() {
    let words = (0..80_000).map(|number| format!("\"w{number}\"")).collect::<Vec<_>>().join(",");
    let json = format!("{{\"skills\": [{{\"name\": \"x\", \"keywords\": [{words}]}}]}}");
    let jobs = format!(
        "<Candidate><CandidateProfile>{}{}{}</CandidateProfile></Candidate>",
        "<PositionHistory>".repeat(8_000),
        "<PositionTitle>x</PositionTitle>".repeat(8_000),
        "</PositionHistory>".repeat(8_000)
    );
    for file in [json, jobs] {
        let began = std::time::Instant::now();
        drop(filled(&file, Draft::default()));
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
