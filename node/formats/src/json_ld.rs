//! JSON-LD as it stands in pages and feeds: things of a type, wherever they stand, and values in the forms that they may have.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::bounds::MOST_RECORDS;
use crate::repair;
use crate::report::{Place, Refused, Why};
use crate::text::Lines;

/// Members in which further things stand.
const HOLDERS: [&str; 6] = ["@graph", "itemListElement", "item", "dataFeedElement", "mainEntity", "hasPart"];
/// How deep they may stand in each other.
const DEEPEST: usize = 6;
/// The largest thing to which others may refer, in bytes, and all of them together. What is beyond is not followed.
const LARGEST_NAMED: usize = 64 * 1024;
const LARGEST_ALL_NAMED: usize = 4 * 1024 * 1024;

/// A text in which things stand: a document, or one script of a page.
#[derive(Debug)]
pub(crate) struct Part<'t> {
    text: Cow<'t, str>,
    /// The line on which it begins.
    line: u64,
    repaired: bool,
}

impl<'t> Part<'t> {
    /// A text that begins on this line. Control characters inside its texts are escaped, where it is JSON but for them.
    pub(crate) fn of(text: &'t str, line: u64) -> Self {
        match repair::json(text) {
            Ok((text, repaired)) => Self { text, line, repaired },
            Err(_) => Self { text: Cow::Borrowed(text), line, repaired: false },
        }
    }
}

/// A thing of the type that is sought.
#[derive(Clone, Debug)]
pub(crate) struct Thing<'t> {
    /// Its text.
    pub(crate) text: &'t str,
    /// Where it stands.
    pub(crate) place: Place,
    /// The language that its surroundings have.
    pub(crate) language: Option<String>,
    /// Whether its JSON was repaired.
    pub(crate) repaired: bool,
    /// The list in which it stands.
    list: Option<usize>,
}

/// The things of a type in a few texts, and the lists in which they stand.
#[derive(Debug)]
pub(crate) struct Things<'t> {
    sought: &'static str,
    /// Of the part that is looked through.
    lines: Lines<'t>,
    repaired: bool,
    items: u64,
    pub(crate) found: Vec<Thing<'t>>,
    pub(crate) refused: Vec<Refused>,
    lists: Vec<Vec<&'t str>>,
    /// Of each list that was asked, the things with an id. The first list is of the parts themselves.
    named: HashMap<usize, HashMap<String, Value>>,
    named_left: usize,
}

impl<'t> Things<'t> {
    /// Looks through the parts: each is JSON, or JSON on each line.
    pub(crate) fn of(sought: &'static str, parts: &'t [Part<'t>]) -> Self {
        let mut things = Self {
            sought,
            lines: Lines::from("", 1),
            repaired: false,
            items: 0,
            found: Vec::new(),
            refused: Vec::new(),
            lists: vec![parts.iter().map(|part| part.text.trim()).collect()],
            named: HashMap::new(),
            named_left: LARGEST_ALL_NAMED,
        };
        for part in parts {
            (things.lines, things.repaired) = (Lines::from(&part.text, part.line), part.repaired);
            things.look(&part.text);
        }
        things
    }

    fn look(&mut self, part: &'t str) {
        match serde_json::from_str::<&RawValue>(part) {
            Ok(whole) => self.walk(whole.get(), None, None, 0),
            Err(_) if is_ndjson(part) => {
                for line in part.lines().filter(|line| !line.trim().is_empty()) {
                    match serde_json::from_str::<&RawValue>(line) {
                        Ok(whole) => self.walk(whole.get(), None, None, 0),
                        Err(_) => self.refuse(line, Why::NotOfTheFormat { allowed: "a JSON object on one line".to_owned() }),
                    }
                }
            }
            Err(error) => {
                let line = self.lines.of_part(part) + error.line().saturating_sub(1) as u64;
                let why = Why::NotOfTheFormat { allowed: format!("JSON; it is none from column {} on", error.column()) };
                self.refused.push(Refused::new(Place { item: None, line: Some(line) }, "", why));
            }
        }
    }

    fn refuse(&mut self, part: &'t str, why: Why) {
        let place = Place { item: None, line: Some(self.lines.of_part(part)) };
        self.refused.push(Refused::new(place, "", why));
    }

    fn walk(&mut self, text: &'t str, list: Option<usize>, language: Option<&str>, depth: usize) {
        if depth > DEEPEST || self.items > MOST_RECORDS {
            return;
        }
        if text.starts_with('[') {
            let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(text) else { return };
            let entries: Vec<&str> = entries.into_iter().map(RawValue::get).collect();
            self.lists.push(entries.clone());
            let list = self.lists.len() - 1;
            entries.into_iter().for_each(|entry| self.walk(entry, Some(list), language, depth + 1));
        } else if text.starts_with('{') {
            let Ok(members) = serde_json::from_str::<HashMap<String, &RawValue>>(text) else { return };
            let value = |name: &str| members.get(name).and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
            let own = value("@context").as_ref().and_then(language_of_context);
            let language = own.as_deref().or(language);
            if value("@type").is_some_and(|types| is_type(&types, self.sought)) {
                self.items += 1;
                let place = Place { item: Some(self.items), line: Some(self.lines.of_part(text)) };
                if self.items > MOST_RECORDS {
                    self.refused.push(Refused::new(place, "", Why::TooMuch { what: "records", most: MOST_RECORDS }));
                    return;
                }
                self.found.push(Thing { text, place, language: language.map(str::to_owned), repaired: self.repaired, list });
                return;
            }
            let held = HOLDERS.iter().filter_map(|name| members.get(*name));
            let mut held: Vec<&str> = held.map(|raw| raw.get()).collect();
            // In the order of the text.
            held.sort_by_key(|part| part.as_ptr() as usize);
            held.into_iter().for_each(|part| self.walk(part, list, language, depth + 1));
        }
    }

    /// The thing to which a value refers, in the list in which the referring thing stands, or among the parts.
    pub(crate) fn resolve(&mut self, thing: &Thing<'t>, value: &Value) -> Option<Value> {
        let members = value.as_object()?;
        let id = members.get("@id").and_then(Value::as_str)?;
        if !members.keys().all(|name| name == "@id" || name == "@type") {
            return None;
        }
        thing.list.into_iter().chain([0]).find_map(|list| {
            if !self.named.contains_key(&list) {
                let named = named(&self.lists[list], &mut self.named_left);
                self.named.insert(list, named);
            }
            self.named.get(&list)?.get(id).cloned()
        })
    }
}

/// The things with an id in a list, as far as there is room for them.
fn named(entries: &[&str], left: &mut usize) -> HashMap<String, Value> {
    let mut named = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.len() <= LARGEST_NAMED && entry.contains("\"@id\"")) {
        let Some(rest) = left.checked_sub(entry.len()) else { break };
        *left = rest;
        if let Ok(value) = polder_model::json::read_strict(entry.as_bytes())
            && let Some(id) = value.get("@id").and_then(Value::as_str)
        {
            named.insert(id.to_owned(), value);
        }
    }
    named
}

/// Whether a text is JSON on each line: its first line is a whole object, and others follow.
fn is_ndjson(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().is_some_and(|line| serde_json::from_str::<HashMap<String, &RawValue>>(line).is_ok());
    first && lines.next().is_some()
}

fn language_of_context(context: &Value) -> Option<String> {
    match context {
        Value::Object(members) => members.get("@language").and_then(Value::as_str).and_then(crate::values::language),
        Value::Array(list) => list.iter().find_map(language_of_context),
        _ => None,
    }
}

/// A name without the prefix of its vocabulary.
pub(crate) fn local(name: &str) -> &str {
    let prefixes = ["schema:", "sdo:", "https://schema.org/", "http://schema.org/", "https://www.schema.org/", "http://www.schema.org/"];
    prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// Whether one of the types is the one sought.
pub(crate) fn is_type(types: &Value, sought: &str) -> bool {
    match types {
        Value::String(name) => local(name) == sought,
        Value::Array(list) => list.iter().any(|one| is_type(one, sought)),
        _ => false,
    }
}

/// The same value with the names of its members without prefixes.
pub(crate) fn localised(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, inner)| (local(&name).to_owned(), localised(inner))).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(localised).collect()),
        other => other,
    }
}

/// A value as a list: the entries, or the one.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

/// The text of a value, or of its first entry: also with a language, and the name of a thing.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(members) => members.get("@value").or_else(|| members.get("name")).and_then(text),
        Value::Array(list) => list.first().and_then(text),
        _ => None,
    }
    .filter(|text| !text.trim().is_empty())
}

/// All that a value says, for people: texts as they are, of things their name and what else they have.
pub(crate) fn said(value: &Value, english: bool) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => if english { "yes" } else { "ja" }.to_owned(),
        Value::Bool(false) => if english { "no" } else { "nee" }.to_owned(),
        Value::String(text) => crate::html::plain(local(text)),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => {
            let entries = list.iter().map(|entry| said(entry, english)).filter(|text| !text.is_empty());
            let entries: Vec<String> = entries.collect();
            let lines = entries.iter().any(|entry| entry.contains('\n') || entry.len() > 80);
            entries.join(if lines { "\n" } else { ", " })
        }
        Value::Object(members) => {
            let parts = members.iter().filter(|(name, _)| !name.starts_with('@') || *name == "@value").map(|(name, inner)| {
                let inner = said(inner, english);
                if name == "monthsOfExperience" {
                    return format!("{inner} {}", if english { "months" } else { "maanden" });
                }
                if inner.is_empty() || ["@value", "name", "description", "value"].contains(&name.as_str()) {
                    inner
                } else {
                    format!("{name} {inner}")
                }
            });
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A label in Dutch and English, from a text, a text with a language, or a list of such.
pub(crate) fn label(value: &Value, language: &str) -> Option<Value> {
    let mut label = serde_json::Map::new();
    for one in list(value) {
        let of = one.get("@language").and_then(Value::as_str).and_then(crate::values::language);
        let of = of.as_deref().unwrap_or(language).to_owned();
        if let Some(text) =
            text(one).map(|text| crate::text::one_line(&text)).filter(|text| ["nl", "en"].contains(&of.as_str()) && !text.is_empty())
        {
            label.insert(of, crate::text::at_most(&text, 200).0.into());
        }
    }
    (!label.is_empty()).then_some(Value::Object(label))
}
