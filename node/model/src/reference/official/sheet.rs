//! Rows whose columns have names, whatever their order; with quoted cells over several lines, and line ends of any kind.

use std::io::{self, BufRead, Read};

use super::findings::Findings;
use crate::text::is_invisible;

/// Longest cell that is looked at, in bytes.
const LONGEST_CELL: usize = 64 * 1024;

/// A row, and where what is wrong with it is put.
pub(super) struct Line<'r> {
    pub number: u64,
    header: &'r [String],
    record: &'r csv::ByteRecord,
    pub findings: &'r mut Findings,
}

impl Line<'_> {
    /// A cell that must hold something; a finding otherwise.
    pub fn needed(&mut self, column: &str) -> Option<String> {
        let text = self.cell(column)?;
        if text.is_empty() {
            self.fault(column, "a value is expected");
            return None;
        }
        Some(text)
    }

    /// A cell; empty where the file has no such column.
    pub fn cell(&mut self, column: &str) -> Option<String> {
        let at = self.header.iter().position(|name| name == column);
        let bytes = at.and_then(|at| self.record.get(at)).unwrap_or_default();
        if bytes.len() > LONGEST_CELL {
            self.fault(column, "more than 64 KiB in one cell; is a quotation mark missing?");
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(_) => {
                self.fault(column, "this is not UTF-8; save the file as UTF-8");
                None
            }
        }
    }

    /// A cell of its form.
    pub fn parsed<T: std::str::FromStr>(&mut self, column: &str, expected: &str) -> Option<T> {
        let text = self.needed(column)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(column, expected);
        }
        parsed
    }

    pub fn fault(&mut self, column: &str, message: impl Into<String>) {
        self.findings.add(self.number, column, message);
    }
}

/// A text whose lines end in a line feed alone: the reader of CSV counts lines by it.
pub(super) struct UnixLines<R> {
    input: R,
    /// Whether a carriage return was read, and not yet what follows it.
    held: bool,
}

impl<R: BufRead> UnixLines<R> {
    pub fn new(input: R) -> Self {
        Self { input, held: false }
    }
}

impl<R: BufRead> Read for UnixLines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() || out.is_empty() {
                let last = self.held && !out.is_empty();
                if last {
                    (self.held, out[0]) = (false, b'\r');
                }
                return Ok(usize::from(last));
            }
            let (mut used, mut written) = (0, 0);
            while used < available.len() && written < out.len() {
                let byte = available[used];
                if std::mem::take(&mut self.held) && byte != b'\n' {
                    out[written] = b'\r';
                    written += 1;
                    continue;
                }
                used += 1;
                if byte == b'\r' {
                    self.held = true;
                } else {
                    out[written] = byte;
                    written += 1;
                }
            }
            self.input.consume(used);
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

/// Takes every row of a file with a header. Gives how many there are.
pub(super) fn each(separator: u8, input: impl BufRead, findings: &mut Findings, mut take: impl FnMut(&mut Line<'_>)) -> u64 {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(UnixLines::new(input));
    let (mut record, mut header, mut rows) = (csv::ByteRecord::new(), Vec::new(), 0);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return rows,
            Err(_) => {
                findings.add(reader.position().line(), "", "the file cannot be read further");
                return rows;
            }
        }
        if header.is_empty() {
            header = names(&record);
            continue;
        }
        rows += 1;
        let number = record.position().map_or(0, csv::Position::line);
        if record.len() == header.len() {
            take(&mut Line { number, header: &header, record: &record, findings });
        } else {
            let message = format!("{} cells, where the header has {}; is a quotation mark missing?", record.len(), header.len());
            findings.add(number, "", message);
        }
    }
}

/// The names of the columns. A byte order mark is none of them.
pub(super) fn names(record: &csv::ByteRecord) -> Vec<String> {
    record
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned())
        .collect()
}

/// A label on one line, without what nobody sees.
pub(super) fn plain(text: &str) -> String {
    let seen: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}
