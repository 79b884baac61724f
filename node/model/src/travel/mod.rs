//! Which places are within reach (`docs/ranking.md`, section 6).
//!
//! An approximation that needs no map: straight distance times [`DETOUR`] over one land, the shortest way through crossings between lands, and
//! the speed that the mode has over such a distance. Public transport is besides looked up in a small table of lines.

mod road;
mod transit;

use crate::code::TravelMode;
use crate::name::Postcode4;
use crate::query::{Measure, Reach};
use crate::reference::{Place, Reference, Speed};
pub use road::DETOUR;
use road::{Spot, Ways};
use transit::Transit;

/// The places that can be reached from `from` within the limit, with metres and minutes, sorted by postcode. Empty where the
/// table does not know `from`.
#[must_use]
pub fn reach(reference: &Reference, from: Postcode4, mode: TravelMode, measure: Measure, limit: u32) -> Vec<Reach> {
    let Some(origin) = reference.place(from).map(Spot::from) else { return Vec::new() };
    let (ways, times) = (Ways::new(reference, origin, mode), Times::new(reference, origin, mode));
    let mut reached = Vec::new();
    for place in reference.places() {
        let spot = Spot::from(place);
        let Some(metres) = (if place.postcode == from { Some(0.0) } else { ways.to(spot) }) else { continue };
        let row = Reach(place.postcode, whole(metres), u16::try_from(whole(times.minutes(spot, metres))).unwrap_or(u16::MAX));
        if row.distance(measure) <= limit {
            reached.push(row);
        }
    }
    reached
}

/// The places at most so many kilometres from `from` in a straight line, whatever water lies between, with the metres to each, sorted by postcode. Empty where
/// the table does not know `from`.
#[must_use]
pub fn around(reference: &Reference, from: Postcode4, kilometres: u16) -> Vec<(Postcode4, u32)> {
    let Some(origin) = reference.place(from) else { return Vec::new() };
    let at = |place: &Place| (place.latitude, place.longitude);
    let places = reference.places().iter().map(|place| (place.postcode, whole(road::straight(at(origin), at(place)))));
    places.filter(|(_, metres)| *metres <= u32::from(kilometres) * 1_000).collect()
}

fn whole(value: f64) -> u32 {
    // Rounded up; distances and times here are far below the bound.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u32")]
    let whole = value.ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}

/// How long a mode takes from one spot.
struct Times<'r> {
    bands: Vec<&'r Speed>,
    /// Of public transport: its lines, and walking, which may be faster.
    transit: Option<(Transit<'r>, Vec<&'r Speed>)>,
}

impl<'r> Times<'r> {
    fn new(reference: &'r Reference, origin: Spot<'r>, mode: TravelMode) -> Self {
        let bands = |mode| reference.speeds().iter().filter(|speed| speed.mode == mode).collect();
        let transit = (mode == TravelMode::PublicTransport).then(|| (Transit::new(reference, origin), bands(TravelMode::Walk)));
        Self { bands: bands(mode), transit }
    }

    fn minutes(&self, to: Spot<'_>, metres: f64) -> f64 {
        let direct = over(&self.bands, metres);
        match &self.transit {
            Some((transit, walk)) => direct.min(transit.to(to)).min(over(walk, metres)),
            None => direct,
        }
    }
}

/// Minutes for a distance: the fixed minutes of its band, and each stretch at the speed of the band that it lies in.
fn over(bands: &[&Speed], metres: f64) -> f64 {
    let moving: f64 = bands.iter().map(|band| (metres.min(band.to_metres) - band.from_metres).max(0.0) / band.metres_per_minute).sum();
    let fixed = bands.iter().rfind(|band| metres >= band.from_metres).map_or(0.0, |band| band.fixed_minutes);
    fixed + moving
}

#[cfg(test)]
mod tests;
