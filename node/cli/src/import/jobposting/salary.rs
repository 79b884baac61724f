//! Pay, in cents.

use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, list, without_prefix};

/// Sets the salary from `baseSalary`.
pub(super) fn salary(posting: &Value, draft: &mut Draft) {
    let Some(given) = list(&posting["baseSalary"]).into_iter().next() else { return };
    match read(posting, given) {
        Ok(salary) => draft.set("salary", salary),
        Err((why, value)) => {
            draft.note_about(format!("baseSalary: {why}, left out"), value);
            if let Some(words) = given.as_str() {
                draft.keep(&format!("Salaris: {}", super::text::one_line(words)));
            }
        }
    }
}

/// Why there is no salary, and the value that is not read.
type Unread = (&'static str, String);

fn read(posting: &Value, given: &Value) -> Result<Value, Unread> {
    let currency = first_text(&[&given["currency"], &given["value"]["currency"], &posting["salaryCurrency"]]);
    if let Some(other) = currency.as_deref().filter(|currency| !["EUR", "€", "EURO"].contains(&currency.to_uppercase().as_str())) {
        return Err(("not in euros", other.to_owned()));
    }
    let unit = first_text(&[&given["value"]["unitText"], &given["unitText"], &given["value"]["unitCode"]])
        .ok_or_else(|| ("for which period is not said", String::new()))?;
    let (period, most) = period(&unit).ok_or_else(|| ("for a period that is not hour, day, week, month or year", unit.clone()))?;
    let single = first_text(&[&given["value"]["value"], &given["value"], given]);
    let bound = |name: &str| first_text(&[&given["value"][name], &given[name]]);
    let (min, max) = match (bound("minValue"), bound("maxValue"), single) {
        (None, None, Some(one)) => {
            let (min, max) = amounts(&one)?;
            (Some(min), Some(max))
        }
        (None, None, None) => return Err(("without an amount", String::new())),
        (min, max, _) => {
            let read = |text: Option<String>| text.map(|text| amount(&text)).transpose();
            // Sites write 0 for what they do not say.
            (read(min)?.filter(|cents| *cents > 0), read(max)?.filter(|cents| *cents > 0))
        }
    };
    if min.or(max).is_none_or(|cents| cents == 0) {
        return Err(("without an amount", String::new()));
    }
    if min.max(max).is_some_and(|cents| cents > most) || min.zip(max).is_some_and(|(min, max)| min > max) {
        return Err(("amounts that cannot be right for that period", unit));
    }
    let mut salary = json!({"period": period});
    for (name, cents) in [("min", min), ("max", max)] {
        if let Some(cents) = cents {
            salary[name] = json!(cents);
        }
    }
    if currency.is_some() {
        salary["currency"] = json!("EUR");
    }
    Ok(salary)
}

/// One amount, or a lowest and a highest.
fn amounts(text: &str) -> Result<(u32, u32), Unread> {
    let two = [" - ", "-", "–", " tot "].iter().find_map(|sign| {
        let (min, max) = text.split_once(sign)?;
        cents(min).zip(cents(max))
    });
    if let (None, Some(two)) = (cents(text), two) { Ok(two) } else { amount(text).map(|one| (one, one)) }
}

fn amount(text: &str) -> Result<u32, Unread> {
    cents(text).ok_or_else(|| ("not a plain amount", text.to_owned()))
}

/// The period, and the most cents that the model takes for it.
fn period(unit: &str) -> Option<(&'static str, u32)> {
    let unit = without_prefix(unit.trim()).to_uppercase();
    let unit = ["PER ", "P/", "/"].iter().find_map(|before| unit.strip_prefix(before)).unwrap_or(&unit);
    Some(match unit {
        "HOUR" | "HOURLY" | "UUR" | "HUR" => ("hour", 100_000),
        "DAY" | "DAILY" | "DAG" => ("day", 1_000_000),
        "WEEK" | "WEEKLY" | "WEE" => ("week", 2_500_000),
        "MONTH" | "MONTHLY" | "MAAND" | "MON" => ("month", 10_000_000),
        "YEAR" | "YEARLY" | "JAAR" | "ANN" => ("year", 100_000_000),
        _ => return None,
    })
}

/// An amount in euros to cents: `2500`, `14.5`, `2.500,00`, `€ 2.500,-`.
fn cents(text: &str) -> Option<u32> {
    let plain = text.trim().trim_start_matches("EUR").trim_end_matches("EUR").replace(['€', ' ', '\u{a0}'], "");
    let plain = plain.trim_end_matches(",-").trim_end_matches(",--");
    let (whole, fraction) = match plain.rfind(['.', ',']) {
        None => (plain.to_owned(), ""),
        Some(at) => {
            let (head, tail) = (&plain[..at], &plain[at + 1..]);
            let mixed = head.contains(['.', ',']) && !head.contains(plain.get(at..=at)?);
            // Three digits after the only kind of sign are thousands, as in 2.500.
            if tail.len() == 3 && !mixed && head.len() <= 7 && head != "0" {
                (format!("{head}{tail}"), "")
            } else {
                (head.to_owned(), tail)
            }
        }
    };
    let whole = whole.replace(['.', ','], "");
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 8 || fraction.len() > 6 || !digits(&whole) || !digits(fraction) {
        return None;
    }
    let hundredths: u32 = format!("{fraction:0<2}").get(..2)?.parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_sites_write_them() {
        for (text, found) in [
            ("2500", 250_000),
            ("14.5", 1_450),
            ("14,50", 1_450),
            ("2.500,00", 250_000),
            ("2,500.00", 250_000),
            ("€ 2.500,-", 250_000),
            ("2.500", 250_000),
            ("2750.00", 275_000),
            ("1.234.567", 123_456_700),
            ("0", 0),
        ] {
            assert_eq!(cents(text), Some(found), "{text}");
        }
        for text in ["", "marktconform", "2500-3200", "schaal 8", "-5", "1e3", "99999999999"] {
            assert_eq!(cents(text), None, "{text}");
        }
    }
}
