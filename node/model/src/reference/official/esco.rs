//! ESCO's files, in the columns that ESCO publishes.

use std::collections::{BTreeSet, HashMap};
use std::io::BufRead;

use super::findings::Findings;
use super::sheet::{Line, each, plain};
use super::{EnglishLabels, LONGEST_LABEL, LeftOut};
use crate::code::Importance;
use crate::name::CodeUri;
use crate::reference::{Above, Concept, Content, Need, Table};

pub(super) const URI: &str = "an absolute http or https URI of at most 200 bytes is expected";

fn concept_type(table: Table) -> &'static str {
    match table {
        Table::SkillGroups => "SkillGroup",
        Table::Occupations => "Occupation",
        _ => "KnowledgeSkillCompetence",
    }
}

/// A label of one line; a finding where it cannot be one. Empty where there is none.
fn label(line: &mut Line<'_>, column: &str) -> Option<String> {
    let label = plain(&line.cell(column)?);
    if label.chars().count() > LONGEST_LABEL {
        line.fault(column, format!("a label has at most {LONGEST_LABEL} characters"));
        return None;
    }
    if is_formula(&label) {
        line.fault(column, "a label that begins with = or @, which a spreadsheet takes for a formula");
        return None;
    }
    Some(label)
}

fn is_formula(label: &str) -> bool {
    label.starts_with(['=', '@'])
}

/// The URI of a row that counts: of that type of concept, and released.
fn counted(line: &mut Line<'_>, table: Table, left_out: &mut LeftOut) -> Option<CodeUri> {
    let (kind, status) = (line.cell("conceptType")?, line.cell("status")?);
    if !kind.is_empty() && kind != concept_type(table) {
        line.fault("conceptType", format!("{} is expected in this file", concept_type(table)));
        return None;
    }
    if !status.is_empty() && status != "released" {
        left_out.count("rows whose status is not released");
        return None;
    }
    line.parsed("conceptUri", URI)
}

pub(super) fn english(table: Table, separator: u8, input: impl BufRead, findings: &mut Findings) -> EnglishLabels {
    let mut labels = EnglishLabels::new();
    each(separator, input, findings, |line| {
        if let Some(uri) = counted(line, table, &mut LeftOut::default())
            && let Some(label) = label(line, "preferredLabel")
            && !label.is_empty()
            && labels.len() <= table.most_rows()
        {
            labels.insert(uri, label);
        }
    });
    labels
}

pub(super) fn concepts(
    table: Table,
    separator: u8,
    english: &EnglishLabels,
    input: impl BufRead,
    findings: &mut Findings,
    left_out: &mut LeftOut,
) -> (Content, u64) {
    let mut rows: Vec<Concept> = Vec::new();
    // Where the row of a URI is, and on which line it stood.
    let mut seen: HashMap<CodeUri, (usize, u64)> = HashMap::new();
    let lines = each(separator, input, findings, |line| {
        if rows.len() > table.most_rows() {
            return;
        }
        let Some(uri) = counted(line, table, left_out) else { return };
        let Some(mut label_nl) = label(line, "preferredLabel") else { return };
        let label_en = english.get(&uri).cloned().unwrap_or_default();
        if label_nl.is_empty() {
            if label_en.is_empty() {
                return line.fault("preferredLabel", "a label is expected");
            }
            left_out.count("Dutch labels that are not there; the English one is taken");
            label_nl.clone_from(&label_en);
        }
        let Some(isco08) = isco_group(line, table) else { return };
        let Some(alternatives_nl) = alternatives(line, &label_nl, left_out) else { return };
        let row = Concept { uri, label_nl, alternatives_nl, label_en, isco08 };
        match seen.get(&row.uri) {
            None => {
                seen.insert(row.uri.clone(), (rows.len(), line.number));
                rows.push(row);
            }
            // ESCO 1.2.1 has some two dozen of them.
            Some((at, _)) if rows[*at] == row => left_out.count("rows that say what a row before says"),
            Some((_, first)) => line.fault("conceptUri", format!("this URI stands on line {first} already, with other labels")),
        }
    });
    rows.sort_unstable();
    (Content::Concepts(rows), lines)
}

/// The unit group of an occupation; nothing of a skill.
fn isco_group(line: &mut Line<'_>, table: Table) -> Option<String> {
    if table != Table::Occupations {
        return Some(String::new());
    }
    let group = line.needed("iscoGroup")?;
    // Some files name the group by its URI, which ends in C and the code.
    let code = group.rsplit_once("/C").map_or(group.as_str(), |(_, code)| code);
    if code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(code.to_owned());
    }
    line.fault("iscoGroup", "an ISCO-08 unit group of four digits is expected");
    None
}

/// The other labels, each on a line, in order, each once.
fn alternatives(line: &mut Line<'_>, label_nl: &str, left_out: &mut LeftOut) -> Option<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for column in ["altLabels", "hiddenLabels"] {
        for one in line.cell(column)?.lines().map(plain).filter(|one| !one.is_empty() && one != label_nl) {
            if one.chars().count() > LONGEST_LABEL || is_formula(&one) {
                left_out.count("other labels that are too long, or that a spreadsheet takes for a formula");
            } else {
                all.insert(one);
            }
        }
    }
    Some(all.into_iter().collect::<Vec<_>>().join("\n"))
}

pub(super) fn above(separator: u8, input: impl BufRead, findings: &mut Findings) -> (Content, u64) {
    let most = Table::SkillBroader.most_rows();
    let mut rows = BTreeSet::new();
    let lines = each(separator, input, findings, |line| {
        for column in ["conceptType", "broaderType"] {
            let Some(kind) = line.cell(column) else { return };
            if !matches!(kind.as_str(), "" | "KnowledgeSkillCompetence" | "SkillGroup") {
                return line.fault(column, "KnowledgeSkillCompetence or SkillGroup is expected in this file");
            }
        }
        let (skill, broader) = (line.parsed::<CodeUri>("conceptUri", URI), line.parsed("broaderUri", URI));
        let (Some(skill), Some(broader)) = (skill, broader) else { return };
        if skill == broader {
            return line.fault("broaderUri", "a skill does not stand above itself");
        }
        if rows.len() <= most {
            rows.insert(Above { skill, broader });
        }
    });
    (Content::Above(rows.into_iter().collect()), lines)
}

pub(super) fn needs(separator: u8, input: impl BufRead, findings: &mut Findings) -> (Content, u64) {
    let most = Table::OccupationSkills.most_rows();
    // Of two relations between the same two the stronger one counts.
    let mut rows: HashMap<(CodeUri, CodeUri), Importance> = HashMap::new();
    let lines = each(separator, input, findings, |line| {
        let (occupation, skill) = (line.parsed("occupationUri", URI), line.parsed("skillUri", URI));
        let relation = match line.cell("relationType").as_deref() {
            Some("essential") => Some(Importance::Essential),
            Some("optional") => Some(Importance::Optional),
            Some(_) => {
                line.fault("relationType", "essential or optional is expected");
                None
            }
            None => None,
        };
        let (Some(occupation), Some(skill), Some(relation)) = (occupation, skill, relation) else { return };
        if rows.len() <= most {
            let known = rows.entry((occupation, skill)).or_insert(relation);
            *known = relation.min(*known);
        }
    });
    let mut rows: Vec<Need> = rows.into_iter().map(|((occupation, skill), relation)| Need { occupation, relation, skill }).collect();
    rows.sort_unstable();
    (Content::Needs(rows), lines)
}
