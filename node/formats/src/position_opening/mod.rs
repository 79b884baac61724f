//! Vacancies of SETU Vacancies 1.1 (`PositionOpeningNL`) and of HR-XML (`PositionOpening`).

mod fields;
mod read;
mod values;

pub use fields::TABLE;

use crate::bounds::{self, MOST_RECORDS};
use crate::report::{Place, Read, Refused, Why};
use crate::text::Lines;
use crate::{Context, xml};

/// Reads the vacancies of an XML document: one, or any number of them in other elements.
#[must_use]
pub fn read(bytes: &[u8], context: Context<'_>) -> Read {
    let text = match bounds::size(bytes).and_then(|()| xml::decode(bytes)) {
        Ok(text) => text,
        Err(why) => return Read::whole(why),
    };
    let document = match xml::parse(&text) {
        Ok(document) => document,
        Err(why) => return Read::whole(why),
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
            read.refused.push(Refused { place, field: String::new(), why: Why::TooMuch { what: "records", most: MOST_RECORDS } });
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
