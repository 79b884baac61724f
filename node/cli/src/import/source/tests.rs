//! Files as people have them.

use super::*;
use crate::import::Record;
use crate::print::Lang;
use polder_model::Kind;

fn all(text: &[u8], kind: Option<Kind>, format: Format) -> Vec<Item> {
    let mut items = Vec::new();
    // A small buffer, so that everything is met at the edge of one, too.
    let mut reader = io::BufReader::with_capacity(7, text);
    read(&mut reader, Named::Other, Options { kind, format, today: "2026-11-30".parse().expect("a date"), lang: Lang::En }, &mut |item| {
        items.push(item);
        true
    })
    .expect("read");
    items
}

fn shapes(items: &[Item]) -> Vec<String> {
    let shape = |item: &Item| match item {
        Ok(Record { line, kind, key, .. }) => format!("{line} {kind} {key}"),
        Err(refused) => format!("{} refused", refused.line),
    };
    items.iter().map(shape).collect()
}

#[test]
fn a_bad_line_spoils_no_good_one() {
    let text = "\u{feff}\n{\"kind\":\"vacancy\",\"key\":\"a\",\"version\":3,\"modifiedAt\":\"x\",\"document\":{ \"title\": 1}}\n{nonsense\n\n\
        {\"key\":\"b\",\"document\":{}}\n{\"kind\":\"training\",\"key\":\"../b\",\"document\":{}}\n{\"kind\":\"training\",\"key\":\"c\",\"document\":{}}";
    let items = all(text.as_bytes(), None, Format::Auto);
    assert_eq!(shapes(&items), ["2 vacancy a", "3 refused", "5 refused", "6 refused", "7 training c"]);
    assert_eq!(items[0].as_ref().expect("a record").document, "{ \"title\": 1}");
}

#[test]
fn a_bad_first_line_spoils_no_good_one() {
    let text = b"{\"kind\": oops}\n{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}\n";
    assert_eq!(shapes(&all(text, None, Format::Auto)), ["1 refused", "2 vacancy a"]);
}

#[test]
fn the_kind_may_be_given_once_for_all() {
    let text = b"{\"key\":\"b\",\"document\":{}}\n{\"kind\":\"training\",\"key\":\"c\",\"document\":{}}";
    assert_eq!(shapes(&all(text, Some(Kind::Vacancy), Format::Polder)), ["1 vacancy b", "2 refused"]);
}

#[test]
fn arrays_and_documents_over_several_lines() {
    let array = b" [ {\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}},\n 7, {\"kind\":\"vacancy\",\"key\":\"b\",\"document\":{}} ]";
    let items = all(array, None, Format::Auto);
    assert_eq!(shapes(&items), ["1 vacancy a", "2 refused", "2 vacancy b"]);
    let entries = items.iter().map(|item| item.as_ref().map_or_else(|refused| refused.entry, |record| record.entry));
    assert_eq!(entries.collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    assert_eq!(
        shapes(&all(b"\n[{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}, {\"key\": 7}]", None, Format::Auto)),
        ["2 vacancy a", "2 refused"]
    );
    let document = b"{\n  \"kind\": \"vacancy\",\n  \"key\": \"a\",\n  \"document\": {}\n}\n";
    assert_eq!(shapes(&all(document, None, Format::Auto)), ["1 vacancy a"]);
    assert_eq!(shapes(&all(b"[1,", None, Format::Auto)), ["1 refused"]);
    assert!(all(b" \n ", None, Format::Auto).is_empty());
}

#[test]
fn postings_in_a_page_and_one_a_line() {
    let posting = r#"{"@context":"https://schema.org","@type":"JobPosting","title":"Lasser","description":"Je last.","identifier":"V-1","hiringOrganization":"Las BV"}"#;
    let page = format!("<!doctype html>\n<script type=\"application/ld+json\">{posting}</script>");
    assert_eq!(shapes(&all(page.as_bytes(), None, Format::Auto)), ["2 vacancy V-1"]);
    assert_eq!(shapes(&all(format!("{posting}\n{posting}").as_bytes(), None, Format::Auto)), ["1 vacancy V-1", "2 vacancy V-1"]);
    assert_eq!(shapes(&all(b"<html></html>", None, Format::Auto)), ["1 refused"]);
    assert_eq!(shapes(&all(b"{\"@type\":\"Person\"}", None, Format::Auto)), ["1 refused"]);
}

#[test]
fn pages_and_xml_are_read_as_they_say_that_they_are_written() {
    let posting = "{\"@type\":\"JobPosting\",\"title\":\"Caf\u{e9}medewerker\",\"description\":\"Caf\u{e9}.\",\"identifier\":\"V-1\",\"hiringOrganization\":\"Caf\u{e9} BV\"}";
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect() };
    let script = format!("<script type=\"application/ld+json\">{posting}</script>");
    let items = all(&latin(&format!("<meta charset=iso-8859-1>\n{script}")), None, Format::Auto);
    assert_eq!(shapes(&items), ["2 vacancy V-1"]);
    assert!(items[0].as_ref().expect("a record").document.contains("Caf\u{e9}medewerker"));
    for text in [latin(&script), latin(&format!("[{posting}]")), latin("{\n\"kind\": \"\u{e9}\"\n}")] {
        let items = all(&text, None, Format::Auto);
        let [Err(refused)] = &items[..] else { panic!("{:?}", shapes(&items)) };
        let said = format!("{} {}", refused.problem.detail, refused.problem.findings.first().map_or("", |finding| &finding.message));
        assert!(said.contains("UTF-8"), "{said}");
    }
    let xml = "<?xml version='1.0' encoding='iso-8859-1'?>\n<Feed><PositionOpening><PositionRecordInfo><Id><IdValue>V-2</IdValue></Id></PositionRecordInfo>\
        <FunctionName>Caf\u{e9}medewerker</FunctionName><FunctionDescription>Caf\u{e9}.</FunctionDescription><OrganizationName>Caf\u{e9} BV</OrganizationName></PositionOpening></Feed>";
    let items = all(&latin(xml), None, Format::Auto);
    assert_eq!(shapes(&items), ["2 vacancy V-2"]);
    assert!(items[0].as_ref().expect("a record").document.contains("Caf\u{e9}medewerker"));
}

#[test]
fn utf_16_is_read_by_its_mark_and_refused_once_without() {
    let lines = "{\"kind\":\"vacancy\",\"key\":\"a\",\"document\":{}}\n{\"kind\":\"vacancy\",\"key\":\"b\",\"document\":{}}\n";
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = |text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        assert_eq!(shapes(&all(&text(&format!("\u{feff}{lines}")), None, Format::Auto)), ["1 vacancy a", "2 vacancy b"]);
        let items = all(&text(lines), None, Format::Auto);
        let [Err(refused)] = &items[..] else { panic!("{:?}", shapes(&items)) };
        assert!(refused.problem.detail.contains("UTF-16"), "{}", refused.problem.detail);
    }
}

#[test]
fn what_is_refused_is_named_by_its_key() {
    let posting = r#"{"@type":"JobPosting","identifier":"V-7","description":"Je last.","hiringOrganization":"Las BV"}"#;
    let items = all(posting.as_bytes(), None, Format::Auto);
    let [Err(refused)] = &items[..] else { panic!("{:?}", shapes(&items)) };
    assert_eq!(refused.key.as_deref(), Some("V-7"));
}
