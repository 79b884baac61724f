//! Texts of a CV: without markup, of the form that a profile takes.

/// The first so many characters.
pub(super) fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// A text without its HTML: what is a line of its own there is one here. Scripts and styles are no text.
pub(super) fn plain(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let Some(end) = tag.find('>') else {
            // No tag: a sign.
            plain.push_str(&rest[at..]);
            rest = "";
            break;
        };
        let name: String = tag[..end].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        rest = &tag[end + 1..];
        match name.as_str() {
            "p" | "br" | "li" | "div" | "ul" | "ol" | "h1" | "h2" | "h3" | "tr" => plain.push('\n'),
            "script" | "style" if !tag.starts_with('/') => rest = rest.find("</").map_or("", |end| &rest[end..]),
            _ => {}
        }
    }
    plain.push_str(rest);
    let decoded = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(plain, |text, (name, sign)| if text.contains(name) { text.replace(name, sign) } else { text });
    let lines = decoded.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The names in a list as people type it.
pub(super) fn listed(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split([',', ';', '\n', '•', '|', '·']).map(|part| part.trim().trim_start_matches(['-', '*']).trim().to_owned());
    parts.filter(|part| !part.is_empty())
}

pub(super) fn email(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("mailto:");
    let (name, host) = text.split_once('@')?;
    let holds =
        text.len() <= 254 && !name.is_empty() && host.contains('.') && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    (holds && !host.contains('@')).then(|| text.to_owned())
}

/// A telephone number of the form that a profile takes: digits, with spaces, brackets and dashes between them.
pub(super) fn telephone(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("tel:").replace(['.', '/'], " ");
    let digits = text.strip_prefix('+').unwrap_or(&text);
    let only = digits.chars().all(|c| c.is_ascii_digit() || " ()-".contains(c)) && digits.starts_with(|c: char| c.is_ascii_digit());
    (only && (5..=29).contains(&digits.len())).then_some(text)
}

/// The four digits of a Dutch postcode.
pub(super) fn postcode(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (digits, letters) = text.split_at_checked(4)?;
    let holds = digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
        && matches!(letters.len(), 0 | 2)
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    holds.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_no_text() {
        for (html, text) in [
            ("<p>Ik las <b>graag</b> &amp; veel.</p><ul><li>TIG</li><li>MIG</li></ul>", "Ik las graag & veel.\nTIG\nMIG"),
            ("a<script>alert(1)</script>b<style>x{}</style>", "ab"),
            ("1 < 2 en 3", "1 < 2 en 3"),
            ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
            ("<scr", "<scr"),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn only_what_a_profile_takes_is_taken() {
        assert_eq!(email("mailto:an@voorbeeld.example").as_deref(), Some("an@voorbeeld.example"));
        assert_eq!((email("an"), email("an@x"), email("an @x.nl"), email("a@b@c.nl")), (None, None, None, None));
        assert_eq!(telephone("+31 6 1234.5678").as_deref(), Some("+31 6 1234 5678"));
        assert_eq!((telephone("bel mij"), telephone("12"), telephone("+")), (None, None, None));
        assert_eq!((postcode("8251 ab").as_deref(), postcode("1070").as_deref()), (Some("8251"), Some("1070")));
        assert_eq!((postcode("0123"), postcode("10709"), postcode("SW1A"), postcode("é251")), (None, None, None, None));
        assert_eq!(listed("lassen, TIG-lassen; - draaien\n• frezen").collect::<Vec<_>>(), ["lassen", "TIG-lassen", "draaien", "frezen"]);
    }
}
