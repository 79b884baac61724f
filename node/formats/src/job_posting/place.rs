//! Where the work is: places with their addresses, and work from anywhere.

use serde_json::{Map, Value, json};

use super::read::Reading;
use crate::json_ld::{list, said, text};
use crate::report::Loss;
use crate::text::{at_most, one_line};

const FIELD: &str = "jobLocation";

/// Reads `jobLocation` and `jobLocationType`.
pub(super) fn read(reading: &mut Reading<'_>, members: &Map<String, Value>) {
    let kind = members.get("jobLocationType").and_then(text).unwrap_or_default();
    let remote = kind.trim().eq_ignore_ascii_case("TELECOMMUTE");
    if !remote && !kind.is_empty() {
        reading.draft.keep("jobLocationType", &kind, ("Werkplek", "Place of work"));
    }
    let mut location = Map::new();
    let mut others = Vec::new();
    for one in members.get(FIELD).map(list).unwrap_or_default() {
        match dutch(reading, one, remote) {
            Some(found) if location.is_empty() => location = found,
            _ => others.push(written(one)),
        }
    }
    others.retain(|other| !other.is_empty());
    if !others.is_empty() {
        let labels = if location.is_empty() { ("Plaats", "Place") } else { ("Ook in", "Also at") };
        reading.draft.keep(FIELD, &others.join("\n"), labels);
    }
    if remote {
        location.insert("remoteShare".to_owned(), 100.into());
    }
    if !location.is_empty() {
        reading.draft.put("location", location);
    }
}

/// An address on one line.
fn written(place: &Value) -> String {
    let address = place.get("address").map(list).and_then(<[Value]>::first).unwrap_or(place);
    let parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
    let parts: Vec<String> = parts.iter().filter_map(|name| address.get(*name)).filter_map(text).map(|part| one_line(&part)).collect();
    if parts.is_empty() { said(place, false) } else { parts.join(", ") }
}

/// A place in the Netherlands whose postcode is known: its own, or that of the middle of the place that is named. Remote work needs none.
fn dutch(reading: &mut Reading<'_>, place: &Value, remote: bool) -> Option<Map<String, Value>> {
    let address = place.get("address").map(list).and_then(<[Value]>::first).or(Some(place))?;
    let of = |name: &str| address.get(name).and_then(text).map(|text| one_line(&text)).filter(|text| !text.is_empty());
    let country = of("addressCountry").unwrap_or_else(|| "NL".to_owned()).to_lowercase();
    if !["nl", "nld", "netherlands", "the netherlands", "nederland"].contains(&country.as_str()) {
        return None;
    }
    let name = of("addressLocality");
    let own = of("postalCode").and_then(|text| crate::values::postcode(&text));
    let mut location = Map::new();
    if let Some(postcode) = own {
        location.insert("postcode".to_owned(), postcode.into());
    } else if !remote {
        let named = reading.context.reference.place_named(name.as_deref()?)?;
        location.insert("postcode".to_owned(), named.postcode.to_string().into());
        reading.draft.note(FIELD, Loss::Assumed { what: "the postcode is that of the middle of the place that is named" });
    }
    if let Some(name) = name {
        location.insert("place".to_owned(), at_most(&name, 100).0.into());
    }
    if let Some(street) = of("streetAddress") {
        reading.draft.keep(FIELD, &street, ("Adres", "Address"));
    }
    let degrees = |name: &str, most: f64| {
        let value = place.get("geo").and_then(|geo| geo.get(name)).and_then(text)?;
        value.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most)
    };
    // 0, 0 is where those are who have none.
    let point = degrees("latitude", 90.0).zip(degrees("longitude", 180.0)).filter(|point| *point != (0.0, 0.0));
    if let Some((latitude, longitude)) = point {
        location.extend([("latitude".to_owned(), json!(latitude)), ("longitude".to_owned(), json!(longitude))]);
    }
    for id in place.get("identifier").map(list).unwrap_or_default() {
        let code = id
            .get("value")
            .and_then(text)
            .filter(|code| code.len() == 6 && code.starts_with("GM") && code[2..].bytes().all(|b| b.is_ascii_digit()));
        if let Some(code) = code {
            location.insert("municipality".to_owned(), code.into());
        }
    }
    Some(location)
}
