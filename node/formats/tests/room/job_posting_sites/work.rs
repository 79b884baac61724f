//! Contracts, pay, education and dates, however they are written.

use serde_json::{Value, json};

use super::{description, has_note, with};

#[test]
fn full_time_beside_another_type_leaves_the_contract_open() {
    for types in
        [json!(["FULL_TIME", "CONTRACTOR"]), json!("PART_TIME, TEMPORARY"), json!(["https://schema.org/FULL_TIME", "schema:INTERN"])]
    {
        let found = with(&json!({"employmentType": types}));
        assert_eq!(found.document.get("contracts"), None, "{types}");
        assert!(has_note(&found, "does not say which contracts"), "{:?}", found.notes);
        assert!(description(&found).contains("Dienstverband: "), "{types}");
    }
    let alone = with(&json!({"employmentType": "CONTRACTOR"}));
    assert_eq!(alone.document["contracts"], json!([{"form": "freelance"}]));
    let said = with(&json!({"employmentType": ["FULL_TIME", "PERMANENT"]}));
    assert_eq!(said.document["contracts"], json!([{"form": "permanent"}]));
}

#[test]
fn dates_as_people_write_them() {
    for text in [
        "2026-12-31",
        "31-12-2026",
        "31/12/2026",
        "31.12.2026",
        "2026-12-31 23:59",
        "2026-12-31T23:59:00+01:00",
        "2026-12-31+01:00",
        "2026-12-31Z",
        "2026/12/31",
        "20261231",
        "31 december 2026",
        "31-12-2026 17:00",
    ] {
        assert_eq!(with(&json!({"validThrough": text})).document["closingDate"], "2026-12-31", "{text}");
    }
    assert_eq!(with(&json!({"jobStartDate": "1-3-2027"})).document["startDate"], "2027-03-01");
    assert_eq!(with(&json!({"jobStartDate": "1 mrt 2027"})).document["startDate"], "2027-03-01");
    for text in ["12/31/2026", "per direct", "31-12-26", "2026-02-30", "2026-12-310", "1-3-2027-4"] {
        let found = with(&json!({"validThrough": text}));
        assert_eq!(found.document.get("closingDate"), None, "{text}");
        assert!(has_note(&found, "validThrough: left out, since it was not understood"), "{text}: {:?}", found.notes);
    }
}

#[test]
fn pay_as_people_write_it() {
    let pay = |given: Value| with(&json!({"baseSalary": given}));
    let range = pay(json!({"currency": "€", "value": {"value": "2.500 - 3.200", "unitText": "per maand"}}));
    assert_eq!(range.document["salary"], json!({"min": 250_000, "max": 320_000, "currency": "EUR", "period": "month"}));
    let hourly = pay(json!({"currency": "EUR", "minValue": "14,50", "unitText": "https://schema.org/HOUR"}));
    assert_eq!(hourly.document["salary"], json!({"min": 1_450, "currency": "EUR", "period": "hour"}));
    let yearly = pay(json!({"@type": "MonetaryAmount", "currency": "EUR", "value": {"maxValue": 45_000.0, "unitText": "YEAR"}}));
    assert_eq!(yearly.document["salary"], json!({"max": 4_500_000, "currency": "EUR", "period": "year"}));
    let words = pay(json!("€ 2.500 bij 36 uur"));
    assert_eq!(words.document.get("salary"), None);
    assert!(description(&words).ends_with("Salaris: € 2.500 bij 36 uur"));
    let dollars = pay(json!({"currency": "USD", "value": {"value": 20, "unitText": "HOUR"}}));
    assert!(has_note(&dollars, "baseSalary: text kept, not parsed (20 USD hour)"), "{:?}", dollars.notes);
    let unsaid = pay(json!({"currency": "EUR", "minValue": 2500, "maxValue": 0, "unitText": "MONTH"}));
    assert_eq!(unsaid.document["salary"], json!({"min": 250_000, "currency": "EUR", "period": "month"}));
}

#[test]
fn the_unit_of_pay_by_each_of_its_names_and_codes() {
    for (period, units) in [
        ("hour", &["HOUR", "hourly", "uur", "HUR", "per hour", "p/uur", "/hour"][..]),
        ("day", &["DAY", "daily", "dag", "per dag"]),
        ("week", &["WEEK", "weekly", "WEE", "per week"]),
        ("month", &["MONTH", "monthly", "maand", "MON", "p/maand"]),
        ("year", &["YEAR", "yearly", "annual", "jaar", "jaarlijks", "ANN", "per jaar"]),
    ] {
        for (unit, member) in units.iter().flat_map(|unit| [(unit, "unitText"), (unit, "unitCode")]) {
            let found = with(&json!({"baseSalary": {"currency": "EUR", "value": {"value": 100, member: unit}}}));
            assert_eq!(found.document["salary"]["period"], period, "{member} {unit}");
        }
    }
    let unknown = with(&json!({"baseSalary": {"currency": "EUR", "value": {"value": 100, "unitText": "shift"}}}));
    assert_eq!(unknown.document.get("salary"), None);
    assert!(has_note(&unknown, "baseSalary: text kept"), "{:?}", unknown.notes);
}

#[test]
fn education_as_people_write_it() {
    for (given, level) in [
        (json!("hbo werk- en denkniveau"), 60),
        (json!("mbo 3 of 4"), 30),
        (json!("minimaal MBO-4"), 40),
        (json!("mbo niveau 2/3"), 20),
        (json!("HBO/WO"), 60),
        (json!("mbo 4 / hbo"), 40),
        (json!("havo of vwo"), 40),
        (json!({"@type": "EducationalOccupationalCredential", "credentialCategory": "schema:bachelor degree"}), 60),
    ] {
        assert_eq!(with(&json!({"educationRequirements": given})).document["minimumEducation"], level, "{given}");
    }
    for words in ["mbo/hbo werk- en denkniveau", "wo", "mbo", "vmbo", "hbo Verpleegkunde of gelijkwaardig"] {
        let found = with(&json!({"educationRequirements": words}));
        assert_eq!(found.document.get("minimumEducation"), None, "{words}");
        assert!(description(&found).contains(words), "{words}");
    }
    let replaced = with(
        &json!({"educationRequirements": "hbo", "experienceInPlaceOfEducation": true, "experienceRequirements": {"monthsOfExperience": 24}}),
    );
    assert_eq!(replaced.document["minimumEducation"], 60);
    assert!(description(&replaced).contains("Ervaring telt als opleiding: ja") && description(&replaced).contains("Ervaring: 24 maanden"));
}

#[test]
fn descriptions_keep_their_lists() {
    let found = with(
        &json!({"description": "Je doet:<ul><li>lassen</li><li>slijpen &#8211; fijn</li></ul><table><tr><td>a</td><td>b</td></tr></table>&Eacute;&eacute;n &times; &laquo;ja&raquo;"}),
    );
    assert_eq!(found.document["description"], "Je doet:\n\n- lassen\n- slijpen – fijn\n\na b\n\nÉén × «ja»");
}
