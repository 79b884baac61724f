//! The texts of pages, from message files (Project Fluent): one for each language, with the same messages.

use std::borrow::Cow;
use std::sync::OnceLock;

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
pub(crate) struct Words {
    /// It says how numbers and plurals are made.
    locale: LanguageIdentifier,
    files: Vec<File>,
    /// Each message's name, in order, with the index of its file.
    names: Vec<(&'static str, usize)>,
}

/// A message file, read when the first of its messages is asked for: whoever sees the portal alone keeps no words of the desk in memory.
/// A message names none of another file.
struct File {
    text: &'static str,
    read: OnceLock<FluentBundle<FluentResource>>,
}

impl File {
    fn read(&self, locale: &LanguageIdentifier) -> &FluentBundle<FluentResource> {
        self.read.get_or_init(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![locale.clone()]);
            // Both languages are written from left to right.
            bundle.set_use_isolating(false);
            // What of a file cannot be read is not there; a test sees that all of it can.
            let resource = FluentResource::try_new(self.text.to_owned()).unwrap_or_else(|(readable, _)| readable);
            bundle.add_resource_overriding(resource);
            bundle
        })
    }
}

/// The names of the messages in a file: each begins a line of its own.
fn names(text: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    lines.filter_map(|line| line.split_once(" =")).map(|(name, _)| name)
}

impl Words {
    pub(crate) fn new(language: Language) -> Self {
        let (texts, locale) = match language {
            Language::Nl => (DUTCH, "nl-NL"),
            Language::En => (ENGLISH, "en-GB"),
        };
        let mut all: Vec<_> = texts.iter().enumerate().flat_map(|(file, text)| names(text).map(move |name| (name, file))).collect();
        all.sort_unstable();
        all.shrink_to_fit();
        let files = texts.iter().map(|text| File { text, read: OnceLock::new() }).collect();
        Self { locale: locale.parse().unwrap_or_default(), files, names: all }
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
        let at = self.names.binary_search_by_key(&name, |(known, _)| known).ok()?;
        let bundle = self.files.get(self.names[at].1)?.read(&self.locale);
        let pattern = bundle.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let said: Cow<'_, str> = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| said.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    fn lines(files: &[&'static str]) -> usize {
        files.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())).count()
    }

    fn all(files: &[&'static str]) -> BTreeSet<&'static str> {
        files.iter().flat_map(|text| names(text)).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages_and_each_can_be_read() {
        for (language, files) in [(Language::Nl, DUTCH), (Language::En, ENGLISH)] {
            let words = Words::new(language);
            for (file, text) in words.files.iter().zip(files) {
                assert!(FluentResource::try_new((*text).to_owned()).is_ok());
                for name in names(text) {
                    assert!(file.read(&words.locale).get_message(name).is_some_and(|message| message.value().is_some()), "{name}");
                }
            }
            assert_eq!(all(files).len(), lines(files), "a message stands twice");
        }
        let (dutch, english) = (all(DUTCH), all(ENGLISH));
        let differing: Vec<_> = dutch.symmetric_difference(&english).collect();
        assert!(differing.is_empty() && dutch.len() > 200, "{differing:?}");
    }

    #[test]
    fn a_file_is_read_when_the_first_of_its_messages_is_asked_for() {
        let words = Words::new(Language::Nl);
        let read = || words.files.iter().filter(|file| file.read.get().is_some()).count();
        assert_eq!(read(), 0);
        assert!(words.say("no-such-message", &FluentArgs::new()).is_none());
        assert_eq!(read(), 0);
        assert_eq!(words.role("no-such-role"), "no-such-role");
        assert_ne!(words.role("municipality"), "municipality");
        assert_eq!(read(), 1);
    }
}
