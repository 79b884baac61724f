//! A map of the region: outlines of its municipalities, a circle for a commute, a dot for each place where there is something. It is drawn here, and
//! nothing of it comes from elsewhere. Whatever it shows, the page beside it says in words.

mod file;
mod outline;
mod region;

use std::sync::Arc;

use polder_model::code::TravelMode;
use polder_model::query::Measure;
use polder_model::reference::{Place, Reference};
use polder_model::{Postcode4, travel};
use serde::{Serialize, Serializer};

use super::{Said, Words};
use region::DEGREE;
pub use region::Region;

/// Dots that are nearer to each other than this, in units of the drawing, would lie over each other.
const APART: i32 = 32;

/// A map.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Map {
    width: i32,
    height: i32,
    #[serde(rename = "areas", serialize_with = "areas")]
    region: Arc<Region>,
    circle: Option<Circle>,
    dots: Vec<Dot>,
    /// The letter of the dot at which each thing is; empty where it is at none.
    #[serde(skip)]
    letters: Vec<String>,
    /// How many things are somewhere beyond its edges, or at no place.
    elsewhere: usize,
}

fn areas<S: Serializer>(region: &Arc<Region>, serializer: S) -> Result<S::Ok, S::Error> {
    region.areas.serialize(serializer)
}

/// As far as one can come.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Circle {
    x: i32,
    y: i32,
    radius: i32,
}

/// A place with something. Its letter says which things of a list are there; a number would look like a rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Dot {
    x: i32,
    y: i32,
    letter: String,
    place: String,
    count: usize,
}

/// What of a map a script fills in.
#[derive(Serialize)]
pub(crate) struct Drawn {
    circle: Option<Circle>,
    dots: Vec<Dot>,
    /// How many things are not on it, in words.
    elsewhere: String,
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
    /// A region, with nothing on it.
    pub(crate) fn of(region: &Arc<Region>) -> Self {
        let (width, height) = region.size();
        Self { width, height, region: Arc::clone(region), circle: None, dots: Vec::new(), letters: Vec::new(), elsewhere: 0 }
    }

    /// With a circle that holds every place within so many minutes; the ways about the region's water make it less than that in places.
    pub(crate) fn with_commute(mut self, reference: &Reference, from: Postcode4, mode: TravelMode, minutes: u16) -> Self {
        let Some(home) = reference.place(from) else { return self };
        let reached = travel::reach(reference, from, mode, Measure::Minutes, minutes.into());
        let far = straight(reference, mode, minutes.into());
        let places = reached.iter().filter_map(|reach| reference.place(reach.0));
        let far = places.map(|place| metres(home, place)).fold(far, f64::max);
        let (x, y) = self.region.at(home.longitude, home.latitude);
        self.circle = Some(Circle { x, y, radius: self.region.length(far) });
        self
    }

    /// With a dot for each place of these; places that are close to each other share one.
    pub(crate) fn with_dots(mut self, reference: &Reference, places: &[Option<Postcode4>]) -> Self {
        self.elsewhere = 0;
        self.dots.clear();
        self.letters.clear();
        for place in places {
            let found =
                place.and_then(|postcode| reference.place(postcode)).filter(|place| self.region.holds(place.longitude, place.latitude));
            let Some(place) = found else {
                self.elsewhere += 1;
                self.letters.push(String::new());
                continue;
            };
            let (x, y) = self.region.at(place.longitude, place.latitude);
            match self.dots.iter_mut().find(|dot| (dot.x - x).abs().max((dot.y - y).abs()) < APART) {
                Some(dot) => {
                    dot.add(&place.name);
                    self.letters.push(dot.letter.clone());
                }
                None => {
                    let letter = letter(self.dots.len());
                    self.letters.push(letter.clone());
                    self.dots.push(Dot { x, y, letter, place: place.name.clone(), count: 1 });
                }
            }
        }
        self
    }

    /// The letter of the dot of each thing, in their order; empty where it is at none.
    pub(crate) fn letters(&self) -> &[String] {
        &self.letters
    }

    /// What is drawn on it: the circle, the dots, and how many things are on none.
    pub(crate) fn drawn(self, words: &Words) -> Drawn {
        let count = i64::try_from(self.elsewhere).unwrap_or(i64::MAX);
        let elsewhere = if count == 0 { String::new() } else { words.text("map-elsewhere", &[("count", Said::Number(count))]) };
        Drawn { circle: self.circle, dots: self.dots, elsewhere }
    }
}

/// A to Z, then AA to ZZ, and so on.
fn letter(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { last.to_string() } else { format!("{}{last}", letter(index / 26 - 1)) }
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
    let shorter = one.latitude.midpoint(other.latitude).to_radians().cos();
    let (north, east) = (one.latitude - other.latitude, (one.longitude - other.longitude) * shorter);
    north.hypot(east) * DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_holds_what_is_within_reach_and_dots_are_counted() {
        let reference = Reference::starter();
        let lelystad: Postcode4 = "8232".parse().expect("a postcode");
        let circle = |minutes| {
            let map = Map::of(&Region::flevoland()).with_commute(reference, lelystad, TravelMode::Bike, minutes);
            map.circle.expect("a circle").radius
        };
        assert!(circle(1) < circle(30) && circle(30) < circle(60), "{} {} {}", circle(1), circle(30), circle(60));
        // 12.6 km by bike in an hour, as the crow flies: 59 minutes at 16 km/h, on roads that are a quarter longer.
        assert_eq!(circle(60), 113);
        let amsterdam: Postcode4 = "1012".parse().expect("a postcode");
        let map = Map::of(&Region::flevoland()).with_dots(reference, &[Some(lelystad), None, Some(lelystad), Some(amsterdam)]);
        assert_eq!(map.letters(), ["A", "", "A", ""], "each thing names its dot");
        assert_eq!((map.dots.len(), map.dots[0].count, map.elsewhere), (1, 2, 2), "{:?}", map.dots);
        assert_eq!([0, 25, 26, 51, 702].map(letter), ["A", "Z", "AA", "AZ", "AAA"]);
    }
}
