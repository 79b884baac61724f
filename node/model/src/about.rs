//! Questions about people name the asker's own live offer for which people are sought.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::{Kind, NameError, OfferKey, Purpose};

/// Most people of one answer.
pub const MOST_PEOPLE: u16 = 50;

/// The asker's own live offer for which people are sought: a vacancy, or for advice a training.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct About {
    /// `vacancy` or `training`.
    pub kind: Kind,
    /// Its key at the asker.
    pub key: OfferKey,
}

impl About {
    /// The kind of offer for which people may be sought with that purpose; `None` where no question is answered for it.
    #[must_use]
    pub const fn kind_for(purpose: Purpose) -> Option<Kind> {
        match purpose {
            Purpose::MatchVacancy => Some(Kind::Vacancy),
            Purpose::TrainingAdvice => Some(Kind::Training),
            _ => None,
        }
    }

    /// The purpose with which people are sought for an offer of that kind.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        match self.kind {
            Kind::Training => Purpose::TrainingAdvice,
            _ => Purpose::MatchVacancy,
        }
    }
}

/// In one word: a vacancy by its key, a training by `training/` and its key. No key has a slash.
impl fmt::Display for About {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Vacancy => formatter.write_str(self.key.as_str()),
            kind => write!(formatter, "{kind}/{}", self.key),
        }
    }
}

impl FromStr for About {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (kind, key) = match text.strip_prefix("training/") {
            Some(key) => (Kind::Training, key),
            None => (Kind::Vacancy, text),
        };
        Ok(Self { kind, key: key.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_says_which_offer_and_of_which_kind() {
        for (text, kind, purpose) in
            [("V-1", Kind::Vacancy, Purpose::MatchVacancy), ("training/V-1", Kind::Training, Purpose::TrainingAdvice)]
        {
            let about: About = text.parse().expect("an offer");
            assert_eq!((about.kind, about.key.as_str(), about.purpose(), about.to_string().as_str()), (kind, "V-1", purpose, text));
            assert_eq!(About::kind_for(about.purpose()), Some(kind));
        }
        for text in ["", "training/", "vacancy/V-1", "skill-offer/W-1", "training/training/V-1", "a b"] {
            assert!(text.parse::<About>().is_err(), "{text}");
        }
    }
}
