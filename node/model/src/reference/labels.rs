//! Finding things by label.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many suggestions.
pub(super) const MOST: usize = 3;
/// Below this likeness (0–1) nothing is suggested, unless a whole word is shared.
const LEAST_LIKE: f64 = 0.8;
/// A shorter word says too little to be shared.
const SHORTEST_SHARED: usize = 4;
/// How many labels that share most pairs of letters with a text are looked at closely.
const LOOKED_AT: usize = 40;
/// A shorter text is like anything.
const SHORTEST: usize = 3;
/// Longest text that suggestions are sought for, in characters; the rest is left out.
const LONGEST: usize = 100;

/// Labels, folded, with the rows that they stand for.
#[derive(Debug, Default)]
pub(super) struct Labels {
    all: Vec<Label>,
    by_text: HashMap<String, usize>,
    by_pair: HashMap<Pair, Vec<usize>>,
}

#[derive(Debug)]
struct Label {
    folded: String,
    row: usize,
    /// How many distinct pairs of letters it has.
    pairs: usize,
}

/// Two letters that follow each other; a space stands before the first and after the last letter.
type Pair = (char, char);

/// Lower case, without accents, single spaces.
fn fold(label: &str) -> String {
    let plain: String = label.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pairs(folded: &str) -> BTreeSet<Pair> {
    let spaced = || std::iter::once(' ').chain(folded.chars()).chain(std::iter::once(' '));
    spaced().zip(spaced().skip(1)).collect()
}

/// Whether a word of the one stands at the begin of a word of the other.
fn share_a_word(one: &str, other: &str) -> bool {
    let long = |word: &&str| word.chars().count() >= SHORTEST_SHARED;
    let begins = |word: &str, of: &str| of.split(' ').any(|begun| begun.starts_with(word));
    one.split(' ').filter(long).any(|word| begins(word, other)) || other.split(' ').filter(long).any(|word| begins(word, one))
}

impl Labels {
    /// Adds a label; the first row with a label keeps it.
    pub(super) fn add(&mut self, label: &str, row: usize) {
        let folded = fold(label);
        if self.by_text.contains_key(&folded) {
            return;
        }
        let (place, pairs) = (self.all.len(), pairs(&folded));
        self.by_text.insert(folded.clone(), place);
        self.all.push(Label { folded, row, pairs: pairs.len() });
        for pair in pairs {
            self.by_pair.entry(pair).or_default().push(place);
        }
    }

    pub(super) fn find(&self, label: &str) -> Option<usize> {
        self.by_text.get(&fold(label)).map(|place| self.all[*place].row)
    }

    /// The rows whose labels are most like a text, best first.
    pub(super) fn nearest(&self, label: &str) -> Vec<usize> {
        let wanted: String = fold(label).chars().take(LONGEST).collect();
        if wanted.chars().count() < SHORTEST {
            return Vec::new();
        }
        let mut scored: Vec<(f64, &Label)> = Vec::new();
        for (dice, known) in self.sharing_pairs(&wanted) {
            let like = strsim::jaro_winkler(&known.folded, &wanted).max(dice);
            let shared = share_a_word(&known.folded, &wanted);
            if shared || like >= LEAST_LIKE {
                scored.push((like + if shared { 0.3 } else { 0.0 }, known));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.folded.cmp(&b.1.folded)));
        let mut rows: Vec<usize> = Vec::new();
        for (_, known) in scored {
            if !rows.contains(&known.row) {
                rows.push(known.row);
            }
            if rows.len() == MOST {
                break;
            }
        }
        rows
    }

    /// The labels that share most pairs of letters with a text, with the share (Sørensen–Dice, 0–1).
    fn sharing_pairs(&self, wanted: &str) -> Vec<(f64, &Label)> {
        let pairs = pairs(wanted);
        let mut shared = vec![0_u32; self.all.len()];
        for place in pairs.iter().filter_map(|pair| self.by_pair.get(pair)).flatten() {
            shared[*place] += 1;
        }
        let with_any = self.all.iter().zip(shared).filter(|(_, shared)| *shared > 0);
        let whole = |known: &Label| u32::try_from(known.pairs + pairs.len()).unwrap_or(u32::MAX);
        let mut found: Vec<(f64, &Label)> =
            with_any.map(|(known, shared)| (f64::from(2 * shared) / f64::from(whole(known)), known)).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.folded.cmp(&b.1.folded)));
        found.truncate(LOOKED_AT);
        found
    }
}
