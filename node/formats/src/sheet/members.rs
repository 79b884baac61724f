//! The members of offers that a cell can hold, out of the schemas.

use std::sync::LazyLock;

use polder_model::Kind;
use serde_json::Value;

/// A member that a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its names, from the offer inwards.
    pub(super) path: Vec<String>,
    /// How many of these lead to a list, of whose entries it is part.
    pub(super) list: Option<usize>,
    /// Most entries of that list.
    pub(super) most: usize,
    pub(super) form: Form,
}

/// How it is written in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// Text of one line.
    Line,
    /// Text of several lines.
    Text,
    /// One of these words.
    Word(Vec<String>),
    /// The two letters of a language, or its name.
    Language,
    /// A postcode.
    Postcode,
    /// A date.
    Date,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Euros, of which the offer has the cents.
    Euros,
    /// Yes or no.
    Flag,
    /// The word `everyone`, or partners.
    Recipients,
}

impl Member {
    /// Its JSON Pointer, without the numbers of lists.
    pub(super) fn pointer(&self) -> String {
        format!("/{}", self.path.join("/"))
    }

    /// What is understood of it.
    pub(super) fn allowed(&self) -> String {
        match &self.form {
            Form::Line | Form::Text => "text".to_owned(),
            Form::Word(words) => format!("one of {}", words.join(", ")),
            Form::Language => "a language, such as nl or Nederlands".to_owned(),
            Form::Postcode => "a Dutch postcode".to_owned(),
            Form::Date => "a date in the form that the mapping names, from 1970 to 2099".to_owned(),
            Form::Integer => "a whole number".to_owned(),
            Form::Number => "a number".to_owned(),
            Form::Euros => "euros, such as 2650 or 16,50".to_owned(),
            Form::Flag => "ja or nee".to_owned(),
            Form::Recipients => "everyone, or partners such as kvk:12345678".to_owned(),
        }
    }
}

/// Every member of a kind that a cell can hold.
pub(super) fn of(kind: Kind) -> &'static [Member] {
    static ALL: LazyLock<[Vec<Member>; 2]> = LazyLock::new(|| [Kind::Vacancy, Kind::Training].map(collected));
    &ALL[usize::from(kind == Kind::Training)]
}

fn collected(kind: Kind) -> Vec<Member> {
    let read = |name: &str| polder_schemas::schema(name).and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
    let (mut schema, mut members) = (read(kind.as_str()), Vec::new());
    if let Some(terms) = schema.pointer_mut("/properties/terms") {
        *terms = read("terms");
    }
    walk(&schema, &mut Vec::new(), None, &mut members);
    members
}

fn walk(schema: &Value, path: &mut Vec<String>, list: Option<(usize, usize)>, members: &mut Vec<Member>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, inner) in properties {
            path.push(name.clone());
            walk(inner, path, list, members);
            path.pop();
        }
    } else if schema["type"] == "array" {
        let most = schema["maxItems"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(50);
        walk(&schema["items"], path, Some((path.len(), most)), members);
    } else {
        let recipients = schema.get("oneOf").is_some();
        let list = if recipients { Some((path.len(), 200)) } else { list };
        let (list, most) = list.map_or((None, 1), |(at, most)| (Some(at), most));
        members.push(Member { path: path.clone(), list, most, form: form(schema, path.last().map_or("", String::as_str)) });
    }
}

fn form(schema: &Value, name: &str) -> Form {
    let words = || schema["enum"].as_array().map(|words| words.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    match schema["type"].as_str().unwrap_or_default() {
        "boolean" => Form::Flag,
        "integer" if schema["maximum"] == 100_000_000 => Form::Euros,
        "integer" => Form::Integer,
        "number" => Form::Number,
        "" => Form::Recipients,
        _ if schema["format"] == "date" => Form::Date,
        _ if schema["pattern"] == "^[a-z]{2}$" => Form::Language,
        _ if name == "postcode" => Form::Postcode,
        _ => match words() {
            Some(words) => Form::Word(words),
            None if ["description", "instructions", "note"].contains(&name) => Form::Text,
            None => Form::Line,
        },
    }
}

/// The members of both kinds, in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::new();
    for kind in [Kind::Vacancy, Kind::Training] {
        page += &format!("### CSV: the members of a {kind}\n\n| member | in a cell |\n| --- | --- |\n");
        for member in of(kind) {
            let list = if member.list.is_some() { ", in a list" } else { "" };
            page += &format!("| `{}` | {}{list} |\n", member.pointer(), member.allowed());
        }
        page.push('\n');
    }
    page
}
