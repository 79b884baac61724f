//! Tokens and stems: docs/ranking.md section 4, "Text".

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

const STOP_WORDS: &str = include_str!("../../../schemas/reference/stop-words.txt");

/// The stems of one text, one for each token that is left.
pub fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::Dutch);
    tokens(text).iter().filter(|token| !is_stop_word(token)).map(|token| stemmer.stem(token).into_owned()).collect()
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let normal: String = text.nfkc().collect();
    for character in normal.chars().flat_map(char::to_lowercase).chain([' ']) {
        if character.is_alphabetic() || character.is_numeric() {
            token.push(character);
            continue;
        }
        let length = token.chars().count();
        if (2..=40).contains(&length) {
            tokens.push(token.clone());
        }
        token.clear();
    }
    tokens
}

fn is_stop_word(token: &str) -> bool {
    STOP_WORDS.lines().map(str::trim).any(|line| !line.starts_with('#') && line == token)
}

#[cfg(test)]
mod tests {
    use super::{stems, tokens};

    #[test]
    fn tokens_are_runs_of_letters_and_digits() {
        assert_eq!(tokens("CNC-draaier, 2e 5 monteur(s)\u{a0}ﬁets Ⅳ"), ["cnc", "draaier", "2e", "monteur", "fiets", "iv"]);
        assert_eq!(tokens(&format!("{} {}", "a".repeat(40), "b".repeat(41))), ["a".repeat(40)]);
        assert_eq!(tokens("İs ΣΑΣ"), ["σασ"]);
    }

    #[test]
    fn stop_words_go_and_the_rest_is_stemmed() {
        assert_eq!(stems("De monteurs zijn lopend"), ["monteur", "lopend"]);
    }
}
