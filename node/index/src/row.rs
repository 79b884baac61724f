//! What filters and points read of one offer: half a cache line.

use polder_model::code::{Contract, Licence};
use polder_model::features::{Features, Opening};
use polder_model::rank::{Plan, filter, points};
use polder_model::{Date, Timestamp};

const REMOTE: u8 = 1;
const MANY: u8 = 2;
const SHARING: u8 = 4;
const NO_DAY: i32 = i32::MIN;
const NO_HOURS: (u8, u8) = (u8::MAX, 0);

// Contracts and licences fit in 16 bits.
const _: () = assert!(Contract::ALL.len() <= 16 && Licence::ALL.len() <= 16);

/// One offer, without its key, its version, its place and its postings.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct Row {
    modified: i64,
    closes: i32,
    start: i32,
    sectors: u32,
    /// Place in the segment's list of classes.
    pub class: u32,
    contracts: u16,
    licences: u16,
    hours: (u8, u8),
    level: u8,
    flags: u8,
}

impl Row {
    pub(crate) fn new(features: &Features, modified: Timestamp, class: u32) -> Self {
        let opening = features.openings.first().copied().unwrap_or_default();
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        let flags = flag(opening.remote, REMOTE) | flag(features.openings.len() > 1, MANY) | flag(features.sharing, SHARING);
        Self {
            modified: modified.micros(),
            closes: features.closes.map_or(NO_DAY, Date::days),
            start: opening.start.map_or(NO_DAY, Date::days),
            sectors: features.sectors,
            class,
            contracts: u16::try_from(features.contracts).unwrap_or(u16::MAX),
            licences: u16::try_from(features.licences).unwrap_or(u16::MAX),
            hours: features.hours.unwrap_or(NO_HOURS),
            level: features.level.unwrap_or(0),
            flags,
        }
    }

    /// Whether there is more than one opening; they are kept beside the row then.
    pub(crate) fn has_many_openings(&self) -> bool {
        self.flags & MANY != 0
    }

    /// The first (mostly the only) opening, without its place.
    pub(crate) fn opening(&self) -> Opening {
        let start = (self.start != NO_DAY).then(|| Date::from_days(self.start));
        Opening { place: None, remote: self.flags & REMOTE != 0, start }
    }

    /// The day of the last change, for [`crate::segment::Segment::days`].
    pub(crate) fn day(&self) -> u16 {
        let day = Timestamp::from_micros(self.modified).date().days().clamp(0, i32::from(u16::MAX));
        u16::try_from(day).unwrap_or(u16::MAX)
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
        let masks = (u32::from(self.contracts), self.sectors, u32::from(self.licences));
        filter::passes_columns(plan, self.hours(), level, masks, self.flags & SHARING != 0, Timestamp::from_micros(self.modified))
    }

    /// Points for hours and freshness.
    pub(crate) fn points(&self, plan: &Plan) -> u32 {
        let hours = plan.query().criteria.hours.zip(self.hours());
        let hours = hours.map_or(0, |(asked, stated)| points::hours(asked, points::overlap(asked, stated)));
        hours + points::freshness(points::days(plan.query().as_of, Timestamp::from_micros(self.modified)))
    }
}

/// The place by which an offer stands among the others; `None` where it can be taken up elsewhere too, or has no place.
pub(crate) fn only_place(features: &Features) -> Option<u16> {
    match features.openings.as_slice() {
        [only] if !only.remote => only.place.map(polder_model::Postcode4::number),
        _ => None,
    }
}
