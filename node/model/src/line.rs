//! Offers as lines (`docs/interfaces.md`, section 2): how they are written, and how they are read back.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::finding::{Finding, FindingCode};
use crate::name::{Kind, OfferKey};
use crate::offer::LARGEST_OFFER;
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
    /// A finding where it is not of the form; it carries nothing from the line.
    pub fn read(line: &'l str) -> Result<Self, Finding> {
        serde_json::from_str(line).map_err(|error| {
            let place = if error.line() > 1 {
                format!("line {}, column {}", error.line(), error.column())
            } else {
                format!("column {}", error.column())
            };
            let what = format!("a member is unknown, missing, given twice or not of its form (at {place} of the record)");
            Finding::new("", FindingCode::WrongType, what)
        })
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
    fn what_is_refused_is_not_repeated() {
        for line in
            [r#"{"key":"geheim"}"#, r#"{"geheim":1,"key":"a","document":{}}"#, r#"{"kind":"geheim","key":"a","document":{}}"#, "geheim"]
        {
            let finding = LineRead::read(line).expect_err("refused");
            assert!(!finding.message.contains("geheim"), "{finding:?}");
        }
    }
}
