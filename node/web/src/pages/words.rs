//! The texts of pages, from message files (Project Fluent): one for each language, with the same messages.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use polder_exchange::people::Language;
use unic_langid::LanguageIdentifier;

/// The message files of a language, by its folder.
macro_rules! files {
    ($language:literal: $($name:literal)+) => { [$(include_str!(concat!("../../pages/texts/", $language, "/", $name, ".ftl"))),+] };
}

const DUTCH: &[&str] = &files!("nl": "administrator" "bring" "common" "desk" "exchange" "find" "import" "offer" "offers" "officer" "people" "portal" "received" "reference" "saved" "syncs" "verify");
const ENGLISH: &[&str] = &files!("en": "administrator" "bring" "common" "desk" "exchange" "find" "import" "offer" "offers" "officer" "people" "portal" "received" "reference" "saved" "syncs" "verify");

/// What stands in a message.
#[derive(Clone, Copy)]
pub(crate) enum Said<'s> {
    Text(&'s str),
    Number(i64),
}

/// The messages of one language.
pub(crate) struct Words(FluentBundle<FluentResource>);

impl Words {
    pub(crate) fn new(language: Language) -> Self {
        let (files, locale) = match language {
            Language::Nl => (DUTCH, "nl-NL"),
            Language::En => (ENGLISH, "en-GB"),
        };
        // It says how numbers and plurals are made.
        let locale: LanguageIdentifier = locale.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Both languages are written from left to right.
        bundle.set_use_isolating(false);
        for text in files {
            // What of a file cannot be read is not there; a test sees that all of it can.
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(readable, _)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self(bundle)
    }

    /// A message that is there, with what stands in it; its name where it is not, which a test would see.
    pub(crate) fn text(&self, name: &str, given: &[(&str, Said<'_>)]) -> String {
        let mut arguments = FluentArgs::new();
        for (key, value) in given {
            match value {
                Said::Text(text) => arguments.set(*key, *text),
                Said::Number(number) => arguments.set(*key, *number),
            }
        }
        self.say(name, &arguments).unwrap_or_else(|| {
            tracing::error!(%name, "there is no message of that name with such arguments");
            name.to_owned()
        })
    }

    /// What a partner is in the region; the register takes any word for it.
    pub(crate) fn role(&self, role: &str) -> String {
        self.say(&format!("role-{role}"), &FluentArgs::new()).unwrap_or_else(|| role.to_owned())
    }

    /// All that it is, in a line.
    pub(crate) fn roles<'r>(&self, roles: impl IntoIterator<Item = &'r String>) -> String {
        roles.into_iter().map(|role| self.role(role)).collect::<Vec<_>>().join(", ")
    }

    /// A message; `None` where there is none of that name, or an argument is missing.
    pub(crate) fn say(&self, name: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.0.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let said: Cow<'_, str> = self.0.format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| said.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    fn lines(files: &[&'static str]) -> Vec<&'static str> {
        let lines = files.iter().flat_map(|text| text.lines());
        lines.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())).collect()
    }

    fn names(files: &[&'static str]) -> BTreeSet<&'static str> {
        lines(files).into_iter().filter_map(|line| line.split_once(" =")).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages_and_each_can_be_read() {
        for files in [DUTCH, ENGLISH] {
            for text in files {
                assert!(FluentResource::try_new((*text).to_owned()).is_ok());
            }
            assert_eq!(names(files).len(), lines(files).len(), "a message stands twice");
        }
        let (dutch, english) = (names(DUTCH), names(ENGLISH));
        let differing: Vec<_> = dutch.symmetric_difference(&english).collect();
        assert!(differing.is_empty() && dutch.len() > 200, "{differing:?}");
    }
}
