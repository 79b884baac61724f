//! What filters and points read of one offer: 8 bytes that many candidates are judged by, and 12 for those that are left.

use polder_model::Date;
use polder_model::features::{Features, Opening};
use polder_model::{Timestamp, code::Contract, code::Sector};
use serde::{Deserialize, Serialize};

const DAY_MICROS: i64 = 86_400_000_000;

/// So many bits from that bit on.
#[derive(Clone, Copy)]
struct Field {
    from: u32,
    bits: u32,
}

const fn field(from: u32, bits: u32) -> Field {
    Field { from, bits }
}

// Of what is stated.
const SECTORS: Field = field(0, 21);
const CONTRACTS: Field = field(21, 11);
/// NLQF divided by [`LEVEL_STEP`]; 0 where it is not stated.
const LEVEL: Field = field(32, 5);
const SHARING: Field = field(37, 1);
const LEAST_HOURS: Field = field(38, 7);
const MOST_HOURS: Field = field(45, 7);
/// The time of the last change within its day, in microseconds, takes 37 bits.
const TIME_HIGH: Field = field(52, 12);

// Of the row.
const TIME_LOW: Field = field(0, 25);
/// Days since 1970, to the year 9998.
const CLOSES: Field = field(25, 22);
const START: Field = field(47, 22);
const CLASS: Field = field(69, 27);

const NO_DAY: u32 = (1 << 22) - 1;
/// Hours that are not stated: the least are more than the most.
pub(crate) const NO_HOURS: (u8, u8) = (127, 0);
/// Levels are multiples of this.
pub(crate) const LEVEL_STEP: u8 = 5;
/// Levels divided by [`LEVEL_STEP`] are below this.
pub(crate) const LEVEL_CODES: u8 = 1 << LEVEL.bits;

const _: () = assert!(Contract::ALL.len() <= 11 && Sector::ALL.len() <= 21);

/// What the conditions of a query look at, and the upper bits of the time of the last change.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stated(u64);

/// One offer, without what is [`Stated`], its key, its version, its place, the day of its last change, and its postings.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row([u32; 3]);

fn day(date: Option<Date>) -> u32 {
    date.map_or(NO_DAY, |date| u32::try_from(date.days()).unwrap_or(0))
}

fn date(day: u32) -> Option<Date> {
    (day != NO_DAY).then(|| Date::from_days(i32::try_from(day).unwrap_or(i32::MAX)))
}

fn time_of_day(modified: Timestamp) -> u64 {
    modified.micros().rem_euclid(DAY_MICROS).unsigned_abs()
}

impl Stated {
    /// Hours are at most 126; others are taken for that many.
    pub(crate) fn new(features: &Features, modified: Timestamp) -> Self {
        let (least, most) = features.hours.map_or(NO_HOURS, |(least, most)| (least.min(126), most.min(126)));
        let put = |field: Field, value: u64| (value & (u64::MAX >> (64 - field.bits))) << field.from;
        let stated = put(SECTORS, features.sectors.into())
            | put(CONTRACTS, features.contracts.into())
            | put(LEVEL, u64::from(features.level.unwrap_or(0) / LEVEL_STEP))
            | put(SHARING, features.sharing.into())
            | put(LEAST_HOURS, least.into())
            | put(MOST_HOURS, most.into())
            | put(TIME_HIGH, time_of_day(modified) >> TIME_LOW.bits);
        Self(stated)
    }

    #[inline]
    const fn get(self, field: Field) -> u32 {
        (self.0 >> field.from & (u64::MAX >> (64 - field.bits))) as u32
    }

    #[inline]
    const fn small(self, field: Field) -> u8 {
        (self.get(field) & 0xFF) as u8
    }

    /// Least and most hours a week; [`NO_HOURS`] where they are not stated.
    #[inline]
    pub(crate) const fn hours(self) -> (u8, u8) {
        (self.small(LEAST_HOURS), self.small(MOST_HOURS))
    }

    /// The level divided by [`LEVEL_STEP`]; 0 where it is not stated.
    #[inline]
    pub(crate) const fn level_code(self) -> u8 {
        self.small(LEVEL)
    }

    /// Set of contract bits.
    #[inline]
    pub(crate) const fn contracts(self) -> u32 {
        self.get(CONTRACTS)
    }

    /// Set of sector bits.
    #[inline]
    pub(crate) const fn sectors(self) -> u32 {
        self.get(SECTORS)
    }

    /// Whether the job can be shared.
    #[inline]
    pub(crate) const fn sharing(self) -> bool {
        self.get(SHARING) != 0
    }
}

impl Row {
    /// The class is fewer than 2²⁷.
    pub(crate) fn new(features: &Features, modified: Timestamp, class: u32) -> Self {
        let opening = features.openings.first().copied().unwrap_or_default();
        let time = time_of_day(modified) & (u64::MAX >> (64 - TIME_LOW.bits));
        let mut row = Self::default();
        row.set(TIME_LOW, u32::try_from(time).unwrap_or(0));
        row.set(CLOSES, day(features.closes));
        row.set(START, day(opening.start));
        row.set(CLASS, class);
        row
    }

    fn all(self) -> u128 {
        let [low, middle, high] = self.0.map(u128::from);
        low | middle << 32 | high << 64
    }

    #[expect(clippy::cast_possible_truncation, reason = "word by word")]
    fn set(&mut self, field: Field, value: u32) {
        let mask = u128::MAX >> (128 - field.bits);
        let all = self.all() & !(mask << field.from) | (u128::from(value) & mask) << field.from;
        self.0 = [all as u32, (all >> 32) as u32, (all >> 64) as u32];
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a field has at most 27 bits")]
    fn get(self, field: Field) -> u32 {
        (self.all() >> field.from & (u128::MAX >> (128 - field.bits))) as u32
    }

    /// Place in the segment's list of classes.
    pub(crate) fn class(self) -> u32 {
        self.get(CLASS)
    }

    pub(crate) fn set_class(&mut self, class: u32) {
        self.set(CLASS, class);
    }

    /// The time of the last change within its day, in microseconds.
    pub(crate) fn time_of_day(self, stated: Stated) -> i64 {
        i64::from(stated.get(TIME_HIGH)) << TIME_LOW.bits | i64::from(self.get(TIME_LOW))
    }

    /// The only opening, without its place.
    pub(crate) fn opening(self, remote: bool) -> Opening {
        Opening { place: None, remote, start: date(self.get(START)) }
    }

    /// Whether it has closed by that day.
    pub(crate) fn closed(self, today: Date) -> bool {
        date(self.get(CLOSES)).is_some_and(|closes| closes < today)
    }
}

/// The place by which an offer stands among the others; `None` where it can be taken up elsewhere too, or has no place.
pub(crate) fn only_place(features: &Features) -> Option<u16> {
    match features.openings.as_slice() {
        [only] if !only.remote => only.place.map(polder_model::Postcode4::number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polder_model::Kind;

    #[test]
    fn values_at_their_bounds_come_back() {
        let modified = Timestamp::from_micros(20_000 * DAY_MICROS - 1);
        for (class, level, day) in [(0, 10, 0), (1 << 26, 80, 2_932_531), ((1 << 27) - 1, 45, 20_000)] {
            let mut features = Features::empty(Kind::Vacancy);
            features.hours = Some((0, 80));
            features.level = Some(level);
            features.closes = Some(Date::from_days(day));
            features.openings[0].start = Some(Date::from_days(day));
            features.sectors = u32::MAX >> 11;
            features.contracts = u32::MAX >> 21;
            features.sharing = true;
            let (stated, row) = (Stated::new(&features, modified), Row::new(&features, modified, class));
            assert_eq!((row.class(), stated.hours(), stated.level_code() * LEVEL_STEP), (class, (0, 80), level));
            assert_eq!((row.opening(false).start, date(row.get(CLOSES))), (features.openings[0].start, features.closes));
            assert_eq!((stated.sectors(), stated.contracts(), stated.sharing()), (features.sectors, features.contracts, true));
            assert_eq!(row.time_of_day(stated), DAY_MICROS - 1);
            let mut other = row;
            other.set_class(7);
            assert_eq!((other.class(), other.get(CLOSES), other.get(START)), (7, row.get(CLOSES), row.get(START)));
        }
        let features = Features::empty(Kind::Vacancy);
        let (stated, row) = (Stated::new(&features, modified), Row::new(&features, modified, 0));
        assert_eq!((stated.hours(), row.opening(true).start, row.closed(Date::from_days(2_932_531))), (NO_HOURS, None, false));
    }
}
