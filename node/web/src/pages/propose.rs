//! Skills that a text seems to speak of, for a form: each with the words by which it was found. Nothing is picked by itself.

use std::sync::Arc;

use polder_exchange::people::Language;
use polder_model::reference::{Reference, TextLanguage};
use serde::Serialize;

use super::find::{Coded, coded_skill, either};
use super::{Fields, PageError};

/// Most that are proposed.
const MOST: usize = 20;
/// Characters that are shown before and after the words by which one was found.
const AROUND: usize = 40;

/// A skill that is proposed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proposed {
    pub uri: String,
    label: String,
    /// The words by which it was found, and what stands before and after them.
    said: String,
    before: String,
    after: String,
}

impl Proposed {
    /// One that a form carries from one page to the next: its code, and the words by which it was found; `None` where it is no skill that is known here.
    pub(crate) fn carried(text: &str, reference: &Reference, language: Language) -> Option<Self> {
        let mut parts = text.split('|').map(str::to_owned);
        let (uri, before, said, after) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let skill = reference.skill(&uri.parse().ok()?)?;
        let label = either(language, &skill.label_nl, &skill.label_en).to_owned();
        Some(Self { uri, label, said, before, after })
    }
}

/// Those that a form carries, each once.
pub(crate) fn carried(fields: &Fields, reference: &Reference, language: Language) -> Vec<Proposed> {
    let mut all: Vec<Proposed> = Vec::new();
    for one in fields.all("proposed").take(MOST).filter_map(|text| Proposed::carried(text, reference, language)) {
        if all.iter().all(|other| other.uri != one.uri) {
            all.push(one);
        }
    }
    all
}

/// What is proposed for a text, the surest first; without what is picked already.
pub(crate) async fn proposed(
    reference: Arc<Reference>,
    language: Language,
    text: String,
    picked: &[Coded],
) -> Result<Vec<Proposed>, PageError> {
    // With complete tables the labels of a language are put in order once, which takes a second.
    let picked = picked.to_vec();
    tokio::task::spawn_blocking(move || found(&reference, language, &text, &picked)).await.map_err(PageError::internal)
}

/// Most texts are in Dutch; where a Dutch reader finds nothing in one, it may be in English.
pub(crate) fn found(reference: &Reference, language: Language, text: &str, picked: &[Coded]) -> Vec<Proposed> {
    let of = |written| reference.skills_in(text, written, MOST);
    let mentions = Some(of(TextLanguage::Nl)).filter(|found| !found.is_empty()).unwrap_or_else(|| of(TextLanguage::En));
    let proposed = mentions.into_iter().map(|mention| {
        let Coded { uri, label, .. } = coded_skill(reference, language, &mention.skill.uri);
        let (before, after) = around(text, mention.at.start, mention.at.end);
        // A form carries them with a bar between them.
        let [said, before, after] = [&text[mention.at], &before, &after].map(|part| part.replace('|', "/"));
        Proposed { uri, label, said, before, after }
    });
    proposed.filter(|one| picked.iter().all(|picked| picked.uri != one.uri)).collect()
}

/// What of its line stands before and after a part of a text, in whole words.
fn around(text: &str, start: usize, end: usize) -> (String, String) {
    let before = text[..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..].split('\n').next().unwrap_or_default();
    let from = before.char_indices().rev().nth(AROUND - 1).map(|(place, _)| place);
    let until = after.char_indices().nth(AROUND).map(|(place, _)| place);
    let before = match from {
        Some(place) => format!("…{}", before[place..].split_once(char::is_whitespace).map_or("", |(_, whole)| whole)),
        None => before.to_owned(),
    };
    let after = match until {
        Some(place) => format!("{}…", after[..place].rsplit_once(char::is_whitespace).map_or("", |(whole, _)| whole)),
        None => after.to_owned(),
    };
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_carries_them_and_nothing_that_is_no_skill() {
        let reference = Reference::starter();
        let text = "Ik kan | goed lassen | en meer.";
        let mut found = found(reference, Language::Nl, text, &[]);
        let one = found.pop().expect("a skill");
        let carried = [&one.uri, &one.before, &one.said, &one.after].map(String::as_str).join("|");
        assert_eq!(carried.matches('|').count(), 3, "{carried}");
        let again = Proposed::carried(&carried, reference, Language::En).expect("it is known");
        assert_eq!((again.said.as_str(), again.label.as_str()), ("lassen", "welding techniques"));
        for wrong in ["", "urn:evil|a|b|c", &one.uri, &carried.replacen('|', "", 3)] {
            assert!(Proposed::carried(wrong, reference, Language::Nl).is_none(), "{wrong}");
        }
    }

    #[test]
    fn each_comes_with_its_words_and_what_is_picked_is_not_proposed() {
        let text = "Wij zoeken iemand.\nJe gaat lassen aan de kade, en je rijdt heftruck in onze hal.";
        let of = |text: &str, picked: &[Coded]| {
            let found = found(Reference::starter(), Language::Nl, text, picked);
            found.into_iter().map(|one| (one.label, [one.before, one.said, one.after].concat(), one.uri)).collect::<Vec<_>>()
        };
        let found = of(text, &[]);
        let welding = found.iter().find(|(label, ..)| label == "lastechnieken").unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(welding.1, "Je gaat lassen aan de kade, en je rijdt heftruck in…");
        let picked = [Coded::new(&welding.2, &welding.0)];
        assert!(of(text, &picked).iter().all(|(label, ..)| label != "lastechnieken"));
        assert!(!of("You will serve food in table service.", &[]).is_empty(), "a text may be in English");
        assert_eq!(of("", &[]), []);
        for odd in ["lassen", "é lassen é", &format!("{} lassen {}", "é".repeat(300), "x".repeat(300))] {
            assert!(of(odd, &[]).iter().all(|(_, said, _)| said.contains("lassen") && said.chars().count() < 100), "{odd}");
        }
    }
}
