//! Trains and the larger buses: to a stop, by one or more lines, and from a stop.
//!
//! No timetable: a line takes the minutes that its table says between two of its stops, in both directions, whenever one comes.

use super::road::{Spot, between};
use crate::reference::{Reference, Stop};

/// Minutes before the first vehicle leaves, and a little room at the other end.
const WAIT: f64 = 10.0;
/// Minutes from one vehicle to the next.
const CHANGE: f64 = 5.0;
/// Most vehicles of one trip.
const MOST_VEHICLES: usize = 4;
/// Furthest road between a stop and a door, in metres.
const FURTHEST: f64 = 8_000.0;
/// No stop that is further in degrees of latitude or longitude is within [`FURTHEST`] of a door.
const FURTHEST_DEGREES: (f64, f64) = (0.06, 0.1);
/// On foot, metres a minute.
const WALK: f64 = 5_000.0 / 60.0;
/// By bike or town bus: metres a minute, and minutes for locking it up or waiting for it.
const LOCAL: (f64, f64) = (15_000.0 / 60.0, 4.0);

/// Minutes from the origin to getting out at each stop; infinite where that cannot be reached.
pub(super) struct Transit<'r> {
    stops: Vec<(&'r Stop, f64)>,
}

impl<'r> Transit<'r> {
    pub(super) fn new(reference: &'r Reference, origin: Spot<'_>) -> Self {
        let stops = reference.stops();
        let access = |stop| between_door_and_stop(origin, stop).map_or(f64::INFINITY, |minutes| minutes + WAIT);
        let mut ready: Vec<f64> = stops.iter().map(access).collect();
        let mut there = vec![f64::INFINITY; stops.len()];
        for _ in 0..MOST_VEHICLES {
            for line in reference.lines() {
                for (from, left) in &line.stops {
                    for (to, arrived) in line.stops.iter().filter(|(to, _)| to != from) {
                        there[*to] = there[*to].min(ready[*from] + f64::from(left.abs_diff(*arrived)));
                    }
                }
            }
            for (ready, there) in ready.iter_mut().zip(&there) {
                *ready = ready.min(there + CHANGE);
            }
        }
        Self { stops: stops.iter().zip(there).filter(|(_, minutes)| minutes.is_finite()).collect() }
    }

    /// Minutes to a door; infinite where no stop is near it.
    pub(super) fn to(&self, door: Spot<'_>) -> f64 {
        let ends = self.stops.iter().filter_map(|(stop, minutes)| Some(minutes + between_door_and_stop(door, stop)?));
        ends.fold(f64::INFINITY, f64::min)
    }
}

fn between_door_and_stop(door: Spot<'_>, stop: &Stop) -> Option<f64> {
    let (north, east) = FURTHEST_DEGREES;
    if (door.latitude - stop.latitude).abs() > north || (door.longitude - stop.longitude).abs() > east || door.land != stop.land {
        return None;
    }
    let metres = between(door, Spot::from(stop));
    let (speed, fixed) = LOCAL;
    (metres <= FURTHEST).then(|| (metres / WALK).min(fixed + metres / speed))
}
