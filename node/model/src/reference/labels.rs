//! Finding things by label.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many suggestions.
const MOST: usize = 3;
/// Below this likeness (0–1) nothing is suggested.
const LEAST_LIKE: f64 = 0.55;

/// Labels, folded, with the rows that they stand for.
#[derive(Debug, Default)]
pub(super) struct Labels(HashMap<String, usize>);

/// Lower case, without accents, single spaces.
fn fold(label: &str) -> String {
    let plain: String = label.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Labels {
    /// Adds a label; the first row with a label keeps it.
    pub(super) fn add(&mut self, label: &str, row: usize) {
        self.0.entry(fold(label)).or_insert(row);
    }

    pub(super) fn find(&self, label: &str) -> Option<usize> {
        self.0.get(&fold(label)).copied()
    }

    /// The rows whose labels are most like a text, best first.
    pub(super) fn nearest(&self, label: &str) -> Vec<usize> {
        let wanted: String = fold(label).chars().take(100).collect();
        let mut scored: Vec<(f64, &String, usize)> = Vec::new();
        for (known, row) in &self.0 {
            let part = if !wanted.is_empty() && (known.contains(&wanted) || wanted.contains(known.as_str())) { 0.3 } else { 0.0 };
            let like = strsim::jaro_winkler(known, &wanted).max(strsim::sorensen_dice(known, &wanted)) + part;
            if like >= LEAST_LIKE {
                scored.push((like, known, *row));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut rows: Vec<usize> = Vec::new();
        for (_, _, row) in scored {
            if !rows.contains(&row) {
                rows.push(row);
            }
            if rows.len() == MOST {
                break;
            }
        }
        rows
    }
}
