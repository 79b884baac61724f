//! From the text of one record to an offer, or several where a document holds several.

use polder_model::line::{FORM, LineRead};
use polder_model::{Finding, FindingCode, Kind, OfferKey, offer};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::repair::{self, Fault};
use super::{Format, Item, Note, Options, Record, Refused, jobposting};

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

/// Everything that a text holds. The text begins on this line.
pub(super) fn of_text(text: &str, line: u64, options: Options) -> Vec<Item> {
    let (text, repaired) = match repair::json(text) {
        Ok(read) => read,
        Err(fault) => return vec![Err(not_json(&fault, line))],
    };
    let mut items = of_json(&text, line, options);
    if repaired {
        items.iter_mut().for_each(say_repaired);
    }
    items
}

/// Says that the JSON of an item was repaired.
pub(super) fn say_repaired(item: &mut Item) {
    let mapping = match item {
        Ok(record) => &mut record.mapping,
        Err(refused) => &mut refused.mapping,
    };
    mapping.insert(0, Note::about(repair::REPAIRED, ""));
}

/// What is said of a text that begins on this line and is not JSON.
pub(super) fn not_json(fault: &Fault, begins: u64) -> Refused {
    let line = begins + fault.line - 1;
    let what = format!("{} at line {line}, column {}", fault.what, fault.column);
    Refused::new(line, "this is not JSON", vec![Finding::new("", FindingCode::NotJson, what)])
}

/// Everything that a text holds that is JSON.
pub(super) fn of_json(text: &str, line: u64, options: Options) -> Vec<Item> {
    let linked = match options.format {
        Format::Polder => false,
        Format::Jobposting => true,
        // Files of other formats do not come here.
        Format::Auto | Format::Setu | Format::Csv => is_linked(text),
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
    let read = LineRead::read(text).map_err(|finding| Refused::new(line, FORM, vec![finding]))?;
    let kind = match (read.kind, options.kind) {
        (Some(said), Some(asked)) if said != asked => {
            let finding = Finding::new("/kind", FindingCode::Contradiction, format!("the record says {said}, --kind says {asked}"));
            return Err(Refused::new(line, "the kind is given twice, differently", vec![finding]).of(said, &read.key));
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
        (None, None) => {
            let finding = Finding::new("/kind", FindingCode::Missing, "vacancy, training or skill-offer; or give --kind");
            let refused = Refused::new(line, "of which kind is this record?", vec![finding]);
            return Err(Refused { key: Some(read.key.into_owned()), ..refused });
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
    match jobposting::read(text) {
        Ok(value) => jobposting::find(&value, &value).iter().map(|posting| of_posting(posting, line)).collect(),
        Err(error) => vec![Err(Refused::new(line, format!("this cannot be read: {error}"), Vec::new()))],
    }
}

/// Every posting in the scripts of a page, each with its line; a script may refer to what stands in another.
pub(super) fn of_scripts(scripts: &[(u64, String)]) -> Vec<Item> {
    let read: Vec<_> = scripts.iter().map(|(line, script)| (*line, of_script(script, *line))).collect();
    let all = Value::Array(read.iter().filter_map(|(_, script)| Some(script.as_ref().ok()?.0.clone())).collect());
    let mut items = Vec::new();
    for (line, script) in read {
        match script {
            Ok((value, repaired)) => {
                for posting in jobposting::find(&value, &all) {
                    let mut item = of_posting(&posting, line);
                    if repaired {
                        say_repaired(&mut item);
                    }
                    items.push(item);
                }
            }
            Err(refused) => items.push(Err(refused)),
        }
    }
    items
}

fn of_script(script: &str, line: u64) -> Result<(Value, bool), Refused> {
    let (text, repaired) = repair::json(script).map_err(|fault| not_json(&fault, line))?;
    let value = jobposting::read(&text).map_err(|error| Refused::new(line, format!("this cannot be read: {error}"), Vec::new()))?;
    Ok((value, repaired))
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
