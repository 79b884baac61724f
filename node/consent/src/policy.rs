//! What a partner decides about people's data where the law leaves a choice. The bounds are what nodes promise each other and workers: whoever sets
//! something can be stricter, and never looser.

use polder_model::Purpose;

use crate::disclosure::Budget;
use crate::purpose::{LONGEST_CONSENT_DAYS, Rules, is_offered, rules};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// What a partner decides. [`Policy::default`] is what holds where nobody has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Purposes for people that are not used: no consent is given for them, and nothing is asked or answered.
    pub unused: Vec<Purpose>,
    /// Longest time for which a recipient may use what it got by a question, in seconds; at most a day.
    pub matching_lease_seconds: i64,
    /// The same for what it got of one worker, such as contact details; at most seven days.
    pub contact_lease_seconds: i64,
    /// Longest life of a consent, in days: 1 to [`LONGEST_CONSENT_DAYS`].
    pub consent_days: i64,
    /// How long the end of an epoch is remembered as a recipient, and as a source that the recipient erased, in days: 400 at least, longer than any
    /// consent and its backups live.
    pub remembered_days: i64,
    /// How long a recipient may leave tombstones before the operator is told, in hours: 1 to 24.
    pub late_hours: i64,
    /// How long before it gets nothing about people any more, in hours: not sooner than that, at most 72.
    pub overdue_hours: i64,
    /// How long rows of the ledger, questions asked for workers and what workers brought along are kept, in days: 400 at least.
    pub ledger_days: i64,
    /// What one partner may learn of this node's people in a day; at most that of [`Budget::default`].
    pub budget: Budget,
    /// How long records of the processing log are kept, in days: 7 at least.
    pub processing_days: i64,
    /// How long it can be told whom a record of the processing log is about, in days: as long as records are kept at least.
    pub processing_keys_days: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            unused: Vec::new(),
            matching_lease_seconds: DAY,
            contact_lease_seconds: 7 * DAY,
            consent_days: LONGEST_CONSENT_DAYS,
            remembered_days: 400,
            late_hours: 24,
            overdue_hours: 72,
            ledger_days: 1_827,
            budget: Budget::default(),
            processing_days: 90,
            processing_keys_days: 731,
        }
    }
}

impl Policy {
    /// Whether a purpose is used at all: this version offers it, and this partner has not switched it off.
    #[must_use]
    pub fn uses(&self, purpose: Purpose) -> bool {
        is_offered(purpose) && !self.unused.contains(&purpose)
    }

    /// The rules of a purpose for people, as this partner narrows them; `None` for the purposes of public offers.
    #[must_use]
    pub fn rules(&self, purpose: Purpose) -> Option<Rules> {
        let rules = rules(purpose)?;
        let longest = if rules.lease_seconds <= DAY { self.matching_lease_seconds } else { self.contact_lease_seconds };
        Some(Rules { lease_seconds: rules.lease_seconds.min(longest), ..rules })
    }

    /// [`Policy::late_hours`], in seconds.
    #[must_use]
    pub const fn late_seconds(&self) -> i64 {
        self.late_hours * HOUR
    }

    /// [`Policy::overdue_hours`], in seconds.
    #[must_use]
    pub const fn overdue_seconds(&self) -> i64 {
        self.overdue_hours * HOUR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_version_does_not_offer_is_not_used_and_the_rest_is_unless_it_is_switched_off() {
        let less = Policy { unused: vec![Purpose::Application], ..Policy::default() };
        for purpose in Purpose::ALL {
            assert_eq!(Policy::default().uses(purpose), purpose != Purpose::RegionalStatistics, "{purpose}");
            assert_eq!(less.uses(purpose), ![Purpose::RegionalStatistics, Purpose::Application].contains(&purpose), "{purpose}");
        }
    }

    #[test]
    fn a_lease_is_narrowed_and_never_widened() {
        let policy = |matching, contact| Policy { matching_lease_seconds: matching, contact_lease_seconds: contact, ..Policy::default() };
        for purpose in Purpose::ALL {
            let Some(most) = rules(purpose) else {
                assert_eq!(Policy::default().rules(purpose), None);
                continue;
            };
            assert_eq!(Policy::default().rules(purpose), Some(most), "{purpose}: what holds where nobody decided is the table");
            assert_eq!(policy(HOUR, HOUR).rules(purpose).map(|rules| rules.lease_seconds), Some(HOUR));
            assert_eq!(policy(30 * DAY, 30 * DAY).rules(purpose), Some(most));
        }
    }
}
