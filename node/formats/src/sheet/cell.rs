//! One cell: texts that a spreadsheet would run, lists, and values.

use polder_model::Date;
use serde_json::{Number, Value, json};

use super::mapping::{DateForm, Mapping};
use super::members::{Form, Member};
use crate::html;
use crate::text::{one_line, tidy};

/// Whether a spreadsheet takes a cell that begins like this for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as it is written: with an apostrophe before what a spreadsheet would run.
pub(super) fn protected(text: &str) -> String {
    let apostrophe = text.strip_prefix('\'').is_some_and(|rest| is_formula(rest) || rest.starts_with('\''));
    if is_formula(text) || apostrophe { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell, without the apostrophe that protects it.
pub(super) fn unprotected(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest) || rest.starts_with('\'')).unwrap_or(cell)
}

/// The entries of a list in a cell. A backslash takes its meaning from the character that follows.
pub(super) fn split(cell: &str, mark: char) -> Vec<String> {
    let mut entries = vec![String::new()];
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        let last = entries.len() - 1;
        if character == '\\' {
            entries[last].extend(characters.next());
        } else if character == mark {
            entries.push(String::new());
        } else {
            entries[last].push(character);
        }
    }
    entries
}

/// Entries as a list in a cell.
pub(super) fn joined(entries: &[String], mark: char) -> String {
    let escaped = entries.iter().map(|entry| entry.replace('\\', "\\\\").replace(mark, &format!("\\{mark}")));
    escaped.collect::<Vec<_>>().join(&mark.to_string())
}

/// The value of a member in a text, if it is understood.
pub(super) fn value(mapping: &Mapping, member: &Member, text: &str) -> Option<Value> {
    let line = one_line(text);
    match &member.form {
        Form::Line | Form::Recipients => Some(line.into()),
        Form::Text => Some(html::plain(text).into()),
        Form::Word(words) => {
            let found = words.iter().find(|word| **word == line).or_else(|| words.iter().find(|word| word.eq_ignore_ascii_case(&line)));
            found.map(|word| word.as_str().into())
        }
        Form::Language => crate::values::language(&line).map(Value::from),
        Form::Postcode => crate::values::postcode(&line).map(Value::from),
        Form::Date => date(mapping.date, &line).map(|date| date.to_string().into()),
        Form::Integer => line.parse::<u32>().ok().map(Value::from),
        Form::Number => number(&line, mapping.decimal),
        Form::Euros => crate::values::cents(&line, mapping.decimal).map(Value::from),
        Form::Flag => match line.to_lowercase().as_str() {
            "ja" | "j" | "yes" | "y" | "true" | "waar" | "1" | "x" => Some(true.into()),
            "nee" | "n" | "no" | "false" | "onwaar" | "0" => Some(false.into()),
            _ => None,
        },
    }
}

fn number(line: &str, decimal: char) -> Option<Value> {
    let plain = line.replace(decimal, ".");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let good = |part: &str| (1..=20).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !good(whole) || !good(fraction) {
        return None;
    }
    if let Ok(integer) = plain.parse::<i64>() {
        return Some(integer.into());
    }
    plain.parse().ok().and_then(Number::from_f64).map(Value::Number)
}

fn date(form: DateForm, line: &str) -> Option<Date> {
    let (mark, order) = form.parts();
    let parts: Vec<&str> = match mark {
        Some(mark) => line.split(mark).collect(),
        None if line.len() == 8 && line.is_ascii() => vec![&line[..4], &line[4..6], &line[6..]],
        None => return None,
    };
    let [one, two, three] = <[&str; 3]>::try_from(parts).ok()?;
    let of = |place: usize| [one, two, three][place];
    let (year, month, day) = (of(order[0]), of(order[1]), of(order[2]));
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let good = digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2);
    if good { format!("{year}-{month:0>2}-{day:0>2}").parse().ok() } else { None }
}

/// A value as the text of a cell.
pub(super) fn text(mapping: &Mapping, member: &Member, value: &Value) -> Option<String> {
    let plain = value.as_str();
    match &member.form {
        Form::Text => plain.map(html::long),
        Form::Date => {
            let (mark, order) = mapping.date.parts();
            let parts: Vec<&str> = plain?.splitn(3, '-').collect();
            let mut written = [""; 3];
            for (part, place) in parts.iter().zip(order) {
                written[place] = part;
            }
            Some(written.join(&mark.map(String::from).unwrap_or_default()))
        }
        Form::Euros => value.as_u64().map(|cents| format!("{}{}{:02}", cents / 100, mapping.decimal, cents % 100)),
        Form::Number => Some(value.to_string().replace('.', &mapping.decimal.to_string())),
        Form::Integer => value.as_u64().map(|number| number.to_string()),
        Form::Flag => value.as_bool().map(|flag| if flag { "ja" } else { "nee" }.to_owned()),
        _ => plain.map(tidy),
    }
}

/// Puts a value in its place in an object, by the names that lead there.
pub(super) fn put(object: &mut Value, path: &[String], value: Value) {
    match path.split_first() {
        None => *object = value,
        Some((name, rest)) => {
            if !object.is_object() {
                *object = json!({});
            }
            put(&mut object[name.as_str()], rest, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_has_an_apostrophe() {
        for text in ["=1+1", "+31", "-5", "@a", "\tx", "'=1", "''", "'t Harde", "'", "a=b", "", "'-", "'''"] {
            let cell = protected(text);
            assert!(!is_formula(&cell), "{cell}");
            assert_eq!(unprotected(&cell), text);
        }
        assert_eq!((unprotected("=1+1"), unprotected("'t Harde")), ("=1+1", "'t Harde"));
    }

    #[test]
    fn lists_come_back() {
        for list in [&["a|b", "c\\", ""][..], &["", "", "x"], &["\\|"]] {
            let entries: Vec<String> = list.iter().map(|entry| (*entry).to_owned()).collect();
            assert_eq!(split(&joined(&entries, '|'), '|'), entries);
        }
    }

    #[test]
    fn dates_in_the_form_that_was_said() {
        let is = |form: DateForm, text: &str| date(form, text).map(|date| date.to_string());
        assert_eq!(is(DateForm::DutchDashes, "1-2-2027").as_deref(), Some("2027-02-01"));
        assert_eq!(is(DateForm::AmericanSlashes, "02/01/2027").as_deref(), Some("2027-02-01"));
        assert_eq!(is(DateForm::Digits, "20270201").as_deref(), Some("2027-02-01"));
        for (form, bad) in [
            (DateForm::DutchDashes, "31-02-2027"),
            (DateForm::DutchDashes, "01-02-27"),
            (DateForm::Iso, "2027-2-1x"),
            (DateForm::Digits, "2027é21"),
            (DateForm::Iso, "2027-02"),
        ] {
            assert_eq!(is(form, bad), None, "{bad}");
        }
    }
}
