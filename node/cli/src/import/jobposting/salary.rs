//! Pay, in cents.

use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, list};

/// Sets the salary from `baseSalary`.
pub(super) fn salary(posting: &Value, draft: &mut Draft) {
    let Some(given) = list(&posting["baseSalary"]).into_iter().next() else { return };
    match read(posting, given) {
        Ok(salary) => draft.set("salary", salary),
        Err(why) => draft.note(format!("baseSalary: {why}; left out")),
    }
}

fn read(posting: &Value, given: &Value) -> Result<Value, &'static str> {
    let currency = first_text(&[&given["currency"], &given["value"]["currency"], &posting["salaryCurrency"]]);
    if currency.as_deref().is_some_and(|currency| !currency.eq_ignore_ascii_case("EUR")) {
        return Err("not in euros");
    }
    let unit = first_text(&[&given["value"]["unitText"], &given["unitText"], &given["value"]["unitCode"]])
        .ok_or("for which period is not said")?;
    let (period, most) = period(&unit).ok_or("for a period that is not hour, day, week, month or year")?;
    let single = first_text(&[&given["value"]["value"], &given["value"], given]);
    let bound = |name: &str| first_text(&[&given["value"][name], &given[name]]);
    let (min, max) = match (bound("minValue"), bound("maxValue"), single) {
        (None, None, Some(one)) => {
            let cents = cents(&one).ok_or("not a plain amount")?;
            (Some(cents), Some(cents))
        }
        (None, None, None) => return Err("without an amount"),
        (min, max, _) => {
            let read = |text: Option<String>| text.map(|text| cents(&text).ok_or("not a plain amount")).transpose();
            // Sites write 0 for what they do not say.
            (read(min)?.filter(|cents| *cents > 0), read(max)?.filter(|cents| *cents > 0))
        }
    };
    if min.or(max).is_none_or(|cents| cents == 0) {
        return Err("without an amount");
    }
    if min.max(max).is_some_and(|cents| cents > most) || min.zip(max).is_some_and(|(min, max)| min > max) {
        return Err("amounts that cannot be right for that period");
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

/// The period, and the most cents that the model takes for it.
fn period(unit: &str) -> Option<(&'static str, u32)> {
    Some(match unit.trim().to_uppercase().as_str() {
        "HOUR" | "HOURLY" | "UUR" | "PER UUR" | "HUR" => ("hour", 100_000),
        "DAY" | "DAILY" | "DAG" => ("day", 1_000_000),
        "WEEK" | "WEEKLY" | "WEE" => ("week", 100_000_000),
        "MONTH" | "MONTHLY" | "MAAND" | "PER MAAND" | "MON" => ("month", 100_000_000),
        "YEAR" | "YEARLY" | "JAAR" | "PER JAAR" | "ANN" => ("year", 100_000_000),
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
