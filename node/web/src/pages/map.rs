//! A map of the region: outlines of its municipalities, a circle for a commute, a dot for each place where there is something. It is drawn here, and
//! nothing of it comes from elsewhere. Whatever it shows, the page beside it says in words.

mod file;
mod outline;
mod region;
mod view;

use std::sync::Arc;

use polder_model::code::TravelMode;
use polder_model::query::Measure;
use polder_model::reference::{Place, Reference};
use polder_model::{Postcode4, travel};
use serde::{Serialize, Serializer};

use super::{Said, Words};
use region::DEGREE;
pub use region::Region;
use view::{Name, View};

/// Units of the drawing from the middle of a dot to its edge: on a phone a finger finds it.
const DOT: i32 = 20;
/// Dots that are nearer to each other than this, in units of the drawing, would lie over each other.
const APART: i32 = 46;
/// Units of the region by which a name may stand beside the middle of its area: further away it would name another.
const NAMED: f64 = 100.0;
/// Units that a dot takes with the count beside it.
const TAKES: i32 = DOT + 4;

/// A map.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Map {
    width: i32,
    height: i32,
    #[serde(rename = "areas", serialize_with = "areas")]
    region: Arc<Region>,
    /// What part of the region is looked at.
    transform: String,
    circle: Option<Circle>,
    names: Vec<Name>,
    dots: Vec<Dot>,
    /// At which dot each thing is.
    #[serde(skip)]
    pins: Vec<Pin>,
    /// How many things are beyond its edges, or at no place.
    elsewhere: usize,
    /// As far as one can come: the middle of it and how far, in units of the region.
    #[serde(skip)]
    reach: Option<((f64, f64), f64)>,
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

/// At which dot something is; empty where it is at none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pin {
    pub letter: String,
    /// By which the first thing at a dot is found in the list; empty for the others.
    pub anchor: String,
}

/// What of a map a script fills in.
#[derive(Serialize)]
pub(crate) struct Drawn {
    transform: String,
    circle: Option<Circle>,
    names: Vec<Name>,
    dots: Vec<SaidDot>,
    /// How many things are not on it, in words.
    elsewhere: String,
}

/// A dot, with what it says in words.
#[derive(Serialize)]
struct SaidDot {
    #[serde(flatten)]
    dot: Dot,
    said: String,
}

impl Dot {
    /// One more, at this place or beside it.
    fn add(&mut self, place: &str) {
        self.count += 1;
        if self.place.split(", ").all(|known| known != place) {
            self.place = format!("{}, {place}", self.place);
        }
    }

    /// What it says in words.
    fn said(&self, words: &Words) -> String {
        let count = Said::Number(i64::try_from(self.count).unwrap_or(i64::MAX));
        words.text("map-dot", &[("letter", Said::Text(&self.letter)), ("place", Said::Text(&self.place)), ("count", count)])
    }
}

impl Map {
    /// A region, with nothing on it.
    pub(crate) fn of(region: &Arc<Region>) -> Self {
        let (width, height) = region.size();
        let map = Self {
            width,
            height,
            region: Arc::clone(region),
            transform: String::new(),
            circle: None,
            names: Vec::new(),
            dots: Vec::new(),
            pins: Vec::new(),
            elsewhere: 0,
            reach: None,
        };
        map.drawn_with(&[])
    }

    /// With a circle that holds every place within so many minutes; the ways about the region's water make it less than that in places.
    pub(crate) fn with_commute(mut self, reference: &Reference, from: Postcode4, mode: TravelMode, minutes: u16) -> Self {
        let Some(home) = reference.place(from) else { return self };
        let reached = travel::reach(reference, from, mode, Measure::Minutes, minutes.into());
        let far = straight(reference, mode, minutes.into());
        let places = reached.iter().filter_map(|reach| reference.place(reach.0));
        let far = places.map(|place| metres(home, place)).fold(far, f64::max);
        self.reach = Some((self.region.exactly_at(home.longitude, home.latitude), self.region.exactly(far)));
        self.drawn_with(&[])
    }

    /// With a dot for each place of these; places that are close to each other share one.
    pub(crate) fn with_dots(self, reference: &Reference, places: &[Option<Postcode4>]) -> Self {
        let places = places.iter().map(|place| place.and_then(|postcode| reference.place(postcode)).filter(|place| self.holds(place)));
        let places: Vec<Option<&Place>> = places.collect();
        self.drawn_with(&places)
    }

    /// Whether a place is on it: in the region, or as far as one can come.
    fn holds(&self, place: &Place) -> bool {
        let (x, y) = self.region.exactly_at(place.longitude, place.latitude);
        let is_reached = self.reach.is_some_and(|((from_x, from_y), far)| (x - from_x).hypot(y - from_y) <= far);
        is_reached || self.region.holds(place.longitude, place.latitude)
    }

    /// Drawn so that the circle and all of these places are within its edges.
    fn drawn_with(mut self, places: &[Option<&Place>]) -> Self {
        let at = |place: &Place| self.region.exactly_at(place.longitude, place.latitude);
        let points = places.iter().flatten().map(|place| at(place)).map(|(x, y)| [x, y, x, y]);
        let circle = self.reach.map(|((x, y), far)| [x - far, y - far, x + far, y + far]);
        let view = View::of(&circle.into_iter().chain(points).collect::<Vec<_>>(), (self.width, self.height));
        let mut dots: Vec<Dot> = Vec::new();
        let mut pins = Vec::new();
        for place in places {
            let pin = place.map(|place| pinned(&mut dots, view.at(at(place)), &place.name));
            pins.push(pin.unwrap_or_default());
        }
        self.elsewhere = places.iter().filter(|place| place.is_none()).count();
        self.circle = self.reach.map(|(from, far)| {
            let (x, y) = view.at(from);
            // What is there, where it begins, does not hide it.
            Circle { x, y, radius: view.length(far).max(DOT + 10) }
        });
        let taken = dots.iter().map(|dot| [dot.x - TAKES, dot.y - TAKES, dot.x + TAKES, dot.y + TAKES]);
        let from = self.circle.iter().map(|circle| [circle.x - DOT, circle.y - DOT, circle.x + DOT, circle.y + DOT]);
        let named = self.region.areas.iter().filter(|area| area.named);
        let named = named.map(|area| (view.at((f64::from(area.x), f64::from(area.y))), area.name.clone()));
        self.names = Name::clear_of(&taken.chain(from).collect::<Vec<_>>(), named, view.length(NAMED), (self.width, self.height));
        (self.transform, self.dots, self.pins) = (view.transform(), dots, pins);
        self
    }

    /// At which dot each thing is, in their order.
    pub(crate) fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// What is drawn on it: the circle, the dots, and how many things are on none.
    pub(crate) fn drawn(self, words: &Words) -> Drawn {
        let count = i64::try_from(self.elsewhere).unwrap_or(i64::MAX);
        let elsewhere = if count == 0 { String::new() } else { words.text("map-elsewhere", &[("count", Said::Number(count))]) };
        let dots = self.dots.into_iter().map(|dot| SaidDot { said: dot.said(words), dot }).collect();
        Drawn { transform: self.transform, circle: self.circle, names: self.names, dots, elsewhere }
    }
}

/// At which dot something is that stands there: one that is near, or a new one.
fn pinned(dots: &mut Vec<Dot>, (x, y): (i32, i32), place: &str) -> Pin {
    if let Some(dot) = dots.iter_mut().find(|dot| (dot.x - x).abs().max((dot.y - y).abs()) < APART) {
        dot.add(place);
        return Pin { letter: dot.letter.clone(), anchor: String::new() };
    }
    let letter = letter(dots.len());
    dots.push(Dot { x, y, letter: letter.clone(), place: place.to_owned(), count: 1 });
    Pin { anchor: format!("at-{letter}"), letter }
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
        let map = |minutes| Map::of(&Region::flevoland()).with_commute(reference, lelystad, TravelMode::Bike, minutes);
        let far = |minutes| map(minutes).reach.expect("a circle").1;
        assert!(far(1) < far(30) && far(30) < far(60), "{} {} {}", far(1), far(30), far(60));
        // 12.6 km by bike in an hour, as the crow flies: 59 minutes at 16 km/h, on roads that are a quarter longer.
        assert_eq!(far(60).round(), 113.0);
        for mode in [TravelMode::Bike, TravelMode::Car, TravelMode::PublicTransport] {
            for minutes in [5, 60, 120] {
                let map = Map::of(&Region::flevoland()).with_commute(reference, lelystad, mode, minutes);
                let Circle { x, y, radius } = map.circle.clone().expect("a circle");
                let is_seen = x - radius >= 0 && y - radius >= 0 && x + radius <= map.width && y + radius <= map.height;
                assert!(is_seen && radius > 0, "{mode:?} {minutes}: {map:?}");
            }
        }
        let amsterdam: Postcode4 = "1012".parse().expect("a postcode");
        let map = Map::of(&Region::flevoland()).with_dots(reference, &[Some(lelystad), None, Some(lelystad), Some(amsterdam)]);
        let pins: Vec<_> = map.pins().iter().map(|pin| (pin.letter.as_str(), pin.anchor.as_str())).collect();
        assert_eq!(pins, [("A", "at-A"), ("", ""), ("A", ""), ("", "")], "each thing names its dot, and the first is found by it");
        assert_eq!((map.dots.len(), map.dots[0].count, map.elsewhere), (1, 2, 2), "{:?}", map.dots);
        assert_eq!([0, 25, 26, 51, 702].map(letter), ["A", "Z", "AA", "AZ", "AAA"]);
    }

    #[test]
    fn dots_lie_over_neither_each_other_nor_names_and_are_on_the_drawing() {
        let reference = Reference::starter();
        let all: Vec<Option<Postcode4>> = reference.places().iter().map(|place| Some(place.postcode)).collect();
        for count in [1, 20, all.len()] {
            let map = Map::of(&Region::flevoland()).with_dots(reference, &all[..count]);
            assert_eq!(map.dots.iter().map(|dot| dot.count).sum::<usize>() + map.elsewhere, count);
            for (place, dot) in map.dots.iter().enumerate() {
                assert!((0..map.width).contains(&dot.x) && (0..map.height).contains(&dot.y), "{dot:?}");
                let apart = |other: &Dot| (other.x - dot.x).abs().max((other.y - dot.y).abs());
                assert!(map.dots[..place].iter().all(|other| apart(other) >= 2 * DOT), "{dot:?}");
            }
            assert!(!map.names.is_empty(), "{count}");
        }
    }
}
