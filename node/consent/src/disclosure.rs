//! The ledger: which fields of whom went to whom, when, why, under which consent. A row is written before the bytes leave.

use polder_model::about::About;
use polder_model::{PartnerId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;
use crate::id::{ConsentId, DisclosureId, WorkerId};
use crate::record::Epoch;
use crate::transaction::FscTransaction;

/// A row of the ledger. What a leaf of the log is made of is its compact JSON, in this order of members.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disclosure {
    /// Its id.
    pub id: DisclosureId,
    /// Whose data.
    pub worker: WorkerId,
    /// Who got it.
    pub recipient: PartnerId,
    /// What for.
    pub purpose: Purpose,
    /// Under which consent.
    pub consent: ConsentId,
    /// That consent's epoch.
    pub epoch: Epoch,
    /// What went.
    pub fields: FieldSet,
    /// For which offer of the recipient.
    pub about: About,
    /// When.
    pub at: Timestamp,
    /// Until when the recipient may use it.
    pub use_until: Timestamp,
    /// The transaction of FSC in which it went, where it was asked for through an Inway. Where there is none, nothing of it stands in the JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fsc_transaction: Option<FscTransaction>,
}

/// What one partner may learn of people in a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// Most distinct workers.
    pub workers: u32,
    /// Most answers with fewer than [`NARROW`] people.
    pub narrow: u32,
}

/// An answer with fewer people than this is narrow: many of them single somebody out.
pub const NARROW: usize = 5;

impl Default for Budget {
    /// 500 workers, 100 narrow answers.
    fn default() -> Self {
        Self { workers: 500, narrow: 100 }
    }
}

/// What of a budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Spent {
    /// Distinct workers today.
    pub workers: u32,
    /// Narrow answers today.
    pub narrow: u32,
}

impl Budget {
    /// What is spent after an answer with so many people, of whom so many are new today; `None` where the budget does not reach: the answer is refused
    /// whole, never shortened.
    #[must_use]
    pub fn spend(self, spent: Spent, people: usize, new: usize) -> Option<Spent> {
        let workers = spent.workers.checked_add(u32::try_from(new).ok()?)?;
        let narrow = spent.narrow.checked_add(u32::from(people < NARROW))?;
        (workers <= self.workers && narrow <= self.narrow).then_some(Spent { workers, narrow })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_refuses_whole() {
        let budget = Budget { workers: 10, narrow: 1 };
        assert_eq!(budget.spend(Spent::default(), 10, 10), Some(Spent { workers: 10, narrow: 0 }));
        assert_eq!(
            budget.spend(Spent { workers: 10, narrow: 0 }, 10, 0),
            Some(Spent { workers: 10, narrow: 0 }),
            "known ones cost nothing"
        );
        assert_eq!(budget.spend(Spent { workers: 10, narrow: 0 }, 10, 1), None);
        assert_eq!(budget.spend(Spent::default(), 4, 0), Some(Spent { workers: 0, narrow: 1 }));
        assert_eq!(budget.spend(Spent { workers: 0, narrow: 1 }, 0, 0), None, "an empty answer tells something too");
    }
}
