//! The words of a text: folded, with their stems and parts, clause by clause.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::super::labels::fold;
use super::TextLanguage;
use super::labels::LabelWords;

/// Words that deny what comes soon after them.
pub(super) const DENY_BEFORE: &[&str] = &["geen", "niet", "zonder", "hoeft", "not", "no", "without"];
/// Words that deny what came just before them.
pub(super) const DENY_AFTER: &[&str] = &["niet", "not", "geen"];
/// Words that turn one that denies into one that does not: `niet alleen`.
pub(super) const NOT_ONLY: &[&str] = &["alleen", "enkel", "slechts", "only", "just"];
/// English words that say nothing of what somebody does.
const ENGLISH_STOP_WORDS: &[&str] = &[
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "its", "of", "on", "or", "our", "that", "the",
    "their", "this", "to", "up", "using", "we", "will", "with", "you", "your",
];
/// First parts of Dutch verbs that may stand apart.
const APART: &[&str] = &[
    "aan", "af", "bij", "door", "in", "klaar", "mee", "na", "om", "onder", "op", "over", "samen", "schoon", "terug", "toe", "uit", "vast",
    "voor", "weg",
];
/// So many words before it may the rest of the verb stand.
const FAR_APART: usize = 6;
/// What is shorter without its `t` is another word by chance.
const SHORTEST_VERB: usize = 4;
/// A longer word is none.
const LONGEST: usize = 60;

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// A stem of labels, by number.
pub(super) type StemId = u32;

/// A word of a text.
pub(super) struct Word<'t> {
    /// In lower case, without accents.
    pub folded: Cow<'t, str>,
    /// Whether it is a stop word.
    pub is_stop: bool,
    /// Its stem, where labels have it.
    pub stem: Option<StemId>,
    /// Its stem and, where it is a compound, those of its parts; of a Dutch verb also that of the infinitive.
    pub parts: Vec<StemId>,
    /// The number of its clause.
    pub clause: usize,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// The stem of a folded word; `None` where it says nothing.
pub(super) fn stem(language: TextLanguage, folded: &str) -> Option<Cow<'_, str>> {
    match language {
        TextLanguage::Nl => crate::text::stem(folded).map(of_a_verb),
        TextLanguage::En => (!ENGLISH_STOP_WORDS.contains(&folded)).then(|| ENGLISH.stem(folded)),
    }
}

/// A Dutch stem as its verb has it when nothing follows: `lees` of `lez`, `vul` of `vull`.
fn of_a_verb(stem: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = stem.as_bytes();
    let (Some(last), before) = (bytes.last(), bytes.len().checked_sub(2).map(|at| bytes[at])) else { return stem };
    match last {
        b'v' | b'z' => Cow::Owned(format!("{}{}", &stem[..stem.len() - 1], if *last == b'v' { 'f' } else { 's' })),
        b'b' | b'f' | b'g' | b'l' | b'm' | b'n' | b'p' | b'r' | b's' if before == Some(*last) => {
            Cow::Owned(stem[..stem.len() - 1].to_owned())
        }
        _ => stem,
    }
}

/// The places of the words of a text, and the number of the clause of each.
pub(super) fn places(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
    let mut clause = 0;
    let mut begin = None;
    let ended = text.char_indices().chain([(text.len(), '\n')]);
    ended.filter_map(move |(at, character)| {
        if character.is_alphanumeric() {
            begin.get_or_insert(at);
            return None;
        }
        let word = begin.take().map(|from| (from..at, clause));
        // A point within a number or a name ends nothing; what follows it is seen by its next letter, and costs no more than a clause that is too short.
        clause += usize::from(matches!(character, '.' | ',' | ';' | ':' | '!' | '?' | '\n' | '•' | '(' | ')' | '|'));
        word
    })
}

/// The words of a text.
pub(super) fn words<'t>(text: &'t str, labels: &LabelWords) -> Vec<Word<'t>> {
    let of = |(at, clause): (Range<usize>, usize)| {
        let written = &text[at.clone()];
        let plain = written.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        let folded = if plain { Cow::Borrowed(written) } else { Cow::Owned(fold(written)) };
        if folded.len() > LONGEST {
            return Word { folded, is_stop: false, stem: None, parts: Vec::new(), clause, at };
        }
        let (is_stop, stem, parts) = labels.known(&folded);
        Word { folded, is_stop, stem, parts, clause, at }
    };
    let mut words: Vec<Word<'_>> = places(text).map(of).collect();
    if labels.language() == TextLanguage::Nl {
        add_verbs(&mut words, labels);
    }
    words
}

/// Adds the stems of infinitives: of a form with a `t`, and of a verb whose first part stands apart (`dient medicijnen toe`, `toe te dienen`).
fn add_verbs(words: &mut [Word<'_>], labels: &LabelWords) {
    for at in 0..words.len() {
        if let Some(stem) = infinitive(&words[at].folded, labels) {
            words[at].parts.push(stem);
        }
        let Some(first) = APART.iter().find(|part| *words[at].folded == ***part) else { continue };
        let clause = words[at].clause;
        let follows = |word: Option<&Word<'_>>, is: &str| word.is_some_and(|word| word.clause == clause && word.folded == is);
        let after = follows(words.get(at + 1), "te").then_some(at + 2).filter(|verb| *verb < words.len());
        for verb in (at.saturating_sub(FAR_APART)..at).chain(after) {
            if words[verb].clause == clause && !words[verb].is_stop {
                let whole = format!("{first}{}", words[verb].folded);
                let stems = [labels.known(&whole).1, infinitive(&whole, labels)];
                words[verb].parts.extend(stems.into_iter().flatten());
            }
        }
    }
}

/// The stem of the infinitive of a verb in the third person, where labels have it.
fn infinitive(folded: &str, labels: &LabelWords) -> Option<StemId> {
    let without = folded.strip_suffix('t').filter(|verb| verb.len() >= SHORTEST_VERB)?;
    labels.known(without).1
}
