//! The patterns of the schemas in words, and by hand for the quick reader.

/// A pattern, what a text is that follows it, and whether a text surely does.
type Form = (&'static str, &'static str, fn(&str) -> bool);

const FORMS: [Form; 17] = [
    ("^[a-z]{2}$", "two letters of ISO 639-1, such as nl", |text| all(text, 2, 2, |b| b.is_ascii_lowercase())),
    ("^(19[7-9][0-9]|20[0-9]{2})-[0-9]{2}-[0-9]{2}$", "a date that exists, from 1970 to 2099, as YYYY-MM-DD", date),
    (INSTANT, "an instant with its offset, as YYYY-MM-DDThh:mm:ssZ", |_| false),
    (
        "^https?://[!-~]{1,193}$",
        "an http or https address of at most 200 characters without spaces, such as http://data.europa.eu/esco/skill/…",
        |text| after(text, &["https://", "http://"]).is_some_and(|rest| all(rest, 1, 193, |b| b.is_ascii_graphic())),
    ),
    ("^https://[!-~]{1,490}$", "an https address of at most 498 characters without spaces", |text| {
        after(text, &["https://"]).is_some_and(|rest| all(rest, 1, 490, |b| b.is_ascii_graphic()))
    }),
    ("^[1-9][0-9]{3}( ?[A-Z]{2})?$", "a postcode: four digits, the first not 0, and perhaps two capital letters", |text| {
        crate::name::Postcode4::from_postcode(text).is_ok()
    }),
    ("^[1-9][0-9]{3}$", "the four digits of a postcode, the first not 0", |text| text.parse::<crate::name::Postcode4>().is_ok()),
    ("^[0-9]{8}$", "the eight digits of a KVK number", |text| all(text, 8, 8, |b| b.is_ascii_digit())),
    ("^[0-9]{2,5}$", "two to five digits of SBI 2008, without dots", |text| all(text, 2, 5, |b| b.is_ascii_digit())),
    ("^GM[0-9]{4}$", "the code of a municipality: GM and four digits", |text| {
        after(text, &["GM"]).is_some_and(|rest| all(rest, 4, 4, |b| b.is_ascii_digit()))
    }),
    ("^[0-9A-Z]{4,12}$", "4 to 12 digits and capital letters", |text| all(text, 4, 12, |b| b.is_ascii_digit() || b.is_ascii_uppercase())),
    ("^[A-Za-z0-9-]{1,40}$", "1 to 40 letters, digits and hyphens", |text| all(text, 1, 40, |b| b.is_ascii_alphanumeric() || b == b'-')),
    (KEY, "a key: 1 to 100 letters, digits and . _ ~ -, and neither . nor ..", |text| text.parse::<crate::name::OfferKey>().is_ok()),
    ("^[A-Za-z0-9._~-]{1,100}$", "1 to 100 letters, digits and . _ ~ -", |text| {
        all(text, 1, 100, |b| b.is_ascii_alphanumeric() || b"._~-".contains(&b))
    }),
    ("^\\+?[0-9][0-9 ()-]{4,28}$", "a telephone number of 5 to 30 characters: digits, spaces, ( ) - and a + before them", telephone),
    ("^(oin:[0-9]{20}|kvk:[0-9]{8})$", "a partner: oin: and 20 digits, or kvk: and 8 digits", |text| {
        text.parse::<crate::name::PartnerId>().is_ok()
    }),
    ("^[a-zA-Z]{1,40}$", "the name of a member, 1 to 40 letters", |text| all(text, 1, 40, |b| b.is_ascii_alphabetic())),
];

const KEY: &str = "^([A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}|[.][A-Za-z0-9_~-][A-Za-z0-9._~-]{0,98}|[.][.][A-Za-z0-9._~-]{1,98})$";
const INSTANT: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+]([01][0-9]|2[0-3]):[0-5][0-9]|-(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|-00:(0[1-9]|[1-5][0-9]))$";

/// What a text that follows the pattern is.
pub(super) fn of_pattern(pattern: &str) -> String {
    let known = FORMS.iter().find(|(known, ..)| *known == pattern);
    known.map_or_else(|| format!("this must have the form {pattern}"), |(_, words, _)| format!("this must be {words}"))
}

/// What tells whether a text surely follows a pattern. It may say no of one that does.
pub(super) fn checker(pattern: &str) -> Option<fn(&str) -> bool> {
    FORMS.iter().find(|(known, ..)| *known == pattern).map(|(.., follows)| *follows)
}

/// The same for a format.
pub(super) fn checker_of_format(format: &str) -> Option<fn(&str) -> bool> {
    match format {
        "date" => Some(date),
        "email" => Some(email),
        _ => None,
    }
}

fn all(text: &str, least: usize, most: usize, good: impl Fn(u8) -> bool) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(good)
}

fn after<'t>(text: &'t str, starts: &[&str]) -> Option<&'t str> {
    starts.iter().find_map(|start| text.strip_prefix(start))
}

fn date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0')))
    };
    let (Some(year), Some(month), Some(day)) = (number(&bytes[..4]), number(&bytes[5..7]), number(&bytes[8..])) else { return false };
    // The last days of a month are left to those who know them.
    (1970..=2099).contains(&year) && (1..=12).contains(&month) && (1..=28).contains(&day)
}

fn telephone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    all(rest, 5, 29, |b| b.is_ascii_digit() || b" ()-".contains(&b)) && rest.starts_with(|c: char| c.is_ascii_digit())
}

/// Letters and digits, with single dots, hyphens and underscores between them; a host of several labels.
fn email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let label = |label: &str, most: usize| {
        let outside = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        all(label, 1, most, |b| b.is_ascii_alphanumeric() || b == b'-') && outside(bytes.first()) && outside(bytes.last())
    };
    let plain_host = host.len() <= 180 && host.contains('.') && host.split('.').all(|one| label(one, 63) && !one.starts_with("xn--"));
    name.len() <= 60 && name.split(['.', '_']).all(|one| label(one, 60)) && plain_host
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn patterns(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(keywords) => {
                found.extend(keywords.get("pattern").and_then(Value::as_str).map(str::to_owned));
                keywords.values().for_each(|inner| patterns(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| patterns(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_pattern_that_clients_meet_has_words() {
        let mut all = Vec::new();
        for name in ["vacancy", "training", "skill-offer", "terms", "query-request"] {
            let text = polder_schemas::schema(name).expect("a known name");
            patterns(&serde_json::from_str(text).expect("JSON"), &mut all);
        }
        let wordless: Vec<&String> = all.iter().filter(|pattern| of_pattern(pattern).contains('^')).collect();
        assert!(wordless.is_empty(), "{wordless:?}");
        let unused: Vec<&str> = FORMS.iter().map(|(known, ..)| *known).filter(|known| !all.iter().any(|one| one == known)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
