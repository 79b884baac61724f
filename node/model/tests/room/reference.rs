//! The shipped tables hold, and questions are made self-contained with them.

use polder_model::code::TravelMode;
use polder_model::reference::Reference;
use polder_model::request::{CodeAsked, GapAsked, QueryRequest, SkillAsked, TravelAsked, expand};
use polder_model::{Finding, FindingCode, Kind, PartnerId, Timestamp};

fn ask(request: &QueryRequest) -> Result<polder_model::query::Query, Vec<Finding>> {
    let asker: PartnerId = "kvk:12345678".parse().expect("a partner");
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("an instant");
    expand(request, Reference::starter(), &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now)
}

fn label(label: &str) -> SkillAsked {
    SkillAsked { uri: None, label: Some(label.to_owned()), importance: None }
}

#[test]
fn the_tables_hold() {
    let reference = Reference::read_starter().expect("every table can be read");
    assert!(reference.skills().len() >= 200 && reference.occupations().len() >= 40 && reference.places().len() >= 600);
    for place in reference.places() {
        assert!((50.7..53.6).contains(&place.latitude) && (3.3..7.3).contains(&place.longitude), "{}", place.name);
    }
    for municipality in ["GM0034", "GM0303", "GM0995", "GM0171", "GM0184", "GM0050"] {
        assert!(reference.places().iter().any(|place| place.municipality == municipality), "{municipality}");
    }
    let related = reference.skills().iter().filter(|skill| !skill.broader.is_empty()).count();
    assert!(related >= 100, "{related} skills have a broader one");
    for mode in TravelMode::ALL {
        assert!(reference.speeds().iter().any(|speed| speed.mode == *mode), "{mode}");
    }
}

#[test]
fn no_label_stands_for_two_things() {
    let reference = Reference::read_starter().expect("every table can be read");
    for skill in reference.skills() {
        for label in skill.labels() {
            let found = reference.skill_labelled(label).expect(label);
            assert_eq!(found.uri, skill.uri, "{label} stands for {} and {}", found.label_nl, skill.label_nl);
        }
    }
    for occupation in reference.occupations() {
        for label in occupation.labels() {
            let found = reference.occupation_labelled(label).expect(label);
            assert_eq!(found.uri, occupation.uri, "{label} stands for {} and {}", found.label_nl, occupation.label_nl);
        }
    }
    let with_others = reference.skills().iter().filter(|skill| !skill.alternatives_nl.is_empty()).count();
    assert!(with_others * 10 > reference.skills().len() * 8, "{with_others} skills have other labels");
    assert!(reference.occupations().iter().all(|occupation| !occupation.alternatives_nl.is_empty()));
}

#[test]
fn the_words_that_people_use_find_what_they_mean() {
    let reference = Reference::starter();
    for (word, label) in [
        ("stuken", "stukadoren"),
        ("Timmeren", "timmerwerk"),
        ("lassen", "lastechnieken"),
        ("HEFTRUCK  rijden", "heftruck rijden"),
        ("heftruck", "heftruck rijden"),
        ("EHBO", "eerste hulp"),
        ("welding techniques", "lastechnieken"),
        ("patientveiligheid", "veiligheid van zorgvragers bewaken"),
    ] {
        assert_eq!(reference.skill_labelled(word).map(|skill| skill.label_nl.as_str()), Some(label), "{word}");
    }
    for (word, label) in [
        ("draaier", "draaier metaal"),
        ("verspaner", "draaier metaal"),
        ("kasmedewerker", "medewerker glastuinbouw"),
        ("elektricien", "elektromonteur"),
        ("conciërge", "conciërge"),
        ("Concierge", "conciërge"),
    ] {
        assert_eq!(reference.occupation_labelled(word).map(|occupation| occupation.label_nl.as_str()), Some(label), "{word}");
    }
    // Suggestions look at every word, and name the Dutch label.
    for (word, label) in
        [("stuke", "stukadoren"), ("lassne", "lastechnieken"), ("heftruk", "heftruck rijden"), ("ordrepicken", "orders verzamelen")]
    {
        assert!(reference.skill_labelled(word).is_none(), "{word}");
        assert_eq!(reference.suggest_skills(word).first().map(String::as_str), Some(label), "{word}");
    }
    assert_eq!(reference.suggest_occupations("kasmedewerkster").first().map(String::as_str), Some("medewerker glastuinbouw"));
}

#[test]
fn a_question_in_the_words_of_people_asks_for_the_codes() {
    let ask_for = |skill: &str, occupation: &str| {
        let mut request = QueryRequest::new(Kind::Vacancy);
        request.skills = vec![label(skill)];
        request.occupations = vec![CodeAsked { uri: None, label: Some(occupation.to_owned()) }];
        ask(&request).expect("a query").criteria
    };
    assert_eq!(ask_for("Lassen", "TIG-lasser"), ask_for("lastechnieken", "lasser"));
}

#[test]
fn labels_become_codes_with_weights_and_relatives() {
    let mut request = QueryRequest::new(Kind::Vacancy);
    request.skills = vec![label("Elektriciteit"), label("welding techniques")];
    request.occupations = vec![CodeAsked { uri: None, label: Some("onderhoudsmonteur machines".to_owned()) }];
    request.text = Some("Monteur voor de windmolens".to_owned());
    request.travel = Some(TravelAsked { from: "Emmeloord".to_owned(), mode: None, max_minutes: Some(30), max_kilometres: None });
    let query = ask(&request).expect("a query");
    assert_eq!(query.criteria.skills.len(), 2);
    assert!(query.criteria.skills.iter().any(|skill| !skill.related.is_empty()));
    assert_eq!(query.criteria.text.iter().map(|term| term.term.as_str()).collect::<Vec<_>>(), ["monteur", "windmolen"]);
    assert!(query.criteria.text[0].weight < query.criteria.text[1].weight, "telling words weigh more");
    assert!(query.criteria.travel.expect("asked").reach.len() > 10);
}

#[test]
fn what_no_table_knows_is_named_with_the_nearest() {
    let mut request = QueryRequest::new(Kind::Vacancy);
    request.skills = vec![label("elektricitijd")];
    request.occupations = vec![CodeAsked { uri: None, label: Some("elektromontuer".to_owned()) }];
    request.travel = Some(TravelAsked { from: "Emeloord".to_owned(), mode: None, max_minutes: Some(30), max_kilometres: None });
    let findings = ask(&request).expect_err("unknown");
    let said =
        |pointer: &str| findings.iter().find(|finding| finding.pointer == pointer).map(|finding| (finding.code, finding.message.clone()));
    for (pointer, nearest) in
        [("/skills/0/label", "elektriciteit"), ("/occupations/0/label", "elektromonteur"), ("/travel/from", "Emmeloord")]
    {
        let (code, message) = said(pointer).expect(pointer);
        assert_eq!(code, FindingCode::UnknownCode);
        assert!(message.contains(nearest), "{message}");
    }
    request.travel = Some(TravelAsked { from: "8399".to_owned(), mode: None, max_minutes: Some(30), max_kilometres: None });
    let findings = ask(&request).expect_err("unknown");
    assert!(findings.iter().any(|finding| finding.message.contains("8398 Blesdijke")), "by number: {findings:?}");
}

#[test]
fn a_gap_is_what_the_occupation_needs_and_the_worker_lacks() {
    let occupation = Reference::starter().occupation_labelled("elektromonteur").expect("known");
    let held = &occupation.skills[0].0;
    let mut request = QueryRequest::new(Kind::Training);
    request.gap = Some(GapAsked {
        occupation: CodeAsked { uri: None, label: Some("elektromonteur".to_owned()) },
        skills: vec![SkillAsked { uri: Some(held.clone()), label: None, importance: None }],
    });
    let query = ask(&request).expect("a query");
    assert_eq!(query.criteria.skills.len(), occupation.skills.len() - 1);
    assert!(query.criteria.skills.iter().all(|skill| skill.uri != *held));
}

#[test]
fn every_fault_is_said_at_once() {
    let text = br#"{"kind":"vacancy","limit":0,"deadlineMs":1,"hours":{"min":9,"max":8},"level":{"min":11},"skills":[{}],"travel":{"from":"8302"}}"#;
    let findings = ask(&QueryRequest::parse(text).expect("the form is right")).expect_err("refused");
    for pointer in ["/limit", "/deadlineMs", "/hours", "/level", "/skills/0", "/travel"] {
        assert!(findings.iter().any(|finding| finding.pointer == pointer), "{pointer} in {findings:?}");
    }
    let unknown = QueryRequest::parse(br#"{"kind":"vacancy","sharring":true,"sectors":["Z"]}"#).expect_err("refused");
    assert!(unknown.iter().any(|finding| finding.message.contains("sharing")), "{unknown:?}");
    assert!(unknown.iter().any(|finding| finding.pointer == "/sectors/0"), "{unknown:?}");
    assert!(QueryRequest::parse(br#"{"kind":"vacancy","kind":"training"}"#).is_err());
}

#[test]
fn what_is_wrong_with_a_form_is_said_where_it_stands() {
    for (text, pointer, said) in [
        (r#"{"kind":"vacancy","travel":{"from":"8302","maxKm":3}}"#, "/travel", "the nearest it has: maxKilometres;"),
        (r#"{"kind":"vacancy","travel":{"from":"8302","speed":3}}"#, "/travel", "; it has "),
        (r#"{"kind":"vacancy","limit":1.0}"#, "/limit", "an integer, written without fraction or exponent"),
        (r#"{"kind":"vacancy","hours":{"min":8,"max":1.6e1}}"#, "/hours/max", "an integer, written without fraction or exponent"),
        (
            r#"{"kind":"vacancy","languages":[{"language":"nederlands","level":"B2"}]}"#,
            "/languages/0/language",
            "two letters of ISO 639-1, such as nl",
        ),
        (r#"{"kind":"vacatures"}"#, "/kind", "allowed are vacancy, training, skill-offer"),
        (r#"{"kind":"Vacancy"}"#, "/kind", "; the nearest is vacancy"),
        (r#"{"kind":"vacancy","contracts":["permanant"]}"#, "/contracts/0", "; the nearest is permanent"),
        (r#"{"kind":"vacancy","skills":[{"uri":"skill 1"}]}"#, "/skills/0/uri", "an http or https address"),
    ] {
        let findings = QueryRequest::parse(text.as_bytes()).expect_err("refused");
        assert_eq!(findings.iter().map(|finding| finding.pointer.as_str()).collect::<Vec<_>>(), [pointer], "{text}: {findings:?}");
        assert!(findings[0].message.contains(said) && !findings[0].message.contains('"'), "{text}: {findings:?}");
    }
    let invented = QueryRequest::parse(br#"{"kind":"vacancy","geheim":{"limit":1.5}}"#).expect_err("refused");
    assert!(invented.iter().all(|finding| !finding.pointer.contains("geheim")), "{invented:?}");
}

#[test]
fn only_what_is_much_like_a_label_is_suggested() {
    let reference = Reference::starter();
    assert!(!reference.suggest_skills("beveiliger").contains(&"motortester voertuigen".to_owned()));
    for noise in ["xyzzy", "astronaut", "toverkunstenaar", "zweefvliegen", "q", "de", "koorddanser"] {
        assert_eq!(reference.suggest_skills(noise), Vec::<String>::new(), "{noise}");
    }
    for noise in ["xyzzy", "koorddanser", "toverkunstenaar", "q"] {
        assert_eq!(reference.suggest_occupations(noise), Vec::<String>::new(), "{noise}");
    }
}
