//! What a map is drawn of: the edges, how long a degree is, and the outlines of the areas in it.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use serde::Serialize;

use super::outline::MUNICIPALITIES;

/// Metres of a degree of latitude.
pub(super) const DEGREE: f64 = 111_195.0;

/// A ring of corners, in units of the drawing.
pub(super) type Ring = Vec<(i32, i32)>;

/// A region.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
    /// Units of the drawing to a degree of latitude.
    scale: f64,
    /// A degree of longitude is shorter than one of latitude.
    shorter: f64,
    pub(super) areas: Vec<Area>,
}

/// A municipality, or whatever else has an outline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Area {
    pub name: String,
    /// Its outline, as SVG writes one.
    pub path: String,
    /// Where its name stands.
    pub x: i32,
    pub y: i32,
    /// Whether its name fits.
    pub named: bool,
}

static FLEVOLAND: LazyLock<Arc<Region>> = LazyLock::new(|| {
    let mut region = Region::new((4.98, 6.07), (52.21, 52.88), 1_000.0);
    region.shorter = 0.608_8;
    region.areas = MUNICIPALITIES
        .iter()
        .map(|(_, name, outline)| {
            let ring = outline.iter().map(|(longitude, latitude)| region.at(*longitude, *latitude)).collect();
            Area::of((*name).to_owned(), &[ring], true)
        })
        .collect();
    Arc::new(region)
});

impl Region {
    /// Between these degrees, without anything in it.
    pub(super) fn new((west, east): (f64, f64), (south, north): (f64, f64), scale: f64) -> Self {
        let shorter = south.midpoint(north).to_radians().cos();
        Self { west, east, south, north, scale, shorter, areas: Vec::new() }
    }

    /// Flevoland, coarsely.
    pub(crate) fn flevoland() -> Arc<Self> {
        Arc::clone(&FLEVOLAND)
    }

    /// How many areas it has.
    #[must_use]
    pub fn areas(&self) -> usize {
        self.areas.len()
    }

    /// How wide and how high its drawing is.
    pub(super) fn size(&self) -> (i32, i32) {
        self.at(self.east, self.south)
    }

    /// Where something is on the drawing.
    pub(super) fn at(&self, longitude: f64, latitude: f64) -> (i32, i32) {
        let (x, y) = self.exactly_at(longitude, latitude);
        (units(x), units(y))
    }

    pub(super) fn exactly_at(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        ((longitude - self.west) * self.shorter * self.scale, (self.north - latitude) * self.scale)
    }

    /// So many metres, in units of the drawing.
    pub(super) fn exactly(&self, metres: f64) -> f64 {
        metres / DEGREE * self.scale
    }

    pub(super) fn holds(&self, longitude: f64, latitude: f64) -> bool {
        (self.west..self.east).contains(&longitude) && (self.south..self.north).contains(&latitude)
    }
}

impl Area {
    /// Of the rings of its outline; its name stands in the largest.
    pub(super) fn of(name: String, rings: &[Ring], named: bool) -> Self {
        let largest = rings.iter().max_by_key(|ring| twice_the_area(ring).abs());
        let (x, y) = largest.map_or((0, 0), |ring| middle(ring));
        let mut path = String::new();
        for ring in rings {
            for (index, (x, y)) in ring.iter().enumerate() {
                // A text can always be written to.
                let _ = write!(path, "{}{x},{y}", if index == 0 { "M" } else { " " });
            }
            path.push('z');
        }
        Self { name, path, x, y, named }
    }
}

/// Twice the area within a ring; below zero where it goes the other way about.
pub(super) fn twice_the_area(ring: &[(i32, i32)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|((ax, ay), (bx, by))| i64::from(*ax) * i64::from(*by) - i64::from(*bx) * i64::from(*ay)).sum()
}

/// The middle of what a ring holds.
fn middle(ring: &[(i32, i32)]) -> (i32, i32) {
    let (mut x, mut y) = (0, 0);
    for ((ax, ay), (bx, by)) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let part = i64::from(*ax) * i64::from(*by) - i64::from(*bx) * i64::from(*ay);
        (x, y) = (x + i64::from(ax + bx) * part, y + i64::from(ay + by) * part);
    }
    let of = |sum: i64| sum.checked_div(3 * twice_the_area(ring)).and_then(|middle| i32::try_from(middle).ok()).unwrap_or_default();
    (of(x), of(y))
}

#[expect(clippy::cast_possible_truncation, reason = "whatever is drawn is some thousand units across at most")]
pub(super) fn units(length: f64) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use polder_model::reference::Reference;

    use super::*;

    /// Whether a point is inside an outline: a line from it to the east crosses the outline an odd number of times.
    fn inside(outline: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
        let edges = outline.iter().zip(outline.iter().cycle().skip(1));
        let crosses =
            |((ax, ay), (bx, by)): &(&(f64, f64), &(f64, f64))| (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax;
        edges.filter(crosses).count() % 2 == 1
    }

    #[test]
    fn every_postcode_of_the_region_is_inside_the_outline_of_its_municipality_and_of_no_other() {
        let mut seen = 0;
        for place in Reference::starter().places() {
            let point = (place.longitude, place.latitude);
            for (code, name, outline) in MUNICIPALITIES {
                let is_its_own = place.municipality == *code;
                seen += usize::from(is_its_own);
                assert_eq!(inside(outline, point), is_its_own, "{} {}: {name}", place.postcode, place.name);
            }
        }
        assert!(seen > 90, "{seen}");
    }
}
