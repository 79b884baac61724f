//! schema.org JobPosting, in and out.

use polder_formats::{NotPublic, job_posting};
use polder_model::OfferKey;
use polder_random::Random;
use serde_json::{Value, json};

use crate::{assert_valid, context, made, mangled, notes, only, refused};

fn day(text: &str) -> polder_model::Date {
    text.parse().expect("a date")
}

fn key() -> OfferKey {
    "V-2041".parse().expect("a key")
}

/// What of a vacancy a JobPosting can carry, and how it comes back.
fn carried(vacancy: &Value) -> Value {
    let mut carried = vacancy.clone();
    let members = carried.as_object_mut().expect("an object");
    for lost in ["terms", "workingTimes", "season", "welcomesSharing", "languages", "licences"] {
        members.remove(lost);
    }
    if let Some(Value::Array(skills)) = members.get_mut("skills") {
        skills.retain(|skill| skill.get("importance").is_none_or(|importance| importance == "essential"));
        for skill in skills {
            skill.as_object_mut().expect("a skill").retain(|name, _| name != "level" && name != "importance");
        }
    }
    if let Some(Value::Array(contracts)) = members.get_mut("contracts") {
        let kept = ["fixed-term", "freelance", "internship", "volunteer"];
        contracts.retain(|contract| kept.iter().any(|form| contract["form"] == *form));
        for contract in contracts {
            contract.as_object_mut().expect("a contract").remove("recognisedTrainingCompany");
        }
    }
    if let Some(location) = members.get_mut("location").and_then(Value::as_object_mut)
        && location.get("remoteShare").is_some_and(|share| share != 100)
    {
        location.remove("remoteShare");
    }
    members.retain(|_, value| !matches!(value, Value::Array(list) if list.is_empty()));
    carried
}

#[test]
fn a_round_trip_loses_nothing_that_a_posting_can_carry() {
    for seed in 0..150 {
        let vacancy = made::vacancy(&mut Random::new(seed));
        let written = job_posting::write(&key(), vacancy.to_string().as_bytes(), day("2026-11-01"), context().today).expect("for everyone");
        let record = only(job_posting::read(written.value.to_string().as_bytes(), context()));
        assert_eq!(record.document, carried(&vacancy), "seed {seed}: {}", written.value);
        assert_eq!(record.key, key());
        assert!(notes(&record).iter().all(|note| *note == ("datePosted", "left-out")), "seed {seed}: {:?}", record.notes);
        // What is lost is named, and nothing else is.
        assert_eq!(written.lost.is_empty(), carried(&vacancy) == without(&vacancy), "seed {seed}: {:?}", written.lost);
        let again = job_posting::write(&key(), record.document.to_string().as_bytes(), day("2026-11-01"), context().today).expect("again");
        assert_eq!(again.value["description"], written.value["description"]);
    }
}

/// Without the terms, which are for the node alone, and without what says nothing.
fn without(vacancy: &Value) -> Value {
    let mut vacancy = vacancy.clone();
    let members = vacancy.as_object_mut().expect("an object");
    members.remove("terms");
    for skill in members.get_mut("skills").and_then(Value::as_array_mut).into_iter().flatten() {
        if skill["importance"] == "essential" {
            skill.as_object_mut().expect("a skill").remove("importance");
        }
    }
    if vacancy.pointer("/location/remoteShare") == Some(&json!(0)) {
        vacancy["location"].as_object_mut().expect("a location").remove("remoteShare");
    }
    vacancy
}

#[test]
fn what_is_written_ends_no_script() {
    let vacancy = json!({"title": "</script><script>alert(1)</script>", "description": "<!-- </script>", "employer": {"name": "Proef"}});
    let written =
        job_posting::write(&key(), vacancy.to_string().as_bytes(), day("2026-11-01"), context().today).expect("for everyone").value;
    let page = format!("<!doctype html><script type=\"application/ld+json\">{}</script>", job_posting::for_page(&written));
    assert_eq!(page.matches("</script>").count(), 1, "{page}");
    let record = only(job_posting::read(page.as_bytes(), context()));
    assert_eq!((&record.document["title"], &record.document["description"]), (&vacancy["title"], &vacancy["description"]));
}

#[test]
fn what_is_not_for_everyone_is_not_published() {
    let with = |terms: Value| {
        let vacancy = json!({"title": "Monteur", "description": "Werk.", "employer": {"name": "Proef", "kvk": "90000001"}, "hours": {"min": 8, "max": 9}, "terms": terms});
        job_posting::write(&key(), vacancy.to_string().as_bytes(), day("2026-11-01"), context().today)
    };
    assert_eq!(with(json!({"recipients": ["kvk:12345678"]})).err(), Some(NotPublic::NotForEveryone));
    assert_eq!(with(json!({"recipients": []})).err(), Some(NotPublic::NotForEveryone));
    assert!(matches!(with(json!({"purposes": ["regional-statistics"]})), Err(NotPublic::OtherPurpose(_))));
    assert_eq!(with(json!({"until": "2026-11-29"})).err(), Some(NotPublic::Ended));
    let closing = |last: &str| {
        let vacancy = json!({"title": "Monteur", "description": "Werk.", "employer": {"name": "Proef"}, "hours": {"min": 8, "max": 9}, "closingDate": last});
        job_posting::write(&key(), vacancy.to_string().as_bytes(), day("2026-11-01"), context().today)
    };
    assert_eq!(closing("2026-11-29").err(), Some(NotPublic::Ended));
    assert!(closing("2026-11-30").is_ok());
    let hidden = with(json!({"fields": ["location"]})).expect("for everyone").value;
    assert!(hidden.get("workHours").is_none() && hidden["hiringOrganization"]["name"] == "Proef", "{hidden}");
    assert!(with(json!({"until": "2026-11-30"})).is_ok());
}

fn posting(more: Value) -> Value {
    let mut posting = json!({"@context": "https://schema.org", "@type": "JobPosting", "title": "Lasser", "description": "Lassen.", "identifier": "1",
        "hiringOrganization": {"@type": "Organization", "name": "Proef BV"}});
    posting.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
    posting
}

fn read_one(more: Value) -> polder_formats::report::Record {
    only(job_posting::read(posting(more).to_string().as_bytes(), context()))
}

#[test]
fn what_cannot_be_parsed_is_kept_as_text() {
    let record = read_one(json!({
        "baseSalary": {"@type": "MonetaryAmount", "currency": "USD", "value": {"@type": "QuantitativeValue", "value": "3000", "unitText": "MONTH"}},
        "skills": "kwantumbreien, toverspreuken", "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24},
        "workHours": "ma-vr van 9 tot 17", "employmentType": ["FULL_TIME", "TEMPORARY"], "educationRequirements": "mbo werk- en denkniveau",
        "jobImmediateStart": true, "image": "https://x.example/a.png", "salaryIndication": "veel"}));
    let description = record.document["description"].as_str().expect("text");
    for kept in [
        "Lassen.\n\n",
        "Salaris: 3000 USD month",
        "Vaardigheden: kwantumbreien, toverspreuken",
        "Ervaring: 24 maanden",
        "Werktijden: ma-vr",
        "Dienstverband: FULL_TIME, TEMPORARY",
        "Opleiding: mbo werk",
        "Per direct: ja",
    ] {
        assert!(description.contains(kept), "{kept} in {description}");
    }
    assert!(record.document.get("contracts").is_none() && record.document.get("salary").is_none());
    for note in [("baseSalary", "kept-as-text"), ("image", "left-out"), ("salaryIndication", "unknown-field"), ("skills", "kept-as-text")] {
        assert!(notes(&record).contains(&note), "{note:?} in {:?}", record.notes);
    }
    let said = record.notes.iter().find(|note| note.field == "baseSalary").map(ToString::to_string);
    assert_eq!(said.as_deref(), Some("baseSalary: text kept, not parsed"));
}

#[test]
fn values_are_understood_in_the_forms_that_sites_use() {
    let record = read_one(json!({
        "title": "Lasser &amp; monteur", "description": "&lt;p&gt;Een&lt;/p&gt;&lt;p&gt;Twee&lt;/p&gt;",
        "baseSalary": {"currency": "EUR", "minValue": "2.650,00", "maxValue": 3100, "unitText": "month"},
        "educationRequirements": [{"credentialCategory": "bachelor degree"}, "MBO niveau 4"], "workHours": "32 tot 40 uur per week",
        "jobLocation": [{"address": {"addressLocality": "Almere", "postalCode": "1315 ab", "addressCountry": {"name": "Nederland"}, "streetAddress": "Dorpsstraat 1"}},
            {"address": {"addressLocality": "Gent", "addressCountry": "BE"}}],
        "occupationalCategory": [{"codeValue": "7212", "inCodeSet": "ISCO-08", "name": "Lassers"}, "Techniek"],
        "industry": ["Bouw"], "validThrough": "2027-01-15T23:59:59+01:00", "totalJobOpenings": "3", "url": "https://werk.example/1", "sameAs": "http://werk.example/1"}));
    let document = &record.document;
    assert_eq!(document["title"], "Lasser & monteur");
    assert!(document["description"].as_str().expect("text").starts_with("Een\n\nTwee\n\n"), "{document}");
    assert_eq!(document["salary"], json!({"min": 265_000, "max": 310_000, "currency": "EUR", "period": "month"}));
    assert_eq!((&document["minimumEducation"], &document["hours"]), (&json!(40), &json!({"min": 32, "max": 40})));
    assert_eq!(document["location"], json!({"postcode": "1315 AB", "place": "Almere"}));
    assert_eq!(
        document["occupations"],
        json!([{"scheme": "isco08", "uri": "http://data.europa.eu/esco/isco/C7212", "label": {"nl": "Lassers"}}])
    );
    assert_eq!(
        (&document["closingDate"], &document["positions"], &document["application"]),
        (&json!("2027-01-15"), &json!(3), &json!({"url": "https://werk.example/1"}))
    );
    for kept in ["Ook in: Gent, BE", "Adres: Dorpsstraat 1", "Beroepsgroep: Techniek", "Branche: Bouw", "Webadres: http://werk.example/1"] {
        assert!(document["description"].as_str().is_some_and(|text| text.contains(kept)), "{kept} in {document}");
    }
}

#[test]
fn a_place_without_a_postcode_is_looked_up_or_kept() {
    let at = |address: Value| read_one(json!({"jobLocation": {"@type": "Place", "address": address}}));
    let named = at(json!({"addressLocality": "Urk"}));
    assert!(
        named.document["location"]["postcode"].is_string() && notes(&named).contains(&("jobLocation", "assumed")),
        "{}",
        named.document
    );
    let nowhere = at(json!({"addressLocality": "Verweggistan"}));
    assert!(nowhere.document.get("location").is_none() && notes(&nowhere).contains(&("jobLocation", "kept-as-text")));
    let remote = read_one(json!({"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": {"@type": "Country", "name": "NL"}}));
    assert_eq!(remote.document["location"], json!({"remoteShare": 100}));
}

#[test]
fn a_field_that_breaks_a_rule_is_left_out_and_the_rest_stands() {
    let record = read_one(json!({"jobStartDate": "morgen", "totalJobOpenings": 0,
        "applicationContact": {"email": "geen adres", "telephone": "0320-000001"},
        "baseSalary": {"currency": "EUR", "value": {"value": 9_000_000, "unitText": "HOUR"}}}));
    for field in ["jobStartDate", "totalJobOpenings", "applicationContact", "baseSalary"] {
        assert!(notes(&record).contains(&(field, "not-understood")), "{field}: {:?}", record.notes);
    }
    assert_eq!(
        record.document.as_object().map(|members| members.keys().map(String::as_str).collect::<Vec<_>>()),
        Some(vec!["description", "employer", "title"])
    );
}

#[test]
fn postings_are_found_in_pages_lists_and_lines() {
    let (one, two) = (posting(json!({})), posting(json!({"identifier": "2"})));
    let org = json!({"@type": "Organization", "@id": "#org", "name": "Uit de graaf", "logo": "x"});
    let graph = json!({"@context": {"@vocab": "https://schema.org/", "@language": "en-GB"}, "@graph": [org, {"@type": ["Thing", "schema:JobPosting"], "schema:title": "Welder",
        "description": "Welding.", "identifier": {"value": 7}, "hiringOrganization": {"@id": "#org"}, "skills": "welding"}, {"@type": "WebPage"}]});
    let list = json!({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": one}, two]});
    let feed = json!({"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": one}, {"item": two}]});
    let keys = |input: &str| {
        let read = job_posting::read(input.as_bytes(), context());
        assert_eq!(read.refused, []);
        read.records.iter().map(|record| record.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&json!([one, two]).to_string()), ["1", "2"]);
    assert_eq!(keys(&list.to_string()), ["1", "2"]);
    assert_eq!(keys(&feed.to_string()), ["1", "2"]);
    assert_eq!(keys(&format!("{one}\r\n\r\n{two}\r\n")), ["1", "2"]);
    assert_eq!(
        keys(&format!(
            "\u{feff}<!doctype html>\n<script type=\"application/ld+json\">{one}</script>\n<script type='application/ld+json'>\n{two}</script>"
        )),
        ["1", "2"]
    );
    let found = only(job_posting::read(graph.to_string().as_bytes(), context()));
    assert_eq!((&found.document["employer"]["name"], &found.document["language"]), (&json!("Uit de graaf"), &json!("en")));
    assert_eq!(found.document["description"], "Welding.\n\nSkills: welding");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(one.to_string().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(only(job_posting::read(&utf16, context())).key.as_str(), "1");
}

/// References between things in nested lists cost no more than the input is large.
#[test]
fn references_are_followed_within_bounds() {
    let named = |at: usize| json!({"@type": "Organization", "@id": format!("#{at}"), "name": "B.V.", "description": "x".repeat(10_000)});
    let outer = |at: usize| posting(json!({"identifier": format!("o-{at}"), "hiringOrganization": {"@id": "#1"}}));
    let inner = |at: usize| json!([{"@id": "#x", "@type": "Thing"}, posting(json!({"identifier": format!("i-{at}"), "hiringOrganization": {"@id": "#1"}}))]);
    let mut entries: Vec<Value> = (0..300).map(named).collect();
    entries.extend((0..100).flat_map(|at| [outer(at), inner(at)]));
    let read = job_posting::read(Value::from(entries).to_string().as_bytes(), context());
    assert_eq!((read.records.len(), read.refused.len()), (100, 100), "a thing in another list is not known");
}

#[test]
fn a_bad_record_never_spoils_a_good_one_and_says_its_line() {
    let one = posting(json!({}));
    let twice = r#"{"@type":"JobPosting","title":"a","title":"b"}"#;
    let nameless = r#"{"@type":"JobPosting","title":"Lasser","description":"x"}"#;
    let bsn = posting(json!({"identifier": "3", "description": "bel 111222333"}));
    let input = format!("[\n{twice},\n{nameless},\n{one},\n{one},\n{bsn}]");
    let read = job_posting::read(input.as_bytes(), context());
    assert_eq!(read.records.len(), 1);
    assert_valid(&read.records[0]);
    let expected = [
        ("record 1, line 2", "", "rule"),
        ("record 2, line 3", "hiringOrganization", "missing"),
        ("record 4, line 5", "", "key-twice"),
        ("record 5, line 6", "description", "rule"),
    ];
    assert_eq!(refused(&read), expected.map(|(place, field, code)| (place.to_owned(), field, code)));
    assert!(read.refused.iter().all(|refused| !refused.to_string().contains("111222333")));
    let lines = job_posting::read(format!("{one}\n{{\"@type\": oeps\n{}", posting(json!({"identifier": "2"}))).as_bytes(), context());
    assert_eq!((lines.records.len(), refused(&lines)), (2, vec![("line 2".to_owned(), "", "not-of-the-format")]));
    let page = format!("<script type=\"application/ld+json\">{one}</script>\n\n<script type=\"application/ld+json\">{{]</script>");
    let page = job_posting::read(page.as_bytes(), context());
    assert_eq!((page.records.len(), refused(&page)), (1, vec![("line 3".to_owned(), "", "not-of-the-format")]));
}

#[test]
fn what_is_no_posting_at_all_is_refused_as_a_whole() {
    let code = |bytes: &[u8]| {
        let read = job_posting::read(bytes, context());
        assert!(read.records.is_empty());
        read.refused.iter().map(|refused| refused.why.code()).collect::<Vec<_>>()
    };
    assert_eq!(code(b"<html></html>"), ["nothing-found"]);
    assert_eq!(code(b"{}"), ["nothing-found"]);
    assert_eq!(code(b""), ["not-of-the-format"]);
    assert_eq!(code(b"\xff\xfe\x00"), ["encoding"]);
    assert_eq!(code(b"caf\xe9"), ["encoding"]);
    assert_eq!(code(&vec![b' '; polder_formats::LARGEST_INPUT + 1]), ["too-much"]);
    let deep = format!("{{\"@type\":\"JobPosting\",\"title\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(code(deep.as_bytes()), ["rule"]);
    assert_eq!(code("[".repeat(1_000_000).as_bytes()), ["not-of-the-format"]);
    let many = format!("[{}]", vec!["{\"@type\":\"JobPosting\"}"; 25_002].join(","));
    assert_eq!(code(many.as_bytes()).iter().filter(|code| **code == "too-much").count(), 1);
}

#[test]
fn whatever_comes_in_what_comes_out_is_valid() {
    let mut read = 0;
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let vacancy = made::vacancy(&mut random);
        let written =
            job_posting::write(&key(), vacancy.to_string().as_bytes(), day("2026-11-01"), context().today).expect("for everyone").value;
        let page = random.chance(30);
        let text = if page {
            format!("<script type=\"application/ld+json\">{}</script>", job_posting::for_page(&written))
        } else {
            json!([written]).to_string()
        };
        let out = job_posting::read(&mangled(&mut random, text.as_bytes()), context());
        assert!(!out.records.is_empty() || !out.refused.is_empty(), "seed {seed}: something is said");
        out.records.iter().for_each(assert_valid);
        read += out.records.len();
    }
    assert!(read > 30, "{read}");
}

#[test]
fn of_several_the_first_stands_and_the_others_are_noted() {
    let record = read_one(
        json!({"url": ["https://x.example/1", "https://x.example/2"], "inLanguage": ["en", "nl"], "sameAs": ["https://x.example/1"]}),
    );
    assert_eq!((&record.document["application"]["url"], &record.document["language"]), (&json!("https://x.example/1"), &json!("en")));
    for field in ["url", "inLanguage"] {
        assert!(notes(&record).contains(&(field, "left-out")), "{field} in {:?}", record.notes);
    }
}
