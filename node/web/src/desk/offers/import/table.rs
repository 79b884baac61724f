//! A table of offers: the first row names the columns, and every other row is an offer. Its cells are parted by what the first row has most of: a semicolon, a
//! comma, or what a spreadsheet puts between cells that are copied.

use polder_formats::sheet::{NoRow, Rows, written};
use polder_model::Kind;

use super::columns::{Column, Fills, columns};
use super::{MOST, Why};
use crate::pages::Words;
use crate::pages::bounded::cut;

/// Characters of a head that are said.
const LONGEST: usize = 40;
/// Most names of columns that are said.
const NAMES: usize = 10;

/// A table, as it was brought.
pub(super) struct Table {
    separator: u8,
    /// The head of each column, and what it means.
    pub columns: Vec<(String, Column)>,
    pub rows: Vec<Row>,
}

/// A row.
pub(super) struct Row {
    /// As a spreadsheet counts it: the first row has the names.
    pub number: usize,
    pub cells: Vec<String>,
    /// The line as it was brought, where a quotation mark in it is not closed.
    pub open: Option<String>,
}

/// Whether a text is a table, and no lines of JSON.
pub(super) fn is_table(text: &str) -> bool {
    !text.trim_start().starts_with(['{', '['])
}

impl Table {
    /// Reads a table; why it is none otherwise. No more rows than are taken, and one, are read.
    pub(super) fn read(text: &str, kind: Kind, languages: [&Words; 2]) -> Result<Self, Why> {
        let mut records = Rows::of(text, None).ok_or(Why::new("import-no-head"))?;
        let columns = heads(records.names.iter().map(|name| name.trim()), kind, languages)?;
        let (separator, mut rows, mut number) = (records.separator, Vec::new(), 1);
        while let Some(record) = records.next_row() {
            number += 1;
            match record {
                Ok(record) => {
                    let cells: Vec<String> = record.cells().map(|cell| cell.trim().to_owned()).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        rows.push(Row { number, cells, open: None });
                    }
                }
                Err(NoRow { text, .. }) => rows.push(Row { number, cells: Vec::new(), open: Some(text.to_owned()) }),
            }
            if rows.len() > MOST {
                break;
            }
        }
        Ok(Self { separator, columns, rows })
    }

    /// Its first row, as text.
    pub(super) fn head(&self) -> String {
        written(self.separator, self.columns.iter().map(|(head, _)| head.as_str()))
    }

    /// A row, as text.
    pub(super) fn text(&self, row: &Row) -> String {
        row.open.clone().unwrap_or_else(|| written(self.separator, row.cells.iter().map(String::as_str)))
    }
}

/// What the heads of the columns mean.
fn heads<'h>(heads: impl Iterator<Item = &'h str>, kind: Kind, languages: [&Words; 2]) -> Result<Vec<(String, Column)>, Why> {
    let (mut known, mut unknown) = (columns(kind), Vec::new());
    let mut found: Vec<(String, Column)> = Vec::new();
    for head in heads {
        match known.iter().position(|column| column.is_called(head, languages)) {
            Some(place) => found.push((head.to_owned(), known.remove(place))),
            None => unknown.push(head),
        }
    }
    let lacks = known.iter().filter(|column| is_needed(column)).map(|column| column.label(languages[0])).collect::<Vec<_>>().join(", ");
    if !unknown.is_empty() {
        // What is there twice is not known the second time.
        let twice: Vec<&str> =
            unknown.iter().copied().filter(|head| found.iter().any(|(_, column)| column.is_called(head, languages))).collect();
        let (says, names) = if twice.is_empty() { ("import-columns-unknown", unknown) } else { ("import-columns-twice", twice) };
        let names = names.into_iter().take(NAMES).map(|head| format!("“{}”", cut(head, LONGEST))).collect::<Vec<_>>();
        return Err(Why { says, named: names.join(", "), lacking: lacks, columns: true });
    }
    if lacks.is_empty() { Ok(found) } else { Err(Why { named: lacks, ..Why::new("import-columns-missing") }) }
}

/// Whether no offer can do without a column.
fn is_needed(column: &Column) -> bool {
    match column.fills {
        Fills::Key => true,
        Fills::Line(line, _) => ["title", "description"].contains(&line.name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use polder_exchange::people::Language;

    use super::*;

    fn read(text: &str) -> Result<Table, Why> {
        let (dutch, english) = (Words::new(Language::Nl), Words::new(Language::En));
        Table::read(text, Kind::Vacancy, [&dutch, &english])
    }

    #[test]
    fn cells_are_parted_by_what_the_first_row_has() {
        for (text, cells) in [
            ("Kenmerk;Titel;Omschrijving\nA-1;Kok, chef;\"Koken;\nbakken\"\n", vec!["A-1", "Kok, chef", "Koken;\nbakken"]),
            ("key,title,description\r\nA-1,\"Kok; chef\",Koken\r\n", vec!["A-1", "Kok; chef", "Koken"]),
            ("Kenmerk\tTitel\tOmschrijving\nA-1\tKok\tKoken", vec!["A-1", "Kok", "Koken"]),
            ("sep=;\n\u{feff}KENMERK;title;\"Omschrijving\"\nA-1;Kok;Koken", vec!["A-1", "Kok", "Koken"]),
            ("\"Kenmerk\";\"Titel\";\"Uren, per week, minstens\";Omschrijving\n;;;\nA-1;Kok;24;Koken", vec!["A-1", "Kok", "24", "Koken"]),
        ] {
            let table = read(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
            assert_eq!((table.rows.len(), &table.rows[0].cells), (1, &cells.iter().map(|cell| (*cell).to_owned()).collect()), "{text}");
            // What was refused comes back as a table that says the same.
            let again = format!("{}\n{}", table.head(), table.text(&table.rows[0]));
            assert_eq!(read(&again).expect("a table").rows[0].cells, table.rows[0].cells, "{again}");
        }
        assert_eq!(read("Kenmerk;Titel;Omschrijving\n;;\nA-1;Kok;Koken").expect("a table").rows[0].number, 3, "empty rows are counted");
    }

    #[test]
    fn a_table_whose_columns_are_not_known_is_refused_by_what_they_are() {
        let why = |text: &str| read(text).map(|table| table.rows.len()).expect_err("no table");
        let unknown = why("Kenmerk;Titel;Omschrijving;Loonheffing\n");
        assert_eq!((unknown.says, unknown.named.as_str(), unknown.columns), ("import-columns-unknown", "“Loonheffing”", true));
        let both = why("Titel;Omschrijving;Loonheffing\n");
        assert_eq!(
            (both.says, both.named.as_str(), both.lacking.as_str()),
            ("import-columns-unknown", "“Loonheffing”", "Kenmerk"),
            "all at once"
        );
        assert_eq!((why("Titel;Kenmerk").says, why("Titel;Kenmerk").named.as_str()), ("import-columns-missing", "Omschrijving"));
        assert_eq!(why("Titel;title;Kenmerk;Omschrijving").says, "import-columns-twice");
        assert_eq!(why("").says, "import-no-head");
        let many = format!("Kenmerk;Titel;Omschrijving\n{}", "A-1;Kok;Koken\n".repeat(MOST + 50));
        assert_eq!(read(&many).expect("a table").rows.len(), MOST + 1, "no more are read than it takes to refuse them");
    }
}
