//! Results as people see them.

use super::*;

fn example(file: &str) -> QueryResult {
    let path = format!("{}/../../schemas/result/examples/valid/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("an example");
    serde_json::from_str(&text).expect("a result")
}

fn text(result: &QueryResult, lang: Lang) -> String {
    let mut out = Vec::new();
    styled(&mut out, result, "", lang, Style::default()).expect("written");
    String::from_utf8(out).expect("text")
}

fn shown(file: &str, lang: Lang) -> String {
    text(&example(file), lang)
}

#[test]
fn where_nobody_answered_nothing_is_called_exact() {
    let mut result = example("hits-and-missing-partners.json");
    result.answered.clear();
    let english = text(&result, Lang::En);
    assert!(english.contains("Nobody answered") && !english.contains("exact"), "{english}");
}

#[test]
fn a_result_names_who_is_missing() {
    let (english, dutch) = (shown("hits-and-missing-partners.json", Lang::En), shown("hits-and-missing-partners.json", Lang::Nl));
    assert!(english.contains("partners answered, in"), "{english}");
    assert!(english.contains("Missing, so this result is exact only for those above:"), "{english}");
    assert!(dutch.contains("partners antwoordden, in"), "{dutch}");
    assert!(dutch.contains("Ontbreken"), "{dutch}");
    assert!(!english.contains('\u{1b}'));
}

#[test]
fn where_a_link_leads_is_said() {
    let (english, dutch) = (shown("hits-and-missing-partners.json", Lang::En), shown("hits-and-missing-partners.json", Lang::Nl));
    let host = "werkenbij.voorbeeld-las.example";
    assert!(english.contains(&format!("link to {host}: not a site that the register names for this partner\n")), "{english}");
    assert!(dutch.contains(&format!("link naar {host}: geen site die het register bij deze partner noemt\n")), "{dutch}");
    let own = HitLink { host: host.parse().expect("a host"), of_partner: true };
    assert_eq!(link_in_words(&own, Lang::En, Style::default()), format!("link to {host}"));
}

#[test]
fn nobody_was_asked() {
    assert!(shown("nobody-asked.json", Lang::En).starts_with("No offers found."));
}

#[test]
fn notes_stand_before_the_offers() {
    let english = shown("codes-that-no-table-knows.json", Lang::En);
    assert!(english.starts_with("Look at the question again:\n  /skills/0/uri: no table knows this skill;"), "{english}");
    assert!(english.contains("No offers found."), "{english}");
    assert!(shown("codes-that-no-table-knows.json", Lang::Nl).starts_with("Kijk de vraag nog eens na:"));
    assert!(!shown("nobody-asked.json", Lang::En).contains("question again"));
}

#[test]
fn numbers_in_groups() {
    assert_eq!(grouped(734_120, Lang::En), "734,120");
    assert_eq!(grouped(1_000_000, Lang::Nl), "1.000.000");
    assert_eq!(grouped(12, Lang::Nl), "12");
}

#[test]
fn reasons_in_words() {
    let say = |json: &str, lang| {
        let reason = serde_json::from_str(json).expect("a reason");
        let asked = reason::Asked { mode: Some(polder_model::code::TravelMode::Car), hours: Some((16, 24)), text: "Lassen en lasser" };
        reason::in_words(&reason, asked, lang)
    };
    let travel = r#"{"points":80000,"kind":"travel","postcode":"8302","metres":9000,"minutes":12}"#;
    assert_eq!(say(travel, Lang::En), "12 min by car 80,000");
    assert_eq!(say(travel, Lang::Nl), "12 min met de auto 80.000");
    assert_eq!(say(r#"{"points":5,"kind":"travel","remote":true}"#, Lang::Nl), "op afstand 5");
    assert_eq!(say(r#"{"points":9000,"kind":"hours","overlap":9}"#, Lang::En), "16–24 hours a week fit 9,000");
    assert_eq!(say(r#"{"points":9000,"kind":"hours","overlap":9}"#, Lang::Nl), "16–24 uur per week past 9.000");
    assert_eq!(say(r#"{"points":1,"kind":"text","term":"las"}"#, Lang::Nl), "woord \"las\" 1");
    assert_eq!(say(r#"{"points":1,"kind":"text","term":"lass"}"#, Lang::Nl), "woord \"Lassen\" 1");
    let unknown = r#"{"points":1,"kind":"occupation","matched":"http://example.org/a/b-1"}"#;
    assert_eq!(say(unknown, Lang::En), "occupation b-1 1");
}

#[test]
fn the_hours_that_fit() {
    let fit = |document: &str, min, max| {
        let document = serde_json::value::RawValue::from_string(document.to_owned()).expect("JSON");
        offer::hours_that_fit(&document, &polder_model::query::HoursCriterion { min, max })
    };
    assert_eq!(fit(r#"{"hours":{"min":24,"max":32}}"#, 16, 24), Some((24, 24)));
    assert_eq!(fit(r#"{"hoursPerWeek":{"min":4,"max":20}}"#, 16, 24), Some((16, 20)));
    assert_eq!(fit("{}", 16, 24), None);
    let said = |hours| {
        let reason = serde_json::from_str(r#"{"points":1,"kind":"hours","overlap":1}"#).expect("a reason");
        reason::in_words(&reason, reason::Asked { mode: None, hours, text: "" }, Lang::En)
    };
    assert_eq!(said(Some((24, 24))), "24 hours a week fits 1");
    assert_eq!(said(None), "the hours fit 1");
}

#[test]
fn a_partner_with_more_than_it_named_has_a_plus() {
    let english = shown("hits-and-missing-partners.json", Lang::En);
    assert!(english.contains("12 hits"), "{english}");
    assert!(english.contains("40+ hits"), "{english}");
}

#[test]
fn who_is_missing_in_words() {
    let missing = |json: &str| serde_json::from_str::<Vec<Missing>>(json).expect("missing partners");
    let two = missing(
        r#"[{"partner":"kvk:90000002","name":"Kavelkade Logistiek BV","reason":"unreachable"},{"partner":"kvk:90000001","name":"A","reason":"slow"}]"#,
    );
    assert_eq!(who_is_missing(&two, Lang::En), "Kavelkade Logistiek BV (cannot be reached), A (did not answer in time)");
    assert_eq!(who_is_missing(&two[..1], Lang::Nl), "Kavelkade Logistiek BV (is niet bereikbaar)");
    assert_eq!(who_is_missing(&[], Lang::En), "nobody");
}
