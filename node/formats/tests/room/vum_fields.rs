//! What the table of VUM says of each member is what its reader does.

use polder_formats::fields::Fate;
use polder_formats::vum;
use serde_json::{Value, json};

/// A vacancy with every member of the table but some.
fn without(some: &[&str]) -> Value {
    let mut vacancy = json!({});
    for name in vum::TABLE.fields.iter().map(|field| field.name).filter(|name| !some.contains(name)) {
        let mut place = &mut vacancy;
        for step in name.split('.') {
            place = match step.strip_suffix("[]") {
                None => &mut place[step],
                Some(list) => {
                    if place[list].is_null() {
                        place[list] = json!([{}]);
                    }
                    &mut place[list][0]
                }
            };
        }
        *place = sample(name);
    }
    vacancy
}

fn sample(name: &str) -> Value {
    match name.rsplit('.').next().unwrap_or(name) {
        "codeBeroepsnaam" => json!("https://linkeddata.competentnl.nl/uwv/id/occupation/7"),
        "codeCompetentie" => json!("https://linkeddata.competentnl.nl/id/humancapability/3"),
        "codeWerkEnDenkniveauMinimaal" => json!("5"),
        "codeSbi" => json!(25_110),
        "postcode" => json!("8243AB"),
        "url" => json!("https://werf.example/werk"),
        "sluitingsdatumVacature" => json!("2027-01-01"),
        "datumAanvangWerkzaamheden" => json!("2027-01-04"),
        "datumEindeWerkzaamheden" => json!("2027-07-01"),
        "aantalWerkurenPerWeekMinimaal" => json!(24),
        "aantalWerkurenPerWeekMaximaal" => json!(36),
        "codeTypeArbeidscontract" => json!("O"),
        // A place to learn: it is one, whatever its contract.
        "codeTypeOvereenkomst" => json!("02"),
        "codeSoortRijbewijs" => json!("B"),
        "codeTaal" => json!("nld"),
        "codeNiveauTaalbeheersingMondeling" => json!(3),
        "codeNiveauTaalbeheersingLezen" | "codeNiveauTaalbeheersingLuisteren" | "codeNiveauTaalbeheersingSchriftelijk" => json!(4),
        "aantalJarenWerkzaamInBeroep" | "huisnummer" | "codeVervoermiddel" => json!(1),
        // A text that is found again wherever it went.
        other => json!(format!("Geheim {other}")),
    }
}

fn read(vacancy: &Value) -> String {
    let body = json!({"maximumAantalResultatenBereikt": false, "vraagID": "q", "matches": [vacancy]});
    let answer = vum::answer(body.to_string().as_bytes(), "2026-11-30".parse().expect("a day"), &|_| None).expect("an answer");
    format!("{:?}", answer.vacancies)
}

#[test]
fn every_member_becomes_what_the_table_says() {
    let whole = read(&without(&[]));
    for field in vum::TABLE.fields {
        let parent = field.name.rsplit_once('.').map(|(parent, _)| parent);
        let beside = vum::TABLE.fields.iter().map(|other| other.name).filter(|other| other.rsplit_once('.').map(|(of, _)| of) == parent);
        let beside: Vec<&str> = beside.filter(|other| *other != field.name && parent.is_some()).collect();
        let alone: Vec<&str> = beside.iter().copied().chain([field.name]).collect();
        let counts = read(&without(&[field.name])) != whole || read(&without(&beside)) != read(&without(&alone));
        let is_read = !matches!(field.fate, Fate::LeftOut(_));
        assert_eq!(counts, is_read, "{}: {whole}", field.name);
    }
}
