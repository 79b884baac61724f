//! Vacancies of SETU Vacancies 1.1 (`PositionOpeningNL`) and of HR-XML (`PositionOpening`).

mod fields;
mod read;
mod values;

pub use fields::TABLE;

use crate::bounds::{self, MOST_RECORDS};
use crate::report::{Place, Read, Refused, Why};
use crate::text::Lines;
use crate::{Context, encoding, xml};

/// So far into a text it is looked what it is, in bytes.
const LOOKED_AT: usize = 4 * 1024;

/// Whether a text that begins with `<` is XML of its own and no page: an XML declaration before another element than `html`, or one of these vacancies.
#[must_use]
pub fn is_likely(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    let declared = start.trim_start_matches(['\u{feff}', ' ', '\r', '\n']).starts_with("<?xml");
    let element =
        xml::after_prolog(&start).trim_start_matches('<').trim_start_matches("!DOCTYPE").trim_start_matches("!doctype").trim_start();
    let name = element.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '[')).next().unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or_default();
    name.starts_with("PositionOpening") || declared && name.starts_with(char::is_alphabetic) && !name.eq_ignore_ascii_case("html")
}

/// Reads the vacancies of an XML document: one, or any number of them in other elements.
#[must_use]
pub fn read(bytes: &[u8], context: Context<'_>) -> Read {
    let text = match bounds::size(bytes).and_then(|()| encoding::decode(bytes)) {
        Ok(text) => text,
        Err(why) => return Read::whole(why),
    };
    let document = match xml::parse(&text) {
        Ok(document) => document,
        Err((why, line)) => return Read::whole_at(why, line),
    };
    let is_opening =
        |node: &roxmltree::Node<'_, '_>| node.is_element() && ["PositionOpeningNL", "PositionOpening"].contains(&xml::name(node));
    let (mut read, mut keys, mut lines, mut item) = (Read::default(), std::collections::HashSet::new(), Lines::from(&text, 1), 0);
    let mut end = 0;
    for node in document.descendants().filter(is_opening) {
        // One in another is part of it.
        if node.range().start < end {
            continue;
        }
        end = node.range().end;
        item += 1;
        let place = Place { item: Some(item), line: Some(lines.of_part(&text[node.range().start..])) };
        if item > MOST_RECORDS {
            read.refused.push(Refused::new(place, "", Why::TooMuch { what: "records", most: MOST_RECORDS }));
            break;
        }
        match read::opening(&node, place, context) {
            read::Came::Ended(ended) => read.ended.push(ended),
            read::Came::Record(record) => read.take(&mut keys, *record),
        }
    }
    if item == 0 {
        return Read::whole(Why::NothingFound { sought: "an element PositionOpeningNL or PositionOpening" });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_told_from_pages() {
        for xml in [
            "<PositionOpeningNL>",
            "<setu:PositionOpening xmlns:setu='x'>",
            "<?xml version='1.0'?>\n<!-- x --><Envelope>",
            "<!-- x --> <PositionOpening/>",
            "<?xml version='1.0'?><!DOCTYPE Feed [",
        ] {
            assert!(is_likely(xml.as_bytes()), "{xml}");
        }
        for page in [
            "<!doctype html><html>",
            "<html>",
            "<?xml version='1.0'?><html xmlns='x'>",
            "<?xml?><!DOCTYPE html PUBLIC 'x'>",
            "<script>",
            "<",
            "<?xml",
        ] {
            assert!(!is_likely(page.as_bytes()), "{page}");
        }
    }
}
