//! schema.org JobPosting: vacancies as search engines and job boards read them.

mod dates;
mod education;
mod fields;
mod hours;
mod page;
mod place;
mod read;
mod salary;
mod values;
mod write;

pub use fields::{NOT_WRITTEN, TABLE};
pub use write::{for_page, write};

use crate::bounds;
use crate::json_ld::{Part, Things};
use crate::report::{Read, Why};
use crate::text::Lines;
use crate::{Context, encoding};

/// Reads the vacancies of a JSON-LD document, of NDJSON, or of an HTML page.
#[must_use]
pub fn read(bytes: &[u8], context: Context<'_>) -> Read {
    let decoded = match bounds::size(bytes).and_then(|()| encoding::decode(bytes)) {
        Ok(decoded) => decoded,
        Err(why) => return Read::whole(why),
    };
    let parts: Vec<Part<'_>> = if decoded.trim_start().starts_with('<') {
        let mut lines = Lines::from(&decoded, 1);
        page::scripts(&decoded).into_iter().map(|script| Part::of(script, lines.of_part(script))).collect()
    } else {
        vec![Part::of(&decoded, 1)]
    };
    let mut things = Things::of("JobPosting", &parts);
    if things.found.is_empty() && things.refused.is_empty() {
        return Read::whole(Why::NothingFound {
            sought: "an object whose @type is JobPosting, or a page with one in a script of type application/ld+json",
        });
    }
    let mut read = Read { refused: std::mem::take(&mut things.refused), ..Read::default() };
    let mut keys = std::collections::HashSet::new();
    for thing in std::mem::take(&mut things.found) {
        let record = read::record(&thing, &mut things, context);
        read.take(&mut keys, record);
    }
    read.refused.sort_by_key(|refused| (refused.place.line, refused.place.item));
    read
}
