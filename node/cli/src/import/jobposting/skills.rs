//! Skills and occupations, only where the tables know them.

use polder_model::CodeUri;
use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, labels, list};
use crate::tables;

/// Most skills of a vacancy.
const MOST_SKILLS: usize = 50;
/// Most occupations of a vacancy.
const MOST_OCCUPATIONS: usize = 10;

/// Sets the skills that the tables know; the others stay in the description.
pub(super) fn skills(given: &Value, draft: &mut Draft) {
    let tables = tables::in_use();
    let (mut known, mut unknown): (Vec<Value>, Vec<String>) = (Vec::new(), Vec::new());
    let mut add = |skill: &polder_model::reference::Skill| {
        let entry = json!({"uri": skill.uri, "label": {"nl": skill.label_nl}});
        if !known.contains(&entry) && known.len() < MOST_SKILLS {
            known.push(entry);
        }
    };
    for one in list(given) {
        match code(one).and_then(|uri| tables.skill(&uri)) {
            Some(skill) => add(skill),
            None => labels(one).into_iter().for_each(|label| match tables.skill_labelled(&label) {
                Some(skill) => add(skill),
                None => unknown.push(label),
            }),
        }
    }
    if !known.is_empty() {
        draft.set("skills", json!(known));
    }
    if !unknown.is_empty() {
        draft.note_about("skills: not in the tables, kept in the description", unknown.join(", "));
        draft.keep(&format!("Vaardigheden: {}", unknown.join(", ")));
    }
}

/// Sets the occupations that the tables know.
pub(super) fn occupations(posting: &Value, draft: &mut Draft) {
    let tables = tables::in_use();
    let mut known: Vec<Value> = Vec::new();
    for member in ["relevantOccupation", "occupationalCategory"] {
        let mut unknown = Vec::new();
        for one in list(&posting[member]) {
            let by_code = code(one).or_else(|| code(&one["occupationalCategory"])).and_then(|uri| tables.occupation(&uri));
            let found = by_code.or_else(|| labels(one).iter().find_map(|label| tables.occupation_labelled(label)));
            let entry = found.map(|one| json!({"scheme": "esco", "uri": one.uri, "label": {"nl": one.label_nl}})).or_else(|| isco(one));
            match entry {
                Some(entry) if known.contains(&entry) || known.len() == MOST_OCCUPATIONS => {}
                Some(entry) => known.push(entry),
                None => unknown
                    .push(labels(one).into_iter().next().or_else(|| first_text(&[&one["codeValue"], &one["@id"]])).unwrap_or_default()),
            }
        }
        if !unknown.is_empty() {
            draft.note_about(format!("{member}: not in the tables of occupations, left out"), unknown.join(", "));
        }
    }
    if !known.is_empty() {
        draft.set("occupations", json!(known));
    }
}

/// The code of a thing that names one.
fn code(value: &Value) -> Option<CodeUri> {
    let places = [&value["@id"], &value["url"], &value["termCode"], &value["codeValue"], &value["sameAs"], value];
    places.iter().filter_map(|place| first_text(&[place])).find_map(|text| text.parse().ok())
}

/// A group of ISCO-08, where the posting says that its code is one.
fn isco(value: &Value) -> Option<Value> {
    let category = if value["codeValue"].is_null() { &value["occupationalCategory"] } else { value };
    let set = first_text(&[&category["inCodeSet"], &category["inCodeSet"]["name"]])?.to_lowercase();
    let code = first_text(&[&category["codeValue"]])?;
    let form = set.contains("isco") && code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    form.then(|| json!({"scheme": "isco08", "uri": format!("http://data.europa.eu/esco/isco/C{code}")}))
}
