//! Names that others made, as far as they may be repeated to them and in a log.

/// Most characters of a name that are repeated.
const LONGEST: usize = 40;
/// With more digits than this a name may be the number of somebody.
const MOST_DIGITS: usize = 3;
/// Most names that are repeated at once.
const MOST: usize = 5;

/// The name of a member, cut off where it is long; `None` where it is none that people give to members, and so may be a value, such as an e-mail address, a number
/// of somebody or a text.
#[must_use]
pub fn name(name: &str) -> Option<String> {
    let plain = name.strip_prefix(['@', '$']).unwrap_or(name);
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    if !plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !plain.chars().all(fits) || digits > MOST_DIGITS {
        return None;
    }
    Some(if name.len() > LONGEST { format!("{}…", &name[..LONGEST]) } else { name.to_owned() })
}

/// The first names of several that may be repeated, and how many others there are; empty where there is none.
pub(crate) fn names<'n>(all: impl Iterator<Item = &'n String>) -> String {
    let (mut shown, mut others) = (Vec::new(), 0);
    for found in all {
        match name(found).filter(|_| shown.len() < MOST) {
            Some(one) => shown.push(one),
            None => others += 1,
        }
    }
    match (shown.is_empty(), others) {
        (true, _) => String::new(),
        (false, 0) => format!(" ({})", shown.join(", ")),
        (false, others) => format!(" ({} and {others} more)", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_repeated_and_what_may_be_a_value_is_not() {
        for plain in ["colour", "hours.min", "@type", "$schema", "schema:title", "address_2", "Postcode6"] {
            assert_eq!(name(plain).as_deref(), Some(plain));
        }
        for value in [
            "anna@example.nl",
            "111222333",
            "BSN111222333",
            "geheim4711",
            "Anna de Vries",
            "",
            "\u{202e}a",
            "a\n",
            "<b>",
            "é",
            "06-12345678",
        ] {
            assert_eq!(name(value), None, "{value}");
        }
        assert_eq!(name(&"a".repeat(500)).map(|name| name.chars().count()), Some(LONGEST + 1));
        let many: Vec<String> = (0..9).map(|number| format!("m{number}")).chain(["a b".to_owned()]).collect();
        assert_eq!(names(many.iter()), " (m0, m1, m2, m3, m4 and 5 more)");
        assert_eq!(names(many[9..].iter()), "");
    }
}
