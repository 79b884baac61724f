//! Questions about people name the asker's own live offer for which people are sought.

use serde::{Deserialize, Serialize};

use crate::name::{Kind, OfferKey, Purpose};

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
}
