//! Pay, in cents.

use serde_json::{Value, json};

use super::read::Reading;
use crate::json_ld::{list, local, said, text};
use crate::values::{cents, cents_of_either};

/// Units of time as they are written, by name and by UN/CEFACT code.
const PERIODS: [(&str, &str); 20] = [
    ("HOUR", "hour"),
    ("HOURLY", "hour"),
    ("UUR", "hour"),
    ("HUR", "hour"),
    ("DAY", "day"),
    ("DAILY", "day"),
    ("DAG", "day"),
    ("WEEK", "week"),
    ("WEEKLY", "week"),
    ("WEE", "week"),
    ("MONTH", "month"),
    ("MONTHLY", "month"),
    ("MAAND", "month"),
    ("MON", "month"),
    ("YEAR", "year"),
    ("YEARLY", "year"),
    ("ANNUAL", "year"),
    ("JAAR", "year"),
    ("JAARLIJKS", "year"),
    ("ANN", "year"),
];

/// Pay: a MonetaryAmount in euros with a period. Anything else is kept as text.
pub(super) fn read(reading: &mut Reading<'_>, value: &Value, currency: Option<&Value>) {
    let amount = list(value).first().unwrap_or(value);
    let inner = amount.get("value").filter(|inner| inner.is_object()).unwrap_or(amount);
    let either = |name: &str| inner.get(name).or_else(|| amount.get(name));
    let currency = either("currency").or(currency).and_then(text).unwrap_or_default();
    let unit = ["unitText", "unitCode"].iter().find_map(|name| either(name)).and_then(text).unwrap_or_default();
    let given = |name: &str| either(name).filter(|value| !value.is_object());
    let one = given("value").filter(|_| inner.get("value").is_some_and(|value| !value.is_object()));
    let is_euro = ["EUR", "€", "EURO"].contains(&currency.trim().to_uppercase().as_str());
    let understood = period(&unit).filter(|_| is_euro).zip(bounds(given("minValue"), given("maxValue"), one));
    if let Some((period, (min, max))) = understood {
        let mut salary = json!({"currency": "EUR", "period": period});
        for (name, cents) in [("min", min), ("max", max)] {
            if let Some(cents) = cents {
                salary[name] = cents.into();
            }
        }
        reading.draft.put("salary", salary);
        return;
    }
    let amounts: Vec<String> = ["minValue", "maxValue", "value"].into_iter().filter_map(|name| given(name).and_then(text)).collect();
    let words = [amounts.join(" – "), currency, unit.to_lowercase()].into_iter().filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(" ");
    reading.draft.keep("baseSalary", &if value.is_object() { words } else { said(value, false) }, ("Salaris", "Salary"));
}

fn period(unit: &str) -> Option<&'static str> {
    let unit = local(unit.trim()).to_uppercase();
    let unit = ["PER ", "P/", "/"].iter().find_map(|before| unit.strip_prefix(before)).unwrap_or(&unit);
    PERIODS.iter().find(|(known, _)| unit == *known).map(|(_, period)| *period)
}

/// The lowest and the highest amount, where all that is given is understood.
fn bounds(min: Option<&Value>, max: Option<&Value>, one: Option<&Value>) -> Option<(Option<u32>, Option<u32>)> {
    if min.is_none() && max.is_none() {
        let (min, max) = amounts(one?)?;
        return (min <= max).then_some((Some(min), Some(max)));
    }
    let read = |value: Option<&Value>| value.map_or(Some(None), |value| amount(value).map(Some));
    let (min, max) = (read(min)?, read(max)?);
    // Sites write 0 for a highest amount that they do not say.
    let max = max.filter(|max| *max > 0 || min.is_none_or(|min| min == 0));
    min.zip(max).is_none_or(|(min, max)| min <= max).then_some((min, max))
}

/// An amount: a number has a point before its cents, a text may have a comma.
fn amount(value: &Value) -> Option<u32> {
    if value.is_number() { cents(&value.to_string(), '.') } else { cents_of_either(&text(value)?) }
}

/// One amount, or a lowest and a highest in one text.
fn amounts(value: &Value) -> Option<(u32, u32)> {
    if let Some(one) = amount(value) {
        return Some((one, one));
    }
    let text = text(value)?;
    ["-", "–", " tot "].iter().find_map(|sign| {
        let (min, max) = text.split_once(sign)?;
        cents_of_either(min).zip(cents_of_either(max))
    })
}
