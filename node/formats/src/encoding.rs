//! Documents and pages that say themselves how they are written.

use std::borrow::Cow;

use crate::report::Why;
use crate::text;

/// So far into a page it may say how it is written, in bytes, as HTML has it.
const LOOKED_AT: usize = 1024;

/// Names of windows-1252, and of what the web takes for it.
const NAMES: [&str; 9] = ["windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "us-ascii", "ascii"];

/// The characters of windows-1252 from 0x80 to 0x9f; the others are those of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a document: UTF-8, UTF-16 with a byte order mark, or windows-1252 where its XML declaration or a `meta` of its page says so. No character is
/// ever put in the place of one that cannot be read.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Why> {
    let read = text::decode(bytes);
    if read.is_ok() || !declared(bytes).is_some_and(|name| NAMES.contains(&name.as_str())) {
        return read;
    }
    let character = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    Ok(Cow::Owned(bytes.iter().map(character).collect()))
}

/// The encoding that a document names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]).to_ascii_lowercase();
    let declaration = start.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let of_xml = declaration.and_then(|(declaration, _)| declaration.split_once("encoding"));
    let of_page = || start.split("<meta").skip(1).find_map(|tag| tag.split('>').next()?.split_once("charset"));
    let (_, rest) = of_xml.or_else(of_page)?;
    let name = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '?' | '>');
    Some(name.split(ends).next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_says_of_itself_is_how_it_is_read() {
        for start in [
            "<?xml version='1.0' encoding='windows-1252'?>",
            "<?xml version=\"1.0\" encoding = \"ISO-8859-1\"?>",
            "<!doctype html><html><META Charset=latin1>",
            "<meta name=x content='y'><meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\" />",
        ] {
            let bytes = [start.as_bytes(), b"\x80 caf\xe9"].concat();
            assert_eq!(decode(&bytes).as_deref(), Ok(format!("{start}€ café").as_str()), "{start}");
        }
        for start in [
            "",
            "<a>",
            "<?xml encoding='utf-8'?>",
            "<?xml encoding='iso-8859-15'?>",
            "<meta charset=iso-8859-15>",
            "<p>charset=latin1",
            "<?xml version='1.0'?><a encoding='latin1'>",
        ] {
            let bytes = [start.as_bytes(), b"caf\xe9"].concat();
            assert_eq!(decode(&bytes).map_err(|why| why.code()), Err("encoding"), "{start}");
        }
        // What is UTF-8 is read as that, whatever an old page says of itself.
        assert_eq!(decode("<meta charset=latin1>café".as_bytes()).as_deref(), Ok("<meta charset=latin1>café"));
    }
}
