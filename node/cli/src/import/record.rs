//! From the text of one record to an offer, or several where a document holds several.

use polder_formats::repair::{self, Fault};
use polder_formats::report::Loss;
use polder_formats::{Context, job_posting, position_opening};
use polder_model::line::{FORM, LineRead};
use polder_model::{Finding, FindingCode, OfferKey};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Format, Item, Note, Options, Record, Refused, foreign};
use crate::print::Lang;
use crate::tables;

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
        items.iter_mut().for_each(|item| say_repaired(item, options.lang));
    }
    items
}

/// Says that the JSON of an item was repaired.
pub(super) fn say_repaired(item: &mut Item, lang: Lang) {
    let mapping = match item {
        Ok(record) => &mut record.mapping,
        Err(refused) => &mut refused.mapping,
    };
    mapping.insert(0, Note::about(foreign::loss_in_words(&Loss::Repaired, lang), ""));
}

/// What is said of a text that begins on this line and is not JSON.
pub(super) fn not_json(fault: &Fault, begins: u64) -> Refused {
    let line = begins + fault.line - 1;
    let what = format!("{} at column {}", fault.what, fault.column);
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
    if linked { postings(text.as_bytes(), line, options) } else { vec![of_line(text, line, options)] }
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
    Ok(Record { line, entry: None, kind, key, document: read.document.get().to_owned(), mapping: Vec::new() })
}

/// Every JobPosting of a document or a page, which begins on this line.
pub(super) fn postings(text: &[u8], line: u64, options: Options) -> Vec<Item> {
    let context = Context { today: options.today, reference: tables::in_use() };
    foreign::items(job_posting::read(text, context), line, options.lang)
}

/// Every vacancy of an XML document, which begins on this line.
pub(super) fn openings(text: &[u8], line: u64, options: Options) -> Vec<Item> {
    let context = Context { today: options.today, reference: tables::in_use() };
    foreign::items(position_opening::read(text, context), line, options.lang)
}
