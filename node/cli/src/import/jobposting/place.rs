//! Where the work is.

mod address;
mod nearest;

use polder_model::Postcode4;
use polder_model::reference::Place;
use serde_json::{Value, json};

use super::draft::Draft;
use super::values::{list, text, without_prefix};
use crate::import::Note;
use crate::tables;
use nearest::Point;

/// What one `jobLocation` becomes.
struct Found {
    /// Whether the tables have its postcode.
    known: bool,
    location: Value,
    notes: Vec<Note>,
}

/// Sets the location from `jobLocation` and `jobLocationType`: the first place that is known best.
pub(super) fn location(posting: &Value, draft: &mut Draft) {
    let places = list(&posting["jobLocation"]);
    let remote = is_remote(&posting["jobLocationType"], draft);
    let found = places.iter().enumerate().filter_map(|(index, place)| Some((index, find(place)?)));
    let best = found.reduce(|best, next| if next.1.known && !best.1.known { next } else { best });
    let mut location = match best {
        Some((index, found)) => {
            found.notes.into_iter().for_each(|note| draft.note_about(note.says, note.of));
            others(&places, index, draft);
            found.location
        }
        None => {
            nowhere(&places, remote, draft);
            if !remote {
                return;
            }
            json!({})
        }
    };
    if remote {
        location["remoteShare"] = json!(100);
    }
    draft.set("location", location);
}

fn is_remote(given: &Value, draft: &mut Draft) -> bool {
    let kind = text(given).unwrap_or_default();
    let remote = without_prefix(&kind).eq_ignore_ascii_case("TELECOMMUTE");
    if !kind.is_empty() && !remote {
        draft.note_about("jobLocationType: only TELECOMMUTE is known, left out", kind);
    }
    remote
}

fn nowhere(places: &[&Value], remote: bool, draft: &mut Draft) {
    let so = if remote { "left out" } else { "the vacancy will not be found by commute" };
    if !places.is_empty() {
        let names: Vec<String> = places.iter().map(|place| address::shown(place)).collect();
        draft
            .note_about(format!("jobLocation: no Dutch postcode, and not in or near a place that the tables know; {so}"), names.join(", "));
    } else if !remote {
        draft.note(format!("jobLocation: not given; {so}"));
    }
}

fn others(places: &[&Value], kept: usize, draft: &mut Draft) {
    let others = places.iter().enumerate().filter(|(index, _)| *index != kept);
    let names: Vec<String> = others.map(|(_, place)| address::shown(place)).collect();
    if !names.is_empty() {
        draft
            .note_about("jobLocation: a vacancy has one place; the first that is known is kept, the others are left out", names.join(", "));
    }
}

/// What is known of one place: its postcode, or that of its coordinates, or that of its name.
fn find(given: &Value) -> Option<Found> {
    if address::is_abroad(given) {
        return None;
    }
    let mut notes = Vec::new();
    let postcode = address::postcode(given);
    let by_postcode = postcode.as_deref().and_then(|postcode| tables::in_use().place(Postcode4::from_postcode(postcode).ok()?));
    let named = address::place(given);
    let mut point = nearest::point(given);
    if point.zip(by_postcode.or(named)).is_some_and(|(point, place)| nearest::contradicts(point, place)) {
        notes.push(Note::about("jobLocation: the coordinates are far from the place and are left out", address::shown(given)));
        point = None;
    }
    let by_point = point.and_then(nearest::place);
    let mut found = if let Some(postcode) = postcode {
        let mut location = json!({"postcode": postcode});
        if let Some(place) = by_postcode {
            location["municipality"] = json!(place.municipality);
        }
        Found { known: by_postcode.is_some(), location, notes }
    } else if let Some(place) = by_point {
        notes.push(of_table("jobLocation: the postcode is the one nearest to the coordinates, since none is given", place));
        Found { known: true, location: in_table(place), notes }
    } else if let Some(place) = named {
        notes.push(of_table("jobLocation: the postcode is that of the place, since none is given", place));
        Found { known: true, location: in_table(place), notes }
    } else {
        return None;
    };
    if let Some(name) = address::locality(given).or_else(|| named.map(|place| place.name.clone())) {
        found.location["place"] = json!(name);
    }
    if let Some(Point { latitude, longitude }) = point {
        found.location["latitude"] = json!(latitude);
        found.location["longitude"] = json!(longitude);
    }
    Some(found)
}

fn in_table(place: &Place) -> Value {
    json!({"postcode": place.postcode, "place": place.name, "municipality": place.municipality})
}

fn of_table(says: &str, place: &Place) -> Note {
    Note::about(says, format!("{} {}", place.postcode, place.name))
}
