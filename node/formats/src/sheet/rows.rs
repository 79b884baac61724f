//! The rows of a CSV file as they stand in it, whoever reads them and whatever they mean.

use csv::{ReaderBuilder, StringRecord, WriterBuilder};

use super::cell::{protected, unprotected};
use crate::text::{Lines, one_line};

/// What parts the cells of a file, where its reader does not say: the first of these that its first row has most of.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// The rows of a file with a row of names first.
pub struct Rows<'t> {
    /// What parts the cells.
    pub separator: u8,
    /// The names of the columns, each on one line.
    pub names: Vec<String>,
    body: &'t str,
    lines: Lines<'t>,
    reader: csv::Reader<&'t [u8]>,
    row: StringRecord,
}

/// A row.
pub struct Row<'r> {
    /// The line of the file on which it begins.
    pub line: u64,
    cells: &'r StringRecord,
}

/// A row that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRow {
    /// The line of the file on which it begins.
    pub line: Option<u64>,
}

impl<'t> Rows<'t> {
    /// Of a text whose cells are parted so; where that is not said, by what its first row has most of. A spreadsheet's own line about it comes before either.
    /// `None` where there is no row of names.
    #[must_use]
    pub fn of(text: &'t str, separator: Option<u8>) -> Option<Self> {
        let (separator, body) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
            Some((mark, body)) if mark.trim_end_matches('\r').len() == 1 => (mark.as_bytes()[0], body),
            _ => (separator.unwrap_or_else(|| most(text)), text),
        };
        let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(body.as_bytes());
        let mut row = StringRecord::new();
        let names = match reader.read_record(&mut row) {
            Ok(true) => row.iter().map(|name| one_line(unprotected(name.trim_start_matches('\u{feff}')))).collect(),
            _ => return None,
        };
        Some(Self { separator, names, body, lines: Lines::from(text, 1), reader, row })
    }

    /// The next row; nothing after it can be read where it is none.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, NoRow>> {
        match self.reader.read_record(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(_) => {
                let position = self.reader.position().clone();
                return Some(Err(NoRow { line: self.line_at(&position) }));
            }
        }
        let line = self.row.position().cloned().and_then(|position| self.line_at(&position)).unwrap_or(1);
        Some(Ok(Row { line, cells: &self.row }))
    }

    /// A row begins after the end of the line before it, of which the reader may have left a part.
    fn line_at(&mut self, position: &csv::Position) -> Option<u64> {
        let rest = self.body.get(usize::try_from(position.byte()).ok()?..)?;
        Some(self.lines.of_part(rest.trim_start_matches(['\r', '\n'])))
    }
}

impl<'r> Row<'r> {
    /// Its cells, each without the apostrophe that keeps a spreadsheet from taking it for a formula.
    pub fn cells(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        self.cells.iter().map(unprotected)
    }

    /// One of them; empty where there is none.
    #[must_use]
    pub fn cell(&self, at: usize) -> &'r str {
        unprotected(self.cells.get(at).unwrap_or_default())
    }
}

/// What a first row has most of, outside quotation marks.
fn most(text: &str) -> u8 {
    let (mut counts, mut quoted) = (SEPARATORS.map(|sign| (sign, 0)), false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(SEPARATORS[0], |(sign, _)| *sign)
}

/// A row as text, without the end of its line. No spreadsheet takes a cell of it for a formula.
#[must_use]
pub fn written<'c>(separator: u8, cells: impl Iterator<Item = &'c str>) -> String {
    let mut writer = WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    // Into memory it can always be written.
    let _ = writer.write_record(cells.map(protected));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows by the lines on which they begin.
    type ByLine = Vec<(u64, Vec<String>)>;

    fn read(text: &str) -> (u8, Vec<String>, ByLine) {
        let mut rows = Rows::of(text, None).expect("a row of names");
        let mut all = Vec::new();
        while let Some(row) = rows.next_row() {
            let row = row.expect("a row");
            all.push((row.line, row.cells().map(str::to_owned).collect()));
        }
        (rows.separator, rows.names, all)
    }

    #[test]
    fn cells_are_parted_by_what_the_first_row_has_and_each_row_knows_its_line() {
        for (text, separator) in [
            ("a;b\n\"x\ny\";2\n3;4\n", b';'),
            ("a,b\r\n\"x\ny\",2\r\n3,4\r\n", b','),
            ("a\tb\n\"x\ny\"\t2\n3\t4", b'\t'),
            ("\"a\";\"b\"\n\"x\ny\";2\n3;4", b';'),
        ] {
            let (found, names, rows) = read(text);
            assert_eq!((found, names), (separator, vec!["a".to_owned(), "b".to_owned()]), "{text}");
            let expected = [(2, vec!["x\ny".to_owned(), "2".to_owned()]), (4, vec!["3".to_owned(), "4".to_owned()])];
            assert_eq!(rows, expected, "{text}");
        }
        assert_eq!(read("sep=,\na,b;c\n1,2").1, ["a", "b;c"], "a spreadsheet says what parts its cells");
        assert_eq!(read("sep=,\na,b;c\n1,2").2[0].0, 3);
        assert!(Rows::of("", None).is_none());
    }

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_is_protected_and_read_without_that() {
        for cell in ["=1+1", "+31 6", "-2", "@home", "'=1", "plain", "'plain"] {
            let text = format!("a\n{}\n", written(b';', std::iter::once(cell)));
            assert_eq!(read(&text).2[0].1, [cell], "{text}");
        }
        assert!(written(b';', ["=HYPERLINK(1)"].into_iter()).starts_with("'="));
    }
}
