//! Offers as lines (`docs/interfaces.md`, section 2): how they are written, and how they are read back.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::finding::{Finding, FindingCode};
use crate::json;
use crate::name::{Kind, OfferKey};
use crate::offer::{LARGEST_OFFER, allowed_words, unknown_members};
use crate::time::Timestamp;

/// Largest line that is read, in bytes without its end: an offer, and what stands around it.
pub const LARGEST_LINE: usize = LARGEST_OFFER + 1024;

/// An offer as it is read from a line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineRead<'l> {
    /// Its kind, where the line says it.
    pub kind: Option<Kind>,
    /// Its key, which may not be one.
    #[serde(borrow)]
    pub key: Cow<'l, str>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[serde(rename = "modifiedAt")]
    _modified_at: Option<IgnoredAny>,
    /// The exact bytes of its document.
    #[serde(borrow)]
    pub document: &'l RawValue,
}

impl<'l> LineRead<'l> {
    /// Reads a line.
    ///
    /// # Errors
    /// A finding where it is not of the form; it carries no value from the line.
    pub fn read(line: &'l str) -> Result<Self, Finding> {
        json::check_mark(line.as_bytes())?;
        serde_json::from_str(line).map_err(|error| wrong(line, &error))
    }
}

/// The members that a record may have.
const MEMBERS: [&str; 5] = ["kind", "key", "version", "modifiedAt", "document"];

/// What is wrong with a line that is no record. No value of it is repeated.
fn wrong(line: &str, error: &serde_json::Error) -> Finding {
    use FindingCode::{Missing, NotJson, OutOfBounds, UnknownMember, WrongType};
    let place = json::place(error.line(), error.column());
    let value = match serde_json::from_str::<Value>(line) {
        Ok(value) => value,
        Err(error) if error.is_eof() => return Finding::new("", NotJson, format!("this is not JSON: it ends in the middle (at {place})")),
        Err(_) => return Finding::new("", NotJson, format!("this is not JSON (at {place})")),
    };
    let Value::Object(members) = value else {
        return Finding::new("", WrongType, format!("this is {}, and a record is an object", type_of(&value)));
    };
    let unknown: Vec<String> = members.keys().filter(|name| !MEMBERS.contains(&name.as_str())).cloned().collect();
    if !unknown.is_empty() {
        let first = json::place_of_other(line.as_bytes(), "", &MEMBERS)
            .map(|(line, column)| format!(" (the first at {})", json::place(line, column)));
        return Finding::new("", UnknownMember, unknown_members(&unknown, &MEMBERS) + &first.unwrap_or_default());
    }
    for name in ["key", "document"] {
        if !members.contains_key(name) {
            return Finding::new(format!("/{name}"), Missing, "this member must be given");
        }
    }
    if !members["key"].is_string() {
        return Finding::new("/key", WrongType, format!("this must be a text, and is {}", type_of(&members["key"])));
    }
    match members.get("kind") {
        Some(kind) if !kind.is_null() && Kind::deserialize(kind).is_err() => {
            Finding::new("/kind", OutOfBounds, allowed_words(&Kind::ALL.map(Kind::as_str), kind))
        }
        _ => Finding::new("", NotJson, format!("a member stands twice (at {place})")),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What the form of a line is, for whoever sent another one.
pub const FORM: &str = r#"a record is {"kind": …, "key": …, "document": {…}} on one line"#;

/// An offer as it is written on a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineWritten<'l> {
    kind: Kind,
    key: &'l OfferKey,
    version: u64,
    modified_at: Timestamp,
    document: &'l RawValue,
}

/// Writes a line, with its end. Line ends between members of the document become spaces; inside its texts there are none.
///
/// # Errors
/// When the document is not JSON.
pub fn write(kind: Kind, key: &OfferKey, version: u64, modified_at: Timestamp, document: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    let document: &RawValue = serde_json::from_slice(document)?;
    let mut line = serde_json::to_vec(&LineWritten { kind, key, version, modified_at, document })?;
    for byte in line.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let key: OfferKey = "V-1".parse().expect("a key");
        let line = write(Kind::Training, &key, 3, Timestamp::from_micros(0), b"{\"title\":\r\n \"Las\\nsen\"}").expect("JSON");
        let line = String::from_utf8(line).expect("text");
        assert_eq!(line.matches(['\n', '\r']).count(), 1);
        let read = LineRead::read(line.trim_end()).expect("a line");
        assert_eq!((read.kind, &*read.key, read.document.get()), (Some(Kind::Training), "V-1", "{\"title\":   \"Las\\nsen\"}"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_what_is_allowed() {
        use FindingCode::{Missing, NotJson, OutOfBounds, UnknownMember, WrongType};
        let it_has =
            "1 member(s) that are not known here (zzz); it has kind, key, version, modifiedAt, document; leave out what is not meant";
        for (line, code, pointer, says) in [
            ("oops", NotJson, "", "this is not JSON (at column 1)"),
            ("{\"key\":\"a\",}", NotJson, "", "this is not JSON (at column 12)"),
            ("{\"key\":\"a\",\"docu", NotJson, "", "this is not JSON: it ends in the middle (at column 16)"),
            ("[1]", WrongType, "", "this is a list, and a record is an object"),
            ("7", WrongType, "", "this is a number, and a record is an object"),
            (
                "{\"key\":\"a\",\"documnet\":{}}",
                UnknownMember,
                "",
                "1 member(s) that are not known here (documnet), the nearest it has: document; leave out what is not meant (the first at column 21)",
            ),
            ("{\"zzz\":1,\"key\":\"a\",\"document\":{}}", UnknownMember, "", &format!("{it_has} (the first at column 6)")),
            ("{\"document\":{}}", Missing, "/key", "this member must be given"),
            ("{\"key\":\"a\"}", Missing, "/document", "this member must be given"),
            ("{\"key\":7,\"document\":{}}", WrongType, "/key", "this must be a text, and is a number"),
            (
                "{\"kind\":\"vacanci\",\"key\":\"a\",\"document\":{}}",
                OutOfBounds,
                "/kind",
                "allowed are vacancy, training, skill-offer; the nearest is vacancy",
            ),
            ("{\"key\":\"a\",\"key\":\"b\",\"document\":{}}", NotJson, "", "a member stands twice (at column 16)"),
        ] {
            let Finding { pointer: found, code: of, message } = LineRead::read(line).expect_err(line);
            assert_eq!((of, found.as_str(), message.as_str()), (code, pointer, says), "{line}");
        }
    }

    #[test]
    fn no_value_of_what_is_refused_is_repeated() {
        for line in [
            r#"{"key":"geheim"}"#,
            r#"{"colour":"geheim","key":"a","document":{}}"#,
            r#"{"geheim @":1,"key":"a","document":{}}"#,
            r#"{"kind":"geheim","key":"a","document":{}}"#,
            "geheim",
        ] {
            let finding = LineRead::read(line).expect_err("refused");
            assert!(!finding.message.contains("geheim"), "{finding:?}");
        }
    }
}
