//! What CVs say in codes and words of their own: languages, their levels, licences and levels of education.

/// The languages that a profile names, by what CVs call them: codes of two and three letters, and names.
const LANGUAGES: [(&str, &[&str]); 36] = [
    ("nl", &["nl", "nld", "dut", "nederlands", "dutch", "vlaams", "flemish"]),
    ("en", &["en", "eng", "engels", "english"]),
    ("de", &["de", "deu", "ger", "duits", "german", "deutsch"]),
    ("fr", &["fr", "fra", "fre", "frans", "french", "français"]),
    ("pl", &["pl", "pol", "pools", "polish", "polski"]),
    ("ar", &["ar", "ara", "arabisch", "arabic", "العربية"]),
    ("tr", &["tr", "tur", "turks", "turkish", "türkçe"]),
    ("uk", &["uk", "ukr", "oekraïens", "ukrainian", "українська"]),
    ("es", &["es", "spa", "spaans", "spanish", "español"]),
    ("it", &["it", "ita", "italiaans", "italian", "italiano"]),
    ("pt", &["pt", "por", "portugees", "portuguese", "português"]),
    ("ro", &["ro", "ron", "rum", "roemeens", "romanian", "română"]),
    ("bg", &["bg", "bul", "bulgaars", "bulgarian", "български"]),
    ("hu", &["hu", "hun", "hongaars", "hungarian", "magyar"]),
    ("cs", &["cs", "ces", "cze", "tsjechisch", "czech", "čeština"]),
    ("sk", &["sk", "slk", "slo", "slowaaks", "slovak", "slovenčina"]),
    ("el", &["el", "ell", "gre", "grieks", "greek", "ελληνικά"]),
    ("lt", &["lt", "lit", "litouws", "lithuanian", "lietuvių"]),
    ("lv", &["lv", "lav", "lets", "latvian", "latviešu"]),
    ("ru", &["ru", "rus", "russisch", "russian", "русский"]),
    ("fa", &["fa", "fas", "per", "perzisch", "persian", "farsi", "dari", "فارسی"]),
    ("ps", &["ps", "pus", "pasjtoe", "pashto", "پښتو"]),
    ("ku", &["ku", "kur", "koerdisch", "kurdish", "kurdî"]),
    ("so", &["so", "som", "somalisch", "somali", "soomaali"]),
    ("ti", &["ti", "tir", "tigrinya", "tigrigna", "ትግርኛ"]),
    ("am", &["am", "amh", "amhaars", "amharic", "አማርኛ"]),
    ("zh", &["zh", "zho", "chi", "chinees", "chinese", "mandarijn", "mandarin", "中文"]),
    ("hi", &["hi", "hin", "hindi", "हिन्दी"]),
    ("ur", &["ur", "urd", "urdu", "اردو"]),
    ("id", &["id", "ind", "indonesisch", "indonesian", "bahasa indonesia"]),
    ("vi", &["vi", "vie", "vietnamees", "vietnamese", "tiếng việt"]),
    ("th", &["th", "tha", "thais", "thai", "ไทย"]),
    ("sv", &["sv", "swe", "zweeds", "swedish", "svenska"]),
    ("da", &["da", "dan", "deens", "danish", "dansk"]),
    ("fi", &["fi", "fin", "fins", "finnish", "suomi"]),
    ("fy", &["fy", "fry", "fries", "frisian", "frysk"]),
];
pub(super) const CEFR: [&str; 6] = ["A1", "A2", "B1", "B2", "C1", "C2"];
/// The licences of the form.
const LICENCES: [&str; 8] = ["AM", "A", "B", "BE", "C", "CE", "D", "T"];
/// How people call the levels of education, by whole words, the highest first.
const EDUCATION: [(u8, &[&str]); 8] = [
    (80, &["phd", "doctoraat", "gepromoveerd"]),
    (70, &["master", "msc", "ma", "meng", "doctoraal"]),
    (60, &["bachelor", "bsc", "ba", "beng", "hbo"]),
    (50, &["associate degree", "ad"]),
    (45, &["vwo"]),
    (40, &["mbo 4", "mbo niveau 4", "havo"]),
    (30, &["mbo 3", "mbo niveau 3"]),
    (20, &["mbo 2", "mbo niveau 2"]),
];
/// What says that somebody grew up with a language.
const NATIVE: [&str; 5] = ["native", "moedertaal", "mother tongue", "first language", "c2"];

/// The code of a language, where the form asks after it.
pub(super) fn language(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    LANGUAGES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(code, _)| *code)
}

/// A level of CEFR that a text names; a mother tongue is C2. A word such as "fluent" is no level.
pub(super) fn level(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    if NATIVE.iter().any(|word| lower.contains(word)) {
        return Some("C2");
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_uppercase);
    words.filter_map(|word| CEFR.into_iter().find(|level| **level == word)).next()
}

/// The one in the middle of several levels; of two the lower one.
pub(super) fn middle(levels: &mut [&'static str]) -> Option<&'static str> {
    levels.sort_unstable();
    levels.get(levels.len().checked_sub(1)? / 2).copied()
}

/// A licence of the form.
pub(super) fn licence(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_uppercase();
    LICENCES.into_iter().find(|licence| *licence == name)
}

/// The level of education that a text names, by whole words.
pub(super) fn education(text: &str) -> Option<u8> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let padded = format!(" {} ", words.join(" "));
    EDUCATION.iter().find(|(_, names)| names.iter().any(|name| padded.contains(&format!(" {name} ")))).map(|(level, _)| *level)
}

/// A level of the European framework (EQF), as the Dutch one counts: they have the same steps, but for 4+.
pub(super) fn eqf(level: &str) -> Option<u8> {
    level.trim().parse::<u8>().ok().filter(|level| (1..=8).contains(level)).map(|level| level * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_ours_where_they_are_sure() {
        assert_eq!(
            (language(" Dutch "), language("DUT"), language("Klingon"), language("Somali")),
            (Some("nl"), Some("nl"), None, Some("so"))
        );
        assert!(LANGUAGES.iter().map(|(code, _)| *code).eq(crate::pages::spoken::KNOWN), "each language that the form knows, and no other");
        assert_eq!((level("Native speaker"), level("CEFR b1"), level("fluent"), level("B12")), (Some("C2"), Some("B1"), None, None));
        assert_eq!(middle(&mut ["C1", "A2", "B1"]), Some("B1"));
        assert_eq!((middle(&mut ["C1", "A2"]), middle(&mut [])), (Some("A2"), None));
        assert_eq!((education("MBO-4 Techniek"), education("Bachelor of Science"), education("Kapper")), (Some(40), Some(60), None));
        assert_eq!((education("Badmeester"), eqf("6"), eqf("9"), eqf("hoog")), (None, Some(60), None, None));
        assert_eq!((licence("b"), licence("Z")), (Some("B"), None));
    }
}
