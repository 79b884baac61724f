//! Days as people in the Netherlands say them: in the texts that workers agree to as on every page.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use polder_model::Timestamp;

use super::Language;

static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC));

const MONTHS: [[&str; 12]; 2] = [
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
];

impl Language {
    /// A date: `3 december 2026`.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        let months = MONTHS[usize::from(self == Self::En)];
        format!("{} {} {}", date.day(), months[usize::from(date.month().unsigned_abs() - 1)], date.year())
    }

    /// The day that an instant is on in the Netherlands.
    #[must_use]
    pub fn day(self, at: Timestamp) -> String {
        jiff::Timestamp::from_microsecond(at.micros()).map(|at| self.date(ZONE.to_datetime(at).date())).unwrap_or_default()
    }

    /// That day, and the time: `3 december 2026, 14:05`.
    #[must_use]
    pub fn moment(self, at: Timestamp) -> String {
        let local = jiff::Timestamp::from_microsecond(at.micros()).map(|at| ZONE.to_datetime(at));
        local.map(|local| format!("{}, {:02}:{:02}", self.date(local.date()), local.hour(), local.minute())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_said_as_people_say_it() {
        let at: Timestamp = "2026-11-30T23:30:00Z".parse().expect("an instant");
        assert_eq!((Language::Nl.day(at).as_str(), Language::Nl.moment(at).as_str()), ("1 december 2026", "1 december 2026, 00:30"));
        assert_eq!(Language::En.day(at), "1 December 2026");
    }
}
