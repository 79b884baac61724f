//! Occupations, skills and places as they stand in documents, from the reference tables.

use polder_model::Postcode4;
use polder_model::code::Importance;
use polder_model::reference::{self, Reference};
use serde_json::{Value, json};

use super::draw::Draw;
use super::roles::Of;

fn label(nl: &str, en: &str) -> Value {
    if en.is_empty() { json!({ "nl": nl }) } else { json!({ "nl": nl, "en": en }) }
}

impl Of {
    fn row(self) -> Option<&'static reference::Occupation> {
        Reference::starter().occupation_labelled(self.0)
    }

    /// Its Dutch name.
    pub(super) fn name(self) -> &'static str {
        self.0
    }

    /// The usual level, NLQF × 10.
    pub(super) fn level(self) -> u8 {
        self.row().and_then(|row| row.level).unwrap_or(30)
    }

    /// The occupation in a document.
    pub(super) fn value(self) -> Value {
        match self.row() {
            Some(row) => json!({ "scheme": "esco", "uri": row.uri.as_str(), "label": label(&row.label_nl, &row.label_en) }),
            None => json!({ "scheme": "esco", "uri": "http://data.europa.eu/esco/occupation/none" }),
        }
    }
}

/// A skill with what the tables say about it.
pub(super) struct Wanted {
    row: &'static reference::Skill,
    pub importance: &'static str,
}

impl Wanted {
    /// Its Dutch label.
    pub(super) fn name(&self) -> &'static str {
        &self.row.label_nl
    }

    /// The skill in a document, with its level where it has one.
    pub(super) fn value(&self, level: Option<i32>) -> Value {
        let mut value = json!({ "uri": self.row.uri.as_str(), "label": label(&self.row.label_nl, &self.row.label_en) });
        if let Some(level) = level {
            value["level"] = json!(level);
        }
        value
    }
}

/// Skills by their labels; those that the tables do not have are left out.
pub(super) fn skills(labels: &[&str]) -> Vec<Wanted> {
    let rows = labels.iter().filter_map(|label| Reference::starter().skill_labelled(label));
    rows.map(|row| Wanted { row, importance: "important" }).collect()
}

/// Skills of an occupation: several of the essential ones, some of the others, and more by their labels.
pub(super) fn skills_of(of: Of, more: &[&str], draw: &mut Draw) -> Vec<Wanted> {
    let tables = Reference::starter();
    let all = of.row().map_or(&[][..], |row| row.skills.as_slice());
    let (essential, optional): (Vec<_>, Vec<_>) = all.iter().partition(|(_, importance)| *importance == Importance::Essential);
    let few = 5 + draw.below(4);
    let mut found: Vec<Wanted> = Vec::new();
    for (uri, importance) in draw.some(&essential, few).into_iter().chain(draw.some(&optional, 2)) {
        let weaker = draw.chance(30);
        if let Some(row) = tables.skill(uri) {
            let importance = match importance {
                Importance::Essential if !weaker => "essential",
                Importance::Essential => "important",
                _ => "optional",
            };
            found.push(Wanted { row, importance });
        }
    }
    for extra in skills(more) {
        if found.iter().all(|known| known.row.uri != extra.row.uri) {
            found.push(extra);
        }
    }
    found
}

/// The SBI letters of an occupation, separate.
pub(super) fn sectors(of: Of) -> Vec<String> {
    let letters = of.row().map_or("O", |row| row.sectors.as_str());
    letters.split_whitespace().map(str::to_owned).collect()
}

/// The name of the place with this postcode.
pub(super) fn place_name(postcode: u16) -> &'static str {
    place(postcode).map_or("Flevoland", |place| place.name.as_str())
}

fn place(postcode: u16) -> Option<&'static reference::Place> {
    Reference::starter().place(Postcode4::from_number(postcode)?)
}

/// A place in a document.
pub(super) fn location(postcode: u16) -> Value {
    match place(postcode) {
        Some(place) => json!({ "postcode": postcode.to_string(), "municipality": place.municipality, "place": place.name }),
        None => json!({ "postcode": postcode.to_string() }),
    }
}
