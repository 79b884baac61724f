//! What the tables do not know of an offer is said, and the offer stands.

use polder_model::reference::Reference;
use polder_model::request::{QueryRequest, expand};
use polder_model::{Finding, FindingCode, Kind, offer};
use serde_json::{Value, json};

const UNKNOWN_SKILL: &str = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000000";
const UNKNOWN_OCCUPATION: &str = "http://data.europa.eu/esco/occupation/00000000-0000-4000-8000-000000000000";

fn notes(kind: Kind, document: &Value) -> Vec<Finding> {
    let parsed = offer::parse(kind, document.to_string().as_bytes()).expect("a valid offer");
    parsed.notes(Reference::starter(), "2026-11-30".parse().expect("a day"))
}

#[test]
fn a_closing_date_that_is_over_is_noted() {
    for (day, over) in [("2026-11-29", true), ("2026-11-30", false), ("2027-01-01", false)] {
        let found = notes(Kind::Vacancy, &vacancy(json!({"closingDate": day})));
        let pointers: Vec<&str> = found.iter().map(|note| note.pointer.as_str()).collect();
        assert_eq!(pointers, if over { vec!["/closingDate"] } else { vec![] }, "{day}");
    }
}

fn skill(label: &str) -> Value {
    json!({"uri": UNKNOWN_SKILL, "label": {"nl": label}})
}

fn known_skill() -> Value {
    json!({"uri": Reference::starter().skill_labelled("elektriciteit").expect("known").uri.as_str()})
}

fn occupation(scheme: &str, uri: &str, label: &str) -> Value {
    json!({"scheme": scheme, "uri": uri, "label": {"nl": label}})
}

fn vacancy(more: Value) -> Value {
    let mut document = json!({"title": "Monteur", "description": "Werk.", "employer": {"name": "Proef BV"}});
    let members = more.as_object().expect("an object").clone();
    document.as_object_mut().expect("an object").extend(members);
    document
}

/// Pointers and messages, where every note is about an unknown code.
fn said(notes: &[Finding]) -> Vec<(&str, &str)> {
    assert!(notes.iter().all(|note| note.code == FindingCode::UnknownCode), "{notes:?}");
    notes.iter().map(|note| (note.pointer.as_str(), note.message.as_str())).collect()
}

#[test]
fn what_the_tables_know_needs_no_note() {
    let occupation_known = Reference::starter().occupation_labelled("elektromonteur").expect("known").uri.as_str();
    let document = vacancy(json!({
        "skills": [known_skill()], "occupations": [occupation("esco", occupation_known, "elektromonteur")], "location": {"postcode": "8302 AB"},
    }));
    assert_eq!(notes(Kind::Vacancy, &document), []);
    assert_eq!(notes(Kind::Vacancy, &vacancy(json!({}))), []);
}

#[test]
fn a_vacancy_is_told_member_value_and_nearest() {
    let document = vacancy(json!({
        "skills": [known_skill(), skill("elektricitijd")],
        "occupations": [occupation("esco", UNKNOWN_OCCUPATION, "elektromontuer"), occupation("isco08", "http://data.europa.eu/esco/isco/C7212", "smid")],
        "location": {"postcode": "8399"},
    }));
    let notes = notes(Kind::Vacancy, &document);
    let said = said(&notes);
    assert_eq!(
        said.iter().map(|(pointer, _)| *pointer).collect::<Vec<_>>(),
        ["/skills/1/uri", "/occupations/0/uri", "/occupations/1/uri", "/location/postcode"]
    );
    for (message, (value, nearest)) in said.iter().map(|(_, message)| message).zip([
        (UNKNOWN_SKILL, "elektriciteit"),
        (UNKNOWN_OCCUPATION, "elektromonteur"),
        ("isco/C7212", "lasser"),
        ("8399", "8398 Blesdijke"),
    ]) {
        assert!(message.contains(value) && message.contains(nearest), "{message}");
    }
}

#[test]
fn trainings_are_looked_through_to_their_editions() {
    let document = json!({
        "title": "Lassen", "description": "Leren lassen.", "provider": {"name": "Vakschool"},
        "skillsTaught": [skill("lassen")], "skillsRequired": [known_skill(), skill("meten")],
        "occupations": [occupation("esco", UNKNOWN_OCCUPATION, "lasser")],
        "editions": [{"mode": "on-site", "location": {"postcode": "8302"}}, {"mode": "on-site", "location": {"postcode": "9999"}}],
    });
    let notes = notes(Kind::Training, &document);
    let pointers: Vec<_> = said(&notes).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(pointers, ["/skillsTaught/0/uri", "/skillsRequired/1/uri", "/occupations/0/uri", "/editions/1/location/postcode"]);
}

#[test]
fn notes_about_people_name_no_value() {
    let document = json!({
        "title": "Vakman zoekt werk", "skills": [known_skill(), skill("elektricitijd")], "postcode": "8399",
        "occupationsWanted": [occupation("esco", UNKNOWN_OCCUPATION, "elektromontuer")],
        "occupationsHeld": [occupation("esco", UNKNOWN_OCCUPATION, "toverkunstenmaker")],
    });
    let notes = notes(Kind::SkillOffer, &document);
    let said = said(&notes);
    assert_eq!(
        said.iter().map(|(pointer, _)| *pointer).collect::<Vec<_>>(),
        ["/skills/1/uri", "/occupationsWanted/0/uri", "/occupationsHeld/0/uri", "/postcode"]
    );
    for value in [UNKNOWN_SKILL, UNKNOWN_OCCUPATION, "elektricitijd", "elektromontuer", "toverkunstenmaker", "8399"] {
        assert!(said.iter().all(|(_, message)| !message.contains(value)), "{value} in {said:?}");
    }
    assert!(said[0].1.contains("elektriciteit") && said[3].1.contains("8398"), "{said:?}");
}

#[test]
fn at_most_twenty_are_named_and_the_others_counted() {
    let unknown = |number: usize| json!({"uri": format!("{UNKNOWN_SKILL}{number}")});
    let with = |count: usize| notes(Kind::Vacancy, &vacancy(json!({"skills": (0..count).map(unknown).collect::<Vec<_>>()})));
    assert_eq!(with(20).len(), 20);
    let many = with(27);
    assert_eq!(many.len(), 21);
    assert_eq!((many[19].pointer.as_str(), many[20].pointer.as_str()), ("/skills/19/uri", ""));
    assert!(many[20].message.contains("7 more"), "{:?}", many[20]);
}

fn question(members: Value) -> QueryRequest {
    QueryRequest::parse(members.to_string().as_bytes()).expect("the form is right")
}

#[test]
fn a_question_is_told_which_codes_no_table_knows() {
    let occupation = Reference::starter().occupation_labelled("elektromonteur").expect("known").uri.as_str();
    let asked = question(json!({
        "kind": "training",
        "skills": [known_skill(), {"uri": UNKNOWN_SKILL}, {"uri": occupation}, {"label": "elektriciteit"}],
        "occupations": [{"uri": UNKNOWN_OCCUPATION}, {"uri": occupation}],
        "gap": {"occupation": {"uri": occupation}, "skills": [{"uri": UNKNOWN_SKILL}]},
    }));
    let notes = asked.notes(Reference::starter());
    let said = said(&notes);
    let pointers: Vec<_> = said.iter().map(|(pointer, _)| *pointer).collect();
    assert_eq!(pointers, ["/skills/1/uri", "/skills/2/uri", "/occupations/0/uri", "/gap/skills/0/uri"]);
    assert!(said[1].1.contains("the code of a known occupation"), "{said:?}");
    assert!(said.iter().all(|(_, message)| !message.contains("http")), "no value is named: {said:?}");
    let many: Vec<Value> = (0..23).map(|number| json!({"uri": format!("{UNKNOWN_SKILL}{number}")})).collect();
    let notes = question(json!({"kind": "vacancy", "skills": many})).notes(Reference::starter());
    assert_eq!((notes.len(), notes[20].message.as_str()), (21, "no table knows 3 more member(s) of this question"));
    assert_eq!(question(json!({"kind": "vacancy", "skills": [known_skill()]})).notes(Reference::starter()), []);
}

#[test]
fn what_offers_of_a_kind_never_say_cannot_be_asked() {
    let refused = |members: Value| {
        let (asker, now) = ("kvk:12345678".parse().expect("a partner"), "2026-11-23T12:00:00Z".parse().expect("an instant"));
        let expanded = expand(&question(members), Reference::starter(), &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now);
        expanded.err().unwrap_or_default().into_iter().map(|finding| (finding.pointer, finding.message)).collect::<Vec<_>>()
    };
    let every = |kind: &str| {
        json!({"kind": kind, "contracts": ["permanent"], "languages": [], "licences": ["B"], "sharing": true, "sectors": ["C"],
               "hours": {"min": 8, "max": 16}, "level": {"max": 40}})
    };
    let pointers = |found: Vec<(String, String)>| found.into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>();
    let trainings = refused(every("training"));
    assert!(trainings.iter().all(|(_, message)| message == "trainings do not say this; leave it out"), "{trainings:?}");
    assert_eq!(pointers(trainings), ["/contracts", "/languages", "/licences", "/sharing"]);
    assert_eq!(pointers(refused(every("skill-offer"))), ["/languages", "/licences", "/sharing", "/about"]);
    assert_eq!(refused(every("vacancy")), []);
    assert_eq!(refused(json!({"kind": "training", "contracts": [], "sharing": false})), []);
}
