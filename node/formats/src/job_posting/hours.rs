//! Hours a week, however they are written.

use serde_json::Value;

use crate::json_ld::text;

/// Words that say that a number is of hours.
const UNITS: [&str; 7] = ["uur", "uren", "u", "hours", "hour", "hrs", "h"];
/// Other words that may stand beside it.
const BESIDE: [&str; 25] = [
    "fulltime", "parttime", "voltijd", "deeltijd", "full", "part", "time", "tussen", "between", "and", "met", "à", "a", "per", "p", "pw",
    "w", "week", "wk", "tot", "to", "en", "t", "m", "weekly",
];
/// Hours of a day: where no word says what is counted, more than so many are of a week, and no times of the clock.
const OF_A_DAY: u8 = 24;

/// At least and at most so many: of a text or number, or of a thing with a value or bounds.
pub(super) fn read(value: &Value) -> Option<(u8, u8)> {
    let bounds = || Some(format!("{}-{}", text(value.get("minValue")?)?, text(value.get("maxValue")?)?));
    let said = value.get("value").and_then(text).or_else(bounds).or_else(|| text(value))?;
    crate::values::hours(&said).or_else(|| range(&said))
}

/// `32`, `24-32 uur per week`, `32 tot 40 uur`: one number or two, and no words but those of hours a week.
fn range(text: &str) -> Option<(u8, u8)> {
    let lower = text.to_lowercase();
    // 37.5 would become two numbers, and 9:00 is a time.
    if lower.contains([':', '.', ',']) {
        return None;
    }
    let (mut numbers, mut counted): (Vec<u8>, bool) = (Vec::new(), false);
    for part in lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let (number, word) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
        if !number.is_empty() {
            numbers.push(number.parse().ok()?);
        }
        counted |= UNITS.contains(&word);
        if !word.is_empty() && !UNITS.contains(&word) && !BESIDE.contains(&word) {
            return None;
        }
    }
    let (min, max) = match numbers[..] {
        [one] => (one, one),
        [min, max] => (min, max),
        _ => return None,
    };
    (min <= max && max <= 80 && (counted && max >= 4 || max > OF_A_DAY)).then_some((min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_only_where_they_are_plain() {
        for (text, hours) in [
            ("40", (40, 40)),
            ("24-32", (24, 32)),
            ("32 tot 40 uur", (32, 40)),
            ("24 – 36 uur per week", (24, 36)),
            ("16 t/m 24 uur p/w", (16, 24)),
            ("36u", (36, 36)),
            ("tussen 24 en 32 uur per week", (24, 32)),
            ("fulltime (40 uur)", (40, 40)),
            ("24 à 32 uur", (24, 32)),
            ("32 tot en met 40 hours/week", (32, 40)),
        ] {
            assert_eq!(read(&text.into()), Some(hours), "{text}");
        }
        for text in ["", "fulltime", "8 uur per dag", "9:00-17:00", "9-17", "8", "ma t/m vr 40 uur", "37,5 uur", "40-24", "120", "3 dagen"]
        {
            assert_eq!(read(&text.into()), None, "{text}");
        }
        assert_eq!(read(&serde_json::json!({"@type": "QuantitativeValue", "minValue": 24, "maxValue": "32"})), Some((24, 32)));
    }
}
