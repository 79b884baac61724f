//! Filling the table.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use polder_model::reference::Reference;
use polder_model::{CodeUri, Date};
use sqlx::postgres::PgConnection;

use super::{Names, Spot};
use crate::corpus::Offer;

/// Bytes that are sent at a time.
const PART: usize = 1 << 20;
/// Metres of a degree of latitude, and of longitude at 52.2 degrees north.
const DEGREE: (f64, f64) = (111_195.0, 68_153.0);

const TABLES: &str = "
CREATE EXTENSION IF NOT EXISTS intarray;
CREATE EXTENSION IF NOT EXISTS postgis;
DROP TABLE IF EXISTS offer, offer_as_it_came, place;
CREATE UNLOGGED TABLE place (place smallint, point geometry(Point));
CREATE UNLOGGED TABLE offer_as_it_came (
    modified bigint, number int, version int, closes int, start int, contracts int, sectors int, licences int, audience_until int,
    purposes int, place smallint, hours_least smallint, hours_most smallint, level smallint, languages smallint, sharing boolean,
    skills int[], occupations int[], recipients int[]
);";

const INDEXES: [&str; 6] = [
    "CREATE UNLOGGED TABLE offer AS SELECT o.*, p.point FROM offer_as_it_came o LEFT JOIN place p USING (place) ORDER BY place, number",
    "CREATE INDEX offer_skills ON offer USING gin (skills gin__int_ops)",
    "CREATE INDEX offer_occupations ON offer USING gin (occupations gin__int_ops)",
    "CREATE INDEX offer_point ON offer USING gist (point)",
    "CREATE INDEX offer_place ON offer (place)",
    "VACUUM (ANALYZE, FREEZE) offer",
];

/// The number of a skill with that importance, and of an occupation.
pub fn tagged(code: usize, importance: polder_model::code::Importance) -> usize {
    code * 4 + importance as usize
}

fn number_of<T: Clone + Eq + std::hash::Hash>(numbers: &mut HashMap<T, usize>, value: &T) -> usize {
    let next = numbers.len() + 1;
    *numbers.entry(value.clone()).or_insert(next)
}

/// Makes the tables, sends every offer, makes the indexes. How long the last two took.
pub async fn load(connection: &mut PgConnection, offers: impl Iterator<Item = Offer>) -> (Names, (Duration, Duration)) {
    sqlx::raw_sql(TABLES).execute(&mut *connection).await.expect("tables; is postgresql-15-postgis-3 installed?");
    let mut names = Names::default();
    let mut lines = String::new();
    for (number, place) in (1..).zip(Reference::starter().places()) {
        let spot = Spot { x: place.longitude * DEGREE.1, y: place.latitude * DEGREE.0 };
        writeln!(lines, "{number}\tPOINT({} {})", spot.x, spot.y).expect("text");
        names.places.push((place.postcode, spot));
    }
    let mut places = connection.copy_in_raw("COPY place FROM STDIN").await.expect("a copy");
    places.send(lines.as_bytes()).await.expect("places");
    places.finish().await.expect("places");

    let (mut language_sets, mut taken, mut line) = (HashMap::new(), Duration::ZERO, String::new());
    let mut copy = connection.copy_in_raw("COPY offer_as_it_came FROM STDIN").await.expect("a copy");
    for (number, offer) in offers.enumerate() {
        let language_set = number_of(&mut language_sets, &offer.entry.features.languages);
        write(&mut line, number, &offer, language_set, &mut names);
        if line.len() >= PART {
            let begun = Instant::now();
            copy.send(line.as_bytes()).await.expect("offers");
            taken += begun.elapsed();
            line.clear();
        }
    }
    copy.send(line.as_bytes()).await.expect("offers");
    copy.finish().await.expect("offers");
    let mut sets: Vec<_> = language_sets.into_iter().collect();
    sets.sort_by_key(|(_, number)| *number);
    names.language_sets = sets.into_iter().map(|(set, _)| set).collect();

    let begun = Instant::now();
    for sql in INDEXES {
        sqlx::raw_sql(sql).execute(&mut *connection).await.expect(sql);
    }
    sqlx::raw_sql("DROP TABLE offer_as_it_came").execute(connection).await.expect("a table less");
    (names, (taken, begun.elapsed()))
}

/// One line of `COPY`.
fn write(line: &mut String, number: usize, offer: &Offer, language_set: usize, names: &mut Names) {
    let (entry, features) = (&offer.entry, &offer.entry.features);
    let opening = features.openings[0];
    assert_eq!(features.openings.len(), 1, "vacancies of the corpus have one opening");
    let place = match opening.place {
        _ if opening.remote => Some(names.remote()),
        place => place.map(|place| names.place(place)),
    };
    let null = || "\\N".to_owned();
    let or_null = |value: Option<i64>| value.map_or_else(null, |value| value.to_string());
    let day = |date: Option<Date>| or_null(date.map(|date| i64::from(date.days())));
    let list = |numbers: Vec<usize>| format!("{{{}}}", numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
    let mut code = |uri: &CodeUri| number_of(&mut names.codes, uri);
    let mut skills: Vec<usize> = features.skills.iter().map(|(uri, importance)| tagged(code(uri), *importance)).collect();
    skills.sort_unstable();
    let mut occupations: Vec<usize> = features.occupations.iter().map(code).collect();
    occupations.sort_unstable();
    let audience = &features.audience;
    let recipients = audience.recipients.as_ref();
    let recipients = recipients.map(|recipients| recipients.iter().map(|partner| number_of(&mut names.partners, partner)).collect());
    let purposes = audience.purposes.as_ref().map(|purposes| purposes.iter().map(|purpose| 1_i64 << *purpose as usize).sum());
    let cells = [
        entry.modified.micros().to_string(),
        number.to_string(),
        entry.version.to_string(),
        day(features.closes),
        day(opening.start),
        features.contracts.to_string(),
        features.sectors.to_string(),
        features.licences.to_string(),
        day(audience.until),
        or_null(purposes),
        or_null(place.map(|place| place as i64)),
        or_null(features.hours.map(|hours| i64::from(hours.0))),
        or_null(features.hours.map(|hours| i64::from(hours.1))),
        or_null(features.level.map(i64::from)),
        language_set.to_string(),
        features.sharing.to_string(),
        list(skills),
        list(occupations),
        recipients.map_or_else(null, list),
    ];
    line.push_str(&cells.join("\t"));
    line.push('\n');
}
