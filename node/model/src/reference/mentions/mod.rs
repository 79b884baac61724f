//! Skills that a text speaks of, found by their labels: to be proposed to somebody who decides, never to be stored unseen.
//!
//! Words are compared by their stems, so that an inflected word is found; a compound is taken apart where both its parts are words of labels
//! (`voorraadadministratie`, `administratie van de voorraad`); and a skill of more than one word is found where its words stand near each other in one
//! clause, in whatever order. What a clause denies (`geen ervaring met heftruck rijden nodig`) is not found. Nothing here is guessed from meaning.

mod labels;
mod words;

use std::ops::Range;

use super::Skill;
pub(super) use labels::LabelWords;
use words::{Word, words};

/// The language of a text, and of the labels that are looked for in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextLanguage {
    /// Dutch.
    Nl,
    /// English.
    En,
}

/// How surely a text speaks of a skill; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// The label stands in the text, word for word.
    Named,
    /// Its words stand in the text in this order, in another form.
    Inflected,
    /// Its words, or their parts, stand near each other in one clause.
    Apart,
    /// Of one simple word alone, by which the skill is called as well: in this text it may mean something else.
    Loose,
}

impl Fit {
    /// Every one, the surest first.
    pub const ALL: &[Self] = &[Self::Named, Self::Inflected, Self::Apart, Self::Loose];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Inflected => "inflected",
            Self::Apart => "apart",
            Self::Loose => "loose",
        }
    }
}

/// A skill that a text speaks of.
#[derive(Clone, Debug)]
pub struct Mention<'r> {
    /// The skill.
    pub skill: &'r Skill,
    /// The label by which it was found.
    pub label: &'r str,
    /// How surely.
    pub fit: Fit,
    /// Where, in bytes of the text: its first and surest place.
    pub at: Range<usize>,
}

/// Longest text that is looked through, in bytes; what comes after is not.
pub const LONGEST_TEXT: usize = 64 * 1024;
/// Words that may stand between those of one label, all together.
const BETWEEN: usize = 3;
/// So many words before a skill may deny it.
const DENIED_BEFORE: usize = 5;
/// So many words after it.
const DENIED_AFTER: usize = 4;

/// Where a label is found: which words, and how.
struct Hit {
    label: usize,
    fit: Fit,
    first: usize,
    last: usize,
}

/// At most so many skills of these labels that a text speaks of, the surest first, each once.
pub(super) fn find<'r>(labels: &'r LabelWords, skills: &'r [Skill], text: &str, most: usize) -> Vec<Mention<'r>> {
    let text = &text[..text.floor_char_boundary(LONGEST_TEXT)];
    let words = words(text, labels);
    let mut hits = Vec::new();
    for place in 0..words.len() {
        for label in words[place].parts.iter().flat_map(|part| labels.rarest(*part)) {
            hits.extend(hit(labels, *label, &words, place));
        }
    }
    hits.retain(|hit| !denied(&words, hit));
    let longest_first = |hit: &Hit| (usize::MAX - labels.parts(hit.label).len(), hit.fit, hit.first, hit.last, hit.label);
    hits.sort_by_key(longest_first);
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        let size = labels.parts(hit.label).len();
        // `heftruck rijden` is not also `rijden`.
        let within = |other: &Hit| other.first <= hit.first && hit.last <= other.last && labels.parts(other.label).len() > size;
        let same = |other: &Hit| labels.row(other.label) == labels.row(hit.label);
        if !kept.iter().any(|other| within(other) || same(other)) {
            kept.push(hit);
        }
    }
    kept.sort_by_key(|hit| (hit.fit, longest_first(hit)));
    kept.truncate(most);
    let mention = |hit: Hit| {
        let skill = &skills[labels.row(hit.label)];
        let at = words[hit.first].at.start..words[hit.last].at.end;
        Mention { skill, label: labels.written(hit.label, skill), fit: hit.fit, at }
    };
    kept.into_iter().map(mention).collect()
}

/// How a label stands in the text around a word that has its rarest part; `None` where it does not.
fn hit(labels: &LabelWords, label: usize, words: &[Word<'_>], place: usize) -> Option<Hit> {
    let parts = labels.parts(label);
    let reach = parts.len().max(labels.words(label).len()) + BETWEEN;
    let clause = words[place].clause;
    let near = place.saturating_sub(reach)..(place + reach + 1).min(words.len());
    if let Some(hit) = (near.start..=place).find_map(|first| in_order(labels, label, words, first)).filter(|hit| hit.last >= place) {
        return Some(hit);
    }
    if parts.len() < 2 {
        return None;
    }
    let places = parts.iter().map(|part| {
        let with_it = near.clone().filter(|at| words[*at].clause == clause && words[*at].parts.contains(part));
        with_it.min_by_key(|at| at.abs_diff(place))
    });
    let places: Vec<usize> = places.collect::<Option<_>>()?;
    let (first, last) = (*places.iter().min()?, *places.iter().max()?);
    (last - first < reach).then_some(Hit { label, fit: Fit::Apart, first, last })
}

/// Whether the words of a label follow each other from a word on, with nothing but stop words between, and how.
fn in_order(labels: &LabelWords, label: usize, words: &[Word<'_>], first: usize) -> Option<Hit> {
    let (mut last, mut fit, clause) = (first, Fit::Named, words[first].clause);
    let wanted = labels.words(label);
    for (number, (folded, stem)) in wanted.iter().enumerate() {
        if number > 0 {
            last += 1;
            while words.get(last).is_some_and(|word| word.is_stop && word.clause == clause) {
                last += 1;
            }
        }
        let word = words.get(last).filter(|word| word.clause == clause)?;
        if *word.folded != **folded {
            // What a word may also be counts beside other words alone.
            let is_form = word.stem == Some(*stem) || wanted.len() > 1 && word.parts.contains(stem);
            is_form.then_some(())?;
            fit = Fit::Inflected;
        }
    }
    if wanted.len() == 1 && labels.parts(label).len() == 1 && !labels.is_preferred(label) {
        fit = Fit::Loose;
    }
    Some(Hit { label, fit, first, last })
}

/// Whether the clause says that this is not asked, or not there.
fn denied(words: &[Word<'_>], hit: &Hit) -> bool {
    let clause = words[hit.first].clause;
    let same = |word: &&Word<'_>| word.clause == clause;
    let before = &words[hit.first.saturating_sub(DENIED_BEFORE)..hit.first];
    let after = &words[hit.last + 1..(hit.last + 1 + DENIED_AFTER).min(words.len())];
    let denies = |words: &[Word<'_>], by: &[&str]| {
        let said: Vec<&str> = words.iter().filter(same).map(|word| &*word.folded).collect();
        said.iter().enumerate().any(|(at, word)| by.contains(word) && !said.get(at + 1).is_some_and(|next| words::NOT_ONLY.contains(next)))
    };
    denies(before, words::DENY_BEFORE) || denies(after, words::DENY_AFTER)
}

#[cfg(test)]
mod tests;
