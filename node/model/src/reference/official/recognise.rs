//! What a file is, by its first lines.

use super::geonames::COLUMNS;
use super::sheet::names;
use crate::reference::Table;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// The file of a table, and what stands between its cells.
    Table(Table, u8),
    /// A file of ESCO that nothing here has a use for, and what it holds.
    Unused(&'static str),
    /// Something else: what is expected.
    Unknown(String),
}

/// Columns by which a file of ESCO is known that is not used.
const UNUSED: [(&str, &str); 8] = [
    ("broaderConceptUri", "a collection of concepts that stand in the other files as well"),
    ("broaderConceptPT", "a collection of concepts that stand in the other files as well"),
    ("originalSkillUri", "which knowledge a skill builds on; only broader and narrower skills count here"),
    ("Level 0 URI", "the hierarchy of skills for people to read; the broader relations of the skill pillar say the same"),
    ("conceptSchemeUri", "the names of the parts of ESCO"),
    ("greenShare", "how green an occupation is"),
    ("data header", "the meaning of ESCO's columns"),
    ("regulatedProfessionUri", "regulated professions"),
];

/// What the first bytes of a file say that it is. They hold its first two lines.
#[must_use]
pub fn recognise(beginning: &[u8]) -> Recognised {
    let unknown = |what: &str| {
        Recognised::Unknown(format!(
            "{what}. Expected are ESCO's skills, skill groups, broader relations of the skill pillar, occupations or occupation-skill relations \
             (CSV), GeoNames' postal codes (11 or 12 columns with tabs between them) a list of words (columns word and weight, or word and count) or \
             which codes of CompetentNL and ESCO are the same (columns competentnl, esco and match)"
        ))
    };
    if beginning.is_empty() {
        return unknown("the file is empty");
    }
    if beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(&[0x1f, 0x8b]) {
        return unknown("the file is packed; unpack it first");
    }
    if beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff]) || beginning.contains(&0) {
        return unknown("the file is not UTF-8, but UTF-16 or no text; save it as UTF-8");
    }
    if is_postcodes(beginning) {
        return Recognised::Table(Table::Postcodes, b'\t');
    }
    for separator in *b",;\t" {
        let (header, first) = first_two(beginning, separator);
        if let Some(known) = by_columns(&header, &first, separator) {
            return known;
        }
    }
    unknown("these columns are not known")
}

/// Twelve cells with tabs between them, the last of which may be missing, the first a country.
fn is_postcodes(beginning: &[u8]) -> bool {
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let cells: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    (COLUMNS - 1..=COLUMNS).contains(&cells.len()) && cells[0].len() == 2 && cells[0].iter().all(u8::is_ascii_uppercase)
}

fn first_two(beginning: &[u8], separator: u8) -> (Vec<String>, Vec<String>) {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(beginning);
    let mut rows = reader.byte_records().map_while(Result::ok).map(|record| names(&record));
    (rows.next().unwrap_or_default(), rows.next().unwrap_or_default())
}

fn by_columns(header: &[String], first: &[String], separator: u8) -> Option<Recognised> {
    let at = |column: &str| header.iter().position(|name| name == column);
    let has = |columns: &[&str]| columns.iter().all(|column| at(column).is_some());
    if let Some((_, what)) = UNUSED.iter().find(|(column, _)| at(column).is_some()) {
        return Some(Recognised::Unused(what));
    }
    let concept_type = at("conceptType").and_then(|at| first.get(at)).map_or("", String::as_str);
    let table = if has(&["occupationUri", "relationType", "skillUri"]) {
        Table::OccupationSkills
    } else if has(&["conceptUri", "broaderUri"]) {
        if matches!(concept_type, "Occupation" | "ISCOGroup") {
            return Some(Recognised::Unused("the hierarchy of occupations; their ISCO-08 unit group says what is needed"));
        }
        Table::SkillBroader
    } else if has(&["conceptUri", "preferredLabel", "iscoGroup"]) {
        Table::Occupations
    } else if has(&["conceptUri", "preferredLabel", "skillType"]) {
        Table::Skills
    } else if has(&["conceptUri", "preferredLabel", "conceptType"]) {
        if concept_type == "ISCOGroup" {
            return Some(Recognised::Unused("the names of ISCO-08 groups"));
        }
        Table::SkillGroups
    } else if has(&["word"]) && (has(&["weight"]) || has(&["count"])) {
        Table::Words
    } else if has(&["competentnl", "esco", "match"]) {
        Table::CompetentnlEsco
    } else {
        return None;
    };
    Some(Recognised::Table(table, separator))
}
