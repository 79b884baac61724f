//! The arithmetic of points (`docs/ranking.md`, section 4). Every division rounds down.

use crate::code::Importance;
use crate::fault::{Fault, planted};
use crate::query::HoursCriterion;
use crate::time::Timestamp;

/// Most points for skills.
pub const SKILLS: u64 = 400_000;
/// Most points for an occupation.
pub const OCCUPATION: u64 = 150_000;
/// Most points for text.
pub const TEXT: u64 = 150_000;
/// Most points for travel.
pub const TRAVEL: u64 = 200_000;
/// Most points for hours.
pub const HOURS: u64 = 50_000;
/// Most points for freshness.
pub const FRESHNESS: u64 = 50_000;
/// From this age in days on, freshness gives no points.
pub const STALE_DAYS: u32 = 90;

const DAY_MICROS: i64 = 86_400_000_000;

fn whole(points: u64) -> u32 {
    u32::try_from(points).unwrap_or(u32::MAX)
}

/// The worth of a match, 0–10,000: the factor of its relation (1–100) times its importance in percent.
#[must_use]
pub fn worth(factor: u8, importance: Importance) -> u64 {
    let percent = if planted(Fault::ImportanceIgnored) { 100 } else { importance.percent() };
    u64::from(factor) * percent
}

/// Points for a skill of `weight` out of `total`, met by a match of that [`worth`].
#[must_use]
pub fn skill(total: u64, weight: u16, worth: u64) -> u32 {
    let divisor = total.max(1) * 10_000;
    let rounding = if planted(Fault::RoundingUp) { divisor - 1 } else { 0 };
    whole((SKILLS * u64::from(weight) * worth + rounding) / divisor)
}

/// Points for an occupation with that factor, 1–100.
#[must_use]
pub fn occupation(factor: u8) -> u32 {
    whole(OCCUPATION * u64::from(factor) / 100)
}

/// Points for a term of `weight` out of `total`, with that impact, 0–255.
#[must_use]
pub fn text(total: u64, weight: u8, impact: u8) -> u32 {
    whole(TEXT * u64::from(weight) * u64::from(impact) / (total.max(1) * 255))
}

/// Points for a distance within the limit; 0 beyond it.
#[must_use]
pub fn travel(limit: u32, distance: u32) -> u32 {
    whole(TRAVEL * u64::from(limit.saturating_sub(distance)) / u64::from(limit.max(1)))
}

/// Hours in common, counted inclusively; 0 where the two do not overlap.
#[must_use]
pub fn overlap(asked: HoursCriterion, (min, max): (u8, u8)) -> u8 {
    let (low, high) = (min.max(asked.min), max.min(asked.max));
    if high < low { 0 } else { high - low + 1 }
}

/// Points for that many hours in common.
#[must_use]
pub fn hours(asked: HoursCriterion, overlap: u8) -> u32 {
    let width = u64::from(asked.max.saturating_sub(asked.min)) + 1;
    whole(HOURS * u64::from(overlap) / width)
}

/// Whole days from the last change to the instant of the question, at least 0.
#[must_use]
pub fn days(as_of: Timestamp, modified: Timestamp) -> u32 {
    let micros = (as_of.micros() - modified.micros()).max(0);
    let days = u32::try_from(micros / DAY_MICROS).unwrap_or(u32::MAX);
    if planted(Fault::FreshnessOffByOne) { days.saturating_add(1) } else { days }
}

/// Points for an offer changed that many days ago.
#[must_use]
pub fn freshness(days: u32) -> u32 {
    whole(FRESHNESS * u64::from(STALE_DAYS.saturating_sub(days)) / u64::from(STALE_DAYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // 400000 · 620 · (70 · 80) / ((620 + 500) · 10000) = 124000 exactly.
        assert_eq!(skill(1_120, 620, worth(70, Importance::Important)), 124_000);
        // 400000 · 1 · 10000 / (3 · 10000) = 133333.3…
        assert_eq!(skill(3, 1, worth(100, Importance::Essential)), 133_333);
        assert_eq!(occupation(50), 75_000);
        // 150000 · 61 · 200 / (122 · 255) = 58823.5…
        assert_eq!(text(122, 61, 200), 58_823);
        assert_eq!(travel(30, 5), 166_666);
        assert_eq!(travel(30, 30), 0);
        let asked = HoursCriterion { min: 16, max: 24 };
        assert_eq!((overlap(asked, (20, 32)), overlap(asked, (24, 24)), overlap(asked, (25, 32))), (5, 1, 0));
        // 50000 · 5 / 9 = 27777.7…
        assert_eq!(hours(asked, 5), 27_777);
        assert_eq!((freshness(0), freshness(1), freshness(89), freshness(90), freshness(91)), (50_000, 49_444, 555, 0, 0));
    }

    #[test]
    fn days_are_whole_and_never_negative() {
        let now = Timestamp::from_micros(10 * DAY_MICROS);
        assert_eq!(days(now, Timestamp::from_micros(9 * DAY_MICROS + 1)), 0);
        assert_eq!(days(now, Timestamp::from_micros(9 * DAY_MICROS)), 1);
        assert_eq!(days(now, Timestamp::from_micros(11 * DAY_MICROS)), 0);
    }
}
