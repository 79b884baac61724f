//! How far it is over land, and through the crossings from one land to another.

use crate::code::TravelMode;
use crate::reference::{Crossing, Place, Reference, Stop};

/// Roads are this much longer than the straight line.
pub const DETOUR: f64 = 1.25;
/// Mean radius of the earth, in metres.
const EARTH: f64 = 6_371_000.0;

/// Where something is.
#[derive(Clone, Copy)]
pub(super) struct Spot<'r> {
    pub latitude: f64,
    pub longitude: f64,
    pub land: &'r str,
}

impl<'r> From<&'r Place> for Spot<'r> {
    fn from(place: &'r Place) -> Self {
        Self { latitude: place.latitude, longitude: place.longitude, land: &place.land }
    }
}

impl<'r> From<&'r Stop> for Spot<'r> {
    fn from(stop: &'r Stop) -> Self {
        Self { latitude: stop.latitude, longitude: stop.longitude, land: &stop.land }
    }
}

/// The length of the road between two points of one land, in metres.
pub(super) fn road(a: (f64, f64), b: (f64, f64)) -> f64 {
    straight(a, b) * DETOUR
}

/// The straight line between two points, in metres.
pub(super) fn straight(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + lat_a.cos() * lat_b.cos() * dlon.sin().powi(2);
    2.0 * EARTH * h.sqrt().asin()
}

/// The same between two spots.
pub(super) fn between(a: Spot<'_>, b: Spot<'_>) -> f64 {
    road((a.latitude, a.longitude), (b.latitude, b.longitude))
}

fn touches(crossing: &Crossing, land: &str) -> bool {
    crossing.land_a == land || crossing.land_b == land
}

fn point(crossing: &Crossing) -> (f64, f64) {
    (crossing.latitude, crossing.longitude)
}

/// The shortest ways from one spot.
pub(super) struct Ways<'r> {
    origin: Spot<'r>,
    /// The crossings that the mode can use, with the metres to each; infinite where it cannot be reached.
    crossings: Vec<(&'r Crossing, f64)>,
}

impl<'r> Ways<'r> {
    /// Dijkstra over a handful of crossings.
    pub(super) fn new(reference: &'r Reference, origin: Spot<'r>, mode: TravelMode) -> Self {
        let usable = reference.crossings().iter().filter(|crossing| crossing.modes.contains(&mode));
        let start = |crossing: &Crossing| {
            if touches(crossing, origin.land) { road((origin.latitude, origin.longitude), point(crossing)) } else { f64::INFINITY }
        };
        let mut open: Vec<(&Crossing, f64)> = usable.map(|crossing| (crossing, start(crossing))).collect();
        let mut crossings = Vec::with_capacity(open.len());
        while let Some(nearest) = (0..open.len()).min_by(|a, b| open[*a].1.total_cmp(&open[*b].1)) {
            let (next, metres) = open.swap_remove(nearest);
            for (other, way) in &mut open {
                if touches(other, &next.land_a) || touches(other, &next.land_b) {
                    *way = way.min(metres + road(point(next), point(other)));
                }
            }
            crossings.push((next, metres));
        }
        Self { origin, crossings }
    }

    /// The metres to a spot; none where there is no way.
    pub(super) fn to(&self, spot: Spot<'_>) -> Option<f64> {
        if self.origin.land == spot.land {
            return Some(between(self.origin, spot));
        }
        let through = self.crossings.iter().filter(|(crossing, _)| touches(crossing, spot.land));
        let metres = through.map(|(crossing, way)| way + road(point(crossing), (spot.latitude, spot.longitude)));
        metres.min_by(f64::total_cmp).filter(|metres| metres.is_finite())
    }
}
