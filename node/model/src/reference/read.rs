//! From CSV to tables.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use polder_schemas::reference as text;

use super::Reference;
use super::rows::{Rows, starter_labels, starter_versions};
use super::tables::{Crossing, Line, Occupation, Place, Skill, Speed, Stop};
use crate::code::Importance;
use crate::name::{CodeUri, Postcode4};
use crate::text::for_each_stem;

/// What is wrong with a table, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}, line {line}: {fault}")]
pub struct TableError {
    /// The table.
    pub table: &'static str,
    /// The line, from 1.
    pub line: u64,
    /// The fault.
    pub fault: String,
}

struct Row<'r> {
    table: &'static str,
    line: u64,
    record: &'r csv::StringRecord,
}

impl Row<'_> {
    fn fault(&self, fault: impl Into<String>) -> TableError {
        TableError { table: self.table, line: self.line, fault: fault.into() }
    }

    fn text(&self, column: usize) -> Result<&str, TableError> {
        self.record.get(column).ok_or_else(|| self.fault(format!("column {} is missing", column + 1)))
    }

    fn parse<T: FromStr>(&self, column: usize) -> Result<T, TableError> {
        self.text(column)?.parse().map_err(|_| self.fault(format!("column {} is not of its form", column + 1)))
    }

    /// Texts separated by `|`; none in an empty column.
    fn texts(&self, column: usize) -> Result<Vec<String>, TableError> {
        let text = self.text(column)?;
        let parts: Vec<String> = text.split('|').filter(|_| !text.is_empty()).map(|part| part.trim().to_owned()).collect();
        if parts.iter().any(String::is_empty) { Err(self.fault(format!("column {} has an empty part", column + 1))) } else { Ok(parts) }
    }

    fn list<T: FromStr>(&self, column: usize) -> Result<Vec<T>, TableError> {
        let parts = self.text(column)?.split_whitespace().map(str::parse);
        parts.collect::<Result<_, _>>().map_err(|_| self.fault(format!("column {} is not of its form", column + 1)))
    }
}

fn each(table: &'static str, text: &str, mut take: impl FnMut(Row<'_>) -> Result<(), TableError>) -> Result<(), TableError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| TableError { table, line: 0, fault: error.to_string() })?;
        let line = record.position().map_or(0, csv::Position::line);
        take(Row { table, line, record: &record })?;
    }
    Ok(())
}

pub(super) fn starter() -> Result<Reference, TableError> {
    Ok(starter_rows()?.build(starter_versions()))
}

/// The rows of the tables that come with the program.
pub(super) fn starter_rows() -> Result<Rows, TableError> {
    let mut rows = Rows::default();
    skills(&mut rows)?;
    occupations(&mut rows)?;
    places(&mut rows)?;
    ways(&mut rows)?;
    each("words.csv", text::WORDS, |row| {
        let weight = row.parse(1)?;
        for_each_stem(row.text(0)?, |stem| {
            rows.words.entry(stem.to_owned()).or_insert(weight);
        });
        Ok(())
    })?;
    Ok(rows)
}

fn skills(rows: &mut Rows) -> Result<(), TableError> {
    let mut known = HashSet::new();
    each("skills.csv", text::SKILLS, |row| {
        let skill = Skill {
            uri: row.parse(0)?,
            label_nl: row.text(1)?.to_owned(),
            alternatives_nl: row.texts(2)?,
            label_en: row.text(3)?.to_owned(),
            broader: row.list(4)?,
            sectors: row.text(5)?.to_owned(),
            weight: row.parse(6)?,
        };
        if !known.insert(skill.uri.clone()) {
            return Err(row.fault("this URI stands twice"));
        }
        let dutch = std::iter::once(&skill.label_nl).chain(&skill.alternatives_nl);
        rows.skill_labels.extend(starter_labels(rows.skills.len(), dutch, &skill.label_en));
        rows.skills.push(skill);
        Ok(())
    })?;
    for (line, skill) in rows.skills.iter().enumerate() {
        if let Some(unknown) = skill.broader.iter().find(|uri| !known.contains(*uri)) {
            let line = u64::try_from(line).unwrap_or(0) + 2;
            return Err(TableError { table: "skills.csv", line, fault: format!("the broader skill {unknown} is not in the table") });
        }
    }
    Ok(())
}

fn occupations(rows: &mut Rows) -> Result<(), TableError> {
    let (skills, mut known) = (rows.skill_by_uri(), HashSet::new());
    let mut needs: HashMap<CodeUri, Vec<(CodeUri, Importance)>> = HashMap::new();
    each("occupation-skills.csv", text::OCCUPATION_SKILLS, |row| {
        let skill: CodeUri = row.parse(1)?;
        if !skills.contains_key(&skill) {
            return Err(row.fault("this skill is not in the table"));
        }
        needs.entry(row.parse(0)?).or_default().push((skill, row.parse(2)?));
        Ok(())
    })?;
    each("occupations.csv", text::OCCUPATIONS, |row| {
        let uri: CodeUri = row.parse(0)?;
        let occupation = Occupation {
            skills: needs.remove(&uri).unwrap_or_default(),
            uri,
            label_nl: row.text(1)?.to_owned(),
            alternatives_nl: row.texts(2)?,
            label_en: row.text(3)?.to_owned(),
            isco08: row.text(4)?.to_owned(),
            sectors: row.text(5)?.to_owned(),
            level: Some(row.parse(6)?),
        };
        if !known.insert(occupation.uri.clone()) {
            return Err(row.fault("this URI stands twice"));
        }
        let dutch = std::iter::once(&occupation.label_nl).chain(&occupation.alternatives_nl);
        rows.occupation_labels.extend(starter_labels(rows.occupations.len(), dutch, &occupation.label_en));
        rows.occupations.push(occupation);
        Ok(())
    })?;
    match needs.keys().next() {
        None => Ok(()),
        Some(unknown) => Err(TableError { table: "occupation-skills.csv", line: 0, fault: format!("{unknown} is not in occupations.csv") }),
    }
}

fn places(rows: &mut Rows) -> Result<(), TableError> {
    each("postcodes.csv", text::POSTCODES, |row| {
        let mut names = row.text(1)?.split(" / ").map(str::to_owned);
        let place = Place {
            postcode: row.parse(0)?,
            name: names.next().unwrap_or_default(),
            other_names: names.collect(),
            municipality: row.text(2)?.to_owned(),
            latitude: row.parse(3)?,
            longitude: row.parse(4)?,
            land: row.text(5)?.to_owned(),
        };
        if rows.places.last().is_some_and(|before| before.postcode >= place.postcode) {
            return Err(row.fault("postcodes are sorted, each once"));
        }
        rows.places.push(place);
        Ok(())
    })?;
    each("place-names.csv", text::PLACE_NAMES, |row| {
        let postcode: Postcode4 = row.parse(1)?;
        let place = rows.places.binary_search_by_key(&postcode, |place| place.postcode);
        if place.is_err() {
            return Err(row.fault("this postcode is not in postcodes.csv"));
        }
        rows.middles.push((row.text(0)?.to_owned(), postcode));
        Ok(())
    })
}

fn ways(rows: &mut Rows) -> Result<(), TableError> {
    each("crossings.csv", text::CROSSINGS, |row| {
        rows.crossings.push(Crossing {
            name: row.text(0)?.to_owned(),
            land_a: row.text(1)?.to_owned(),
            land_b: row.text(2)?.to_owned(),
            latitude: row.parse(3)?,
            longitude: row.parse(4)?,
            modes: row.list(5)?,
        });
        Ok(())
    })?;
    lines(rows)?;
    each("speeds.csv", text::SPEEDS, |row| {
        rows.speeds.push(Speed {
            mode: row.parse(0)?,
            from_metres: row.parse::<f64>(1)? * 1_000.0,
            to_metres: row.parse::<f64>(2)? * 1_000.0,
            metres_per_minute: row.parse::<f64>(3)? * 1_000.0 / 60.0,
            fixed_minutes: row.parse(4)?,
        });
        Ok(())
    })
}

fn lines(rows: &mut Rows) -> Result<(), TableError> {
    each("stops.csv", text::STOPS, |row| {
        let name = row.text(0)?.to_owned();
        if rows.stops.iter().any(|stop| stop.name == name) {
            return Err(row.fault("this stop stands twice"));
        }
        rows.stops.push(Stop { name, latitude: row.parse(1)?, longitude: row.parse(2)?, land: row.text(3)?.to_owned() });
        Ok(())
    })?;
    each("lines.csv", text::LINES, |row| {
        let (name, stop, minutes) = (row.text(0)?, row.text(1)?, row.parse(2)?);
        let stop = rows.stops.iter().position(|known| known.name == stop).ok_or_else(|| row.fault("this stop is not in stops.csv"))?;
        match rows.lines.last_mut() {
            Some(line) if line.name == name => {
                if line.stops.last().is_some_and(|(_, before)| *before >= minutes) {
                    return Err(row.fault("the minutes of a line rise from stop to stop"));
                }
                line.stops.push((stop, minutes));
            }
            _ => rows.lines.push(Line { name: name.to_owned(), stops: vec![(stop, minutes)] }),
        }
        Ok(())
    })
}
