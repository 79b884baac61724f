//! Exactly what is different between two versions of a document.

use serde::Serialize;
use serde_json::Value;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    /// Where: members of the document, partners by their id.
    pub at: String,
    /// What stood there; nothing where something is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What stands there now; nothing where something is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Every difference, in the order of the documents. Nothing is left out: what is not said here is the same.
pub(crate) fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn compare(at: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at} {name}") };
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old {
                match new.get(name) {
                    Some(other) => compare(&below(name), value, other, found),
                    None => found.push(Change { at: below(name), before: Some(text(value)), after: None }),
                }
            }
            for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                found.push(Change { at: below(name), before: None, after: Some(text(value)) });
            }
        }
        (Value::Array(old), Value::Array(new)) => lists(at, old, new, found),
        (old, new) if old != new => found.push(Change { at: at.to_owned(), before: Some(text(old)), after: Some(text(new)) }),
        _ => {}
    }
}

/// Lists of things with a name of their own are compared by that name, other lists by what is in them.
fn lists(at: &str, old: &[Value], new: &[Value], found: &mut Vec<Change>) {
    let name = |value: &Value| ["partner", "sha256", "keyid"].iter().find_map(|key| value[*key].as_str().map(str::to_owned));
    for value in old {
        let same = match name(value) {
            Some(named) => new.iter().find(|other| name(other).as_ref() == Some(&named)),
            None => new.iter().find(|other| *other == value),
        };
        match (same, name(value)) {
            (Some(other), Some(named)) => compare(&format!("{at} {named}"), value, other, found),
            (Some(_), None) => {}
            (None, _) => found.push(Change { at: at.to_owned(), before: Some(text(value)), after: None }),
        }
    }
    for value in new {
        let known = match name(value) {
            Some(named) => old.iter().any(|other| name(other).as_ref() == Some(&named)),
            None => old.contains(value),
        };
        if !known {
            found.push(Change { at: at.to_owned(), before: None, after: Some(text(value)) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_difference_is_said_and_nothing_else() {
        let before = json!({"version": 1, "members": [
            {"partner": "kvk:1", "name": "A", "roles": ["school"], "tlsPins": [{"sha256": "aa"}]}, {"partner": "kvk:2", "name": "B"}]});
        let after = json!({"version": 2, "members": [
            {"partner": "kvk:3", "name": "C"},
            {"partner": "kvk:1", "name": "A", "roles": ["employer"], "tlsPins": [{"sha256": "aa", "notAfter": "x"}, {"sha256": "bb"}]}]});
        let line = |Change { at, before, after }: Change| match (before, after) {
            (None, Some(after)) => format!("+ {at}: {after}"),
            (Some(before), None) => format!("- {at}: {before}"),
            (before, after) => format!("~ {at}: {} -> {}", before.unwrap_or_default(), after.unwrap_or_default()),
        };
        let mut lines: Vec<String> = changes(&before, &after).into_iter().map(line).collect();
        lines.sort();
        let expected = [
            "+ members kvk:1 roles: employer",
            "+ members kvk:1 tlsPins aa notAfter: x",
            r#"+ members kvk:1 tlsPins: {"sha256":"bb"}"#,
            r#"+ members: {"name":"C","partner":"kvk:3"}"#,
            "- members kvk:1 roles: school",
            r#"- members: {"name":"B","partner":"kvk:2"}"#,
            "~ version: 1 -> 2",
        ];
        assert_eq!(lines, expected);
        assert!(changes(&before, &before).is_empty());
    }
}
