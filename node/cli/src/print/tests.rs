//! Results as people see them.

use super::*;

fn shown(file: &str, lang: Lang) -> String {
    let path = format!("{}/../../schemas/result/examples/valid/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("an example");
    let read: NotedResult = serde_json::from_str(&text).expect("a result");
    let mut out = Vec::new();
    noted(&mut out, &read, lang, Style::default()).expect("written");
    String::from_utf8(out).expect("text")
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
        reason::in_words(&reason, Some(polder_model::code::TravelMode::Car), lang)
    };
    let travel = r#"{"points":80000,"kind":"travel","postcode":"8302","metres":9000,"minutes":12}"#;
    assert_eq!(say(travel, Lang::En), "12 min by car 80,000");
    assert_eq!(say(travel, Lang::Nl), "12 min met de auto 80.000");
    assert_eq!(say(r#"{"points":5,"kind":"travel","remote":true}"#, Lang::Nl), "op afstand 5");
    assert_eq!(say(r#"{"points":9000,"kind":"hours","overlap":8}"#, Lang::En), "8 weekly hours in common 9,000");
    assert_eq!(say(r#"{"points":1,"kind":"text","term":"las"}"#, Lang::Nl), "woord \"las\" 1");
    let unknown = r#"{"points":1,"kind":"occupation","matched":"http://example.org/a/b-1"}"#;
    assert_eq!(say(unknown, Lang::En), "occupation b-1 1");
}
