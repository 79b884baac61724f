//! Dates as people write them: ISO 8601, or day, month and year in the Dutch order.

use polder_model::Date;

/// Dutch and English months by their first three letters.
const MONTHS: [(&str, u32); 16] = [
    ("jan", 1),
    ("feb", 2),
    ("maa", 3),
    ("mrt", 3),
    ("mar", 3),
    ("apr", 4),
    ("mei", 5),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

/// The day of a date or an instant, as it is written there; a time and its zone are left aside.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let end = text.char_indices().find(|(_, c)| !c.is_ascii_digit() && !"-/.".contains(*c)).map_or(text.len(), |(end, _)| end);
    let (day, rest) = text.split_at(end);
    if rest.is_empty() || rest.starts_with(['T', 't', 'Z', 'z', '+', ',']) || rest.starts_with(' ') && is_time(rest) {
        return in_digits(day);
    }
    in_words(text)
}

/// ` 23:59`, ` 17.00 uur`.
fn is_time(rest: &str) -> bool {
    rest.trim_start().chars().take_while(|c| c.is_ascii_digit()).count() <= 2
        && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
        && rest.contains([':', '.'])
}

fn in_digits(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return made(&text[..4], &text[4..6], &text[6..]);
    }
    // 2026-12-31-05:00: what is left of the zone.
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts[..] {
        [year, month, day] | [year, month, day, _] if year.len() == 4 && day.len() == 2 => made(year, month, day),
        [day, month, year] if year.len() == 4 => made(year, month, day),
        _ => None,
    }
}

/// `31 december 2026`.
fn in_words(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '-', '.', ',']).filter(|word| !word.is_empty()).collect();
    let [day, month, year] = words.get(..3)?.try_into().ok()?;
    let number = MONTHS.iter().find(|(start, _)| month.starts_with(start))?.1;
    made(year, &number.to_string(), day)
}

fn made(year: &str, month: &str, day: &str) -> Option<Date> {
    let form = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if form { format!("{year}-{month:0>2}-{day:0>2}").parse().ok() } else { None }
}
