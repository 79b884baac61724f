//! The reference tables as types: skills, occupations, places, words. Read once; see `schemas/reference`.

mod content;
mod crosswalk;
mod labels;
mod land;
mod mentions;
mod names;
pub mod official;
mod overlay;
mod read;
mod rows;
mod tables;
mod weight;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use crate::name::{CodeUri, Postcode4};
use labels::{Labels, fold};
use names::PlaceNames;

pub use content::{Above, Concept, Content, Imported, Need, PostcodeArea, Same, Table, TableVersion, WeightFrom, WordWeight};
pub use crosswalk::Crosswalk;
pub use mentions::{Fit, LONGEST_TEXT, Mention, TextLanguage};
pub use read::TableError;
pub use tables::{Crossing, Land, Line, Occupation, Place, Skill, Speed, Stop};

/// Weight of a skill that the table does not know.
pub const USUAL_SKILL_WEIGHT: u16 = 500;
/// Weight of a word that the table does not know.
pub const USUAL_WORD_WEIGHT: u8 = 60;

static STARTER: LazyLock<Arc<Reference>> = LazyLock::new(|| Arc::new(read::starter().unwrap_or_default()));

/// What somebody may mean by what they type.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'r, T> {
    /// The skill or the occupation.
    pub thing: &'r T,
    /// The label by which it was found, where the one that is shown does not fit.
    pub by: Option<&'r str>,
}

/// The tables.
#[derive(Debug, Default)]
pub struct Reference {
    skills: Vec<Skill>,
    skill_by_uri: HashMap<CodeUri, usize>,
    skill_labels: Labels,
    /// By language; made when a text is first looked through.
    label_words: [OnceLock<mentions::LabelWords>; 2],
    narrower: HashMap<CodeUri, Vec<CodeUri>>,
    occupations: Vec<Occupation>,
    occupation_by_uri: HashMap<CodeUri, usize>,
    occupation_labels: Labels,
    places: Vec<Place>,
    place_names: PlaceNames,
    crossings: Vec<Crossing>,
    stops: Vec<Stop>,
    lines: Vec<Line>,
    speeds: Vec<Speed>,
    words: HashMap<String, u8>,
    crosswalk: Crosswalk,
    tables: Vec<TableVersion>,
}

impl Reference {
    /// The tables that come with the program.
    #[must_use]
    pub fn starter() -> &'static Self {
        &STARTER
    }

    /// The same, shared.
    #[must_use]
    pub fn shared_starter() -> Arc<Self> {
        Arc::clone(&STARTER)
    }

    /// Reads the tables that come with the program, so that a test can see what is wrong with them.
    ///
    /// # Errors
    /// The table, line and fault.
    pub fn read_starter() -> Result<Self, TableError> {
        read::starter()
    }

    /// The tables that come with the program, and over them those that were imported.
    ///
    /// # Errors
    /// When they are too long together.
    pub fn with(imported: &Imported) -> Result<Self, TableError> {
        overlay::with(imported)
    }

    /// Which tables these are.
    #[must_use]
    pub fn tables(&self) -> &[TableVersion] {
        &self.tables
    }

    /// How many labels stand for more than one skill, and how many for more than one occupation.
    #[must_use]
    pub fn shared_labels(&self) -> (usize, usize) {
        (self.skill_labels.shared(), self.occupation_labels.shared())
    }

    /// Of the imported tables that relate one thing to another: how many rows name something that these tables do not have, and of how many.
    #[must_use]
    pub fn dangling(&self, imported: &Imported) -> Vec<(Table, usize, usize)> {
        overlay::dangling(imported, self)
    }

    /// Every skill, with the groups.
    #[must_use]
    pub fn skills(&self) -> &[Skill] {
        &self.skills
    }

    /// Every occupation.
    #[must_use]
    pub fn occupations(&self) -> &[Occupation] {
        &self.occupations
    }

    /// Every place, sorted by postcode.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Every crossing between lands.
    #[must_use]
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// Every stop of public transport.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Every line of public transport.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Every speed.
    #[must_use]
    pub fn speeds(&self) -> &[Speed] {
        &self.speeds
    }

    /// A skill by its URI.
    #[must_use]
    pub fn skill(&self, uri: &CodeUri) -> Option<&Skill> {
        self.skill_by_uri.get(uri).map(|index| &self.skills[*index])
    }

    /// The skill that a label stands for, whatever its case and accents; none where it stands for more than one.
    #[must_use]
    pub fn skill_labelled(&self, label: &str) -> Option<&Skill> {
        only(self.skills_labelled(label))
    }

    /// Every skill that a label stands for: none, one, or more where the tables do not tell them apart.
    pub fn skills_labelled(&self, label: &str) -> impl Iterator<Item = &Skill> {
        self.skill_labels.find(label).iter().map(|row| &self.skills[*row])
    }

    /// The skills with a label that is near to a text, best first, each by its Dutch label.
    #[must_use]
    pub fn suggest_skills(&self, label: &str) -> Vec<String> {
        self.skill_labels.nearest(label).into_iter().map(|index| self.skills[index].label_nl.clone()).collect()
    }

    /// At most so many skills that somebody may mean who types a text and reads Dutch or English labels, best first, each once.
    #[must_use]
    pub fn find_skills(&self, text: &str, english: bool, most: usize) -> Vec<Meant<'_, Skill>> {
        let of_row = |row: usize| shown(english, &self.skills[row].label_nl, &self.skills[row].label_en);
        let found = self.skill_labels.search(text, english, of_row, most);
        // What a label has in another form, in other words or in a compound comes before what is merely like one.
        let is_said = found.first().is_some_and(|one| one.is_said);
        let language = if english { TextLanguage::En } else { TextLanguage::Nl };
        let spoken = if is_said { Vec::new() } else { self.skills_in(text, language, most) };
        let mut meant: Vec<Meant<'_, Skill>> = Vec::with_capacity(most);
        for Mention { skill, label, .. } in spoken {
            let by = Some(label).filter(|label| *label != shown(english, &skill.label_nl, &skill.label_en));
            meant.push(Meant { thing: skill, by });
        }
        for one in found {
            let skill = &self.skills[one.row];
            if meant.iter().all(|other| other.thing.uri != skill.uri) {
                meant.push(Meant { thing: skill, by: written(one.by, skill.labels()) });
            }
        }
        meant.truncate(most);
        meant
    }

    /// At most so many skills that a text speaks of, the surest first, each once. Of a longer text than [`LONGEST_TEXT`] only the begin is looked through.
    #[must_use]
    pub fn skills_in(&self, text: &str, language: TextLanguage, most: usize) -> Vec<Mention<'_>> {
        let labels = self.label_words[language as usize].get_or_init(|| mentions::LabelWords::new(language, &self.skills));
        mentions::find(labels, &self.skills, text, most)
    }

    /// Which codes of CompetentNL and ESCO mean the same.
    #[must_use]
    pub fn crosswalk(&self) -> &Crosswalk {
        &self.crosswalk
    }

    /// The direct narrower skills.
    #[must_use]
    pub fn narrower(&self, uri: &CodeUri) -> &[CodeUri] {
        self.narrower.get(uri).map_or(&[], Vec::as_slice)
    }

    /// An occupation by its URI.
    #[must_use]
    pub fn occupation(&self, uri: &CodeUri) -> Option<&Occupation> {
        self.occupation_by_uri.get(uri).map(|index| &self.occupations[*index])
    }

    /// The occupation that a label stands for, whatever its case and accents; none where it stands for more than one.
    #[must_use]
    pub fn occupation_labelled(&self, label: &str) -> Option<&Occupation> {
        only(self.occupations_labelled(label))
    }

    /// Every occupation that a label stands for: none, one, or more where the tables do not tell them apart.
    pub fn occupations_labelled(&self, label: &str) -> impl Iterator<Item = &Occupation> {
        self.occupation_labels.find(label).iter().map(|row| &self.occupations[*row])
    }

    /// The occupations with a label that is near to a text, best first, each by its Dutch label.
    #[must_use]
    pub fn suggest_occupations(&self, label: &str) -> Vec<String> {
        self.occupation_labels.nearest(label).into_iter().map(|index| self.occupations[index].label_nl.clone()).collect()
    }

    /// At most so many occupations that somebody may mean who types a text and reads Dutch or English labels, best first, each once.
    #[must_use]
    pub fn find_occupations(&self, text: &str, english: bool, most: usize) -> Vec<Meant<'_, Occupation>> {
        let shown = |row: usize| shown(english, &self.occupations[row].label_nl, &self.occupations[row].label_en);
        let found = self.occupation_labels.search(text, english, shown, most).into_iter();
        found.map(|one| Meant { thing: &self.occupations[one.row], by: written(one.by, self.occupations[one.row].labels()) }).collect()
    }

    /// A place by its postcode.
    #[must_use]
    pub fn place(&self, postcode: Postcode4) -> Option<&Place> {
        self.places.binary_search_by_key(&postcode, |place| place.postcode).ok().map(|index| &self.places[index])
    }

    /// The place that a name means, by a postcode in its middle; none where no place has the name, or more than one.
    #[must_use]
    pub fn place_named(&self, name: &str) -> Option<&Place> {
        only(self.places_named(name))
    }

    /// Every place that a name may mean.
    pub fn places_named(&self, name: &str) -> impl Iterator<Item = &Place> {
        self.place_names.find(name).iter().map(|row| &self.places[*row])
    }

    /// The names of places that are nearest to a text.
    #[must_use]
    pub fn suggest_places(&self, name: &str) -> Vec<String> {
        self.place_names.nearest(name)
    }

    /// The postcodes that are nearest to one, by number, with the names of their places; only those with the same first two digits.
    #[must_use]
    pub fn suggest_postcodes(&self, postcode: Postcode4) -> Vec<String> {
        let same_region = |place: &&Place| place.postcode.number() / 100 == postcode.number() / 100;
        let mut near: Vec<&Place> = self.places.iter().filter(same_region).collect();
        near.sort_by_key(|place| place.postcode.number().abs_diff(postcode.number()));
        near.into_iter().take(labels::MOST).map(|place| format!("{} {}", place.postcode, place.name)).collect()
    }

    /// The labels of occupations in a unit group of ISCO-08 (four digits).
    #[must_use]
    pub fn suggest_of_group(&self, isco08: &str) -> Vec<String> {
        let of_group = self.occupations.iter().filter(|occupation| occupation.isco08 == isco08);
        of_group.take(labels::MOST).map(|occupation| occupation.label_nl.clone()).collect()
    }

    /// The weight of a stem, 1–100.
    #[must_use]
    pub fn word_weight(&self, stem: &str) -> u8 {
        self.words.get(stem).copied().unwrap_or(USUAL_WORD_WEIGHT)
    }
}

/// The label by which something is shown: the Dutch one where there is no English one.
fn shown<'l>(english: bool, dutch: &'l str, other: &'l str) -> &'l str {
    if english && !other.is_empty() { other } else { dutch }
}

/// A folded label as it is written.
fn written<'l>(folded: Option<&'l str>, mut labels: impl Iterator<Item = &'l str>) -> Option<&'l str> {
    folded.map(|folded| labels.find(|label| fold(label) == folded).unwrap_or(folded))
}

/// What there is, where there is one alone.
fn only<T>(mut of: impl Iterator<Item = T>) -> Option<T> {
    of.next().filter(|_| of.next().is_none())
}
