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

/// The levels of education, NLQF × 10, of which a `codeWerkEnDenkniveau` is one; none where it stands for one below them, or for none.
pub(super) fn levels(code: &str) -> Option<(u8, u8)> {
    match code {
        "4" => Some((10, 45)),
        "5" => Some((50, 60)),
        "6" => Some((70, 80)),
        _ => None,
    }
}

/// A `codeWerkEnDenkniveau` in words; nothing where it says none.
pub(super) fn level_in_words(code: &str) -> Option<&'static str> {
    match code {
        "1" => Some("geen basisonderwijs"),
        "2" => Some("basisonderwijs"),
        "3" => Some("vmbo"),
        "4" => Some("mbo, havo of vwo"),
        "5" => Some("hbo"),
        "6" => Some("wetenschappelijk"),
        _ => None,
    }
}

/// The form of a contract by `codeTypeArbeidscontract` and `codeTypeOvereenkomst`: what is no regular vacancy is not told apart by its term.
pub(super) fn form(term: Option<&str>, agreement: Option<&str>) -> Option<&'static str> {
    match (agreement, term) {
        (Some("02"), _) => Some("apprenticeship"),
        (Some("03"), _) => Some("volunteer"),
        (Some("04"), _) => Some("work-experience"),
        (Some("01") | None, Some("O")) => Some("permanent"),
        (Some("01") | None, Some("B")) => Some("fixed-term"),
        _ => None,
    }
}

/// How well a language is to be spoken, in words.
pub(super) fn spoken(level: u64) -> Option<&'static str> {
    match level {
        2 => Some("redelijk"),
        3 => Some("goed"),
        4 => Some("uitstekend"),
        _ => None,
    }
}

/// A language by its three letters, in Dutch where it is one that is often asked.
pub(super) fn language_in_words(three: &str) -> &str {
    match three {
        "nld" => "Nederlands",
        "eng" => "Engels",
        "deu" => "Duits",
        "fra" => "Frans",
        "spa" => "Spaans",
        "pol" => "Pools",
        "tur" => "Turks",
        "ara" => "Arabisch",
        "ron" => "Roemeens",
        "ukr" => "Oekraïens",
        other => other,
    }
}
