//! The cells of a row, read as people write them: words, dates and amounts as the form shows them, skills and occupations by their names.

use polder_exchange::people::Language;
use polder_model::reference::Reference;
use polder_model::{CodeUri, Kind};
use serde_json::Value;

use super::super::draft::Draft;
use super::super::editions;
use super::super::form::Typed;
use super::super::member::Wrong;
use super::columns::{Fills, fold};
use super::table::{Row, Table};
use crate::pages::bounded::cut;
use crate::pages::find::{self, Coded};
use crate::pages::spoken::LANGUAGES;
use crate::pages::{Said, Words};

/// Names that are suggested for one that is not known.
const NEAR: usize = 4;
/// Characters of what stands in a cell that are said.
const LONGEST: usize = 60;
/// Characters of a list of words that are said.
const LONGEST_LIST: usize = 400;
/// Levels of a language.
const LEVELS: [&str; 6] = ["A1", "A2", "B1", "B2", "C1", "C2"];

/// Reads the rows of a table.
pub(super) struct Cells<'r> {
    pub kind: Kind,
    pub reference: &'r Reference,
    pub language: Language,
    /// The words of both languages: first those of whoever looks.
    pub languages: [&'r Words; 2],
}

/// What stands in a row.
pub(super) struct Read {
    pub key: String,
    pub draft: Draft,
    /// What of it cannot be read.
    pub wrong: Vec<Wrong>,
}

impl Cells<'_> {
    /// A row as the form has it; a vacancy of nobody is that of `home`.
    pub(super) fn read(&self, table: &Table, row: &Row, home: &str) -> Read {
        let mut read = Read { key: String::new(), draft: Draft::of(self.kind, &Value::Null, self.language), wrong: Vec::new() };
        read.draft.lines.insert("whom", home.to_owned());
        for ((head, column), cell) in table.columns.iter().zip(&row.cells) {
            if !cell.is_empty()
                && let Err(text) = self.fill(&mut read, column.fills, cell)
            {
                read.wrong.push(Wrong { part: "", label: head.clone(), pointer: String::new(), text });
            }
        }
        if row.cells.iter().skip(table.columns.len()).any(|cell| !cell.is_empty()) {
            let text = self.languages[0].text("import-cells-more", &[]);
            read.wrong.push(Wrong { part: "", label: String::new(), pointer: String::new(), text });
        }
        read
    }

    fn fill(&self, read: &mut Read, fills: Fills, cell: &str) -> Result<(), String> {
        let draft = &mut read.draft;
        match fills {
            Fills::Key => cell.clone_into(&mut read.key),
            Fills::Line(line, words) => {
                let text = match (words, line.typed) {
                    ("", Typed::Capitals) => cell.to_uppercase(),
                    ("", Typed::Text) if line.path[line.path.len() - 1].ends_with("Date") => date(cell),
                    ("", _) => cell.to_owned(),
                    (words, _) => self.word(words, &codes(words), cell)?.to_owned(),
                };
                draft.lines.insert(line.name, text);
            }
            Fills::List(list, words) => {
                let all = split(cell, &['|', ';', ',', '\n']).map(|part| self.word(words, list.all, part).map(str::to_owned));
                draft.lists.insert(list.name, all.collect::<Result<_, _>>()?);
            }
            Fills::Tick(tick) => {
                let said = match fold(cell).as_str() {
                    "ja" | "yes" | "j" | "y" | "x" | "1" | "true" | "waar" => true,
                    "nee" | "no" | "n" | "0" | "false" | "onwaar" => false,
                    _ => return Err(self.languages[0].text("import-yes-no", &[])),
                };
                draft.ticks.insert(tick.name, said);
            }
            Fills::Languages => {
                for part in split(cell, &['|', ';', ',', '\n']) {
                    let (name, level) = part.rsplit_once(char::is_whitespace).unwrap_or((part, ""));
                    let level = LEVELS.into_iter().find(|one| one.eq_ignore_ascii_case(level));
                    let level = level.ok_or_else(|| self.languages[0].text("import-language-level", &[]))?;
                    draft.languages.insert(self.word("language", &LANGUAGES, name)?, level.to_owned());
                }
            }
            Fills::Skills => draft.skills = self.coded(cell, |label| self.skills(label))?,
            Fills::Occupations => draft.occupations = self.coded(cell, |label| self.occupations(label))?,
            Fills::Edition(place) => {
                let (path, member) = editions::MEMBERS[place];
                let text = match path[path.len() - 1] {
                    "mode" => self.word("edition", &["on-site", "online", "blended"], cell)?.to_owned(),
                    "postcode" => cell.to_uppercase(),
                    "startDate" | "endDate" => date(cell),
                    _ => cell.to_owned(),
                };
                draft.editions.iter_mut().take(1).for_each(|edition| text.clone_into(member(edition)));
            }
        }
        Ok(())
    }

    /// The word of a closed list that a text means: as an offer says it, or by its name in either language, or a part of that.
    fn word<'w>(&self, words: &str, all: &[&'w str], text: &str) -> Result<&'w str, String> {
        let label = |language: &Words, code: &str| language.text(&format!("{words}-{code}"), &[]);
        let wanted = fold(text);
        let means = |code: &&&str| {
            let by_name = || self.languages.iter().any(|language| names(&label(language, code)).any(|name| fold(name) == wanted));
            code.eq_ignore_ascii_case(text) || !words.is_empty() && by_name()
        };
        all.iter().find(means).copied().ok_or_else(|| {
            let called = |code: &&str| if words.is_empty() { (*code).to_owned() } else { label(self.languages[0], code) };
            let allowed = cut(&all.iter().map(called).collect::<Vec<_>>().join(", "), LONGEST_LIST);
            let said = [("text", Said::Text(&cut(text, LONGEST))), ("said", Said::Text(&allowed))];
            self.languages[0].text("import-word-unknown", &said)
        })
    }

    /// What the names in a cell stand for, each once.
    fn coded(&self, cell: &str, find: impl Fn(&str) -> Result<Coded, String>) -> Result<Vec<Coded>, String> {
        let mut all: Vec<Coded> = Vec::new();
        for part in split(cell, &['|', ';', '\n']) {
            let found = match find(part) {
                Ok(one) => vec![one],
                // A name may have a comma in it; where it has none of that name, they part names.
                Err(text) if !part.contains(',') => return Err(text),
                Err(_) => split(part, &[',']).map(&find).collect::<Result<_, _>>()?,
            };
            all.extend(found.into_iter().filter(|one| !all.contains(one)).collect::<Vec<_>>());
        }
        Ok(all)
    }

    fn skills(&self, label: &str) -> Result<Coded, String> {
        let (reference, language) = (self.reference, self.language);
        if let Some(uri) = code(label) {
            return Ok(find::coded_skill(reference, language, &uri));
        }
        let found = reference.skills_labelled(label).map(|skill| find::coded_skill(reference, language, &skill.uri)).collect();
        self.one(label, found, || find::skills(reference, language, label))
    }

    fn occupations(&self, label: &str) -> Result<Coded, String> {
        let (reference, language) = (self.reference, self.language);
        if let Some(uri) = code(label) {
            return Ok(find::coded_occupation(reference, language, &uri));
        }
        let found = reference.occupations_labelled(label).map(|one| find::coded_occupation(reference, language, &one.uri)).collect();
        self.one(label, found, || find::occupations(reference, language, label))
    }

    /// The one thing of a name; what it may be otherwise.
    fn one(&self, label: &str, mut found: Vec<Coded>, near: impl FnOnce() -> Vec<Coded>) -> Result<Coded, String> {
        found.dedup();
        let text = cut(label, LONGEST);
        let say = |says: &str, said: &str| self.languages[0].text(says, &[("text", Said::Text(&text)), ("said", Said::Text(said))]);
        match found.len() {
            1 => Ok(found.swap_remove(0)),
            0 => {
                let near: Vec<String> = near().into_iter().take(NEAR).map(|one| format!("“{}”", one.label)).collect();
                Err(if near.is_empty() { say("import-name-unknown", "") } else { say("import-name-near", &near.join(", ")) })
            }
            _ => {
                let codes: Vec<String> = found.iter().map(|one| format!("{} ({})", one.label, one.uri)).collect();
                Err(say("import-name-more", &cut(&codes.join(", "), LONGEST_LIST)))
            }
        }
    }
}

/// A code that stands in the place of a name.
fn code(text: &str) -> Option<CodeUri> {
    text.starts_with("http").then(|| text.parse().ok()).flatten()
}

/// The codes of a closed list of which the form has a line.
fn codes(words: &str) -> Vec<&'static str> {
    match words {
        "education" => vec!["10", "20", "30", "40", "45", "50", "60", "70", "80"],
        "per" => vec!["month", "hour", "day", "week", "year"],
        _ => vec!["none", "certificate", "microcredential", "mbo-certificate", "mbo-diploma", "associate-degree", "bachelor", "master"],
    }
}

/// What a name may be called for short: “Mbo 4 of havo (NLQF 4)” is also “mbo 4”, “havo” and “NLQF 4”, and “per maand” is “maand”.
fn names(label: &str) -> impl Iterator<Item = &str> {
    let parts = label.split(['(', ')']).flat_map(|part| part.split(" of ").flat_map(|part| part.split(" or ")));
    std::iter::once(label).chain(parts).chain(label.strip_prefix("per ")).map(str::trim).filter(|name| !name.is_empty())
}

fn split<'c>(cell: &'c str, signs: &'c [char]) -> impl Iterator<Item = &'c str> {
    cell.split(signs).map(str::trim).filter(|part| !part.is_empty())
}

/// A date as an offer has it, of one that is written with the day first; what is none stays as it is.
fn date(text: &str) -> String {
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    match parts[..] {
        [day, month, year] if year.len() == 4 && (1..3).contains(&day.len()) && (1..3).contains(&month.len()) => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_owned(),
    }
}
