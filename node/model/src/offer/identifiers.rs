//! What says directly who somebody is, or how to reach them: an answer to a question about people shows texts of theirs, and none of them may.

use crate::text::{in_nfkc, is_invisible};

/// What a text holds by which somebody can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direct {
    Email,
    Telephone,
    Address,
}

impl Direct {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Telephone => "what looks like a telephone number",
            Self::Address => "the address of a page",
        }
    }
}

/// The first of them that a text holds. Also when written in other signs, or broken by invisible ones.
pub(super) fn direct(text: &str) -> Option<Direct> {
    // Each of them has one of these signs, or one that becomes them.
    if text.is_ascii() && !text.bytes().any(|byte| matches!(byte, b'@' | b'.' | b':' | b'0'..=b'9')) {
        return None;
    }
    let plain: String = in_nfkc(text).chars().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect();
    if plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')')).any(is_email) {
        return Some(Direct::Email);
    }
    if plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"')).any(is_address) {
        return Some(Direct::Address);
    }
    is_reached_by_telephone(&plain).then_some(Direct::Telephone)
}

/// `anna@voorbeeld.nl`, also with a word and a colon before it.
fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        let host = host.trim_end_matches(|c: char| !c.is_alphanumeric());
        name.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
            && host.split_once('.').is_some_and(|(first, rest)| !first.is_empty() && !rest.is_empty())
    })
}

/// With a scheme or `www.`, or a name of a host with something behind a slash. A host alone is not one: companies are called so.
fn is_address(word: &str) -> bool {
    if word.contains("://") || word.starts_with("www.") {
        return true;
    }
    word.split_once('/').is_some_and(|(host, path)| {
        let ends = host.rsplit_once('.').is_some_and(|(name, ending)| {
            name.ends_with(char::is_alphanumeric) && ending.len() >= 2 && ending.chars().all(|c| c.is_ascii_lowercase())
        });
        ends && path.starts_with(char::is_alphanumeric)
    })
}

/// Signs that stand between the digits of one number.
const fn is_between(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '/' | '(' | ')' | '\u{2013}' | '\u{a0}')
}

/// Most signs between two groups of digits of one number.
const MOST_BETWEEN: usize = 3;

/// Ten digits that begin with a single 0, or ten to fifteen behind `+` or `00`.
fn is_reached_by_telephone(text: &str) -> bool {
    let (mut groups, mut between): (Vec<(bool, String)>, usize) = (Vec::new(), usize::MAX);
    let mut plus = false;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                match groups.last_mut().filter(|_| between == 0 && !plus) {
                    Some((_, group)) => group.push(c),
                    None => groups.push((plus, c.to_string())),
                }
                (between, plus) = (0, false);
            }
            '+' => (between, plus) = (between.min(1), true),
            c if is_between(c) && between < MOST_BETWEEN => between += 1,
            _ => {
                if any_number(&groups) {
                    return true;
                }
                groups.clear();
                (between, plus) = (usize::MAX, false);
            }
        }
    }
    any_number(&groups)
}

fn any_number(groups: &[(bool, String)]) -> bool {
    (0..groups.len()).any(|first| {
        let abroad = groups[first].0 || groups[first].1.starts_with("00");
        let mut digits = String::new();
        for (place, (plus, group)) in groups[first..].iter().enumerate() {
            if place > 0 && *plus || is_date(&groups[first..=first + place]) {
                return false;
            }
            digits.push_str(group);
            let long = digits.trim_start_matches('0').len();
            if abroad && (10..=15).contains(&long) || !abroad && digits.len() == 10 && digits.starts_with('0') {
                return true;
            }
        }
        false
    })
}

/// `01-02-2026` is a day, whatever digits stand behind it.
fn is_date(groups: &[(bool, String)]) -> bool {
    let [(_, day), (_, month), (_, year)] = groups else { return false };
    let at_most = |text: &str, most: u32| text.len() <= 2 && text.parse().is_ok_and(|number: u32| (1..=most).contains(&number));
    at_most(day, 31) && at_most(month, 12) && year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_says_how_somebody_is_reached_is_seen() {
        for (text, found) in [
            ("Mail anna@voorbeeld.nl gerust.", Direct::Email),
            ("e-mail:Anna.de-Vries+werk@mail.voorbeeld.example", Direct::Email),
            ("(anna＠voorbeeld.nl)", Direct::Email),
            ("anna\u{200b}@voor\u{200b}beeld.nl", Direct::Email),
            ("Bel 0612345678", Direct::Telephone),
            ("06-12 34 56 78 na vijven", Direct::Telephone),
            ("06 1234 5678", Direct::Telephone),
            ("(0320) 123 456", Direct::Telephone),
            ("+31 6 1234 5678", Direct::Telephone),
            ("0031 6 12345678", Direct::Telephone),
            ("+31(0)612345678", Direct::Telephone),
            ("24 uur, tel. 06.12.34.56.78", Direct::Telephone),
            ("12 0612345678", Direct::Telephone),
            ("０６１２３４５６７８", Direct::Telephone),
            ("zie https://voorbeeld.example/anna", Direct::Address),
            ("www.anna-de-vries.nl", Direct::Address),
            ("linkedin.com/in/anna", Direct::Address),
        ] {
            assert_eq!(direct(text), Some(found), "{text}");
        }
    }

    #[test]
    fn what_people_write_of_their_work_is_not_taken_for_it() {
        for text in [
            "Ervaring met C#, .NET 4.8, ASP.NET, Node.js en TCP/IP",
            "Werkte bij Bol.com en Booking.com van 2010-2019, 32/40 uur",
            "Van 8.00 tot 17.00 uur, ma/di/wo, 24 uur per week",
            "Beschikbaar vanaf 01-02-2026 10 uur",
            "VCA 12345678, rijbewijs C/E, heftruck 2.500 kg",
            "Salaris 2.800,00 - 3.200,00 euro; 1.000.000 stuks",
            "NEN 3140, ISO 9001:2015 en ISO 14001:2015",
            "en/of, a.u.b. @ kantoor, 100% inzet",
            "2019 2020 2021 2022",
            "Ik verdeel 50/50 en werk 5 x 8 uur",
        ] {
            assert_eq!(direct(text), None, "{text}");
        }
    }
}
