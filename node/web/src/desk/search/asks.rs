//! What a search asks, in words.

use polder_exchange::people::Language;

use super::draft::Draft;
use crate::pages::{Said, Words};

/// What the form of a search asks, but for whom; empty where it asks everything.
pub(super) fn asks(words: &Words, language: Language, draft: &Draft) -> Vec<String> {
    let mut parts: Vec<String> = draft.occupations.iter().chain(&draft.skills).map(|one| one.label.clone()).collect();
    if !draft.text.is_empty() {
        parts.push(format!("“{}”", draft.text));
    }
    if !draft.from.is_empty() {
        let mode = words.text(&format!("mode-{}", draft.mode), &[]);
        let given = [("from", Said::Text(&draft.from)), ("minutes", Said::Text(&draft.minutes)), ("mode", Said::Text(&mode))];
        parts.push(words.text("saved-travel", &given));
    }
    for (name, typed) in [("saved-hours-min", &draft.hours_min), ("saved-hours-max", &draft.hours_max)] {
        if !typed.is_empty() {
            parts.push(words.text(name, &[("hours", Said::Text(typed))]));
        }
    }
    parts.extend(draft.more.said(words, draft.kind, language));
    parts
}
