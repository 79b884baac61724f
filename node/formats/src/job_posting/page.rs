//! The scripts of a page that hold JSON-LD.

use crate::html::{after_tag, end_tag};

/// The contents of each `<script type="application/ld+json">` of a page, in their order. What stands in a comment or in another script is none.
pub(super) fn scripts(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let begins = |name: &str| rest.get(1..=name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let Some(name) = ["script", "style", "textarea", "template"].into_iter().find(|name| begins(name)) else {
            rest = &rest[1..];
            continue;
        };
        let content = after_tag(rest);
        let tag = &rest[..rest.len() - content.len()];
        let Some(end) = end_tag(content, name) else { break };
        if name == "script" && is_json_ld(tag) {
            found.push(without_wrapping(&content[..end]));
        }
        rest = &content[end + 2..];
    }
    found
}

fn is_json_ld(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    tag.match_indices("type").any(|(at, name)| {
        let value = tag[at + name.len()..].trim_start().strip_prefix('=').unwrap_or_default().trim_start().trim_start_matches(['"', '\'']);
        value.strip_prefix("application/ld+json").is_some_and(|rest| rest.starts_with(['"', '\'', ';', ' ', '>']))
    })
}

/// Without the comment or CDATA marks that some pages put around it.
fn without_wrapping(content: &str) -> &str {
    let mut content = content.trim();
    for (begin, end) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/")] {
        content = content.strip_prefix(begin).map_or(content, |inner| inner.trim_end().strip_suffix(end).unwrap_or(inner)).trim();
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_found_where_they_are() {
        let page = "<!doctype html><!-- <script type=\"application/ld+json\">[0]</script> --><script>var a = '<script type=application/ld+json>[1]';</script>\
            <SCRIPT type='application/ld+json' class=x>\n<!--[2]-->\n</SCRIPT><p>a < b<script data-x=\"a>b\" type=\"application/ld+json; charset=utf-8\">[3]</script >\
            <script type=application/ld+json>[4]</script><template><script type=\"application/ld+json\">[5]</script></template>\
            <script type=\"application/ld+jsonp\">[6]</script><script type=\"application/ld+json\">[7]";
        assert_eq!(scripts(page), ["[2]", "[3]", "[4]"]);
    }

    #[test]
    fn a_page_of_tags_is_read_in_linear_time() {
        for piece in ["<", "<script ", "<!--", "<script type=\"", "<style>"] {
            assert!(scripts(&piece.repeat(200_000)).is_empty(), "{piece}");
        }
    }
}
