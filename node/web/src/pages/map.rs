//! A map of the region: coarse outlines of its municipalities, a circle for a commute, a dot for each place where there is something. It is drawn here, and
//! nothing of it comes from elsewhere. Whatever it shows, the page beside it says in words.

mod outline;

use polder_model::code::TravelMode;
use polder_model::query::Measure;
use polder_model::reference::{Place, Reference};
use polder_model::{Postcode4, travel};
use serde::Serialize;

use outline::MUNICIPALITIES;

/// The edges of the map, in degrees.
const WEST: f64 = 4.98;
const EAST: f64 = 6.07;
const SOUTH: f64 = 52.21;
const NORTH: f64 = 52.88;
/// Units of the drawing to a degree of latitude.
const SCALE: f64 = 1_000.0;
/// A degree of longitude is shorter than one of latitude, at the middle of this map (52.5° north).
const SHORTER: f64 = 0.608_8;
/// Metres of a degree of latitude.
const DEGREE: f64 = 111_195.0;
/// Dots that are nearer to each other than this, in units of the drawing, would lie over each other.
const APART: i32 = 32;

/// A map.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Map {
    width: i32,
    height: i32,
    areas: Vec<Area>,
    circle: Option<Circle>,
    dots: Vec<Dot>,
    /// How many things are somewhere beyond its edges, or at no place.
    elsewhere: usize,
}

/// A municipality.
#[derive(Clone, Debug, Serialize)]
struct Area {
    name: &'static str,
    points: String,
    x: i32,
    y: i32,
}

/// As far as one can come.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Circle {
    x: i32,
    y: i32,
    radius: i32,
}

/// A place with something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Dot {
    x: i32,
    y: i32,
    place: String,
    count: usize,
}

impl Dot {
    /// One more, at this place or beside it.
    fn add(&mut self, place: &str) {
        self.count += 1;
        if self.place.split(", ").all(|known| known != place) {
            self.place = format!("{}, {place}", self.place);
        }
    }
}

impl Map {
    /// The region, with nothing on it.
    pub(crate) fn new() -> Self {
        let areas = MUNICIPALITIES.iter().map(|(_, name, outline)| {
            let corners: Vec<(i32, i32)> = outline.iter().map(|(longitude, latitude)| at(*longitude, *latitude)).collect();
            let points: Vec<String> = corners.iter().map(|(x, y)| format!("{x},{y}")).collect();
            let (x, y) = middle(&corners);
            Area { name, points: points.join(" "), x, y }
        });
        let (width, height) = at(EAST, SOUTH);
        Self { width, height, areas: areas.collect(), circle: None, dots: Vec::new(), elsewhere: 0 }
    }

    /// With a circle that holds every place within so many minutes; the ways about the region's water make it less than that in places.
    pub(crate) fn with_commute(mut self, reference: &Reference, from: Postcode4, mode: TravelMode, minutes: u16) -> Self {
        let Some(home) = reference.place(from) else { return self };
        let reached = travel::reach(reference, from, mode, Measure::Minutes, minutes.into());
        let far = straight(reference, mode, minutes.into());
        let far = reached.iter().filter_map(|reach| reference.place(reach.0)).map(|place| metres(home, place)).fold(far, f64::max);
        let (x, y) = at(home.longitude, home.latitude);
        self.circle = Some(Circle { x, y, radius: units(far / DEGREE * SCALE) });
        self
    }

    /// With a dot for each place of these; places that are close to each other share one.
    pub(crate) fn with_dots(mut self, reference: &Reference, places: &[Option<Postcode4>]) -> Self {
        self.elsewhere = 0;
        self.dots.clear();
        for place in places {
            let found = place.and_then(|postcode| reference.place(postcode)).filter(|place| is_within(place));
            let Some(place) = found else {
                self.elsewhere += 1;
                continue;
            };
            let (x, y) = at(place.longitude, place.latitude);
            match self.dots.iter_mut().find(|dot| (dot.x - x).abs().max((dot.y - y).abs()) < APART) {
                Some(dot) => dot.add(&place.name),
                None => self.dots.push(Dot { x, y, place: place.name.clone(), count: 1 }),
            }
        }
        self
    }

    /// What is drawn on it: the circle, the dots, and how many things are on none.
    pub(crate) fn into_drawn(self) -> (Option<Circle>, Vec<Dot>, usize) {
        (self.circle, self.dots, self.elsewhere)
    }
}

/// The middle of what an outline holds.
fn middle(corners: &[(i32, i32)]) -> (i32, i32) {
    let (mut twice, mut x, mut y) = (0, 0, 0);
    for ((ax, ay), (bx, by)) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let part = i64::from(ax * by - bx * ay);
        (twice, x, y) = (twice + part, x + i64::from(ax + bx) * part, y + i64::from(ay + by) * part);
    }
    let of = |sum: i64| sum.checked_div(3 * twice).and_then(|middle| i32::try_from(middle).ok()).unwrap_or_default();
    (of(x), of(y))
}

#[expect(clippy::cast_possible_truncation, reason = "whatever is drawn is some thousand units across at most")]
fn units(length: f64) -> i32 {
    length.round() as i32
}

fn at(longitude: f64, latitude: f64) -> (i32, i32) {
    (units((longitude - WEST) * SHORTER * SCALE), units((NORTH - latitude) * SCALE))
}

fn is_within(place: &Place) -> bool {
    (WEST..EAST).contains(&place.longitude) && (SOUTH..NORTH).contains(&place.latitude)
}

/// As far as a mode comes in so many minutes where no water is in its way, in a straight line; at the speeds by which a question measures.
fn straight(reference: &Reference, mode: TravelMode, minutes: f64) -> f64 {
    let (mut far, mut moving) = (0.0_f64, 0.0);
    for band in reference.speeds().iter().filter(|speed| speed.mode == mode) {
        let left = minutes - band.fixed_minutes - moving;
        if left <= 0.0 {
            break;
        }
        let stretch = (left * band.metres_per_minute).min(band.to_metres - band.from_metres);
        far = far.max(band.from_metres + stretch);
        moving += stretch / band.metres_per_minute;
    }
    far / travel::DETOUR
}

/// In a straight line.
fn metres(one: &Place, other: &Place) -> f64 {
    let (north, east) = (one.latitude - other.latitude, (one.longitude - other.longitude) * SHORTER);
    north.hypot(east) * DEGREE
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_circle_holds_what_is_within_reach_and_dots_are_counted() {
        let reference = Reference::starter();
        let lelystad: Postcode4 = "8232".parse().expect("a postcode");
        let circle = |minutes| {
            let map = Map::new().with_commute(reference, lelystad, TravelMode::Bike, minutes);
            map.circle.expect("a circle").radius
        };
        assert!(circle(1) < circle(30) && circle(30) < circle(60), "{} {} {}", circle(1), circle(30), circle(60));
        // 12.6 km by bike in an hour, as the crow flies: 59 minutes at 16 km/h, on roads that are a quarter longer.
        assert_eq!(circle(60), 113);
        let amsterdam: Postcode4 = "1012".parse().expect("a postcode");
        let map = Map::new().with_dots(reference, &[Some(lelystad), None, Some(lelystad), Some(amsterdam)]);
        let (_, dots, elsewhere) = map.into_drawn();
        assert_eq!((dots.len(), dots[0].count, elsewhere), (1, 2, 2), "{dots:?}");
    }
}
