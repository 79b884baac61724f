//! Bytes to text, and text made tidy.

use std::borrow::Cow;

use crate::report::Why;

const ALLOWED: &str = "UTF-8 (with or without byte order mark), UTF-16 with byte order mark, and windows-1252 or ISO-8859-1 where an XML declaration or a page's meta charset says so; save it as UTF-8";

/// The text in these bytes: UTF-8, or UTF-16 with a byte order mark. The mark is no part of it.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Why> {
    let refused = not_text();
    let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, left) = rest.as_chunks::<2>();
        let text: Result<String, _> = char::decode_utf16(pairs.iter().copied().map(unit)).collect();
        text.ok().filter(|_| left.is_empty()).map(Cow::Owned)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes).ok_or(refused),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes).ok_or(refused),
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|_| refused)?;
            Ok(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)))
        }
    }
}

/// The text in these bytes, as [`decode`] has it, with a mark in the place of each byte that is no text, where there is any: a character that the text does not
/// have otherwise.
pub(crate) fn decode_marked(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<char>), Why> {
    let refused = match decode(bytes) {
        Ok(text) => return Ok((text, None)),
        Err(refused) => refused,
    };
    let read = |mark: char| -> String {
        let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
            let (pairs, left) = rest.as_chunks::<2>();
            let text = char::decode_utf16(pairs.iter().copied().map(unit)).map(|one| one.unwrap_or(mark));
            text.chain((!left.is_empty()).then_some(mark)).collect()
        };
        match bytes {
            [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
            _ => {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                let mut text = String::with_capacity(bytes.len() + 2);
                for chunk in bytes.utf8_chunks() {
                    text.push_str(chunk.valid());
                    if !chunk.invalid().is_empty() {
                        text.push(mark);
                    }
                }
                text
            }
        }
    };
    // Characters that are none, for use within programs alone (Unicode, 23.7).
    let plain = read('\0');
    let mark = ('\u{fdd0}'..='\u{fdef}').find(|mark| !plain.contains(*mark)).ok_or(refused)?;
    Ok((Cow::Owned(read(mark)), Some(mark)))
}

/// What is read as text.
pub(crate) const fn not_text() -> Why {
    Why::Encoding { allowed: ALLOWED }
}

/// The same text with line feeds alone, no control characters but tabs, no space at the end of a line, at most one empty line at once and none around it.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line: String = line.chars().filter(|c| *c == '\t' || !c.is_control()).map(|c| if c == '\u{a0}' { ' ' } else { c }).collect();
        let line = line.trim_end();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !tidied.is_empty() {
            tidied.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        // Nothing stands before the text.
        tidied.push_str(if tidied.is_empty() { line.trim_start() } else { line });
    }
    tidied
}

/// The same text on one line, with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// At most so many characters of the text, cut off after a word where there is one, and whether it was cut off.
pub(crate) fn at_most(text: &str, most: usize) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else { return (text, false) };
    let cut = &text[..end];
    let word = cut.rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or(end);
    (cut[..word].trim_end(), true)
}

/// The number of the line in which a part of the text begins. The part must be a slice of it.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    /// Of a text that begins on this line.
    #[must_use]
    pub const fn from(text: &'t str, line: u64) -> Self {
        Self { text, at: 0, line }
    }

    /// The line of a part; parts are asked in their order.
    pub fn of_part(&mut self, part: &str) -> u64 {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if let Some(between) = self.text.as_bytes().get(self.at..start) {
            let after = |at: usize| self.text.as_bytes().get(self.at + at + 1);
            let ends = |(at, byte): (usize, &u8)| *byte == b'\n' || *byte == b'\r' && after(at) != Some(&b'\n');
            self.line += between.iter().enumerate().filter(|one| ends(*one)).count() as u64;
            self.at = start;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_that_are_read() {
        assert_eq!(decode("\u{feff}é".as_bytes()).as_deref(), Ok("é"));
        assert_eq!(decode(&[0xff, 0xfe, 0xe9, 0]).as_deref(), Ok("é"));
        assert_eq!(decode(&[0xfe, 0xff, 0, 0xe9]).as_deref(), Ok("é"));
        for bad in [&[0xe9_u8][..], &[0xff, 0xfe, 0xe9], &[0xff, 0xfe, 0, 0xd8]] {
            assert_eq!(decode(bad).map_err(|why| why.code()), Err("encoding"), "{bad:?}");
        }
    }

    #[test]
    fn a_text_is_made_tidy() {
        assert_eq!(tidy("  \r\n een\u{7} \r\n\r\n\n\n twee\u{a0}drie\rvier\n \n"), "een\n\n twee drie\nvier");
        assert_eq!(one_line(" een\n\t twee\u{0} "), "een twee");
    }

    #[test]
    fn a_text_is_cut_off_after_a_word() {
        assert_eq!(at_most("één twee drie", 10), ("één twee", true));
        assert_eq!(at_most("één twee", 8), ("één twee", false));
        assert_eq!(at_most("ééééé", 3), ("ééé", true));
    }

    #[test]
    fn a_part_has_a_line() {
        let text = "a\nbb\nccc";
        let mut lines = Lines::from(text, 1);
        assert_eq!((lines.of_part(&text[2..3]), lines.of_part(&text[5..])), (2, 3));
        // As old Macs and Windows end them.
        let text = "a\rb\r\nc";
        let mut lines = Lines::from(text, 1);
        assert_eq!((lines.of_part(&text[2..3]), lines.of_part(&text[5..])), (2, 3));
    }
}
