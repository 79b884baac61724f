//! Languages, numbers, and the closed list of why a partner is missing.

use polder_model::answer::MissingReason;

/// The language of text for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Lang {
    /// Dutch where LANG says so, English otherwise.
    pub(crate) fn of_environment() -> Self {
        if std::env::var("LANG").is_ok_and(|lang| lang.starts_with("nl")) { Self::Nl } else { Self::En }
    }

    /// What a command line asks for that cannot be read, so that what is said of it is in that language.
    pub(crate) fn of_arguments(mut arguments: impl Iterator<Item = String>) -> Self {
        while let Some(argument) = arguments.next() {
            let said = if argument == "--lang" { arguments.next() } else { argument.strip_prefix("--lang=").map(str::to_owned) };
            match said.as_deref() {
                Some("nl") => return Self::Nl,
                Some(_) => return Self::En,
                None => {}
            }
        }
        Self::of_environment()
    }

    /// The one of two texts that is in this language.
    pub(crate) fn either<T>(self, en: T, nl: T) -> T {
        match self {
            Self::En => en,
            Self::Nl => nl,
        }
    }
}

/// So many of something: `1 consent`, `2 consents`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A number in groups of three digits: `124,000` in English, `124.000` in Dutch.
pub(crate) fn grouped(number: u64, lang: Lang) -> String {
    let (digits, separator) = (number.to_string(), lang.either(',', '.'));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Why a partner is missing.
pub(crate) fn missing_reason(reason: MissingReason, lang: Lang) -> &'static str {
    match reason {
        MissingReason::Unreachable => lang.either("cannot be reached", "is niet bereikbaar"),
        MissingReason::Slow => lang.either("did not answer in time", "antwoordde niet op tijd"),
        MissingReason::Refused => lang.either("refused the question", "weigerde de vraag"),
        MissingReason::Overloaded => lang.either("is too busy", "heeft het te druk"),
        MissingReason::Untrustworthy => lang.either("sent something that does not hold", "stuurde iets wat niet klopt"),
        MissingReason::RankingUnsupported => lang.either("cannot compute this ranking", "kan deze rangschikking niet berekenen"),
        MissingReason::ClockSkew => lang.either("has another time on its clock", "heeft een andere tijd op de klok"),
        MissingReason::NotAMember => lang.either("does not know this node as a member", "kent dit knooppunt niet als lid"),
        MissingReason::Suspended => lang.either("is suspended by the register", "is geschorst in het ledenregister"),
        MissingReason::NotAsked => lang.either("was not asked: too many partners at once", "is niet gevraagd: te veel partners tegelijk"),
        MissingReason::NoDisclosure => lang.either("answers nothing about people at the moment", "antwoordt nu niet over mensen"),
        MissingReason::BudgetSpent => {
            lang.either("has told us as much of its people today as it may", "heeft ons vandaag zoveel over zijn mensen verteld als mag")
        }
        MissingReason::Changing => lang.either("changed its offers too fast to be read", "veranderde het aanbod te snel om het te lezen"),
    }
}
