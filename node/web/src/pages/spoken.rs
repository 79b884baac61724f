//! What codes of offers are called wherever they are shown: languages by their name, and parts of the week by day, in the order of the week.

use fluent_bundle::FluentArgs;

use super::words::{Said, Words};

/// The languages that forms ask after; what names another one keeps it.
pub(crate) const LANGUAGES: [&str; 8] = ["nl", "en", "de", "fr", "pl", "ar", "tr", "uk"];
/// All languages that have a name here.
pub(crate) const KNOWN: [&str; 36] = [
    "nl", "en", "de", "fr", "pl", "ar", "tr", "uk", "es", "it", "pt", "ro", "bg", "hu", "cs", "sk", "el", "lt", "lv", "ru", "fa", "ps",
    "ku", "so", "ti", "am", "zh", "hi", "ur", "id", "vi", "th", "sv", "da", "fi", "fy",
];
/// The days of a week, in order.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The parts of a day, in order.
const TIMES: [&str; 4] = ["morning", "afternoon", "evening", "night"];

/// A language by its name; its code where this node has no name for it.
pub(crate) fn language(words: &Words, code: &str) -> String {
    words.say(&format!("language-{code}"), &FluentArgs::new()).unwrap_or_else(|| code.to_owned())
}

/// Parts of the week: `maandagochtend en -middag, dinsdagavond`. What is no part of a week is left out.
pub(crate) fn week<'p>(words: &Words, parts: impl IntoIterator<Item = &'p str>) -> String {
    let parts: Vec<&str> = parts.into_iter().collect();
    let day = |day: &&str| {
        let is_there = |time: &&&str| parts.iter().any(|part| part.split_once('-') == Some((*day, **time)));
        let times: Vec<&str> = TIMES.iter().filter(is_there).copied().collect();
        let (first, others) = times.split_first()?;
        let mut said = words.text(&format!("part-{day}-{first}"), &[]);
        for (place, time) in others.iter().enumerate() {
            let (name, time) =
                (if place + 1 == others.len() { "week-last" } else { "week-more" }, words.text(&format!("times-{time}"), &[]));
            said = words.text(name, &[("before", Said::Text(&said)), ("time", Said::Text(&time))]);
        }
        Some(said)
    };
    DAYS.iter().filter_map(day).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;

    use super::*;

    #[test]
    fn a_week_is_said_in_its_order_and_a_language_by_its_name() {
        let words = Words::new(Language::Nl);
        let said = week(&words, ["sat-night", "mon-evening", "tue-morning", "mon-morning", "nothing", "mon-noon"]);
        assert_eq!(said, "maandagochtend en -avond; dinsdagochtend; zaterdagnacht");
        assert_eq!(week(&words, []), "");
        assert_eq!(["en", "pl", "qq"].map(|code| language(&words, code)), ["Engels", "Pools", "qq"]);
    }
}
