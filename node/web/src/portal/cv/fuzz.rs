//! Files made from rightful ones: whatever they hold, what fills the form is within the bounds of a profile, and may stand in one.

use std::time::Duration;

use polder_exchange::people::Language;
use polder_fuzz::campaign::Verdict;
use polder_fuzz::{Grammar, Target};
use polder_model::offer::is_personal;
use polder_model::reference::Reference;

use super::super::profile::Draft;
use super::tests::{CANDIDATE, PASSPORT, RESUME};
use super::{LONGEST_ABOUT, MOST, fill, read};

fn property(input: &[u8]) -> Verdict {
    let cv = match read(input, "2026-11-29") {
        Ok(cv) => cv,
        Err(unread) => return Ok(format!("{unread:?}")),
    };
    let mut draft = Draft::default();
    let said = fill(cv, &mut draft, Reference::starter(), Language::Nl);
    if is_personal(&draft.title) || is_personal(&draft.description) {
        return Err("a text that may not stand in a profile".to_owned());
    }
    let lengths = [draft.description.chars().count() > LONGEST_ABOUT, draft.skills.len() > MOST, draft.occupations.len() > MOST];
    if lengths.contains(&true) || draft.languages.len() > 8 || !(draft.postcode.is_empty() || draft.postcode.len() == 4) {
        return Err(format!("out of bounds: {lengths:?}"));
    }
    let language: String = draft.languages.values().map(String::as_str).collect();
    Ok(format!("{:?} {:?} {language} {}", said.taken, said.left, draft.education))
}

#[test]
fn cvs() {
    let words = &[
        "Candidate",
        "SkillsPassport",
        "LearnerInfo",
        "PersonCompetency",
        "CompetencyName",
        "ScoreText",
        "EducationLevelCode",
        "listName",
        "EQF",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "&b;",
        "&amp;",
        "&#x10FFFF;",
        "xmlns:a=\"b\"",
        "basics",
        "label",
        "keywords",
        "studyType",
        "endDate",
        "postalCode",
        "fluency",
        "native",
        "</",
        "<script",
        "111222333",
    ];
    for (name, seeds, grammar) in [
        ("cv-json", vec![RESUME.as_bytes().to_vec()], Grammar::Json),
        ("cv-xml", vec![CANDIDATE.as_bytes().to_vec(), PASSPORT.as_bytes().to_vec()], Grammar::Text),
    ] {
        Target { name, seeds, grammar, words, bound: Duration::from_millis(2_000) }.run(property);
    }
}
