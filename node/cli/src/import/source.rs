//! Files: lines, one JSON document, an HTML page, or XML.

use std::io::{self, BufRead, Cursor, Read};
use std::path::Path;

use polder_formats::{Lines, decode, position_opening, repair};
use serde_json::value::RawValue;

use super::lines::{self, Line};
use super::{Format, Item, Options, Refused, record};

/// Largest JSON document or page that is not read line by line, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Lines that are looked at to see whether a file holds records, one a line.
const LOOKED_AT: usize = 20;

/// What the name of a file says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// One JSON document, though some hold lines all the same.
    Document,
    /// Nothing.
    Other,
}

impl Named {
    /// By the end of its name.
    pub(crate) fn of(path: &Path) -> Self {
        let end = path.extension().unwrap_or_default().to_ascii_lowercase();
        if end == "json" || end == "jsonld" { Self::Document } else { Self::Other }
    }
}

/// Takes one record; says whether it wants more.
pub(crate) type Take<'a> = &'a mut dyn FnMut(Item) -> bool;

/// Reads every record of a file. NDJSON is read line by line, whatever its size.
///
/// # Errors
/// When the file cannot be read; what is wrong with a record is given to `take`.
pub(crate) fn read(reader: &mut dyn BufRead, named: Named, options: Options, take: Take<'_>) -> io::Result<()> {
    let mut skipped = 0;
    let first = first_byte(reader, &mut skipped)?;
    // Nothing but UTF-16 begins so, or has empty bytes among its first characters.
    if matches!(first, Some(0xff | 0xfe)) || reader.fill_buf()?.iter().take(2).any(|byte| *byte == 0) {
        return utf_16(reader, skipped, named, options, take);
    }
    match first {
        None => Ok(()),
        Some(b'<') => {
            let bytes = whole(reader)?;
            let is_xml = options.format == Format::Auto && position_opening::is_likely(&bytes);
            let read = if is_xml { record::openings } else { record::postings };
            read(&bytes, skipped + 1, options).into_iter().all(take);
            Ok(())
        }
        Some(b'[') => {
            match String::from_utf8(whole(reader)?) {
                Ok(text) => array(&text, skipped, options, take),
                Err(error) => not_utf_8(error.as_bytes(), skipped, take),
            }
            Ok(())
        }
        Some(_) => lines_or_document(reader, skipped, named, options, take),
    }
}

/// The first byte that is no white space and no byte order mark; the lines before it are counted.
fn first_byte(reader: &mut dyn BufRead, skipped: &mut u64) -> io::Result<Option<u8>> {
    loop {
        let there = reader.fill_buf()?;
        if there.is_empty() {
            return Ok(None);
        }
        let blank = |b: &u8| b.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(b);
        let used = there.iter().position(|b| !blank(b)).unwrap_or(there.len());
        *skipped += there[..used].iter().filter(|b| **b == b'\n').count() as u64;
        let first = there.get(used).copied();
        reader.consume(used);
        if first.is_some() {
            return Ok(first);
        }
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "more than 64 MiB in one JSON document or page; write one record a line (NDJSON) instead")
}

/// A text in UTF-16 is read as the same in UTF-8, where its byte order mark says which of the two it is.
fn utf_16(reader: &mut dyn BufRead, skipped: u64, named: Named, options: Options, take: Take<'_>) -> io::Result<()> {
    let bytes = whole(reader)?;
    let Some(text) = decode(&bytes).filter(|text| !text.starts_with('\0') && text.chars().nth(1) != Some('\0')) else {
        let what = "this file is UTF-16 without a byte order mark, or no text; save it as UTF-8";
        take(Err(Refused::new(skipped + 1, what, Vec::new())));
        return Ok(());
    };
    read(&mut text.as_bytes(), named, options, take)
}

/// Refuses a document that is not UTF-8, on the line where that shows.
fn not_utf_8(bytes: &[u8], skipped: u64, take: Take<'_>) {
    let good = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = skipped + 1 + bytes[..good].iter().filter(|byte| **byte == b'\n').count() as u64;
    take(Err(Refused::new(line, "this file is not UTF-8; save it as UTF-8", Vec::new())));
}

fn whole(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    Ok(bytes)
}

/// An array of records of any form; each entry stands for itself.
fn array(text: &str, skipped: u64, options: Options, take: Take<'_>) {
    let (text, repaired) = match repair::json(text) {
        Ok(read) => read,
        Err(fault) => {
            take(Err(record::not_json(&fault, skipped + 1)));
            return;
        }
    };
    // It is JSON, and an array: it begins with a bracket.
    let entries: Vec<&RawValue> = serde_json::from_str(&text).unwrap_or_default();
    let mut lines = Lines::from(&text, skipped + 1);
    for (entry, number) in entries.into_iter().zip(1..) {
        let line = lines.of_part(entry.get());
        let mut items = record::of_json(entry.get(), line, options);
        if items.is_empty() {
            items.push(nothing(line));
        }
        items.iter_mut().for_each(|item| match item {
            Ok(record) => record.entry = Some(number),
            Err(refused) => refused.entry = Some(number),
        });
        if repaired {
            items.iter_mut().for_each(|item| record::say_repaired(item, options.lang));
        }
        if !items.into_iter().all(&mut *take) {
            return;
        }
    }
}

/// Lines, unless the first line is only the beginning of a document.
fn lines_or_document(reader: &mut dyn BufRead, skipped: u64, named: Named, options: Options, take: Take<'_>) -> io::Result<()> {
    let Some(first) = lines::next(reader)? else { return Ok(()) };
    let Line::Bytes(first) = first else { return each_line(reader, Line::TooLong, skipped, options, take) };
    if is_value(&first) {
        return each_line(reader, Line::Bytes(first), skipped, options, take);
    }
    let mut begin = first.clone();
    begin.push(b'\n');
    (&mut *reader).take(LARGEST).read_to_end(&mut begin)?;
    let ended = reader.fill_buf()?.is_empty();
    let (first_line, rest) = begin.split_at(first.len() + 1);
    let meant = named == Named::Document || first_line.starts_with(b"{");
    if ended && (is_value(&begin) || meant && !are_lines(rest)) {
        match std::str::from_utf8(&begin) {
            Ok(text) => drop(give(record::of_text(text, skipped + 1, options), skipped + 1, take)),
            Err(_) => not_utf_8(&begin, skipped, take),
        }
        return Ok(());
    }
    let mut chained = Cursor::new(rest).chain(reader);
    each_line(&mut chained, Line::Bytes(first), skipped, options, take)
}

fn is_value(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// Whether what follows a line looks like records, one a line, and not like the rest of a document.
fn are_lines(rest: &[u8]) -> bool {
    let lines: Vec<&[u8]> = rest.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(LOOKED_AT).collect();
    let records = lines.iter().filter(|line| line.starts_with(b"{") && is_value(line)).count();
    !lines.is_empty() && records * 2 >= lines.len()
}

fn each_line(reader: &mut dyn BufRead, first: Line, skipped: u64, options: Options, take: Take<'_>) -> io::Result<()> {
    let (mut line, mut number) = (Some(first), skipped);
    while let Some(found) = line {
        number += 1;
        let more = match found {
            Line::TooLong => take(Err(Refused::new(number, "this line is longer than 1 MiB; an offer has at most 64 KiB", Vec::new()))),
            Line::Bytes(bytes) => match std::str::from_utf8(&bytes) {
                Err(_) => take(Err(Refused::new(number, "this line is not UTF-8", Vec::new()))),
                Ok(text) if text.trim().is_empty() => true,
                Ok(text) => give(record::of_text(text.trim(), number, options), number, take),
            },
        };
        if !more {
            return Ok(());
        }
        line = lines::next(reader)?;
    }
    Ok(())
}

/// Passes on what a record holds, also that it holds nothing.
fn give(items: Vec<Item>, line: u64, take: Take<'_>) -> bool {
    if items.is_empty() {
        return take(nothing(line));
    }
    items.into_iter().all(take)
}

fn nothing(line: u64) -> Item {
    Err(Refused::new(line, "there is no JobPosting here", Vec::new()))
}

#[cfg(test)]
mod tests;
