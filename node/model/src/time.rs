//! Instants and dates as they are exchanged. The clock itself is outside this crate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::name::NameError;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// An instant in UTC with microseconds, between the years 1970 and 9998.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest instant: the end of the year 9998.
    pub const MAX: Self = Self(253_370_764_799_999_999);

    /// From microseconds since 1970; clamped to the years 1970–9998.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(0, Self::MAX.0))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 / SECOND
    }

    /// The date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        Date(i32::try_from(self.0 / DAY).unwrap_or(0))
    }

    /// This instant moved by that many microseconds, later or earlier.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// This instant moved by that many seconds, later or earlier.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(SECOND))
    }

    /// Microseconds between two instants, in either order.
    #[must_use]
    pub const fn distance_micros(self, other: Self) -> u64 {
        self.0.abs_diff(other.0)
    }
}

impl FromStr for Timestamp {
    type Err = NameError;
    /// RFC 3339 with an upper-case `T`; any offset is accepted, what is finer than a microsecond is cut off.
    fn from_str(text: &str) -> Result<Self, NameError> {
        const FORM: NameError = NameError("an instant is written as 2026-11-23T12:00:00Z (RFC 3339, years 1970 to 9998)");
        let bytes = text.as_bytes();
        let form = text.len() <= 40 && bytes.len() >= 20 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T';
        let offset = text.ends_with('Z') || bytes.len() > 6 && matches!(bytes[bytes.len() - 6], b'+' | b'-') && !text.ends_with("-00:00");
        if !form || !offset {
            return Err(FORM);
        }
        let instant: jiff::Timestamp = text.parse().map_err(|_| FORM)?;
        let micros = instant.as_microsecond();
        if (0..=Self::MAX.0).contains(&micros) { Ok(Self(micros)) } else { Err(FORM) }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A day in UTC, from 1970-01-01. Documents name days up to 2099-12-31 only: nothing that is offered begins or ends later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// From days since 1970-01-01; clamped to the range.
    #[must_use]
    pub fn from_days(days: i32) -> Self {
        Self(days.clamp(0, 2_932_531))
    }

    /// Midnight UTC at which the day starts.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.0) * DAY)
    }
}

impl FromStr for Date {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        const FORM: NameError = NameError("a date is written as 2026-11-23 (years 1970 to 2099)");
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(FORM);
        }
        let day: jiff::civil::Date = text.parse().map_err(|_| FORM)?;
        let instant: Timestamp = format!("{day}T00:00:00Z").parse().map_err(|_| FORM)?;
        if day.year() > 2099 {
            return Err(FORM);
        }
        Ok(instant.date())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.start().to_string();
        f.write_str(text.get(..10).unwrap_or(&text))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_round_trip() {
        for (text, shown) in [
            ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"),
            ("2026-11-23T13:00:00.1234567+01:00", "2026-11-23T12:00:00.123456Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().map(|t| t.to_string()).as_deref(), Ok(shown));
        }
        for bad in [
            "",
            "2026-11-23",
            "2026-11-23t12:00:00Z",
            "2026-11-23T12:00:00",
            "2026-11-23T12:00:00-00:00",
            "1969-12-31T23:59:59Z",
            "2026-13-01T00:00:00Z",
        ] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_round_trip() {
        for text in ["1970-01-01", "2024-02-29", "2026-11-23", "2099-12-31"] {
            assert_eq!(text.parse::<Date>().map(|d| d.to_string()).as_deref(), Ok(text));
        }
        for bad in ["2026-02-30", "2026-1-01", "20261123", "2026-11-23T00:00:00Z", "1969-12-31"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }
}
