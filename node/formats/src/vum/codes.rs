//! Codes of VUM Gegevensstandaard 1.5 for those of ours. Where a code of VUM is coarser, that is what it says; where it means something else, there is none.

use serde_json::Value;

use crate::values;

/// `codeWerkEnDenkniveau` of a level of education, NLQF × 10: mbo of every level is 4.
pub(super) const fn working_level(level: u64) -> Option<&'static str> {
    match level {
        10..=45 => Some("4"),
        50 | 60 => Some("5"),
        70 | 80 => Some("6"),
        _ => None,
    }
}

/// `codeNiveauOpleiding` of a level of education, NLQF × 10.
pub(super) const fn education(level: u64) -> Option<u8> {
    match level {
        10..=40 => Some(4),
        45 => Some(3),
        50 | 60 => Some(5),
        70 | 80 => Some(6),
        _ => None,
    }
}

/// `codeTypeArbeidscontract` and `codeTypeOvereenkomst` of a form of contract.
pub(super) fn contract(form: &str) -> Option<(Option<&'static str>, &'static str)> {
    match form {
        "permanent" => Some((Some("O"), "01")),
        "fixed-term" => Some((Some("B"), "01")),
        "apprenticeship" => Some((None, "02")),
        "volunteer" => Some((None, "03")),
        "work-experience" => Some((None, "04")),
        _ => None,
    }
}

/// The level of a language, 2 to 4, by that of the Common European Framework: A is reasonable, B good, C excellent. VUM has no table of this.
pub(super) fn language_level(level: &str) -> Option<u8> {
    match level.as_bytes().first()? {
        b'A' => Some(2),
        b'B' => Some(3),
        b'C' => Some(4),
        _ => None,
    }
}

/// The three letters of a language (ISO 639-3), by its two.
pub(super) fn language(two: &str) -> Option<&'static str> {
    values::three_letters(two)
}

/// Whether work is in office hours: by day from Monday to Friday. Nobody knows where the parts of the week are not named or may be agreed on.
pub(super) fn office_hours(times: &Value) -> Option<bool> {
    if times["flexible"] == Value::Bool(true) {
        return None;
    }
    let parts = times["dayParts"].as_array().filter(|parts| !parts.is_empty())?;
    let by_day = |part: &Value| {
        let (day, part) = part.as_str().and_then(|part| part.split_once('-')).unwrap_or_default();
        !matches!(day, "sat" | "sun") && matches!(part, "morning" | "afternoon")
    };
    Some(parts.iter().all(by_day))
}

/// `Indicatie`: 1 is yes, 2 is no.
pub(super) const fn indication(yes: bool) -> u8 {
    if yes { 1 } else { 2 }
}
