//! Lists of words, with a weight or a count.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::LeftOut;
use super::findings::Findings;
use super::sheet::each;
use crate::reference::{Content, Table, WeightFrom, WordWeight, weight};
use crate::text::for_each_stem;

/// The largest count.
const LARGEST: u64 = 1_000_000_000_000;

/// Stems with their weight, or how often their words occur.
pub(super) fn words(separator: u8, input: impl BufRead, findings: &mut Findings, left_out: &mut LeftOut) -> (Content, u64) {
    let most = Table::Words.most_rows();
    let (mut weights, mut counts, mut all): (BTreeMap<String, u8>, BTreeMap<String, u64>, u64) = Default::default();
    let lines = each(separator, input, findings, |line| {
        let Some(word) = line.needed("word") else { return };
        let Some(weight) = line.cell("weight") else { return };
        let mut stems = Vec::new();
        for_each_stem(&word, |stem| stems.push(stem.to_owned()));
        if stems.is_empty() {
            left_out.count("words that nobody can search for, such as `de` and `het`");
        }
        if weight.is_empty() {
            let Some(count) = line.cell("count") else { return };
            match count.parse::<u64>().ok().filter(|count| *count <= LARGEST) {
                None => line.fault("count", "a weight from 1 to 100, or a count of at most a million million, is expected"),
                Some(count) => {
                    all = all.saturating_add(count);
                    stems.truncate(most.saturating_sub(counts.len()) + 1);
                    for stem in stems {
                        let known = counts.entry(stem).or_default();
                        *known = known.saturating_add(count);
                    }
                }
            }
            return;
        }
        match weight.parse::<u8>().ok().filter(|weight| (1..=100).contains(weight)) {
            None => line.fault("weight", "a whole number from 1 to 100 is expected"),
            Some(weight) => {
                stems.truncate(most.saturating_sub(weights.len()) + 1);
                for stem in stems {
                    let known = weights.entry(stem).or_default();
                    *known = weight.max(*known);
                }
            }
        }
    });
    let given = weights.iter().map(|(stem, weight)| WordWeight { stem: stem.clone(), weight: *weight, from: WeightFrom::Weight });
    let counted = counts.iter().filter(|(stem, _)| !weights.contains_key(*stem));
    let counted =
        counted.map(|(stem, count)| WordWeight { stem: stem.clone(), weight: weight::of_word(*count, all), from: WeightFrom::Count });
    let mut rows: Vec<WordWeight> = given.chain(counted).collect();
    rows.sort_unstable();
    (Content::Words(rows), lines)
}
