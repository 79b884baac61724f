//! The level of education that is asked.

use serde_json::Value;

use super::read::Reading;
use crate::json_ld::{list, local, said, text};
use crate::text::one_line;
use crate::values::level;

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

/// The least level of education, where one level is meant; otherwise text.
pub(super) fn read(reading: &mut Reading<'_>, value: &Value) {
    const FIELD: &str = "educationRequirements";
    let mut levels = Vec::new();
    for one in list(value) {
        let educational = one.get("educationalLevel");
        let term = educational.and_then(|term| term.get("termCode")).and_then(text).map(|code| format!("nlqf {code}"));
        let words =
            term.or_else(|| educational.and_then(text)).or_else(|| one.get("credentialCategory").and_then(text)).or_else(|| text(one));
        let words = words.unwrap_or_default();
        let words = one_line(local(words.trim()));
        match level(&words).or_else(|| meaning(&words)) {
            Some(found) => levels.push(found),
            None if words.eq_ignore_ascii_case("no requirements") => {}
            None => {
                let said = said(one, reading.language == "en");
                reading.draft.keep(FIELD, &said, ("Opleiding", "Education"));
            }
        }
    }
    if let Some(least) = levels.into_iter().min() {
        reading.draft.put("minimumEducation", least);
    }
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
