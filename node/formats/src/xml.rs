//! XML without document types and entities, within bounds.

use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::report::Why;

/// Most elements, texts and comments of a document.
const MOST_NODES: u32 = 500_000;
/// The longest tag, in bytes: the parser compares each attribute of a tag with all others.
const LONGEST_TAG: usize = 4 * 1024;
/// How deep elements may stand in each other.
pub(crate) const DEEPEST: usize = 32;

/// Why a text is no document that is read, and on which line, where that is known.
type NotRead = (Why, Option<u64>);

/// Reads a document.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, NotRead> {
    if has_document_type(text) {
        return Err((Why::DocumentType, None));
    }
    if has_huge_tag(text) {
        return Err((Why::TooMuch { what: "bytes in one tag", most: LONGEST_TAG as u64 }, None));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, entity_resolver: None };
    Document::parse_with_options(text, options).map_err(|error| match error {
        Error::DtdDetected => (Why::DocumentType, None),
        Error::NodesLimitReached => (Why::TooMuch { what: "elements and texts", most: u64::from(MOST_NODES) }, None),
        Error::UnknownEntityReference(_, at) => {
            let allowed = format!("XML without entities; there is one from column {} on", at.col);
            (Why::NotOfTheFormat { allowed }, Some(at.row.into()))
        }
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            let allowed = "whole XML; it ends in the middle".to_owned();
            (Why::NotOfTheFormat { allowed }, Some(text.trim_end().lines().count() as u64))
        }
        other => {
            let allowed = format!("XML; it is none from column {} on", other.pos().col);
            (Why::NotOfTheFormat { allowed }, Some(other.pos().row.into()))
        }
    })
}

/// Whether there is a document type before the first element, with or without anything in it.
fn has_document_type(text: &str) -> bool {
    after_prolog(text).get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
}

/// What comes after the declaration, the instructions and the comments with which a document begins.
pub(crate) fn after_prolog(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let end = [("<?", "?>"), ("<!--", "-->")].into_iter().find(|(begin, _)| rest.starts_with(begin));
        match end.and_then(|(_, end)| rest.find(end).map(|at| at + end.len())) {
            Some(after) => rest = rest[after..].trim_start(),
            None => return rest,
        }
    }
}

/// Whether a tag is longer than it may be. What stands in quotes within it ends none; comments and CDATA are no tags.
fn has_huge_tag(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some((_, end)) = [("<!--", "-->"), ("<![CDATA[", "]]>")].into_iter().find(|(begin, _)| rest.starts_with(begin)) {
            rest = rest.find(end).map_or("", |at| &rest[at + end.len()..]);
            continue;
        }
        let mut quote = None;
        let end = rest.bytes().take(LONGEST_TAG + 1).position(|byte| match (quote, byte) {
            (Some(open), byte) if open == byte => {
                quote = None;
                false
            }
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                false
            }
            (None, b'>') => true,
            _ => false,
        });
        match end {
            Some(end) => rest = &rest[end + 1..],
            None if rest.len() > LONGEST_TAG => return true,
            None => return false,
        }
    }
    false
}

/// The name of an element without its namespace.
pub(crate) fn name<'a>(node: &Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

/// The elements in an element.
pub(crate) fn children<'a, 'i>(node: &Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i> {
    node.children().filter(Node::is_element)
}

/// The first element of that name in an element, at whatever depth.
pub(crate) fn within<'a, 'i>(node: &Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    node.descendants().filter(Node::is_element).find(|inner| name(inner).eq_ignore_ascii_case(wanted))
}

/// The text of an element: its own, and of the elements in it, with commas between them.
pub(crate) fn words(node: &Node<'_, '_>) -> String {
    let leaves = node.descendants().filter(Node::is_element).filter(|inner| children(inner).next().is_none());
    let texts = leaves.map(|leaf| leaf.children().filter_map(|part| part.text()).collect::<String>());
    texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The value of an attribute, whatever its namespace and case.
pub(crate) fn attribute<'a>(node: &Node<'a, '_>, wanted: &str) -> Option<&'a str> {
    node.attributes().find(|one| one.name().eq_ignore_ascii_case(wanted)).map(|one| one.value().trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_says_where_it_ends() {
        for cut in ["<a>\n<b>x</b>\n", "<a>\n<b>x</b>\n<c", "<a>\n<b>x</b>\n<c d='e", "<a>\n<!-- x -->\n<b>y"] {
            let (why, line) = parse(cut).expect_err(cut);
            assert_eq!((why.code(), line), ("not-of-the-format", Some(cut.trim_end().lines().count() as u64)), "{cut}: {why}");
        }
    }

    #[test]
    fn what_may_hold_a_bomb_is_refused() {
        let code = |text: &str| parse(text).err().map(|(why, _)| why.code());
        assert_eq!(code("<!DOCTYPE a><a/>"), Some("document-type"));
        assert_eq!(code("<?xml version='1.0'?><!-- x -->\n<!doctype a [<!ENTITY b 'c'>]><a>&b;</a>"), Some("document-type"));
        assert_eq!(code("<a>&b;</a>"), Some("not-of-the-format"));
        assert_eq!(code(&format!("<a {}/>", (0..3000).map(|at| format!("a{at}='1' ")).collect::<String>())), Some("too-much"));
        assert_eq!(code(&format!("<a>{}</a>", "<b/>".repeat(600_000))), Some("too-much"));
        assert_eq!(code("<a><b></a>"), Some("not-of-the-format"));
        assert_eq!(code("<a><!-- <!DOCTYPE --><![CDATA[<!DOCTYPE <b]]></a>"), None);
        assert_eq!(code(&format!("<a><!-- {} --></a>", "x".repeat(10_000))), None);
        assert!(code(&"<a>".repeat(400_000)).is_some());
    }
}
