//! Imported tables over those of the program (`docs/reference-tables.md`): what a publisher says stands; what it does not say stays as it was.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::content::{Concept, Imported, PostcodeArea, Table, WeightFrom};
use super::crosswalk::Crosswalk;
use super::labels::{Entry, Rank};
use super::land::Lands;
use super::read::TableError;
use super::rows::{Rows, starter_versions};
use super::tables::{Occupation, Place, Skill};
use super::{Reference, USUAL_SKILL_WEIGHT, read, weight};
use crate::code::Importance;
use crate::name::{CodeUri, Postcode4};

/// Weight of a group of skills that the program's tables do not know: whoever has a skill of the group has little of what was asked.
pub(super) const GROUP_WEIGHT: u16 = 100;

pub(super) fn with(imported: &Imported) -> Result<Reference, TableError> {
    let mut rows = read::starter_rows()?;
    skills(&mut rows, imported);
    occupations(&mut rows, imported);
    places(&mut rows, imported)?;
    for word in imported.words() {
        match word.from {
            WeightFrom::Weight => drop(rows.words.insert(word.stem.clone(), word.weight)),
            // The program's own weights are for questions about work; how often a word is used in general says less.
            WeightFrom::Count => drop(rows.words.entry(word.stem.clone()).or_insert(word.weight)),
        }
    }
    rows.crosswalk = Crosswalk::of(imported.same());
    let mut versions = starter_versions();
    for version in Table::ALL.iter().filter_map(|table| imported.version(*table)) {
        match versions.iter_mut().find(|known| known.name == version.name) {
            Some(known) => known.clone_from(version),
            None => versions.push(version.clone()),
        }
    }
    Ok(rows.build(versions))
}

/// The labels that a publisher gives to a row.
fn labels_of(concept: &Concept, row: usize) -> impl Iterator<Item = Entry> {
    let others = concept.alternatives_nl.lines().map(move |label| (Rank::Alternative, label.to_owned(), row));
    let english = (Rank::English, concept.label_en.clone(), row);
    std::iter::once((Rank::Preferred, concept.label_nl.clone(), row)).chain(others).chain(std::iter::once(english))
}

/// The other Dutch words for something: the publisher's, and those of the program.
fn alternatives(concept: &Concept, label_nl: &str, known: &[String]) -> Vec<String> {
    let mut all: Vec<String> = concept.alternatives_nl.lines().map(str::to_owned).collect();
    for label in std::iter::once(label_nl).chain(known.iter().map(String::as_str)) {
        if !label.is_empty() && label != concept.label_nl && !all.iter().any(|other| other == label) {
            all.push(label.to_owned());
        }
    }
    all
}

fn skills(rows: &mut Rows, imported: &Imported) {
    let mut by_uri = rows.skill_by_uri();
    let groups = imported.concepts(Table::SkillGroups).iter().map(|group| (group, GROUP_WEIGHT));
    for (concept, usual) in groups.chain(imported.concepts(Table::Skills).iter().map(|skill| (skill, USUAL_SKILL_WEIGHT))) {
        let row = *by_uri.entry(concept.uri.clone()).or_insert_with(|| {
            rows.skills.push(Skill {
                uri: concept.uri.clone(),
                label_nl: String::new(),
                alternatives_nl: Vec::new(),
                label_en: String::new(),
                broader: Vec::new(),
                sectors: String::new(),
                weight: usual,
            });
            rows.skills.len() - 1
        });
        rows.skill_labels.extend(labels_of(concept, row));
        let skill = &mut rows.skills[row];
        skill.alternatives_nl = alternatives(concept, &skill.label_nl, &skill.alternatives_nl);
        skill.label_nl.clone_from(&concept.label_nl);
        if !concept.label_en.is_empty() {
            skill.label_en.clone_from(&concept.label_en);
        }
    }
    let mut above: BTreeMap<usize, Vec<CodeUri>> = BTreeMap::new();
    for pair in imported.above().iter().filter(|pair| by_uri.contains_key(&pair.broader)) {
        if let Some(row) = by_uri.get(&pair.skill) {
            above.entry(*row).or_default().push(pair.broader.clone());
        }
    }
    for (row, broader) in above {
        rows.skills[row].broader = broader;
    }
    for (row, occupations) in needed_by(imported, &by_uri) {
        rows.skills[row].weight = weight::of_skill(occupations);
    }
}

/// How many occupations need each skill.
fn needed_by(imported: &Imported, by_uri: &HashMap<CodeUri, usize>) -> BTreeMap<usize, u64> {
    let mut seen: HashSet<(&CodeUri, &CodeUri)> = HashSet::new();
    let mut counts = BTreeMap::new();
    for need in imported.needs() {
        if let Some(row) = by_uri.get(&need.skill)
            && seen.insert((&need.occupation, &need.skill))
        {
            *counts.entry(*row).or_default() += 1;
        }
    }
    counts
}

fn occupations(rows: &mut Rows, imported: &Imported) {
    let mut by_uri = rows.occupation_by_uri();
    for concept in imported.concepts(Table::Occupations) {
        let row = *by_uri.entry(concept.uri.clone()).or_insert_with(|| {
            rows.occupations.push(Occupation {
                uri: concept.uri.clone(),
                label_nl: String::new(),
                alternatives_nl: Vec::new(),
                label_en: String::new(),
                isco08: String::new(),
                sectors: String::new(),
                level: None,
                skills: Vec::new(),
            });
            rows.occupations.len() - 1
        });
        rows.occupation_labels.extend(labels_of(concept, row));
        let occupation = &mut rows.occupations[row];
        occupation.alternatives_nl = alternatives(concept, &occupation.label_nl, &occupation.alternatives_nl);
        occupation.label_nl.clone_from(&concept.label_nl);
        occupation.isco08.clone_from(&concept.isco08);
        if !concept.label_en.is_empty() {
            occupation.label_en.clone_from(&concept.label_en);
        }
    }
    let skills = rows.skill_by_uri();
    let mut needs: BTreeMap<usize, Vec<(CodeUri, Importance)>> = BTreeMap::new();
    for need in imported.needs().iter().filter(|need| skills.contains_key(&need.skill)) {
        if let Some(row) = by_uri.get(&need.occupation) {
            needs.entry(*row).or_default().push((need.skill.clone(), need.relation));
        }
    }
    for (row, skills) in needs {
        rows.occupations[row].skills = skills;
    }
}

fn places(rows: &mut Rows, imported: &Imported) -> Result<(), TableError> {
    let areas = imported.postcodes();
    let starter = std::mem::take(&mut rows.places);
    let lands = Lands::new(&starter, areas);
    let mut all: BTreeMap<Postcode4, Place> = starter.iter().map(|place| (place.postcode, place.clone())).collect();
    for area in areas {
        let land = lands.of(area);
        let known = all.remove(&area.postcode);
        all.insert(area.postcode, place(area, known, land));
    }
    if all.len() > Table::Postcodes.most_rows() {
        return Err(super::content::too_long(Table::Postcodes));
    }
    rows.places = all.into_values().collect();
    Ok(())
}

fn place(area: &PostcodeArea, known: Option<Place>, land: String) -> Place {
    let mut names = area.place.split(" / ").map(str::to_owned);
    let name = names.next().unwrap_or_default();
    let mut other_names: Vec<String> = names.collect();
    let known_names = known.iter().flat_map(|place| std::iter::once(&place.name).chain(&place.other_names));
    for other in known_names {
        if *other != name && !other_names.contains(other) {
            other_names.push(other.clone());
        }
    }
    let municipality = match &known {
        Some(place) if area.municipality.is_empty() => place.municipality.clone(),
        _ => area.municipality.clone(),
    };
    Place { postcode: area.postcode, name, other_names, municipality, latitude: area.latitude, longitude: area.longitude, land }
}

/// How many rows of the imported tables name something that no table has, and of how many.
pub(super) fn dangling(imported: &Imported, reference: &Reference) -> Vec<(Table, usize, usize)> {
    let needs = imported.needs();
    let (known, above) = (|uri: &CodeUri| reference.skill(uri).is_some(), imported.above());
    let lost = needs.iter().filter(|need| !known(&need.skill) || reference.occupation(&need.occupation).is_none()).count();
    let loose = above.iter().filter(|pair| !known(&pair.skill) || !known(&pair.broader)).count();
    vec![(Table::OccupationSkills, lost, needs.len()), (Table::SkillBroader, loose, above.len())]
}
