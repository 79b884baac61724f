//! What each purpose for people may see, on which basis, and for how long. A closed table: a consent can only narrow it.

use polder_model::Purpose;
use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldSet};

const DAY: i64 = 86_400;

/// Longest life of a consent, in days.
pub const LONGEST_CONSENT_DAYS: i64 = 365;
/// How long a request waits for the worker, in days; after it, it has lapsed.
pub const REQUEST_DAYS: i64 = 30;
/// How long a worker who closed the question is not asked again, in days.
pub const DEFERRED_DAYS: i64 = 30;

/// Most decisions of one worker in a day (UTC), each about up to 200 recipients: more than anyone makes, and so many that a machine cannot fill a node. What
/// ends is never counted, nor refused.
pub const MOST_DECISIONS_A_DAY: u64 = 100;

/// Why a purpose is lawful (GDPR art. 6). It is told in advance and never swapped for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalBasis {
    /// The worker's consent, art. 6(1)(a).
    Consent,
    /// What the worker asked for before a contract, art. 6(1)(b): the worker applies.
    ContractRequest,
}

/// The rules of a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Its basis. Tasks by statute (Wet SUWI, Participatiewet) are no purpose of the federation: they run elsewhere, without a switch.
    pub basis: LegalBasis,
    /// The fields without which it makes no sense; each consent names them too.
    pub needs: FieldSet,
    /// The fields that may be seen for it, at most.
    pub allows: FieldSet,
    /// Whether questions of partners are answered for it. The others are carried out for one worker at a time.
    pub is_asked: bool,
    /// How long a recipient may use what it got without asking again, in seconds.
    pub lease_seconds: i64,
}

impl Rules {
    /// Whether a recipient is told when something that it has is corrected. What may be used for a day is gone by then; telling it at once would tell
    /// recipients of one worker, by the instant, that theirs is the same.
    #[must_use]
    pub const fn tells_corrections(&self) -> bool {
        self.lease_seconds > DAY
    }
}

const PROFILE: FieldSet = FieldSet::of(&[
    Field::Title,
    Field::Description,
    Field::Skills,
    Field::OccupationsWanted,
    Field::OccupationsHeld,
    Field::Education,
    Field::Hours,
    Field::PeriodWishes,
    Field::WorkingTimes,
    Field::Contracts,
    Field::EmployersAtOnce,
    Field::AvailableFrom,
    Field::AvailableUntil,
    Field::Postcode,
    Field::Commute,
    Field::Languages,
    Field::Licences,
    Field::Sectors,
    Field::Interests,
    Field::SalaryWish,
]);
const CONTACT: FieldSet = FieldSet::of(&[Field::ContactName, Field::ContactEmail, Field::ContactTelephone]);
/// What a worker writes for one application alone; it stands in no profile.
const WRITTEN: FieldSet = FieldSet::of(&[Field::Motivation]);
const MATCHED: FieldSet = FieldSet::of(&[Field::Title, Field::Skills]);
const ADVISED: FieldSet = PROFILE.without(FieldSet::of(&[Field::SalaryWish, Field::Contracts, Field::EmployersAtOnce, Field::Licences]));
const COUNTED: FieldSet = FieldSet::of(&[
    Field::Skills,
    Field::OccupationsWanted,
    Field::OccupationsHeld,
    Field::Education,
    Field::Hours,
    Field::Postcode,
    Field::Sectors,
]);

/// Whether this version exchanges anything for a purpose. For one that it does not offer nobody is asked and nothing is given, whatever the register allows.
#[must_use]
pub const fn is_offered(purpose: Purpose) -> bool {
    !matches!(purpose, Purpose::RegionalStatistics)
}

/// The rules of a purpose for people; `None` for the purposes of public offers.
#[must_use]
pub const fn rules(purpose: Purpose) -> Option<Rules> {
    let consent = LegalBasis::Consent;
    Some(match purpose {
        Purpose::FindWork | Purpose::FindTraining => return None,
        Purpose::MatchVacancy => Rules { basis: consent, needs: MATCHED, allows: PROFILE, is_asked: true, lease_seconds: DAY },
        Purpose::TrainingAdvice => Rules { basis: consent, needs: MATCHED, allows: ADVISED, is_asked: true, lease_seconds: DAY },
        Purpose::BeContacted => Rules { basis: consent, needs: FieldSet::NONE, allows: CONTACT, is_asked: false, lease_seconds: 7 * DAY },
        Purpose::Application => {
            let basis = LegalBasis::ContractRequest;
            Rules { basis, needs: FieldSet::NONE, allows: PROFILE.or(CONTACT).or(WRITTEN), is_asked: false, lease_seconds: 7 * DAY }
        }
        Purpose::RegionalStatistics => {
            Rules { basis: consent, needs: FieldSet::NONE, allows: COUNTED, is_asked: false, lease_seconds: DAY }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_question_sees_who_someone_is() {
        for purpose in Purpose::ALL {
            let Some(rules) = rules(purpose) else {
                assert!(!purpose.fits(polder_model::Kind::SkillOffer), "{purpose} is about people and has no rules");
                continue;
            };
            assert!(rules.needs.is_within(rules.allows), "{purpose}");
            assert!(!rules.allows.is_empty() && rules.lease_seconds > 0);
            if rules.is_asked {
                assert!(!rules.allows.iter().any(Field::identifies), "{purpose}");
                assert!(MATCHED.is_within(rules.needs), "an answer is a skill offer, which has title and skills");
            }
        }
    }
}
