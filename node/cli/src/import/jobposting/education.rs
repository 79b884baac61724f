//! The level of education that is asked.

use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, list};

/// Sets the lowest level that is asked, where it is said in words with one meaning.
pub(super) fn level(given: &Value, draft: &mut Draft) {
    let mut lowest: Option<u8> = None;
    for one in list(given) {
        let Some(words) = first_text(&[&one["credentialCategory"], &one["credentialCategory"]["name"], one, &one["name"]]) else {
            continue;
        };
        match meaning(&words) {
            Some(level) => lowest = Some(lowest.map_or(level, |known| known.min(level))),
            None => {
                let words = super::text::one_line(&words);
                if !words.eq_ignore_ascii_case("no requirements") {
                    draft.keep(&format!("Opleiding: {words}"));
                    draft.note("educationRequirements: a level with more than one meaning; kept in the description");
                }
            }
        }
    }
    if let Some(level) = lowest {
        draft.set("minimumEducation", json!(level));
    }
}

fn meaning(words: &str) -> Option<u8> {
    let plain = words.to_lowercase().replace(['-', '_', '/', '(', ')'], " ");
    let plain = plain.split_whitespace().filter(|word| !["niveau", "degree", "diploma"].contains(word)).collect::<Vec<_>>().join(" ");
    Some(match plain.as_str() {
        "mbo 1" | "mbo1" | "entree" => 10,
        "mbo 2" | "mbo2" => 20,
        "mbo 3" | "mbo3" => 30,
        "mbo 4" | "mbo4" => 40,
        "vwo" => 45,
        "associate" | "ad" => 50,
        "bachelor" | "hbo" | "hbo bachelor" | "wo bachelor" => 60,
        "master" | "wo master" | "hbo master" | "postgraduate" => 70,
        "doctorate" | "doctoral" | "phd" => 80,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_with_one_meaning() {
        for (words, level) in
            [("bachelor degree", 60), ("associate degree", 50), ("MBO niveau 3", 30), ("HBO", 60), ("postgraduate degree", 70)]
        {
            assert_eq!(meaning(words), Some(level), "{words}");
        }
        for words in ["mbo", "high school", "professional certificate", "mbo/hbo werk- en denkniveau", "wo"] {
            assert_eq!(meaning(words), None, "{words}");
        }
    }
}
