//! HTML to plain text.

use polder_model::text::is_invisible;

/// Elements that end a line.
const BLOCKS: [&str; 19] =
    ["p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article", "hr", "dt", "dd"];
/// Elements that stand beside each other.
const CELLS: [&str; 2] = ["td", "th"];
/// Elements whose content is no text.
const HIDDEN: [&str; 3] = ["script", "style", "head"];
/// Named characters that texts about work really use.
const NAMED: [(&str, &str); 52] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("euro", "€"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("euml", "ë"),
    ("ecirc", "ê"),
    ("iuml", "ï"),
    ("iacute", "í"),
    ("ouml", "ö"),
    ("oacute", "ó"),
    ("uuml", "ü"),
    ("uacute", "ú"),
    ("auml", "ä"),
    ("aacute", "á"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("sup2", "²"),
    ("deg", "°"),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
    ("Eacute", "É"),
    ("ocirc", "ô"),
    ("icirc", "î"),
    ("acirc", "â"),
    ("ucirc", "û"),
    ("ugrave", "ù"),
    ("ntilde", "ñ"),
    ("szlig", "ß"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("sbquo", "‚"),
    ("bdquo", "„"),
    ("times", "×"),
    ("plusmn", "±"),
    ("frac12", "½"),
    ("reg", "®"),
    ("copy", "©"),
];

/// Plain text with its paragraphs; without tags, with characters for entities. Some sites escape their HTML once more: that is undone.
pub(super) fn plain(html: &str) -> String {
    let escaped = !html.contains('<') && html.contains("&lt;");
    let html = if escaped { entities(html) } else { html.to_owned() };
    tidy(&entities(&without_tags(&html)))
}

/// Text on one line.
pub(super) fn one_line(html: &str) -> String {
    plain(html).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters, cut between words; whether it was cut.
pub(super) fn cut(text: &str, most: usize) -> (String, bool) {
    if text.chars().count() <= most {
        return (text.to_owned(), false);
    }
    let head: String = text.chars().take(most - 1).collect();
    let end = head.rfind(char::is_whitespace).filter(|end| *end > head.len() / 2).unwrap_or(head.len());
    (format!("{}…", head[..end].trim_end()), true)
}

fn without_tags(html: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        // A < that begins no tag is a character like any other.
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            text.push('<');
            rest = after;
            continue;
        }
        let Some(end) = after.find('>') else {
            rest = "";
            break;
        };
        let name: String =
            after[..end].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        rest = &after[end + 1..];
        if HIDDEN.contains(&name.as_str()) && !after.starts_with('/') {
            let close = format!("</{name}");
            let is_close = |window: &[u8]| window.eq_ignore_ascii_case(close.as_bytes());
            rest = rest.as_bytes().windows(close.len()).position(is_close).map_or("", |found| &rest[found..]);
        }
        let closes = after.starts_with('/');
        if CELLS.contains(&name.as_str()) {
            text.push(' ');
        }
        // The next entry of a list begins on a line of its own anyway.
        if BLOCKS.contains(&name.as_str()) && !(name == "li" && closes) {
            let paragraph = name == "p" || name.starts_with('h') || closes && ["ul", "ol"].contains(&name.as_str());
            text.push_str(if paragraph { "\n\n" } else { "\n" });
            if name == "li" {
                text.push_str("- ");
            }
        }
    }
    text.push_str(rest);
    text
}

fn entities(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let found = after.bytes().take(12).position(|b| b == b';').and_then(|end| Some((character(&after[..end])?, end)));
        match found {
            Some((character, end)) => {
                out.push_str(&character);
                rest = &after[end + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
        return char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?).map(String::from);
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}

/// Single spaces, at most one empty line, no control or invisible characters.
fn tidy(text: &str) -> String {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let (mut out, mut empty) = (String::with_capacity(text.len()), 0);
    for line in text.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() || line == "-" {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(&line);
        empty = 0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_paragraphs() {
        let html = "<p>Wij zoeken een <b>lasser</b>&nbsp;(m/v).</p><ul><li>MIG/MAG</li><li>TIG &amp; elektrode</li></ul><script>x<y</script>Tot&#233;n &lt; 5";
        assert_eq!(plain(html), "Wij zoeken een lasser (m/v).\n\n- MIG/MAG\n- TIG & elektrode\n\nTotén < 5");
    }

    #[test]
    fn html_that_was_escaped_once_more() {
        assert_eq!(plain("&lt;p&gt;Een &amp;amp; twee&lt;/p&gt;"), "Een & twee");
    }

    #[test]
    fn signs_that_are_no_tags() {
        assert_eq!(plain("1 < 2 & 3 > 2; R&D &onbekend; <"), "1 < 2 & 3 > 2; R&D &onbekend; <");
        assert_eq!(plain("open <b"), "open");
        assert_eq!(plain("a\u{200b}b\u{1b}[0m"), "ab [0m");
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(cut("een twee drie vier", 12), ("een twee…".to_owned(), true));
        assert_eq!(cut("kort", 12), ("kort".to_owned(), false));
        assert_eq!(cut(&"é".repeat(30), 10).0.chars().count(), 10);
    }
}
