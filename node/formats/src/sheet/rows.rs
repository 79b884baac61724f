//! The rows of a CSV file as they stand in it, whoever reads them and whatever they mean.

use csv::{ReaderBuilder, StringRecord, WriterBuilder};

use super::cell::{protected, unprotected};
use crate::text::{Lines, one_line};

/// What parts the cells of a file, where its reader does not say: the first of these that its first row has most of.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// What ends a line.
const END: [char; 2] = ['\r', '\n'];

/// The rows of a file with a row of names first.
pub struct Rows<'t> {
    /// What parts the cells.
    pub separator: u8,
    /// The names of the columns, each on one line.
    pub names: Vec<String>,
    /// What was not read yet.
    rest: &'t str,
    lines: Lines<'t>,
    row: StringRecord,
}

/// A row.
pub struct Row<'r> {
    /// The line of the file on which it begins.
    pub line: u64,
    cells: &'r StringRecord,
}

/// A line that is no row: a quotation mark that a cell begins with is not closed before the next cell. Read on, it would take good rows with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRow<'t> {
    /// Which line.
    pub line: u64,
    /// As it stands in the file.
    pub text: &'t str,
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
        let body = body.trim_start_matches('\u{feff}');
        let mut rows = Self { separator, names: Vec::new(), rest: body, lines: Lines::from(text, 1), row: StringRecord::new() };
        let head = rows.next_row()?.ok()?;
        rows.names = head.cells().map(one_line).collect();
        Some(rows)
    }

    /// The next row. A line that is none is left behind: the one after it is read next.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, NoRow<'t>>> {
        let begin = self.rest.trim_start_matches(END);
        if begin.is_empty() {
            return None;
        }
        let line = self.lines.of_part(begin);
        let Some(length) = length(begin, self.separator) else {
            let (text, rest) = begin.split_at(begin.find(END).unwrap_or(begin.len()));
            self.rest = rest;
            return Some(Err(NoRow { line, text }));
        };
        let (one, rest) = begin.split_at(length);
        self.rest = rest;
        let mut reader = ReaderBuilder::new().delimiter(self.separator).flexible(true).has_headers(false).from_reader(one.as_bytes());
        match reader.read_record(&mut self.row) {
            Ok(true) => Some(Ok(Row { line, cells: &self.row })),
            _ => Some(Err(NoRow { line, text: one })),
        }
    }
}

/// How many bytes the first row of a text has, without the end of its line; `None` where a quotation mark is not closed before the next cell.
fn length(text: &str, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends = |byte: u8| byte == separator || END.contains(&char::from(byte));
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at = closed(text, at + 1)?;
            at += bytes[at..].iter().take_while(|byte| **byte == b' ').count();
            if bytes.get(at).is_some_and(|byte| !ends(*byte)) {
                return None;
            }
        } else {
            at += bytes[at..].iter().take_while(|byte| !ends(**byte)).count();
        }
        match bytes.get(at) {
            Some(byte) if *byte == separator => at += 1,
            _ => return Some(at),
        }
    }
}

/// Where the quotation marks are closed that were opened before a place of a text. Two of them are one that is meant.
fn closed(text: &str, mut at: usize) -> Option<usize> {
    loop {
        at += text[at..].find('"')? + 1;
        if text.as_bytes().get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
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
    fn a_quotation_mark_that_is_not_closed_takes_no_good_row_with_it() {
        let text = "a;b;c\nG1;x;y\n1;\"open;2\nG2;\"x \"\"y\"\"\nz\" ;y\n2;\"shut\"x;y\nG3;\"\";y\n3;\"\nG4;x;\"y\"\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            let mut rows = Rows::of(&text, None).expect("a row of names");
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            while let Some(row) = rows.next_row() {
                match row {
                    Ok(row) => good.push((row.line, row.cell(0).to_owned())),
                    Err(NoRow { line, .. }) => bad.push(line),
                }
            }
            let expected = [(2, "G1"), (4, "G2"), (7, "G3"), (9, "G4")].map(|(line, key)| (line, key.to_owned()));
            assert_eq!((good, bad), (expected.to_vec(), vec![3, 6, 8]), "{text}");
        }
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
