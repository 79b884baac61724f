//! The patterns of the schemas in words.

const FORMS: [(&str, &str); 16] = [
    ("^[a-z]{2}$", "two letters of ISO 639-1, such as nl"),
    ("^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}$", "a date that exists, as YYYY-MM-DD"),
    (INSTANT, "an instant with its offset, as YYYY-MM-DDThh:mm:ssZ"),
    (
        "^https?://[!-~]{1,193}$",
        "an http or https address of at most 200 characters without spaces, such as http://data.europa.eu/esco/skill/…",
    ),
    ("^https://[!-~]{1,490}$", "an https address of at most 498 characters without spaces"),
    ("^[1-9][0-9]{3}( ?[A-Z]{2})?$", "a postcode: four digits, the first not 0, and perhaps two capital letters"),
    ("^[1-9][0-9]{3}$", "the four digits of a postcode, the first not 0"),
    ("^[0-9]{8}$", "the eight digits of a KVK number"),
    ("^[0-9]{2,5}$", "two to five digits of SBI 2008, without dots"),
    ("^GM[0-9]{4}$", "the code of a municipality: GM and four digits"),
    ("^[0-9A-Z]{4,12}$", "4 to 12 digits and capital letters"),
    ("^[A-Za-z0-9-]{1,40}$", "1 to 40 letters, digits and hyphens"),
    ("^[A-Za-z0-9._~-]{1,100}$", "1 to 100 letters, digits and . _ ~ -"),
    ("^\\+?[0-9][0-9 ()-]{4,28}$", "a telephone number of 5 to 30 characters: digits, spaces, ( ) - and a + before them"),
    ("^(oin:[0-9]{20}|kvk:[0-9]{8})$", "a partner: oin: and 20 digits, or kvk: and 8 digits"),
    ("^[a-zA-Z]{1,40}$", "the name of a member, 1 to 40 letters"),
];

const INSTANT: &str = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+]([01][0-9]|2[0-3]):[0-5][0-9]|-(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|-00:(0[1-9]|[1-5][0-9]))$";

/// What a text that follows the pattern is.
pub(super) fn of_pattern(pattern: &str) -> String {
    let known = FORMS.iter().find(|(known, _)| *known == pattern);
    known.map_or_else(|| format!("this must have the form {pattern}"), |(_, words)| format!("this must be {words}"))
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
        let unused: Vec<&str> = FORMS.iter().map(|(known, _)| *known).filter(|known| !all.iter().any(|one| one == known)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
