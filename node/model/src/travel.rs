//! Which places are within reach (`docs/ranking.md`, section 6).
//!
//! An approximation that needs no map: straight distance times [`DETOUR`] over one land, the shortest way through crossings between lands, and
//! the speed that the mode has over such a distance. Public transport has a slow speed and long fixed minutes in place of timetables.

use crate::code::TravelMode;
use crate::name::Postcode4;
use crate::query::{Measure, Reach};
use crate::reference::{Place, Reference};

/// Roads are this much longer than the straight line.
pub const DETOUR: f64 = 1.25;
/// Mean radius of the earth, in metres.
const EARTH: f64 = 6_371_000.0;

/// The places that can be reached from `from` within the limit, with metres and minutes, sorted by postcode. Empty where the
/// table does not know `from`.
#[must_use]
pub fn reach(reference: &Reference, from: Postcode4, mode: TravelMode, measure: Measure, limit: u32) -> Vec<Reach> {
    let Some(origin) = reference.place(from) else { return Vec::new() };
    let ways = ways(reference, origin, mode);
    let mut reached = Vec::new();
    for place in reference.places() {
        let metres = if place.postcode == from { Some(0.0) } else { way_to(reference, origin, place, &ways) };
        let Some(metres) = metres else { continue };
        let row = Reach(place.postcode, whole(metres), u16::try_from(whole(minutes(reference, mode, metres))).unwrap_or(u16::MAX));
        if row.distance(measure) <= limit {
            reached.push(row);
        }
    }
    reached
}

fn whole(value: f64) -> u32 {
    // Rounded up; distances and times here are far below the bound.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u32")]
    let whole = value.ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}

fn road(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + lat_a.cos() * lat_b.cos() * dlon.sin().powi(2);
    2.0 * EARTH * h.sqrt().asin() * DETOUR
}

fn at(place: &Place) -> (f64, f64) {
    (place.latitude, place.longitude)
}

/// The shortest way to each crossing, in metres; infinite where the mode cannot get there. Dijkstra over a handful of crossings.
fn ways(reference: &Reference, origin: &Place, mode: TravelMode) -> Vec<f64> {
    let crossings = reference.crossings();
    let usable = |index: usize| crossings[index].modes.contains(&mode);
    let point = |index: usize| (crossings[index].latitude, crossings[index].longitude);
    let on = |index: usize, land: &str| crossings[index].land_a == land || crossings[index].land_b == land;
    let mut ways = vec![f64::INFINITY; crossings.len()];
    for (index, way) in ways.iter_mut().enumerate() {
        if usable(index) && on(index, &origin.land) {
            *way = road(at(origin), point(index));
        }
    }
    let mut open: Vec<usize> = (0..crossings.len()).filter(|index| usable(*index)).collect();
    while let Some(next) = open.iter().copied().min_by(|a, b| ways[*a].total_cmp(&ways[*b])) {
        open.retain(|index| *index != next);
        for other in &open {
            if on(*other, &crossings[next].land_a) || on(*other, &crossings[next].land_b) {
                ways[*other] = ways[*other].min(ways[next] + road(point(next), point(*other)));
            }
        }
    }
    ways
}

fn way_to(reference: &Reference, origin: &Place, place: &Place, ways: &[f64]) -> Option<f64> {
    if origin.land == place.land {
        return Some(road(at(origin), at(place)));
    }
    let through =
        reference.crossings().iter().zip(ways).filter(|(crossing, _)| crossing.land_a == place.land || crossing.land_b == place.land);
    let metres = through.map(|(crossing, way)| way + road((crossing.latitude, crossing.longitude), at(place)));
    metres.min_by(f64::total_cmp).filter(|metres| metres.is_finite())
}

/// Minutes for a distance: the fixed minutes of its band, and each stretch at the speed of the band that it lies in.
fn minutes(reference: &Reference, mode: TravelMode, metres: f64) -> f64 {
    let bands = || reference.speeds().iter().filter(|speed| speed.mode == mode);
    let moving: f64 = bands().map(|band| (metres.min(band.to_metres) - band.from_metres).max(0.0) / band.metres_per_minute).sum();
    let fixed = bands().rfind(|band| metres >= band.from_metres).map_or(0.0, |band| band.fixed_minutes);
    fixed + moving
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(postcode: &str, mode: TravelMode, limit: u32) -> Vec<String> {
        let reached = reach(Reference::starter(), postcode.parse().expect("a postcode"), mode, Measure::Minutes, limit);
        reached.iter().filter_map(|row| Reference::starter().place(row.0)).map(|place| place.name.clone()).collect()
    }

    fn metres(a: &str, b: &str, mode: TravelMode) -> Option<u32> {
        let reached = reach(Reference::starter(), a.parse().expect("a postcode"), mode, Measure::Metres, 300_000);
        reached.iter().find(|row| row.0.to_string() == b).map(|row| row.1)
    }

    #[test]
    fn half_an_hour_from_emmeloord() {
        let near = from("8302", TravelMode::Car, 30);
        for place in ["Emmeloord", "Urk", "Ens", "Lemmer", "Marknesse"] {
            assert!(near.iter().any(|name| name == place), "{place} in {near:?}");
        }
        for place in ["Almere", "Enkhuizen", "Zwolle", "Amsterdam"] {
            assert!(!near.iter().any(|name| name == place), "{place}");
        }
    }

    #[test]
    fn nobody_drives_over_open_water() {
        // Lelystad – Enkhuizen: over the Houtribdijk, about 30 km; Urk – Enkhuizen: round by Lelystad, twice the straight 25 km.
        let dike = metres("8232", "1601", TravelMode::Car).expect("there is a way");
        assert!((25_000..42_000).contains(&dike), "{dike}");
        let round = metres("8321", "1601", TravelMode::Car).expect("there is a way");
        assert!(round > 50_000, "{round}");
        // Nobody walks across the Ketelbrug.
        assert_eq!(metres("8302", "8232", TravelMode::Walk), None);
    }

    #[test]
    fn ways_are_the_same_back() {
        for (a, b) in [("8302", "8232"), ("1315", "3845"), ("8251", "8261"), ("8321", "8531")] {
            let (there, back) = (metres(a, b, TravelMode::Car).expect("a way"), metres(b, a, TravelMode::Car).expect("a way"));
            assert!(there.abs_diff(back) <= 1, "{a} {b}: {there} {back}");
        }
    }
}
