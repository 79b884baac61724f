//! Names and codes, checked once at the door. Inside, no raw string travels as an identity.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a name of its kind: what is expected, without the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(pub &'static str);

macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                let check: fn(&str) -> Result<(), NameError> = $check;
                check(text).map(|()| Self(text.into()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

text_name!(
    /// A partner: `oin:` and 20 digits, or `kvk:` and 8 digits.
    PartnerId,
    |text| {
        let digits = |rest: &str, n| rest.len() == n && rest.bytes().all(|b| b.is_ascii_digit());
        let known = text.strip_prefix("oin:").is_some_and(|rest| digits(rest, 20))
            || text.strip_prefix("kvk:").is_some_and(|rest| digits(rest, 8));
        known.then_some(()).ok_or(NameError("a partner is `oin:` and 20 digits, or `kvk:` and 8 digits"))
    }
);

text_name!(
    /// The key that a client gives to an offer: 1–100 of `A–Z a–z 0–9 . _ ~ -`, not `.` or `..`.
    OfferKey,
    |text| {
        let form = (1..=100).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b))
            && text != "."
            && text != "..";
        form.then_some(()).ok_or(NameError("a key has 1 to 100 characters out of A–Z a–z 0–9 . _ ~ - and is not . or .."))
    }
);

text_name!(
    /// The URI of a skill or occupation in a published scheme: `http` or `https`, 10 to 200 bytes, compared byte by byte.
    CodeUri,
    |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let form = (10..=200).contains(&text.len()) && rest.is_some_and(|r| !r.is_empty()) && text.bytes().all(|b| b.is_ascii_graphic());
        form.then_some(()).ok_or(NameError("a code is an absolute http or https URI of 10 to 200 visible ASCII characters"))
    }
);

/// A four-digit Dutch postcode, 1000–9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode4(u16);

impl Postcode4 {
    /// The number, 1000–9999.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// From the number, if it is 1000–9999.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        (1000..=9999).contains(&number).then_some(Self(number))
    }

    /// The four digits of a postcode written as `8302`, `8302AB` or `8302 AB`.
    pub fn from_postcode(text: &str) -> Result<Self, NameError> {
        const FORM: NameError = NameError("a postcode is four digits, the first not 0, or these and two letters");
        let (digits, letters) = text.split_at_checked(4).ok_or(FORM)?;
        let letters = letters.strip_prefix(' ').unwrap_or(letters);
        let tail = letters.is_empty() && text.len() == 4 || letters.len() == 2 && letters.bytes().all(|b| b.is_ascii_uppercase());
        if tail { digits.parse() } else { Err(FORM) }
    }
}

impl FromStr for Postcode4 {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse().ok() } else { None };
        number.and_then(Self::from_number).ok_or(NameError("a postcode here is four digits, the first not 0"))
    }
}

impl fmt::Display for Postcode4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Postcode4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Postcode4 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Postcode4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The kinds of offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Work that an employer offers.
    Vacancy,
    /// Education that a school or trainer offers.
    Training,
    /// A worker's profile: personal data.
    SkillOffer,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Vacancy, Self::Training, Self::SkillOffer];

    /// The word in documents: `vacancy`, `training`, `skill-offer`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vacancy => "vacancy",
            Self::Training => "training",
            Self::SkillOffer => "skill-offer",
        }
    }

    /// The collection in paths: `vacancies`, `trainings`, `skill-offers`.
    #[must_use]
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Vacancy => "vacancies",
            Self::Training => "trainings",
            Self::SkillOffer => "skill-offers",
        }
    }

    /// Whether offers of this kind are about a person.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::SkillOffer)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(NameError("a kind is vacancy, training or skill-offer"))
    }
}

/// What a query is for. A closed list; the first two are for public offers, the others for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Finding vacancies.
    FindWork,
    /// Finding training.
    FindTraining,
    /// Finding people for a vacancy.
    MatchVacancy,
    /// Getting into contact with a worker.
    BeContacted,
    /// Advising a worker about training.
    TrainingAdvice,
    /// A worker applies to one employer.
    Application,
    /// Counts about the region.
    RegionalStatistics,
}

impl Purpose {
    /// Whether it is about people, and not about public offers.
    #[must_use]
    pub const fn is_about_people(self) -> bool {
        !matches!(self, Self::FindWork | Self::FindTraining)
    }

    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::FindWork,
        Self::FindTraining,
        Self::MatchVacancy,
        Self::BeContacted,
        Self::TrainingAdvice,
        Self::Application,
        Self::RegionalStatistics,
    ];

    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FindWork => "find-work",
            Self::FindTraining => "find-training",
            Self::MatchVacancy => "match-vacancy",
            Self::BeContacted => "be-contacted",
            Self::TrainingAdvice => "training-advice",
            Self::Application => "application",
            Self::RegionalStatistics => "regional-statistics",
        }
    }

    /// Whether this purpose asks for offers of that kind.
    #[must_use]
    pub const fn fits(self, kind: Kind) -> bool {
        match kind {
            Kind::Vacancy => matches!(self, Self::FindWork),
            Kind::Training => matches!(self, Self::FindTraining),
            Kind::SkillOffer => !matches!(self, Self::FindWork | Self::FindTraining),
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Purpose {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.as_str() == text);
        found.ok_or(NameError(
            "a purpose is find-work, find-training, match-vacancy, be-contacted, training-advice, application or regional-statistics",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners() {
        assert!("oin:00000001001234567000".parse::<PartnerId>().is_ok());
        assert!("kvk:12345678".parse::<PartnerId>().is_ok());
        for bad in ["", "kvk:1234567", "kvk:1234567a", "oin:1", "KVK:12345678", "kvk:12345678 ", "kvk:１２３４５６７８"] {
            assert!(bad.parse::<PartnerId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_cannot_be_paths() {
        assert!("V-2041_a~b.c".parse::<OfferKey>().is_ok());
        for bad in ["", ".", "..", "a/b", "a b", "é", "a%2e", &"x".repeat(101)] {
            assert!(bad.parse::<OfferKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn postcodes() {
        assert_eq!(Postcode4::from_postcode("8302AB").map(Postcode4::number), Ok(8302));
        assert_eq!(Postcode4::from_postcode("8302 AB").map(Postcode4::number), Ok(8302));
        assert_eq!(Postcode4::from_postcode("8302").map(Postcode4::number), Ok(8302));
        for bad in ["0302", "830", "8302 ", "8302A", "8302ABC", "8302  AB", "8302ab", "８302", "83é2"] {
            assert!(Postcode4::from_postcode(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_are_as_long_as_their_schemas_say() {
        assert!("http://x.y".parse::<CodeUri>().is_ok());
        for bad in ["http://x", "https://", "ftp://example.nl/1", "http://a b.nl", &format!("https://{}", "a".repeat(193))] {
            assert!(bad.parse::<CodeUri>().is_err(), "{bad}");
        }
    }

    #[test]
    fn words_round_trip() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(&kind).ok(), Some(format!("\"{kind}\"")));
        }
        for purpose in Purpose::ALL {
            assert_eq!(serde_json::to_string(&purpose).ok(), Some(format!("\"{purpose}\"")));
        }
    }
}
