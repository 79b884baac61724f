//! Finding things by what somebody types: what is called so comes first, what is merely like it is shown where nothing else is.

use std::collections::HashMap;

use super::{LONGEST, Label, Labels, Rank, fold, pairs};

/// A shorter text is not looked for.
const SHORTEST: usize = 2;
/// A shorter text ends words by chance: that counts only where nothing begins with it.
const LONG: usize = 5;
/// A shorter word is like too many others.
const SHORTEST_ALIKE: usize = 4;
/// A longer word may have two mistakes, others one.
const TWO_MISTAKES: usize = 8;
/// A longer word may have two mistakes where it begins as the other does, by so many letters.
const TWO_LATER: usize = 6;
const BEGUN: usize = 3;
/// What no more is wrong with is a slip.
const SLIP: usize = 2;
/// What a word that a label does not have counts, beside mistakes.
const MISSING: usize = 3;
/// Most things that are merely like a text.
const ALIKE: usize = 5;

/// How a label fits a text, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the text.
    Same,
    /// It begins with it.
    Begins,
    /// Each word of the text begins one of its words.
    Words,
    /// A word of it ends with the text, as a kind of it does: `voorraadadministratie`.
    Ends,
    /// The text stands somewhere within it: by chance, as a rule.
    Within,
    /// A word of it is like one of the text: the fewer mistakes, the better.
    Alike(usize),
}

/// A row that a text may mean.
pub(in crate::reference) struct Found<'l> {
    pub row: usize,
    /// The label that fits, folded, where the one that is shown does not.
    pub by: Option<&'l str>,
    /// Whether the label has all words of the text, or begins with it.
    pub is_said: bool,
}

/// What is known of a row: how its best label fits, whether that is not the one that is shown, and how long it is.
struct Best<'l> {
    order: (Fit, bool, usize),
    label: &'l str,
    is_shown: bool,
}

impl Labels {
    /// At most so many rows that a text may mean, best first, each once. Of each row the Dutch or the English label is shown.
    pub(in crate::reference) fn search<'l>(
        &'l self,
        text: &str,
        english: bool,
        shown: impl Fn(usize) -> &'l str,
        most: usize,
    ) -> Vec<Found<'l>> {
        let wanted: String = fold(text).chars().take(LONGEST).collect();
        let letters = wanted.chars().count();
        if letters < SHORTEST {
            return Vec::new();
        }
        let mut fitting = self.fitting(&wanted, english);
        let best = fitting.iter().map(|(fit, _)| *fit).min();
        let worst = match best {
            Some(best) if best < Fit::Ends && letters < LONG => Fit::Words,
            Some(best) if best < Fit::Within => Fit::Ends,
            _ => Fit::Within,
        };
        fitting.retain(|(fit, _)| *fit <= worst);
        // In the middle of a word a text stands by chance: a slip is likelier.
        let is_chance = fitting.iter().all(|(fit, _)| *fit == Fit::Within);
        let near = if is_chance { self.alike(&wanted, english) } else { Vec::new() };
        let is_slip = near.iter().any(|(fit, _)| *fit <= Fit::Alike(SLIP));
        let most = if is_chance { most.min(ALIKE) } else { most };
        if fitting.is_empty() || is_slip {
            fitting = near;
        }
        let mut rows: HashMap<usize, Best<'_>> = HashMap::new();
        for (fit, label) in fitting {
            for row in &label.rows {
                let is_shown = is_label(&label.folded, shown(*row));
                let order = (fit, !is_shown, label.folded.len());
                let best = rows.entry(*row).or_insert(Best { order, label: &label.folded, is_shown });
                best.is_shown |= is_shown;
                if order < best.order {
                    (best.order, best.label) = (order, &label.folded);
                }
            }
        }
        let mut rows: Vec<(usize, Best<'_>)> = rows.into_iter().collect();
        rows.sort_by(|(a, one), (b, other)| (one.order, one.label, a).cmp(&(other.order, other.label, b)));
        rows.truncate(most);
        rows.into_iter()
            .map(|(row, best)| Found { row, by: (!best.is_shown).then_some(best.label), is_said: best.order.0 <= Fit::Words })
            .collect()
    }

    /// The labels that a text is, begins, or stands in. In the middle of a word of the other language it means nothing.
    fn fitting(&self, wanted: &str, english: bool) -> Vec<(Fit, &Label)> {
        let words: Vec<&str> = wanted.split(' ').collect();
        let fit = |label: &Label| {
            if label.folded == wanted {
                Some(Fit::Same)
            } else if label.folded.starts_with(wanted) {
                Some(Fit::Begins)
            } else if words.iter().all(|word| begins_a_word(&label.folded, word)) {
                Some(Fit::Words)
            } else if label.is_english() != english {
                None
            } else if ends_a_word(&label.folded, wanted) {
                Some(Fit::Ends)
            } else {
                label.folded.contains(wanted).then_some(Fit::Within)
            }
        };
        self.all.iter().filter_map(|label| Some((fit(label)?, label))).collect()
    }

    /// The labels with some words of a text; where there are none, those with a word that is like the longest one of it.
    fn alike(&self, wanted: &str, english: bool) -> Vec<(Fit, &Label)> {
        let some = self.with_some_words(wanted, english);
        if !some.is_empty() {
            return some;
        }
        let Some(word) = wanted.split(' ').max_by_key(|word| word.chars().count()) else { return Vec::new() };
        if word.chars().count() < SHORTEST_ALIKE {
            return Vec::new();
        }
        let pairs = pairs(word);
        // What shares fewer pairs of letters has more mistakes, or another begin.
        let near = self.all.iter().zip(self.shared_pairs(&pairs)).filter(|(_, shared)| 2 * *shared as usize + 1 >= pairs.len());
        let near = near.map(|(label, _)| label).filter(|label| label.is_english() == english);
        near.filter_map(|label| {
            let mistakes = label.words().filter_map(|other| mistakes(word, other)).min()?;
            // What is called so alone is meant rather than what has the word among others.
            Some((Fit::Alike(mistakes + label.words().count() - 1), label))
        })
        .collect()
    }

    /// The labels in which a longer word of a text of several begins a word: whoever wrote that made no mistake in it. The fewer are missing, or have mistakes,
    /// the better.
    fn with_some_words(&self, wanted: &str, english: bool) -> Vec<(Fit, &Label)> {
        let words: Vec<&str> = wanted.split(' ').filter(|word| word.chars().count() >= SHORTEST_ALIKE).collect();
        let own = self.all.iter().filter(|label| words.len() > 1 && label.is_english() == english);
        own.filter_map(|label| {
            let lacks: Vec<&str> = words.iter().filter(|word| !begins_a_word(&label.folded, word)).copied().collect();
            if lacks.len() == words.len() {
                return None;
            }
            let slips = |word: &str| label.words().filter_map(|other| slips(word, other)).min().unwrap_or(MISSING);
            Some((Fit::Alike(lacks.into_iter().map(slips).sum()), label))
        })
        .collect()
    }
}

impl Label {
    fn is_english(&self) -> bool {
        self.rank == Rank::English
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.folded.split([' ', '-', '/'])
    }
}

/// Whether a folded label is that one.
fn is_label(folded: &str, label: &str) -> bool {
    if label.is_ascii() { folded.eq_ignore_ascii_case(label) } else { folded == fold(label) }
}

fn begins_a_word(label: &str, begin: &str) -> bool {
    label.match_indices(begin).any(|(at, _)| !label[..at].ends_with(char::is_alphanumeric))
}

fn ends_a_word(label: &str, end: &str) -> bool {
    label.match_indices(end).any(|(at, _)| !label[at + end.len()..].starts_with(char::is_alphanumeric))
}

/// How far a word is from another; `None` where they are not alike: they differ by a slip, or begin the same for most of the word.
fn mistakes(word: &str, other: &str) -> Option<usize> {
    let letters = word.chars().count();
    slips(word, other).or_else(|| {
        let begun = begun(word, other);
        (begun >= LONG && 5 * begun >= 3 * letters).then(|| TWO_MISTAKES + letters - begun)
    })
}

/// How many letters are wrong, too many, left out or turned; `None` where that is more than a slip.
fn slips(word: &str, other: &str) -> Option<usize> {
    let (letters, others) = (word.chars().count(), other.chars().count());
    let most = if letters >= TWO_MISTAKES || letters >= TWO_LATER && begun(word, other) >= BEGUN { 2 } else { 1 };
    // Each letter that one has more is one.
    if letters.abs_diff(others) > most {
        return None;
    }
    Some(strsim::osa_distance(word, other)).filter(|slips| *slips <= most)
}

/// How many letters they have in common at the begin.
fn begun(word: &str, other: &str) -> usize {
    word.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}
