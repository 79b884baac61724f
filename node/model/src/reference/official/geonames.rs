//! GeoNames' postal codes: twelve columns with tabs between them, no header, no quotation marks. The last one says how exact the coordinates are; it may be
//! empty, and an editor that takes blanks from the ends of lines takes it away.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use super::LONGEST_LABEL;
use super::findings::Findings;
use super::sheet::{UnixLines, plain};
use crate::name::Postcode4;
use crate::reference::{Content, PostcodeArea};

/// The columns that are looked at, by their place.
const COUNTRY: usize = 0;
const POSTCODE: usize = 1;
const PLACE: usize = 2;
const PROVINCE: usize = 4;
const MUNICIPALITY: usize = 6;
const LATITUDE: usize = 9;
const LONGITUDE: usize = 10;
pub(super) const COLUMNS: usize = 12;
/// What GeoNames calls them.
const NAMES: [&str; COLUMNS] = [
    "country code",
    "postal code",
    "place name",
    "admin name1",
    "admin code1",
    "admin name2",
    "admin code2",
    "admin name3",
    "admin code3",
    "latitude",
    "longitude",
    "accuracy",
];
/// Where the country lies, in degrees: north, and east.
const NORTH: std::ops::RangeInclusive<f64> = 50.0..=54.0;
const EAST: std::ops::RangeInclusive<f64> = 3.0..=8.0;
/// Most places of one postcode; others are left out.
const MOST_NAMES: usize = 20;
/// Coordinates are added up as whole numbers of this part of a degree, so that the order of rows does not matter.
const PARTS: f64 = 100_000.0;

/// What the rows of one four-digit postcode say together.
#[derive(Default)]
struct Area {
    places: HashMap<String, u32>,
    municipalities: HashMap<String, u32>,
    provinces: HashMap<String, u32>,
    latitude: i64,
    longitude: i64,
    rows: i64,
}

/// Rows of a postcode with letters are rows of its four digits.
pub(super) fn postcodes(input: impl BufRead, findings: &mut Findings) -> (Content, u64) {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b'\t').quoting(false).flexible(true).has_headers(false).from_reader(UnixLines::new(input));
    let (mut areas, mut record, mut rows) = (BTreeMap::<Postcode4, Area>::new(), csv::ByteRecord::new(), 0);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => rows += 1,
            Ok(false) => break,
            Err(_) => {
                findings.add(reader.position().line(), "", "the file cannot be read further");
                break;
            }
        }
        if let Err((column, message)) = take(&record, &mut areas) {
            findings.add(record.position().map_or(0, csv::Position::line), column.map_or("", |column| NAMES[column]), message);
        }
    }
    (Content::Postcodes(areas.into_iter().map(|(postcode, area)| area.of(postcode)).collect()), rows)
}

type Fault = (Option<usize>, String);

fn take(record: &csv::ByteRecord, areas: &mut BTreeMap<Postcode4, Area>) -> Result<(), Fault> {
    if !(COLUMNS - 1..=COLUMNS).contains(&record.len()) {
        return Err((None, format!("{} cells, where {COLUMNS} with tabs between them are expected", record.len())));
    }
    let text = |column: usize| {
        let text =
            std::str::from_utf8(&record[column]).map_err(|_| (Some(column), "this is not UTF-8; save the file as UTF-8".to_owned()))?;
        Ok::<_, Fault>(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
    };
    let degrees = |column: usize, bounds: std::ops::RangeInclusive<f64>| {
        let degrees = text(column)?.parse::<f64>().ok().filter(|degrees| bounds.contains(degrees));
        degrees.ok_or_else(|| (Some(column), format!("degrees from {} to {} are expected", bounds.start(), bounds.end())))
    };
    if text(COUNTRY)? != "NL" {
        return Err((Some(COUNTRY), "NL is expected: postcodes of other countries are not used".to_owned()));
    }
    let postcode = Postcode4::from_postcode(text(POSTCODE)?)
        .map_err(|_| (Some(POSTCODE), "a postcode such as 8302 or 8302 AB is expected".to_owned()))?;
    let place = plain(text(PLACE)?);
    if place.is_empty() || place.chars().count() > LONGEST_LABEL || place.contains(" / ") || place.starts_with(['=', '@']) {
        return Err((Some(PLACE), format!("the name of a place is expected, of at most {LONGEST_LABEL} characters")));
    }
    let (latitude, longitude) = (degrees(LATITUDE, NORTH)?, degrees(LONGITUDE, EAST)?);
    let (municipality, province) = (text(MUNICIPALITY)?, text(PROVINCE)?);
    let is_code = |code: &str, digits: usize| code.len() == digits && code.bytes().all(|byte| byte.is_ascii_digit());
    let area = areas.entry(postcode).or_default();
    if area.places.len() < MOST_NAMES || area.places.contains_key(&place) {
        *area.places.entry(place).or_default() += 1;
    }
    if is_code(municipality, 4) {
        *area.municipalities.entry(format!("GM{municipality}")).or_default() += 1;
    }
    if is_code(province, 2) {
        *area.provinces.entry(province.to_owned()).or_default() += 1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "degrees are within bounds")]
    let whole = |degrees: f64| (degrees * PARTS).round() as i64;
    area.latitude += whole(latitude);
    area.longitude += whole(longitude);
    area.rows += 1;
    Ok(())
}

impl Area {
    fn of(self, postcode: Postcode4) -> PostcodeArea {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let middle = |sum: i64| ((sum + self.rows / 2) / self.rows.max(1)) as f64 / PARTS;
        let (latitude, longitude) = (middle(self.latitude), middle(self.longitude));
        let first = |of: HashMap<String, u32>| most_first(of).into_iter().next().unwrap_or_default();
        let place = most_first(self.places).join(" / ");
        PostcodeArea { postcode, place, municipality: first(self.municipalities), province: first(self.provinces), latitude, longitude }
    }
}

/// Those with the most rows first, of equals by name.
fn most_first(of: HashMap<String, u32>) -> Vec<String> {
    let mut all: Vec<(String, u32)> = of.into_iter().collect();
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().map(|(name, _)| name).collect()
}
