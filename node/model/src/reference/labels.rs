//! Finding things by label.

mod search;

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many suggestions.
pub(super) const MOST: usize = 3;
/// Below this likeness (0–1) nothing is suggested, unless a whole word is shared.
const LEAST_LIKE: f64 = 0.85;
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
    by_pair: HashMap<Pair, Vec<u32>>,
}

#[derive(Debug)]
struct Label {
    folded: String,
    /// One row; more where a label of the same rank stands for more than one.
    rows: Vec<usize>,
    rank: Rank,
    /// How many distinct pairs of letters it has.
    pairs: usize,
}

/// Which label counts where two rows have the same one: the lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The Dutch label.
    Preferred,
    /// What people call it, as the tables say that come with the program.
    Starter,
    /// Another Dutch label.
    Alternative,
    /// The English label.
    English,
}

/// A label, its rank, and the row that it stands for.
pub(super) type Entry = (Rank, String, usize);

/// Two letters that follow each other; a space stands before the first and after the last letter.
type Pair = (char, char);

/// Lower case, without accents, single spaces.
pub(super) fn fold(label: &str) -> String {
    let plain: String = label.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pairs(folded: &str) -> Vec<Pair> {
    let spaced = || std::iter::once(' ').chain(folded.chars()).chain(std::iter::once(' '));
    let mut pairs: Vec<Pair> = spaced().zip(spaced().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Whether a word of the one stands at the begin of a word of the other.
fn share_a_word(one: &str, other: &str) -> bool {
    let long = |word: &&str| word.chars().count() >= SHORTEST_SHARED;
    let begins = |word: &str, of: &str| of.split(' ').any(|begun| begun.starts_with(word));
    one.split(' ').filter(long).any(|word| begins(word, other)) || other.split(' ').filter(long).any(|word| begins(word, one))
}

impl Labels {
    /// Takes labels in, those of the lowest rank first: of two rows with the same label the one keeps it for which it ranks lower; both have it
    /// where it ranks the same.
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        // Rows stay in order within a rank.
        entries.sort_by_key(|(rank, _, row)| (*rank, *row));
        let mut labels = Self::default();
        for (rank, label, row) in entries {
            labels.add(rank, &label, row);
        }
        labels
    }

    /// Adds a label that ranks no lower than those before.
    pub(super) fn add(&mut self, rank: Rank, label: &str, row: usize) {
        let folded = fold(label);
        if folded.is_empty() {
            return;
        }
        if let Some(place) = self.by_text.get(&folded) {
            let known = &mut self.all[*place];
            if known.rank == rank && !known.rows.contains(&row) {
                known.rows.push(row);
            }
            return;
        }
        let Ok(place) = u32::try_from(self.all.len()) else { return };
        let pairs = pairs(&folded);
        self.by_text.insert(folded.clone(), self.all.len());
        self.all.push(Label { folded, rows: vec![row], rank, pairs: pairs.len() });
        for pair in pairs {
            self.by_pair.entry(pair).or_default().push(place);
        }
    }

    /// The rows that a label stands for.
    pub(super) fn find(&self, label: &str) -> &[usize] {
        self.by_text.get(&fold(label)).map_or(&[], |place| &self.all[*place].rows)
    }

    /// How many labels stand for more than one row.
    pub(super) fn shared(&self) -> usize {
        self.all.iter().filter(|label| label.rows.len() > 1).count()
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
            rows.extend(known.rows.iter().filter(|row| !rows.contains(row)).collect::<Vec<_>>());
            if rows.len() >= MOST {
                break;
            }
        }
        rows.truncate(MOST);
        rows
    }

    /// The labels that share most pairs of letters with a text, with the share (Sørensen–Dice, 0–1).
    fn sharing_pairs(&self, wanted: &str) -> Vec<(f64, &Label)> {
        let pairs = pairs(wanted);
        let with_any = self.all.iter().zip(self.shared_pairs(&pairs)).filter(|(_, shared)| *shared > 0);
        let whole = |known: &Label| u32::try_from(known.pairs + pairs.len()).unwrap_or(u32::MAX);
        let mut found: Vec<(f64, &Label)> =
            with_any.map(|(known, shared)| (f64::from(2 * shared) / f64::from(whole(known)), known)).collect();
        let best_first = |a: &(f64, &Label), b: &(f64, &Label)| b.0.total_cmp(&a.0).then_with(|| a.1.folded.cmp(&b.1.folded));
        // Complete tables have a hundred thousand labels that share some pair: only the best are put in order.
        if found.len() > LOOKED_AT {
            found.select_nth_unstable_by(LOOKED_AT, best_first);
            found.truncate(LOOKED_AT);
        }
        found.sort_by(best_first);
        found
    }

    /// How many of these pairs each label has.
    fn shared_pairs(&self, pairs: &[Pair]) -> Vec<u32> {
        let mut shared = vec![0; self.all.len()];
        for place in pairs.iter().filter_map(|pair| self.by_pair.get(pair)).flatten() {
            shared[*place as usize] += 1;
        }
        shared
    }
}
