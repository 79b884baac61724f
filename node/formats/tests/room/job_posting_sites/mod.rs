//! JobPostings in shapes that sites really use.

mod places;
mod work;

use polder_formats::job_posting;
use polder_formats::report::Record;
use serde_json::{Value, json};

use crate::{context, only, refused};

fn mapped(posting: &Value) -> Record {
    only(job_posting::read(posting.to_string().as_bytes(), context()))
}

/// Whether a note says this: what became of a field, and of what it is said.
fn has_note(record: &Record, part: &str) -> bool {
    record.notes.iter().any(|note| format!("{note} ({})", note.of).contains(part))
}

fn description(record: &Record) -> &str {
    record.document["description"].as_str().expect("text")
}

/// A posting that has what a vacancy needs, and these members.
fn with(members: &Value) -> Record {
    let mut posting =
        json!({"@type": "JobPosting", "title": "Lasser", "description": "Je last.", "hiringOrganization": "Las BV", "identifier": "1"});
    for (name, value) in members.as_object().expect("members") {
        posting[name] = value.clone();
    }
    mapped(&posting)
}

#[test]
fn what_is_cut_off_is_noted() {
    let skills: Vec<String> = (0..60).map(|number| format!("http://data.europa.eu/esco/skill/{number}")).collect();
    let found = with(&json!({"title": "a ".repeat(300), "description": "woord ".repeat(3_000), "skills": skills}));
    assert_eq!(found.document["skills"].as_array().map(Vec::len), Some(50));
    for note in ["title: cut off after 200 characters", "description: cut off after 10000 characters", "skills: cut off after 50 entries"] {
        assert!(has_note(&found, note), "{note}: {:?}", found.notes);
    }
}

#[test]
fn a_posting_as_search_engines_document_it() {
    let found = mapped(&json!({
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
    assert_eq!((found.key.as_str(), &document["title"]), ("V-2041", &json!("Lasser & constructiebankwerker")));
    assert!(description(&found).starts_with("Je last in onze werkplaats.\n\n- MIG/MAG\n\n"), "{document}");
    assert!(description(&found).contains("Arbeidsvoorwaarden: Fruit") && description(&found).contains("Adres: Werkweg 1"), "{document}");
    assert_eq!(document["employer"], json!({"name": "Las BV", "kvk": "12345678"}));
    assert_eq!((&document["closingDate"], document.get("contracts")), (&json!("2026-12-31"), None));
    assert_eq!(document["salary"], json!({"min": 250_000, "max": 320_050, "currency": "EUR", "period": "month"}));
    assert_eq!((&document["location"]["postcode"], &document["location"]["place"]), (&json!("8302 AB"), &json!("Emmeloord")));
    assert_eq!((&document["minimumEducation"], &document["positions"]), (&json!(20), &json!(2)));
    assert_eq!(document["application"], json!({"url": "https://las.example/vacatures/2041"}));
    for part in [
        "datePosted: left out",
        "does not say which contracts there are (FULL_TIME, CONTRACTOR)",
        "jobBenefits: text kept, not parsed (Fruit)",
    ] {
        assert!(has_note(&found, part), "{part}: {:?}", found.notes);
    }
}

#[test]
fn a_graph_with_references_as_content_managers_make_it() {
    let found = mapped(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "@id": "https://x.example/#page"},
        {"@type": "Organization", "@id": "https://x.example/#org", "name": "Polderzorg"},
        {"@type": ["JobPosting", "Thing"], "@id": "https://x.example/baan/1", "title": "Verzorgende", "description": "&lt;p&gt;Zorg.&lt;/p&gt;&lt;p&gt;Meer.&lt;/p&gt;",
         "hiringOrganization": {"@id": "https://x.example/#org"}, "jobLocation": [{"address": {"addressLocality": "Lelystad"}}, {"address": {"addressLocality": "Almere"}}],
         "workHours": "24-32 uur per week", "employmentType": "PART_TIME"}]}));
    assert_eq!(found.document["employer"]["name"], "Polderzorg");
    assert!(description(&found).starts_with("Zorg.\n\nMeer.\n\n") && description(&found).contains("Ook in: Almere"), "{}", found.document);
    assert_eq!((&found.document["hours"], &found.document["location"]["place"]), (&json!({"min": 24, "max": 32}), &json!("Lelystad")));
    assert!(has_note(&found, "the middle of the place") && found.key.as_str().starts_with("https-x.example-baan-1-"), "{found:?}");
}

#[test]
fn a_list_of_remote_work_with_texts_for_everything() {
    let found = mapped(&json!({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": {
        "@type": "http://schema.org/JobPosting", "title": "Data-analist", "description": "Tekst", "hiringOrganization": "Cijfers BV", "jobLocationType": "TELECOMMUTE",
        "applicantLocationRequirements": {"@type": "Country", "name": "NL"}, "occupationalCategory": "data-analist",
        "skills": "lassen, kwantumbreien; toverspreuken", "qualifications": "<b>Rijbewijs</b> B", "baseSalary": 2500,
        "educationRequirements": "hbo werk- en denkniveau", "workHours": "ma t/m vr", "identifier": 77, "url": "http://cijfers.example"}}]}));
    assert_eq!((&found.document["location"], &found.document["minimumEducation"]), (&json!({"remoteShare": 100}), &json!(60)));
    assert_eq!(found.document["occupations"][0]["label"]["nl"], "data-analist");
    assert_eq!(found.document["skills"].as_array().map(Vec::len), Some(1), "{}", found.document);
    for member in ["salary", "hours", "application"] {
        assert_eq!(found.document.get(member), None);
    }
    for part in
        ["Vaardigheden: kwantumbreien, toverspreuken", "Rijbewijs B", "ma t/m vr", "Salaris: 2500", "Webadres: http://cijfers.example"]
    {
        assert!(description(&found).contains(part), "{part}: {}", description(&found));
    }
    assert!(has_note(&found, "skills: text kept, not parsed (kwantumbreien, toverspreuken)"), "{:?}", found.notes);
    assert_eq!(found.key.as_str(), "77");
}

#[test]
fn a_posting_from_elsewhere_invents_no_place() {
    let found = mapped(
        &json!({"@type": "JobPosting", "title": "Soudeur", "description": "Texte", "hiringOrganization": {"name": "Soude SA"}, "url": "https://s.example/1",
        "jobLocation": {"address": {"postalCode": "1000", "addressLocality": "Brussel-Nergenshuizen", "addressCountry": {"name": "BE"}}},
        "baseSalary": {"currency": "USD", "value": {"value": 10, "unitText": "HOUR"}}}),
    );
    assert!(found.document.get("location").is_none() && found.document.get("salary").is_none());
    assert!(has_note(&found, "no Dutch postcode") && description(&found).contains("Salaris: 10 USD hour"), "{found:?}");
}

#[test]
fn prefixes_say_nothing() {
    for prefix in ["schema:", "sdo:", "https://schema.org/", "http://schema.org/", "https://www.schema.org/"] {
        let text = r#"{"@context": {"schema": "https://schema.org/"}, "@type": "P:JobPosting", "P:title": "Lasser", "P:description": {"@value": "Je last."},
            "P:identifier": "V-1", "P:employmentType": "P:TEMPORARY", "P:hiringOrganization": {"@type": "P:Organization", "P:name": "Las BV"},
            "P:baseSalary": {"P:currency": "EUR", "P:minValue": 20, "P:unitText": "P:HOUR"}, "P:jobLocation": {"P:address": {"P:postalCode": "8302 AB"}}}"#;
        let found = only(job_posting::read(text.replace("P:", prefix).as_bytes(), context()));
        assert_eq!((&found.document["title"], &found.document["employer"]["name"]), (&json!("Lasser"), &json!("Las BV")), "{prefix}");
        assert_eq!((&found.document["location"]["postcode"], &found.document["salary"]["min"]), (&json!("8302 AB"), &json!(2_000)));
        assert_eq!((&found.document["contracts"][0]["form"], found.notes.as_slice()), (&json!("fixed-term"), &[][..]), "{prefix}");
    }
    let twice =
        r#"{"@type": "JobPosting", "title": "Lasser", "schema:title": "Slijper", "description": "x", "hiringOrganization": "Las BV"}"#;
    assert_eq!(refused(&job_posting::read(twice.as_bytes(), context())), [("record 1, line 1".to_owned(), "", "not-of-the-format")]);
}

#[test]
fn references_are_followed_within_members_and_between_scripts() {
    let found = mapped(&json!({"@context": "https://schema.org", "@graph": [
        {"@type": "PostalAddress", "@id": "#adres", "postalCode": "8302 AB"},
        {"@type": "Place", "@id": "#plek", "address": {"@id": "#adres"}},
        {"@type": "Organization", "@id": "#org", "name": "Las BV"},
        {"@type": "JobPosting", "@id": "#1", "title": "Lasser", "description": "Je last.", "hiringOrganization": [{"@id": "#org"}], "jobLocation": [{"@id": "#plek"}]}
    ]}));
    assert_eq!((&found.document["location"]["postcode"], &found.document["employer"]["name"]), (&json!("8302 AB"), &json!("Las BV")));
    let page = r##"<html><script type="application/ld+json">{"@type": "Organization", "@id": "#org", "name": "Zorg BV"}</script>
        <script type="application/ld+json">{"@graph": [[{"@type": "JobPosting", "title": "Kok", "description": "x", "identifier": "2", "hiringOrganization": {"@id": "#org"}}]]}</script>"##;
    assert_eq!(only(job_posting::read(page.as_bytes(), context())).document["employer"]["name"], "Zorg BV");
    // A thing that refers to itself ends.
    let turning = json!([{"@type": "Organization", "@id": "#a", "name": "A", "parentOrganization": {"@id": "#a"}},
        {"@type": "JobPosting", "title": "Kok", "description": "x", "identifier": "2", "hiringOrganization": {"@id": "#a"}}]);
    assert_eq!(mapped(&turning).document["employer"]["name"], "A");
}

#[test]
fn line_breaks_inside_texts_are_read_with_a_note_and_lines_stay() {
    let one = |key: u8| {
        format!(
            "{{\"@type\": \"JobPosting\", \"title\": \"Kok\", \"description\": \"Eerst.\r\nDan.\", \"identifier\": \"{key}\", \"hiringOrganization\": \"A\"}}"
        )
    };
    let whole = json!({"@type": "JobPosting", "title": "Kok", "description": "x", "identifier": "9", "hiringOrganization": "A"});
    let script = |text: &str| format!("<script type=\"application/ld+json\">{text}</script>\n");
    for (text, lines, repaired) in [
        (format!("[\n{},\n{}]", one(1), one(2)), vec![2, 4], vec![true, true]),
        (format!("<html>\n{}{}", script(&one(1)), script(&whole.to_string())), vec![2, 4], vec![true, false]),
    ] {
        let read = job_posting::read(text.as_bytes(), context());
        assert_eq!(read.refused, []);
        assert_eq!(read.records.iter().filter_map(|record| record.place.line).collect::<Vec<_>>(), lines, "{text}");
        assert!(read.records[0].document["description"].as_str().is_some_and(|text| text.starts_with("Eerst.\nDan.")));
        assert_eq!(read.records.iter().map(|record| has_note(record, "line breaks")).collect::<Vec<_>>(), repaired);
    }
}

#[test]
fn the_number_of_an_employer_is_one_where_it_is_said_so() {
    let of = |organisation: Value| with(&json!({"hiringOrganization": organisation})).document["employer"]["kvk"].clone();
    for organisation in [
        json!({"name": "A", "iso6523Code": "0106:12345678"}),
        json!({"name": "A", "identifier": "KvK: 12345678"}),
        json!({"name": "A", "identifier": [{"name": "Kamer van Koophandel", "value": 12_345_678}]}),
    ] {
        assert_eq!(of(organisation.clone()), "12345678", "{organisation}");
    }
    assert_eq!(of(json!({"name": "A", "identifier": {"name": "intern", "value": "12345678"}})), Value::Null);
}

#[test]
fn long_texts_are_cut_and_what_stands_in_the_description_is_not_said_twice() {
    let cut = with(&json!({"title": "x".repeat(300), "description": "woord ".repeat(3_000)}));
    assert!(has_note(&cut, "description: cut off after 10000") && has_note(&cut, "title: cut off after 200"), "{:?}", cut.notes);
    let tasks = "U last in de werkplaats en u slijpt de naden glad.";
    let once = with(&json!({"description": format!("Welkom. {tasks}"), "responsibilities": tasks}));
    assert_eq!(description(&once).matches("slijpt").count(), 1);
}
