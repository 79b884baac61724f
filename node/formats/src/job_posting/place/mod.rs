//! Where the work is: places with their addresses, and work from anywhere.

mod address;
mod nearest;

use polder_model::Postcode4;
use polder_model::reference::Reference;
use serde_json::{Map, Value, json};

use super::read::Reading;
use crate::json_ld::{list, local, text};
use crate::report::Loss;
use nearest::Point;

const FIELD: &str = "jobLocation";

/// What one `jobLocation` becomes.
struct Found {
    /// Whether the tables have its postcode.
    known: bool,
    location: Map<String, Value>,
    losses: Vec<(Loss, String)>,
}

/// Reads `jobLocation` and `jobLocationType`: of several places the first that is known best; the others are kept as text.
pub(super) fn read(reading: &mut Reading<'_>, members: &Map<String, Value>) {
    let kind = members.get("jobLocationType").and_then(text).unwrap_or_default();
    let remote = local(kind.trim()).eq_ignore_ascii_case("TELECOMMUTE");
    if !remote && !kind.is_empty() {
        reading.draft.keep("jobLocationType", &kind, ("Werkplek", "Place of work"));
    }
    let places = members.get(FIELD).map(list).unwrap_or_default();
    let found = places.iter().enumerate().filter_map(|(index, place)| Some((index, find(place, reading.context.reference, remote)?)));
    let best = found.reduce(|best, next| if next.1.known && !best.1.known { next } else { best });
    let chosen = best.as_ref().map(|(index, _)| *index);
    let others = places.iter().enumerate().filter(|(index, _)| Some(*index) != chosen);
    let others: Vec<String> = others.map(|(_, place)| address::written(place)).filter(|other| !other.is_empty()).collect();
    if !others.is_empty() {
        let labels = if chosen.is_none() { ("Plaats", "Place") } else { ("Ook in", "Also at") };
        reading.draft.keep(FIELD, &others.join("\n"), labels);
    }
    let mut location = match best {
        Some((index, found)) => {
            found.losses.into_iter().for_each(|(loss, of)| reading.draft.note_of(FIELD, loss, &of));
            if let Some(street) = address::street(&places[index]) {
                reading.draft.keep(FIELD, &street, ("Adres", "Address"));
            }
            found.location
        }
        None => {
            if !remote && !places.is_empty() {
                let because = "no Dutch postcode, nor a place in or near which the tables know one; by commute nobody finds it";
                reading.draft.note(FIELD, Loss::LeftOut { because });
            }
            Map::new()
        }
    };
    if remote {
        location.insert("remoteShare".to_owned(), 100.into());
    }
    if !location.is_empty() {
        reading.draft.put("location", location);
    }
}

/// What is known of one place in the Netherlands: its postcode, or that of its coordinates, or that of its name. Remote work needs none.
fn find(given: &Value, tables: &Reference, remote: bool) -> Option<Found> {
    if address::is_abroad(given) {
        return None;
    }
    let (mut losses, mut location) = (Vec::new(), Map::new());
    let own = address::postcode(given, tables);
    let by_postcode = own.as_deref().and_then(|postcode| tables.place(Postcode4::from_postcode(postcode).ok()?));
    let named = address::place(given, tables);
    let mut point = nearest::point(given);
    let contradicted = |(point, place)| nearest::contradicts(point, place, tables);
    if !remote && point.zip(by_postcode.or(named)).is_some_and(contradicted) {
        let because = "the coordinates are far from the place";
        losses.push((Loss::LeftOut { because }, address::written(given)));
        point = None;
    }
    let (mut known, mut name) = (by_postcode.is_some(), address::locality(given, remote));
    let by_point = point.filter(|_| !remote).and_then(|point| nearest::place(point, tables));
    let looked_up = by_point.map(|place| (place, "the postcode is the one nearest to the coordinates"));
    let looked_up = looked_up.or_else(|| named.map(|place| (place, "the postcode is that of the middle of the place that is named")));
    if let Some(postcode) = own {
        location.insert("postcode".to_owned(), postcode.into());
    } else if !remote {
        let (place, what) = looked_up?;
        location.insert("postcode".to_owned(), place.postcode.to_string().into());
        losses.push((Loss::Assumed { what }, format!("{} {}", place.postcode, place.name)));
        (known, name) = (true, name.or_else(|| Some(place.name.clone())));
    }
    if let Some(name) = name.or_else(|| named.map(|place| place.name.clone())) {
        location.insert("place".to_owned(), name.into());
    }
    if let Some(Point { latitude, longitude }) = point {
        location.extend([("latitude".to_owned(), json!(latitude)), ("longitude".to_owned(), json!(longitude))]);
    }
    for id in given.get("identifier").map(list).unwrap_or_default() {
        let is_code = |code: &String| code.len() == 6 && code.starts_with("GM") && code[2..].bytes().all(|b| b.is_ascii_digit());
        if let Some(code) = id.get("value").and_then(text).filter(is_code) {
            location.insert("municipality".to_owned(), code.into());
        }
    }
    Some(Found { known, location, losses })
}
