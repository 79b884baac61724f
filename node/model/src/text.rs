//! From text to stems and impacts (`docs/ranking.md`, section 4, "Text").

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{LazyLock, PoisonError, RwLock};

use foldhash::fast::RandomState;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::features::Terms;

/// Longest token in characters; a longer one is dropped.
const LONGEST: usize = 40;
/// The count of tokens is capped here when impacts are computed.
const MOST_TOKENS: u32 = 2_000;
/// A term is counted up to here in the title, and in the body.
const MOST_OCCURRENCES: u32 = 255;

static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| polder_schemas::reference::STOP_WORDS.lines().collect());
static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Dutch));

/// Characters that nobody sees and that can hide or turn others: soft hyphen, zero-width, direction-changing, interlinear, byte order mark.
#[must_use]
pub const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A text in Unicode form NFKC.
pub(crate) fn in_nfkc(text: &str) -> Cow<'_, str> {
    // Most texts are; looking costs a tenth of making it so.
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// Calls `each` with the stem of every token of the text that is kept, in order. Words that are new here are remembered: this is for offers and tables,
/// and never for questions.
pub fn for_each_stem(text: &str, each: impl FnMut(&str)) {
    stem_each(text, Remember::New, each);
}

/// The stem of a folded word; `None` of a stop word, and of what is no word.
pub(crate) fn stem(folded: &str) -> Option<Cow<'_, str>> {
    let length = folded.chars().count();
    ((2..=LONGEST).contains(&length) && !STOP_WORDS.contains(folded)).then(|| STEMMER.stem(folded))
}

/// Whether words that are new are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remember {
    New,
    Nothing,
}

fn stem_each(text: &str, remember: Remember, mut each: impl FnMut(&str)) {
    let folded = folded(&in_nfkc(text));
    let mut new = Vec::new();
    let known = STEMS.read().unwrap_or_else(PoisonError::into_inner);
    for token in folded.split(|c: char| !c.is_alphanumeric()).filter(|token| token.len() > 1) {
        match known.get(token) {
            Some(Some(stem)) => each(stem),
            Some(None) => {}
            None => {
                if (2..=LONGEST).contains(&token.chars().count()) {
                    let stem = stem(token);
                    stem.iter().for_each(|stem| each(stem));
                    if remember == Remember::New {
                        new.push((token, stem));
                    }
                }
            }
        }
    }
    let room = MOST_STEMS.saturating_sub(known.len());
    drop(known);
    if room > 0 && !new.is_empty() {
        let new = new.into_iter().take(room).map(|(token, stem)| (token.into(), stem.map(|stem| stem.as_ref().into())));
        STEMS.write().unwrap_or_else(PoisonError::into_inner).extend(new);
    }
}

/// Each character in lower case, by itself.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() { folded.push(character.to_ascii_lowercase()) } else { folded.extend(character.to_lowercase()) }
    }
    folded
}

/// The stems of the first words of offers and tables that came, and that a stop word has none: most texts are made of few words, and stemming one takes
/// ten times as long as finding it here.
static STEMS: LazyLock<RwLock<KnownStems>> = LazyLock::new(RwLock::default);
type KnownStems = HashMap<Box<str>, Option<Box<str>>, RandomState>;
/// Most of them: some 3 MB.
const MOST_STEMS: usize = 30_000;

/// The distinct stems of a question's words, in the order of first use. Nothing of a question is remembered.
#[must_use]
pub fn distinct_stems(text: &str) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    stem_each(text, Remember::Nothing, |stem| {
        if !stems.iter().any(|known| known == stem) {
            stems.push(stem.to_owned());
        }
    });
    stems
}

/// The terms of an offer, each with its impact.
#[must_use]
pub fn impacts<'a>(title: &str, body: impl IntoIterator<Item = &'a str>) -> Terms {
    let mut stems = Stems::default();
    for_each_stem(title, |stem| stems.push(stem, true));
    for text in body {
        for_each_stem(text, |stem| stems.push(stem, false));
    }
    stems.impacts()
}

/// The stems of an offer as they came, one behind the other.
#[derive(Default)]
struct Stems {
    text: String,
    places: Vec<Place>,
}

/// Where a stem stands.
struct Place {
    /// Its first eight bytes, as a number of the same order.
    first: u64,
    bytes: Range<usize>,
    in_title: bool,
}

impl Stems {
    fn push(&mut self, stem: &str, in_title: bool) {
        let mut first = [0; 8];
        first.iter_mut().zip(stem.bytes()).for_each(|(to, byte)| *to = byte);
        let start = self.text.len();
        self.text.push_str(stem);
        self.places.push(Place { first: u64::from_be_bytes(first), bytes: start..self.text.len(), in_title });
    }

    fn impacts(mut self) -> Terms {
        let stem = |place: &Place| &self.text[place.bytes.clone()];
        // A stem holds no NUL: what is shorter than eight bytes comes first.
        self.places.sort_unstable_by(|one, other| one.first.cmp(&other.first).then_with(|| stem(one).cmp(stem(other))));
        let length = u32::try_from(self.places.len()).unwrap_or(MOST_TOKENS).min(MOST_TOKENS);
        let same = self.places.chunk_by(|one, other| one.first == other.first && stem(one) == stem(other));
        let count = |places: &[Place], in_title| u32::try_from(places.iter().filter(|place| place.in_title == in_title).count());
        same.map(|places| {
            let [title, body] = [true, false].map(|in_title| count(places, in_title).unwrap_or(MOST_OCCURRENCES));
            (stem(&places[0]), impact(title, body, length))
        })
        .collect()
    }
}

/// The impact, 0–254, of a term that stands `title` times in the title and `body` times in the body of an offer of `length` tokens.
fn impact(title: u32, body: u32, length: u32) -> u8 {
    let weight = 3 * title.min(MOST_OCCURRENCES) + body.min(MOST_OCCURRENCES);
    let value = 255 * 8_000 * weight / (8_000 * weight + 2_400 + 90 * length);
    u8::try_from(value).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::reference::Reference;
    use crate::request::{QueryRequest, expand};

    #[test]
    fn tokens_are_folded_stopped_and_stemmed() {
        // "de" and "van" are stop words; "x" is too short; ﬁ is one ligature in NFKC.
        assert_eq!(distinct_stems("De lassers van Lelystad: x LASSERS ﬁetsen"), ["lasser", "lelystad", "fiets"]);
        assert_eq!(distinct_stems(&"a".repeat(41)), Vec::<String>::new());
        assert_eq!(distinct_stems("24-uurs"), ["24", "uur"]);
    }

    #[test]
    fn a_word_that_was_stemmed_before_has_the_same_stem() {
        let text =
            "Monteurs onderhouden windmolens; MONTEURS Onderhouden ﬁetsen, coördinator, coo\u{308}rdinator, ＬＡＳＳＥＲＳ, İstanbul";
        let stems = |text: &str| {
            let mut stems = Vec::new();
            for_each_stem(text, |stem| stems.push(stem.to_owned()));
            stems
        };
        let first = stems(text);
        assert_eq!(stems(text), first);
        // As without anything kept.
        let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let plain: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|token| token.chars().count() > 1)
            .map(|token| STEMMER.stem(token).into_owned())
            .collect();
        assert_eq!(first, plain);
        assert!(first.len() >= 9, "{first:?}");
    }

    #[test]
    fn words_of_a_question_are_not_remembered() {
        let is_known = |word: &str| STEMS.read().unwrap_or_else(PoisonError::into_inner).contains_key(word);
        // Words that nothing else in this program has.
        assert_eq!(distinct_stems("Kwartelzeppelin kwartelzeppelins"), ["kwartelzeppelin"]);
        assert!(!is_known("kwartelzeppelin") && !is_known("kwartelzeppelins"));
        for_each_stem("Kwartelzeppelin", |_| {});
        assert!(is_known("kwartelzeppelin"), "an offer's are");
        assert_eq!(distinct_stems("kwartelzeppelin dwergzeppelin"), ["kwartelzeppelin", "dwergzeppelin"], "and a question finds them");
        assert!(!is_known("dwergzeppelin"));
        // Whoever asks a node asks so.
        let asked = QueryRequest { text: Some("Reuzenzeppelin".to_owned()), ..QueryRequest::new(Kind::Vacancy) };
        let (asker, now) = ("kvk:00000001".parse().expect("a partner"), "2026-11-23T12:00:00Z".parse().expect("an instant"));
        let query = expand(&asked, Reference::starter(), &asker, "00000000-0000-4000-8000-000000000000".to_owned(), now);
        assert!(query.is_ok_and(|query| query.criteria.text[0].term == "reuzenzeppelin"));
        assert!(!is_known("reuzenzeppelin"));
    }

    #[test]
    fn impacts_by_hand() {
        // Two tokens in the title, one in the body: n = 3.
        let terms = impacts("Lasser Almere", ["Lasser"]);
        // lasser: f = 3 + 1 = 4: 255·32000 / (32000 + 2400 + 270) = 235.3…; almere: f = 3: 255·24000 / 26670 = 229.4…
        assert_eq!(terms.iter().collect::<Vec<_>>(), [("almer", 229), ("lasser", 235)]);
        assert_eq!((terms.impact("lasser"), terms.impact("almer"), terms.impact("lass")), (Some(235), Some(229), None));
    }

    #[test]
    fn terms_are_in_order_and_counted() {
        let text = "lasser coördinator lassers abc abcdefgh abcdefghi abcdefg éclair Lasser windmolenmonteur";
        let terms = impacts("", [text]);
        let stems: Vec<&str> = terms.iter().map(|(stem, _)| stem).collect();
        let mut sorted = distinct_stems(text);
        sorted.sort();
        assert_eq!(stems, sorted);
        assert_eq!(terms.impact("lasser"), Some(impact(0, 3, 10)));
        for (stem, known) in terms.iter() {
            assert_eq!(terms.impact(stem), Some(known), "{stem}");
        }
    }
}
