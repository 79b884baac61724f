//! The text that a worker reads before deciding. It is made of the decision itself, so that the hash in the record is that of exactly what was shown.

use polder_consent::{Field, FieldSet, Rules};
use polder_model::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};

/// The id of the text, with its version.
pub(super) const NOTICE: &str = "urn:polder:notice:1";

const DUTCH: &str = include_str!("../../notices/1.nl.txt");
const ENGLISH: &str = include_str!("../../notices/1.en.txt");

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Dutch.
    Nl,
    /// English.
    En,
}

impl Language {
    /// Its code (ISO 639-1).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

/// What a text is made of.
pub(super) struct Said<'s> {
    pub controller: &'s str,
    pub purpose: Purpose,
    pub rules: Rules,
    /// Names of recipients, each with its id.
    pub recipients: Vec<String>,
    pub fields: FieldSet,
    pub until: Timestamp,
}

/// The text.
pub(super) fn text(language: Language, said: &Said<'_>) -> String {
    let lines = |lines: &mut dyn Iterator<Item = String>| lines.map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    let mut recipients = said.recipients.iter().cloned();
    let mut fields = said.fields.iter().map(|field| match language {
        Language::Nl => field.dutch().to_owned(),
        Language::En => english(field).to_owned(),
    });
    let identifies = said.fields.iter().any(Field::identifies);
    let hours = said.rules.lease_seconds / 3_600;
    let days = (hours % 24 == 0).then_some(hours / 24);
    let (template, purpose, identity, lease) = match language {
        Language::Nl => {
            let identity = if identifies {
                "Hiermee weten zij wie u bent."
            } else {
                "Zij zien uw naam niet. Met wat u deelt kan iemand die u kent toch raden wie u bent."
            };
            (
                DUTCH,
                dutch_purpose(said.purpose),
                identity,
                match days {
                    Some(1) => "één dag".to_owned(),
                    Some(days) => format!("{days} dagen"),
                    None => format!("{hours} uur"),
                },
            )
        }
        Language::En => {
            let identity = if identifies {
                "With this they know who you are."
            } else {
                "They do not see your name. With what you share, someone who knows you may still guess who you are."
            };
            (
                ENGLISH,
                english_purpose(said.purpose),
                identity,
                match days {
                    Some(1) => "one day".to_owned(),
                    Some(days) => format!("{days} days"),
                    None if hours == 1 => "one hour".to_owned(),
                    None => format!("{hours} hours"),
                },
            )
        }
    };
    let until = said.until.date().to_string();
    // Names last: whatever a name holds, it is not looked into.
    let with =
        [("{purpose}", purpose), ("{identity}", identity), ("{until}", &until), ("{lease}", &lease), ("{fields}", &lines(&mut fields))];
    let text = with.iter().fold(template.to_owned(), |text, (place, what)| text.replace(place, what));
    let recipients = lines(&mut recipients);
    let parts: Vec<&str> = text.split("{recipients}").collect();
    let named = parts.iter().map(|part| part.replace("{controller}", said.controller)).collect::<Vec<_>>();
    named.join(&recipients)
}

const fn dutch_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::FindWork => "vacatures zoeken",
        Purpose::FindTraining => "opleidingen zoeken",
        Purpose::MatchVacancy => "kijken of een vacature bij u past",
        Purpose::BeContacted => "contact met u opnemen over werk",
        Purpose::TrainingAdvice => "u adviseren over een opleiding",
        Purpose::Application => "uw sollicitatie bij deze werkgever",
        Purpose::RegionalStatistics => "tellen hoe het gaat op de arbeidsmarkt van de regio, zonder namen",
    }
}

const fn english_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::FindWork => "finding vacancies",
        Purpose::FindTraining => "finding training",
        Purpose::MatchVacancy => "seeing whether a vacancy suits you",
        Purpose::BeContacted => "contacting you about work",
        Purpose::TrainingAdvice => "advising you about training",
        Purpose::Application => "your application with this employer",
        Purpose::RegionalStatistics => "counting how the labour market of the region does, without names",
    }
}

const fn english(field: Field) -> &'static str {
    match field {
        Field::Title => "what you look for, in one line",
        Field::Description => "your description",
        Field::Skills => "your skills",
        Field::OccupationsWanted => "occupations that you want",
        Field::OccupationsHeld => "occupations that you had",
        Field::Education => "your highest education",
        Field::Hours => "how many hours you want to work",
        Field::PeriodWishes => "your wishes for periods",
        Field::WorkingTimes => "when you want to work",
        Field::Contracts => "which contracts you want",
        Field::EmployersAtOnce => "with how many employers at once",
        Field::AvailableFrom => "from when you can",
        Field::AvailableUntil => "until when you can",
        Field::Postcode => "the four digits of your postcode",
        Field::Commute => "how far you want to travel",
        Field::Languages => "languages that you speak",
        Field::Licences => "your driving licences",
        Field::Sectors => "sectors that you want",
        Field::Interests => "your interests",
        Field::SalaryWish => "what you want to earn",
        Field::ContactName => "your name",
        Field::ContactEmail => "your e-mail address",
        Field::ContactTelephone => "your telephone number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polder_consent::rules;

    #[test]
    fn a_text_says_who_what_and_until_when() {
        for language in [Language::Nl, Language::En] {
            for purpose in Purpose::ALL {
                let Some(rules) = rules(purpose) else { continue };
                let said = Said {
                    controller: "Gemeente Dronten",
                    purpose,
                    rules,
                    recipients: vec!["Polderwind BV {fields} (kvk:90000001)".to_owned(), "Zuiderzee Zorg (kvk:90000002)".to_owned()],
                    fields: rules.allows,
                    until: Timestamp::from_micros(1_800_000_000_000_000),
                };
                let text = text(language, &said);
                assert!(text.contains("Gemeente Dronten") && text.contains("- Zuiderzee Zorg (kvk:90000002)\n"), "{text}");
                assert!(text.contains("- Polderwind BV {fields} (kvk:90000001)"), "a name is not looked into: {text}");
                assert_eq!(text.matches('{').count(), 1, "every place is filled: {text}");
                assert!(text.contains("2027-01-15"), "{text}");
                assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), 2 + rules.allows.iter().count());
            }
        }
    }
}
