//! The level of education that is asked.

use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{first_text, list, without_prefix};

/// Words around a level that do not change it.
const AROUND: [&str; 16] = [
    "niveau",
    "degree",
    "diploma",
    "werk",
    "denkniveau",
    "opleiding",
    "opleidingsniveau",
    "minimaal",
    "minstens",
    "min",
    "een",
    "op",
    "afgeronde",
    "en",
    "je",
    "hebt",
];

/// Sets the lowest level that is asked, where it is said in words with one meaning.
pub(super) fn level(posting: &Value, draft: &mut Draft) {
    let mut lowest: Option<u8> = None;
    for one in list(&posting["educationRequirements"]) {
        let Some(words) = first_text(&[&one["credentialCategory"], &one["credentialCategory"]["name"], one, &one["name"]]) else {
            continue;
        };
        let words = super::text::one_line(&words);
        let words = without_prefix(&words);
        match meaning(words) {
            Some(level) => lowest = Some(lowest.map_or(level, |known| known.min(level))),
            None => {
                if !words.eq_ignore_ascii_case("no requirements") {
                    draft.keep(&format!("Opleiding: {words}"));
                    draft.note_about("educationRequirements: not one level; kept in the description", words);
                }
            }
        }
    }
    if let Some(level) = lowest {
        draft.set("minimumEducation", json!(level));
    }
    if is_true(&posting["experienceInPlaceOfEducation"]) && !posting["educationRequirements"].is_null() {
        draft.keep("Werkervaring kan de opleiding vervangen.");
        draft.note("experienceInPlaceOfEducation: kept in the description");
    }
}

fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| first_text(&[value]).is_some_and(|text| without_prefix(&text).eq_ignore_ascii_case("true")))
}

/// The lowest of the levels that a text names; none where it is not sure which that is.
fn meaning(words: &str) -> Option<u8> {
    let plain = words.to_lowercase().replace("mbo", "mbo ").replace("vmbo", "vmbo ").replace("v mbo", "vmbo");
    let plain: String = plain.chars().map(|c| if "-_()".contains(c) { ' ' } else { c }).collect();
    let mut lowest: Option<(u8, u8)> = None;
    let mut before = "";
    for part in plain.split(['/', ',', '+']).flat_map(|part| part.split(" of ")).flat_map(|part| part.split(" or ")) {
        let words: Vec<&str> = part.split_whitespace().filter(|word| !AROUND.contains(word)).collect();
        let is_mbo = before == "mbo" && matches!(words[..], [number] if number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()));
        let named = if is_mbo { format!("mbo {}", words.join(" ")) } else { words.join(" ") };
        let (least, most) = range(&named)?;
        lowest = Some(lowest.map_or((least, most), |known| (known.0.min(least), known.1.min(most))));
        before = if named.starts_with("mbo") { "mbo" } else { "" };
    }
    lowest.filter(|(least, most)| least == most).map(|(level, _)| level)
}

/// Between which levels a name lies.
fn range(name: &str) -> Option<(u8, u8)> {
    Some(match name {
        "mbo" => (10, 40),
        "mbo 1" | "entree" => (10, 10),
        "vmbo" => (10, 20),
        "mbo 2" => (20, 20),
        "mbo 3" => (30, 30),
        "mbo 4" | "havo" => (40, 40),
        "vwo" => (45, 45),
        "associate" | "ad" => (50, 50),
        "bachelor" | "hbo" | "hbo bachelor" | "bachelor hbo" | "wo bachelor" => (60, 60),
        "wo" | "universitair" => (60, 70),
        "master" | "wo master" | "hbo master" | "postgraduate" => (70, 70),
        "doctorate" | "doctoral" | "phd" => (80, 80),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_with_one_meaning() {
        for (words, level) in [
            ("bachelor degree", 60),
            ("associate degree", 50),
            ("MBO niveau 3", 30),
            ("mbo3", 30),
            ("HBO", 60),
            ("postgraduate degree", 70),
            ("mbo 2, 3 of 4", 20),
        ] {
            assert_eq!(meaning(words), Some(level), "{words}");
        }
        for words in ["mbo", "high school", "professional certificate", "mbo/hbo werk- en denkniveau", "wo", "hbo of iets anders", "4", ""]
        {
            assert_eq!(meaning(words), None, "{words}");
        }
    }
}
