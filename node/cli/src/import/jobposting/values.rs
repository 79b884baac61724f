//! Values as sites write them.

use serde_json::Value;

/// The entries of a list; one value counts as a list of one.
pub(super) fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}

/// The text of a value: of a string or number, or of `{"@value"}`.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(members) => members.get("@value")?.as_str()?.trim().to_owned(),
        Value::Array(list) => return list.iter().find_map(text),
        _ => return None,
    };
    if text.is_empty() { None } else { Some(text) }
}

/// The first that is a text.
pub(super) fn first_text(values: &[&Value]) -> Option<String> {
    values.iter().find_map(|value| text(value))
}

/// The texts of a list of texts or of things with a name; a text with commas, semicolons or line ends is a list.
pub(super) fn labels(value: &Value) -> Vec<String> {
    let mut labels = Vec::new();
    for one in list(value) {
        match first_text(&[one, &one["name"]]) {
            Some(text) if one.is_string() => labels.extend(super::text::plain(&text).split([',', ';', '\n', '•']).map(label)),
            Some(text) => labels.push(label(&text)),
            None => {}
        }
    }
    labels.retain(|label| !label.is_empty());
    labels
}

fn label(text: &str) -> String {
    super::text::one_line(text.trim().trim_start_matches(['-', '*', '–']).trim_end_matches('.'))
}

/// An https address as the schema takes it.
pub(super) fn https(value: &Value) -> Option<String> {
    let text = text(value)?;
    let rest = text.strip_prefix("https://")?;
    let form = (1..=490).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_graphic());
    (form && polder_model::link::host_of(&text).is_ok()).then_some(text)
}

/// A telephone number as the schema takes it.
pub(super) fn telephone(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let form = (5..=29).contains(&digits.len())
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || " ()-".contains(c));
    if form { Some(text.to_owned()) } else { None }
}

/// A name of schema.org without what stands before it: `https://schema.org/FULL_TIME` and `schema:FULL_TIME` become `FULL_TIME`.
pub(super) fn without_prefix(name: &str) -> &str {
    const PREFIXES: [&str; 6] =
        ["schema:", "sdo:", "https://schema.org/", "http://schema.org/", "https://www.schema.org/", "http://www.schema.org/"];
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}
