//! Vacancies as VUM 3.0 shows them, and its questions put to them.

use jsonschema::Validator;
use polder_formats::NotPublic;
use polder_formats::report::Loss;
use polder_formats::vum::{self, NotAsked, Question, Vacancy};
use polder_model::OfferKey;
use polder_random::Random;
use serde_json::{Value, json};

use crate::made;

fn no_table(_: &str) -> Option<String> {
    None
}

fn written(key: &str, vacancy: &Value) -> Vacancy {
    let key: OfferKey = key.parse().expect("a key");
    vum::vacancy(&key, vacancy.to_string().as_bytes(), "2026-11-30".parse().expect("a day"), &no_table).expect("for everyone")
}

fn welder() -> Value {
    json!({"title": "Lasser", "description": "Lassen in een hal.", "employer": {"name": "Werf BV", "kvk": "90000001", "sbi": "2511"},
        "occupations": [{"scheme": "esco", "uri": "http://data.europa.eu/esco/occupation/1"},
                        {"scheme": "competentnl", "uri": "https://linkeddata.competentnl.nl/uwv/id/occupation/7"}],
        "skills": [{"uri": "http://data.europa.eu/esco/skill/1"}, {"uri": "https://linkeddata.competentnl.nl/id/humancapability/3", "importance": "optional"}],
        "minimumEducation": 30, "hours": {"min": 24, "max": 36}, "startDate": "2027-01-04", "closingDate": "2026-12-24",
        "workingTimes": {"dayParts": ["mon-morning", "tue-afternoon"]},
        "contracts": [{"form": "permanent"}, {"form": "on-call"}, {"form": "apprenticeship"}], "salary": {"min": 265_000, "max": 310_050, "currency": "EUR", "period": "month"},
        "location": {"postcode": "8243 AB"}, "licences": ["B", "BE"], "languages": [{"language": "nl", "level": "B1"}],
        "application": {"url": "https://werf.example/werk", "email": "werk@werf.example", "telephone": "+31 (0)320 000001"}})
}

fn question(object: Value) -> Question {
    let mut object = object;
    object["selectiegebied"] = json!({"postcode": "8243AB", "afstand": 20});
    Question::read(json!({"vraagObject": object}).to_string().as_bytes()).expect("a question")
}

#[test]
fn a_vacancy_is_shown_in_the_members_of_vum() {
    let vacancy = written("V_1~a", &welder());
    let shown = json!({"idVacature": "V__1_ta", "naamVacature": "Lasser", "omschrijvingVacature": "Lassen in een hal.", "sluitingsdatumVacature": "2026-12-24",
        "codeWerkEnDenkniveauMinimaal": "4", "opleiding": [{"codeNiveauOpleiding": 4}], "adres": {"postcode": "8243AB"},
        "werkgever": {"handelsnaamOrganisatie": "Werf BV", "sector": [{"codeSbi": 2511}]}, "sector": {"codeSbi": 2511},
        "beroep": {"codeBeroepsnaam": "https://linkeddata.competentnl.nl/uwv/id/occupation/7"},
        "competentiebeheersing": [{"codeCompetentie": "https://linkeddata.competentnl.nl/id/humancapability/3"}],
        "arbeidsVoorwaarden": {"datumAanvangWerkzaamheden": "2027-01-04", "salarisIndicatie": "€ 2.650,00 tot € 3.100,50 per maand"},
        "werktijden": {"aantalWerkurenPerWeekMinimaal": 24, "aantalWerkurenPerWeekMaximaal": 36, "indicatieKantoortijden": 1},
        "flexibiliteit": {"indicatieOnregelmatigWerkOfPloegendienst": 2},
        "contractvorm": [{"codeTypeArbeidscontract": "O", "codeTypeOvereenkomst": "01"}, {"codeTypeOvereenkomst": "02"}],
        "rijbewijs": [{"codeSoortRijbewijs": "B"}, {"codeSoortRijbewijs": "BE"}],
        "taalbeheersing": [{"codeTaal": "nld", "codeNiveauTaalbeheersingLezen": 3, "codeNiveauTaalbeheersingLuisteren": 3,
                            "codeNiveauTaalbeheersingMondeling": 3, "codeNiveauTaalbeheersingSchriftelijk": 3}],
        "sollicitatiewijze": [{"codeSollicitatiewijze": "4", "webadres": {"codeWebadres": 4, "url": "https://werf.example/werk"}},
                              {"codeSollicitatiewijze": "3"}, {"codeSollicitatiewijze": "2"}]});
    assert_eq!(vacancy.matching, shown);
    assert_eq!(
        vacancy.detail["werkgever"]["contactpersoon"],
        json!([{"emailadres": ["werk@werf.example"], "telefoonnummer": ["+310320000001"]}])
    );
    assert_eq!(vum::key("V__1_ta").as_deref(), Some("V_1~a"));
    let lost: Vec<&str> = vacancy.lost.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(lost, ["/employer/kvk", "/occupations", "/skills", "/skills/importance", "/workingTimes", "/contracts"]);
}

#[test]
fn nothing_of_how_to_reach_somebody_is_in_a_match() {
    let text = written("V-1", &welder()).matching.to_string();
    assert!(!text.contains("werk@werf") && !text.contains("0320"), "{text}");
}

#[test]
fn a_table_leads_from_esco_to_competentnl_and_without_one_nothing_does() {
    let crosswalk =
        |uri: &str| uri.strip_prefix("http://data.europa.eu/esco/").map(|rest| format!("https://linkeddata.competentnl.nl/{rest}"));
    let key = "V-1".parse().expect("a key");
    let vacancy =
        vum::vacancy(&key, welder().to_string().as_bytes(), "2026-11-30".parse().expect("a day"), &crosswalk).expect("for everyone");
    assert_eq!(vacancy.matching["beroep"]["codeBeroepsnaam"], "https://linkeddata.competentnl.nl/occupation/1");
    assert_eq!(vacancy.matching["competentiebeheersing"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_not_for_everyone_is_not_written() {
    let mut vacancy = welder();
    vacancy["terms"] = json!({"recipients": ["kvk:90000002"]});
    let written = |vacancy: &Value| {
        vum::vacancy(&"V-1".parse().expect("a key"), vacancy.to_string().as_bytes(), "2026-12-25".parse().expect("a day"), &no_table)
    };
    assert_eq!(written(&vacancy), Err(NotPublic::NotForEveryone));
    assert_eq!(written(&welder()), Err(NotPublic::Ended));
}

#[test]
fn each_condition_of_vum_is_judged() {
    let vacancy = written("V-1", &welder()).searched;
    let conditions = [
        (
            "beroep.codeBeroepsnaam",
            json!({"$eq": "https://linkeddata.competentnl.nl/uwv/id/occupation/7"}),
            json!({"$eq": "https://linkeddata.competentnl.nl/uwv/id/occupation/8"}),
        ),
        ("codeWerkEnDenkniveauMinimaal", json!({"$gte": "3", "$lt": "7"}), json!({"$gte": "5", "$lt": "7"})),
        ("codeWerkEnDenkniveauMinimaal", json!({"$eq": "4"}), json!({"$eq": "7"})),
        ("datumAanvangWerkzaamheden", json!({"$gte": "2027-01-04"}), json!({"$gte": "2027-01-05"})),
        ("werktijden.aantalWerkurenPerWeekMinimaal", json!({"$lte": 24}), json!({"$lte": 23})),
        ("werktijden.aantalWerkurenPerWeekMaximaal", json!({"$gte": 36}), json!({"$gte": 37})),
        ("flexibiliteit.indicatieOnregelmatigWerkOfPloegendienst", json!({"$eq": 2}), json!({"$eq": 1})),
        ("rijbewijs", licences(&["B", "BE"]), licences(&["B", "C"])),
        ("taalbeheersing", languages("nld", 3), languages("nld", 4)),
        ("taalbeheersing", languages("nld", 2), languages("eng", 2)),
    ];
    for (member, fits, differs) in conditions {
        assert!(question(json!({member: fits})).fits(&vacancy), "{member}: {fits}");
        assert!(!question(json!({member: differs})).fits(&vacancy), "{member}: {differs}");
    }
    let mut without_day = welder();
    without_day.as_object_mut().expect("an object").remove("startDate");
    assert!(question(json!({"datumAanvangWerkzaamheden": {"$gte": "2030-01-01"}})).fits(&written("V-1", &without_day).searched));
}

fn licences(codes: &[&str]) -> Value {
    let all: Vec<Value> = codes.iter().map(|code| json!({"$elemMatch": {"codeSoortRijbewijs": {"$eq": code}}})).collect();
    json!({"$all": all})
}

fn languages(code: &str, level: u8) -> Value {
    json!({"$all": [{"$elemMatch": {"codeTaal": {"$eq": code}, "codeNiveauTaalbeheersingMondeling": {"$gte": level}}}]})
}

#[test]
fn what_nobody_knows_is_left_aside() {
    let vacancy = written("V-1", &welder()).searched;
    for object in [
        json!({"gedragscompetentie": {"$eq": "x"}, "$nor": [{}], "naamVacature": {"$eq": "anders"}}),
        json!({"codeWerkEnDenkniveauMinimaal": {"$regex": "9", "$gte": "4"}}),
        json!({"rijbewijs": {"$all": [{"$onbekend": 1}]}, "contractvorm": "O"}),
        json!({"$or": [], "contractvorm": {"$elemMatch": {"$or": [{"codeTypeArbeidscontract": {"$eq": "B"}}, {"codeTypeArbeidscontract": {"$eq": "O"}}]}}}),
    ] {
        assert!(question(object.clone()).fits(&vacancy), "{object}");
    }
    assert!(!question(json!({"$or": [{"codeWerkEnDenkniveauMinimaal": {"$eq": "1"}}]})).fits(&vacancy));
    let area = json!({"postcode": "8243AB", "afstand": 20, "eenheid": "km"});
    let beside = json!({"vraagObject": {"selectiegebied": area, "nieuw": 1}, "sortering": "x", "aanvraagID": 7}).to_string();
    assert!(Question::read(beside.as_bytes()).is_ok_and(|question| question.fits(&vacancy)), "nor beside the question");
}

#[test]
fn what_is_no_question_is_refused() {
    let area = json!({"postcode": "8243AB", "afstand": 20});
    let many = Value::Array(vec![json!({}); 600]);
    for (body, why) in [
        ("{".to_owned(), NotAsked::NotJson),
        ("[]".to_owned(), NotAsked::NoObject),
        (json!({"vraagObject": []}).to_string(), NotAsked::NoObject),
        (json!({"vraagObject": {}}).to_string(), NotAsked::NoArea),
        (json!({"vraagObject": {"selectiegebied": {"postcode": "8243", "afstand": 20}}}).to_string(), NotAsked::NoArea),
        (json!({"vraagObject": {"selectiegebied": {"postcode": "0243AB", "afstand": 20}}}).to_string(), NotAsked::NoArea),
        (json!({"vraagObject": {"selectiegebied": {"postcode": "8243é", "afstand": 20}}}).to_string(), NotAsked::NoArea),
        (json!({"vraagObject": {"selectiegebied": {"postcode": "8243AB", "afstand": 1000}}}).to_string(), NotAsked::NoArea),
        (json!({"vraagObject": {"selectiegebied": area, "$or": many}}).to_string(), NotAsked::TooLarge),
        (" ".repeat(70_000), NotAsked::TooLarge),
    ] {
        assert_eq!(Question::read(body.as_bytes()), Err(why), "{}", &body[..body.len().min(100)]);
    }
}

/// What VUM 3.0 lets stand in a vacancy, as far as it is written here.
fn contract() -> Validator {
    let text = |most: u32| json!({"type": "string", "maxLength": most});
    let one = |members: Value| json!({"type": "object", "additionalProperties": false, "properties": members});
    let list = |items: Value| json!({"type": "array", "minItems": 1, "items": items});
    let (hours, indication, level) =
        (json!({"type": "integer", "minimum": 0, "maximum": 99}), json!({"enum": [1, 2]}), json!({"enum": [2, 3, 4]}));
    let sector = one(json!({"codeSbi": {"type": "integer", "minimum": 0, "maximum": 99_999}}));
    let address = one(json!({"codeWebadres": {"enum": [1, 2, 3, 4]}, "url": text(1_000)}));
    let person = one(json!({"emailadres": list(text(320)), "telefoonnummer": list(text(14))}));
    let mut vacancy = one(json!({
        "idVacature": {"type": "string", "pattern": "^[a-zA-Z0-9_.-]{0,200}$"}, "naamVacature": text(120), "nummerVacature": text(11), "omschrijvingVacature": text(2_000),
        "sluitingsdatumVacature": {"type": "string", "format": "date"}, "codeWerkEnDenkniveauMinimaal": {"enum": ["0", "1", "2", "3", "4", "5", "6", "7"]},
        "opleiding": list(one(json!({"codeNiveauOpleiding": {"enum": [1, 2, 3, 4, 5, 6, 9]}}))), "adres": one(json!({"postcode": {"type": "string", "pattern": "^[0-9]{4}[a-zA-Z]{2}$"}})),
        "werkgever": one(json!({"handelsnaamOrganisatie": text(500), "sector": list(sector.clone()), "contactpersoon": list(person)})), "sector": sector,
        "beroep": one(json!({"codeBeroepsnaam": text(200)})), "competentiebeheersing": list(one(json!({"codeCompetentie": text(200)}))),
        "arbeidsVoorwaarden": one(json!({"datumAanvangWerkzaamheden": {"type": "string", "format": "date"}, "salarisIndicatie": text(100)})),
        "werktijden": one(json!({"aantalWerkurenPerWeekMinimaal": hours, "aantalWerkurenPerWeekMaximaal": hours, "indicatieKantoortijden": indication})),
        "flexibiliteit": one(json!({"indicatieOnregelmatigWerkOfPloegendienst": indication})),
        "contractvorm": list(one(json!({"codeTypeArbeidscontract": {"enum": ["O", "B"]}, "codeTypeOvereenkomst": {"enum": ["01", "02", "03", "04"]}}))),
        "rijbewijs": list(one(json!({"codeSoortRijbewijs": {"enum": ["A", "A1", "A2", "AM", "B", "B+", "C1", "C", "D1", "D", "BE", "C1E", "CE", "D1E", "DE", "T"]}}))),
        "taalbeheersing": list(one(json!({"codeTaal": {"type": "string", "pattern": "^[a-z]{3}$"}, "codeNiveauTaalbeheersingLezen": level, "codeNiveauTaalbeheersingLuisteren": level,
                                          "codeNiveauTaalbeheersingMondeling": level, "codeNiveauTaalbeheersingSchriftelijk": level}))),
        "sollicitatiewijze": list(one(json!({"codeSollicitatiewijze": {"enum": ["1", "2", "3", "4"]}, "webadres": address})))
    }));
    vacancy["required"] = json!(["idVacature"]);
    jsonschema::options().should_validate_formats(true).build(&vacancy).expect("a schema")
}

#[test]
fn every_vacancy_is_of_the_contract_and_every_member_is_there_or_named_as_lost() {
    let contract = contract();
    let carried = [
        "/title",
        "/description",
        "/employer",
        "/hours",
        "/salary",
        "/location",
        "/startDate",
        "/closingDate",
        "/minimumEducation",
        "/licences",
        "/application",
        "/languages",
        "/contracts",
    ];
    let mut shown = 0;
    for seed in 0..2_000 {
        let vacancy = made::vacancy(&mut Random::new(seed));
        let Ok(written) = vum::vacancy(
            &"K~_.-1".parse().expect("a key"),
            vacancy.to_string().as_bytes(),
            "1970-01-02".parse().expect("a day"),
            &no_table,
        ) else {
            continue;
        };
        shown += 1;
        for value in [&written.matching, &written.detail] {
            let errors: Vec<String> = contract.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{seed}: {errors:?}");
        }
        for member in vacancy.as_object().expect("an object").keys().filter(|member| *member != "terms") {
            let member = format!("/{member}");
            let is_lost = written.lost.iter().any(|note| note.field.starts_with(&member));
            let is_code = ["/occupations", "/skills"].contains(&member.as_str());
            assert!(
                carried.contains(&member.as_str()) || is_lost || is_code,
                "{seed}: {member} is neither carried nor named: {:?}",
                written.lost
            );
        }
        for note in &written.lost {
            if let Loss::LeftOut { .. } = note.loss {
                assert!(vum::NOT_WRITTEN.iter().any(|(member, _)| *member == note.field), "{seed}: {} has no reason", note.field);
            }
        }
    }
    assert!(shown > 1_000, "{shown} were for everyone");
}
