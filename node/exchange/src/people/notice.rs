//! The text that a worker reads before deciding. It is made of the decision itself, so that the hash in the record is that of exactly what was shown.

use polder_consent::request::AskedFor;
use polder_consent::{Field, FieldSet, LegalBasis, Rules};
use polder_model::{Kind, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

/// The id of the text, with its version.
pub(super) const NOTICE: &str = "urn:polder:notice:5";

const DUTCH: &str = include_str!("../../notices/5.nl.txt");
const ENGLISH: &str = include_str!("../../notices/5.en.txt");

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

    fn either<T>(self, nl: T, en: T) -> T {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }
}

/// What a text is made of.
pub(super) struct Said<'s> {
    pub controller: &'s str,
    /// Where the controller has its seat, and how people reach it about their data (GDPR art. 13(1)(a)), where these are known.
    pub address: Option<&'s str>,
    pub contact: Option<&'s str>,
    pub purpose: Purpose,
    /// For which offer somebody asked.
    pub about: Option<&'s AskedFor>,
    pub rules: Rules,
    /// Names of recipients, each with its id.
    pub recipients: Vec<String>,
    pub fields: FieldSet,
    /// What earlier applications to the same partner show besides, and go on showing.
    pub stays: FieldSet,
    pub until: Timestamp,
}

/// The text.
pub(super) fn text(language: Language, said: &Said<'_>) -> String {
    let lines = |lines: &mut dyn Iterator<Item = String>| lines.map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    let recipients = lines(&mut said.recipients.iter().cloned());
    let fields = lines(&mut said.fields.iter().map(|field| field_name(language, field).to_owned()));
    let identity = match (said.fields.or(said.stays).iter().any(Field::identifies), language) {
        (true, Language::Nl) => "Hiermee weten zij wie u bent.",
        (true, Language::En) => "With this they know who you are.",
        (false, Language::Nl) => {
            "Zij zien hierin uw naam niet. Weten zij al wie u bent, door een sollicitatie of door contact, dan zien zij dat dit van u is. Met wat \
             u deelt kan iemand die u kent toch raden wie u bent."
        }
        (false, Language::En) => {
            "They do not see your name in this. If they know already who you are, by an application or by contact, they see that this is yours. \
             With what you share, someone who knows you may still guess who you are."
        }
    };
    let purpose = purpose(language, said.purpose, said.about.map(|about| about.kind));
    let purpose = format!("{purpose}{}", said.about.map(|about| asked_for_offer(language, about)).unwrap_or_default());
    let hours = said.rules.lease_seconds / 3_600;
    let lease = language.either(dutch_time(hours), english_time(hours));
    let address = said.address.map(|address| format!(" ({address})")).unwrap_or_default();
    let contact = said
        .contact
        .map(|contact| format!("{}{contact}", language.either(", te bereiken via ", ", who is reached by ")))
        .unwrap_or_default();
    let written = format!("{}{}{}", stays(language, said.stays), asked_for(language, said.rules.basis), written(language, said.fields));
    let template = language.either(DUTCH, ENGLISH);
    let time = time(language, said.rules.basis, &language.day(said.until), &lease);
    fill(template, |place| match place {
        "controller" => said.controller,
        "address" => &address,
        "contact" => &contact,
        "purpose" => &purpose,
        "recipients" => &recipients,
        "fields" => &fields,
        "written" => &written,
        "identity" => identity,
        "time" => &time,
        "freedom" => freedom(language, said.rules.basis),
        // No template has another one: the test sees to that.
        _ => "{}",
    })
}

/// A template with its places filled. What is filled in is not looked into, whatever a name holds.
fn fill<'f>(template: &str, with: impl Fn(&str) -> &'f str) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (place, rest) in parts.filter_map(|part| part.split_once('}')) {
        text.push_str(with(place));
        text.push_str(rest);
    }
    text
}

/// For which offer somebody asked: a sentence on a line of its own, with their words quoted. The last full stop is the template's.
fn asked_for_offer(language: Language, about: &AskedFor) -> String {
    let what = match about.kind {
        Kind::Training => language.either("de opleiding", "the training"),
        _ => language.either("de vacature", "the vacancy"),
    };
    let by = about.by.as_ref().map(|by| format!("{}“{by}”", language.either(" van ", " of "))).unwrap_or_default();
    let said = language.either("Volgens hen zelf gaat het om", "As they say themselves, it is about");
    format!(".\n{said} {what} “{}”{by}", about.title)
}

/// Until which day, and how long each copy may be used.
fn time(language: Language, basis: LegalBasis, until: &str, lease: &str) -> String {
    match (basis, language) {
        (LegalBasis::Consent, Language::Nl) => format!(
            "Hoe lang: tot en met {until}. Daarna stopt het vanzelf.\nWie iets van u ziet, mag dat {lease} gebruiken. Daarna moet het worden gewist, of opnieuw worden gevraagd."
        ),
        (LegalBasis::Consent, Language::En) => format!(
            "How long: until {until}. After that it stops by itself.\nWhoever sees something of you may use it for {lease}. After that it must be erased, or asked for again."
        ),
        (LegalBasis::ContractRequest, Language::Nl) => format!(
            "Hoe lang: tot en met {until}. Zij mogen wat u stuurt hoogstens {lease} gebruiken, ook als de vacature langer open staat. Daarna moeten zij het wissen, en kunt u opnieuw solliciteren."
        ),
        (LegalBasis::ContractRequest, Language::En) => format!(
            "How long: until {until}. They may use what you send for {lease} at most, also where the vacancy stays open for longer. After that they must erase it, and you can apply again."
        ),
    }
}

/// That nobody has to.
const fn freedom(language: Language, basis: LegalBasis) -> &'static str {
    match (basis, language) {
        (LegalBasis::Consent, Language::Nl) => {
            "U mag nee zeggen. Dat heeft geen gevolgen voor uw uitkering of uw begeleiding, en u komt er nergens lager door in een lijst."
        }
        (LegalBasis::Consent, Language::En) => {
            "You may say no. That changes nothing in your benefits or your coaching, and puts you no lower in any list."
        }
        (LegalBasis::ContractRequest, Language::Nl) => "U beslist zelf of u solliciteert, en wat u meestuurt.",
        (LegalBasis::ContractRequest, Language::En) => "You decide yourself whether you apply, and what you send along.",
    }
}

/// What a worker calls a field, wherever they read of it.
#[must_use]
pub fn field_name(language: Language, field: Field) -> &'static str {
    language.either(field.dutch(), english(field))
}

/// On which basis, where it is another than consent.
const fn asked_for(language: Language, basis: LegalBasis) -> &'static str {
    match (basis, language) {
        (LegalBasis::Consent, _) => "",
        (LegalBasis::ContractRequest, Language::Nl) => {
            "U solliciteert. Daarom mogen zij dit gebruiken, en alleen daarvoor (AVG, artikel 6, lid 1, onder b).\n\n"
        }
        (LegalBasis::ContractRequest, Language::En) => {
            "You apply. That is why they may use this, and for nothing else (GDPR, article 6(1)(b)).\n\n"
        }
    }
}

/// What goes on of applications to the same partner, and does not go along with this one.
fn stays(language: Language, stays: FieldSet) -> String {
    if stays.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = stays.iter().map(|field| field_name(language, field)).collect();
    let names = names.join(", ");
    language.either(
        format!("Uw andere sollicitaties bij hen blijven zoals u ze verstuurde. Daarin zien zij ook: {names}. Met deze sollicitatie gaat dat niet mee.\n\n"),
        format!("Your other applications with them stay as you sent them. In those they also see: {names}. That does not go along with this application.\n\n"),
    )
}

/// What is to be known of the worker's own words: they are not cut down to what else may be seen.
fn written(language: Language, fields: FieldSet) -> &'static str {
    match (fields.contains(Field::Title), fields.contains(Field::Description), language) {
        (false, false, _) => "",
        (true, false, Language::Nl) => {
            "De regel waarin staat wat u zoekt wordt gelezen zoals die er staat. Kijk of er niets in staat dat u hier niet wilt delen, zoals uw uren of uw woonplaats.\n\n"
        }
        (_, true, Language::Nl) => {
            "Uw eigen woorden worden gelezen zoals ze er staan. Kijk of er niets in staat dat u hier niet wilt delen, zoals uw uren of uw woonplaats.\n\n"
        }
        (true, false, Language::En) => {
            "The line that says what you look for is read as it is written. See that nothing is in it that you do not want to share here, such as your hours or your town.\n\n"
        }
        (_, true, Language::En) => {
            "Your own words are read as they are written. See that nothing is in them that you do not want to share here, such as your hours or your town.\n\n"
        }
    }
}

/// A day as it is written in Dutch, from `2027-01-15`.
fn dutch_time(hours: i64) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "één dag".to_owned(),
        (days, 0) => format!("{days} dagen"),
        _ => format!("{hours} uur"),
    }
}

fn english_time(hours: i64) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "one day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ if hours == 1 => "one hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}

/// What for: of contact, about what kind of offer, where that was asked for one.
const fn purpose(language: Language, purpose: Purpose, kind: Option<Kind>) -> &'static str {
    match (purpose, kind, language) {
        (Purpose::BeContacted, Some(Kind::Vacancy), Language::Nl) => "contact met u opnemen over werk",
        (Purpose::BeContacted, Some(Kind::Vacancy), Language::En) => "contacting you about work",
        (Purpose::BeContacted, Some(Kind::Training), Language::Nl) => "contact met u opnemen over een opleiding",
        (Purpose::BeContacted, Some(Kind::Training), Language::En) => "contacting you about training",
        (purpose, _, Language::Nl) => dutch_purpose(purpose),
        (purpose, _, Language::En) => english_purpose(purpose),
    }
}

const fn dutch_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::FindWork => "vacatures zoeken",
        Purpose::FindTraining => "opleidingen zoeken",
        Purpose::MatchVacancy => "kijken of een vacature bij u past",
        Purpose::BeContacted => "contact met u opnemen over werk of een opleiding",
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
        Purpose::BeContacted => "contacting you about work or training",
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
        Field::Motivation => "what you write with your application",
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
                let key = "V-1".parse().expect("a key");
                let about = AskedFor::new(Kind::Vacancy, key, "Kok {fields}", Some("Bakkerij Zeewolde")).expect("it has a title");
                let said = Said {
                    controller: "Gemeente Dronten",
                    address: Some("De Rede 1, Dronten"),
                    contact: Some("privacy@dronten.example.nl"),
                    purpose,
                    about: Some(&about),
                    rules,
                    recipients: vec!["Polderwind BV {fields} (kvk:90000001)".to_owned(), "Zuiderzee Zorg (kvk:90000002)".to_owned()],
                    fields: rules.allows,
                    stays: FieldSet::NONE,
                    until: Timestamp::from_micros(1_800_000_000_000_000),
                };
                let text = text(language, &said);
                assert!(text.contains("Gemeente Dronten") && text.contains("- Zuiderzee Zorg (kvk:90000002)\n"), "{text}");
                assert!(text.contains("- Polderwind BV {fields} (kvk:90000001)"), "a name is not looked into: {text}");
                let said = [
                    "Volgens hen zelf gaat het om de vacature “Kok {fields}” van “Bakkerij Zeewolde”.",
                    "As they say themselves, it is about the vacancy “Kok {fields}” of “Bakkerij Zeewolde”.",
                ];
                assert!(text.lines().any(|line| said.contains(&line)), "in their words, on a line of its own: {text}");
                assert_eq!(text.matches('{').count(), 2, "every place is filled: {text}");
                assert!(text.contains("15 januari 2027") || text.contains("15 January 2027"), "{text}");
                assert!(
                    text.contains("Gemeente Dronten (De Rede 1, Dronten) ") && text.contains(" privacy@dronten.example.nl. "),
                    "{text}"
                );
                let own_words = ["zoals ze er staan", "zoals die er staat", "as they are written", "as it is written"];
                assert_eq!(own_words.iter().any(|says| text.contains(says)), rules.allows.contains(Field::Title), "{purpose}: {text}");
                assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), 2 + rules.allows.iter().count());
            }
        }
    }

    #[test]
    fn contact_is_about_what_was_asked_for() {
        let of = |language, kind| purpose(language, Purpose::BeContacted, kind);
        assert_eq!(of(Language::Nl, Some(Kind::Vacancy)), "contact met u opnemen over werk");
        assert_eq!(of(Language::Nl, Some(Kind::Training)), "contact met u opnemen over een opleiding");
        assert_eq!(of(Language::En, Some(Kind::Training)), "contacting you about training");
        assert_eq!(
            [of(Language::Nl, None), of(Language::En, None)],
            [dutch_purpose(Purpose::BeContacted), english_purpose(Purpose::BeContacted)]
        );
    }
}
