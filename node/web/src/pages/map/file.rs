//! A map of a partner's own: a file of GeoJSON (RFC 7946), drawn no finer than a page can carry.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::region::{Area, Region, Ring, twice_the_area, units};

/// Largest file, in bytes.
const LARGEST: u64 = 2 * 1024 * 1024;
/// Most areas.
const MOST_AREAS: usize = 100;
/// Longest name of one, in characters.
const LONGEST_NAME: usize = 60;
/// Most bytes of all outlines together: a page has a place for so much.
const MOST_BYTES: usize = 12_000;
/// The longer side of the drawing, in its units.
const SIDE: f64 = 670.0;
/// The share of it that is left free at each edge.
const MARGIN: f64 = 0.03;
/// Widest region, in degrees.
const WIDEST: f64 = 10.0;
/// Units of the drawing that a letter of a name takes.
const LETTER: i32 = 11;

#[derive(Deserialize)]
struct Collection<'f> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    features: Vec<&'f RawValue>,
}

#[derive(Deserialize)]
struct Feature<'f> {
    #[serde(borrow)]
    geometry: Option<Geometry<'f>>,
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Geometry<'f> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    coordinates: &'f RawValue,
}

type Polygon = Vec<Vec<Vec<f64>>>;
/// A name, and rings of degrees east and north.
type Outlined = (String, Vec<Vec<(f64, f64)>>);

impl Region {
    /// Reads a region from a file: a `FeatureCollection` of areas, each a `Polygon` or `MultiPolygon` with a `name`.
    ///
    /// # Errors
    /// What is wrong with it, where, and what is allowed.
    pub fn read(path: &Path) -> Result<Self, String> {
        let at = |problem: String| format!("{}: {problem}", path.display());
        let file = File::open(path).map_err(|error| at(error.to_string()))?;
        let mut text = String::new();
        file.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| at(error.to_string()))?;
        if text.len() as u64 > LARGEST {
            return Err(at(format!("it is larger than {} MiB: simplify the outlines", LARGEST / 1024 / 1024)));
        }
        Self::of_geojson(&text).map_err(at)
    }

    fn of_geojson(text: &str) -> Result<Self, String> {
        let collection: Collection<'_> = serde_json::from_str(text).map_err(|error| format!("it is no GeoJSON: {error}"))?;
        if collection.kind != "FeatureCollection" {
            return Err("it is no FeatureCollection: \"type\" says what it is".to_owned());
        }
        if collection.features.is_empty() || collection.features.len() > MOST_AREAS {
            return Err(format!("it has {} features: 1 to {MOST_AREAS} are drawn", collection.features.len()));
        }
        let numbered = collection.features.iter().zip(1..);
        let areas = numbered.map(|(raw, number)| outlined(raw).map_err(|problem| format!("feature {number}: {problem}")));
        drawn(&areas.collect::<Result<Vec<_>, _>>()?)
    }
}

fn outlined(raw: &RawValue) -> Result<Outlined, String> {
    let feature: Feature<'_> = serde_json::from_str(raw.get()).map_err(|error| format!("it is no feature: {error}"))?;
    let properties = feature.properties.unwrap_or_default();
    let name = ["name", "statnaam"].iter().find_map(|key| properties.get(*key).and_then(Value::as_str)).unwrap_or_default().trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(format!("its properties have no \"name\" (or \"statnaam\") of 1 to {LONGEST_NAME} characters"));
    }
    let geometry = feature.geometry.ok_or("it has no geometry: a Polygon or a MultiPolygon is drawn")?;
    let coordinates = geometry.coordinates.get();
    let unreadable = |error: serde_json::Error| format!("the coordinates of its {} cannot be read: {error}", geometry.kind);
    let polygons: Vec<Polygon> = match geometry.kind.as_str() {
        "Polygon" => vec![serde_json::from_str(coordinates).map_err(unreadable)?],
        "MultiPolygon" => serde_json::from_str(coordinates).map_err(unreadable)?,
        other => return Err(format!("it is a {other}: a Polygon or a MultiPolygon is drawn")),
    };
    let rings = polygons.iter().flatten().map(|ring| ring.iter().map(|position| degrees(position)).collect());
    let rings = rings.collect::<Result<Vec<Vec<_>>, String>>()?;
    if rings.iter().all(|ring| ring.len() < 4) {
        return Err("none of its rings has four positions (the last is the first again)".to_owned());
    }
    Ok((name.to_owned(), rings))
}

fn degrees(position: &[f64]) -> Result<(f64, f64), String> {
    match position {
        [east, north, ..] if east.abs() <= 180.0 && north.abs() < 85.0 => Ok((*east, *north)),
        [east, north, ..] => Err(format!(
            "[{east}, {north}] is no longitude and latitude in degrees (WGS84): coordinates of the Dutch grid (RD) have to be converted first"
        )),
        _ => Err("a position has no two numbers".to_owned()),
    }
}

/// The drawing, as fine as there is room for.
fn drawn(areas: &[Outlined]) -> Result<Region, String> {
    let mut region = within(areas)?;
    let mut apart = 0.5;
    loop {
        region.areas = areas.iter().filter_map(|area| area_of(&region, area, apart)).collect();
        let bytes: usize = region.areas.iter().map(|area| area.path.len() + area.name.len()).sum();
        if region.areas.is_empty() {
            return Err(format!("its outlines have too many parts: they do not fit into {MOST_BYTES} bytes; leave out the smallest"));
        }
        if bytes <= MOST_BYTES {
            return Ok(region);
        }
        apart *= 1.5;
    }
}

/// The edges of what these areas take, and a little more.
fn within(areas: &[Outlined]) -> Result<Region, String> {
    let all = || areas.iter().flat_map(|(_, rings)| rings.iter().flatten());
    let least = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (west, east, south, north) = (least(|at| at.0), most(|at| at.0), least(|at| at.1), most(|at| at.1));
    let (wide, high) = ((east - west) * south.midpoint(north).to_radians().cos(), north - south);
    let side = wide.max(high);
    if !(side > 0.0 && side <= WIDEST) {
        return Err(format!("it is {side:.1} degrees across: more than 0 and at most {WIDEST} are drawn"));
    }
    let free = side * MARGIN;
    let free_east = free * (east - west) / wide.max(f64::EPSILON);
    Ok(Region::new((west - free_east, east + free_east), (south - free, north + free), SIDE / (side + 2.0 * free)))
}

/// An area, without what is nearer to a straight line than that; `None` where nothing of it is left.
fn area_of(region: &Region, (name, rings): &Outlined, apart: f64) -> Option<Area> {
    let rings: Vec<Ring> = rings.iter().filter_map(|ring| simplified(region, ring, apart)).collect();
    let across =
        rings.iter().map(|ring| ring.iter().map(|at| at.0).max().unwrap_or(0) - ring.iter().map(|at| at.0).min().unwrap_or(0)).max()?;
    let letters = i32::try_from(name.chars().count()).unwrap_or(i32::MAX);
    Some(Area::of(name.clone(), &rings, across >= letters.saturating_mul(LETTER)))
}

fn simplified(region: &Region, ring: &[(f64, f64)], apart: f64) -> Option<Ring> {
    let mut corners: Vec<(f64, f64)> = ring.iter().map(|(longitude, latitude)| region.exactly_at(*longitude, *latitude)).collect();
    if corners.first() == corners.last() {
        corners.pop();
    }
    // A ring has no ends: it is cut at its first corner and at the one that is the furthest from it.
    let first = *corners.first()?;
    let furthest = (0..corners.len()).max_by(|one, other| distance(first, corners[*one]).total_cmp(&distance(first, corners[*other])))?;
    corners.push(first);
    let mut kept = vec![false; corners.len()];
    (kept[0], kept[furthest]) = (true, true);
    let mut parts = vec![(0, furthest), (furthest, corners.len() - 1)];
    // Douglas and Peucker: between two corners that stay, the one that is the furthest from their line stays too, if it is far enough.
    while let Some((from, to)) = parts.pop() {
        let off = |at: &usize| from_line(corners[from], corners[to], corners[*at]);
        let Some(far) = (from + 1..to).max_by(|one, other| off(one).total_cmp(&off(other))).filter(|far| off(far) > apart) else {
            continue;
        };
        kept[far] = true;
        parts.extend([(from, far), (far, to)]);
    }
    let corners = corners.iter().zip(&kept).filter(|(_, kept)| **kept).map(|((x, y), _)| (units(*x), units(*y)));
    let mut ring: Ring = corners.collect();
    ring.dedup();
    let holds_something = ring.len() >= 3 && twice_the_area(&ring).unsigned_abs() as f64 > 4.0 * apart * apart;
    holds_something.then_some(ring)
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// How far a point is from the line between two others; from the first, where they are the same.
fn from_line(from: (f64, f64), to: (f64, f64), at: (f64, f64)) -> f64 {
    let length = distance(from, to);
    if length == 0.0 {
        return distance(from, at);
    }
    ((to.0 - from.0) * (from.1 - at.1) - (from.0 - at.0) * (to.1 - from.1)).abs() / length
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn feature(properties: &Value, kind: &str, coordinates: &Value) -> Value {
        json!({"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}})
    }

    fn read(features: &[Value]) -> Result<Region, String> {
        Region::of_geojson(&json!({"type": "FeatureCollection", "features": features}).to_string())
    }

    /// A ring of that many corners about a point, with teeth.
    fn ring(corners: u32, (east, north): (f64, f64)) -> Value {
        let mut all: Vec<Value> = (0..corners)
            .map(|number| {
                let angle = f64::from(number) / f64::from(corners) * std::f64::consts::TAU;
                let far = 0.1 + 0.004 * f64::from(number % 2);
                json!([east + far * angle.cos() / 0.6, north + far * angle.sin(), 3.5])
            })
            .collect();
        all.push(all[0].clone());
        json!(all)
    }

    #[test]
    fn a_fine_outline_is_drawn_as_fine_as_there_is_room() {
        let fine = ring(6_000, (5.5, 52.5));
        let hole = ring(40, (5.5, 52.5));
        let hole: Vec<Value> = hole
            .as_array()
            .expect("a ring")
            .iter()
            .map(|at| {
                json!([5.5 + (at[0].as_f64().expect("a number") - 5.5) / 3.0, 52.5 + (at[1].as_f64().expect("a number") - 52.5) / 3.0])
            })
            .collect();
        let far = ring(50, (6.2, 52.6));
        let region = read(&[
            feature(&json!({"name": "Rondom"}), "Polygon", &json!([fine, hole])),
            feature(&json!({"statnaam": "Overkant met een lange naam"}), "MultiPolygon", &json!([[far], [ring(30, (6.0, 52.3))]])),
        ])
        .expect("a region");
        let (width, height) = region.size();
        assert!((500..=700).contains(&width) && (200..=700).contains(&height), "{width} {height}");
        let rings = |area: &Area| area.path.matches('z').count();
        assert_eq!(region.areas.iter().map(rings).collect::<Vec<_>>(), [2, 2], "{:?}", region.areas);
        assert_eq!(region.areas.iter().map(|area| area.named).collect::<Vec<_>>(), [true, false]);
        let bytes: usize = region.areas.iter().map(|area| area.path.len()).sum();
        assert!((200..MOST_BYTES).contains(&bytes), "{bytes}");
        let (x, y) = region.at(5.5, 52.5);
        assert!((region.areas[0].x - x).abs() < 5 && (region.areas[0].y - y).abs() < 5, "{:?} {x} {y}", region.areas[0]);
        assert!(region.holds(5.5, 52.5) && !region.holds(4.0, 52.5));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let good = feature(&json!({"name": "Goed"}), "Polygon", &json!([ring(8, (5.5, 52.5))]));
        let with = |wrong: Value| read(&[good.clone(), wrong]).expect_err("it is wrong");
        let name = json!({"name": "Fout"});
        for (wrong, said) in [
            (feature(&json!({}), "Polygon", &json!([ring(8, (5.5, 52.5))])), "feature 2: its properties have no \"name\""),
            (feature(&name, "Point", &json!([5.5, 52.5])), "feature 2: it is a Point"),
            (feature(&name, "Polygon", &json!([[[155_000, 463_000]]])), "coordinates of the Dutch grid (RD) have to be converted"),
            (feature(&name, "Polygon", &json!([[[5.5], [5.6, 52.1]]])), "feature 2: a position has no two numbers"),
            (feature(&name, "Polygon", &json!("hier")), "feature 2: the coordinates of its Polygon cannot be read"),
            (feature(&name, "Polygon", &json!([[[5.5, 52.5], [5.6, 52.5]]])), "feature 2: none of its rings"),
            (json!({"type": "Feature", "properties": name, "geometry": null}), "feature 2: it has no geometry"),
            (feature(&name, "Polygon", &json!([ring(8, (25.5, 52.5))])), "degrees across"),
        ] {
            let found = with(wrong);
            assert!(found.contains(said), "{found}");
        }
        assert!(read(&[]).expect_err("none").contains("0 features"));
        assert!(read(&vec![good; 101]).expect_err("many").contains("101 features"));
        for text in ["", "{}", "[]", "{\"type\": \"Feature\"}"] {
            assert!(Region::of_geojson(text).is_err(), "{text}");
        }
    }
}
