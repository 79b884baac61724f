//! Pages stay small whatever others write: texts of a list are shortened, and a list goes on on a next page.

use serde::Serialize;

/// Characters of a title or a name in a list.
const TITLE: usize = 80;
/// Bytes that a list may take of a page of at most 50 KB.
const ROOM: usize = 30 * 1024;
/// Bytes that a character takes at most that is escaped.
const ESCAPED: usize = 6;

/// A title or a name as a list shows it.
pub(crate) fn short(text: &str) -> String {
    cut(text, TITLE)
}

/// The first so many characters of a text.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// As much of a text as takes so many bytes of a page; not in the middle of a word, where it has any.
pub(crate) fn within(text: &str, bytes: usize) -> String {
    let mut left = bytes;
    let end = text.char_indices().find(|(_, character)| {
        let takes = if is_escaped(*character) { ESCAPED } else { character.len_utf8() };
        let is_room = takes <= left;
        left = left.saturating_sub(takes);
        !is_room
    });
    match end {
        Some((end, _)) => format!("{} …", text[..end].rsplit_once(char::is_whitespace).map_or(&text[..end], |(whole, _)| whole)),
        None => text.to_owned(),
    }
}

/// How many of these fit on a page, from the first, each with so many bytes around what it says: one at least, so that every page goes on.
pub(crate) fn fitting<T: Serialize>(items: &[T], around: usize) -> usize {
    fitting_in(ROOM, items, around)
}

/// The same where a list has only so many bytes.
pub(crate) fn fitting_in<T: Serialize>(room: usize, items: &[T], around: usize) -> usize {
    let mut left = room;
    let fits = items.iter().take_while(|item| {
        let takes = around + escaped(item);
        let is_room = takes <= left;
        left = left.saturating_sub(takes);
        is_room
    });
    fits.count().max(1).min(items.len())
}

/// How many bytes a page takes to say all that is in it: what is escaped takes up to six.
pub(crate) fn escaped<T: Serialize + ?Sized>(item: &T) -> usize {
    let text = serde_json::to_string(item).unwrap_or_default();
    text.chars().map(|character| if is_escaped(character) { ESCAPED } else { character.len_utf8() }).sum()
}

fn is_escaped(character: char) -> bool {
    matches!(character, '<' | '>' | '&' | '"' | '\'' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_the_page_is_full_and_every_page_shows_something() {
        assert_eq!(fitting(&["a"; 20], 100), 20);
        assert_eq!(fitting(&["a"; 2_000], 1_000), 30);
        assert_eq!(fitting(&["<".repeat(5_100), "a".to_owned()], 100), 1);
        assert_eq!(fitting(&["<".repeat(30_000), "a".to_owned()], 100), 1, "more than a page holds is alone on it");
        assert_eq!(fitting::<&str>(&[], 100), 0);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!((cut("één twee", 4).as_str(), cut("één", 3).as_str(), short("x")), ("één…", "één", "x".to_owned()));
        let some = ["één twee drie", "één", "ééntwee", "<<", "", "x"].map(|text| within(text, 8));
        assert_eq!(some, ["één …", "één", "ééntwe …", "< …", "", "x"]);
    }
}
