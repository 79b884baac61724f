//! A bound on the points for freshness that is quick to compute for many offers.

use polder_model::rank::{Plan, points};

use super::sums::units;

/// What a day is worth at most, in units: all days together are worth at least the most points.
#[expect(clippy::cast_possible_truncation, reason = "35")]
const PER_DAY: u16 = (points::FRESHNESS / points::STALE_DAYS as u64).div_ceil(super::sums::UNIT as u64) as u16;
/// After this many days nothing is left.
const DAYS: u16 = 90;

const _: () = assert!(points::STALE_DAYS == DAYS as u32);

/// Freshness by the day of the last change.
#[derive(Clone, Copy)]
pub(super) struct Freshness {
    /// The last day whose changes are worth nothing.
    stale: u16,
    /// The least days that are counted as left: all of them while days before 1970, which count as its first day, may be worth something.
    least: u16,
}

impl Freshness {
    pub(super) fn new(plan: &Plan) -> Self {
        Self::on(plan.today().days())
    }

    pub(super) fn on(today: i32) -> Self {
        // An offer is as many days old as there are from the date of the change to today, or one fewer.
        let stale = today - i32::from(DAYS) - 1;
        // Later days than fit are all counted as the last one: that must be worth everything.
        let least = if stale < 0 { DAYS } else { 0 };
        Self { stale: u16::try_from(stale.clamp(0, i32::from(u16::MAX - DAYS))).unwrap_or(0), least }
    }

    /// At least the units for an offer that was changed on that day.
    #[inline]
    pub(super) fn units(self, day: u16) -> u16 {
        day.saturating_sub(self.stale).clamp(self.least, DAYS) * PER_DAY
    }

    /// The most units.
    pub(super) fn most() -> u16 {
        units(points::freshness(0)).max(DAYS * PER_DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::sums;

    #[test]
    fn units_cover_the_points_whatever_the_day() {
        for today in [-5, 0, 3, 95, 20_000, 65_534, 65_535, 65_536, 65_700, 90_000] {
            let freshness = Freshness::on(today);
            for changed in (today - 200..today + 3).chain([-10, 0, 65_535, 70_000]) {
                let day = u16::try_from(changed.clamp(0, i32::from(u16::MAX))).unwrap_or(0);
                // The hour of the question may be earlier than that of the change.
                let days = u32::try_from(today - changed - 1).unwrap_or(0);
                let units = freshness.units(day);
                assert!(units <= Freshness::most() && sums::points(units) >= points::freshness(days), "{today} {changed}");
            }
        }
    }
}
