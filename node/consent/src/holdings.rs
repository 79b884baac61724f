//! What a recipient says that it holds of a worker who asked (GDPR art. 15), and how it compares with what the source wrote down.

use std::collections::{HashMap, HashSet};

use polder_model::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};

use crate::field::FieldSet;
use crate::id::{DisclosureId, Handle};
use crate::record::Epoch;
use crate::retained::{RetainedBasis, Statute};

/// Most copies, and most erasures, of one reply.
pub const MOST_HELD: u32 = 1_000;
/// What was disclosed so shortly before it was asked may be on its way still, in seconds.
const ON_ITS_WAY_SECONDS: i64 = 60;

/// A source asks what is held of one worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingsRequest {
    /// The worker, as the recipient knows them.
    pub handle: Handle,
}

/// A copy that may be used still. The values are with the system that is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldCopy {
    /// The row of the ledger of the source.
    pub disclosure: DisclosureId,
    /// What for.
    pub purpose: Purpose,
    /// The epoch under which it is held.
    pub epoch: Epoch,
    /// What is in it.
    pub fields: FieldSet,
    /// Since when.
    pub at: Timestamp,
    /// Until when it may be used.
    pub use_until: Timestamp,
    /// The recipient's system that has it; empty where it was restored from a backup, and does not know which.
    pub system: String,
}

/// Something that a system of the recipient was told to erase, and has not said that it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Erasing {
    /// For what it was given.
    pub purpose: Purpose,
    /// Copies of this epoch and before.
    pub epoch: Epoch,
    /// The fields to erase; none: everything.
    pub fields: FieldSet,
    /// Since when.
    pub since: Timestamp,
    /// The system.
    pub system: String,
}

/// Something that a system of the recipient keeps of what it was to erase, because a law demands it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    /// For what it was given.
    pub purpose: Purpose,
    /// Of copies of this epoch and before.
    pub epoch: Epoch,
    /// The fields.
    pub fields: FieldSet,
    /// Why.
    pub basis: RetainedBasis,
    /// The law, by name and article.
    pub statute: Statute,
    /// Until when.
    pub until: Timestamp,
    /// The system.
    pub system: String,
}

/// What a recipient holds of one handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holdings {
    /// The worker, as the recipient knows them.
    pub handle: Handle,
    /// Copies in use.
    pub copies: Vec<HeldCopy>,
    /// Copies that are being erased.
    pub erasing: Vec<Erasing>,
    /// What is kept by law; left out where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retained: Vec<Keeping>,
    /// Whether there is more than is listed.
    pub more: bool,
}

/// How what a recipient says differs from the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// It holds what the ledger does not know.
    NotInLedger,
    /// It said that it had erased what it holds.
    Erased,
    /// It holds it for another purpose, of another epoch, for longer, or with more in it.
    Differs,
    /// It does not hold what it got, and may use still.
    NotHeld,
}

/// One difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Which.
    pub kind: DifferenceKind,
    /// Of which copy.
    pub disclosure: DisclosureId,
}

/// A row of the ledger, as far as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Its id.
    pub disclosure: DisclosureId,
    /// What for.
    pub purpose: Purpose,
    /// The epoch under which it left.
    pub epoch: Epoch,
    /// What left.
    pub fields: FieldSet,
    /// When.
    pub at: Timestamp,
    /// Until when it may be used.
    pub use_until: Timestamp,
    /// Whether the recipient has said that it erased it.
    pub erased: bool,
    /// Whether the recipient was told, or is to be told, to erase it or some of it.
    pub told: bool,
}

/// Compares. `before` is the ledger of this worker and recipient before it was asked, `after` when it had answered: whatever happened in between is no
/// difference. Sorted by kind, then as the ledger has them.
#[must_use]
pub fn differences(before: &[Noted], after: &[Noted], said: &Holdings, asked_at: Timestamp, now: Timestamp) -> Vec<Difference> {
    let erased: HashSet<DisclosureId> = before.iter().filter(|noted| noted.erased).map(|noted| noted.disclosure).collect();
    let known: HashMap<DisclosureId, &Noted> = after.iter().map(|noted| (noted.disclosure, noted)).collect();
    let held: HashSet<DisclosureId> = said.copies.iter().map(|copy| copy.disclosure).collect();
    let mut found = Vec::new();
    for copy in &said.copies {
        let kind = match known.get(&copy.disclosure) {
            None => DifferenceKind::NotInLedger,
            Some(_) if erased.contains(&copy.disclosure) => DifferenceKind::Erased,
            Some(noted) if !fits(noted, copy) => DifferenceKind::Differs,
            Some(_) => continue,
        };
        found.push(Difference { kind, disclosure: copy.disclosure });
    }
    // Where there is more than is listed, what is not listed says nothing.
    for noted in before.iter().filter(|_| !said.more) {
        let told = known.get(&noted.disclosure).is_none_or(|noted| noted.told || noted.erased);
        let settled = noted.at.plus_seconds(ON_ITS_WAY_SECONDS) <= asked_at && noted.use_until > now.plus_seconds(ON_ITS_WAY_SECONDS);
        if settled && !told && !held.contains(&noted.disclosure) {
            found.push(Difference { kind: DifferenceKind::NotHeld, disclosure: noted.disclosure });
        }
    }
    found
}

/// Whether a copy is what the ledger says that it is. What was narrowed is held under a later epoch, with less in it.
fn fits(noted: &Noted, copy: &HeldCopy) -> bool {
    let as_given = copy.epoch == noted.epoch && copy.fields == noted.fields;
    let narrowed = noted.told && copy.epoch > noted.epoch && copy.fields.is_within(noted.fields);
    copy.purpose == noted.purpose && copy.use_until <= noted.use_until && (as_given || narrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    const MATCHED: FieldSet = FieldSet::of(&[Field::Title, Field::Skills]);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    fn noted(number: u8) -> Noted {
        let disclosure = DisclosureId::from_random([number; 16]);
        let (epoch, use_until) = (Epoch(1), at(86_400));
        Noted { disclosure, purpose: Purpose::MatchVacancy, epoch, fields: MATCHED, at: at(0), use_until, erased: false, told: false }
    }

    fn copy(number: u8) -> HeldCopy {
        let Noted { disclosure, purpose, epoch, fields, at, use_until, .. } = noted(number);
        HeldCopy { disclosure, purpose, epoch, fields, at, use_until, system: "operator".to_owned() }
    }

    fn said(copies: Vec<HeldCopy>) -> Holdings {
        Holdings { handle: Handle::from_random([9; 16]), copies, erasing: Vec::new(), retained: Vec::new(), more: false }
    }

    fn found(before: &[Noted], after: &[Noted], said: &Holdings) -> Vec<DifferenceKind> {
        differences(before, after, said, at(600), at(601)).into_iter().map(|difference| difference.kind).collect()
    }

    #[test]
    fn what_fits_is_no_difference() {
        let ledger = [noted(1), noted(2)];
        assert_eq!(found(&ledger, &ledger, &said(vec![copy(1), copy(2)])), []);
        // Given while it was asked; erased while it was asked; on its way; over by its time; told to erase.
        assert_eq!(found(&[], &[noted(1)], &said(vec![copy(1)])), []);
        let erased = Noted { erased: true, told: true, ..noted(1) };
        assert_eq!(found(&[noted(1)], &[erased], &said(vec![copy(1)])), []);
        assert_eq!(found(&[noted(1)], &[erased], &said(Vec::new())), []);
        for other in [Noted { at: at(590), ..noted(1) }, Noted { use_until: at(610), ..noted(1) }, Noted { told: true, ..noted(1) }] {
            assert_eq!(found(&[other], &[other], &said(Vec::new())), [], "{other:?}");
        }
        let narrowed = HeldCopy { epoch: Epoch(2), fields: FieldSet::of(&[Field::Title]), ..copy(1) };
        let told = Noted { told: true, ..noted(1) };
        assert_eq!(found(&[told], &[told], &said(vec![narrowed])), []);
    }

    #[test]
    fn whatever_does_not_fit_is_named() {
        let one = [noted(1)];
        assert_eq!(found(&one, &one, &said(vec![copy(1), copy(7)])), [DifferenceKind::NotInLedger]);
        assert_eq!(found(&one, &one, &said(Vec::new())), [DifferenceKind::NotHeld]);
        assert_eq!(found(&one, &one, &Holdings { more: true, ..said(Vec::new()) }), [], "it may be among the rest");
        let erased = [Noted { erased: true, told: true, ..noted(1) }];
        assert_eq!(found(&erased, &erased, &said(vec![copy(1)])), [DifferenceKind::Erased]);
        let more = FieldSet::of(&[Field::Title, Field::Skills, Field::Hours]);
        for other in [
            HeldCopy { fields: more, ..copy(1) },
            HeldCopy { epoch: Epoch(2), ..copy(1) },
            HeldCopy { purpose: Purpose::BeContacted, ..copy(1) },
            HeldCopy { use_until: at(86_401), ..copy(1) },
            HeldCopy { fields: FieldSet::of(&[Field::Title]), ..copy(1) },
        ] {
            assert_eq!(found(&one, &one, &said(vec![other.clone()])), [DifferenceKind::Differs], "{other:?}");
        }
    }
}
