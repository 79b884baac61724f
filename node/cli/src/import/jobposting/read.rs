//! JSON of schema.org as it is written: names of members without prefixes, and which members are given more than once.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::values::without_prefix;

/// Under this name an object holds the names of members that it had more than once, differently. No other member can be called so.
const TWICE: &str = "\u{0}";

/// Reads a document. Of members that are given more than once, also with another prefix, the last counts.
///
/// # Errors
/// Where the text is not JSON.
pub(in crate::import) fn read(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str::<Plain>(text).map(|Plain(value)| value)
}

/// The members of a document that were given more than once, differently, each with those that it lies in.
pub(super) fn twice(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a member is one of the document, not of [`read`].
pub(super) fn is_given(name: &str) -> bool {
    name != TWICE
}

fn collect(value: &Value, within: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| collect(one, within, found)),
        Value::Object(members) => {
            for (name, value) in members {
                if name == TWICE {
                    found.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str).map(|name| format!("{within}{name}")));
                } else {
                    collect(value, &format!("{within}{name}."), found);
                }
            }
        }
        _ => {}
    }
}

struct Plain(Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Plain)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Plain(value)) = entries.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let (mut members, mut twice) = (Map::new(), Vec::new());
        while let Some((name, Plain(value))) = entries.next_entry::<String, Plain>()? {
            let name = without_prefix(&name).replace('\u{0}', " ");
            if members.get(&name).is_some_and(|before| *before != value) {
                twice.push(Value::String(name.clone()));
            }
            members.insert(name, value);
        }
        if !twice.is_empty() {
            members.insert(TWICE.to_owned(), Value::Array(twice));
        }
        Ok(Value::Object(members))
    }
}
