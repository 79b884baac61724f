//! Names in a CV, and what the tables of this node know by them.

use polder_exchange::people::Language;
use polder_model::reference::{Occupation, Reference, Skill};

use crate::pages::find::{Coded, either};

/// Names that are looked at closely where none is the same: each look costs some milliseconds with complete tables.
const LOOKED_AT: usize = 20;
/// Proposals for one name, and for all.
const NEAREST: usize = 2;
const MOST: usize = 20;

/// What came of names.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// It has this very name, in Dutch or English, and nothing else has.
    pub sure: Vec<Coded>,
    /// It is like one, or one of several.
    pub maybe: Vec<Coded>,
    /// Nobody here knows them.
    pub unknown: Vec<String>,
}

/// Skills of these names.
pub(super) fn skills(reference: &Reference, language: Language, names: &[String]) -> Found {
    let coded = |skill: &Skill| Coded::new(&skill.uri, either(language, &skill.label_nl, &skill.label_en));
    let exact = |name: &str| reference.skills_labelled(name).map(coded).collect();
    found(names, exact, |name| reference.suggest_skills(name))
}

/// Occupations of these names.
pub(super) fn occupations(reference: &Reference, language: Language, names: &[String]) -> Found {
    let coded = |one: &Occupation| Coded::new(&one.uri, either(language, &one.label_nl, &one.label_en));
    let exact = |name: &str| reference.occupations_labelled(name).map(coded).collect();
    found(names, exact, |name| reference.suggest_occupations(name))
}

fn found(names: &[String], exact: impl Fn(&str) -> Vec<Coded>, near: impl Fn(&str) -> Vec<String>) -> Found {
    let mut all = Found::default();
    let mut looks = 0;
    for name in names {
        let mut same = exact(name);
        if same.len() == 1 {
            all.sure.append(&mut same);
            continue;
        }
        if same.is_empty() && looks < LOOKED_AT {
            looks += 1;
            same = near(name).iter().take(NEAREST).flat_map(|label| exact(label)).collect();
        }
        if same.is_empty() {
            all.unknown.push(name.clone());
        }
        all.maybe.append(&mut same);
    }
    all.sure.sort();
    all.sure.dedup();
    all.maybe.sort();
    all.maybe.dedup();
    all.maybe.retain(|coded| !all.sure.contains(coded));
    all.maybe.truncate(MOST);
    all.unknown.truncate(MOST);
    all
}
