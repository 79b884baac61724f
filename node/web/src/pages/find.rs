//! Finding skills and occupations by what people call them.

use polder_exchange::people::Language;
use polder_model::CodeUri;
use polder_model::reference::Reference;
use serde::Serialize;
use serde_json::{Value, json};

use super::Fields;

/// Most that are shown.
const MOST: usize = 12;
/// Shortest text that is looked for, in characters.
const SHORTEST: usize = 2;
/// Longest text that is looked for, in characters: what is behind it makes no difference.
const LONGEST: usize = 100;

/// The text that is looked for: as much of what was typed as a name can have.
pub(crate) fn sought(typed: &str) -> String {
    typed.chars().take(LONGEST).collect()
}

/// Something with a code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Coded {
    pub uri: String,
    pub label: String,
}

/// Skills whose name begins with a text, then those with a word that does, then those that hold it, then what is near to it.
pub(crate) fn skills(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let all = reference.skills().iter().map(|skill| {
        let label = either(language, &skill.label_nl, &skill.label_en);
        (skill.labels(), Coded { uri: skill.uri.to_string(), label: label.to_owned() })
    });
    let near = || reference.suggest_skills(text).into_iter().filter_map(|label| reference.skills_labelled(&label).next());
    best(text, all, || {
        near()
            .map(|skill| Coded { uri: skill.uri.to_string(), label: either(language, &skill.label_nl, &skill.label_en).to_owned() })
            .collect()
    })
}

/// The same of occupations.
pub(crate) fn occupations(reference: &Reference, language: Language, text: &str) -> Vec<Coded> {
    let all = reference.occupations().iter().map(|occupation| {
        let label = either(language, &occupation.label_nl, &occupation.label_en);
        (occupation.labels(), Coded { uri: occupation.uri.to_string(), label: label.to_owned() })
    });
    let near = || reference.suggest_occupations(text).into_iter().filter_map(|label| reference.occupations_labelled(&label).next());
    best(text, all, || {
        let coded = |label: &str, uri: &CodeUri| Coded { uri: uri.to_string(), label: label.to_owned() };
        near().map(|occupation| coded(either(language, &occupation.label_nl, &occupation.label_en), &occupation.uri)).collect()
    })
}

/// A skill by its code, with its name; the code alone where none is known.
pub(crate) fn coded_skill(reference: &Reference, language: Language, uri: &CodeUri) -> Coded {
    let label = reference.skill(uri).map_or(uri.as_str(), |skill| either(language, &skill.label_nl, &skill.label_en));
    Coded { uri: uri.to_string(), label: label.to_owned() }
}

/// The same of an occupation.
pub(crate) fn coded_occupation(reference: &Reference, language: Language, uri: &CodeUri) -> Coded {
    let label = reference.occupation(uri).map_or(uri.as_str(), |one| either(language, &one.label_nl, &one.label_en));
    Coded { uri: uri.to_string(), label: label.to_owned() }
}

/// The skills that a form has picked, each once; what is no code is left out.
pub(crate) fn picked_skills(fields: &Fields, reference: &Reference, language: Language) -> Vec<Coded> {
    picked(fields, "skill", |uri| coded_skill(reference, language, uri))
}

/// The same of occupations.
pub(crate) fn picked_occupations(fields: &Fields, reference: &Reference, language: Language) -> Vec<Coded> {
    picked(fields, "occupation", |uri| coded_occupation(reference, language, uri))
}

fn picked(fields: &Fields, name: &str, coded: impl Fn(&CodeUri) -> Coded) -> Vec<Coded> {
    let mut picked: Vec<Coded> = Vec::new();
    for uri in fields.all(name).filter_map(|uri| uri.parse::<CodeUri>().ok()) {
        let one = coded(&uri);
        if !picked.contains(&one) {
            picked.push(one);
        }
    }
    picked
}

/// Leaves out of what was found what is picked already.
pub(crate) fn leave_out(found: &mut Option<Vec<Coded>>, picked: &[Coded]) {
    found.iter_mut().for_each(|found| found.retain(|one| !picked.contains(one)));
}

pub(crate) fn either<'l>(language: Language, dutch: &'l str, english: &'l str) -> &'l str {
    if language == Language::En && !english.is_empty() { english } else { dutch }
}

/// A skill as documents say it: its code and its names.
pub(crate) fn skill_item(reference: &Reference, uri: &str) -> Value {
    let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.skill(&uri));
    item(uri, found.map(|skill| (&skill.label_nl, &skill.label_en)))
}

/// An occupation as documents say it: its scheme, its code and its names.
pub(crate) fn occupation_item(reference: &Reference, uri: &str) -> Value {
    let found = uri.parse::<CodeUri>().ok().and_then(|uri| reference.occupation(&uri));
    let mut item = item(uri, found.map(|occupation| (&occupation.label_nl, &occupation.label_en)));
    let scheme = ["competentnl", "isco"].into_iter().find(|name| uri.contains(name)).unwrap_or("esco");
    item["scheme"] = json!(if scheme == "isco" { "isco08" } else { scheme });
    item
}

fn item(uri: &str, labels: Option<(&String, &String)>) -> Value {
    match labels {
        Some((dutch, english)) if english.is_empty() => json!({"uri": uri, "label": {"nl": dutch}}),
        Some((dutch, english)) => json!({"uri": uri, "label": {"nl": dutch, "en": english}}),
        None => json!({"uri": uri}),
    }
}

fn best<'l, L: Iterator<Item = &'l str>>(
    text: &str,
    all: impl Iterator<Item = (L, Coded)>,
    near: impl FnOnce() -> Vec<Coded>,
) -> Vec<Coded> {
    let wanted = text.trim().to_lowercase();
    if wanted.chars().count() < SHORTEST {
        return Vec::new();
    }
    let rank = |label: &str| {
        let label = label.to_lowercase();
        match label.find(&wanted) {
            Some(0) => Some(0),
            Some(at) if label[..at].ends_with([' ', '-', '(']) => Some(1),
            Some(_) => Some(2),
            None => None,
        }
    };
    let mut found: Vec<(u8, usize, Coded)> = all
        .filter_map(|(mut labels, coded)| {
            let other = labels.by_ref().filter_map(rank).min().map(|rank| 2 * rank + 1);
            // What is shown comes before another word for the same.
            let best = rank(&coded.label).map_or(other, |rank| Some(2 * rank))?;
            Some((best, coded.label.len(), coded))
        })
        .collect();
    found.sort();
    found.truncate(MOST);
    if found.is_empty() { near() } else { found.into_iter().map(|(_, _, coded)| coded).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_comes_first_and_what_is_misspelt_is_found() {
        let reference = Reference::starter();
        let found = skills(reference, Language::Nl, "las");
        assert!(found.len() > 1 && found[0].label.starts_with("las"), "{found:?}");
        assert!(found.len() <= MOST);
        assert_eq!(skills(reference, Language::Nl, "l"), []);
        assert!(!occupations(reference, Language::Nl, "elektromontuer").is_empty(), "one letter is wrong");
        assert_eq!(skills(reference, Language::Nl, "İ\u{301}qqqq"), [], "nothing is like it, and nothing breaks");
    }
}
