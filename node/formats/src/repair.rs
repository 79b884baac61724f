//! JSON that people wrote by hand: line breaks and tabs inside texts, which JSON wants escaped.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Deserialize;

/// What is said of a record that was repaired.
pub const REPAIRED: &str = "the JSON has line breaks or other control characters inside its texts, which were read as they stand";

/// Why a text is not JSON, and where; lines and columns begin at 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: u64,
    /// The column, in bytes.
    pub column: u64,
    /// What is wrong, without anything from the text.
    pub what: String,
}

/// The text, in which control characters inside JSON texts are escaped if there are any; whether there were. Everything else stays on its line.
///
/// # Errors
/// Where it is no JSON for another reason.
pub fn json(text: &str) -> Result<(Cow<'_, str>, bool), Fault> {
    // An end that is missing is missed where the text ends.
    let text = text.trim_end();
    if check(text).is_ok() {
        return Ok((Cow::Borrowed(text), false));
    }
    // Spaces keep every other byte in its place, so that the fault that is found is not the first line break.
    match check(&with_controls(text, false, |out, _, after_backslash| out.push(if after_backslash { '\\' } else { ' ' }))) {
        Ok(()) => Ok((Cow::Owned(with_controls(text, true, escape)), true)),
        Err((offset, what)) => {
            let before = &text.as_bytes()[..offset.min(text.len())];
            let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
            let column = before.iter().rev().take_while(|b| **b != b'\n').count() as u64;
            Err(Fault { line, column: column.max(1), what })
        }
    }
}

/// Where and why it is not JSON, as an offset in bytes.
fn check(text: &str) -> Result<(), (usize, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde::de::IgnoredAny::deserialize(&mut reader).and_then(|_| reader.end());
    read.map_err(|error| {
        let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let (what, place) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
        (start + error.column(), what.strip_suffix(&place).unwrap_or(&what).to_owned())
    })
}

fn escape(out: &mut String, control: char, after_backslash: bool) {
    // A backslash at the end of a line means itself. Writing to memory does not fail.
    let _ = write!(out, "{}\\u{:04x}", if after_backslash { "\\" } else { "" }, u32::from(control));
}

/// The text with something else for the control characters inside its texts.
fn with_controls(text: &str, keeps_lines: bool, put: impl Fn(&mut String, char, bool)) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut inside, mut after_backslash) = (false, false);
    // Ends of lines that were inside a text: they follow it.
    let mut ends = 0;
    for c in text.chars() {
        if inside && c.is_ascii_control() {
            put(&mut out, c, after_backslash);
            after_backslash = false;
            ends += usize::from(c == '\n');
            continue;
        }
        if c == '"' && !after_backslash {
            inside = !inside;
        }
        after_backslash = inside && c == '\\' && !after_backslash;
        out.push(c);
        if !inside && keeps_lines {
            out.extend(std::iter::repeat_n('\n', std::mem::take(&mut ends)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_inside_texts_is_escaped() {
        let (text, repaired) = json("{\n\"a\": \"x\ny\\\"\tz\",\n \"b\\\\\": \"\u{1}\"}").expect("JSON");
        assert!(repaired);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value, serde_json::json!({"a": "x\ny\"\tz", "b\\": "\u{1}"}));
        assert!(!json("{\n}").expect("JSON").1);
        assert_eq!(text.matches('\n').count(), 3, "what follows stays on its line");
        let end = json("{\"a\": \"x\\\ny\"}").expect("JSON").0;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&end).expect("JSON")["a"], "x\\\ny");
    }

    #[test]
    fn what_cannot_be_repaired_is_named_as_it_came() {
        let fault = json("{\"a\": \"x\ny\",\n\"b\": oops}").expect_err("no JSON");
        assert_eq!(fault, Fault { line: 3, column: 6, what: "expected value".to_owned() });
    }
}
