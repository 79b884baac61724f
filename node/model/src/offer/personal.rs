//! What may stand nowhere: citizen service numbers and special-category data (GDPR art. 9 and 87, UAVG art. 46).

use unicode_normalization::UnicodeNormalization;

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
pub(super) fn is_forbidden_member(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    FORBIDDEN_MEMBERS.contains(&plain.as_str())
}

/// Whether a text may carry a citizen service number: nine digits that pass the eleven-test, also when dotted, spaced, in other
/// digits or broken by invisible characters. One number in eleven passes by chance.
pub(super) fn may_hold_bsn(text: &str) -> bool {
    let plain: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let mut digits: Vec<u32> = Vec::new();
    let mut gap = 0;
    for character in plain.chars() {
        match character.to_digit(10) {
            Some(digit) => {
                digits.push(digit);
                gap = 0;
            }
            None if matches!(character, ' ' | '.' | '-' | '\u{2013}') && gap == 0 && !digits.is_empty() => gap += 1,
            None => {
                if is_bsn(&digits) {
                    return true;
                }
                digits.clear();
                gap = 0;
            }
        }
    }
    is_bsn(&digits)
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

fn is_bsn(digits: &[u32]) -> bool {
    let nine: Vec<u32> = match digits.len() {
        9 => digits.to_vec(),
        _ => return false,
    };
    let sum: i64 = nine.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1_i64]).map(|(digit, weight)| i64::from(*digit) * weight).sum();
    sum % 11 == 0 && nine.iter().any(|digit| *digit != 0)
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
        for text in ["bel 111222333", "111.222.333", "111 222 333", "１１１２２２３３３", "111\u{200b}222\u{200b}333", "(111-222-333)"]
        {
            assert!(may_hold_bsn(text), "{text}");
        }
        for text in ["111222334", "0612345678", "1112223330", "111 keer, 222 keer, 333 keer", "000000000", "van 8 tot 17 uur"] {
            assert!(!may_hold_bsn(text), "{text}");
        }
    }

    #[test]
    fn special_words_are_seen_whole() {
        assert!(reveals_special_category("Ik val onder de Banenafspraak."));
        assert!(reveals_special_category("sinds mijn burn-out"));
        assert!(!reveals_special_category("Wiarda en Iva-Marie zoeken werk in de wiardastraat"));
    }
}
