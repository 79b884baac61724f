//! Skills that a text seems to speak of, for a form: each with the words by which it was found. Nothing is picked by itself.

use std::sync::Arc;

use polder_exchange::people::Language;
use polder_model::reference::{Reference, TextLanguage};
use serde::Serialize;

use super::PageError;
use super::find::{Coded, coded_skill};

/// Most that are proposed.
const MOST: usize = 20;
/// Characters that are shown before and after the words by which one was found.
const AROUND: usize = 40;

/// A skill that is proposed.
#[derive(Serialize)]
pub(crate) struct Proposed {
    uri: String,
    label: String,
    /// The words by which it was found, and what stands before and after them.
    said: String,
    before: String,
    after: String,
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

/// Most offers are in Dutch; where a Dutch reader finds nothing in a text, it may be in English.
fn found(reference: &Reference, language: Language, text: &str, picked: &[Coded]) -> Vec<Proposed> {
    let of = |written| reference.skills_in(text, written, MOST);
    let mentions = Some(of(TextLanguage::Nl)).filter(|found| !found.is_empty()).unwrap_or_else(|| of(TextLanguage::En));
    let proposed = mentions.into_iter().map(|mention| {
        let Coded { uri, label, .. } = coded_skill(reference, language, &mention.skill.uri);
        let (before, after) = around(text, mention.at.start, mention.at.end);
        Proposed { uri, label, said: text[mention.at].to_owned(), before, after }
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
