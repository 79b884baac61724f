//! Some 5,000 words: those of the reference tables, and made ones of Dutch syllables.

use std::collections::HashSet;

use polder_model::reference::Reference;
use polder_model::text;

use crate::random::{Random, Zipf};

const WORDS: usize = 5_000;
const SYLLABLES: [&str; 40] = [
    "be", "ge", "ver", "ont", "werk", "bouw", "zorg", "land", "water", "dijk", "pol", "der", "ma", "chi", "ne", "ring", "sel", "kaart",
    "stel", "voor", "over", "uit", "in", "op", "aan", "lijk", "heid", "schap", "ster", "man", "loos", "baar", "tui", "nen", "vaart",
    "sluis", "vee", "kas", "rij", "tel",
];
/// Such words are as frequent as real text has them; they are stop words and leave no stem.
const COMMON: [&str; 10] = ["de", "het", "een", "en", "van", "in", "voor", "met", "op", "bij"];

/// Words by frequency, with their stems.
pub struct Vocabulary {
    words: Vec<(String, Vec<String>)>,
    ranks: Zipf,
}

impl Vocabulary {
    pub fn new(reference: &Reference) -> Self {
        let mut random = Random::new(2);
        let mut known = HashSet::new();
        let mut words: Vec<String> = Vec::new();
        let labels = reference.skills().iter().map(|skill| &skill.label_nl).chain(reference.occupations().iter().map(|o| &o.label_nl));
        let real = polder_schemas::reference::WORDS.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned);
        let real = real.chain(labels.flat_map(|label| label.split_whitespace().map(str::to_lowercase)));
        let mut real: Vec<String> = real.filter(|word| known.insert(word.clone())).collect();
        while words.len() + real.len() + COMMON.len() < WORDS {
            let made: String = (0..random.between(2, 4)).map(|_| *random.pick(&SYLLABLES)).collect();
            if known.insert(made.clone()) {
                words.push(made);
            }
        }
        // Real words are spread over the more frequent half.
        while let Some(word) = real.pop() {
            words.insert(random.below(WORDS / 2), word);
        }
        COMMON.into_iter().for_each(|word| words.insert(0, word.to_owned()));
        let words: Vec<_> = words.into_iter().map(|word| (word.clone(), stems(&word))).collect();
        Self { ranks: Zipf::new(words.len(), 1.0), words }
    }

    /// That many words as they come in a text.
    pub fn words(&self, random: &mut Random, count: usize) -> Vec<usize> {
        (0..count).map(|_| self.ranks.rank(random)).collect()
    }

    pub fn word(&self, number: usize) -> &str {
        &self.words[number].0
    }

    pub fn stems(&self, number: usize) -> &[String] {
        &self.words[number].1
    }
}

fn stems(word: &str) -> Vec<String> {
    let mut stems = Vec::new();
    text::for_each_stem(word, |stem| stems.push(stem.to_owned()));
    stems
}
