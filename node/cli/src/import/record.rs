//! From the text of one record to an offer, or several where a document holds several.

use polder_model::{Finding, FindingCode, Kind, OfferKey, offer};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Format, Item, Options, Record, Refused, jobposting};

/// The line form (docs/interfaces.md, section 2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    kind: Option<Kind>,
    key: String,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[serde(rename = "modifiedAt")]
    _modified_at: Option<IgnoredAny>,
    document: Box<RawValue>,
}

/// Enough of a record to see how it is written.
#[derive(Deserialize)]
struct Peek {
    document: Option<IgnoredAny>,
    #[serde(rename = "@type")]
    of_type: Option<IgnoredAny>,
    #[serde(rename = "@context")]
    context: Option<IgnoredAny>,
    #[serde(rename = "@graph")]
    graph: Option<IgnoredAny>,
}

/// Everything that a text holds.
pub(super) fn of_text(text: &str, line: u64, options: Options) -> Vec<Item> {
    let linked = match options.format {
        Format::Polder => false,
        Format::Jobposting => true,
        Format::Auto => is_linked(text),
    };
    if linked { postings(text, line) } else { vec![of_line(text, line, options)] }
}

fn is_linked(text: &str) -> bool {
    match serde_json::from_str::<Peek>(text) {
        Ok(peek) => peek.document.is_none() && (peek.of_type.is_some() || peek.context.is_some() || peek.graph.is_some()),
        Err(_) => text.trim_start().starts_with('['),
    }
}

fn of_line(text: &str, line: u64, options: Options) -> Item {
    let read: Line = serde_json::from_str(text).map_err(|error| {
        let place = if error.line() > 1 {
            format!("line {}, column {}", error.line(), error.column())
        } else {
            format!("column {}", error.column())
        };
        let what = if error.is_data() { "a member is unknown, missing, given twice or not of its form" } else { "this is not JSON" };
        let code = if error.is_data() { FindingCode::WrongType } else { FindingCode::NotJson };
        let finding = Finding::new("", code, format!("{what} (at {place} of the record)"));
        Refused::new(line, r#"a record is {"kind": …, "key": …, "document": {…}} on one line"#, vec![finding])
    })?;
    let kind = match (read.kind, options.kind) {
        (Some(said), Some(asked)) if said != asked => {
            let finding = Finding::new("/kind", FindingCode::Contradiction, format!("the record says {said}, --kind says {asked}"));
            return Err(Refused::new(line, "the kind is given twice, differently", vec![finding]).of(said, &read.key));
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
        (None, None) => {
            let finding = Finding::new("/kind", FindingCode::Missing, "vacancy, training or skill-offer; or give --kind");
            let refused = Refused::new(line, "of which kind is this record?", vec![finding]);
            return Err(Refused { key: Some(read.key), ..refused });
        }
    };
    let key: OfferKey = match read.key.parse() {
        Ok(key) => key,
        Err(error) => {
            let finding = Finding::new("/key", FindingCode::OutOfBounds, format!("{error}"));
            return Err(Refused::new(line, "the key cannot be used", vec![finding]).of(kind, &read.key));
        }
    };
    Ok(Record { line, kind, key, document: read.document.get().to_owned(), mapping: Vec::new() })
}

fn postings(text: &str, line: u64) -> Vec<Item> {
    let value = match jobposting::read(text) {
        Ok(value) => value,
        Err(error) => {
            let finding = Finding::new(
                "",
                FindingCode::NotJson,
                format!("this is not JSON (at line {}, column {} of it)", error.line(), error.column()),
            );
            return vec![Err(Refused::new(line, "JSON or JSON-LD with a JobPosting is expected", vec![finding]))];
        }
    };
    jobposting::find(&value).iter().map(|posting| of_posting(posting, line)).collect()
}

fn of_posting(posting: &Value, line: u64) -> Item {
    let mapped = jobposting::map(posting);
    let text = mapped.document.to_string();
    let shown = mapped.key.as_ref().map(|key| key.as_str().to_owned()).unwrap_or_default();
    let mut findings = offer::parse(Kind::Vacancy, text.as_bytes()).err().unwrap_or_default();
    let key = mapped.key.map_err(|finding| findings.insert(0, finding)).ok();
    match key {
        Some(key) if findings.is_empty() => Ok(Record { line, kind: Kind::Vacancy, key, document: text, mapping: mapped.notes }),
        _ => {
            let refused = Refused::new(line, "the vacancy that this JobPosting becomes cannot stand", findings);
            let key = if shown.is_empty() { None } else { Some(shown) };
            Err(Refused { kind: Some(Kind::Vacancy), key, mapping: mapped.notes, ..refused })
        }
    }
}
