//! The strict reader: refuses what JSON readers commonly let pass, in linear time, before any schema looks at it.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::finding::{Finding, FindingCode};

/// Deepest nesting.
pub const DEEPEST: usize = 32;
/// Most members and elements in one document.
pub const MOST_VALUES: usize = 20_000;

/// Reads JSON text. Refuses duplicate keys, NUL and lone surrogates in text, nesting deeper than [`DEEPEST`], numbers that do not fit
/// (integers beyond 2^53, `1e400`, `-0`), more than [`MOST_VALUES`] values, and anything after the document.
///
/// # Errors
/// The first thing that is refused; it carries no value from the text.
pub fn read_strict(bytes: &[u8]) -> Result<Value, Finding> {
    check_mark(bytes)?;
    let mut left = MOST_VALUES;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0, left: &mut left }.deserialize(&mut reader).map_err(|error| finding(&error))?;
    reader.end().map_err(|error| finding(&error))?;
    Ok(value)
}

/// Refuses a text with a byte order mark, which JSON has none of (RFC 8259 §8.1), by its name: nobody sees it.
///
/// # Errors
/// A finding that says so.
pub(crate) fn check_mark(bytes: &[u8]) -> Result<(), Finding> {
    let message = match bytes {
        [0xef, 0xbb, 0xbf, ..] => "the text begins with a byte order mark (the bytes EF BB BF); send UTF-8 without one",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the text is UTF-16; send UTF-8 without a byte order mark",
        _ => return Ok(()),
    };
    Err(Finding::new("", FindingCode::NotJson, message))
}

fn finding(error: &serde_json::Error) -> Finding {
    let what = error.to_string();
    let not_json = if error.is_eof() { "this is not JSON: it ends in the middle" } else { "this is not JSON" };
    let known = THEIRS.iter().find(|(theirs, _)| what.starts_with(theirs)).map(|(_, ours)| *ours);
    let ours = REFUSALS.iter().find(|refusal| what.starts_with(**refusal)).copied().or(known).unwrap_or(not_json);
    Finding::new("", FindingCode::NotJson, format!("{ours} ({})", place(error.line(), error.column())))
}

/// A place in a text, both from 1. The first line is not named: a text of one line may stand on another of its file, which whoever reads that says.
pub(crate) fn place(line: usize, column: usize) -> String {
    if line > 1 { format!("line {line}, column {column}") } else { format!("column {column}") }
}

/// What the reader beneath says of a text that looks right, and what is said here.
const THEIRS: [(&str, &str); 5] = [
    ("number out of range", NUMBER),
    ("invalid unicode code point", "this is not JSON: the text is not UTF-8"),
    ("lone leading surrogate", "this is not JSON: a \\u escape is half of a pair (RFC 8259 §7)"),
    ("unexpected end of hex escape", "this is not JSON: a \\u escape is half of a pair (RFC 8259 §7)"),
    ("control character", "this is not JSON: a control character in a text is written as an escape (RFC 8259 §7)"),
];

/// Where in a JSON text the first member stands, in the object at a pointer, that has none of these names: the line and the column at which its name ends.
/// `None` where there is none.
pub(crate) fn place_of_other(text: &[u8], pointer: &str, known: &[&str]) -> Option<(usize, usize)> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let sought = Sought { steps: &steps, known };
    let stopped = sought.deserialize(&mut serde_json::Deserializer::from_slice(text)).err()?;
    stopped.to_string().starts_with(OTHER).then(|| (stopped.line(), stopped.column()))
}

const OTHER: &str = "another member";

/// Goes through a text up to what is sought, and stops there with an error, which has the place.
#[derive(Clone, Copy)]
struct Sought<'s> {
    steps: &'s [&'s str],
    known: &'s [&'s str],
}

impl<'de> DeserializeSeed<'de> for Sought<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sought<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0.. {
            let further = match self.steps {
                [step, rest @ ..] if *step == index.to_string() => list.next_element_seed(Sought { steps: rest, ..self })?,
                _ => list.next_element::<de::IgnoredAny>()?.map(drop),
            };
            if further.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = members.next_key()? {
            match self.steps {
                [] if !self.known.contains(&key.as_str()) => return Err(de::Error::custom(OTHER)),
                [step, rest @ ..] if *step == key => members.next_value_seed(Sought { steps: rest, ..self })?,
                _ => drop(members.next_value::<de::IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A finding for each number that is written with a fraction or an exponent, other than in a member of one of these names. Member names stand
/// in the pointers: the document's members must be known ones.
pub(crate) fn fractions(value: &Value, allowed: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    look_for_fractions(value, allowed, &mut String::new(), &mut found);
    found
}

fn look_for_fractions(value: &Value, allowed: &[&str], pointer: &mut String, found: &mut Vec<Finding>) {
    let length = pointer.len();
    match value {
        Value::Number(number) if number.is_f64() => {
            let message = "this must be an integer, written without fraction or exponent";
            found.push(Finding::new(pointer.clone(), FindingCode::WrongType, message));
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(index, inner)| {
            if let Value::Array(_) | Value::Object(_) | Value::Number(_) = inner {
                pointer.extend(["/", &index.to_string()]);
                look_for_fractions(inner, allowed, pointer, found);
                pointer.truncate(length);
            }
        }),
        Value::Object(members) => members.iter().filter(|(name, _)| !allowed.contains(&name.as_str())).for_each(|(name, inner)| {
            pointer.extend(["/", &name.replace('~', "~0").replace('/', "~1")]);
            look_for_fractions(inner, allowed, pointer, found);
            pointer.truncate(length);
        }),
        _ => {}
    }
}

const DUPLICATE: &str = "a key stands twice in one object";
const NUL: &str = "a text holds the character NUL";
const DEEP: &str = "nested deeper than 32 levels";
const NUMBER: &str = "a number does not fit: integers are at most 2^53 away from 0, and -0 is not written";
const MANY: &str = "more than 20000 values in one document";
const REFUSALS: [&str; 5] = [DUPLICATE, NUL, DEEP, NUMBER, MANY];
const FITS: f64 = 9_007_199_254_740_992.0;

struct Strict<'l> {
    depth: usize,
    left: &'l mut usize,
}

impl Strict<'_> {
    fn deeper<E: de::Error>(&mut self) -> Result<Strict<'_>, E> {
        if self.depth >= DEEPEST {
            return Err(E::custom(DEEP));
        }
        Ok(Strict { depth: self.depth + 1, left: self.left })
    }

    fn spend<E: de::Error>(&mut self) -> Result<(), E> {
        *self.left = self.left.checked_sub(1).ok_or_else(|| E::custom(MANY))?;
        Ok(())
    }
}

fn text<E: de::Error>(text: String) -> Result<String, E> {
    if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(text) }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > 1 << 53 { Err(E::custom(NUMBER)) } else { Ok(value.into()) }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value > 1 << 53 { Err(E::custom(NUMBER)) } else { Ok(value.into()) }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let minus_zero = value == 0.0 && value.is_sign_negative();
        match Number::from_f64(value) {
            Some(number) if value.abs() <= FITS && !minus_zero => Ok(Value::Number(number)),
            _ => Err(E::custom(NUMBER)),
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        text(value.to_owned()).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let inner = self.deeper()?;
            let Some(value) = list.next_element_seed(inner)? else { break };
            values.push(value);
            self.spend()?;
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        // Also where nothing is in it.
        self.deeper()?;
        let mut object = Map::new();
        while let Some(Key(key)) = members.next_key()? {
            let key = text(key)?;
            self.spend()?;
            let inner = self.deeper()?;
            let value = members.next_value_seed(inner)?;
            if object.insert(key, value).is_some() {
                return Err(de::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(object))
    }
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &[u8]) -> String {
        read_strict(text).expect_err("refused").message
    }

    #[test]
    fn what_readers_let_pass_is_refused() {
        assert!(refused(br#"{"purpose":"a","purpose":"b"}"#).starts_with(DUPLICATE));
        assert!(refused(br#"{"a":"x\u0000y"}"#).starts_with(NUL));
        assert!(refused(br#"{"a\u0000":1}"#).starts_with(NUL));
        for number in ["1e400", "-0", "-0.0", "12345678901234567890123", "9007199254740993", "-9007199254740993", "1e300"] {
            let message = refused(number.as_bytes());
            assert!(message.starts_with(NUMBER) || message.starts_with("this is not JSON"), "{number}: {message}");
        }
        for text in [r#"{"a":"\ud800"}"#, "NaN", "{} {}", "[1,]", ""] {
            assert!(refused(text.as_bytes()).starts_with("this is not JSON"), "{text}");
        }
        for (text, said) in [
            (&b"\"\xff\""[..], "this is not JSON: the text is not UTF-8"),
            (&b"\xff\xfe{\0}\0"[..], "the text is UTF-16"),
            (&b"1e400"[..], NUMBER),
            (&br#""\ud800""#[..], "this is not JSON: a \\u escape is half of a pair"),
            (&br#""\ud800\u0041""#[..], "this is not JSON: a \\u escape is half of a pair"),
            (&b"\"a\x01\""[..], "this is not JSON: a control character"),
        ] {
            assert!(refused(text).starts_with(said), "{said}: {}", refused(text));
        }
        assert!(refused("\u{feff}{}".as_bytes()).contains("byte order mark"));
    }

    #[test]
    fn what_is_not_known_is_found_where_it_stands() {
        let text = b"{\"a\": 1,\n \"list\": [{\"b\": 1}, {\"b\": 1, \"c\": [], \"d\": 2}]}";
        assert_eq!(place_of_other(text, "/list/1", &["b"]), Some((2, 32)));
        assert_eq!(place_of_other(text, "/list/1", &["b", "c"]), Some((2, 41)));
        assert_eq!(place_of_other(text, "", &["a"]), Some((2, 7)));
        for (pointer, known) in [("", &["a", "list"][..]), ("/list/0", &["b"]), ("/list/7", &[]), ("/a", &[]), ("/list", &[])] {
            assert_eq!(place_of_other(text, pointer, known), None, "{pointer}");
        }
    }

    #[test]
    fn fractions_are_found_where_they_stand() {
        let value = read_strict(br#"{"hours":{"min":24.0,"max":32},"list":[1,2e1],"latitude":52.5,"text":"1.5"}"#).expect("fine");
        let found = fractions(&value, &["latitude"]);
        let pointers: Vec<&str> = found.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/hours/min", "/list/1"]);
        assert!(found.iter().all(|finding| finding.code == FindingCode::WrongType));
        let value = read_strict(br#"{"a/b":{"~":0.5}}"#).expect("fine");
        assert_eq!(fractions(&value, &[])[0].pointer, "/a~1b/~0", "RFC 6901");
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_strict(nested(DEEPEST).as_bytes()).is_ok());
        assert!(refused(nested(DEEPEST + 1).as_bytes()).starts_with(DEEP));
        assert!(refused(nested(DEEPEST + 1).replace("[]", "{}").as_bytes()).starts_with(DEEP));
        assert!(refused("[".repeat(100_000).as_bytes()).starts_with(DEEP));
    }

    #[test]
    fn values_are_bounded() {
        let many = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        assert!(read_strict(many(MOST_VALUES).as_bytes()).is_ok());
        assert!(refused(many(MOST_VALUES + 1).as_bytes()).starts_with(MANY));
    }

    #[test]
    fn what_is_fine_passes_unchanged() {
        let text = r#"{"a":[1,-2,2.5,true,null,"é\n"],"b":{}}"#;
        assert_eq!(read_strict(text.as_bytes()).expect("fine").to_string(), text);
    }
}
