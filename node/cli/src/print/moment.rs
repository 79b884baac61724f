//! Times as people read them: on the clock of this machine, to the minute, with its zone. Machines get RFC 3339.

use jiff::tz::TimeZone;
use polder_model::Timestamp;

use super::Lang;

/// A day and a time.
pub(crate) fn moment(at: Timestamp, lang: Lang) -> String {
    in_zone(at, lang.either("%Y-%m-%d %H:%M %Z", "%d-%m-%Y %H:%M %Z"), here())
}

/// The day alone.
pub(crate) fn day(at: Timestamp, lang: Lang) -> String {
    in_zone(at, lang.either("%Y-%m-%d", "%d-%m-%Y"), here())
}

/// The zone of this machine; UTC where it has none.
fn here() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

fn in_zone(at: Timestamp, form: &str, zone: TimeZone) -> String {
    match jiff::Timestamp::from_microsecond(at.micros()) {
        Ok(instant) => instant.to_zoned_datetime(zone).strftime(form).to_string(),
        Err(_) => at.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_that_of_the_clock_on_the_wall() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
        let told = |at: &str, form| in_zone(at.parse().expect("an instant"), form, zone.clone());
        assert_eq!(told("2026-11-29T23:15:43.123456Z", "%d-%m-%Y %H:%M %Z"), "30-11-2026 00:15 CET");
        assert_eq!(told("2026-07-01T10:00:59Z", "%Y-%m-%d %H:%M %Z"), "2026-07-01 12:00 CEST");
        assert_eq!(in_zone("2026-07-01T10:00:59Z".parse().expect("an instant"), "%H:%M %Z", TimeZone::UTC), "10:00 UTC");
    }
}
