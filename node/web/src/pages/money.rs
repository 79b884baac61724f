//! Amounts as people type and read them.

use polder_exchange::people::Language;

/// The most digits of an amount in euros.
const LONGEST: usize = 7;

/// An amount as it is typed, in cents: `17`, `17,50`, `17.5`, `2.650`, `€ 2.650,50`; `None` where nothing is. In either language a sign before one or two digits at
/// the end parts the cents, and any other parts the thousands.
pub(crate) fn cents(text: &str) -> Result<Option<u64>, ()> {
    let text = text.trim_start_matches('€').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = match text.rsplit_once([',', '.']) {
        Some((whole, part)) if part.len() < 3 => (whole, part),
        _ => (text, "0"),
    };
    let mut groups = whole.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    let others: Vec<&str> = groups.collect();
    let is_grouped = others.is_empty() || first.len() < 4 && others.iter().all(|group| group.len() == 3);
    let digits = format!("{first}{}", others.concat());
    if !is_grouped || !is_digits(&digits) || !is_digits(first) || !is_digits(part) || digits.len() > LONGEST {
        return Err(());
    }
    format!("{digits}{part:0<2}").parse().map(Some).map_err(|_| ())
}

/// An amount in euros, without their sign.
pub(crate) fn euros(language: Language, cents: u64) -> String {
    let (thousand, point) = if language == Language::En { (',', '.') } else { ('.', ',') };
    let digits = (cents / 100).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(thousand);
        }
        text.push(digit);
    }
    if cents.is_multiple_of(100) { text } else { format!("{text}{point}{:02}", cents % 100) }
}

/// An amount in euros, as it stands in a sentence.
pub(crate) fn money(language: Language, cents: u64) -> String {
    let sign = if language == Language::En { "€" } else { "€ " };
    format!("{sign}{}", euros(language, cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, read) in [
            ("17", 1_700),
            ("17,5", 1_750),
            ("17.50", 1_750),
            ("€ 2500", 250_000),
            ("0,05", 5),
            ("2.650", 265_000),
            ("2,650", 265_000),
            ("2.650,50", 265_050),
            ("1.000.000", 100_000_000),
        ] {
            assert_eq!(cents(text), Ok(Some(read)), "{text}");
        }
        assert_eq!(cents(" "), Ok(None));
        for wrong in ["veel", "17,5050", "-3", ",5", "99999999", "1.2.3", "1234.567", "1.", "2 650", "1,,2"] {
            assert_eq!(cents(wrong), Err(()), "{wrong}");
        }
    }

    #[test]
    fn what_is_said_is_read_as_the_same() {
        assert_eq!((euros(Language::Nl, 1_750), euros(Language::En, 265_000)), ("17,50".to_owned(), "2,650".to_owned()));
        for amount in [0, 5, 1_700, 1_650, 342_500, 100_000_000, 123_456_789] {
            for language in [Language::Nl, Language::En] {
                assert_eq!(cents(&euros(language, amount)), Ok(Some(amount)));
                assert_eq!(cents(&money(language, amount)), Ok(Some(amount)));
            }
        }
    }
}
