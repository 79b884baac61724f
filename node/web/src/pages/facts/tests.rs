use serde_json::json;

use super::*;
use crate::pages::bounded::escaped;

/// What a list of results says elsewhere, or is of no use to who looks.
const ELSEWHERE: [&str; 14] = [
    "title",
    "description",
    "language",
    "employer",
    "provider",
    "location",
    "occupations",
    "sectors",
    "programmeCodes",
    "application",
    "enrolment",
    "contact",
    "postcode",
    "terms",
];

fn everything(kind: Kind) -> Value {
    let path = format!("{}/../../schemas/{}/examples/valid/nearly-everything.json", env!("CARGO_MANIFEST_DIR"), kind.as_str());
    serde_json::from_str(&std::fs::read_to_string(path).expect("an example")).expect("JSON")
}

fn said(language: Language, kind: Kind, document: &Value) -> Vec<String> {
    let words = Words::new(language);
    let teller = Teller { words: &words, reference: Reference::starter(), language };
    teller.facts(kind, document, 20_000).into_iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect()
}

#[test]
fn all_that_an_offer_says_is_said() {
    for kind in [Kind::Vacancy, Kind::Training, Kind::SkillOffer] {
        for language in [Language::Nl, Language::En] {
            let whole = everything(kind);
            let facts = said(language, kind, &whole);
            for member in whole.as_object().expect("an object").keys().filter(|member| !ELSEWHERE.contains(&member.as_str())) {
                let mut without = whole.clone();
                without.as_object_mut().expect("an object").remove(member);
                assert_ne!(said(language, kind, &without), facts, "{kind} does not say {member}: {facts:#?}");
            }
            // A message that is not there is said by its name.
            assert!(facts.iter().all(|fact| !fact.contains("fact-") && !fact.contains("offer-")), "{facts:#?}");
        }
    }
    let spoken = said(
        Language::Nl,
        Kind::Vacancy,
        &json!({"languages": [{"language": "en", "level": "B1"}, {"language": "nl", "level": "C1"}],
        "workingTimes": {"dayParts": ["tue-morning", "mon-evening"]}}),
    );
    assert_eq!(spoken, ["Talen: Engels, B1; Nederlands, C1", "Wanneer: maandagavond; dinsdagochtend"]);
}

#[test]
fn whatever_others_write_takes_no_more_of_a_page() {
    let words = Words::new(Language::Nl);
    let teller = Teller { words: &words, reference: Reference::starter(), language: Language::Nl };
    let skills: Vec<Value> = (0..50).map(|number| json!({"uri": format!("http://x/{}{number}", "<".repeat(180))})).collect();
    let document = json!({"skills": skills, "interests": vec!["'\"<&>".repeat(20); 20], "occupationsHeld": skills,
        "application": {"instructions": "<&>".repeat(600), "email": "a@b.nl"}});
    for room in [1_000, 6_000] {
        let facts = teller.facts(Kind::SkillOffer, &document, room);
        let ways = teller.ways(&document, room);
        for said in [&facts, &ways] {
            assert!(!said.is_empty() && escaped(said) <= room + 200, "{room}: {}", escaped(said));
        }
    }
}
