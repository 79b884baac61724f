//! The filters on single values of an offer, and its points for hours, made quick for one query: they are looked at for many candidates.
//!
//! The rule is that of `polder_model::rank::filter`; a test holds the two against each other.

use polder_model::Timestamp;
use polder_model::query::HoursCriterion;
use polder_model::rank::{Plan, filter, points};

use crate::row::{LEVEL_CODES, LEVEL_STEP, NO_HOURS, Stated};

/// Every offer that states hours has some in common with these.
const ANY_HOURS: HoursCriterion = HoursCriterion { min: 0, max: u8::MAX - 1 };

pub(super) struct Conditions {
    hours: HoursCriterion,
    /// Points by hours in common: all 0 where none are asked.
    points: Box<[u32; 256]>,
    /// The most points for hours.
    pub most_hours: u32,
    /// One bit for each code of a level that passes.
    levels: u32,
    /// Codes of which an offer must have one, if it has any.
    contracts: u32,
    sectors: u32,
    sharing: bool,
}

impl Conditions {
    pub(super) fn new(plan: &Plan) -> Self {
        let criteria = &plan.query().criteria;
        let level_passes = |code: &u8| {
            let level = Some(code * LEVEL_STEP).filter(|level| *level != 0);
            filter::passes_columns(plan, None, level, (0, 0, 0), true, Timestamp::from_micros(i64::MAX))
        };
        let any = |asked: u32| if asked == 0 { u32::MAX } else { asked };
        let mut points = Box::new([0; 256]);
        if let Some(asked) = criteria.hours {
            (0..=points::overlap(asked, (asked.min, asked.max))).for_each(|hours| points[usize::from(hours)] = points::hours(asked, hours));
        }
        Self {
            hours: criteria.hours.unwrap_or(ANY_HOURS),
            most_hours: points.iter().copied().max().unwrap_or(0),
            points,
            levels: (0..LEVEL_CODES).filter(level_passes).fold(0, |levels, code| levels | 1 << code),
            contracts: any(plan.contracts()),
            sectors: any(plan.sectors()),
            sharing: criteria.sharing,
        }
    }

    /// Whether an offer passes, and its points for hours if so. No branch hangs on the offer: nobody could guess them.
    #[inline]
    pub(super) fn points(&self, stated: Stated) -> (bool, u32) {
        let (contracts, sectors, hours) = (stated.contracts(), stated.sectors(), stated.hours());
        let common = points::overlap(self.hours, hours);
        let passes = ((contracts == 0) | (contracts & self.contracts != 0))
            & ((sectors == 0) | (sectors & self.sectors != 0))
            & (self.levels >> stated.level_code() & 1 == 1)
            & (stated.sharing() | !self.sharing)
            & ((common > 0) | (hours == NO_HOURS));
        (passes, self.points[usize::from(common)])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use polder_model::code::{Contract, Sector};
    use polder_model::features::Features;
    use polder_model::query::{Criteria, LevelCriterion, Query, RANKING, TieKey};
    use polder_model::{Kind, Purpose};

    use super::*;
    use crate::search::testing::random;

    fn plan(below: &mut impl FnMut(u64) -> u64) -> Plan {
        let mut criteria = Criteria::default();
        let level = |below: &mut dyn FnMut(u64) -> u64| (below(2) == 0).then(|| [10, 30, 45, 60][below(4) as usize]);
        if below(2) == 0 {
            let min = below(41) as u8;
            criteria.hours = Some(HoursCriterion { min, max: min + below(20) as u8 });
        }
        if below(2) == 0 {
            criteria.level = Some(LevelCriterion { min: level(below), max: level(below) });
        }
        criteria.contracts = Contract::ALL[..below(4) as usize].to_vec();
        criteria.sectors = Sector::ALL[..below(12) as usize].to_vec();
        criteria.sharing = below(5) == 0;
        let query = Query {
            id: String::new(),
            asker: "kvk:10000000".parse().expect("a partner"),
            kind: Kind::Vacancy,
            purpose: Purpose::FindWork,
            ranking: RANKING.to_owned(),
            as_of: Timestamp::from_micros(0),
            limit: 20,
            deadline_ms: 1_000,
            hops: 1,
            about: None,
            tie_key: TieKey([0; 16]),
            criteria,
        };
        Plan::new(Arc::new(query))
    }

    fn features(below: &mut impl FnMut(u64) -> u64) -> Features {
        let mut features = Features::empty(Kind::Vacancy);
        let least = below(41) as u8;
        features.hours = (below(5) != 0).then(|| (least, least + below(9) as u8));
        features.level = (below(3) != 0).then(|| [10, 20, 30, 40, 45, 50, 60, 70, 80][below(9) as usize]);
        features.contracts = if below(3) == 0 { 0 } else { 1 << below(11) };
        features.sectors = if below(3) == 0 { 0 } else { 1 << below(21) };
        features.sharing = below(2) == 0;
        features
    }

    #[test]
    fn they_are_the_rule() {
        let mut passed = 0;
        for seed in 0..4_000 {
            let mut below = random(seed);
            let (plan, features) = (plan(&mut below), features(&mut below));
            let modified = Timestamp::from_micros(0);
            let stated = Stated::new(&features, modified);
            let sets = (features.contracts, features.sectors, 0);
            let passes = filter::passes_columns(&plan, features.hours, features.level, sets, features.sharing, modified);
            let asked = plan.query().criteria.hours.zip(features.hours);
            let hours = asked.map_or(0, |(asked, stated)| points::hours(asked, points::overlap(asked, stated)));
            let conditions = Conditions::new(&plan);
            let found = conditions.points(stated);
            assert_eq!(found.0.then_some(found.1), passes.then_some(hours), "{features:?} {:?}", plan.query().criteria);
            assert!(hours <= conditions.most_hours);
            passed += usize::from(passes);
        }
        assert!((400..3_600).contains(&passed), "{passed}");
    }
}
