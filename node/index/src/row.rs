//! What filters and points read of one offer: 20 bytes.

use polder_model::Date;
use polder_model::features::{Features, Opening};
use polder_model::{Timestamp, code::Contract, code::Sector};
use serde::{Deserialize, Serialize};

const DAY_MICROS: i64 = 86_400_000_000;

/// A field of so many bits from that bit on of one of the words.
#[derive(Clone, Copy)]
struct Field {
    word: usize,
    from: u32,
    bits: u32,
}

const fn field(word: usize, from: u32, bits: u32) -> Field {
    Field { word, from, bits }
}

// The time of the last change within its day, in microseconds, takes 37 bits.
const TIME_LOW: Field = field(0, 0, 32);
const TIME_HIGH: Field = field(1, 0, 5);
/// NLQF × 2 (4+ is 9); 0 where it is not stated.
const LEVEL: Field = field(1, 5, 5);
const SHARING: Field = field(1, 10, 1);
const LEAST_HOURS: Field = field(1, 11, 7);
const MOST_HOURS: Field = field(1, 18, 7);
const CLASS_LOW: Field = field(1, 25, 7);
/// Days since 1970, to the year 9998.
const CLOSES: Field = field(2, 0, 22);
const CLASS_MIDDLE: Field = field(2, 22, 10);
const START: Field = field(3, 0, 22);
const CLASS_HIGH: Field = field(3, 22, 10);
const SECTORS: Field = field(4, 0, 21);
const CONTRACTS: Field = field(4, 21, 11);

const NO_DAY: u32 = (1 << 22) - 1;
/// Hours that are not stated: the least are more than the most.
const NO_HOURS: (u8, u8) = (127, 0);
/// Levels are multiples of this.
pub(crate) const LEVEL_STEP: u8 = 5;
/// Levels divided by [`LEVEL_STEP`] are below this.
pub(crate) const LEVEL_CODES: u8 = 1 << LEVEL.bits;

const _: () = assert!(Contract::ALL.len() <= 11 && Sector::ALL.len() <= 21);

/// One offer, without its key, its version, its place, the day of its last change, and its postings.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row([u32; 5]);

fn day(date: Option<Date>) -> u32 {
    date.map_or(NO_DAY, |date| u32::try_from(date.days()).unwrap_or(0))
}

fn date(day: u32) -> Option<Date> {
    (day != NO_DAY).then(|| Date::from_days(i32::try_from(day).unwrap_or(i32::MAX)))
}

impl Row {
    /// The class is fewer than 2²⁷. Hours are at most 126; others are taken for that many.
    pub(crate) fn new(features: &Features, modified: Timestamp, class: u32) -> Self {
        let opening = features.openings.first().copied().unwrap_or_default();
        let time = modified.micros().rem_euclid(DAY_MICROS).unsigned_abs();
        let (least, most) = features.hours.map_or(NO_HOURS, |(least, most)| (least.min(126), most.min(126)));
        let mut row = Self::default();
        row.set(TIME_LOW, u32::try_from(time & u64::from(u32::MAX)).unwrap_or(0));
        row.set(TIME_HIGH, u32::try_from(time >> 32).unwrap_or(0));
        row.set(LEVEL, u32::from(features.level.unwrap_or(0) / LEVEL_STEP));
        row.set(SHARING, u32::from(features.sharing));
        row.set(LEAST_HOURS, u32::from(least));
        row.set(MOST_HOURS, u32::from(most));
        row.set(CLOSES, day(features.closes));
        row.set(START, day(opening.start));
        row.set(SECTORS, features.sectors);
        row.set(CONTRACTS, features.contracts);
        row.set_class(class);
        row
    }

    fn set(&mut self, field: Field, value: u32) {
        let mask = u32::MAX >> (32 - field.bits);
        let word = &mut self.0[field.word];
        *word = *word & !(mask << field.from) | (value & mask) << field.from;
    }

    #[inline]
    const fn get(&self, field: Field) -> u32 {
        self.0[field.word] >> field.from & (u32::MAX >> (32 - field.bits))
    }

    #[inline]
    fn small(&self, field: Field) -> u8 {
        (self.get(field) & 0xFF) as u8
    }

    /// Place in the segment's list of classes.
    pub(crate) fn class(&self) -> u32 {
        self.get(CLASS_LOW) | self.get(CLASS_MIDDLE) << 7 | self.get(CLASS_HIGH) << 17
    }

    pub(crate) fn set_class(&mut self, class: u32) {
        self.set(CLASS_LOW, class);
        self.set(CLASS_MIDDLE, class >> 7);
        self.set(CLASS_HIGH, class >> 17);
    }

    /// The time of the last change within its day, in microseconds.
    pub(crate) fn time_of_day(&self) -> i64 {
        i64::from(self.get(TIME_HIGH)) << 32 | i64::from(self.get(TIME_LOW))
    }

    /// The only opening, without its place.
    pub(crate) fn opening(&self, remote: bool) -> Opening {
        Opening { place: None, remote, start: date(self.get(START)) }
    }

    /// Whether it has closed by that day.
    pub(crate) fn closed(&self, today: Date) -> bool {
        date(self.get(CLOSES)).is_some_and(|closes| closes < today)
    }

    /// Least and most hours a week.
    #[inline]
    pub(crate) fn hours(&self) -> Option<(u8, u8)> {
        let hours = (self.small(LEAST_HOURS), self.small(MOST_HOURS));
        (hours != NO_HOURS).then_some(hours)
    }

    /// The level divided by [`LEVEL_STEP`]; 0 where it is not stated.
    #[inline]
    pub(crate) fn level_code(&self) -> u8 {
        self.small(LEVEL)
    }

    /// Set of contract bits.
    #[inline]
    pub(crate) const fn contracts(&self) -> u32 {
        self.get(CONTRACTS)
    }

    /// Set of sector bits.
    #[inline]
    pub(crate) const fn sectors(&self) -> u32 {
        self.get(SECTORS)
    }

    /// Whether the job can be shared.
    #[inline]
    pub(crate) const fn sharing(&self) -> bool {
        self.get(SHARING) != 0
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
            let row = Row::new(&features, modified, class);
            assert_eq!((row.class(), row.hours(), row.small(LEVEL) * LEVEL_STEP), (class, Some((0, 80)), level));
            assert_eq!((row.opening(false).start, date(row.get(CLOSES))), (features.openings[0].start, features.closes));
            assert_eq!((row.get(SECTORS), row.get(CONTRACTS)), (features.sectors, features.contracts));
            assert_eq!(row.time_of_day(), DAY_MICROS - 1);
        }
        let row = Row::new(&Features::empty(Kind::Vacancy), modified, 0);
        assert_eq!((row.hours(), row.opening(true).start, row.closed(Date::from_days(2_932_531))), (None, None, false));
    }
}
