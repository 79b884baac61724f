//! Values of the Open Education API: texts in languages, codes, durations, amounts, instants.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use polder_model::Date;
use serde_json::{Map, Value};

use crate::json_ld::list;

/// The most of any list that is looked at.
pub(super) const MOST: usize = 1_000;

/// A text in the language that is asked, in Dutch, in English, or in whichever comes first; and its language.
pub(super) fn chosen(value: &Value, language: Option<&str>) -> Option<(Option<String>, String)> {
    if let Value::String(text) = value {
        return (!text.trim().is_empty()).then(|| (None, text.clone()));
    }
    let all = texts(value);
    let of = |wanted: Option<&str>| all.iter().find(|(language, _)| wanted.is_some() && language.as_deref() == wanted);
    let (language, text) = of(language).or_else(|| of(Some("nl"))).or_else(|| of(Some("en"))).or_else(|| all.first())?;
    Some((language.clone(), (*text).to_owned()))
}

/// The texts of a value that are not empty, each with its language.
fn texts(value: &Value) -> Vec<(Option<String>, &str)> {
    list(value)
        .iter()
        .take(MOST)
        .filter_map(|one| {
            Some((one.get("language").and_then(Value::as_str).and_then(crate::values::language), one.get("value")?.as_str()?))
        })
        .filter(|(_, text)| !text.trim().is_empty())
        .collect()
}

/// Whether a value says another text in a second language; or one of the values in it does.
pub(super) fn is_in_several(value: &Value) -> bool {
    let all = texts(value);
    let other = |(language, text): &(Option<String>, &str)| *language != all[0].0 && text.trim() != all[0].1.trim();
    all.iter().any(other) || value.as_array().is_some_and(|inner| inner.iter().take(MOST).any(|one| one.is_array() && is_in_several(one)))
}

/// A code and its type.
pub(super) struct Code {
    pub(super) kind: String,
    pub(super) code: String,
}

/// The codes of an object: the primary one and the others.
pub(super) fn codes(object: &Map<String, Value>) -> Vec<Code> {
    let others = object.get("otherCodes").map(list).unwrap_or_default();
    let all = object.get("primaryCode").into_iter().chain(others).take(MOST);
    all.filter_map(|one| Some(Code { kind: one.get("codeType")?.as_str()?.to_owned(), code: one.get("code")?.as_str()?.trim().to_owned() }))
        .collect()
}

/// The time where schools are, by the table in the program: nothing is read from the machine.
static HERE: LazyLock<Option<TimeZone>> = LazyLock::new(|| TimeZoneDatabase::bundled().get("Europe/Amsterdam").ok());

/// The day of an instant, where schools are; or a date.
pub(super) fn day(value: &Value) -> Option<Date> {
    let text = value.as_str()?.trim();
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.to_zoned_datetime(HERE.clone()?).date().to_string().parse().ok(),
        Err(_) => crate::values::date(text),
    }
}

/// The instant at which a day begins, or its last second, where schools are.
pub(super) fn instant(day: &str, end: bool) -> Option<String> {
    let date: jiff::civil::Date = day.parse().ok()?;
    let time = if end { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) };
    let zoned = time.to_zoned_datetime(HERE.clone()?).ok()?;
    Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// A duration of ISO 8601.
pub(super) enum Duration {
    /// Weeks; and whether they are exact, rather than counted from months or years of 52 weeks.
    Weeks(u16, bool),
    /// Less than that, or no whole weeks: in days and hours.
    Shorter(u32, u32),
}

pub(super) fn duration(text: &str) -> Option<Duration> {
    let rest = text.trim().strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let (mut years, mut months, mut weeks, mut days, mut hours) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    let mut number = String::new();
    for (part, in_time) in [(date, false), (time, true)] {
        for character in part.chars() {
            if character.is_ascii_digit() && number.len() < 5 {
                number.push(character);
                continue;
            }
            let count = std::mem::take(&mut number).parse().ok()?;
            match (character, in_time) {
                ('Y', false) => years = count,
                ('M', false) => months = count,
                ('W', false) => weeks = count,
                ('D', false) => days = count,
                ('H', true) => hours = count,
                // Minutes and seconds do not count.
                ('M' | 'S', true) => {}
                _ => return None,
            }
        }
        if !number.is_empty() {
            return None;
        }
    }
    let exact = years == 0 && months == 0;
    if (days % 7 != 0 || hours > 0) && exact {
        return Some(Duration::Shorter(weeks * 7 + days, hours));
    }
    let whole = years * 52 + (months * 52 + 6) / 12 + weeks + days / 7;
    u16::try_from(whole).ok().filter(|weeks| (1..=520).contains(weeks)).map(|weeks| Duration::Weeks(weeks, exact))
}
