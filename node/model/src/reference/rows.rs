//! Rows that are not tables yet, and how they become what a node looks things up in.

use std::collections::HashMap;

use super::content::TableVersion;
use super::crosswalk::Crosswalk;
use super::labels::{Entry, Labels, Rank};
use super::names::PlaceNames;
use super::tables::{Crossing, Line, Occupation, Place, Skill, Speed, Stop};
use super::{Reference, Table};
use crate::name::{CodeUri, Postcode4};

/// Rows, as they were read.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub skills: Vec<Skill>,
    pub skill_labels: Vec<Entry>,
    pub occupations: Vec<Occupation>,
    pub occupation_labels: Vec<Entry>,
    pub places: Vec<Place>,
    /// Names of places, with the postcode in the middle of each.
    pub middles: Vec<(String, Postcode4)>,
    pub crossings: Vec<Crossing>,
    pub stops: Vec<Stop>,
    pub lines: Vec<Line>,
    pub speeds: Vec<Speed>,
    pub words: HashMap<String, u8>,
    pub crosswalk: Crosswalk,
}

impl Rows {
    /// Which skill stands in which row.
    pub fn skill_by_uri(&self) -> HashMap<CodeUri, usize> {
        self.skills.iter().enumerate().map(|(row, skill)| (skill.uri.clone(), row)).collect()
    }

    /// Which occupation stands in which row.
    pub fn occupation_by_uri(&self) -> HashMap<CodeUri, usize> {
        self.occupations.iter().enumerate().map(|(row, occupation)| (occupation.uri.clone(), row)).collect()
    }

    /// What a node looks things up in. Places are sorted by postcode.
    pub fn build(mut self, tables: Vec<TableVersion>) -> Reference {
        self.places.sort_by_key(|place| place.postcode);
        let row_of = |postcode: Postcode4| self.places.binary_search_by_key(&postcode, |place| place.postcode).ok();
        let middles: Vec<(String, usize)> =
            self.middles.iter().filter_map(|(name, postcode)| Some((name.clone(), row_of(*postcode)?))).collect();
        let mut narrower: HashMap<CodeUri, Vec<CodeUri>> = HashMap::new();
        for skill in &self.skills {
            for broader in &skill.broader {
                narrower.entry(broader.clone()).or_default().push(skill.uri.clone());
            }
        }
        Reference {
            skill_by_uri: self.skill_by_uri(),
            occupation_by_uri: self.occupation_by_uri(),
            place_names: PlaceNames::new(&middles, &self.places),
            narrower,
            skills: self.skills,
            skill_labels: Labels::new(self.skill_labels),
            label_words: Default::default(),
            occupations: self.occupations,
            occupation_labels: Labels::new(self.occupation_labels),
            places: self.places,
            crossings: self.crossings,
            stops: self.stops,
            lines: self.lines,
            speeds: self.speeds,
            words: self.words,
            crosswalk: self.crosswalk,
            tables,
        }
    }
}

/// The labels of a row of the starter tables.
pub(super) fn starter_labels<'l>(row: usize, dutch: impl Iterator<Item = &'l String>, english: &str) -> Vec<Entry> {
    let dutch = dutch.map(|label| (Rank::Starter, label.clone(), row));
    dutch.chain(std::iter::once((Rank::English, english.to_owned(), row))).collect()
}

/// The tables of the program, by name.
pub(super) fn starter_versions() -> Vec<TableVersion> {
    use polder_schemas::reference as text;
    let tables = [
        (Table::Skills, text::SKILLS),
        (Table::Occupations, text::OCCUPATIONS),
        (Table::OccupationSkills, text::OCCUPATION_SKILLS),
        (Table::Postcodes, text::POSTCODES),
        (Table::Words, text::WORDS),
    ];
    tables.into_iter().map(|(table, text)| TableVersion::of(table.as_str(), STARTER, text.as_bytes())).collect()
}

/// The version of tables that came with the program.
pub(super) const STARTER: &str = "starter";
