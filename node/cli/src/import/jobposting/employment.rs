//! Contracts and hours.

use polder_model::code::Contract;
use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, labels, without_prefix};

/// Sets contracts and hours from `employmentType` and `workHours`.
pub(super) fn contracts_and_hours(posting: &Value, draft: &mut Draft) {
    let (mut contracts, mut hours, mut open): (Vec<Contract>, Option<(u8, u8)>, bool) = (Vec::new(), None, false);
    for word in labels(&posting["employmentType"]) {
        let (forms, range) = meaning(&word);
        open |= range.is_some();
        if forms.is_empty() && range.is_none() {
            draft.note_about("employmentType: not known, left out", &word);
        }
        contracts.extend(forms);
        hours = range.map(|range| wider(hours, range)).or(hours);
    }
    // FULL_TIME beside CONTRACTOR: full-time work, for an employee or a contractor. Nothing says which contracts an employee gets.
    if open && contracts.iter().any(|form| *form != Contract::Permanent) {
        contracts.clear();
        draft.note_about(
            "employmentType: FULL_TIME or PART_TIME beside another type says nothing about the contract; the contract is left open",
            labels(&posting["employmentType"]).join(", "),
        );
    }
    contracts.sort_unstable();
    contracts.dedup();
    if !contracts.is_empty() {
        if contracts.contains(&Contract::Secondment) {
            draft.note("employmentType: CONTRACTOR may mean secondment or freelance; both are set");
        }
        let offered: Vec<Value> = contracts.iter().map(|form| json!({"form": form})).collect();
        draft.set("contracts", json!(offered));
    }
    match (work_hours(posting, draft), hours) {
        (Some((min, max)), _) => draft.set("hours", json!({"min": min, "max": max})),
        (None, Some((min, max))) => {
            draft.set("hours", json!({"min": min, "max": max}));
            draft.note(format!("hours: {min} to {max} a week is an assumption from employmentType; workHours gives none"));
        }
        (None, None) => {}
    }
}

fn meaning(word: &str) -> (Vec<Contract>, Option<(u8, u8)>) {
    let plain: String = without_prefix(word).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    match plain.as_str() {
        "FULLTIME" | "VOLTIJD" => (Vec::new(), Some((36, 40))),
        "PARTTIME" | "DEELTIJD" => (Vec::new(), Some((12, 32))),
        "PERMANENT" => (vec![Contract::Permanent], None),
        "TEMPORARY" => (vec![Contract::FixedTerm], None),
        "INTERN" | "INTERNSHIP" => (vec![Contract::Internship], None),
        "CONTRACTOR" | "CONTRACT" => (vec![Contract::Secondment, Contract::Freelance], None),
        "VOLUNTEER" => (vec![Contract::Volunteer], None),
        "SEASONAL" => (vec![Contract::Seasonal], None),
        "PERDIEM" => (vec![Contract::OnCall], None),
        "APPRENTICESHIP" => (vec![Contract::Apprenticeship], None),
        _ => (Vec::new(), None),
    }
}

fn wider(known: Option<(u8, u8)>, (min, max): (u8, u8)) -> (u8, u8) {
    known.map_or((min, max), |(least, most)| (least.min(min), most.max(max)))
}

fn work_hours(posting: &Value, draft: &mut Draft) -> Option<(u8, u8)> {
    let given = &posting["workHours"];
    let text = first_text(&[given, &given["value"]]).or_else(|| {
        let (min, max) = (first_text(&[&given["minValue"]])?, first_text(&[&given["maxValue"]])?);
        Some(format!("{min}-{max}"))
    })?;
    let hours = range(&text);
    if hours.is_none() {
        let text = super::text::one_line(&text);
        draft.keep(&text);
        draft.note_about("workHours: not a number or range of hours a week; kept in the description", text);
    }
    hours
}

/// `32`, `24-32 uur per week`, `32 tot 40 uur`: one number or two, and no words but those of hours a week.
fn range(text: &str) -> Option<(u8, u8)> {
    const WORDS: [&str; 31] = [
        "fulltime", "parttime", "voltijd", "deeltijd", "full", "part", "time", "tussen", "between", "and", "met", "à", "uur", "uren", "u",
        "hours", "hour", "hrs", "h", "per", "p", "pw", "w", "week", "wk", "tot", "to", "en", "t", "m", "weekly",
    ];
    let lower = text.to_lowercase();
    if lower.contains(':') {
        return None;
    }
    let mut numbers: Vec<u8> = Vec::new();
    for part in lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, word) = part.split_at(digits);
        if !number.is_empty() {
            numbers.push(number.parse().ok()?);
        }
        if !word.is_empty() && !WORDS.contains(&word) {
            return None;
        }
    }
    let (min, max) = match numbers[..] {
        [one] => (one, one),
        [min, max] => (min, max),
        _ => return None,
    };
    // Fewer than four hours is more likely a day than a week, and 37.5 would have become two numbers.
    if min <= max && (4..=80).contains(&max) && !lower.contains(['.', ',']) { Some((min, max)) } else { None }
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
        ] {
            assert_eq!(range(text), Some(hours), "{text}");
        }
        for text in ["", "fulltime", "8 uur per dag", "9:00-17:00", "ma t/m vr 40 uur", "37,5 uur", "40-24", "120", "3 dagen"] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
