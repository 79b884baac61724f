//! What is kept of one offer beside its postings: one cache line.

use polder_model::features::{Features, Opening};
use polder_model::rank::{Plan, filter, points};
use polder_model::{Date, Postcode4, Timestamp};

const REMOTE: u8 = 1;
const MANY: u8 = 2;
const SHARING: u8 = 4;
const NO_DAY: i32 = i32::MIN;
const NO_HOURS: (u8, u8) = (u8::MAX, 0);

/// One offer, without its key and its postings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub modified: i64,
    pub version: u64,
    pub closes: i32,
    pub start: i32,
    pub contracts: u32,
    pub sectors: u32,
    pub licences: u32,
    /// Place in the segment's list of language sets.
    pub languages: u32,
    /// Place in the segment's list of audiences.
    pub audience: u32,
    pub place: u16,
    pub hours: (u8, u8),
    pub level: u8,
    pub flags: u8,
}

impl Row {
    pub(crate) fn new(features: &Features, version: u64, modified: Timestamp, languages: u32, audience: u32) -> Self {
        let opening = features.openings.first().copied().unwrap_or_default();
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        let flags = flag(opening.remote, REMOTE) | flag(features.openings.len() > 1, MANY) | flag(features.sharing, SHARING);
        Self {
            modified: modified.micros(),
            version,
            closes: features.closes.map_or(NO_DAY, Date::days),
            start: opening.start.map_or(NO_DAY, Date::days),
            contracts: features.contracts,
            sectors: features.sectors,
            licences: features.licences,
            languages,
            audience,
            place: opening.place.map_or(0, Postcode4::number),
            hours: features.hours.unwrap_or(NO_HOURS),
            level: features.level.unwrap_or(0),
            flags,
        }
    }

    /// Whether there is more than one opening; they are kept beside the row then.
    pub(crate) fn has_many_openings(&self) -> bool {
        self.flags & MANY != 0
    }

    /// The postcode by which the offer is placed among the others; `None` where it can be reached from elsewhere too.
    pub(crate) fn run(&self) -> Option<u16> {
        (self.flags & (REMOTE | MANY) == 0 && self.place != 0).then_some(self.place)
    }

    /// The first (mostly the only) opening.
    pub(crate) fn opening(&self) -> Opening {
        Opening { place: Postcode4::from_number(self.place), remote: self.flags & REMOTE != 0, start: day(self.start) }
    }

    /// Whether it has closed by that day.
    pub(crate) fn closed(&self, today: Date) -> bool {
        self.closes != NO_DAY && self.closes < today.days()
    }

    fn hours(&self) -> Option<(u8, u8)> {
        (self.hours != NO_HOURS).then_some(self.hours)
    }

    /// Whether the filters on single values pass.
    pub(crate) fn passes(&self, plan: &Plan) -> bool {
        let level = (self.level != 0).then_some(self.level);
        let masks = (self.contracts, self.sectors, self.licences);
        filter::passes_columns(plan, self.hours(), level, masks, self.flags & SHARING != 0, Timestamp::from_micros(self.modified))
    }

    /// Points for hours and freshness.
    pub(crate) fn points(&self, plan: &Plan) -> u32 {
        let hours = plan.query().criteria.hours.zip(self.hours());
        let hours = hours.map_or(0, |(asked, stated)| points::hours(asked, points::overlap(asked, stated)));
        hours + points::freshness(points::days(plan.query().as_of, Timestamp::from_micros(self.modified)))
    }
}

fn day(days: i32) -> Option<Date> {
    (days != NO_DAY).then(|| Date::from_days(days))
}
