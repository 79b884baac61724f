//! Templates: what a page looks like. They escape whatever is put in, and know no text: that is in the message files.

use std::sync::{Arc, LazyLock};

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use polder_consent::Field;
use polder_exchange::people::{Language, field_name};
use polder_model::Timestamp;
use serde::Serialize;

use super::money::money;
use super::spoken;
use super::words::Words;

/// Every template, by its name.
macro_rules! templates {
    ($($name:literal)+) => { [$(($name, include_str!(concat!("../../pages/templates/", $name)))),+] };
}

const TEMPLATES: &[(&str, &str)] = &templates![
    "base.html" "map.html" "offer.html" "operations.html" "over.html" "parts.html" "plot.html" "problem.html" "reference.html" "resumed.html" "watch.html" "week.html"
    "desk/application.html" "desk/applications.html" "desk/asked.html" "desk/budgets.html" "desk/changes.html" "desk/clients.html"
    "desk/delete.html" "desk/erasures.html" "desk/form.html" "desk/home.html" "desk/import.html" "desk/incidents.html" "desk/ledger.html" "desk/more.html" "desk/node.html"
    "desk/offer.html" "desk/offers.html" "desk/outstanding.html" "desk/partner.html" "desk/partners.html" "desk/parts.html" "desk/pick.html"
    "desk/processing.html" "desk/reached.html" "desk/reaching.html" "desk/register.html" "desk/result.html" "desk/revocations.html" "desk/search.html" "desk/searches.html"
    "desk/syncs.html" "desk/welcome.html"
    "portal/applications.html" "portal/apply.html" "portal/applying.html" "portal/asked-offer.html" "portal/check.html" "portal/consent.html" "portal/consents.html"
    "portal/cv.html" "portal/data.html" "portal/erase.html" "portal/erased.html" "portal/erasures.html" "portal/home.html"
    "portal/invitation.html" "portal/move.html" "portal/moving.html" "portal/offers.html" "portal/profile.html" "portal/programs.html"
    "portal/questions.html" "portal/seen.html" "portal/share.html" "portal/verify.html" "portal/welcome.html"
];

/// The templates, for either language. Each language is read when somebody first sees a page in it.
pub(crate) struct Templates {
    dutch: LazyLock<Of>,
    english: LazyLock<Of>,
}

/// Templates and texts of one language.
struct Of {
    words: Arc<Words>,
    environment: Environment<'static>,
}

impl Of {
    fn language(language: Language) -> Self {
        let words = Arc::new(Words::new(language));
        Self { environment: environment(language, Arc::clone(&words)), words }
    }
}

impl Templates {
    pub(crate) fn new() -> Self {
        Self { dutch: LazyLock::new(|| Of::language(Language::Nl)), english: LazyLock::new(|| Of::language(Language::En)) }
    }

    fn of(&self, language: Language) -> &Of {
        match language {
            Language::Nl => &self.dutch,
            Language::En => &self.english,
        }
    }

    /// The texts of a language, for what is said elsewhere than in a template.
    pub(crate) fn words(&self, language: Language) -> &Words {
        &self.of(language).words
    }

    /// A page.
    pub(crate) fn render(&self, language: Language, name: &str, what: impl Serialize) -> Result<String, Error> {
        self.of(language).environment.get_template(name)?.render(Serde(what))
    }
}

fn environment(language: Language, words: Arc<Words>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let (languages, weeks) = (Arc::clone(&words), Arc::clone(&words));
    environment.add_function("t", move |name: &str, arguments: Kwargs| said(&words, name, &arguments));
    environment.add_function("language_name", move |code: &str| spoken::language(&languages, code));
    environment.add_function("parts_of_week", move |parts: Vec<String>| spoken::week(&weeks, parts.iter().map(String::as_str)));
    environment.add_function("field_name", move |pointer: &str| {
        let field =
            pointer.parse::<Field>().map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("there is no field {pointer}")))?;
        Ok::<_, Error>(field_name(language, field))
    });
    environment.add_filter("day", move |text: &str| Ok::<_, Error>(language.day(instant(text)?)));
    environment.add_filter("moment", move |text: &str| Ok::<_, Error>(language.moment(instant(text)?)));
    environment.add_filter("date", move |date: &str| said_date(language, date));
    environment.add_filter("money", move |cents: u64| money(language, cents));
    // Each is read when it is first needed; a test reads all of them.
    environment.set_loader(|name| Ok(TEMPLATES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())));
    environment
}

fn said(words: &Words, name: &str, arguments: &Kwargs) -> Result<String, Error> {
    let mut given = FluentArgs::new();
    for key in arguments.args() {
        let value: Value = arguments.get(key)?;
        let value = match value.as_i64() {
            Some(number) => FluentValue::from(number),
            None => FluentValue::from(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        };
        given.set(key.to_owned(), value);
    }
    words
        .say(name, &given)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no message {name} with such arguments")))
}

fn instant(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, "this is no instant"))
}

/// A date of a document.
pub(crate) fn said_date(language: Language, date: &str) -> Result<String, Error> {
    date.parse().map(|date| language.date(date)).map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("{error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_known_and_can_be_read() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/pages/templates");
        let mut files = Vec::new();
        for entry in [directory.to_owned(), format!("{directory}/desk"), format!("{directory}/portal")]
            .iter()
            .flat_map(|path| std::fs::read_dir(path).expect("a directory"))
        {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                files.push(path.strip_prefix(directory).expect("inside").to_string_lossy().into_owned());
            }
        }
        files.sort();
        let mut known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(files, known);
        let templates = Templates::new();
        for (name, _) in TEMPLATES {
            templates.dutch.environment.get_template(name).expect("a template that can be read");
        }
    }

    #[test]
    fn an_amount_is_written_as_people_write_it() {
        for (cents, dutch, english) in [
            (0, "€ 0", "€0"),
            (1_750, "€ 17,50", "€17.50"),
            (99_900, "€ 999", "€999"),
            (285_000, "€ 2.850", "€2,850"),
            (123_456_705, "€ 1.234.567,05", "€1,234,567.05"),
        ] {
            assert_eq!((money(Language::Nl, cents), money(Language::En, cents)), (dutch.to_owned(), english.to_owned()));
        }
    }
}
