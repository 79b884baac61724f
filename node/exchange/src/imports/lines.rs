//! From the bytes of a part to offers that are still to be checked.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use polder_model::import::Mapped;
use polder_model::line::{FORM, LARGEST_LINE, LineRead};
use polder_model::offer::may_hold_bsn;
use polder_model::problem::{Problem, ProblemType};
use polder_model::{Finding, FindingCode, Kind, OfferKey};
use polder_store::Precondition;

use crate::publish::Publication;

/// Most lines of a piece.
pub(super) const LINES: usize = 125;
/// Most bytes of a piece, but for its last line.
pub(super) const BYTES: usize = 512 * 1024;

/// A line of a part that is not empty, or a record of one in another format.
pub(super) struct Line<O = Publication> {
    /// Its number, from 1.
    pub line: u64,
    /// The number of the record, from 1, in another format.
    pub entry: Option<u64>,
    /// How it was mapped from another format.
    pub mapping: Option<Vec<Mapped>>,
    pub offer: Result<O, NotAnOffer>,
}

impl Line {
    /// The same, with something else for the offer.
    pub(super) fn with<O>(self, offer: impl FnOnce(Publication) -> O) -> Line<O> {
        Line { line: self.line, entry: self.entry, mapping: self.mapping, offer: self.offer.map(offer) }
    }
}

/// Why a line holds no offer.
pub(super) struct NotAnOffer {
    /// Its key, unless that is what is wrong.
    pub key: Option<OfferKey>,
    pub problem: Box<Problem>,
}

/// The lines of a part that are left.
pub(super) struct Lines<R = BufReader<File>> {
    reader: R,
    line: u64,
    /// Lines up to this one are passed over.
    after_line: u64,
    /// Whether nothing more is read.
    ended: bool,
}

impl Lines {
    pub(super) fn after(file: File, after_line: u64) -> Self {
        Self { reader: BufReader::with_capacity(64 * 1024, file), line: 0, after_line, ended: false }
    }
}

impl<R: BufRead> Lines<R> {
    /// The next lines; none at the end.
    pub(super) fn piece(&mut self, kind: Kind) -> io::Result<Vec<Line>> {
        let (mut piece, mut bytes) = (Vec::new(), 0);
        while piece.len() < LINES && bytes < BYTES {
            let Some(text) = self.next()? else { break };
            if self.line == 1 && text.as_ref().is_some_and(|text| is_utf_16(text)) {
                // Each of its lines would be refused for the same reason.
                self.ended = true;
            }
            if self.line <= self.after_line {
                continue;
            }
            let offer = match text {
                None => {
                    Err(not_an_offer(None, "the line is too long", out_of_bounds("a line has at most 65 KiB; an offer has at most 64 KiB")))
                }
                Some(text) if text.trim_ascii().is_empty() => continue,
                Some(text) => {
                    bytes += text.len();
                    read(&text, kind)
                }
            };
            piece.push(Line { line: self.line, entry: None, mapping: None, offer });
        }
        Ok(piece)
    }

    /// The next line without its end: its bytes, unless it is too long.
    fn next(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let mut bytes = Vec::new();
        if self.ended {
            return Ok(None);
        }
        if (&mut self.reader).take(LARGEST_LINE as u64 + 1).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        // A spreadsheet marks a file so; it is no part of the first offer.
        if self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > LARGEST_LINE {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(None));
        }
        Ok(Some(Some(bytes)))
    }
}

fn read(bytes: &[u8], kind: Kind) -> Result<Publication, NotAnOffer> {
    if is_utf_16(bytes) {
        return Err(not_an_offer(
            None,
            "the part cannot be read",
            Finding::new("", FindingCode::NotJson, "this part is UTF-16; send it as UTF-8"),
        ));
    }
    let not_text = || not_an_offer(None, "the line cannot be read", Finding::new("", FindingCode::NotJson, "this line is not UTF-8"));
    let text = std::str::from_utf8(bytes).map_err(|_| not_text())?;
    let read = LineRead::read(text.trim()).map_err(|finding| not_an_offer(None, FORM, finding))?;
    let key: OfferKey = read.key.parse().map_err(|error: polder_model::name::NameError| {
        not_an_offer(None, "the key cannot be used", Finding::new("/key", FindingCode::OutOfBounds, error.to_string()))
    })?;
    if kind.is_personal() && may_hold_bsn(key.as_str()) {
        let message = "the key may be a citizen service number (BSN); give the offer another key";
        let problem = Problem::of_findings(ProblemType::InvalidDocument, vec![Finding::new("/key", FindingCode::NotAllowed, message)]);
        return Err(NotAnOffer { key: None, problem: Box::new(problem) });
    }
    if read.kind.is_some_and(|said| said != kind) {
        let what = format!("this import is for offers of the kind {kind}; leave the kind out, or open an import for the other collection");
        return Err(not_an_offer(Some(key), "the kind is another one", Finding::new("/kind", FindingCode::Contradiction, what)));
    }
    Ok(Publication { kind, key, document: Arc::from(read.document.get().as_bytes()), precondition: Precondition::None })
}

/// Whether a line is the first of a text in UTF-16: by its mark, or by the empty halves of its first characters.
fn is_utf_16(line: &[u8]) -> bool {
    matches!(line, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{', ..] | [b'{', 0, ..])
}

fn out_of_bounds(message: &str) -> Finding {
    Finding::new("", FindingCode::OutOfBounds, message)
}

fn not_an_offer(key: Option<OfferKey>, detail: &str, finding: Finding) -> NotAnOffer {
    NotAnOffer { key, problem: Box::new(Problem::new(ProblemType::InvalidDocument, detail).with_findings(vec![finding])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], after_line: u64) -> Lines<&[u8]> {
        Lines { reader: text, line: 0, after_line, ended: false }
    }

    #[test]
    fn a_bad_line_hides_no_other_and_numbers_count_empty_ones() {
        let good = br#"{"key":"a","document":{}}"#;
        let long = vec![b'x'; 3 * LARGEST_LINE];
        let just = vec![b' '; LARGEST_LINE];
        let text = [&good[..], b"", &long, b" \r", b"{", b"\xff", &just, &good[..]].join(&b'\n');
        let found: Vec<_> =
            lines(&text, 0).piece(Kind::Vacancy).expect("read").into_iter().map(|line| (line.line, line.offer.is_ok())).collect();
        assert_eq!(found, [(1, true), (3, false), (5, false), (6, false), (8, true)]);
        let found: Vec<_> = lines(&text, 5).piece(Kind::Vacancy).expect("read").iter().map(|line| line.line).collect();
        assert_eq!(found, [6, 8]);
        // The mark by which some programs begin a file is no part of its first offer.
        let marked = lines(&[b"\xef\xbb\xbf", &good[..]].concat(), 0).piece(Kind::Vacancy).expect("read");
        assert!(marked.iter().all(|line| line.offer.is_ok()));
    }

    #[test]
    fn a_part_in_utf_16_is_refused_once() {
        for mark in [&[0xff, 0xfe][..], &[]] {
            let units = "{\"key\":\"a\"}\n{\"key\":\"b\"}\n{".encode_utf16().flat_map(u16::to_le_bytes);
            let text: Vec<u8> = mark.iter().copied().chain(units).collect();
            let mut lines = lines(&text, 0);
            let found = lines.piece(Kind::Vacancy).expect("read");
            let [Line { line: 1, offer: Err(refused), .. }] = &found[..] else { panic!("{} lines", found.len()) };
            assert!(refused.problem.findings[0].message.contains("UTF-16"), "{:?}", refused.problem);
            assert!(lines.piece(Kind::Vacancy).expect("read").is_empty());
        }
    }

    #[test]
    fn pieces_are_bounded_and_lose_no_line() {
        let text = "{\"key\":\"a\",\"document\":{}}\n".repeat(LINES * 2 + 7);
        let mut lines = lines(text.as_bytes(), 0);
        let mut sizes = Vec::new();
        while let Some(piece) = Some(lines.piece(Kind::Vacancy).expect("read")).filter(|piece| !piece.is_empty()) {
            sizes.push(piece.len());
        }
        assert_eq!(sizes, [LINES, LINES, 7]);
    }

    #[test]
    fn a_key_that_is_refused_is_not_repeated() {
        for (line, kind) in
            [(r#"{"key":"111222333","document":{}}"#, Kind::SkillOffer), (r#"{"key":"geheim/1","document":{}}"#, Kind::Vacancy)]
        {
            let refused = read(line.as_bytes(), kind).expect_err("refused");
            assert_eq!(refused.key, None);
            let problem = serde_json::to_string(&refused.problem).expect("JSON");
            assert!(!problem.contains("111222333") && !problem.contains("geheim"), "{problem}");
        }
    }
}
