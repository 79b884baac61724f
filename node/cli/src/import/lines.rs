//! Lines with a bound on their length.

use std::io::{self, BufRead, Read};

/// Longest line, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// A line without its end.
pub(super) enum Line {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is longer than 1 MiB and was skipped.
    TooLong,
}

/// The next line; never more than 1 MiB in memory.
pub(super) fn next(reader: &mut dyn BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    if (&mut *reader).take(LONGEST + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    } else if bytes.len() as u64 > LONGEST {
        skip(reader)?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Bytes(bytes)))
}

/// Skips what is left of a line.
fn skip(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let there = reader.fill_buf()?;
        let end = there.iter().position(|b| *b == b'\n');
        let used = end.map_or(there.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() || used == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_hides_no_other() {
        let text = format!("a\n{}\nb", "x".repeat(3 * 1024 * 1024));
        let mut reader = io::BufReader::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(line) = next(&mut reader).expect("read") {
            found.push(if let Line::Bytes(bytes) = line { Some(bytes) } else { None });
        }
        assert_eq!(found, [Some(b"a".to_vec()), None, Some(b"b".to_vec())]);
    }
}
