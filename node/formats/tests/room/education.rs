//! The Open Education API, in both versions, and out.

use polder_formats::NotPublic;
use polder_formats::education::{self, Catalogue, Offered, Published, Version};
use polder_formats::report::{NotLive, Read, Record};
use polder_model::Date;
use polder_random::Random;
use serde_json::{Value, json};

use crate::{assert_valid, context, made, notes, refused};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn publish(training: &Value) -> Result<Published, NotPublic> {
    let (partner, key) = ("kvk:90000004".parse().expect("a partner"), "T-1".parse().expect("a key"));
    education::write(&partner, &key, training.to_string().as_bytes(), day("2026-11-01"), context().today)
}

pub(crate) fn sync(
    version: Version,
    organisations: &[Value],
    outcomes: &[Value],
    courses: &[Offered<'_>],
    programmes: &[Offered<'_>],
) -> Read {
    let synced = education::read(&Catalogue { version, provider: None, organisations, outcomes, programmes, courses }, context());
    synced.records.iter().for_each(assert_valid);
    synced
}

pub(crate) fn only(synced: Read) -> Record {
    assert_eq!((&synced.refused, &synced.ended), (&vec![], &vec![]));
    let [record] = <[Record; 1]>::try_from(synced.records).expect("one record");
    record
}

#[test]
fn a_round_trip_through_version_6_loses_nothing() {
    for seed in 0..150 {
        let training = made::training(&mut Random::new(seed));
        let published = publish(&training).expect("for everyone");
        let offered = [Offered { object: &published.object, offerings: &published.offerings }];
        let (programmes, courses): (&[_], &[_]) = if published.programme { (&offered, &[]) } else { (&[], &offered) };
        let record = only(sync(Version::V6, std::slice::from_ref(&published.organisation), &published.outcomes, courses, programmes));
        let mut expected = training.clone();
        expected.as_object_mut().expect("an object").remove("terms");
        assert_eq!(record.document, expected, "seed {seed}: {published:?}");
        assert_eq!(record.notes, [], "seed {seed}");
        let id = if published.programme { "programmeId" } else { "courseId" };
        assert_eq!(published.object[id], record.key.as_str());
    }
}

#[test]
fn what_is_written_follows_version_6() {
    let training = made::training(&mut Random::new(7));
    let published = publish(&training).expect("for everyone");
    let uuid = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        assert!(text.len() == 36 && text.as_bytes()[14] == b'8' && b"89ab".contains(&text.as_bytes()[19]), "{value}");
    };
    for (table, objects) in [
        (if published.programme { education::PROGRAMME_6 } else { education::COURSE_6 }, std::slice::from_ref(&published.object)),
        (education::OFFERING_6, &published.offerings),
        (education::OUTCOME_6, &published.outcomes),
        (education::ORGANISATION_6, std::slice::from_ref(&published.organisation)),
    ] {
        for object in objects {
            for name in object.as_object().expect("an object").keys() {
                assert!(table.field(name).is_some(), "{}: {name}", table.title);
            }
            assert!(object.get("primaryCode").is_some() && object["name"][0]["language"].is_string(), "{object}");
        }
    }
    published.outcomes.iter().for_each(|outcome| uuid(&outcome["learningOutcomeId"]));
    uuid(&published.organisation["organisationId"]);
    assert_eq!(publish(&training), Ok(published), "the same for the same");
}

#[test]
fn what_is_not_for_everyone_is_not_published() {
    let with = |terms: Value| publish(&json!({"title": "Lassen", "description": "Les.", "provider": {"name": "School"}, "terms": terms}));
    assert_eq!(with(json!({"recipients": ["kvk:12345678"]})).err(), Some(NotPublic::NotForEveryone));
    assert!(matches!(with(json!({"purposes": ["regional-statistics"]})), Err(NotPublic::OtherPurpose(_))));
    assert_eq!(with(json!({"until": "2026-11-29"})).err(), Some(NotPublic::Ended));
    assert!(with(json!({"until": "2026-11-30"})).is_ok());
    let closing =
        |last: &str| publish(&json!({"title": "Lassen", "description": "Les.", "provider": {"name": "School"}, "closingDate": last}));
    assert_eq!(closing("2026-11-29").err(), Some(NotPublic::Ended));
    assert!(closing("2026-11-30").is_ok());
}

#[test]
fn the_service_document_says_which_version() {
    let version = |service: Value| education::version(&service).map_err(|why| why.code());
    assert_eq!(
        version(
            json!({"contactEmail": "a@b.example", "specification": "https://x.example/v5/docs.html", "documentation": "https://x.example"})
        ),
        Ok(Version::V5)
    );
    assert_eq!(version(json!({"contactEmail": "a@b.example", "specification": "https://openonderwijsapi.nl/v6.0/"})), Ok(Version::V6));
    assert_eq!(version(json!({"specification": "https://x.example", "supportedOperations": []})), Ok(Version::V6));
    assert_eq!(version(json!({"specification": "https://x.example", "consumers": []})), Ok(Version::V5));
    for neither in [json!({"specification": "https://x.example/v4/"}), json!({}), json!([]), json!({"specification": "v5 v6"})] {
        assert_eq!(version(neither), Err("not-of-the-format"));
    }
}

pub(crate) const ID: &str = "123e4567-e89b-12d3-a456-426614174000";

pub(crate) fn course(more: Value) -> Value {
    let mut course = json!({"courseId": ID, "primaryCode": {"codeType": "identifier", "code": "L1"}, "name": [{"language": "en-GB", "value": "Welding"}, {"language": "nl-NL", "value": "Lassen"}],
        "organisation": {"organisationId": "o", "organisationType": "root", "name": [{"language": "nl-NL", "value": "School"}], "primaryCode": {"codeType": "institution_code", "code": "99zz"}}});
    course.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
    course
}

pub(crate) fn with(course: &Value, offerings: &[Value]) -> Read {
    sync(Version::V6, &[], &[], &[Offered { object: course, offerings }], &[])
}

#[test]
fn an_offering_is_an_edition_while_one_can_enrol() {
    let offering = |more: Value| {
        let mut offering = json!({"courseOfferingId": "o-1", "primaryCode": {"codeType": "offering_code", "code": "najaar"}, "name": []});
        offering.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
        offering
    };
    let because = |offerings: &[Value]| with(&course(json!({})), offerings).ended.first().map(|ended| ended.because);
    // Today is 30 November 2026.
    for live in [
        json!({}),
        json!({"state": "active", "endDateTime": "2026-11-30T00:00:00+01:00"}),
        json!({"enrolmentPeriods": [{"startDateTime": "2026-12-01T00:00:00Z"}]}),
        json!({"enrolmentPeriods": [{"startDateTime": "2025-01-01T00:00:00Z", "endDateTime": "2025-02-01T00:00:00Z"}, {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-31T12:00:00Z"}]}),
    ] {
        assert_eq!(because(&[offering(live.clone())]), None, "{live}");
    }
    for closed in [
        json!({"state": "concept"}),
        json!({"state": "inactive"}),
        json!({"state": "x-later"}),
        // 23:30 in UTC on 28 November is the 29th here.
        json!({"endDateTime": "2026-11-28T23:30:00Z"}),
        json!({"enrolmentPeriods": [{"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-11-29T12:00:00Z"}]}),
        json!({"flexibleEntryPeriodEndDateTime": "2026-11-01T00:00:00Z"}),
    ] {
        assert_eq!(because(&[offering(closed.clone())]), Some(NotLive::NothingOpen), "{closed}");
    }
    assert_eq!(because(&[offering(json!({"state": "cancelled"}))]), Some(NotLive::Cancelled));
    assert_eq!(because(&[offering(json!({"state": "cancelled"})), offering(json!({"state": "concept"}))]), Some(NotLive::NothingOpen));
    assert_eq!(because(&[]), None, "a course that is given on demand");
    let cases = [("validTo", "2026-11-29", NotLive::Past), ("validFrom", "2026-12-01", NotLive::NotYet)];
    for (member, date, expected) in cases {
        let mut course = course(json!({}));
        course[member] = date.into();
        assert_eq!(with(&course, &[]).ended.first().map(|ended| (ended.because, ended.key.as_str())), Some((expected, ID)));
    }
    let one = offering(json!({"startDateTime": "2027-01-31T23:00:00Z", "maxNumberStudents": 20, "enrolledNumberStudents": 25,
        "addresses": [{"addressType": "postal", "postCode": "1011AA"}, {"addressType": "teaching", "postCode": "8225xx", "city": "Lelystad"}],
        "priceInformation": [{"costType": "stap_eligible", "amount": "1"}, {"costType": "total_costs", "amount": "340.84", "currency": "EUR"}],
        "enrolmentPeriods": [{"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2026-12-31T12:00:00Z", "enrolmentUrl": "https://school.example/aanmelden"}]}));
    let record = only(with(&course(json!({})), &[one, offering(json!({"state": "cancelled"}))]));
    let edition = json!({"key": "najaar", "startDate": "2027-02-01", "mode": "on-site", "seats": 0, "location": {"postcode": "8225XX", "place": "Lelystad"}});
    assert_eq!(
        (&record.document["editions"], &record.document["price"]),
        (&json!([edition]), &json!({"amount": 34_084, "currency": "EUR"}))
    );
    assert_eq!(
        (&record.document["closingDate"], &record.document["enrolment"]),
        (&json!("2026-12-31"), &json!({"url": "https://school.example/aanmelden"}))
    );
    assert_eq!(notes(&record), [("name", "left-out"), ("description", "assumed"), ("modesOfDelivery", "assumed")]);
}

#[test]
fn what_is_given_on_demand_keeps_its_place_mode_and_language() {
    let read = |more: Value| {
        let record = only(with(&course(more), &[]));
        let notes: Vec<(String, &str)> = record.notes.iter().map(|note| (note.field.clone(), note.loss.code())).collect();
        (
            record.document["editions"].clone(),
            notes.into_iter().filter(|(field, _)| !["description", "name"].contains(&field.as_str())).collect::<Vec<_>>(),
        )
    };
    let lelystad =
        json!([{"addressType": "postal", "postCode": "1011AA"}, {"addressType": "teaching", "postCode": "8225xx", "city": "Lelystad"}]);
    let place = json!({"postcode": "8225XX", "place": "Lelystad"});
    let said = |field: &str, code| (field.to_owned(), code);
    let whole = json!({"addresses": lelystad, "modesOfDelivery": ["online", "presential"], "teachingLanguages": ["eng"]});
    assert_eq!(read(whole), (json!([{"mode": "blended", "location": place, "language": "en"}]), vec![]));
    assert_eq!(read(json!({"modesOfDelivery": ["online"]})), (json!([{"mode": "online"}]), vec![]));
    // With a place alone it is given there, which is noted; what cannot be said is noted as lost.
    let assumed = vec![said("modesOfDelivery", "assumed")];
    assert_eq!(read(json!({"addresses": lelystad})), (json!([{"mode": "on-site", "location": place}]), assumed));
    // Of several the first stands, and the others are noted as lost.
    let several = json!({"modesOfDelivery": ["online"], "teachingLanguages": ["nld", "eng"], "addresses": [{"city": "Lelystad", "postCode": "8225XX"}, {"city": "Dronten"}]});
    let lost = vec![said("addresses", "left-out"), said("teachingLanguages", "left-out")];
    assert_eq!(read(several), (json!([{"mode": "online", "location": place, "language": "nl"}]), lost));
    let (editions, notes) = read(json!({"teachingLanguages": ["nld"]}));
    assert_eq!((editions, notes), (Value::Null, vec![said("teachingLanguages", "left-out")]));
    let odd = json!({"addresses": [{"countryCode": "BE", "city": "Gent"}], "modesOfDelivery": ["x-boat"], "teachingLanguages": ["?"]});
    let lost = ["addresses", "modesOfDelivery", "teachingLanguages"];
    let (editions, notes) = read(odd);
    assert_eq!((editions, notes.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>()), (Value::Null, lost.to_vec()));
    assert_eq!(read(json!({})), (Value::Null, vec![]), "nothing was said");
    // In the words of version 5; and an offering that one can enrol for says it better.
    let five = json!({"courseId": ID, "name": "Kort", "modeOfDelivery": ["situated"], "teachingLanguage": "nld", "organization": {"organizationId": "x", "name": "School"}});
    let record = only(sync(Version::V5, &[], &[], &[Offered { object: &five, offerings: &[] }], &[]));
    assert_eq!(record.document["editions"], json!([{"mode": "on-site", "language": "nl"}]));
    let offered = only(with(&course(json!({"addresses": lelystad})), &[json!({"courseOfferingId": "o-1", "modesOfDelivery": ["online"]})]));
    assert_eq!(offered.document["editions"], json!([{"key": "o-1", "mode": "online", "location": place}]));
}

#[test]
fn fields_of_version_6_have_their_places() {
    let outcomes = [
        json!({"learningOutcomeId": "lo-1", "primaryCode": {"codeType": "identifier", "code": "LO1"}, "name": [{"language": "nl-NL", "value": "lassen"}],
        "otherCodes": [{"codeType": "x-esco", "code": "http://data.europa.eu/esco/skill/1"}]}),
        json!({"learningOutcomeId": "lo-2", "primaryCode": {"codeType": "identifier", "code": "LO2"}, "name": [{"language": "nl-NL", "value": "netjes werken"}]}),
    ];
    let organisations = [
        json!({"organisationId": "root", "organisationType": "root", "name": [{"language": "nl", "value": "ROC Voorbeeld"}], "primaryCode": {"codeType": "identifier", "code": "x"},
        "otherCodes": [{"codeType": "kvk_organisation_id", "code": "90000004"}, {"codeType": "institution_code", "code": "99ZZ"}]}),
        json!({"organisationId": "afd", "organisationType": "department", "name": [{"language": "nl", "value": "Techniek"}], "parentId": "root"}),
    ];
    let programme = json!({"programmeId": ID, "programmeType": "programme", "primaryCode": {"codeType": "programme_code", "code": "100A001"}, "name": [{"language": "nl-NL", "value": "Lasser"}],
        "description": [{"language": "nl-NL", "value": "<p>Eerst</p><p>dan</p>"}], "studyLoad": [{"studyLoadUnit": "ects", "value": 7.5}, {"studyLoadUnit": "sbu", "value": 1600}], "level": "secondary_vocational_education_3",
        "levelOfQualification": "eqf_3", "qualificationAwarded": "diploma", "formalDocument": "diploma", "modeOfStudy": "part_time", "duration": "P1Y6M",
        "learningOutcomeIds": ["lo-1", "lo-2", "nergens"], "admissionRequirements": [{"language": "nl-NL", "value": "vmbo"}], "resources": ["boek", "helm"],
        "coordinatorIds": ["p-1"], "link": "http://school.example/", "organisationId": "afd", "consumer": {"consumerKey": "rio"}, "nieuw": 1, "abbreviation": null});
    let record = only(sync(Version::V6, &organisations, &outcomes, &[], &[Offered { object: &programme, offerings: &[] }]));
    let document = &record.document;
    assert_eq!(document["provider"], json!({"name": "ROC Voorbeeld", "kvk": "90000004", "institutionCode": "99ZZ"}));
    assert_eq!(document["skillsTaught"], json!([{"uri": "http://data.europa.eu/esco/skill/1", "label": {"nl": "lassen"}}]));
    assert_eq!(
        (&document["level"], &document["credential"], &document["routes"], &document["durationWeeks"]),
        (&json!(30), &json!("mbo-diploma"), &json!(["part-time"]), &json!(78))
    );
    assert_eq!(
        (&document["programmeCodes"], &document["studyLoad"]),
        (&json!([{"scheme": "rio", "code": "100A001"}]), &json!({"value": 1600, "unit": "sbu"}))
    );
    let description = document["description"].as_str().expect("text");
    for kept in [
        "Eerst\n\ndan\n\n",
        "Studielast: 7.5 ects",
        "U leert: - netjes werken",
        "Toelating: vmbo",
        "Leermiddelen:\n- boek\n- helm",
        "Webadres: http://school.example/",
    ] {
        assert!(description.contains(kept), "{kept} in {description}");
    }
    for note in [
        ("coordinatorIds", "left-out"),
        ("consumer", "left-out"),
        ("nieuw", "unknown-field"),
        ("duration", "assumed"),
        ("studyLoad", "kept-as-text"),
    ] {
        assert!(notes(&record).contains(&note), "{note:?} in {:?}", record.notes);
    }
}

#[test]
fn version_5_is_read_in_its_own_words() {
    let organisations = [
        json!({"organizationId": "o-1", "organizationType": "root", "name": [{"language": "nl-NL", "value": "Hogeschool"}], "shortName": "H", "primaryCode": {"codeType": "brin", "code": "99ZZ"}}),
    ];
    let program = json!({"programId": ID, "programType": "program", "primaryCode": {"codeType": "programCode", "code": "BIO"}, "otherCodes": [{"codeType": "crohoCreboCode", "code": "59312"}],
        "name": [{"language": "nl-NL", "value": "Biologie"}], "abbreviation": "BIO", "description": [{"language": "nl-NL", "value": "Over het leven"}], "teachingLanguage": "nld",
        "studyLoad": {"studyLoadUnit": "ects", "value": 240}, "qualificationAwarded": "Bachelor", "modeOfStudy": "full-time", "modeOfDelivery": ["on campus", "online"], "levelOfQualification": "6",
        "enrollment": [{"language": "nl-NL", "value": "Via de site"}], "learningOutcomes": [[{"language": "nl-NL", "value": "meten"}], [{"language": "nl-NL", "value": "weten"}]],
        "organization": "o-1", "consumers": [{"consumerKey": "rio"}, {"consumerKey": "nl-polder", "sectors": ["Q"], "bsn": "1"}], "sector": "university"});
    let offering = json!({"offeringId": "of-1", "offeringType": "program", "primaryCode": {"codeType": "offeringCode", "code": "sept 2027"}, "name": [], "description": [], "teachingLanguage": "nld", "resultExpected": false,
        "startDate": "2027-09-01", "endDate": "2031-06-15", "enrollStartDate": "2026-10-01", "enrollEndDate": "2027-05-01", "maxNumberStudents": 200, "enrolledNumberStudents": 150});
    let synced = sync(Version::V5, &organisations, &[], &[], &[Offered { object: &program, offerings: std::slice::from_ref(&offering) }]);
    let record = only(synced);
    let document = &record.document;
    assert_eq!(document["provider"], json!({"name": "Hogeschool", "institutionCode": "99ZZ"}));
    assert_eq!((&document["level"], &document["credential"], &document["sectors"]), (&json!(60), &json!("bachelor"), &json!(["Q"])));
    assert_eq!(
        document["editions"],
        json!([{"key": "of-1", "startDate": "2027-09-01", "endDate": "2031-06-15", "mode": "blended", "seats": 50, "language": "nl"}])
    );
    assert_eq!((&document["closingDate"], &document["studyLoad"]), (&json!("2027-05-01"), &json!({"value": 240, "unit": "ects"})));
    assert_eq!(document["programmeCodes"], json!([{"scheme": "rio", "code": "BIO"}, {"scheme": "croho", "code": "59312"}]));
    assert!(document["description"].as_str().is_some_and(|text| text.ends_with("U leert:\n- meten\n- weten")), "{document}");
    for note in [("learningOutcomes", "kept-as-text"), ("sector", "left-out"), ("consumers/bsn", "unknown-field")] {
        assert!(notes(&record).contains(&note), "{note:?} in {:?}", record.notes);
    }
    let course =
        json!({"courseId": ID, "name": "Kort", "ects": 3, "duration": "P1DT4H", "organization": {"organizationId": "x", "name": "School"}});
    let record = only(sync(Version::V5, &[], &[], &[Offered { object: &course, offerings: &[] }], &[]));
    assert_eq!(
        (&record.document["studyLoad"], &record.document["provider"]["name"]),
        (&json!({"value": 3, "unit": "ects"}), &json!("School"))
    );
    assert!(record.document["description"].as_str().is_some_and(|text| text.contains("Duur: 1 dagen 4 uur")), "{}", record.document);
}

#[test]
fn a_bad_object_never_spoils_a_good_one() {
    let good = course(json!({}));
    let objects = [
        json!({"name": [{"language": "nl", "value": "Zonder id"}]}),
        good.clone(),
        good,
        json!(7),
        json!({"courseId": "2", "name": [{"language": "nl", "value": "x"}], "organisationId": "nergens"}),
        course(json!({"courseId": "3", "description": [{"language": "nl", "value": "bel 111222333"}]})),
        course(json!({"courseId": "4", "name": []})),
    ];
    let offered: Vec<Offered<'_>> = objects.iter().map(|object| Offered { object, offerings: &[] }).collect();
    let synced = sync(Version::V6, &[], &[], &offered, &[]);
    let expected = [
        ("record 1", "courseId", "missing"),
        ("record 3", "", "key-twice"),
        ("record 4", "courseId", "missing"),
        ("record 5", "organisation", "missing"),
        ("record 6", "description", "rule"),
        ("record 7", "name", "missing"),
    ];
    assert_eq!(refused(&synced), expected.map(|(place, field, code)| (place.to_owned(), field, code)));
    assert_eq!(synced.records.len(), 1);
}

#[test]
fn many_offerings_are_cut_off_after_those_that_begin_first() {
    let offerings: Vec<Value> = (0..300).rev().map(|at| json!({"courseOfferingId": format!("o-{at}"), "modesOfDelivery": ["online"], "startDateTime": format!("20{}-01-{:02}", 27 + at / 28, 1 + at % 28)})).collect();
    let record = only(with(&course(json!({"description": [{"language": "nl", "value": "Les."}]})), &offerings));
    let editions = record.document["editions"].as_array().expect("a list");
    assert_eq!((editions.len(), &editions[0]["startDate"], &editions[49]["key"]), (50, &json!("2027-01-01"), &json!("o-49")));
    assert_eq!(notes(&record), [("name", "left-out"), ("offerings", "list-shortened")]);
}

/// Each value of an object replaced by something else, one at a time.
#[test]
fn whatever_a_school_sends_what_comes_out_is_valid() {
    let others = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!("x"),
        json!([]),
        json!({}),
        json!([[["x"]]]),
        json!("\u{202e}"),
        json!([{"value": 7}]),
        json!(true),
    ];
    let mut read = 0;
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let published = publish(&made::training(&mut random)).expect("for everyone");
        let names: Vec<String> = published.object.as_object().expect("an object").keys().cloned().collect();
        for name in names {
            let mut object = published.object.clone();
            object[&name] = random.pick(&others).clone();
            let mut offerings = published.offerings.clone();
            for offering in &mut offerings {
                let members: Vec<String> = offering.as_object().expect("an object").keys().cloned().collect();
                offering[random.pick(&members)] = random.pick(&others).clone();
            }
            let offered = [Offered { object: &object, offerings: &offerings }];
            for version in [Version::V5, Version::V6] {
                read += sync(version, std::slice::from_ref(&published.organisation), &published.outcomes, &offered, &offered).records.len();
            }
        }
    }
    assert!(read > 100, "{read}");
}
