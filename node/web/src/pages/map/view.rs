//! What part of a region is looked at, so that what is to be seen is large enough and within the edges; and names that stand clear of what is drawn.

use serde::Serialize;

use super::region::units;

/// Most and least times that a drawing is larger than the whole region.
const SCALES: (f64, f64) = (2.2, 0.2);
/// Units of the region around what is to be seen.
const AIR: f64 = 30.0;
/// Units of the drawing that a letter of a name takes, and how high it stands over its line and hangs below.
const LETTER: i32 = 13;
const OVER: i32 = 20;
const BELOW: i32 = 6;
/// Where a name may stand beside the middle of its area, best first.
const PLACES: [(i32, i32); 13] =
    [(0, 8), (0, -34), (0, 46), (0, -62), (0, 74), (-60, 8), (60, 8), (-60, -34), (60, -34), (-60, 46), (60, 46), (0, -92), (0, 104)];

/// From the west and the north to the east and the south.
pub(super) type Bounds<T> = [T; 4];

/// The part that is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    west: f64,
    north: f64,
    scale: f64,
}

impl View {
    /// All of the region.
    pub(super) const WHOLE: Self = Self { west: 0.0, north: 0.0, scale: 1.0 };

    /// So that all of these are within the edges of a drawing of this size; the whole region where there are none.
    pub(super) fn of(seen: &[Bounds<f64>], (width, height): (i32, i32)) -> Self {
        let Some(first) = seen.first() else { return Self::WHOLE };
        let all = seen.iter().fold(*first, |all, one| [all[0].min(one[0]), all[1].min(one[1]), all[2].max(one[2]), all[3].max(one[3])]);
        let (width, height) = (f64::from(width), f64::from(height));
        let needs = (all[2] - all[0] + 2.0 * AIR, all[3] - all[1] + 2.0 * AIR);
        let scale = (width / needs.0).min(height / needs.1).clamp(SCALES.1, SCALES.0);
        let edge = |middle: f64, whole: f64| {
            let edge = middle - whole / scale / 2.0;
            // What is nearer than the whole shows nothing beyond its edges that it need not.
            if scale > 1.0 { edge.clamp(0.0, whole - whole / scale) } else { edge }
        };
        let (west, north) = (edge(all[0].midpoint(all[2]), width), edge(all[1].midpoint(all[3]), height));
        Self { west, north, scale }
    }

    /// Where a point of the region is on the drawing.
    pub(super) fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (units((x - self.west) * self.scale), units((y - self.north) * self.scale))
    }

    /// So many units of the region, on the drawing.
    pub(super) fn length(&self, length: f64) -> i32 {
        units(length * self.scale)
    }

    /// The same as SVG writes it.
    pub(super) fn transform(&self) -> String {
        format!("scale({:.3}) translate({:.1} {:.1})", self.scale, -self.west, -self.north)
    }
}

/// A name on the drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Name {
    x: i32,
    y: i32,
    text: String,
}

impl Name {
    fn bounds(&self) -> Bounds<i32> {
        let half = LETTER * i32::try_from(self.text.chars().count()).unwrap_or(i32::MAX / LETTER) / 2;
        [self.x - half, self.y - OVER, self.x + half, self.y + BELOW]
    }

    /// The names of these points, each where it covers nothing, stands within the edges and no further from its point than that; where there is no such place a
    /// name is left out.
    pub(super) fn clear_of(
        drawn: &[Bounds<i32>],
        named: impl Iterator<Item = ((i32, i32), String)>,
        far: i32,
        (width, height): (i32, i32),
    ) -> Vec<Self> {
        let mut names: Vec<Self> = Vec::new();
        for ((x, y), text) in named {
            if !(0..width).contains(&x) || !(0..height).contains(&y) {
                continue;
            }
            let near = PLACES.iter().filter(|(right, down)| right.abs().max((down - PLACES[0].1).abs()) <= far);
            let places = near.map(|(right, down)| Self { x: x + right, y: y + down, text: text.clone() });
            let is_clear = |name: &Self| {
                let own = name.bounds();
                let is_within = own[0] >= 0 && own[1] >= 0 && own[2] <= width && own[3] <= height;
                is_within && !drawn.iter().any(|other| overlap(&own, other)) && !names.iter().any(|other| overlap(&own, &other.bounds()))
            };
            let found = places.into_iter().find(is_clear);
            names.extend(found);
        }
        names
    }
}

fn overlap(one: &Bounds<i32>, other: &Bounds<i32>) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_to_be_seen_is_within_the_edges() {
        let size = (664, 670);
        for seen in [
            vec![[300.0, 300.0, 300.0, 300.0]],
            vec![[0.0, 0.0, 10.0, 10.0], [600.0, 600.0, 664.0, 670.0]],
            vec![[-500.0, -400.0, 900.0, 1_100.0]],
            vec![[650.0, 20.0, 660.0, 30.0]],
        ] {
            let view = View::of(&seen, size);
            for bounds in &seen {
                let (from, to) = (view.at((bounds[0], bounds[1])), view.at((bounds[2], bounds[3])));
                assert!(from.0 >= 0 && from.1 >= 0 && to.0 <= size.0 && to.1 <= size.1, "{view:?} {from:?} {to:?}");
            }
        }
        assert_eq!(View::of(&[], size), View::WHOLE);
        assert_eq!(View::WHOLE.transform(), "scale(1.000) translate(-0.0 -0.0)");
    }

    #[test]
    fn names_cover_nothing_and_one_for_which_there_is_no_place_is_left_out() {
        let named = |names: &[(i32, i32)]| names.iter().map(|at| (*at, "Lelystad".to_owned())).collect::<Vec<_>>().into_iter();
        let size = (600, 600);
        let at = |drawn: &[Bounds<i32>], names: &[(i32, i32)]| Name::clear_of(drawn, named(names), 100, size);
        assert_eq!(at(&[], &[(300, 300)]), [Name { x: 300, y: 308, text: "Lelystad".to_owned() }]);
        let dot = [280, 280, 320, 320];
        let beside = at(&[dot], &[(300, 300)]);
        assert!(beside.len() == 1 && !overlap(&beside[0].bounds(), &dot), "{beside:?}");
        let two = at(&[], &[(300, 300), (310, 305)]);
        assert!(two.len() == 2 && !overlap(&two[0].bounds(), &two[1].bounds()), "{two:?}");
        assert_eq!(at(&[[0, 0, 600, 600]], &[(300, 300)]), [], "there is no place");
        assert_eq!(at(&[], &[(700, 300)]), [], "it is not seen");
        assert_eq!(Name::clear_of(&[dot], named(&[(300, 300)]), 20, size), [], "so far away it would name another area");
        let near_the_edge = at(&[], &[(300, 5)]);
        assert!(near_the_edge.iter().all(|name| name.bounds()[1] >= 0), "{near_the_edge:?}");
    }
}
