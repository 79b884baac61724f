//! JSON-LD in HTML pages: a plain scan for `<script type="application/ld+json">`.

/// Most scripts of one page.
const MOST: usize = 100;

/// The texts of a page's JSON-LD scripts, each with the line on which it stands.
pub(super) fn scripts(page: &str) -> Vec<(u64, String)> {
    // ASCII lower case keeps every byte in its place.
    let lower = page.to_ascii_lowercase();
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(start) = lower[from..].find("<script").map(|start| from + start) {
        let Some(open) = lower[start..].find('>').map(|end| start + end + 1) else { break };
        let Some(close) = lower[open..].find("</script").map(|end| open + end) else { break };
        if lower[start..open].contains("application/ld+json") && found.len() < MOST {
            let line = page[..open].bytes().filter(|b| *b == b'\n').count() as u64 + 1;
            found.push((line, unwrapped(&page[open..close]).to_owned()));
        }
        from = close;
    }
    found
}

/// Without the comments and CDATA marks that some sites put around.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    for (before, after) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/")] {
        if let Some(inner) = text.strip_prefix(before) {
            text = inner.strip_suffix(after).unwrap_or(inner).trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_found_as_sites_write_them() {
        let page = "<html>\n<script>var a = '<b>';</script>\n<SCRIPT data-x=1 type='application/ld+json'>\n{\"a\":1}\n</SCRIPT>\
            <script type=\"application/ld+json\"><!-- {\"b\":2} --></script><script type=\"application/ld+json\">never closed";
        let found = scripts(page);
        assert_eq!(found, [(3, "{\"a\":1}".to_owned()), (5, "{\"b\":2}".to_owned())]);
    }
}
