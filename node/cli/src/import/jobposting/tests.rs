//! JobPostings in shapes that sites really use.

use polder_model::{Kind, offer};

use super::*;

mod names;
mod places;
mod work;

fn mapped(posting: Value) -> Mapped {
    let found = find(&posting, &posting);
    assert_eq!(found.len(), 1, "one posting");
    let mapped = map(&found[0]);
    let text = mapped.document.to_string();
    assert_eq!(offer::parse(Kind::Vacancy, text.as_bytes()).err(), None, "{text}");
    mapped
}

fn has_note(mapped: &Mapped, part: &str) -> bool {
    mapped.notes.iter().any(|note| note.to_string().contains(part))
}

/// A posting that has what a vacancy needs, and these members.
fn with(members: &Value) -> Mapped {
    let mut posting =
        json!({"@type": "JobPosting", "title": "Lasser", "description": "Je last.", "hiringOrganization": "Las BV", "identifier": "1"});
    for (name, value) in members.as_object().expect("members") {
        posting[name] = value.clone();
    }
    mapped(posting)
}

#[test]
fn a_posting_as_search_engines_document_it() {
    let found = mapped(json!({
        "@context": "https://schema.org/", "@type": "JobPosting", "title": "Lasser &amp; constructiebankwerker",
        "description": "<p>Je last in onze werkplaats.</p><ul><li>MIG/MAG</li></ul>",
        "identifier": {"@type": "PropertyValue", "name": "Las BV", "value": "V-2041"},
        "datePosted": "2026-11-01", "validThrough": "2026-12-31T00:00", "employmentType": ["FULL_TIME", "CONTRACTOR"],
        "hiringOrganization": {"@type": "Organization", "name": "Las BV", "sameAs": "https://las.example",
            "identifier": {"@type": "PropertyValue", "propertyID": "KvK", "value": "12345678"}},
        "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "streetAddress": "Werkweg 1", "addressLocality": "Emmeloord",
            "postalCode": "8302 ab", "addressCountry": "NL"}},
        "baseSalary": {"@type": "MonetaryAmount", "currency": "EUR", "value": {"@type": "QuantitativeValue", "minValue": 2500, "maxValue": "3.200,50", "unitText": "MONTH"}},
        "educationRequirements": {"@type": "EducationalOccupationalCredential", "credentialCategory": "MBO niveau 2"},
        "totalJobOpenings": "2", "url": "https://las.example/vacatures/2041", "jobBenefits": "Fruit"
    }));
    let document = &found.document;
    assert_eq!(found.key.as_ref().map(OfferKey::as_str), Ok("V-2041"));
    assert_eq!(document["title"], "Lasser & constructiebankwerker");
    assert_eq!(document["description"], "Je last in onze werkplaats.\n\n- MIG/MAG");
    assert_eq!(document["employer"], json!({"name": "Las BV", "kvk": "12345678"}));
    assert_eq!(document["closingDate"], "2026-12-31");
    assert_eq!(document["hours"], json!({"min": 36, "max": 40}));
    assert_eq!(document.get("contracts"), None);
    assert_eq!(document["salary"], json!({"min": 250_000, "max": 320_050, "currency": "EUR", "period": "month"}));
    assert_eq!((&document["location"]["postcode"], &document["location"]["place"]), (&json!("8302AB"), &json!("Emmeloord")));
    assert!(document["location"]["municipality"].as_str().is_some_and(|code| code.starts_with("GM")));
    assert_eq!((&document["minimumEducation"], &document["positions"]), (&json!(20), &json!(2)));
    assert_eq!(document["application"], json!({"url": "https://las.example/vacatures/2041"}));
    for part in ["datePosted:", "the contract is left open", "an assumption from employmentType", "not mapped (jobBenefits)"] {
        assert!(has_note(&found, part), "{part}: {:?}", found.notes);
    }
}

#[test]
fn a_graph_with_references_as_content_managers_make_it() {
    let found = mapped(json!({"@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "@id": "https://x.example/#page"},
        {"@type": "Organization", "@id": "https://x.example/#org", "name": "Polderzorg"},
        {"@type": ["JobPosting", "Thing"], "@id": "https://x.example/baan/1", "title": "Verzorgende", "description": "&lt;p&gt;Zorg.&lt;/p&gt;&lt;p&gt;Meer.&lt;/p&gt;",
         "hiringOrganization": {"@id": "https://x.example/#org"}, "jobLocation": [{"address": {"addressLocality": "Lelystad"}}, {"address": {"addressLocality": "Almere"}}],
         "workHours": "24-32 uur per week", "employmentType": "PART_TIME"}]}));
    assert_eq!(found.document["employer"]["name"], "Polderzorg");
    assert_eq!(found.document["description"], "Zorg.\n\nMeer.");
    assert_eq!(found.document["hours"], json!({"min": 24, "max": 32}));
    assert_eq!(found.document["location"]["place"], "Lelystad");
    assert!(
        has_note(&found, "is that of the place")
            && has_note(&found, "one place; the first that is known is kept, the others are left out (Almere)"),
        "{:?}",
        found.notes
    );
    assert!(found.key.expect("a key").as_str().starts_with("jp-"));
}

#[test]
fn a_list_of_remote_work_with_texts_for_everything() {
    let found = mapped(json!({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": {
        "@type": "http://schema.org/JobPosting", "title": "Data-analist", "description": "Tekst", "hiringOrganization": "Cijfers BV", "jobLocationType": "TELECOMMUTE",
        "applicantLocationRequirements": {"@type": "Country", "name": "NL"}, "occupationalCategory": "data-analist",
        "skills": "lassen, kwantumbreien; toverspreuken", "qualifications": "<b>Rijbewijs</b> B", "baseSalary": 2500,
        "educationRequirements": "hbo werk- en denkniveau", "workHours": "ma t/m vr", "identifier": 77, "url": "http://cijfers.example"}}]}));
    let description = found.document["description"].as_str().expect("text");
    assert_eq!((&found.document["location"], &found.document["minimumEducation"]), (&json!({"remoteShare": 100}), &json!(60)));
    assert_eq!(found.document["occupations"][0]["label"]["nl"], "data-analist");
    assert!(found.document.get("salary").is_none() && found.document.get("hours").is_none());
    assert!(found.document.get("application").is_none());
    for part in ["kwantumbreien, toverspreuken", "Rijbewijs B", "ma t/m vr"] {
        assert!(description.contains(part), "{part}: {description}");
    }
    for part in [
        "not in the tables, kept in the description (kwantumbreien, toverspreuken)",
        "for which period is not said",
        "url: not an https address",
        "not mapped (applicantLocationRequirements)",
    ] {
        assert!(has_note(&found, part), "{part}: {:?}", found.notes);
    }
    assert_eq!(found.key.as_ref().map(OfferKey::as_str), Ok("77"));
}

#[test]
fn a_posting_from_elsewhere_invents_no_place() {
    let found = mapped(
        json!({"@type": "JobPosting", "title": "Soudeur", "description": "Texte", "hiringOrganization": {"name": "Soude SA"}, "url": "https://s.example/1",
        "jobLocation": {"address": {"postalCode": "1000", "addressLocality": "Brussel-Nergenshuizen", "addressCountry": {"name": "BE"}}},
        "baseSalary": {"currency": "USD", "value": {"value": 10, "unitText": "HOUR"}}}),
    );
    assert!(found.document.get("location").is_none() && found.document.get("salary").is_none());
    assert!(has_note(&found, "no Dutch postcode") && has_note(&found, "not in euros"), "{:?}", found.notes);
}

#[test]
fn the_same_posting_gets_the_same_key() {
    let key = |posting: &Value| key::of(posting).map(|key| key.to_string());
    let with_spaces = json!({"identifier": {"value": "REQ 12/3"}});
    assert_eq!(key(&with_spaces), key(&with_spaces));
    assert_ne!(key(&with_spaces), key(&json!({"identifier": {"value": "REQ 12/4"}})));
    assert!(key(&json!({"title": "x"})).is_err());
}

#[test]
fn a_posting_without_an_employer_is_refused_not_completed() {
    let found = map(&json!({"@type": "JobPosting", "title": "Lasser", "description": "x", "identifier": "1"}));
    let findings = offer::parse(Kind::Vacancy, found.document.to_string().as_bytes()).expect_err("refused");
    assert!(findings.iter().any(|finding| finding.pointer == "/employer/name"), "{findings:?}");
}

#[test]
fn long_descriptions_are_cut() {
    let found = mapped(
        json!({"@type": "JobPosting", "title": "x".repeat(300), "description": "woord ".repeat(3_000), "hiringOrganization": "A", "identifier": "1"}),
    );
    assert!(found.document["description"].as_str().is_some_and(|text| text.chars().count() <= LONGEST_DESCRIPTION));
    assert!(has_note(&found, "description: cut") && has_note(&found, "title: cut"));
}
