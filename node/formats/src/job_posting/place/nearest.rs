//! Coordinates, and the places of the tables near them.

use polder_model::reference::{Place, Reference};
use serde_json::Value;

use crate::json_ld::{list, text};

/// A place is that of coordinates within this distance, in kilometres.
const NEAR: f64 = 5.0;
/// Coordinates further than this from the place that is named are of something else, in kilometres.
const FAR: f64 = 15.0;
/// Kilometres in a degree of latitude.
const DEGREE: f64 = 111.2;

/// A point, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// The coordinates of a place, where it has both.
pub(super) fn point(given: &Value) -> Option<Point> {
    let geo = given.get("geo").and_then(|geo| list(geo).first()).unwrap_or(given);
    let degrees = |name: &str, bound: f64| {
        let degrees: f64 = text(geo.get(name)?)?.trim().replace(',', ".").parse().ok()?;
        // Sites write 0 for what they do not know.
        (degrees.abs() <= bound && degrees != 0.0).then_some(degrees)
    };
    Some(Point { latitude: degrees("latitude", 90.0)?, longitude: degrees("longitude", 180.0)? })
}

/// The place of the tables nearest to a point, if it is near.
pub(super) fn place(point: Point, tables: &Reference) -> Option<&Place> {
    let all = tables.places().iter().map(|place| (kilometres(point, place), place));
    let (distance, place) = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= NEAR).then_some(place)
}

/// Whether a point cannot be in the place of that name.
pub(super) fn contradicts(point: Point, place: &Place, tables: &Reference) -> bool {
    let same = tables.places().iter().filter(|other| other.name == place.name && other.municipality == place.municipality);
    same.map(|place| kilometres(point, place)).all(|distance| distance > FAR)
}

/// Near enough within a country.
fn kilometres(point: Point, place: &Place) -> f64 {
    let north = point.latitude - place.latitude;
    let east = (point.longitude - place.longitude) * point.latitude.to_radians().cos();
    north.hypot(east) * DEGREE
}
