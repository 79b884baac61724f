//! What may stand nowhere: citizen service numbers and special-category data (GDPR art. 9 and 87, UAVG art. 46).

use unicode_normalization::UnicodeNormalization;

use crate::text::{in_nfkc, is_invisible};

/// Names that a member for such data would have.
const FORBIDDEN_MEMBERS: [&str; 16] = [
    "bsn",
    "burgerservicenummer",
    "sofinummer",
    "wajong",
    "wia",
    "wao",
    "wsw",
    "gezondheid",
    "health",
    "diagnosis",
    "diagnose",
    "religion",
    "religie",
    "doelgroepregister",
    "banenafspraak",
    "birthdate",
];

/// Words about a person that reveal health, belief, union or a criminal record.
const SPECIAL_WORDS: [&str; 24] = [
    "doelgroepregister",
    "banenafspraak",
    "wajong",
    "wajonger",
    "wia",
    "wao",
    "wsw",
    "wga",
    "iva",
    "beschut werk",
    "no-riskpolis",
    "no-risk",
    "arbeidsbeperking",
    "arbeidsongeschikt",
    "diagnose",
    "autisme",
    "depressie",
    "burn-out",
    "verslaving",
    "vakbondslid",
    "strafblad",
    "detentie",
    "geloofsovertuiging",
    "seksuele geaardheid",
];

/// Whether a member of that name is one that may never be there.
#[must_use]
pub fn is_forbidden_member(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    FORBIDDEN_MEMBERS.contains(&plain.as_str())
}

/// Whether a text may carry a citizen service number: nine digits that pass the eleven-test, also when dotted, spaced, in other
/// digits or broken by invisible characters. One number in eleven passes by chance.
#[must_use]
pub fn may_hold_bsn(text: &str) -> bool {
    if most_digits(text) < 9 {
        return false;
    }
    let plain = in_nfkc(text);
    if plain.bytes().filter(u8::is_ascii_digit).count() < 9 {
        return false;
    }
    let plain: String = plain.chars().filter(|c| !is_invisible(*c)).collect();
    // Groups of digits that stand close to each other, such as 1112 22 333.
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut between = usize::MAX;
    for character in plain.chars() {
        match character.to_digit(10) {
            Some(digit) if between == 0 => groups.last_mut().into_iter().for_each(|group| group.push(digit)),
            Some(digit) => {
                groups.push(vec![digit]);
                between = 0;
            }
            None if matches!(character, ' ' | '.' | '-' | '_' | '/' | '\u{2013}') && between < MOST_BETWEEN => between += 1,
            None => {
                if any_bsn(&groups) {
                    return true;
                }
                groups.clear();
                between = usize::MAX;
            }
        }
    }
    any_bsn(&groups)
}

/// At least as many digits as a text has in form NFKC.
fn most_digits(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.is_ascii() { digits } else { digits + MOST_DIGITS * text.chars().filter(|c| !is_plain(*c)).count() }
}

/// Most digits that one character becomes in form NFKC.
const MOST_DIGITS: usize = 3;

/// A character that does not become a digit: ASCII, letters of Latin scripts, dashes, quotation marks and the sign of the euro.
const fn is_plain(character: char) -> bool {
    matches!(character, '\0'..='\u{7f}' | '\u{c0}'..='\u{17f}' | '\u{2010}'..='\u{2027}' | '\u{20ac}')
}

/// Most separators between two groups of digits of one number.
const MOST_BETWEEN: usize = 3;

/// Whether neighbouring groups together are a citizen service number.
fn any_bsn(groups: &[Vec<u32>]) -> bool {
    (0..groups.len()).any(|first| {
        let mut digits = Vec::with_capacity(9);
        for group in &groups[first..] {
            digits.extend_from_slice(group);
            if digits.len() >= 9 {
                return is_bsn(&digits);
            }
        }
        false
    })
}

fn is_bsn(digits: &[u32]) -> bool {
    if digits.len() != 9 {
        return false;
    }
    let sum: i64 = digits.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1_i64]).map(|(digit, weight)| i64::from(*digit) * weight).sum();
    sum % 11 == 0 && digits.iter().any(|digit| *digit != 0)
}

/// Whether a text about a person holds a word that reveals special-category data.
pub(super) fn reveals_special_category(text: &str) -> bool {
    let folded: String = text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect();
    let padded = format!(" {} ", folded.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect::<Vec<_>>().join(" "));
    SPECIAL_WORDS.iter().any(|word| padded.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citizen_service_numbers_are_seen_in_disguise() {
        // 111222333 passes the eleven-test.
        for text in [
            "bel 111222333",
            "111.222.333",
            "111 222 333",
            "１１１２２２３３３",
            "111\u{200b}222\u{200b}333",
            "(111-222-333)",
            "111_222_333",
            "111/222/333",
            "111  222  333",
            "111 - 222 - 333",
            "BSN 111222333 24 uur",
            "24 uur 111222333",
            "111\u{2066}222333",
            "12 111 222 333",
        ] {
            assert!(may_hold_bsn(text), "{text}");
        }
        for text in ["111222334", "0612345678", "1112223330", "111 keer, 222 keer, 333 keer", "000000000", "van 8 tot 17 uur"] {
            assert!(!may_hold_bsn(text), "{text}");
        }
    }

    #[test]
    fn no_character_has_more_digits_than_is_said() {
        for character in '\u{80}'..=char::MAX {
            let digits = character.nfkc().filter(char::is_ascii_digit).count();
            assert!(digits <= if is_plain(character) { 0 } else { MOST_DIGITS }, "{character:?}");
        }
        assert!(!may_hold_bsn("‘één’ – 2 × 3 ½ € 12345") && may_hold_bsn("½: ¹¹¹²²²³³³"));
    }

    #[test]
    fn special_words_are_seen_whole() {
        assert!(reveals_special_category("Ik val onder de Banenafspraak."));
        assert!(reveals_special_category("sinds mijn burn-out"));
        assert!(!reveals_special_category("Wiarda en Iva-Marie zoeken werk in de wiardastraat"));
    }
}
