//! Files: lines, one JSON document, or an HTML page.

use std::io::{self, BufRead, Cursor, Read};
use std::path::Path;

use polder_formats::repair;
use serde_json::value::RawValue;

use super::lines::{self, Line};
use super::{Item, Options, Refused, record};

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
    match first_byte(reader, &mut skipped)? {
        None => Ok(()),
        Some(b'<') => {
            let page = whole(reader)?;
            record::postings(&page, skipped + 1, options).into_iter().all(take);
            Ok(())
        }
        Some(b'[') => {
            let text = whole(reader)?;
            array(&text, skipped, options, take);
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

fn whole(reader: &mut dyn BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
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
    for (entry, number) in entries.into_iter().zip(1..) {
        let mut items = record::of_json(entry.get(), number, options);
        if repaired {
            items.iter_mut().for_each(|item| record::say_repaired(item, options.lang));
        }
        if !give(items, number, take) {
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
        let text = String::from_utf8_lossy(&begin);
        give(record::of_text(&text, skipped + 1, options), skipped + 1, take);
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
        return take(Err(Refused::new(line, "there is no JobPosting here", Vec::new())));
    }
    items.into_iter().all(take)
}

#[cfg(test)]
mod tests;
