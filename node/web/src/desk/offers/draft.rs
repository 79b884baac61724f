//! What stands in the form of a vacancy or a training, as it was typed: what is wrong comes back as it was.

use std::collections::{BTreeMap, BTreeSet};

use polder_exchange::people::Language;
use polder_model::Kind;
use polder_model::reference::Reference;
use serde::Serialize;
use serde_json::Value;

use super::editions::Edition;
use super::form::{List, Typed, form};
use crate::pages::Fields;
use crate::pages::find::{Coded, either, picked_occupations, picked_skills, sought};
use crate::pages::money::euros;
use crate::pages::spoken::LANGUAGES;

/// The form of an offer.
#[derive(Debug, Serialize)]
pub(super) struct Draft {
    pub kind: Kind,
    /// What stands in each line, by its name.
    pub lines: BTreeMap<&'static str, String>,
    /// What is ticked of each list.
    pub lists: BTreeMap<&'static str, BTreeSet<String>>,
    pub ticks: BTreeMap<&'static str, bool>,
    /// Levels by languages.
    pub languages: BTreeMap<&'static str, String>,
    pub editions: Vec<Edition>,
    pub skills: Vec<Coded>,
    pub occupations: Vec<Coded>,
    pub find_skill: String,
    pub find_occupation: String,
}

/// The value at a path.
pub(super) fn at<'o>(offer: &'o Value, path: &[&str]) -> &'o Value {
    path.iter().fold(offer, |place, member| &place[*member])
}

/// The words of a list of an offer, in its order.
pub(super) fn words<'o>(offer: &'o Value, list: &'static List) -> impl Iterator<Item = &'o str> {
    let items = at(offer, list.path).as_array().into_iter().flatten();
    items.filter_map(|item| list.named.map_or(item, |named| &item[named]).as_str())
}

impl Draft {
    /// What an offer says; an empty form where there is none. Its skills and occupations have labels.
    pub(super) fn of(kind: Kind, offer: &Value, language: Language) -> Self {
        let form = form(kind);
        let coded = |list: &str| {
            let items = offer[list].as_array().into_iter().flatten();
            let coded = |item: &Value| {
                let uri = item["uri"].as_str().unwrap_or_default();
                let said = |code: &str| item["label"][code].as_str().unwrap_or_default();
                let label = Some(either(language, said("nl"), said("en"))).filter(|label| !label.is_empty()).unwrap_or(uri);
                Coded::new(uri, label)
            };
            items.map(coded).collect()
        };
        let spoken = |code: &str| {
            let mut all = offer["languages"].as_array().into_iter().flatten();
            let found = all.find(|one| one["language"].as_str() == Some(code));
            found.and_then(|one| one["level"].as_str()).unwrap_or_default().to_owned()
        };
        Self {
            kind,
            lines: form.lines.iter().map(|line| (line.name, shown(at(offer, line.path), line.typed, language))).collect(),
            lists: form.lists.iter().map(|list| (list.name, words(offer, list).map(str::to_owned).collect())).collect(),
            ticks: form.ticks.iter().map(|tick| (tick.name, at(offer, tick.path).as_bool().unwrap_or_default())).collect(),
            languages: LANGUAGES.iter().map(|code| (*code, spoken(code))).collect(),
            editions: Edition::all(offer),
            skills: coded(form.skills),
            occupations: coded("occupations"),
            find_skill: String::new(),
            find_occupation: String::new(),
        }
    }

    /// What was typed.
    pub(super) fn read(kind: Kind, fields: &Fields, reference: &Reference, language: Language) -> Self {
        let form = form(kind);
        let line = |name: &str, typed| {
            let text = fields.one(name).replace("\r\n", "\n");
            if typed == Typed::Capitals { text.to_uppercase() } else { text }
        };
        Self {
            kind,
            lines: form.lines.iter().map(|one| (one.name, line(one.name, one.typed))).collect(),
            lists: form.lists.iter().map(|list| (list.name, fields.all(list.name).map(str::to_owned).collect())).collect(),
            ticks: form.ticks.iter().map(|tick| (tick.name, fields.one(tick.name) == "yes")).collect(),
            languages: LANGUAGES.iter().map(|code| (*code, fields.one(&format!("language {code}")).to_owned())).collect(),
            editions: Edition::read(fields),
            skills: picked_skills(fields, reference, language),
            occupations: picked_occupations(fields, reference, language),
            find_skill: sought(fields.one("find_skill")),
            find_occupation: sought(fields.one("find_occupation")),
        }
    }

    /// What stands in a line.
    pub(super) fn line(&self, name: &str) -> &str {
        self.lines.get(name).map_or("", String::as_str)
    }
}

/// A value as it stands in the form.
pub(super) fn shown(value: &Value, typed: Typed, language: Language) -> String {
    match (value.as_u64(), typed) {
        (Some(cents), Typed::Money) => euros(language, cents),
        (Some(number), _) => number.to_string(),
        (None, _) => value.as_str().unwrap_or_default().to_owned(),
    }
}
