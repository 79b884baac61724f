//! Text out of HTML, with its paragraphs, and HTML out of text. Nothing is run, fetched or kept of markup.

/// The names of U+00A0 to U+00FF.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
const OTHERS: [(&str, char); 20] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("sbquo", '‚'),
    ("bdquo", '„'),
    ("hellip", '…'),
    ("bull", '•'),
    ("trade", '™'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
];
/// Longest reference to a character, with its `&` and `;`.
const LONGEST_REFERENCE: usize = 12;

/// Tags that begin and end a paragraph.
const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "pre",
    "hr",
    "figure",
    "address",
    "form",
    "body",
    "nav",
    "details",
];
/// Other tags that descriptions have.
const INLINE: [&str; 22] = [
    "br", "li", "dt", "dd", "tr", "td", "th", "span", "b", "strong", "i", "em", "u", "a", "font", "small", "sup", "sub", "img", "script",
    "style", "html",
];

/// Whether a text is HTML: it has a tag that HTML knows, or refers to a character by name or number.
pub(crate) fn is_html(text: &str) -> bool {
    let tag = |at: usize| tag_name(&text[at..]).is_some_and(|(name, _)| BLOCKS.contains(&&*name) || INLINE.contains(&&*name));
    text.match_indices('<').any(|(at, _)| tag(at)) || text.match_indices('&').any(|(at, _)| reference(&text[at..]).is_some())
}

/// The text of a description that may be HTML.
pub(crate) fn plain(text: &str) -> String {
    if !is_html(text) {
        return crate::text::tidy(text);
    }
    let tagged = text.contains('<');
    let once = to_text(text);
    // HTML that was escaped as a whole.
    let whole = if !tagged && is_html(&once) { to_text(&once) } else { once };
    crate::text::tidy(&whole)
}

/// A text of one line in which characters may be written as references; markup in it is not read as such.
pub(crate) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let (meant, length) = reference(&rest[at..]).unwrap_or(('&', 1));
        plain.push(meant);
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    plain
}

/// A text that [`unescaped`] gives back: itself, unless it has what reads as a reference.
pub(crate) fn escaped(text: &str) -> String {
    if unescaped(text) == text { text.to_owned() } else { text.replace('&', "&amp;") }
}

/// The name of the tag that begins here, in lower case, and whether it is an end tag.
fn tag_name(text: &str) -> Option<(String, bool)> {
    let rest = text.strip_prefix('<')?;
    let (rest, end) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
    let name: String = rest.chars().take(12).take_while(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some((name, end))
}

/// The character that a reference stands for, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.as_bytes().iter().take(LONGEST_REFERENCE).position(|byte| *byte == b';')?;
    let name = text.get(1..end)?;
    let character = if let Some(number) = name.strip_prefix('#') {
        let code = number.strip_prefix(['x', 'X']).map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        char::from_u32(code).filter(|c| *c != '\0')?
    } else if let Some((_, other)) = OTHERS.iter().find(|(known, _)| *known == name) {
        *other
    } else {
        let at = LATIN_1.split(' ').position(|known| known == name)?;
        char::from_u32(0xa0 + u32::try_from(at).ok()?)?
    };
    Some((character, end + 1))
}

/// What is written of a text, and the breaks that come before what follows.
#[derive(Default)]
struct Written {
    text: String,
    newlines: usize,
    space: bool,
}

impl Written {
    fn paragraph(&mut self) {
        (self.newlines, self.space) = (self.newlines.max(2), false);
    }

    fn line(&mut self) {
        (self.newlines, self.space) = (self.newlines.max(1), false);
    }

    fn push(&mut self, character: char) {
        if self.text.is_empty() {
            self.newlines = 0;
        }
        if self.space && self.newlines == 0 && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.extend(std::iter::repeat_n('\n', self.newlines));
        (self.newlines, self.space) = (0, false);
        self.text.push(character);
    }
}

fn to_text(html: &str) -> String {
    let mut written = Written::default();
    let mut rest = html;
    while let Some(character) = rest.chars().next() {
        if character == '<'
            && let Some(after) = skip_markup(rest, &mut written)
        {
            rest = after;
        } else if character == '&'
            && let Some((meant, length)) = reference(rest)
        {
            written.push(if meant == '\u{a0}' { ' ' } else { meant });
            rest = &rest[length..];
        } else {
            if character.is_ascii_whitespace() {
                written.space = true
            } else {
                written.push(character)
            }
            rest = &rest[character.len_utf8()..];
        }
    }
    written.text
}

/// What follows the markup that begins here; `None` where it is none.
fn skip_markup<'h>(rest: &'h str, written: &mut Written) -> Option<&'h str> {
    let after = |end: &str| Some(rest.find(end).map_or("", |at| &rest[at + end.len()..]));
    if rest.starts_with("<!--") {
        return after("-->");
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return after(">");
    }
    let (name, end) = tag_name(rest)?;
    let follows = after_tag(rest);
    match name.as_str() {
        "br" => (written.newlines, written.space) = (written.newlines + 1, false),
        "li" if !end => {
            written.line();
            written.push('-');
            written.push(' ');
        }
        "li" | "dt" | "dd" | "tr" => written.line(),
        "td" | "th" => written.space = true,
        "script" | "style" if !end => return Some(after_end_tag(follows, &name)),
        block if BLOCKS.contains(&block) => written.paragraph(),
        _ => {}
    }
    Some(follows)
}

/// What follows a tag; a `>` in quotes does not end it. Nothing follows a tag without an end.
pub(crate) fn after_tag(rest: &str) -> &str {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') if rest.as_bytes()[..at].ends_with(b"=") => quote = Some(byte),
            (None, b'>') => return &rest[at + 1..],
            _ => {}
        }
    }
    ""
}

/// What follows the end tag of that name; nothing where there is none.
fn after_end_tag<'h>(rest: &'h str, name: &str) -> &'h str {
    end_tag(rest, name).map_or("", |at| after_tag(&rest[at..]))
}

/// Where the next end tag of that name begins.
pub(crate) fn end_tag(rest: &str, name: &str) -> Option<usize> {
    rest.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

/// A text of several lines, tidy; as HTML where it would be read as such.
pub(crate) fn long(text: &str) -> String {
    let tidy = crate::text::tidy(text);
    if plain(&tidy) == tidy { tidy } else { from_text(&tidy) }
}

/// A tidy text as HTML: a paragraph for each, with breaks between its lines.
pub(crate) fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    for paragraph in text.split("\n\n") {
        html.push_str("<p>");
        for (index, line) in paragraph.split('\n').enumerate() {
            if index > 0 {
                html.push_str("<br>");
            }
            let mut after_space = true;
            for character in line.chars() {
                match character {
                    '&' => html.push_str("&amp;"),
                    '<' => html.push_str("&lt;"),
                    '>' => html.push_str("&gt;"),
                    ' ' if after_space => html.push_str("&nbsp;"),
                    '\t' => html.push_str("&#9;"),
                    other => html.push(other),
                }
                after_space = character == ' ';
            }
        }
        html.push_str("</p>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text_with_paragraphs() {
        for (html, text) in [
            ("<p>Een &amp; twee</p>\n<p>drie<br/>vier</p>", "Een & twee\n\ndrie\nvier"),
            ("<div>Wij bieden:<ul><li>geld</li>\n<li><b>tijd</b> </li></ul>Bel!</div>", "Wij bieden:\n\n- geld\n- tijd\n\nBel!"),
            ("a < b en 5 > 3, R&D", "a < b en 5 > 3, R&D"),
            ("&lt;p&gt;Hoi&lt;/p&gt;&lt;p&gt;daar&lt;/p&gt;", "Hoi\n\ndaar"),
            ("caf&eacute; &#8364;&#x20AC;&euro; &onbekend;", "café €€€ &onbekend;"),
            ("<script>alert('<p>')</script>weg<style>p{}</style><!-- <p>ook --> ermee", "weg ermee"),
            ("<a href=\"x>y\" onclick='z'>klik</a>", "klik"),
            ("<p>tot hier <a href=\"", "tot hier"),
            ("<script>nooit gesloten", ""),
            ("één regel\r\n\r\ngewone tekst", "één regel\n\ngewone tekst"),
            ("<td>1</td><td>2</td>", "1 2"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn a_bomb_of_tags_is_read_in_linear_time() {
        for piece in ["<a ", "&amp", "<!--", "<script>", "</", "<p title=\"", "<br>"] {
            let long = piece.repeat(60_000);
            assert!(plain(&long).len() <= long.len(), "{piece}");
        }
    }

    #[test]
    fn text_of_one_line_comes_back() {
        for text in ["R&D", "a &amp; b", "<b>x</b> &", "&lt;", "100% &euro;"] {
            assert_eq!(unescaped(&escaped(text)), text);
        }
        assert_eq!(escaped("R&D <b>"), "R&D <b>");
    }

    #[test]
    fn text_comes_back() {
        for text in ["een", "<b>a & b</b>", "  in\n   sprongen\n\n\t tab  dubbel", "&lt;p&gt; \"citaat\" 'x'", "- a\n- b"] {
            let tidy = crate::text::tidy(text);
            assert_eq!(plain(&from_text(&tidy)), tidy, "{text}");
        }
    }
}
