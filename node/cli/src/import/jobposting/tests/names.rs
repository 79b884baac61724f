//! Names of members and types with prefixes, and members that are given twice.

use super::*;

#[test]
fn prefixes_say_nothing() {
    for prefix in ["schema:", "sdo:", "https://schema.org/", "http://schema.org/", "https://www.schema.org/"] {
        let text = r#"{"@context": {"schema": "https://schema.org/"}, "@type": "P:JobPosting", "P:title": "Lasser", "P:description": {"@value": "Je last."},
            "P:identifier": "V-1", "P:employmentType": "P:FULL_TIME", "P:hiringOrganization": {"@type": "P:Organization", "P:name": "Las BV"},
            "P:jobLocation": {"P:address": {"P:postalCode": "8302 AB"}}}"#;
        let found = mapped(read(&text.replace("P:", prefix)).expect("JSON"));
        assert_eq!((&found.document["title"], &found.document["employer"]["name"]), (&json!("Lasser"), &json!("Las BV")), "{prefix}");
        assert_eq!((&found.document["location"]["postcode"], &found.document["hours"]["min"]), (&json!("8302AB"), &json!(36)));
        assert!(!has_note(&found, "not mapped"), "{:?}", found.notes);
    }
}

#[test]
fn a_member_that_is_given_twice_is_said() {
    let text = r#"{"@type": "JobPosting", "title": "Lasser", "schema:title": "Slijper", "description": "Je last.", "identifier": "1", "identifier": "1",
        "hiringOrganization": {"name": "Las BV", "name": "Slijp BV"}}"#;
    let found = mapped(read(text).expect("JSON"));
    assert_eq!((&found.document["title"], &found.document["employer"]["name"]), (&json!("Slijper"), &json!("Slijp BV")));
    assert!(
        has_note(&found, "given more than once, differently; the last one counts (hiringOrganization.name, title)"),
        "{:?}",
        found.notes
    );
    assert!(!has_note(&found, "not mapped"), "{:?}", found.notes);
}

#[test]
fn references_are_followed_within_members() {
    let found = mapped(json!({"@context": "https://schema.org", "@graph": [
        {"@type": "PostalAddress", "@id": "#adres", "postalCode": "8302 AB"},
        {"@type": "Place", "@id": "#plek", "address": {"@id": "#adres"}},
        {"@type": "Organization", "@id": "#org", "name": "Las BV"},
        [{"@type": "JobPosting", "@id": "#1", "title": "Lasser", "description": "Je last.", "hiringOrganization": [{"@id": "#org"}], "jobLocation": [{"@id": "#plek"}]}]
    ]}));
    assert_eq!((&found.document["location"]["postcode"], &found.document["employer"]["name"]), (&json!("8302AB"), &json!("Las BV")));
}
