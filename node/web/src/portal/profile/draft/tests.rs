use super::*;

#[test]
fn what_the_page_does_not_show_stays() {
    let before = json!({
        "title": "Oud", "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "level": 2, "evidence": [{"type": "work"}]}],
        "periodWishes": [{"from": "2027-06-01", "wish": "more-hours"}], "hours": {"min": 16, "max": 24}, "postcode": "8251",
        "languages": [{"language": "nl", "level": "B2"}, {"language": "so", "level": "C2"}, {"language": "yue", "level": "A1"}],
    });
    let mut draft = Draft::of(&before, Language::Nl);
    assert_eq!((draft.hours_min.as_str(), draft.skills[0].level.as_str(), draft.languages["so"].as_str()), ("16", "2", "C2"));
    draft.languages.remove("yue");
    draft.title = "Nieuw".to_owned();
    draft.hours_min.clear();
    draft.postcode.clear();
    let (after, wrong) = draft.document(before.as_object().expect("an object").clone(), Reference::starter());
    assert_eq!(wrong, []);
    assert_eq!(after["title"], "Nieuw");
    assert_eq!(after["skills"], before["skills"], "evidence stays");
    assert_eq!(after["periodWishes"], before["periodWishes"]);
    assert_eq!(after["hours"], json!({"min": 24, "max": 24}));
    assert!(!after.contains_key("postcode"), "what was emptied is gone");
    assert_eq!(after["languages"].as_array().map(Vec::len), Some(3), "a language that the page does not ask after stays");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let draft = Draft {
        hours_min: "veel".to_owned(),
        minutes: "30".to_owned(),
        salary: "genoeg".to_owned(),
        postcode: "8999".to_owned(),
        ..Draft::default()
    };
    let (_, findings) = draft.document(Map::new(), Reference::starter());
    let pointers: Vec<&str> = findings.iter().map(|finding| finding.pointer.as_str()).collect();
    assert_eq!(pointers, ["/hours/min", "/title", "/skills", "/commute", "/salaryWish", "/postcode"]);
}

#[test]
fn who_has_no_postcode_of_the_tables_names_a_place() {
    let reference = Reference::starter();
    for (typed, is) in [("8251 ab", "8251"), ("dronten", "8251"), ("Dronten ", "8251"), ("Nergenshuizen", "Nergenshuizen"), ("9", "9")] {
        assert_eq!(postcode(typed.trim(), reference), is, "{typed}");
    }
    let near = |typed: &str| Draft { postcode: typed.to_owned(), ..Draft::default() }.unknown_place(reference);
    assert_eq!(near("8251"), None);
    assert!(near("Drontem").is_some_and(|near| near.contains(&"Dronten".to_owned())), "{:?}", near("Drontem"));
    assert_eq!(near("Nergenshuizen"), Some(Vec::new()));
    assert_eq!((near(""), near("82")), (None, None), "what is no postcode is not of its form");
}
