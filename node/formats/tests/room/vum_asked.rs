//! What a mediator asks of VUM 3.0, and how it reads what comes back.

use polder_formats::vum::{self, Answer, Occupation, Question};
use polder_model::reference::Reference;
use polder_model::request::{CodeAsked, QueryRequest, SkillAsked, TravelAsked, expand};
use polder_model::{Date, Kind, OfferKey, query::Query};
use polder_random::Random;
use serde_json::{Value, json};

use crate::{made, mangled};

const OCCUPATION: &str = "https://linkeddata.competentnl.nl/uwv/id/occupation/7";
const SKILL: &str = "https://linkeddata.competentnl.nl/id/humancapability/3";

fn today() -> Date {
    "2026-11-30".parse().expect("a day")
}

fn no_table(_: &str) -> Option<String> {
    None
}

/// A table that has the one occupation and the one skill.
fn table(uri: &str) -> Option<String> {
    let pairs = [(OCCUPATION, "http://data.europa.eu/esco/occupation/7"), (SKILL, "http://data.europa.eu/esco/skill/3")];
    pairs
        .iter()
        .find_map(|(one, other)| [(one, other), (other, one)].iter().find(|(from, _)| **from == uri).map(|(_, to)| (**to).to_owned()))
}

fn query(change: impl FnOnce(&mut QueryRequest)) -> Query {
    let mut request = QueryRequest::new(Kind::Vacancy);
    request.travel = Some(TravelAsked { from: "8232".to_owned(), mode: None, max_minutes: None, max_kilometres: Some(20) });
    change(&mut request);
    let (asker, now) = ("kvk:90000001".parse().expect("a partner"), "2026-11-30T10:00:00Z".parse().expect("an instant"));
    expand(&request, Reference::starter(), &asker, "6f0b7f1e-6a55-4d4e-9a39-6a0f5b9c1e77".to_owned(), now).expect("a query")
}

fn occupation(uri: &str) -> CodeAsked {
    CodeAsked { uri: Some(uri.parse().expect("a URI")), label: None }
}

fn asked(query: &Query, crosswalk: vum::Crosswalk<'_>) -> (Value, Occupation) {
    let (body, occupation) = vum::question(query, "8232".parse().expect("a postcode"), crosswalk);
    assert!(Question::read(body.to_string().as_bytes()).is_ok(), "{body}");
    (body["vraagObject"].clone(), occupation)
}

#[test]
fn what_vum_has_words_for_is_asked_and_no_more() {
    let (body, occupation) = asked(&query(|_| {}), &no_table);
    assert_eq!((body, occupation), (json!({"selectiegebied": {"postcode": "8232AA", "afstand": 20}}), Occupation::NotSought));
    let whole = query(|request| {
        request.occupations = vec![self::occupation("http://data.europa.eu/esco/occupation/7")];
        request.hours = Some(polder_model::query::HoursCriterion { min: 24, max: 36 });
        request.start = Some(polder_model::query::StartCriterion { from: Some(today()), until: None });
        request.licences = Some(vec![polder_model::code::Licence::B]);
    });
    let (body, occupation) = asked(&whole, &table);
    let expected = json!({"selectiegebied": {"postcode": "8232AA", "afstand": 20}, "beroep.codeBeroepsnaam": {"$eq": OCCUPATION},
        "werktijden.aantalWerkurenPerWeekMaximaal": {"$gte": 24}, "werktijden.aantalWerkurenPerWeekMinimaal": {"$lte": 36},
        "datumAanvangWerkzaamheden": {"$gte": "2026-11-30"}});
    assert_eq!((body, occupation), (expected, Occupation::Asked));
}

#[test]
fn an_occupation_is_asked_only_by_a_code_of_competentnl_that_a_table_or_the_question_has() {
    let sought = |uris: &[&str]| query(|request| request.occupations = uris.iter().map(|uri| self::occupation(uri)).collect());
    let esco = "http://data.europa.eu/esco/occupation/7";
    for (query, crosswalk, becomes) in [
        (sought(&[esco]), &no_table as vum::Crosswalk<'_>, Occupation::NotAsked),
        (sought(&[OCCUPATION]), &no_table, Occupation::Asked),
        (sought(&[esco, "http://data.europa.eu/esco/occupation/8"]), &table, Occupation::NotAsked),
        // A vacancy may fit by its skills alone.
        (
            query(|request| {
                request.occupations = vec![self::occupation(esco)];
                request.skills = vec![SkillAsked {
                    uri: Some("http://data.europa.eu/esco/skill/3".parse().expect("a URI")),
                    label: None,
                    importance: None,
                }];
            }),
            &table,
            Occupation::NotAsked,
        ),
    ] {
        let (body, occupation) = asked(&query, crosswalk);
        assert_eq!(occupation, becomes, "{body}");
        assert_eq!(body.get("beroep.codeBeroepsnaam").is_some(), becomes == Occupation::Asked, "{body}");
    }
}

fn matched(change: Value) -> Value {
    let mut one = json!({"vumID": "v 1", "naamVacature": "Lasser", "omschrijvingVacature": "Lassen in een hal.", "adres": {"postcode": "8243AB"},
        "werkgever": {"handelsnaamOrganisatie": "Werf BV"}, "beroep": {"codeBeroepsnaam": OCCUPATION}, "competentiebeheersing": [{"codeCompetentie": SKILL}],
        "codeWerkEnDenkniveauMinimaal": "5", "sector": {"codeSbi": 25_110}, "arbeidsVoorwaarden": {"salarisIndicatie": "cao", "datumAanvangWerkzaamheden": "2027-01-04"},
        "werktijden": {"aantalWerkurenPerWeekMinimaal": 24, "aantalWerkurenPerWeekMaximaal": 36}, "contractvorm": [{"codeTypeArbeidscontract": "O", "codeTypeOvereenkomst": "01"}],
        "rijbewijs": [{"codeSoortRijbewijs": "B"}, {"codeSoortRijbewijs": "Z"}], "taalbeheersing": [{"codeTaal": "nld", "codeNiveauTaalbeheersingMondeling": 3}],
        "sollicitatiewijze": [{"codeSollicitatiewijze": "4", "webadres": {"url": "https://werf.example/werk"}}]});
    one.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    one
}

fn read(matches: Value, crosswalk: vum::Crosswalk<'_>) -> Answer {
    vum::answer(
        json!({"maximumAantalResultatenBereikt": false, "vraagID": "q", "matches": matches}).to_string().as_bytes(),
        today(),
        crosswalk,
    )
    .expect("an answer")
}

fn document(answer: &Answer) -> Value {
    assert_eq!((answer.vacancies.len(), answer.unread), (1, 0), "{answer:?}");
    serde_json::from_str(&answer.vacancies[0].document).expect("JSON")
}

#[test]
fn what_comes_back_is_a_vacancy_and_what_has_no_member_stands_in_its_text() {
    let answer = read(json!([matched(json!({}))]), &no_table);
    let expected = json!({"title": "Lasser", "employer": {"name": "Werf BV", "sbi": "25110"}, "location": {"postcode": "8243"},
        "description": "Lassen in een hal.\nSalaris: cao\nTalen: Nederlands (goed)\nWerk- en denkniveau: hbo",
        "occupations": [{"scheme": "competentnl", "uri": OCCUPATION}], "skills": [{"uri": SKILL}], "startDate": "2027-01-04", "hours": {"min": 24, "max": 36},
        "contracts": [{"form": "permanent"}], "licences": ["B"], "application": {"url": "https://werf.example/werk"}});
    assert_eq!(document(&answer), expected);
    assert_eq!(answer.vacancies[0].level, Some((50, 60)));
    let bare = read(json!([{"vumID": "x"}]), &no_table);
    assert_eq!(document(&bare)["title"], "Vacature zonder titel");
}

#[test]
fn a_code_of_competentnl_counts_as_one_of_esco_only_by_a_row_of_the_table() {
    // The label of a skill of ours beside the code makes it none of ours.
    let one = json!([matched(
        json!({"competentiebeheersing": [{"codeCompetentie": SKILL, "naam": "lassen"}, {"codeCompetentie": "https://linkeddata.competentnl.nl/id/4"},
        {"codeCompetentie": "http://data.europa.eu/esco/skill/9"}, {"codeCompetentie": "lassen"}]})
    )]);
    let skills = |crosswalk: vum::Crosswalk<'_>| document(&read(one.clone(), crosswalk))["skills"].clone();
    assert_eq!(skills(&no_table), json!([{"uri": SKILL}, {"uri": "https://linkeddata.competentnl.nl/id/4"}]));
    assert_eq!(skills(&table), json!([{"uri": "http://data.europa.eu/esco/skill/3"}, {"uri": "https://linkeddata.competentnl.nl/id/4"}]));
    let both = document(&read(one.clone(), &table))["occupations"].clone();
    assert_eq!(
        both,
        json!([{"scheme": "esco", "uri": "http://data.europa.eu/esco/occupation/7"}, {"scheme": "competentnl", "uri": OCCUPATION}])
    );
}

#[test]
fn what_is_over_doubled_or_cannot_be_read_is_not_shown() {
    let matches = json!([matched(json!({"sluitingsdatumVacature": "2026-11-29"})), matched(json!({})), matched(json!({})), {"naamVacature": "zonder id"}, 7,
        matched(json!({"vumID": "bsn", "omschrijvingVacature": "BSN 111222333"}))]);
    let answer = read(matches, &no_table);
    assert_eq!((answer.vacancies.len(), answer.unread), (1, 3), "{answer:?}");
    let many: Vec<Value> = (0..300).map(|number| matched(json!({"vumID": format!("v{number}")}))).collect();
    let answer = read(json!(many), &no_table);
    assert_eq!((answer.vacancies.len(), answer.more), (100, true));
    for none in [json!({}), json!([]), json!({"matches": {}}), json!(null)] {
        assert_eq!(vum::answer(none.to_string().as_bytes(), today(), &no_table), None);
    }
    // Nesting, a member twice and a match of a kilobyte too many spoil themselves alone.
    let good = matched(json!({}));
    for bad in [
        "[".repeat(5_000) + &"]".repeat(5_000),
        r#"{"vumID":"a","vumID":"b"}"#.to_owned(),
        json!({"vumID": "x".repeat(70_000)}).to_string(),
    ] {
        let body = format!(r#"{{"matches":[{bad},{good}]}}"#);
        let answer = vum::answer(body.as_bytes(), today(), &no_table).expect("an answer");
        assert_eq!((answer.vacancies.len(), answer.unread), (1, 1), "{}", &bad[..20]);
    }
}

#[test]
fn whatever_an_endpoint_sends_each_vacancy_that_is_read_is_one() {
    let mut random = Random::new(3);
    let mut read = 0;
    for seed in 0..3_000_u64 {
        let wide = "<script>é".repeat(usize::try_from(seed % 400).expect("small"));
        let one = matched(
            json!({"naamVacature": wide, "omschrijvingVacature": wide, "vumID": format!("{seed}/../{wide}").chars().take(150).collect::<String>()}),
        );
        let bytes = mangled(&mut random, json!({"matches": [one]}).to_string().as_bytes());
        for one in vum::answer(&bytes, today(), &table).unwrap_or_default().vacancies {
            assert!(polder_model::offer::judge(Kind::Vacancy, one.document.as_bytes()).is_ok(), "{}", one.document);
            read += 1;
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn what_a_source_shows_a_mediator_reads_back() {
    let day: Date = "1970-01-02".parse().expect("a day");
    let key: OfferKey = "K-1".parse().expect("a key");
    let mut shown = 0;
    for seed in 0..2_000 {
        let vacancy = made::vacancy(&mut Random::new(seed));
        let Ok(written) = vum::vacancy(&key, vacancy.to_string().as_bytes(), day, &no_table) else { continue };
        let mut one = written.matching;
        one["vumID"] = one["idVacature"].take();
        let body = json!({"maximumAantalResultatenBereikt": false, "matches": [one]});
        let answer = vum::answer(body.to_string().as_bytes(), day, &no_table).expect("an answer");
        let back = document(&answer);
        shown += 1;
        for pointer in ["/startDate", "/closingDate", "/licences", "/application/url", "/hours"] {
            assert_eq!(
                back.pointer(pointer),
                vacancy.pointer(pointer).filter(|value| **value != json!([])),
                "{seed}: {pointer} of {vacancy}"
            );
        }
        let digits = |value: &Value| value.pointer("/location/postcode").and_then(Value::as_str).map(|text| text[..4].to_owned());
        assert_eq!(digits(&back), digits(&vacancy), "{seed}");
        let title: String = vacancy["title"].as_str().expect("a title").chars().take(120).collect();
        assert_eq!(
            back["title"].as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
            Some(title.split_whitespace().collect::<Vec<_>>().join(" ")),
            "{seed}"
        );
        let competentnl = |value: &Value| -> Vec<String> {
            value["occupations"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| one["scheme"] == "competentnl")
                .map(|one| one["uri"].as_str().expect("a URI").to_owned())
                .take(1)
                .collect()
        };
        assert_eq!(competentnl(&back), competentnl(&vacancy), "{seed}");
    }
    assert!(shown > 1_000, "{shown}");
}
