//! The files of publishers, as they publish them: ESCO's CSV files, GeoNames' postal codes, lists of words, and which codes of CompetentNL and ESCO are the same.
//!
//! A file is recognised by its columns, not by its name. Reading is strict: whatever is wrong with a line is a finding with its number, all of them at
//! once. No finding names a value.

mod crosswalk;
mod esco;
mod findings;
mod geonames;
mod recognise;
mod sheet;
mod words;

use std::collections::HashMap;
use std::io::BufRead;

use super::content::{Content, Table, too_long};
use crate::name::CodeUri;

pub use findings::{FileFinding, Findings};
pub use recognise::{Recognised, recognise};

/// English labels, by URI.
pub type EnglishLabels = HashMap<CodeUri, String>;

/// Longest label, in characters.
pub const LONGEST_LABEL: usize = 200;

/// What a file holds.
#[derive(Debug)]
pub struct Read {
    /// The table.
    pub content: Content,
    /// How many rows of the file were read.
    pub lines: u64,
    /// What is wrong.
    pub findings: Findings,
    /// What was left out, each with how many times.
    pub left_out: Vec<(&'static str, u64)>,
}

/// Reads the file of a table.
pub fn read(table: Table, separator: u8, english: &EnglishLabels, input: impl BufRead) -> Read {
    let mut findings = Findings::default();
    let mut left_out = LeftOut::default();
    let (content, lines) = match table {
        Table::Skills | Table::SkillGroups | Table::Occupations => {
            esco::concepts(table, separator, english, input, &mut findings, &mut left_out)
        }
        Table::SkillBroader => esco::above(separator, input, &mut findings),
        Table::OccupationSkills => esco::needs(separator, input, &mut findings),
        Table::Postcodes => geonames::postcodes(input, &mut findings),
        Table::Words => words::words(separator, input, &mut findings, &mut left_out),
        Table::CompetentnlEsco => crosswalk::same(separator, input, &mut findings, &mut left_out),
    };
    if content.rows() > table.most_rows() {
        findings.add(0, "", too_long(table).fault);
    } else if content.rows() == 0 && findings.is_empty() {
        findings.add(0, "", "the file holds no rows");
    }
    Read { content, lines, findings, left_out: left_out.0 }
}

/// Reads the English labels of a file of skills, groups or occupations.
pub fn english_labels(table: Table, separator: u8, input: impl BufRead) -> (EnglishLabels, Findings) {
    let mut findings = Findings::default();
    let labels = esco::english(table, separator, input, &mut findings);
    (labels, findings)
}

/// What is left out, and how many times.
#[derive(Debug, Default)]
struct LeftOut(Vec<(&'static str, u64)>);

impl LeftOut {
    fn count(&mut self, what: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, times)) => *times += 1,
            None => self.0.push((what, 1)),
        }
    }
}
